/*
 * outfile - an output that appears whole or not at all.
 *
 * A regular file is written under a temporary name beside its final one; tb_outfile_prepare()
 * brings its bytes to the disk, tb_outfile_place() gives it its name. Until then whatever stood
 * under that name stays, and it is kept under another until tb_outfile_keep(), so that outputs
 * that belong together are put in place one after the other and taken back together should one of
 * them fail. Terminals, pipes and devices cannot be taken back and are written directly, by
 * whatever name. Any other symbolic link is replaced, not followed.
 *
 * A process that is killed leaves its temporary files. Their owner holds a lock on them as long as
 * it lives, so that tb_outfile_sweep() can tell those of the dead.
 */
#ifndef TB_OUTFILE_H
#define TB_OUTFILE_H

#include "base/err.h"

#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>

/* Whether both are the same file, by whatever names. */
static inline bool tb_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

struct tb_outfile {
	FILE *stream; /* the caller writes here, and need not check: prepare() does */
	char *path;
	char *temp;          /* NULL when written directly, and once in place */
	char *kept;          /* what the old file is called while it is kept; NULL without one */
	int dir;             /* the directory, for its fsync; -1 when written directly */
	int lock, kept_lock; /* descriptors of the locks on both; -1 without */
	bool prepared, placed, settled;
	bool replaces; /* there is an old file */
};

/* A zeroed struct is released. On failure it is left released. */
TB_MUST_CHECK enum tb_status tb_outfile_open(struct tb_outfile *o, const char *path,
					     struct tb_err *err);

/* Writes through to the disk and closes the stream. */
TB_MUST_CHECK enum tb_status tb_outfile_prepare(struct tb_outfile *o, struct tb_err *err);

/* Gives a prepared file its name; the old file can still be put back. */
TB_MUST_CHECK enum tb_status tb_outfile_place(struct tb_outfile *o, struct tb_err *err);

/*
 * Takes away the file at `path`, which can still be put back. Fills `o` as tb_outfile_open() does;
 * nothing can be written to it.
 */
TB_MUST_CHECK enum tb_status tb_outfile_remove(struct tb_outfile *o, const char *path,
					       struct tb_err *err);

/* What was placed or removed stays so. */
void tb_outfile_keep(struct tb_outfile *o);

/* Places and settles: for an output that stands alone. */
TB_MUST_CHECK enum tb_status tb_outfile_commit(struct tb_outfile *o, struct tb_err *err);

/* Takes back what is not settled, and frees the memory. May be called twice. */
void tb_outfile_release(struct tb_outfile *o);

/*
 * Removes what killed processes have left in the directory of `path`, which may end in a slash.
 * Other processes' work is not touched, and nothing that is not named as ours.
 */
void tb_outfile_sweep(const char *path);

/* Reports a stream's sticky failure as "PATH: writing: REASON". */
TB_MUST_CHECK enum tb_status tb_stream_check(FILE *stream, const char *path, struct tb_err *err);

/* A nameless file in TMPDIR (else /tmp) that goes away when closed; -1 and errno on failure. */
int tb_tempfile(void);

/* Writes all of it, where the file stands; false and errno on failure. */
TB_MUST_CHECK bool tb_write_all(int fd, const char *p, size_t n);

#endif
