/*
 * side_by_side - a comparison of several scenarios with one row for each group.
 *
 * A row has a part for each scenario. The usage of a group may have a price in one scenario and
 * none in another, or only some of it: requests and baseline of a row are of all its usage, those
 * of a part only of what has a price in its scenario. A total is a row of its own for each
 * currency; its parts are the totals of the comparison, which is checked.
 */
#ifndef TB_SIDE_BY_SIDE_H
#define TB_SIDE_BY_SIDE_H

#include "report/comparison.h"

struct tb_side_by_side_part {
	bool priced, unpriced; /* some of the usage has a price there, or has none; or both */
	tb_u128 requests;      /* with a price or without */
	struct tb_money baseline, cost;
};

struct tb_side_by_side_row {
	const struct tb_comparison *v;
	size_t like; /* a row of the comparison that has its group and its currency */
	bool total;
	uint32_t number; /* in order of arrival */
	tb_u128 requests;
	struct tb_money baseline;
	struct tb_money largest; /* difference of any scenario */
};

struct tb_side_by_side {
	const struct tb_comparison *v;
	struct tb_side_by_side_row
		*rows; /* totals last; by currency, the largest difference first */
	size_t row_count, row_cap;

	/* Its own. */
	struct tb_keytab keys;
	struct tb_side_by_side_part *parts; /* by the row's number, then the scenario's */
	size_t part_cap;
};

/*
 * Makes the rows of a comparison that is worked out and stays. TB_INTERNAL when they are not what
 * the comparison has in sum. Release it afterwards either way.
 */
TB_MUST_CHECK enum tb_status tb_side_by_side_init(struct tb_side_by_side *b,
						  const struct tb_comparison *v,
						  struct tb_err *err);
void tb_side_by_side_release(struct tb_side_by_side *b);

const struct tb_side_by_side_part *tb_side_by_side_part(const struct tb_side_by_side *b,
							const struct tb_side_by_side_row *row,
							size_t scenario);

/* The row as one of the comparison: of all its usage, without a scenario's cost ... */
struct tb_comparison_row tb_side_by_side_whole(const struct tb_side_by_side_row *row);

/* ... and of what has a price in a scenario. */
struct tb_comparison_row tb_side_by_side_priced(const struct tb_side_by_side *b,
						const struct tb_side_by_side_row *row,
						size_t scenario);

#endif
