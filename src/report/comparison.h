/*
 * comparison - what usage cost and what it would have cost, row by row.
 *
 * Made from the tallies of scenarios (billing/scenario.h). A row is a group, the model it would
 * have been on, and a currency; rows come by scenario, those with the largest difference first.
 * What has no price in the scenario makes rows of its own, which have a baseline, no scenario
 * cost and no part in the totals: on neither side, so that
 *
 *   difference = scenario cost - baseline
 *
 * holds exactly on every other row, and in the totals, which are the sums of those rows.
 */
#ifndef TB_COMPARISON_H
#define TB_COMPARISON_H

#include "base/keytab.h"
#include "billing/scenario.h"
#include "report/model.h"

/* One scenario of the run. All tallies are of the same rows and have equal groupings. */
struct tb_comparison_side {
	const struct tb_scenario *scenario;
	const struct tb_tally *tally;
};

struct tb_comparison_row {
	size_t scenario; /* number of the side */
	bool priced;     /* else no cost and no difference */
	int32_t period;
	struct tb_span texts[TB_GROUP_COLUMNS_MAX];
	struct tb_span target; /* the model it would have been on */
	const char *currency;
	tb_u128 requests;
	struct tb_money baseline, cost, difference;
};

/* Usage that has no price today: it was set aside, and has no amount on either side. */
struct tb_comparison_today {
	const char *model; /* as the log has it */
	tb_u128 requests;
};

/* Why rows have no price in a scenario. */
struct tb_comparison_reason {
	size_t scenario;
	struct tb_span text;
	tb_u128 requests;
};

struct tb_comparison {
	/* Given. */
	const struct tb_comparison_side *sides;
	size_t side_count;
	bool named; /* the scenarios have names to be shown */
	const struct tb_facts *facts;
	const struct tb_comparison_today *today;
	size_t today_count;
	int round;              /* decimals, or TB_MONEY_ROUND_NONE */
	struct tb_shares force; /* shares of all usage, where not TB_SHARE_NONE */

	/* Worked out. */
	struct tb_comparison_row *totals; /* by scenario, then currency; `texts` are empty */
	size_t total_count, total_cap;
	struct tb_comparison_reason *reasons;
	size_t reason_count, reason_cap;
	tb_u128 unpriced; /* requests without a price, of all scenarios */

	/* Its own. */
	struct tb_keytab keys, reason_keys;
	struct tb_comparison_sum *sums; /* by the key's number */
	size_t sum_cap;
	uint32_t *order; /* of the rows */
};

/*
 * Works out rows and totals from what is given, and checks that they add up (TB_INTERNAL when they
 * do not). Release it afterwards either way.
 */
TB_MUST_CHECK enum tb_status tb_comparison_init(struct tb_comparison *v, struct tb_err *err);
void tb_comparison_release(struct tb_comparison *v);

size_t tb_comparison_count(const struct tb_comparison *v);
struct tb_comparison_row tb_comparison_row(const struct tb_comparison *v, size_t i);
const struct tb_grouping *tb_comparison_grouping(const struct tb_comparison *v);

/* Below 0 when the group of `a` comes before that of `b` by its date and names, 0: the same. */
int tb_comparison_compare_groups(const struct tb_comparison *v, const struct tb_comparison_row *a,
				 const struct tb_comparison_row *b);

/* Adds a text to a key so that no other texts make the same key. */
void tb_comparison_add_text(struct tb_buf *key, struct tb_span s);

#endif
