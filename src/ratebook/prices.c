#include "ratebook/prices.h"

#include <assert.h>
#include <string.h>

/* The section at hand. */
struct pricing {
	const struct tb_raw_prices *raw;
	struct tb_era *era;
	struct tb_arena *arena;
	struct tb_problems *problems;
	struct tb_price row[TB_METERS]; /* of the tier and context in work */
	const struct tb_price
		*fees; /* the row of all tiers and contexts that have no other prices */
	bool nomem;
};

void tb_raw_prices_init(struct tb_raw_prices *raw)
{
	*raw = (struct tb_raw_prices){0};
	for (int t = 0; t < TB_TIERS; t++)
		raw->discount[t] = TB_NO_DISCOUNT;
}

/* ---- the look-up of a price (contract section 2) ---- */

static bool is_given(const struct tb_raw_prices *p, enum tb_tier t, enum tb_context c,
		     enum tb_meter m)
{
	return p->cells[t][c][m].kind != TB_RAW_NONE;
}

/* Whether a meter such as reasoning, which is output then, has no price of its own in that context,
 * of the tier's or of the standard's. */
static bool is_absent(const struct tb_raw_prices *p, enum tb_tier t, enum tb_context c,
		      enum tb_meter m)
{
	bool calm_counts = p->peak_multiplier_line != 0;
	enum tb_context calm = tb_contexts[c].calm;

	return tb_meter_is_derived(m) && !is_given(p, TB_STANDARD, c, m) &&
	       !(calm_counts && (is_given(p, TB_STANDARD, calm, m) || is_given(p, t, calm, m)));
}

/* In peak hours a price is a multiple of the calm one, unless a nearer rule derives it. */
static bool is_multiple(const struct tb_raw_prices *p, enum tb_tier t, enum tb_context c,
			enum tb_meter m)
{
	return tb_contexts[c].calm != c && p->peak_multiplier_line &&
	       (t == TB_STANDARD || is_given(p, t, tb_contexts[c].calm, m));
}

/*
 * A price has room for all that a section may do to it: 12 decimals as written, 2 of a multiplier,
 * 4 of a discount, and 4 more of a region's uplift.
 */
static struct tb_price scaled(struct tb_price price, int parts, int whole)
{
	bool exact = tb_price_scale(price, parts, whole, &price);

	assert(exact);
	(void)exact;
	return price;
}

/*
 * The explicit price; else, in peak hours, the multiple of an explicit one outside them; else, for
 * a tier with a discount, that much less than the standard price; else none. A price that names a
 * meter is that meter's in the same tier and context. Where a model does not price reasoning
 * apart, reasoning is output. `depth` counts references.
 */
static bool look_up(struct pricing *s, enum tb_tier t, enum tb_context c, enum tb_meter m,
		    int depth, struct tb_price *out)
{
	const struct tb_raw_prices *p = s->raw;
	const struct tb_raw_price *raw = &p->cells[t][c][m];

	if (raw->kind == TB_RAW_NUMBER) {
		*out = raw->number;
		return true;
	}
	if (raw->kind == TB_RAW_METER)
		return depth < TB_METERS && look_up(s, t, c, raw->meter, depth + 1, out);
	if (is_absent(p, t, c, m))
		return look_up(s, t, c, tb_meters[m].absent, depth, out);
	if (is_multiple(p, t, c, m)) {
		if (!look_up(s, t, tb_contexts[c].calm, m, depth, out))
			return false;
		*out = scaled(*out, p->peak_multiplier, TB_MULTIPLIER_WHOLE);
		return true;
	}
	if (t == TB_STANDARD || p->discount[t] < 0 || !look_up(s, TB_STANDARD, c, m, depth, out))
		return false;
	*out = scaled(*out, TB_PERCENT_WHOLE - p->discount[t], TB_PERCENT_WHOLE);
	return true;
}

static void price_cell(struct pricing *p, enum tb_tier t, enum tb_context c, enum tb_meter m)
{
	const struct tb_raw_price *raw = &p->raw->cells[t][c][m];

	if (look_up(p, t, c, m, 0, &p->row[m]))
		p->era->priced[t][c] |= TB_METER_BIT(m);
	else if (raw->kind == TB_RAW_METER)
		tb_problems_note(p->problems, p->era->file, raw->line,
				 "%s%s%s names the meter %s, which has no price there itself",
				 tb_tiers[t].prefix, tb_contexts[c].prefix, tb_meters[m].name,
				 tb_meters[raw->meter].name);
}

/* A fee is the same in every tier and context. */
static void price_fees(struct pricing *p, enum tb_tier t, enum tb_context c)
{
	for (int m = TB_TOKEN_METERS; m < TB_METERS; m++)
		if (look_up(p, TB_STANDARD, TB_BASE, (enum tb_meter)m, 0, &p->row[m]))
			p->era->priced[t][c] |= TB_METER_BIT(m);
}

/* Whether the section has the condition of a context: without it nothing is priced there. */
static bool has_context(const struct tb_era *era, enum tb_context c)
{
	return (!tb_contexts[c].is_long || era->threshold != TB_NO_THRESHOLD) &&
	       (tb_contexts[c].calm == c || era->peak_hours);
}

