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
#include "cli/model_choice.h"
#include "cli/prompts.h"
#include "usage/record.h"

enum { TB_DAYS_DEFAULT = 30, TB_PROMPT_NAMES_MAX = 256 };

/* The numbers that can be typed, beside the count of each meter. */
enum { TB_TYPED_REQUESTS = TB_METERS, TB_TYPED_PER_DAY, TB_TYPED_DAYS, TB_TYPED };

struct tb_estimate_options {
	struct tb_arena arena;
	struct tb_operands operands;
	struct tb_rates_source rates;
	struct tb_output output;
	struct tb_model_choice models;
	struct tb_prompt_options prompts;
	const char *prompt_names[TB_PROMPT_NAMES_MAX]; /* as typed */
	size_t prompt_name_count;
	bool approximate;
	unsigned output_percent; /* of the input; 0: as typed */

	uint64_t typed[TB_TYPED]; /* by meter, then what is listed above */
	bool is_typed[TB_TYPED];
	enum tb_tier tier;
	bool has_tier;
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

/* What --output-ratio makes of that many input tokens, rounded up; false for too many. */
TB_MUST_CHECK bool tb_estimate_output(const struct tb_estimate_options *e, tb_u128 input,
				      uint64_t *output);

#endif
