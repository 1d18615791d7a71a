#include "cli/sweep.h"

#include "cli/messages.h"

#include <stdio.h>
#include <string.h>

enum { STEPS_MAX = 1000, PERCENT_TEXT = 24 };

static const struct {
	const char *option, *column;
	int max;
} kinds[] = {
	[TB_SWEEP_NONE] = {"", "", 0},
	[TB_SWEEP_BATCH] = {"batch-share", "batch_share", TB_PERCENT_WHOLE},
	[TB_SWEEP_HIT] = {"cache-hit", "cache_hit", TB_PERCENT_WHOLE},
	[TB_SWEEP_SCALE] = {"scale", "scale", TB_SCALE_MAX},
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/* ---- what is asked ---- */

static const char *parse_end(struct tb_span text, int max, int *out, char why[TB_WHY_TEXT])
{
	char room[32];

	/* The % may stand at the end of the range alone. */
	if (text.n && text.n < sizeof(room) - 1 && text.p[text.n - 1] != '%') {
		memcpy(room, text.p, text.n);
		room[text.n] = '%';
		text = (struct tb_span){room, text.n + 1};
	}
	return tb_part_parse(text, max, out, why);
}

static const char *parse_range(struct tb_sweep *s, struct tb_span text, char why[TB_WHY_TEXT])
{
	const char *fault;
	size_t dots = 0;

	while (dots + 1 < text.n && memcmp(text.p + dots, "..", 2) != 0)
		dots++;
	if (dots + 1 >= text.n)
		return "no range; type it like batch-share=0..100%/10";
	fault = parse_end((struct tb_span){text.p, dots}, kinds[s->of].max, &s->from, why);
	if (!fault)
		fault = parse_end((struct tb_span){text.p + dots + 2, text.n - dots - 2},
				  kinds[s->of].max, &s->to, why);
	if (!fault && s->from >= s->to)
		return "the range must rise; type it like batch-share=0..100%/10";
	return fault;
}

const char *tb_sweep_parse(struct tb_sweep *s, const char *text, char why[TB_WHY_TEXT])
{
	const char *equals = strchr(text, '='), *slash = strrchr(text, '/'), *fault;
	uint64_t steps = 0;

	if (!equals)
		return "nothing to vary; type it like batch-share=0..100%/10";
	for (int k = 1; k < KINDS; k++)
		if (tb_span_is((struct tb_span){text, (size_t)(equals - text)}, kinds[k].option))
			s->of = (enum tb_sweep_of)k;
	if (s->of == TB_SWEEP_NONE)
		return "not one of batch-share, cache-hit, scale; type it like batch-share=0..100%/10";
	if (!slash || slash < equals) {
		snprintf(why, TB_WHY_TEXT, "no number of steps; type it after a slash: %s/10",
			 text);
		return why;
	}
	fault = parse_range(s, (struct tb_span){equals + 1, (size_t)(slash - equals - 1)}, why);
	if (fault)
		return fault;
	if (tb_count_parse(tb_span_of(slash + 1), &steps) || steps == 0 || steps > STEPS_MAX)
		return "the steps after the slash are a number from 1 to 1000";
	s->steps = (int)steps;
	if ((s->to - s->from) % s->steps)
		return "such steps have more than 2 decimals of a percent; type a number of steps "
		       "that divides the range";
	return NULL;
}

const char *tb_sweep_prepare(const struct tb_sweep *s, struct tb_asked *a)
{
	a->wish.vary_batch = s->of == TB_SWEEP_BATCH;
	a->wish.vary_hit = s->of == TB_SWEEP_HIT;
	if (a->wish.vary_batch && a->wish.batch_count)
		return "--batch-share is what the sweep varies; leave it out";
	if (a->wish.vary_hit && a->wish.hit_count)
		return "--cache-hit is what the sweep varies; leave it out";
	if (s->of == TB_SWEEP_SCALE && a->has_scale)
		return "--scale is what the sweep varies; leave it out";
	return NULL;
}

/* ---- the curve ---- */

enum {
	COLUMN_SHARE,
	COLUMN_REQUESTS,
	COLUMN_BASELINE,
	COLUMN_COST,
	COLUMN_DIFFERENCE,
	COLUMN_PERCENT,
	COLUMN_CURRENCY,
	COLUMN_PLOT,
	COLUMNS
};

struct curve {
	const struct tb_sweep *sweep;
	struct tb_sheet sheet;
};

static struct tb_shares shares_at(const struct tb_sweep *s, int point)
{
	int share = s->from + (s->to - s->from) / s->steps * point;

	return (struct tb_shares){
		.batch = s->of == TB_SWEEP_BATCH ? share : TB_SHARE_NONE,
		.hit = s->of == TB_SWEEP_HIT ? share : TB_SHARE_NONE,
		.scale = s->of == TB_SWEEP_SCALE ? share : TB_SHARE_NONE,
	};
}

static const char *share_text(const struct tb_sweep *s, int point, char text[PERCENT_TEXT])
{
	int share = s->from + (s->to - s->from) / s->steps * point;
	int rest = share % 100;

	snprintf(text, PERCENT_TEXT,
		 rest % 10 ? "%d.%02d%%"
		 : rest    ? "%d.%d%%"
			   : "%d%%",
		 share / 100, rest % 10 ? rest : rest / 10);
	return text;
}

static void add_point(struct curve *c, int point, const struct tb_comparison_row *t)
{
	struct tb_sheet *s = &c->sheet;
	struct tb_money *largest = s->failed ? NULL : &s->columns[COLUMN_PLOT].bar.largest;
	char share[PERCENT_TEXT];

	if (largest && tb_money_compare(t->cost, *largest) > 0)
		*largest = t->cost;
	tb_sheet_add_row(s);
	tb_sheet_set_text(s, COLUMN_SHARE, share_text(c->sweep, point, share));
	tb_sheet_set(s, COLUMN_REQUESTS, tb_cell_of_count(t->requests));
	tb_sheet_set(s, COLUMN_BASELINE, tb_cell_of_amount(t->baseline));
	tb_sheet_set(s, COLUMN_COST, tb_cell_of_amount(t->cost));
	tb_sheet_set(s, COLUMN_DIFFERENCE, tb_cell_of_amount(t->difference));
	tb_sheet_set(s, COLUMN_PERCENT, tb_cell_of_ratio(t->difference, t->baseline, 100));
	tb_sheet_set_text(s, COLUMN_CURRENCY, t->currency);
}

static void say_unpriced(const struct tb_sweep *s, int point, const struct tb_comparison *v)
{
	char share[PERCENT_TEXT], count[TB_COUNT_TEXT];

	for (size_t i = 0; i < v->reason_count; i++) {
		const struct tb_comparison_reason *r = &v->reasons[i];

		tb_say("at %s %s request%s left out: %.*s", share_text(s, point, share),
		       tb_count_text(r->requests, '\0', count),
		       r->requests == 1 ? " has no price and is" : "s have no price and are",
		       (int)r->text.n, r->text.p);
	}
}

/* Prices one point and adds it to the sheet. */
static enum tb_status price_point(struct curve *c, const struct tb_comparison *given, int point,
				  tb_u128 *unpriced, struct tb_err *err)
{
	struct tb_comparison v = *given;
	enum tb_status st;

	v.force = shares_at(c->sweep, point);
	st = tb_comparison_init(&v, err);
	for (size_t i = 0; st == TB_OK && i < v.total_count; i++)
		add_point(c, point, &v.totals[i]);
	if (st == TB_OK)
		say_unpriced(c->sweep, point, &v);
	if (v.unpriced > *unpriced)
		*unpriced = v.unpriced;
	tb_comparison_release(&v);
	return st;
}

static void begin_curve(struct curve *c, int round)
{
	const struct tb_sheet_column columns[COLUMNS] = {
		[COLUMN_SHARE] = {.name = kinds[c->sweep->of].column,
				  .heading = kinds[c->sweep->of].option,
				  .level = 1},
		[COLUMN_REQUESTS] = {.name = "requests",
				     .heading = "requests",
				     .kind = TB_SHEET_COUNT,
				     .keep_rank = 2},
		[COLUMN_BASELINE] = {.name = "baseline_cost",
				     .heading = "baseline",
				     .kind = TB_SHEET_AMOUNT,
				     .keep_rank = 1},
		[COLUMN_COST] = {.name = "scenario_cost",
				 .heading = "scenario",
				 .kind = TB_SHEET_AMOUNT},
		[COLUMN_DIFFERENCE] = {.name = "difference",
				       .heading = "difference",
				       .kind = TB_SHEET_AMOUNT},
		[COLUMN_PERCENT] = {.name = "difference_pct",
				    .heading = "%",
				    .kind = TB_SHEET_RATIO},
		[COLUMN_CURRENCY] = {.name = "currency", .heading = "", .kind = TB_SHEET_CURRENCY},
		[COLUMN_PLOT] = {.name = "plot",
				 .heading = "scenario",
				 .kind = TB_SHEET_BAR,
				 .hidden = TB_HIDE_FROM_DATA,
				 .keep_rank = -1,
				 .bar.of = COLUMN_COST},
	};

	tb_sheet_init(&c->sheet, TB_FORM_LIST);
	c->sheet.title = "What it would have cost";
	c->sheet.if_empty = "No usage to compare.";
	c->sheet.round = round;
	c->sheet.chart.x = COLUMN_SHARE;
	c->sheet.chart.y = COLUMN_COST;
	tb_sheet_add_columns(&c->sheet, columns, COLUMNS);
}

enum tb_status tb_sweep_write(const struct tb_sweep *s, const struct tb_comparison *v,
			      const struct tb_output *output, struct tb_rejects *rejects,
			      tb_u128 *unpriced, struct tb_err *err)
{
	struct curve c = {.sweep = s};
	enum tb_status st = TB_OK;

	begin_curve(&c, v->round);
	for (int i = 0; i <= s->steps && st == TB_OK; i++)
		st = price_point(&c, v, i, unpriced, err);
	if (st == TB_OK)
		st = tb_sheet_check(&c.sheet, err);
	if (st == TB_OK)
		st = tb_output_sheet(output, &c.sheet, rejects, err);
	tb_sheet_release(&c.sheet);
	return st;
}
