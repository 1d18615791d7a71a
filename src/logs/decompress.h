/*
 * decompress - compressed logs, told by their first bytes: gzip (ISA-L) and zstd.
 *
 * Memory does not grow with the log. A stream that is cut short, corrupt, or followed by
 * something else is an error, never the end of the log.
 */
#ifndef TB_DECOMPRESS_H
#define TB_DECOMPRESS_H

#include "base/err.h"

#include <stddef.h>

struct tb_decoder;

struct tb_codec {
	const char *name;
	const char *magic;
	size_t magic_len;
	struct tb_decoder *(*open)(void); /* NULL when memory is out */
	/*
	 * Decodes from in[0..*used) on into out: both counts are updated. `at_end` tells that no
	 * input comes behind. NULL, or what is wrong with the stream; tb_codec_no_memory when it
	 * is not the stream.
	 */
	const char *(*run)(struct tb_decoder *d, const char *in, size_t n, size_t *used, char *out,
			   size_t room, size_t *made, int at_end);
	void (*close)(struct tb_decoder *d);
};

extern const char tb_codec_no_memory[];

enum { TB_CODEC_MAGIC = 4 }; /* bytes that are enough to tell */

/* The codec whose magic begins the bytes, or NULL. */
const struct tb_codec *tb_codec_of(const char *p, size_t n);

#endif
