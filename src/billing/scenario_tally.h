/*
 * scenario_tally - the rows of a log, tallied as they were and for each of several scenarios.
 */
#ifndef TB_SCENARIO_TALLY_H
#define TB_SCENARIO_TALLY_H

#include "base/keytab.h"
#include "billing/scenario.h"

enum { TB_SCENARIO_TALLY_MAX = 16 };

struct tb_scenario_tally {
	const struct tb_scenario *scenarios;
	size_t count; /* at most TB_SCENARIO_TALLY_MAX */
	const struct tb_grouping *grouping;
};

/* What one thread counts. */
struct tb_scenario_tally_part {
	const struct tb_scenario_tally *what;
	struct tb_tally **tallies; /* one for each scenario */
	struct tb_rater *raters;
	uint64_t by_average; /* rows whose average decided the context in a scenario, not in the log
			      */
	struct tb_keytab unpriced; /* names of models in the log that have no price */
	tb_u128 *unpriced_requests;
	size_t unpriced_cap;
};

/* NULL when memory is out. `what` must outlive the part. */
struct tb_scenario_tally_part *tb_scenario_tally_new(const struct tb_scenario_tally *what);
void tb_scenario_tally_free(struct tb_scenario_tally_part *p);
void tb_scenario_tally_clear(struct tb_scenario_tally_part *p);

/* A row that was billed as rated. */
TB_MUST_CHECK enum tb_status tb_scenario_tally_add(struct tb_scenario_tally_part *p,
						   const struct tb_usage *u,
						   const struct tb_rated *rated, int32_t day,
						   struct tb_err *err);

/* A row like an earlier one; false when it is to be rated first. */
TB_MUST_CHECK bool tb_scenario_tally_add_alike(struct tb_scenario_tally_part *p,
					       const struct tb_usage *u);

/* A row without a price. */
TB_MUST_CHECK enum tb_status tb_scenario_tally_unpriced(struct tb_scenario_tally_part *p,
							const struct tb_usage *u,
							struct tb_err *err);

TB_MUST_CHECK enum tb_status tb_scenario_tally_merge(struct tb_scenario_tally_part *p,
						     const struct tb_scenario_tally_part *other,
						     size_t threads, struct tb_err *err);

#endif
