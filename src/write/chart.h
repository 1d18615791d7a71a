/*
 * chart - what the chart of a sheet shows: sums, few enough to be drawn.
 *
 * Amounts of different currencies are never added, so that there is a chart for each. The largest
 * series keep their names and the others are one; points in time are all there and in order, of
 * others the largest are, and the rest is one.
 */
#ifndef TB_CHART_H
#define TB_CHART_H

#include "report/sheet.h"

enum { TB_CHART_SERIES_MAX = 8, TB_CHART_BARS_MAX = 16, TB_CHART_CURRENCIES_MAX = 4 };

struct tb_chart_part {
	const char *name;
	struct tb_money total;
	size_t place; /* of a point: where it stands among `places` */
};

struct tb_chart {
	const char *currency;
	bool over_time;
	size_t places; /* days between points count, so that gaps are seen */
	struct tb_chart_part *points, *series;
	size_t point_count, series_count;
	struct tb_money *sums;          /* by point, then series */
	struct tb_money total, largest; /* of all, and of the largest point */
};

struct tb_charts {
	struct tb_chart list[TB_CHART_CURRENCIES_MAX];
	size_t count; /* 0: there is nothing to be drawn, or too much */
	struct tb_arena arena;
};

/* Adds up the rows of a sheet. Release it either way. */
TB_MUST_CHECK enum tb_status tb_charts_init(struct tb_charts *c, const struct tb_sheet *s,
					    struct tb_err *err);
void tb_charts_release(struct tb_charts *c);

/* The sum of two amounts; what passes all limits stays as it was, and no sheet has it: its makers
 * have added all of it up before. */
static inline struct tb_money tb_chart_sum(struct tb_money a, struct tb_money b)
{
	bool fits = tb_money_add(&a, b);

	(void)fits;
	return a;
}

#endif
