#include "cli/estimate_options.h"

#include "base/civil.h"
#include "base/quantity.h"

#include <inttypes.h>
#include <string.h>

static const char *const typed_names[TB_TYPED] = {
	[TB_TYPED_INPUT] = "input",
	[TB_TYPED_CACHED_READ] = "cached-read",
	[TB_TYPED_CACHE_WRITE] = "cache-write",
	[TB_TYPED_CACHE_WRITE_1H] = "cache-write-1h",
	[TB_TYPED_OUTPUT] = "output",
	[TB_TYPED_REASONING] = "reasoning",
	[TB_TYPED_WEB_SEARCHES] = "web-searches",
	[TB_TYPED_REQUESTS] = "requests",
	[TB_TYPED_PER_DAY] = "per-day",
	[TB_TYPED_DAYS] = "days",
};

/* ---- options ---- */

static enum tb_status take_typed(void *ctx, enum tb_typed t, const char *value, struct tb_err *err)
{
	struct tb_estimate_options *e = ctx;
	const char *why = tb_quantity_parse(tb_span_of(value), &e->typed[t]);

	e->is_typed[t] = true;
	return why ? tb_bad_value(typed_names[t], value, why, err) : TB_OK;
}

static enum tb_status take_input(void *ctx, const char *value, struct tb_err *err)
{
	return take_typed(ctx, TB_TYPED_INPUT, value, err);
}

static enum tb_status take_cached_read(void *ctx, const char *value, struct tb_err *err)
{
	return take_typed(ctx, TB_TYPED_CACHED_READ, value, err);
}

static enum tb_status take_cache_write(void *ctx, const char *value, struct tb_err *err)
{
	return take_typed(ctx, TB_TYPED_CACHE_WRITE, value, err);
}

static enum tb_status take_cache_write_1h(void *ctx, const char *value, struct tb_err *err)
{
	return take_typed(ctx, TB_TYPED_CACHE_WRITE_1H, value, err);
}

static enum tb_status take_output_tokens(void *ctx, const char *value, struct tb_err *err)
{
	return take_typed(ctx, TB_TYPED_OUTPUT, value, err);
}

static enum tb_status take_reasoning(void *ctx, const char *value, struct tb_err *err)
{
	return take_typed(ctx, TB_TYPED_REASONING, value, err);
}

static enum tb_status take_web_searches(void *ctx, const char *value, struct tb_err *err)
{
	return take_typed(ctx, TB_TYPED_WEB_SEARCHES, value, err);
}

static enum tb_status take_requests(void *ctx, const char *value, struct tb_err *err)
{
	return take_typed(ctx, TB_TYPED_REQUESTS, value, err);
}

static enum tb_status take_per_day(void *ctx, const char *value, struct tb_err *err)
{
	return take_typed(ctx, TB_TYPED_PER_DAY, value, err);
}

static enum tb_status take_days(void *ctx, const char *value, struct tb_err *err)
{
	return take_typed(ctx, TB_TYPED_DAYS, value, err);
}

static enum tb_status take_model(void *ctx, const char *value, struct tb_err *err)
{
	struct tb_estimate_options *e = ctx;

	if (e->model_count == TB_ESTIMATE_MODELS_MAX)
		return tb_bad_value("model", value,
				    "more than 256 of them; type a pattern or --all", err);
	e->models[e->model_count++] = value;
	return TB_OK;
}

TB_FLAG_TAKER(take_all, struct tb_estimate_options, all)

static enum tb_status take_tier(void *ctx, const char *value, struct tb_err *err)
{
	for (int t = 0; t < TB_TIERS; t++)
		if (strcmp(value, tb_tiers[t].name) == 0) {
			((struct tb_estimate_options *)ctx)->tier = (enum tb_tier)t;
			return TB_OK;
		}
	return tb_bad_value("tier", value, "not one of standard, batch, flex, priority", err);
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

	e->when = tb_time_parse(tb_span_of(value));
	e->has_instant = true;
	return e->when.form == TB_TIME_BAD
		       ? tb_bad_value("on", value,
				      "not a date such as 2026-04-01, nor an instant such as "
				      "2026-04-01T16:00:00Z",
				      err)
		       : TB_OK;
}

static enum tb_status take_budget(void *ctx, const char *value, struct tb_err *err)
{
	struct tb_estimate_options *e = ctx;

	e->has_budget = true;
	return tb_take_budget(value, &e->budget, err);
}