/* Most sections have one context and two tiers: the others are not looked at meter by meter. */
static void price_tokens(struct pricing *p, enum tb_tier t, enum tb_context c)
{
	if (!p->raw->contexts[t] && p->raw->discount[t] < 0)
		return;
	for (int m = 0; m < TB_TOKEN_METERS && has_context(p->era, c); m++)
		price_cell(p, t, c, (enum tb_meter)m);
}

static const struct tb_price *keep_row(struct pricing *p)
{
	struct tb_price *kept = tb_arena_take(p->arena, sizeof(p->row));

	if (kept)
		memcpy(kept, p->row, sizeof(p->row));
	p->nomem |= !kept;
	return kept;
}

static void price_row(struct pricing *p, enum tb_tier t, enum tb_context c)
{
	bool has_tokens;

	memset(p->row, 0, sizeof(p->row));
	price_tokens(p, t, c);
	has_tokens = p->era->priced[t][c];
	price_fees(p, t, c);
	if (has_tokens)
		p->era->prices[t][c] = keep_row(p);
	else if (p->era->priced[t][c])
		p->era->prices[t][c] = p->fees = p->fees ? p->fees : keep_row(p);
}

static void price_all(struct pricing *p)
{
	for (int t = 0; t < TB_TIERS; t++)
		for (int c = 0; c < TB_CONTEXTS && !p->nomem; c++)
			price_row(p, (enum tb_tier)t, (enum tb_context)c);
}

/* ---- what a section must hold ---- */

static void missing(struct pricing *p, const char *prefix, enum tb_meter m, const char *why)
{
	tb_problems_note(p->problems, p->era->file, p->era->line, "[%s]: %s%s is missing%s",
			 p->era->section, prefix, tb_meters[m].name, why);
}

static void check_required(struct pricing *p)
{
	for (int m = 0; m < TB_METERS; m++)
		if (tb_meters[m].required && !p->raw->cells[TB_STANDARD][TB_BASE][m].line)
			missing(p, "", (enum tb_meter)m, "; 0 means free, absent means unknown");
}

/* Where a condition makes a price list of its own, whatever has a price must stand in it. */
static void check_list_given(struct pricing *p, enum tb_context c, const char *why)
{
	for (int m = 0; m < TB_TOKEN_METERS; m++)
		if (p->raw->cells[TB_STANDARD][TB_BASE][m].line &&
		    !p->raw->cells[TB_STANDARD][c][m].line)
			missing(p, tb_contexts[c].prefix, (enum tb_meter)m, why);
}

static void check_lists_given(struct pricing *p)
{
	bool has_long = p->era->threshold != TB_NO_THRESHOLD && p->era->long_tokens;
	bool has_peak = p->era->peak && !p->raw->peak_multiplier_line;

	if (has_long)
		check_list_given(p, TB_LONG,
				 ", though the section has a long-context threshold and prices "
				 "the meter");
	if (has_peak)
		check_list_given(p, TB_PEAK,
				 ", though the section has peak_hours, prices the meter, and gives "
				 "no peak_multiplier");
	if (has_long && has_peak)
		check_list_given(p, TB_PEAK_LONG,
				 ", though the section has a long-context threshold and "
				 "peak_hours, prices the meter, and gives no peak_multiplier");
}

static void refuse_list(struct pricing *p, enum tb_context c, const char *needs)
{
	for (int t = 0; t < TB_TIERS; t++)
		for (int m = 0; m < TB_TOKEN_METERS && p->raw->contexts[t] & 1u << c; m++) {
			uint64_t line = p->raw->cells[t][c][m].line;

			if (line)
				tb_problems_note(p->problems, p->era->file, line,
						 "%s%s%s without %s", tb_tiers[t].prefix,
						 tb_contexts[c].prefix, tb_meters[m].name, needs);
		}
}

/* Prices of a condition that the section does not have. */
static void refuse_useless_lists(struct pricing *p)
{
	for (int c = 0; c < TB_CONTEXTS; c++) {
		if (tb_contexts[c].is_long && p->era->threshold == TB_NO_THRESHOLD)
			refuse_list(p, (enum tb_context)c,
				    "long_context_over or long_context_from");
		else if (tb_contexts[c].calm != (enum tb_context)c && !p->era->peak_hours)
			refuse_list(p, (enum tb_context)c, "peak_hours");
	}
	if (p->raw->peak_multiplier_line && !p->era->peak_hours)
		tb_problems_note(p->problems, p->era->file, p->raw->peak_multiplier_line,
				 "peak_multiplier without peak_hours");
}

bool tb_prices_work_out(const struct tb_raw_prices *raw, struct tb_era *era, struct tb_arena *arena,
			struct tb_problems *problems)
{
	struct pricing p = {.raw = raw, .era = era, .arena = arena, .problems = problems};

	check_required(&p);
	check_lists_given(&p);
	refuse_useless_lists(&p);
	price_all(&p);
	return !p.nomem;
}
