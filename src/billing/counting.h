/*
 * counting - the rows of a log, tallied as they were and for each of several scenarios.
 */
#ifndef TB_COUNTING_H
#define TB_COUNTING_H

#include "base/keytab.h"
#include "billing/scenario.h"

enum { TB_COUNTING_MAX = 16 };

struct tb_counting {
	const struct tb_scenario *scenarios;
	size_t count; /* at most TB_COUNTING_MAX */
	const struct tb_grouping *grouping;
};

/* What one thread counts. */
struct tb_counting_part {
	const struct tb_counting *what;
	struct tb_tally **tallies; /* one for each scenario */
	struct tb_rater *raters;
	uint64_t by_average; /* rows whose average decided the context in a scenario, not in the log
			      */
	struct tb_keytab unpriced; /* names of models in the log that have no price */
	tb_u128 *unpriced_requests;
	size_t unpriced_cap;
};

/* NULL when memory is out. `what` must outlive the part. */
struct tb_counting_part *tb_counting_new(const struct tb_counting *what);
void tb_counting_free(struct tb_counting_part *p);
void tb_counting_clear(struct tb_counting_part *p);

/* A row that was billed as rated. */
TB_MUST_CHECK enum tb_status tb_counting_add(struct tb_counting_part *p, const struct tb_usage *u,
					     const struct tb_rated *rated, int32_t day,
					     struct tb_err *err);

/* A row like an earlier one; false when it is to be rated first. */
TB_MUST_CHECK bool tb_counting_add_alike(struct tb_counting_part *p, const struct tb_usage *u);

/* A row without a price. */
TB_MUST_CHECK enum tb_status tb_counting_unpriced(struct tb_counting_part *p,
						  const struct tb_usage *u, struct tb_err *err);

TB_MUST_CHECK enum tb_status tb_counting_merge(struct tb_counting_part *p,
					       const struct tb_counting_part *other, size_t threads,
					       struct tb_err *err);

#endif
