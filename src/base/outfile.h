/*
 * outfile - an output that appears whole or not at all.
 *
 * A regular file is written under a temporary name beside its final one; tb_outfile_prepare()
 * brings its bytes to the disk, tb_outfile_commit() gives it its name. Until then whatever stood
 * under that name stays. Terminals, pipes and devices cannot be taken back and are written
 * directly, by whatever name. Any other symbolic link is replaced, not followed.
 */
#ifndef TB_OUTFILE_H
#define TB_OUTFILE_H

#include "base/err.h"

#include <stdbool.h>
#include <stdio.h>

struct tb_outfile {
	FILE *stream; /* the caller writes here, and need not check: prepare() does */
	char *path;
	char *temp; /* NULL when written directly */
	int dir;    /* the directory, for its fsync; -1 when written directly */
	bool prepared;
};

/* A zeroed struct is released. On failure it is left released. */
TB_MUST_CHECK enum tb_status tb_outfile_open(struct tb_outfile *o, const char *path,
					     struct tb_err *err);

/* Writes through to the disk and closes the stream. */
TB_MUST_CHECK enum tb_status tb_outfile_prepare(struct tb_outfile *o, struct tb_err *err);

/* Gives a prepared file its name. */
TB_MUST_CHECK enum tb_status tb_outfile_commit(struct tb_outfile *o, struct tb_err *err);

/* Drops what was not committed, and the memory. May be called twice. */
void tb_outfile_release(struct tb_outfile *o);

/* Reports a stream's sticky failure as "PATH: writing: REASON". */
TB_MUST_CHECK enum tb_status tb_stream_check(FILE *stream, const char *path, struct tb_err *err);

/* A nameless file in TMPDIR (else /tmp) that goes away when closed; -1 and errno on failure. */
int tb_tempfile(void);

#endif
