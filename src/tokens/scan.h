/*
 * scan - where the pieces of a text end that an encoding never joins: words, numbers, signs,
 * blanks. The regular expressions that the encodings publish, as code.
 */
#ifndef TB_SCAN_H
#define TB_SCAN_H

#include "tokens/classes.h"
#include "tokens/vocabulary.h"

struct tb_scan {
	const uint8_t *classes; /* of all code points, see classes.h */
	enum tb_encoding encoding;
};

/*
 * The length of the piece at `p`, or 0 when that depends on what follows `end`. `last` tells that
 * nothing does. The bytes from `p` (one at least) to `end` are UTF-8 and end with a character.
 */
size_t tb_scan_piece(const struct tb_scan *s, const char *p, const char *end, bool last);

/*
 * The length of the ending ('s, 're and alike) at `p`, 0 without one. *more is set when that
 * depends on what follows `end`.
 */
size_t tb_scan_ending(const char *p, const char *end, bool last, bool *more);

/* The class of the character at `p`, whose length it stores. */
static inline unsigned tb_class_at(const uint8_t *classes, const char *p, size_t *len)
{
	const unsigned char *b = (const unsigned char *)p;

	if (b[0] < 0x80) {
		*len = 1;
		return classes[b[0]];
	}
	if (b[0] < 0xe0) {
		*len = 2;
		return classes[(b[0] & 0x1fu) << 6 | (b[1] & 0x3fu)];
	}
	if (b[0] < 0xf0) {
		*len = 3;
		return classes[(b[0] & 0x0fu) << 12 | (b[1] & 0x3fu) << 6 | (b[2] & 0x3fu)];
	}
	*len = 4;
	return classes[(b[0] & 0x07u) << 18 | (b[1] & 0x3fu) << 12 | (b[2] & 0x3fu) << 6 |
		       (b[3] & 0x3fu)];
}

#endif
