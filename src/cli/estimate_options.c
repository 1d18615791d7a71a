#include "cli/estimate_options.h"

#include "base/civil.h"
#include "base/quantity.h"

#include <inttypes.h>
#include <string.h>

#define METER_NAME(id, key, side, list, absent, per, unit, flags, option, help)                    \
	[TB_##id] = (option),

static const char *const typed_names[TB_TYPED] = {[TB_TYPED_REQUESTS] = "requests",
						  [TB_TYPED_PER_DAY] = "per-day",
						  [TB_TYPED_DAYS] = "days",
						  TB_METER_ROWS(METER_NAME)};

/* ---- options ---- */

static enum tb_status take_typed(void *ctx, int t, const char *value, struct tb_err *err)
{
	struct tb_estimate_options *e = ctx;
	const char *why = tb_quantity_parse(tb_span_of(value), &e->typed[t]);

	e->is_typed[t] = true;
	return why ? tb_bad_value(typed_names[t], value, why, err) : TB_OK;
}

#define TAKER(name, number)                                                                        \
	static enum tb_status name(void *ctx, const char *value, struct tb_err *err)               \
	{                                                                                          \
		return take_typed(ctx, number, value, err);                                        \
	}
#define METER_TAKER(id, ...) TAKER(take_##id, TB_##id)

TB_METER_ROWS(METER_TAKER)
TAKER(take_requests, TB_TYPED_REQUESTS)
TAKER(take_per_day, TB_TYPED_PER_DAY)
TAKER(take_days, TB_TYPED_DAYS)

static enum tb_status take_input_from(void *ctx, const char *value, struct tb_err *err)
{
	struct tb_estimate_options *e = ctx;

	if (e->prompt_name_count == TB_PROMPT_NAMES_MAX)
		return tb_bad_value("input-from", value,
				    "more than 256 of them; name a directory or a pattern", err);
	e->prompt_names[e->prompt_name_count++] = value;
	return TB_OK;
}

TB_FLAG_TAKER(take_messages, struct tb_estimate_options, prompts.messages)
TB_FLAG_TAKER(take_approximate, struct tb_estimate_options, approximate)

static enum tb_status take_cached_prefix(void *ctx, const char *value, struct tb_err *err)
{
	(void)err;
	((struct tb_estimate_options *)ctx)->prompts.cached_prefix = value;
	return TB_OK;
}

static enum tb_status take_output_ratio(void *ctx, const char *value, struct tb_err *err)
{
	const uint64_t most = 10000;
	size_t n = strlen(value);
	uint64_t percent = 0;

	if (n < 2 || value[n - 1] != '%' ||
	    tb_count_parse((struct tb_span){value, n - 1}, &percent) || percent == 0 ||
	    percent > most)
		return tb_bad_value("output-ratio", value,
				    "not a whole percentage from 1% to 10000%", err);
	((struct tb_estimate_options *)ctx)->output_percent = (unsigned)percent;
	return TB_OK;
}

/* "standard batch flex priority" */
#define TIER_CHOICE(id, name) " " name
#define TIER_CHOICES          (&(TB_TIER_ROWS(TIER_CHOICE, TB_NO_ROW))[1])

static enum tb_status take_tier(void *ctx, const char *value, struct tb_err *err)
{
	struct tb_buf why = {0};
	enum tb_status st;

	for (int t = 0; t < TB_TIERS; t++) {
		if (strcmp(value, tb_tiers[t].name) == 0) {
			((struct tb_estimate_options *)ctx)->tier = (enum tb_tier)t;
			((struct tb_estimate_options *)ctx)->has_tier = true;
			tb_buf_release(&why);
			return TB_OK;
		}
		tb_buf_printf(&why, "%s %s", t ? "," : "not one of", tb_tiers[t].name);
	}
	st = tb_bad_value("tier", value, why.failed ? "not a tier" : why.p, err);
	tb_buf_release(&why);
	return st;
}

static enum tb_status take_context(void *ctx, const char *value, struct tb_err *err)
{
	struct tb_estimate_options *e = ctx;

	e->context = strcmp(value, "long") == 0 ? TB_CONTEXT_LONG : TB_CONTEXT_BASE;
	if (e->context == TB_CONTEXT_LONG || strcmp(value, "base") == 0)
		return TB_OK;
	return tb_bad_value("context", value,
			    "not one of base, long; without it the tokens of --input decide", err);
}

static enum tb_status take_region(void *ctx, const char *value, struct tb_err *err)
{
	(void)err;
	((struct tb_estimate_options *)ctx)->region = value;
	return TB_OK;
}

static enum tb_status take_on(void *ctx, const char *value, struct tb_err *err)
{
	struct tb_estimate_options *e = ctx;

	e->has_instant = true;
	return tb_take_time("on", value, &e->when, err);
}

static enum tb_status take_budget(void *ctx, const char *value, struct tb_err *err)
{
	struct tb_estimate_options *e = ctx;

	e->has_budget = true;
	return tb_take_budget(value, &e->budget, err);
}

#define METER_OPTION(id, key, side, list, absent, per, unit, flags, option, help)                  \
	{'\0', option, "N", help, NULL, false, take_##id},

static const struct tb_option rows[] = {
	TB_METER_ROWS(METER_OPTION){'\0', "requests", "N", "how many such requests (default: 1)",
				    NULL, false, take_requests},
	{'\0', "per-day", "N", "how many a day, for --days days", NULL, false, take_per_day},
	{'\0', "days", "N", "with --per-day (default: 30)", NULL, false, take_days},
	{'\0', "tier", "TIER", "one of" TB_TIER_ROWS(TIER_CHOICE, TB_NO_ROW) " (default: standard)",
	 TIER_CHOICES, false, take_tier},
	{'\0', "context", "CONTEXT", "base or long (default: as --input decides)", "base long",
	 false, take_context},
	{'\0', "region", "REGION", "where it is processed, for prices that depend on it", NULL,
	 false, take_region},
	{'\0', "on", "DATE", "at the prices of that day or instant (default: today, UTC)", NULL,
	 false, take_on},
	{'\0', "budget", "AMOUNT", "exit code 1 when a model exceeds it; how many requests fit in",
	 NULL, false, take_budget},
	{0},
};

static const struct tb_option prompt_rows[] = {
	{'\0', "input-from", "FILE",
	 "count the input tokens of this text, exactly; a file, - for standard|"
	 "input, a directory or a pattern: each text is a request; may be repeated",
	 "FILE", true, take_input_from},
	{'\0', "messages", NULL,
	 "the texts are requests in JSON as they are sent to a chat model, or|"
	 "lines of a batch input file; without -m at their own models' prices",
	 NULL, false, take_messages},
	{'\0', "cached-prefix", "FILE",
	 "this text stands before each of them, and is read from a cache", "FILE", false,
	 take_cached_prefix},
	{'\0', "output-ratio", "P%", "as many output tokens as P% of the input, rounded up", NULL,
	 false, take_output_ratio},
	{'\0', "approximate", NULL,
	 "count with o200k_base where the vendor publishes no tokenizer;|such rows say exact = no",
	 NULL, false, take_approximate},
	{0},
};

const struct tb_option_group tb_estimate_option_groups[] = {
	{tb_model_option_rows, offsetof(struct tb_estimate_options, models), "Models"},
	{rows, 0, "The requests"},
	{prompt_rows, 0, "Requests from text"},
	{tb_rates_options, offsetof(struct tb_estimate_options, rates), "Prices"},
	{tb_output_option_rows, offsetof(struct tb_estimate_options, output), "Output"},
	{0},
};

void tb_estimate_options_init(struct tb_estimate_options *e)
{
	*e = (struct tb_estimate_options){.output = {.round = TB_MONEY_ROUND_NONE}};
}

/* ---- checks ---- */

static enum tb_status check_models(const struct tb_estimate_options *e, struct tb_err *err)
{
	if (e->operands.count)
		return tb_fail(err, TB_USAGE,
			       "%s: estimate reads no files; a model is typed as -m %s, a log is "
			       "priced by `tokbill report %s`",
			       e->operands.items[0], e->operands.items[0], e->operands.items[0]);
	if (e->models.all && e->models.count)
		return tb_fail(err, TB_USAGE,
			       "--all and -m: --all names every model; leave out -m");
	if (!e->models.all && !e->models.count && !e->prompts.messages)
		return tb_fail(err, TB_USAGE,
			       "no model given; type -m MODEL, such as -m gpt-4o-mini, or --all");
	return TB_OK;
}

/* Input is typed, or it is counted. */
static enum tb_status check_prompts(const struct tb_estimate_options *e, struct tb_err *err)
{
	for (int m = 0; e->prompt_name_count && m < TB_TOKEN_METERS; m++)
		if (e->is_typed[m] && tb_meters[m].side == TB_SIDE_INPUT)
			return tb_fail(err, TB_USAGE,
				       "--input-from and --%s: the input is counted; what of it is "
				       "cached is said by --cached-prefix FILE",
				       typed_names[m]);
	if (!e->prompt_name_count &&
	    (e->prompts.messages || e->prompts.cached_prefix || e->approximate))
		return tb_fail(err, TB_USAGE, "--%s needs --input-from FILE, the text to count",
			       e->prompts.messages        ? "messages"
			       : e->prompts.cached_prefix ? "cached-prefix"
							  : "approximate");
	for (int m = 0; e->output_percent && m < TB_TOKEN_METERS; m++)
		if (e->is_typed[m] && tb_meters[m].side == TB_SIDE_OUTPUT)
			return tb_fail(err, TB_USAGE, "--output-ratio and --%s: type one of them",
				       typed_names[m]);
	return TB_OK;
}

/* Whether meter m counts a part of what is typed for `whole`. */
static bool is_part(int m, enum tb_meter whole)
{
	return m != (int)whole && tb_meters[m].side == tb_meters[whole].side;
}

static bool is_named(const struct tb_estimate_options *e, int m, enum tb_meter whole)
{
	return is_part(m, whole) && (e->is_typed[m] || tb_meters[m].flags & TB_METER_USUAL);
}

/* "--cached-read, --cache-write and --cache-write-1h": the usual parts and those that were typed.
 */
static void name_parts(const struct tb_estimate_options *e, enum tb_meter whole, struct tb_buf *out)
{
	int last = 0;

	for (int m = 0; m < TB_TOKEN_METERS; m++)
		last = is_named(e, m, whole) ? m : last;
	for (int m = 0; m < TB_TOKEN_METERS; m++)
		if (is_named(e, m, whole))
			tb_buf_printf(out, "%s--%s",
				      out->n == 0 ? ""
				      : m == last ? " and "
						  : ", ",
				      typed_names[m]);
}

/* `parts` tokens of kinds that belong to a whole which they exceed. */
static enum tb_status refuse_parts(tb_u128 parts, enum tb_meter whole,
				   const struct tb_estimate_options *e, struct tb_err *err)
{
	char sum[TB_COUNT_TEXT], total[TB_COUNT_TEXT];
	struct tb_buf kinds = {0};
	enum tb_status st;

	name_parts(e, whole, &kinds);
	tb_count_text(parts, '\0', sum);
	tb_count_text(parts + e->typed[whole], '\0', total);
	st = tb_fail(err, TB_USAGE,
		     "%s: %s tokens, which are part of --%s, and that is %" PRIu64
		     "; if they come on top of it, type --%s %s",
		     kinds.failed ? "" : kinds.p, sum, typed_names[whole], e->typed[whole],
		     typed_names[whole], total);
	tb_buf_release(&kinds);
	return st;
}

static tb_u128 sum_of_parts(const struct tb_estimate_options *e, enum tb_meter whole)
{
	tb_u128 sum = 0;

	for (int m = 0; m < TB_TOKEN_METERS; m++)
		sum += is_part(m, whole) ? e->typed[m] : 0;
	return sum;
}

static enum tb_status check_parts(const struct tb_estimate_options *e, struct tb_err *err)
{
	static const enum tb_meter wholes[] = {TB_INPUT, TB_OUTPUT};
	uint64_t any = 0;

	for (size_t i = 0; i < sizeof(wholes) / sizeof(wholes[0]); i++) {
		tb_u128 parts = sum_of_parts(e, wholes[i]);

		if (parts > e->typed[wholes[i]])
			return refuse_parts(parts, wholes[i], e, err);
	}
	for (int m = 0; m < TB_METERS; m++)
		any |= e->typed[m];
	if (!any && !e->prompt_name_count)
		return tb_fail(err, TB_USAGE,
			       "nothing to price; type --input N, --output N or both");
	return TB_OK;
}

static enum tb_status count_requests(struct tb_estimate_options *e, struct tb_err *err)
{
	const uint64_t *n = e->typed;
	tb_u128 total = e->is_typed[TB_TYPED_REQUESTS] ? n[TB_TYPED_REQUESTS] : 1;

	if (e->is_typed[TB_TYPED_DAYS] && !e->is_typed[TB_TYPED_PER_DAY])
		return tb_fail(err, TB_USAGE, "--days needs --per-day N, the requests of a day");
	if (e->is_typed[TB_TYPED_PER_DAY] && e->is_typed[TB_TYPED_REQUESTS])
		return tb_fail(err, TB_USAGE,
			       "--requests and --per-day: type one of them; --per-day N --days D "
			       "are N x D requests");
	if (e->is_typed[TB_TYPED_PER_DAY])
		total = (tb_u128)n[TB_TYPED_PER_DAY] *
			(e->is_typed[TB_TYPED_DAYS] ? n[TB_TYPED_DAYS] : TB_DAYS_DEFAULT);
	if (total > INT64_MAX)
		return tb_fail(err, TB_USAGE, "more than 9223372036854775807 requests");
	e->requests = (uint64_t)total;
	return TB_OK;
}

bool tb_estimate_output(const struct tb_estimate_options *e, tb_u128 input, uint64_t *output)
{
	const unsigned whole = 100;
	tb_u128 tokens = (input * e->output_percent + whole - 1) / whole;

	*output = (uint64_t)tokens;
	return tokens <= INT64_MAX;
}

static void build_request(struct tb_estimate_options *e, int32_t today)
{
	e->request = (struct tb_usage){.instant = e->has_instant ? e->when.seconds
								 : (int64_t)today * TB_DAY_SECONDS,
				       .date_only = !e->has_instant || e->when.form == TB_TIME_DATE,
				       .tier = e->tier,
				       .context = e->context,
				       .region = e->region ? tb_span_of(e->region) : TB_NO_SPAN,
				       .requests = 1};
	for (int m = 0; m < TB_METERS; m++)
		e->request.tokens[m] = e->typed[m];
	e->request.tokens[TB_INPUT] -= (uint64_t)sum_of_parts(e, TB_INPUT);
	e->request.tokens[TB_OUTPUT] -= (uint64_t)sum_of_parts(e, TB_OUTPUT);
}

enum tb_status tb_estimate_check(struct tb_estimate_options *e, int32_t today, struct tb_err *err)
{
	TB_TRY(check_models(e, err));
	TB_TRY(check_prompts(e, err));
	TB_TRY(check_parts(e, err));
	TB_TRY(count_requests(e, err));
	build_request(e, today);
	if (e->output_percent &&
	    !tb_estimate_output(e, e->typed[TB_INPUT], &e->request.tokens[TB_OUTPUT]))
		return tb_fail(err, TB_USAGE,
			       "--output-ratio: more than 9223372036854775807 tokens");
	return TB_OK;
}
