/*
 * source - the bytes of one input: a file, a pipe or standard input; gzip and zstd are decoded.
 */
#ifndef TB_SOURCE_H
#define TB_SOURCE_H

#include "base/digest.h"
#include "base/err.h"
#include "base/text.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

struct tb_codec;
struct tb_decoder;

struct tb_source {
	char *name; /* as messages call it */
	int fd;     /* -1 while it is set down */
	bool regular;
	struct stat opened; /* as it was when opened: identity, size, time of change */
	uint64_t start;     /* a file given as standard input may be read from further on */
	/* Bytes read since the start or the last rewind, as they are stored; any thread may ask. */
	atomic_uint_least64_t raw;
	/* What a pipe gave, so that it can be read again: in memory until it is decided whether to
	 * keep it, then in a file. */
	struct tb_buf first;
	bool decided;
	int spool;   /* -1 without */
	bool replay; /* reading from the spool */

	/* A compressed source is decoded on the way; told at the first read. */
	bool begun;
	const struct tb_codec *codec;
	struct tb_decoder *decoder;
	char *packed; /* bytes not decoded yet: packed[packed_used .. packed_n) */
	size_t packed_n, packed_used;
	bool packed_end;

	struct tb_digest *digest;         /* of the bytes as they are stored; NULL: not wanted */
	char digest_text[TB_DIGEST_TEXT]; /* once they were read to their end; else empty */

	/* When the caller sets it: once it is not 0, no pipe is read any more, and a read that a
	 * signal breaks off is given up. */
	const atomic_int *stop;
	/* The same once there is something to be read from this, while waiting for a pipe. */
	const int *wake;
};

/* "-" is standard input. A failed or zeroed source is released; fd 0 is never closed. */
TB_MUST_CHECK enum tb_status tb_source_open(struct tb_source *s, const char *path,
					    struct tb_err *err);
void tb_source_release(struct tb_source *s);

/* Whether both are the same file, by whatever names. */
bool tb_source_same(const struct tb_source *a, const struct tb_source *b);

/* TB_INTERRUPTED once reading is to stop. */
TB_MUST_CHECK enum tb_status tb_source_check_stop(const struct tb_source *s, struct tb_err *err);

/* Computes the SHA-256 of what is read from the first byte on. False when memory is out. */
TB_MUST_CHECK bool tb_source_want_digest(struct tb_source *s);

/* Frees what decodes a source that was read to its end, or is to be rewound. */
void tb_source_rest(struct tb_source *s);

/*
 * The same, and closes a file: before its first read or after the last. Reading or rewinding opens
 * it again, and is TB_NOINPUT when it was replaced meanwhile. Pipes and standard input stay open.
 */
void tb_source_set_down(struct tb_source *s);

/* Up to n bytes; *got is 0 at the end only. At the end of a file it must be as it was opened. */
TB_MUST_CHECK enum tb_status tb_source_read(struct tb_source *s, char *p, size_t n, size_t *got,
					    struct tb_err *err);

/*
 * Whether a second reading may come: keeps what a pipe gave and gives in a temporary file, or
 * gives it up. To be decided soon, for memory holds it until then. Files need nothing of it.
 */
TB_MUST_CHECK enum tb_status tb_source_keep(struct tb_source *s, struct tb_err *err);
void tb_source_forget(struct tb_source *s);

/* Back to the first byte; a pipe must have been kept and read to its end. */
TB_MUST_CHECK enum tb_status tb_source_rewind(struct tb_source *s, struct tb_err *err);

#endif
