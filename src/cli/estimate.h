/*
 * estimate - what the parts of `tokbill estimate` share. Internal to cmd_estimate.
 */
#ifndef TB_ESTIMATE_H
#define TB_ESTIMATE_H

#include "base/keytab.h"
#include "billing/rating.h"
#include "billing/tally.h"
#include "cli/estimate_options.h"
#include "report/model.h"

/* The cheapest of a currency: what the others are compared with. */
struct cheapest {
	const char *currency;
	struct tb_money cost;
};

struct tb_estimate {
	struct tb_estimate_options options;
	struct tb_problems problems;
	struct tb_book *book;
	struct tb_rater rater;
	struct tb_grouping grouping;
	struct tb_tally *tally;
	struct tb_prompts prompts;
	struct tb_keytab approximated; /* models whose tokens are not exact */
	size_t uncounted;              /* models without a tokenizer */
	struct tb_facts facts;
	struct unpriced *unpriced;
	size_t unpriced_count, unpriced_cap;
	struct cheapest *cheapest;
	size_t cheapest_count;
	size_t over_budget; /* models */
};

/* Bills a rated request as often as was asked for. */
TB_MUST_CHECK enum tb_status tb_estimate_bill(struct tb_estimate *e, const struct tb_usage *u,
					      const struct tb_rated *rated, struct tb_err *err);

/* Sets a model aside. */
TB_MUST_CHECK enum tb_status tb_estimate_unpriced(struct tb_estimate *e, const char *model,
						  const char *reason, struct tb_err *err);

/*
 * Reads and counts what --input-from names, if it was given. Where no model was, *out becomes those
 * that the requests name.
 */
TB_MUST_CHECK enum tb_status tb_estimate_read(struct tb_estimate *e, struct tb_model_choice *out,
					      struct tb_err *err);

/* Bills what was read at a model's prices, and says what there is to say of it. */
TB_MUST_CHECK enum tb_status tb_estimate_counted(struct tb_estimate *e, const char *model,
						 const struct tb_era *era, struct tb_err *err);

#endif
