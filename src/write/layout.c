#include "write/layout.h"

enum { TEXT_MIN = 8 };

/* ---- widths ---- */

size_t tb_layout_width(const struct tb_layout *l)
{
	size_t w = 0;

	for (size_t i = 0; i < l->count; i++)
		if (!l->columns[i].left_out)
			w += l->columns[i].width + (w ? TB_LAYOUT_GAP : 0);
	return w;
}

/*
 * The next column to go, or NULL when none of that kind is left: while texts are whole the one with
 * the highest rank above 0, afterwards the one with the lowest below 0.
 */
static struct tb_layout_column *next_to_go(struct tb_layout *l, bool texts_cut)
{
	struct tb_layout_column *next = NULL;
	int most = 0;

	for (size_t i = 0; i < l->count; i++) {
		struct tb_layout_column *c = &l->columns[i];
		int rank = texts_cut ? -c->keep_rank : c->keep_rank;

		if (c->left_out || rank <= most)
			continue;
		most = rank;
		next = c;
	}
	return next;
}

static struct tb_layout_column *widest_text(struct tb_layout *l)
{
	struct tb_layout_column *widest = NULL;

	for (size_t i = 0; i < l->count; i++) {
		struct tb_layout_column *c = &l->columns[i];

		if (!c->left_out && c->elastic && c->width > TEXT_MIN &&
		    (!widest || c->width > widest->width))
			widest = c;
	}
	return widest;
}

/* How far a line is wider than it may be. */
static size_t too_much(const struct tb_layout *l, size_t width)
{
	size_t w = tb_layout_width(l);

	return w > width ? w - width : 0;
}

/* What the texts that are shown could be cut by. */
static size_t can_be_cut(const struct tb_layout *l)
{
	size_t sum = 0;

	for (size_t i = 0; i < l->count; i++) {
		const struct tb_layout_column *c = &l->columns[i];

		if (!c->left_out && c->elastic && c->width > TEXT_MIN)
			sum += c->width - TEXT_MIN;
	}
	return sum;
}

void tb_layout_fit(struct tb_layout *l, size_t width)
{
	struct tb_layout_column *c;

	if (!width)
		return;
	while (too_much(l, width) && (c = next_to_go(l, false)))
		c->left_out = true;
	while (too_much(l, width) > can_be_cut(l) && (c = next_to_go(l, true)))
		c->left_out = true;
	while (too_much(l, width) && (c = widest_text(l)))
		c->width--;
}

/* ---- lines ---- */

static void put_blanks(FILE *out, size_t n)
{
	while (n--)
		putc(' ', out);
}

/* The part of the text that fits; a cut one ends with "~". */
static struct tb_span cut_to(struct tb_span s, size_t width)
{
	size_t at = 0, w = 0, len;

	while (at < s.n) {
		size_t cw;

		tb_utf8_next(s.p + at, s.n - at, &len);
		cw = tb_text_width((struct tb_span){s.p + at, len});
		if (w + cw > width - 1)
			break;
		w += cw;
		at += len;
	}
	return (struct tb_span){s.p, at};
}

/* Whether the column stands at that end of a line. */
static bool is_first(const struct tb_layout *l, size_t i)
{
	while (i > 0 && l->columns[i - 1].left_out)
		i--;
	return i == 0;
}

static bool is_last(const struct tb_layout *l, size_t i)
{
	while (i + 1 < l->count && l->columns[i + 1].left_out)
		i++;
	return i + 1 == l->count;
}

void tb_layout_put(const struct tb_layout *l, size_t i, struct tb_span s, bool ends_line, FILE *out)
{
	const struct tb_layout_column *c = &l->columns[i];
	size_t w = tb_text_width(s);
	bool cut = w > c->width;

	if (c->left_out)
		return;
	if (!is_first(l, i))
		put_blanks(out, TB_LAYOUT_GAP);
	if (cut) {
		s = cut_to(s, c->width);
		w = tb_text_width(s) + 1;
	}
	if (c->right)
		put_blanks(out, c->width - w);
	fwrite(s.p, 1, s.n, out);
	if (cut)
		putc('~', out);
	if (!c->right && !ends_line && !is_last(l, i))
		put_blanks(out, c->width - w);
}

void tb_layout_put_rule(const struct tb_layout *l, FILE *out)
{
	for (size_t w = tb_layout_width(l); w; w--)
		putc('-', out);
	putc('\n', out);
}

void tb_layout_put_left_out(const struct tb_layout *l, FILE *out)
{
	bool any = false;

	for (size_t i = 0; i < l->count; i++) {
		if (!l->columns[i].left_out)
			continue;
		fprintf(out, "%s%s",
			any ? ", " : "Left out to fit the terminal: ", l->columns[i].title);
		any = true;
	}
	if (any)
		fputs(".\n", out);
}
