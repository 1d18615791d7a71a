#include "report/comparison_columns.h"

enum { CENTS = 2, BAR_SIDE = 6 };

/* ---- columns ---- */

static void add_column(struct tb_comparison_columns *w, struct tb_comparison_column c)
{
	w->columns[w->count++] = c;
}

static void add_columns(struct tb_comparison_columns *w)
{
	static const struct tb_comparison_column fixed[] = {
		{TB_COMPARISON_TARGET, 0, "scenario_model", "would be", 0},
		{TB_COMPARISON_REQUESTS, 0, "requests", "requests", 3},
		{TB_COMPARISON_BASELINE, 0, "baseline_cost", "baseline", 2},
		{TB_COMPARISON_COST, 0, "scenario_cost", "scenario", 0},
		{TB_COMPARISON_DIFFERENCE, 0, "difference", "difference", 0},
		{TB_COMPARISON_PERCENT, 0, "difference_pct", "%", 1},
		{TB_COMPARISON_BAR, 0, NULL, " less | more", 0},
		{TB_COMPARISON_CURRENCY, 0, "currency", "", 0},
	};
	const struct tb_grouping *g = tb_comparison_grouping(w->v);

	if (w->v->named)
		add_column(w, (struct tb_comparison_column){TB_COMPARISON_SCENARIO, 0, "scenario",
							    "scenario", 0});
	for (size_t i = 0; i < g->count; i++)
		add_column(w,
			   (struct tb_comparison_column){TB_COMPARISON_GROUP, i, g->columns[i].name,
							 g->columns[i].name, 0});
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (fixed[i].name || w->eyes)
			add_column(w, fixed[i]);
}

bool tb_comparison_is_text(const struct tb_comparison_column *c)
{
	return c->kind <= TB_COMPARISON_TARGET || c->kind >= TB_COMPARISON_BAR;
}

/* ---- cells ---- */

/* In cents, what is not zero never looks like zero. */
static void put_amount(struct tb_comparison_columns *w, struct tb_fine exact)
{
	int decimals = w->eyes && w->v->round < 0 ? CENTS : w->v->round;
	struct tb_fine shown = tb_fine_round(exact, decimals);
	char text[TB_FINE_TEXT];

	if (w->eyes && decimals == CENTS && tb_fine_sign(shown) == 0 && tb_fine_sign(exact) != 0)
		tb_buf_puts(&w->cell, tb_fine_sign(exact) > 0 ? "<0.01" : ">-0.01");
	else
		tb_buf_puts(&w->cell, tb_fine_text(shown, text));
}

/* Marks on one side of the middle: at least one for a difference, BAR_SIDE for the largest. */
static int marks_of(const struct tb_comparison_columns *w, struct tb_fine difference)
{
	char text[TB_FINE_TEXT];
	struct tb_fine size = difference;
	int marks = 0;

	if (tb_fine_sign(size) == 0)
		return 0;
	if (tb_fine_sign(size) < 0)
		size = tb_fine_difference((struct tb_fine){{0}}, size);
	tb_ratio_text(size, w->largest, BAR_SIDE, text);
	while (text[marks] && text[marks] != '.')
		marks++;
	marks = marks == 1 ? text[0] - '0' : BAR_SIDE;
	return marks ? marks : 1;
}

static void repeat(struct tb_buf *b, const char *mark, int n)
{
	while (n-- > 0)
		tb_buf_puts(b, mark);
}

static void put_bar(struct tb_comparison_columns *w, const struct tb_comparison_row *row)
{
	const char *mark = w->options->utf8 ? "\u2588" : "#";
	int marks = marks_of(w, row->difference);
	bool less = tb_fine_sign(row->difference) < 0;

	repeat(&w->cell, " ", less ? BAR_SIDE - marks : BAR_SIDE);
	repeat(&w->cell, mark, less ? marks : 0);
	tb_buf_puts(&w->cell, w->options->utf8 ? "\u2502" : "|");
	repeat(&w->cell, mark, less ? 0 : marks);
	repeat(&w->cell, " ", less ? BAR_SIDE : BAR_SIDE - marks);
}

static void put_group(struct tb_comparison_columns *w, const struct tb_comparison_column *c,
		      const struct tb_comparison_row *row)
{
	const struct tb_grouping *g = tb_comparison_grouping(w->v);
	char date[TB_DATE_TEXT];

	if (g->columns[c->index].by == TB_BY_DATE)
		tb_buf_puts(&w->cell, tb_period_text(g->period, row->period, date));
	else
		tb_buf_add(&w->cell, row->texts[c->index].p, row->texts[c->index].n);
}

