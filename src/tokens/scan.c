#include "tokens/scan.h"

#include <string.h>

/*
 * The two patterns, as tiktoken publishes them:
 *
 *   o200k_base [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+ENDING?
 *              |
 * [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*ENDING? | \p{N}{1,3}
 * | ?[^\s\p{L}\p{N}]+[\r\n/]* | \s*[\r\n]+ | \s+(?!\S) | \s+ cl100k_base  ENDING |
 * [^\r\n\p{L}\p{N}]?+\p{L}++ | \p{N}{1,3}+ | ?[^\s\p{L}\p{N}]++[\r\n]*+ | \s++$ | \s*[\r\n] |
 * \s+(?!\S) | \s ENDING       (?i:'s|'t|'re|'ve|'m|'ll|'d)
 */

enum { HEADS = TB_CLASS_UPPER | TB_CLASS_UNCASED | TB_CLASS_MARK }; /* of a word in o200k_base */
enum { TAILS = TB_CLASS_LOWER | TB_CLASS_UNCASED | TB_CLASS_MARK };
enum { NUMBER_MAX = 3 };

/* A piece being looked at. */
struct view {
	const uint8_t *classes;
	const char *end;
	bool last;
	bool more; /* what follows `end` decides */
};

/* The first character behind `p` that is of none of the classes. */
static inline const char *skip(struct view *w, const char *p, unsigned classes)
{
	size_t len;

	while (p < w->end && tb_class_at(w->classes, p, &len) & classes)
		p += len;
	w->more |= p == w->end && !w->last;
	return p;
}

/* 0 at the end. */
static unsigned class_of(const struct view *w, const char *p)
{
	size_t len;

	return p < w->end ? tb_class_at(w->classes, p, &len) : 0;
}

static size_t length_at(const struct view *w, const char *p)
{
	size_t len;

	(void)tb_class_at(w->classes, p, &len);
	return len;
}

/* ---- words ---- */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool begins_with(const char *p, size_t n, const char *text)
{
	size_t i = 0;

	while (i < n && text[i] && lower(p[i]) == text[i])
		i++;
	return !text[i];
}

size_t tb_scan_ending(const char *p, const char *end, bool last, bool *more)
{
	/* U+017F is an s in the other case. */
	static const char *const endings[] = {"'s", "'t",  "'re", "'ve",
					      "'m", "'ll", "'d",  "'\xc5\xbf"};
	const size_t longest = 3;
	size_t n = (size_t)(end - p);

	if (n > 0 && *p != '\'')
		return 0;
	if (n < longest && !last) {
		*more = true;
		return 0;
	}
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (begins_with(p, n, endings[i]))
			return strlen(endings[i]);
	return 0;
}

/* The letters of a word of cl100k_base. */
static const char *plain_word(struct view *w, const char *p)
{
	return skip(w, p, TB_CLASS_LETTER);
}

/*
 * The letters of a word of o200k_base: capitals, then small ones. Uncased letters and marks can be
 * either; without a small letter behind them, capitals that follow the last of those are a word of
 * their own. `p` when there is none.
 */
static const char *cased_word(struct view *w, const char *p)
{
	const char *either = NULL;
	unsigned class = 0;
	size_t len;

	for (; p < w->end && (class = tb_class_at(w->classes, p, &len)) & HEADS; p += len)
		if (class & TAILS)
			either = p + len;
	if (p == w->end && !w->last) {
		w->more = true;
		return p;
	}
	if (p < w->end && class == TB_CLASS_LOWER)
		return skip(w, p, TAILS);
	return either ? either : p;
}

static size_t word_length(struct view *w, const char *p, const char *from, bool cased)
{
	const char *to = cased ? cased_word(w, from) : plain_word(w, from);

	if (to == from)
		return 0;
	if (cased && !w->more)
		to += tb_scan_ending(to, w->end, w->last, &w->more);
	return (size_t)(to - p);
}

/* ---- the rest ---- */

static size_t number_length(struct view *w, const char *p)
{
	const char *q = p;

	for (int i = 0; i < NUMBER_MAX; i++) {
		if (q == w->end)
			w->more |= !w->last;
		if (!(class_of(w, q) & TB_CLASS_NUMBER))
			break;
		q += length_at(w, q);
	}
	return (size_t)(q - p);
}

/* Signs from `from` on, and the line ends that follow them; 0 without a sign. */
static size_t sign_length(struct view *w, const char *p, const char *from, bool slashes)
{
	const char *to = skip(w, from, TB_CLASS_SIGN);

	if (to == from)
		return 0;
	while (to < w->end && (*to == '\n' || *to == '\r' || (slashes && *to == '/')))
		to++;
	w->more |= to == w->end && !w->last;
	return (size_t)(to - p);
}

/*
 * Blanks: up to their last line end, if they have any; else all but the last, which belongs to
 * what follows, where something does.
 */
static size_t blank_length(struct view *w, const char *p, bool whole_at_end)
{
	const char *q = p, *line = NULL, *before = p;
	size_t len;

	for (unsigned class; q < w->end; q += len) {
		class = tb_class_at(w->classes, q, &len);
		if (!(class & TB_CLASS_BLANK))
			break;
		before = q;
		if (class == TB_CLASS_NEWLINE)
			line = q + 1;
	}
	w->more |= q == w->end && !w->last;
	if (line && (q < w->end || !whole_at_end))
		return (size_t)(line - p);
	return (size_t)((q == w->end || before == p ? q : before) - p);
}

static size_t piece_length(struct view *w, const char *p, bool cased)
{
	size_t first, n = 0;
	unsigned class = tb_class_at(w->classes, p, &first);
	const char *second = p + first;

	if (class & TB_CLASS_NUMBER)
		return number_length(w, p);
	if (class & TB_CLASS_LETTER || (cased && class == TB_CLASS_MARK))
		return word_length(w, p, p, cased);
	if (!cased && *p == '\'')
		n = tb_scan_ending(p, w->end, w->last, &w->more);
	if (n == 0 && class != TB_CLASS_NEWLINE)
		n = word_length(w, p, second, cased);
	if (n == 0)
		n = sign_length(w, p, *p == ' ' ? second : p, cased);
	return n ? n : blank_length(w, p, !cased);
}

size_t tb_scan_piece(const struct tb_scan *s, const char *p, const char *end, bool last)
{
	struct view w = {.classes = s->classes, .end = end, .last = last};
	size_t n = piece_length(&w, p, s->encoding == TB_O200K_BASE);

	return w.more ? 0 : n;
}
