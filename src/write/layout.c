#include "write/layout.h"

enum { TEXT_MIN = 8, TEXT_MAX = 40 };

/* ---- widths ---- */

void tb_layout_widen(struct tb_layout_column *c, struct tb_span cell)
{
	size_t w = tb_text_width(cell);

	if (c->elastic && w > TEXT_MAX)
		w = TEXT_MAX;
	if (w > c->width)
		c->width = w;
}

size_t tb_layout_width(const struct tb_layout *l)
{
	size_t w = 0;

	for (size_t i = 0; i < l->count; i++)
		if (!l->columns[i].left_out)
			w += l->columns[i].width + (w ? TB_LAYOUT_GAP : 0);
	return w;
}

/* The shown column that is missed least, or NULL when only the indispensable are left. */
static struct tb_layout_column *least_missed(struct tb_layout *l)
{
	struct tb_layout_column *least = NULL;

	for (size_t i = 0; i < l->count; i++) {
		struct tb_layout_column *c = &l->columns[i];

		if (!c->left_out && c->keep_rank > 0 && (!least || c->keep_rank > least->keep_rank))
			least = c;
	}
	return least;
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

void tb_layout_fit(struct tb_layout *l, size_t width)
{
	while (width && tb_layout_width(l) > width) {
		struct tb_layout_column *c = least_missed(l);

		if (c) {
			c->left_out = true;
			continue;
		}
		c = widest_text(l);
		if (!c)
			break;
		c->width--;
	}
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

static void put(const struct tb_layout *l, size_t i, struct tb_span s, bool ends_line, FILE *out)
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
	if (!c->right && !ends_line)
		put_blanks(out, c->width - w);
}

void tb_layout_put(const struct tb_layout *l, size_t i, struct tb_span cell, FILE *out)
{
	put(l, i, cell, is_last(l, i), out);
}

void tb_layout_put_end(const struct tb_layout *l, size_t i, struct tb_span cell, FILE *out)
{
	put(l, i, cell, true, out);
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
			any ? ", " : "Left out to fit the terminal: ", l->columns[i].heading);
		any = true;
	}
	if (any)
		fputs(".\n", out);
}
