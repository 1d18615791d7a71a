#include "ratebook/prices.h"

/* The section at hand. */
struct pricing {
	const struct tb_raw_prices *raw;
	struct tb_era *era;
	struct tb_problems *problems;
};

/* ---- the look-up of a price (contract section 2) ---- */

/*
 * The explicit price; else, for a tier with a discount, that much less than the standard price;
 * else none. A price that names a meter is that meter's in the same tier and context. Where a
 * model does not price reasoning apart, reasoning is output. `depth` counts references.
 */
static bool look_up(const struct tb_raw_prices *p, enum tb_tier t, enum tb_context c,
		    enum tb_meter m, int depth, struct tb_price *out)
{
	const struct tb_raw_price *raw = &p->cells[t][c][m];

	if (raw->kind == TB_RAW_NUMBER) {
		*out = raw->number;
		return true;
	}
	if (raw->kind == TB_RAW_METER)
		return depth < TB_METERS && look_up(p, t, c, raw->meter, depth + 1, out);
	if (m == TB_REASONING && p->cells[TB_STANDARD][c][m].kind == TB_RAW_NONE)
		return look_up(p, t, c, TB_OUTPUT, depth, out);
	if (t == TB_STANDARD || p->discount[t] < 0 || !look_up(p, TB_STANDARD, c, m, depth, out))
		return false;
	*out = tb_price_discount(*out, p->discount[t]);
	return true;
}

static void price_cell(struct pricing *p, enum tb_tier t, enum tb_context c, enum tb_meter m)
{
	const struct tb_raw_price *raw = &p->raw->cells[t][c][m];

	if (look_up(p->raw, t, c, m, 0, &p->era->prices[t][c][m]))
		p->era->priced[t][c] |= TB_METER_BIT(m);
	else if (raw->kind == TB_RAW_METER)
		tb_problems_note(p->problems, p->era->file, raw->line,
				 "%s%s%s names the meter %s, which has no price there itself",
				 tb_tiers[t].prefix, tb_contexts[c].prefix, tb_meters[m].name,
				 tb_meters[raw->meter].name);
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

/* With a threshold, whatever has a price must have a long one. */
static void check_long_given(struct pricing *p)
{
	for (int m = 0; m < TB_METERS; m++)
		if (p->raw->cells[TB_STANDARD][TB_BASE][m].line &&
		    !p->raw->cells[TB_STANDARD][TB_LONG][m].line)
			missing(p, tb_contexts[TB_LONG].prefix, (enum tb_meter)m,
				", though the section has a long-context threshold and prices the "
				"meter");
}

static void refuse_long(struct pricing *p, enum tb_tier t, enum tb_meter m)
{
	uint64_t line = p->raw->cells[t][TB_LONG][m].line;

	if (line)
		tb_problems_note(p->problems, p->era->file, line,
				 "%s%s%s without long_context_over or long_context_from",
				 tb_tiers[t].prefix, tb_contexts[TB_LONG].prefix,
				 tb_meters[m].name);
}

void tb_prices_work_out(const struct tb_raw_prices *raw, struct tb_era *era,
			struct tb_problems *problems)
{
	struct pricing p = {raw, era, problems};
	bool has_threshold = era->threshold != TB_NO_THRESHOLD;

	check_required(&p);
	if (has_threshold && era->long_tokens) /* a bad one was named already */
		check_long_given(&p);
	for (int t = 0; t < TB_TIERS; t++)
		for (int m = 0; m < TB_METERS; m++) {
			if (!has_threshold)
				refuse_long(&p, (enum tb_tier)t, (enum tb_meter)m);
			for (int c = 0; c < TB_CONTEXTS; c++)
				price_cell(&p, (enum tb_tier)t, (enum tb_context)c,
					   (enum tb_meter)m);
		}
}