static const struct tb_option rows[] = {
	{'m', "model", "MODEL",
	 "a model, an alias, or a pattern such as 'claude-*'; may be repeated", NULL, true,
	 take_model},
	{'\0', "all", NULL, "compare all models of the rates", NULL, false, take_all},
	{'\0', "input", "N",
	 "input tokens of one request, cached and written ones included|"
	 "(N may be 1200, 300k, 2.5M, 1e6)",
	 NULL, false, take_input},
	{'\0', "cached-read", "N", "how many of them are read from a cache", NULL, false,
	 take_cached_read},
	{'\0', "cache-write", "N", "how many of them are written to one (for 5 minutes)", NULL,
	 false, take_cache_write},
	{'\0', "cache-write-1h", "N", "how many of them are written to one for an hour", NULL,
	 false, take_cache_write_1h},
	{'\0', "output", "N", "output tokens of one request, reasoning included", NULL, false,
	 take_output_tokens},
	{'\0', "reasoning", "N", "how many of them are reasoning", NULL, false, take_reasoning},
	{'\0', "web-searches", "N", "web searches of one request", NULL, false, take_web_searches},
	{'\0', "requests", "N", "how many such requests (default: 1)", NULL, false, take_requests},
	{'\0', "per-day", "N", "how many a day, for --days days", NULL, false, take_per_day},
	{'\0', "days", "N", "with --per-day (default: 30)", NULL, false, take_days},
	{'\0', "tier", "TIER", "standard (default), batch, flex or priority",
	 "standard batch flex priority", false, take_tier},
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

const struct tb_option_group tb_estimate_option_groups[] = {
	{rows, 0},
	{tb_rates_options, offsetof(struct tb_estimate_options, rates)},
	{tb_output_option_rows, offsetof(struct tb_estimate_options, output)},
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
	if (e->all && e->model_count)
		return tb_fail(err, TB_USAGE,
			       "--all and -m: --all names every model; leave out -m");
	if (!e->all && !e->model_count)
		return tb_fail(err, TB_USAGE,
			       "no model given; type -m MODEL, such as -m gpt-4o-mini, or --all");
	return TB_OK;
}

/* `parts` tokens of kinds that belong to a whole which they exceed. */
static enum tb_status refuse_parts(const char *kinds, tb_u128 parts, enum tb_typed whole,
				   const struct tb_estimate_options *e, struct tb_err *err)
{
	char sum[TB_COUNT_TEXT], total[TB_COUNT_TEXT];

	tb_count_text(parts, '\0', sum);
	tb_count_text(parts + e->typed[whole], '\0', total);
	return tb_fail(err, TB_USAGE,
		       "%s: %s tokens, which are part of --%s, and that is %" PRIu64
		       "; if they come on top of it, type --%s %s",
		       kinds, sum, typed_names[whole], e->typed[whole], typed_names[whole], total);
}

static enum tb_status check_parts(const struct tb_estimate_options *e, struct tb_err *err)
{
	const uint64_t *n = e->typed;
	tb_u128 cached = (tb_u128)n[TB_TYPED_CACHED_READ] + n[TB_TYPED_CACHE_WRITE] +
			 n[TB_TYPED_CACHE_WRITE_1H];

	if (cached > n[TB_TYPED_INPUT])
		return refuse_parts("--cached-read, --cache-write and --cache-write-1h", cached,
				    TB_TYPED_INPUT, e, err);
	if (n[TB_TYPED_REASONING] > n[TB_TYPED_OUTPUT])
		return refuse_parts("--reasoning", n[TB_TYPED_REASONING], TB_TYPED_OUTPUT, e, err);
	if (!n[TB_TYPED_INPUT] && !n[TB_TYPED_OUTPUT] && !n[TB_TYPED_WEB_SEARCHES])
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

static void build_request(struct tb_estimate_options *e, int32_t today)
{
	const uint64_t *n = e->typed;

	e->request = (struct tb_usage){
		.instant = e->has_instant ? e->when.seconds : (int64_t)today * TB_DAY_SECONDS,
		.date_only = !e->has_instant || e->when.form == TB_TIME_DATE,
		.tier = e->tier,
		.context = e->context,
		.region = e->region ? tb_span_of(e->region) : TB_NO_SPAN,
		.requests = 1,
		.tokens = {[TB_INPUT] = n[TB_TYPED_INPUT] - n[TB_TYPED_CACHED_READ] -
					n[TB_TYPED_CACHE_WRITE] - n[TB_TYPED_CACHE_WRITE_1H],
			   [TB_CACHED_READ] = n[TB_TYPED_CACHED_READ],
			   [TB_CACHE_WRITE] = n[TB_TYPED_CACHE_WRITE],
			   [TB_CACHE_WRITE_1H] = n[TB_TYPED_CACHE_WRITE_1H],
			   [TB_OUTPUT] = n[TB_TYPED_OUTPUT] - n[TB_TYPED_REASONING],
			   [TB_REASONING] = n[TB_TYPED_REASONING],
			   [TB_WEB_SEARCH] = n[TB_TYPED_WEB_SEARCHES]}};
}

enum tb_status tb_estimate_check(struct tb_estimate_options *e, int32_t today, struct tb_err *err)
{
	TB_TRY(check_models(e, err));
	TB_TRY(check_parts(e, err));
	TB_TRY(count_requests(e, err));
	build_request(e, today);
	return TB_OK;
}
