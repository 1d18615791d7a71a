/*
 * estimate_options - usage typed in, and what is asked about it.
 */
#ifndef TB_ESTIMATE_OPTIONS_H
#define TB_ESTIMATE_OPTIONS_H

#include "cli/options.h"
#include "cli/output.h"
#include "cli/rates_source.h"
#include "base/civil.h"
#include "cli/budget.h"
#include "usage/record.h"

enum { TB_ESTIMATE_MODELS_MAX = 256, TB_DAYS_DEFAULT = 30 };

/* The numbers that can be typed, beside the count of each meter. */
enum { TB_TYPED_REQUESTS = TB_METERS, TB_TYPED_PER_DAY, TB_TYPED_DAYS, TB_TYPED };

struct tb_estimate_options {
	struct tb_arena arena;
	struct tb_operands operands;
	struct tb_rates_source rates;
	struct tb_output output;
	const char *models[TB_ESTIMATE_MODELS_MAX]; /* names, aliases and globs, as typed */
	size_t model_count;
	bool all;

	uint64_t typed[TB_TYPED]; /* by meter, then what is listed above */
	bool is_typed[TB_TYPED];
	enum tb_tier tier;
	enum tb_context_told context;
	const char *region; /* NULL: none */
	bool has_instant;
	struct tb_time when;
	bool has_budget;
	struct tb_money budget;

	/* Worked out by tb_estimate_check(). */
	struct tb_usage request; /* one request; its model is still to be set */
	uint64_t requests;
};

extern const struct tb_option_group tb_estimate_option_groups[];

/* What holds when nothing is asked for. */
void tb_estimate_options_init(struct tb_estimate_options *e);

/*
 * Whether what was typed can be, and with it the request. Without --on it is of `today`, a day.
 * What is refused says what to type instead.
 */
TB_MUST_CHECK enum tb_status tb_estimate_check(struct tb_estimate_options *e, int32_t today,
					       struct tb_err *err);

#endif