/* Puts the text of a cell into w->cell. False when there is nothing to say. */
bool tb_comparison_cell(struct tb_comparison_columns *w, const struct tb_comparison_column *c,
			const struct tb_comparison_row *row)
{
	char count[TB_COUNT_TEXT], ratio[TB_FINE_TEXT];
	bool known =
		c->kind < TB_COMPARISON_COST || c->kind == TB_COMPARISON_CURRENCY || row->priced;

	tb_buf_clear(&w->cell);
	if (c->kind == TB_COMPARISON_PERCENT)
		known = known && tb_fine_sign(row->baseline) != 0;
	if (!known)
		return false;
	switch (c->kind) {
	case TB_COMPARISON_SCENARIO:
		tb_buf_puts(&w->cell, w->v->sides[row->scenario].scenario->wish->name);
		break;
	case TB_COMPARISON_GROUP:
		put_group(w, c, row);
		break;
	case TB_COMPARISON_TARGET:
		tb_buf_add(&w->cell, row->target.p, row->target.n);
		break;
	case TB_COMPARISON_REQUESTS:
		tb_buf_puts(&w->cell, tb_count_text(row->requests, w->eyes ? ',' : '\0', count));
		break;
	case TB_COMPARISON_BASELINE:
		put_amount(w, row->baseline);
		break;
	case TB_COMPARISON_COST:
		put_amount(w, row->cost);
		break;
	case TB_COMPARISON_DIFFERENCE:
		put_amount(w, row->difference);
		break;
	case TB_COMPARISON_PERCENT:
		tb_buf_puts(&w->cell, tb_ratio_text(row->difference, row->baseline, 100, ratio));
		break;
	case TB_COMPARISON_BAR:
		put_bar(w, row);
		break;
	case TB_COMPARISON_CURRENCY:
		tb_buf_puts(&w->cell, row->currency);
		break;
	}
	return true;
}

struct tb_span tb_comparison_span(const struct tb_comparison_columns *w)
{
	return (struct tb_span){w->cell.p ? w->cell.p : "", w->cell.n};
}

void tb_comparison_begin(struct tb_comparison_columns *w, const struct tb_comparison *v,
			 const struct tb_write_options *o, FILE *out, bool eyes)
{
	*w = (struct tb_comparison_columns){.v = v, .options = o, .out = out, .eyes = eyes};
	add_columns(w);
	for (size_t i = 0; i < tb_comparison_count(v); i++) {
		struct tb_fine difference = tb_comparison_row(v, i).difference;

		if (tb_fine_compare_size(difference, w->largest) > 0)
			w->largest = difference;
	}
	if (tb_fine_sign(w->largest) < 0)
		w->largest = tb_fine_difference((struct tb_fine){{0}}, w->largest);
}

enum tb_status tb_comparison_finish(struct tb_comparison_columns *w, struct tb_err *err)
{
	bool failed = w->failed || w->cell.failed;

	tb_buf_release(&w->cell);
	return failed ? tb_fail_nomem(err) : TB_OK;
}

/* A row for usage that has no price today: its model and requests, and neither amount. */
struct tb_comparison_row tb_comparison_row_of_today(const struct tb_comparison *v,
						    const struct tb_comparison_today *today)
{
	const struct tb_grouping *g = tb_comparison_grouping(v);
	struct tb_comparison_row row = {.requests = today->requests, .currency = ""};

	for (size_t i = 0; i < g->count; i++)
		row.texts[i] = tb_span_of(g->columns[i].by == TB_BY_MODEL ? today->model : "");
	return row;
}

/* Whether the cell of such a row says anything. */
bool tb_comparison_of_today(const struct tb_comparison *v, const struct tb_comparison_column *c)
{
	return c->kind == TB_COMPARISON_REQUESTS ||
	       (c->kind == TB_COMPARISON_GROUP &&
		tb_comparison_grouping(v)->columns[c->index].by == TB_BY_MODEL);
}

/* ---- what has no price ---- */

static void put_visible(struct tb_comparison_columns *w, struct tb_span text)
{
	tb_buf_clear(&w->cell);
	tb_buf_visible(&w->cell, text, 0);
	fwrite(tb_comparison_span(w).p, 1, w->cell.n, w->out);
}

static void put_requests(const struct tb_comparison_columns *w, tb_u128 requests)
{
	char count[TB_COUNT_TEXT];

	fprintf(w->out, "  %s request%s", tb_count_text(requests, ',', count),
		requests == 1 ? "" : "s");
}

void tb_comparison_put_reasons(struct tb_comparison_columns *w, const char *title)
{
	const struct tb_comparison *v = w->v;

	if (v->reason_count || v->today_count)
		fprintf(w->out, "\n%s\n", title);
	for (size_t i = 0; i < v->reason_count; i++) {
		const struct tb_comparison_reason *r = &v->reasons[i];

		put_requests(w, r->requests);
		if (v->named) {
			fputs(", ", w->out);
			put_visible(w, tb_span_of(v->sides[r->scenario].scenario->wish->name));
		}
		fputs(": ", w->out);
		put_visible(w, r->text);
		putc('\n', w->out);
	}
	for (size_t i = 0; i < v->today_count; i++) {
		put_requests(w, v->today[i].requests);
		fputs(": ", w->out);
		put_visible(w, tb_span_of(v->today[i].model));
		fputs(" has no price today\n", w->out);
	}
}
