/*
 * text - borrowed bytes, growing buffers, UTF-8, and what may be shown to a person.
 */
#ifndef TB_TEXT_H
#define TB_TEXT_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Borrowed bytes; not NUL-terminated. */
struct tb_span {
	const char *p;
	size_t n;
};

#define TB_NO_SPAN ((struct tb_span){NULL, 0})

/* Eight bytes as a number whose lowest byte is the first, on every machine. */
static inline uint64_t tb_load_word(const char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	return w;
}

static inline uint64_t tb_load_half(const char *p)
{
	uint32_t w;

	memcpy(&w, p, sizeof(w));
	return w;
}

/* A text's first and last bytes, enough to tell texts of one length up to 16 bytes apart. */
struct tb_ends {
	uint64_t head, tail;
};

static inline struct tb_ends tb_span_ends(struct tb_span s)
{
	const size_t half = sizeof(uint32_t);
	struct tb_ends e = {0, 0};

	/* Four halves of words, which overlap in short texts. Whether a text is short no processor
	 * foresees, so it must not matter where the code goes on. */
	if (s.n >= half) {
		size_t last = s.n - half, second = last < half ? last : half;

		e.head = tb_load_half(s.p) | tb_load_half(s.p + second) << 32;
		e.tail = tb_load_half(s.p + last - second) | tb_load_half(s.p + last) << 32;
	} else {
		for (size_t i = 0; i < s.n; i++)
			e.head = e.head << 8 | (unsigned char)s.p[i];
	}
	return e;
}

/* A number whose high bits depend on all of the ends: for tables that may forget, not keyed. */
static inline uint64_t tb_ends_mix(struct tb_ends e)
{
	return (e.head ^ (e.tail << 7 | e.tail >> 57)) * 0x9e3779b97f4a7c15u;
}

/* An ASCII digit, whatever the locale. */
static inline bool tb_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

struct tb_span tb_span_of(const char *text);
bool tb_span_is(struct tb_span s, const char *text);
bool tb_span_equal_nocase(struct tb_span a, struct tb_span b); /* ASCII letters only */
bool tb_span_equal(struct tb_span a, struct tb_span b);
int tb_span_compare(struct tb_span a, struct tb_span b); /* by bytes, as memcmp */
struct tb_span tb_span_trim(struct tb_span s);           /* blanks and tabs at both ends */
bool tb_span_starts(struct tb_span s, const char *prefix);

/*
 * What of a real path (one without . and .. or links) lies below a folder's: "" for the folder
 * itself, NULL for what lies elsewhere. Points into `path`.
 */
const char *tb_path_below(const char *path, const char *folder);

/* A text that grows; always NUL-terminated once something was added. Zeroed is empty. */
struct tb_buf {
	char *p;
	size_t n, cap;
	bool failed; /* memory ran out; later additions do nothing */
};

void tb_buf_add(struct tb_buf *b, const char *p, size_t n);
void tb_buf_puts(struct tb_buf *b, const char *text);
void tb_buf_printf(struct tb_buf *b, const char *fmt, ...) TB_PRINTF(2, 3);
/* Where `n` bytes and a NUL may be written behind the text; NULL once memory ran out. */
static inline char *tb_buf_room(struct tb_buf *b, size_t n);
void tb_buf_clear(struct tb_buf *b); /* empties; keeps the memory, and that it has failed */
void tb_buf_release(struct tb_buf *b);

/* The same, where the memory has to grow. */
char *tb_buf_more_room(struct tb_buf *b, size_t n);

static inline char *tb_buf_room(struct tb_buf *b, size_t n)
{
	return b->failed || b->cap - b->n <= n ? tb_buf_more_room(b, n) : b->p + b->n;
}

/* The length of the longest prefix that is well-formed UTF-8 (no overlong forms, no surrogates). */
size_t tb_utf8_prefix(const char *p, size_t n);

/*
 * One code point of well-formed UTF-8. `p` must point at its first byte, `n` > 0 bytes are left.
 * Stores its length in bytes; a byte that begins nothing counts as a code point of its own.
 */
uint32_t tb_utf8_next(const char *p, size_t n, size_t *len);

/* Whether all bytes are printable ASCII. */
bool tb_text_plain(struct tb_span s);

/* Columns the text takes on a terminal. */
size_t tb_text_width(struct tb_span s);

/*
 * True for what must not reach a terminal as it is: C0, C1, DEL, the marks that turn the direction
 * of text, and the ones without width.
 */
bool tb_codepoint_hidden(uint32_t c);

/* Appends `s` so that a person can read it: hidden characters as \x1b or \u202e, cut after `max`
 * columns with "..." (0 is no limit). */
void tb_buf_visible(struct tb_buf *b, struct tb_span s, size_t max);

/*
 * The candidate nearest to `s` by edit distance, or NULL when none is near enough to be a typo.
 * `candidate(ctx, i)` gives the i-th, NULL behind the last; an empty one is passed over.
 */
const char *tb_nearest(struct tb_span s, const char *(*candidate)(const void *ctx, size_t i),
		       const void *ctx);

/*
 * Which letters a text holds, as a set, and whether two texts hold so many different ones that
 * neither is near the other. For candidates that are looked through again and again.
 */
uint64_t tb_letters(struct tb_span s);
bool tb_letters_far(uint64_t a, uint64_t b);

#endif
