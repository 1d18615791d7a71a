#include "base/text.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tb_span tb_span_of(const char *text)
{
	return (struct tb_span){text, strlen(text)};
}

bool tb_span_is(struct tb_span s, const char *text)
{
	return strlen(text) == s.n && memcmp(s.p, text, s.n) == 0;
}

static char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool tb_span_equal_nocase(struct tb_span a, struct tb_span b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
			return false;
	return true;
}

bool tb_span_equal(struct tb_span a, struct tb_span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

int tb_span_compare(struct tb_span a, struct tb_span b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	if (c != 0)
		return c;
	return (a.n > b.n) - (a.n < b.n);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct tb_span tb_span_trim(struct tb_span s)
{
	while (s.n && is_blank(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool tb_span_starts(struct tb_span s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.n >= n && memcmp(s.p, prefix, n) == 0;
}

char *tb_buf_more_room(struct tb_buf *b, size_t n)
{
	if (!b->failed && !tb_grow(&b->p, &b->cap, b->n + n + 1, 1))
		b->failed = true;
	return b->failed ? NULL : b->p + b->n;
}

void tb_buf_add(struct tb_buf *b, const char *p, size_t n)
{
	char *room = tb_buf_room(b, n);

	if (!room)
		return;
	if (n)
		memcpy(room, p, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void tb_buf_puts(struct tb_buf *b, const char *text)
{
	tb_buf_add(b, text, strlen(text));
}

void tb_buf_printf(struct tb_buf *b, const char *fmt, ...)
{
	char small[512];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < sizeof(small)) {
		tb_buf_add(b, small, (size_t)n);
		return;
	}
	if (n < 0 || b->failed || !tb_grow(&b->p, &b->cap, b->n + (size_t)n + 1, 1)) {
		b->failed = true;
		return;
	}
	va_start(ap, fmt);
	vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->n += (size_t)n;
}

void tb_buf_clear(struct tb_buf *b)
{
	b->n = 0;
	if (b->p)
		b->p[0] = '\0';
}

void tb_buf_release(struct tb_buf *b)
{
	free(b->p);
	*b = (struct tb_buf){0};
}

/* Well-formed sequences by their first byte, and what the second may be (table 3-7 of the Unicode
 * standard); the bytes behind those are 80 to bf. */
static const struct {
	unsigned char first, last, len, second_low, second_high;
} utf8_forms[] = {
	{0x00, 0x7f, 1, 0, 0},       {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf},
	{0xe1, 0xec, 3, 0x80, 0xbf}, {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf},
	{0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
};

enum { UTF8_FORMS = sizeof(utf8_forms) / sizeof(utf8_forms[0]) };

/* Length of the well-formed sequence at p, or 0. */
static size_t utf8_sequence(const unsigned char *p, size_t n)
{
	size_t f = 0;

	while (f < UTF8_FORMS && p[0] > utf8_forms[f].last)
		f++;
	if (f == UTF8_FORMS || p[0] < utf8_forms[f].first || n < utf8_forms[f].len)
		return 0;
	if (utf8_forms[f].len > 1 &&
	    (p[1] < utf8_forms[f].second_low || p[1] > utf8_forms[f].second_high))
		return 0;
	for (size_t i = 2; i < utf8_forms[f].len; i++)
		if (p[i] < 0x80 || p[i] > 0xbf)
			return 0;
	return utf8_forms[f].len;
}

size_t tb_utf8_prefix(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t i = 0;

	while (i < n) {
		uint64_t word;
		size_t len;

		while (n - i >= sizeof(word)) {
			memcpy(&word, p + i, sizeof(word));
			if (word & 0x8080808080808080u)
				break;
			i += sizeof(word);
		}
		if (i == n)
			break;
		len = utf8_sequence(p + i, n - i);
		if (len == 0)
			return i;
		i += len;
	}
	return n;
}

uint32_t tb_utf8_next(const char *s, size_t n, size_t *len)
{
	static const unsigned char lead_mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07}; /* by length */
	const unsigned char *p = (const unsigned char *)s;
	size_t k = utf8_sequence(p, n);
	uint32_t c;

	*len = k ? k : 1;
	if (k == 0 || k >= sizeof(lead_mask))
		return p[0];
	c = p[0] & lead_mask[k];
	for (size_t i = 1; i < k; i++)
		c = c << 6 | (p[i] & 0x3fu);
	return c;
}

struct range {
	uint32_t from, to;
};

/* Wide in every terminal font: East Asian scripts and pictographs. wcwidth() would answer by
 * locale, and the same text must give the same bytes everywhere. */
static const struct range wide[] = {
	{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0x33ff},   {0x3400, 0x4dbf},
	{0x4e00, 0x9fff},   {0xa000, 0xa4cf},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},
	{0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x1f300, 0x1f64f},
	{0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};

static const struct range combining[] = {
	{0x0300, 0x036f}, {0x1ab0, 0x1aff}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}};

static const struct range hidden[] = {
	{0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},       {0x61c, 0x61c},
	{0x180e, 0x180e}, {0x200b, 0x200f}, {0x2028, 0x202e},   {0x2060, 0x206f},
	{0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
};

#define IN(ranges, c) in_ranges(ranges, sizeof(ranges) / sizeof((ranges)[0]), c)

static bool in_ranges(const struct range *r, size_t n, uint32_t c)
{
	for (size_t i = 0; i < n; i++)
		if (c >= r[i].from && c <= r[i].to)
			return true;
	return false;
}

/* Not 0 when one of the eight bytes is below 0x20 or above 0x7e. */
static uint64_t odd_bytes(uint64_t w)
{
	const uint64_t ones = 0x0101010101010101u;
	uint64_t below = (w - ones * 0x20) & ~w;

	return (below | w | (w + ones)) & ones * 0x80;
}

bool tb_text_plain(struct tb_span s)
{
	uint64_t odd = 0;

	if (s.n < sizeof(odd)) {
		for (size_t i = 0; i < s.n; i++)
			odd |= (unsigned char)(s.p[i] - 0x20) >= 0x7f - 0x20;
		return !odd;
	}
	for (size_t i = 0; i + sizeof(odd) < s.n; i += sizeof(odd))
		odd |= odd_bytes(tb_load_word(s.p + i));
	return !(odd | odd_bytes(tb_load_word(s.p + s.n - sizeof(odd))));
}

size_t tb_text_width(struct tb_span s)
{
	size_t width = 0, len;

	for (size_t i = 0; i < s.n; i += len) {
		uint32_t c = tb_utf8_next(s.p + i, s.n - i, &len);

		if (!IN(combining, c))
			width += IN(wide, c) ? 2 : 1;
	}
	return width;
}

bool tb_codepoint_hidden(uint32_t c)
{
	return IN(hidden, c);
}

void tb_buf_visible(struct tb_buf *b, struct tb_span s, size_t max)
{
	size_t shown = 0, len, before;

	if (s.n && (!max || s.n <= max) && tb_text_plain(s)) {
		tb_buf_add(b, s.p, s.n);
		return;
	}
	for (size_t i = 0; i < s.n; i += len) {
		uint32_t c = tb_utf8_next(s.p + i, s.n - i, &len);
		bool broken = len == 1 && (unsigned char)s.p[i] >= 0x80;

		if (max && shown >= max) {
			tb_buf_puts(b, "...");
			return;
		}
		before = b->n;
		if (broken || (c < 0x100 && tb_codepoint_hidden(c)))
			tb_buf_printf(b, "\\x%02x", (unsigned)c);
		else if (tb_codepoint_hidden(c))
			tb_buf_printf(b, "\\u%04x", (unsigned)c);
		else
			tb_buf_add(b, s.p + i, len);
		if (!b->failed)
			shown += tb_text_width((struct tb_span){b->p + before, b->n - before});
	}
}

enum { NEAREST_MAX = 64, NEAREST_EDITS = 4 };

/* Optimal string alignment distance (insert, delete, change, swap neighbours), both texts short. */
static size_t edit_distance(const char *a, size_t an, const char *b, size_t bn)
{
	size_t row[3][NEAREST_MAX + 1];

	for (size_t j = 0; j <= bn; j++)
		row[1][j] = j;
	for (size_t i = 1; i <= an; i++) {
		/* Three rows take turns: row i is kept in slot (i + 1) % 3. */
		size_t *two = row[(i - 1) % 3], *one = row[i % 3], *now = row[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= bn; j++) {
			size_t best = one[j - 1] + (a[i - 1] != b[j - 1]);

			if (one[j] + 1 < best)
				best = one[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    two[j - 2] + 1 < best)
				best = two[j - 2] + 1;
			now[j] = best;
		}
	}
	return row[(an + 1) % 3][bn];
}

uint64_t tb_letters(struct tb_span s)
{
	uint64_t set = 0;

	/* Small letters are told apart, and so are digits and signs; capitals share with those. */
	for (size_t i = 0; i < s.n; i++)
		set |= (uint64_t)1 << ((s.p[i] & 31) + (s.p[i] >= 'a' ? 32 : 0));
	return set;
}

/* An edit takes at most one letter out of a text and brings at most one into it. */
bool tb_letters_far(uint64_t a, uint64_t b)
{
	return __builtin_popcountll(a & ~b) > NEAREST_EDITS ||
	       __builtin_popcountll(b & ~a) > NEAREST_EDITS;
}

const char *tb_nearest(struct tb_span s, const char *(*candidate)(const void *ctx, size_t i),
		       const void *ctx)
{
	const char *found = NULL, *c;
	/* A third of the letters may be wrong, at least one and at most four. */
	size_t third = s.n / 3 < 1 ? 1 : s.n / 3;
	size_t limit = third < NEAREST_EDITS ? third : NEAREST_EDITS, best = limit + 1;

	if (s.n > NEAREST_MAX)
		return NULL;
	for (size_t i = 0; (c = candidate(ctx, i)) != NULL; i++) {
		size_t n = strlen(c), d;

		if (n == 0 || n > NEAREST_MAX || n > s.n + limit || s.n > n + limit)
			continue;
		d = edit_distance(s.p, s.n, c, n);
		if (d < best) {
			best = d;
			found = c;
		}
	}
	return found;
}

const char *tb_path_below(const char *path, const char *folder)
{
	size_t n = strlen(folder);

	if (strncmp(path, folder, n) != 0)
		return NULL;
	if (path[n] == '/')
		return path + n + 1;
	return path[n] == '\0' || (n && folder[n - 1] == '/') ? path + n : NULL;
}
