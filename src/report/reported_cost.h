/*
 * reported_cost - whether what a log's rows cost is what the log itself says.
 */
#ifndef TB_REPORTED_COST_H
#define TB_REPORTED_COST_H

#include "report/model.h"

/* How far a difference may go: an amount, or a share of the reported cost. */
struct tb_tolerance {
	struct tb_money amount;
	int percent; /* in 0.01 %; 0: the amount counts */
};

/* "0.01" or "0.5%". NULL, or why the text is neither (a constant text). */
TB_MUST_CHECK const char *tb_tolerance_parse(struct tb_span text, struct tb_tolerance *out);

/* Rows and totals of a compared report whose difference goes further. */
struct tb_reported_sum {
	uint64_t rows, beyond;
	uint64_t totals_beyond;
};

struct tb_reported_sum tb_reported_compare(const struct tb_report *r,
					   struct tb_tolerance tolerance);

#endif
