/*
 * source - the bytes of one input: a file, a pipe or standard input.
 */
#ifndef TB_SOURCE_H
#define TB_SOURCE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <sys/stat.h>

struct tb_source {
	char *name; /* as messages call it */
	int fd;
	bool regular;
	struct stat opened; /* as it was when opened: identity, size, time of change */
	uint64_t got;       /* bytes handed out since the start or the last rewind */
	int spool;          /* copy of a pipe's bytes, so that it can be read again; -1 without */
	bool replay;        /* reading from the spool */

	/* When the caller sets it, a read that a signal breaks off is given up once it is not 0. */
	const volatile sig_atomic_t *stop;
};

/* "-" is standard input. A failed or zeroed source is released; fd 0 is never closed. */
TB_MUST_CHECK enum tb_status tb_source_open(struct tb_source *s, const char *path,
					    struct tb_err *err);
void tb_source_release(struct tb_source *s);

/* Whether both are the same file, by whatever names. */
bool tb_source_same(const struct tb_source *a, const struct tb_source *b);

/* Up to n bytes; *got is 0 at the end only. At the end of a file it must be as it was opened. */
TB_MUST_CHECK enum tb_status tb_source_read(struct tb_source *s, char *p, size_t n, size_t *got,
					    struct tb_err *err);

/*
 * Pipes only; files need nothing of it. Keeps a copy of all bytes from here on in a temporary
 * file, or gives up the copy. To be called before the first read.
 */
TB_MUST_CHECK enum tb_status tb_source_keep(struct tb_source *s, struct tb_err *err);
void tb_source_forget(struct tb_source *s);

/* Back to the first byte; a pipe must have been kept and read to its end. */
TB_MUST_CHECK enum tb_status tb_source_rewind(struct tb_source *s, struct tb_err *err);

#endif
