#include "report/reported_cost.h"

const char *tb_tolerance_parse(struct tb_span text, struct tb_tolerance *out)
{
	struct tb_price amount;

	*out = (struct tb_tolerance){0};
	if (text.n && text.p[text.n - 1] == '%')
		return tb_percent_parse(text, &out->percent);
	if (tb_price_parse(text, &amount))
		return "neither an amount such as 0.01 nor a percentage such as 0.5%";
	return tb_money_of(&out->amount, TB_PRICE_PER, amount) ? NULL : "too large";
}

static bool is_beyond(const struct tb_report_row *row, struct tb_tolerance tolerance)
{
	struct tb_money off = row->extras[TB_EXTRA_DIFFERENCE];
	struct tb_money reported = row->extras[TB_EXTRA_REPORTED];

	if (!(row->has_extra >> TB_EXTRA_DIFFERENCE & 1))
		return false;
	if (!tolerance.percent)
		return tb_money_compare_size(off, tolerance.amount) > 0;
	return tb_money_compare_times(off, TB_PERCENT_WHOLE, reported,
				      (uint64_t)tolerance.percent) > 0;
}

struct counting {
	struct tb_tolerance tolerance;
	struct tb_reported_sum found;
};

static enum tb_status count_row(void *ctx, const struct tb_report_row *row)
{
	struct counting *c = ctx;

	c->found.rows += row->has_extra >> TB_EXTRA_DIFFERENCE & 1;
	c->found.beyond += is_beyond(row, c->tolerance);
	return TB_OK;
}

struct tb_reported_sum tb_reported_compare(const struct tb_report *r, struct tb_tolerance tolerance)
{
	struct counting c = {.tolerance = tolerance};
	enum tb_status st = tb_report_each(r, count_row, &c);

	(void)st; /* count_row() cannot fail */
	for (size_t i = 0; i < r->total_count; i++)
		c.found.totals_beyond += is_beyond(&r->totals[i], tolerance);
	return c.found;
}
