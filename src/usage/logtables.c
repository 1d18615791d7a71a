/* The exports of vendors and gateways, one table each. */
#include "usage/logformat.h"

/* Tiers and contexts as vendors call them; they mean nothing in other logs. */
static const struct tb_logword tier_words[] = {
	{"standard", TB_STANDARD},
	{"default", TB_STANDARD},
	{"auto", TB_STANDARD},
	{"batch", TB_BATCH},
	{"flex", TB_FLEX},
	{"flex-tier", TB_FLEX},
	{"priority", TB_PRIORITY},
	{"incentivized-tier", TB_WORD_UNPRICED},
	{"priority_on_demand", TB_WORD_UNPRICED},
	{"flex_discount", TB_WORD_UNPRICED},
	{0},
};

static const struct tb_logword context_words[] = {
	{"base", TB_BASE},   {"long", TB_LONG},    {"\xe2\x89\xa4 200k", TB_BASE},
	{"0-200k", TB_BASE}, {"200k-1M", TB_LONG}, {0},
};

/* ---- OpenAI ---- */

/*
 * Input counts contain the cached ones; those by kind of content (text, audio, image) only split
 * them. Images cost as much as text going in; audio, and images coming out, have prices of their
 * own that no rate file gives.
 */
static const struct tb_logcolumn openai[] = {
	{.name = "start_time", .field = TB_FIELD_TIME, .signs = 2},
	{.name = "start_time_iso", .field = TB_FIELD_TIME, .signs = 1},
	{.name = "end_time_iso", .field = TB_ALL_FIELDS, .signs = 1},
	{.name = "end_time", .field = TB_ALL_FIELDS, .signs = 2},
	{.name = "model", .field = TB_FIELD_MODEL},
	{.name = "input_tokens", .field = TB_FIELD_INPUT},
	{.name = "input_cached_tokens", .field = TB_FIELD_CACHED_READ},
	{.name = "input_cache_write_tokens", .field = TB_FIELD_CACHE_WRITE},
	{.name = "input_uncached_tokens", .field = TB_FIELD_UNCACHED},
	{.name = "output_tokens", .field = TB_FIELD_OUTPUT},
	{.name = "batch", .field = TB_FIELD_BATCH},
	{.name = "service_tier", .field = TB_FIELD_SERVICE_TIER, .words = tier_words},
	{.name = "num_model_requests", .field = TB_FIELD_REQUESTS, .signs = 2},
	{.name = "input_audio_tokens", .field = TB_FIELD_UNPRICED},
	{.name = "input_cached_audio_tokens", .field = TB_FIELD_UNPRICED},
	{.name = "output_audio_tokens", .field = TB_FIELD_UNPRICED},
	{.name = "output_image_tokens", .field = TB_FIELD_UNPRICED},
	{0},
};

/* ---- Anthropic ---- */

static const struct tb_logword geo_words[] = {{"global", 0}, {"not_available", 0}, {0}};
static const struct tb_logword speed_words[] = {
	{"standard", 0}, {"not_available", 0}, {"fast", TB_WORD_UNPRICED}, {0}};

static const struct tb_logcolumn anthropic[] = {
	{.name = "usage_date_utc", .field = TB_FIELD_TIME, .signs = 1},
	{.name = "model_version", .field = TB_FIELD_MODEL, .signs = 1},
	{.name = "usage_input_tokens_no_cache", .field = TB_FIELD_INPUT, .signs = 1},
	{.name = "usage_input_tokens_cache_read", .field = TB_FIELD_CACHED_READ},
	{.name = "usage_input_tokens_cache_write_5m", .field = TB_FIELD_CACHE_WRITE},
	{.name = "usage_input_tokens_cache_write_1h", .field = TB_FIELD_CACHE_WRITE_1H},
	{.name = "usage_input_tokens_cache_write", .field = TB_FIELD_CACHE_WRITE},
	{.name = "usage_output_tokens", .field = TB_FIELD_OUTPUT, .signs = 1},
	{.name = "usage_type", .field = TB_FIELD_SERVICE_TIER, .words = tier_words},
	{.name = "context_window", .field = TB_FIELD_CONTEXT, .words = context_words},
	{.name = "inference_geo", .field = TB_FIELD_REGION, .words = geo_words},
	{.name = "web_search_count", .field = TB_FIELD_WEB_SEARCHES},
	{.name = "speed", .field = TB_FIELD_VARIANT, .words = speed_words},
	{0},
};

#define ANTHROPIC_BEHIND_INPUT(sets)                                                               \
	{.name = "cache_creation.ephemeral_5m_input_tokens", .field = TB_FIELD_CACHE_WRITE},       \
		{.name = "cache_creation.ephemeral_1h_input_tokens",                               \
		 .field = TB_FIELD_CACHE_WRITE_1H},                                                \
		{.name = "output_tokens", .field = TB_FIELD_OUTPUT, .signs = (sets)},              \
		{.name = "service_tier", .field = TB_FIELD_SERVICE_TIER, .words = tier_words},     \
		{.name = "context_window", .field = TB_FIELD_CONTEXT, .words = context_words},     \
		{.name = "inference_geo", .field = TB_FIELD_REGION, .words = geo_words},           \
		{.name = "web_search_requests", .field = TB_FIELD_WEB_SEARCHES},                   \
		{.name = "server_tool_use.web_search_requests", .field = TB_FIELD_WEB_SEARCHES},   \
		{.name = "speed", .field = TB_FIELD_VARIANT, .words = speed_words},                \
	{                                                                                          \
		0                                                                                  \
	}

/* The names of the API: of a message's `usage`. */
static const struct tb_logcolumn anthropic_api[] = {
	{.name = "input_tokens", .field = TB_FIELD_INPUT, .signs = 1 | 2 | 4},
	{.name = "cache_read_input_tokens", .field = TB_FIELD_CACHED_READ, .signs = 1},
	{.name = "cache_creation_input_tokens", .field = TB_FIELD_WRITES, .signs = 2},
	{.name = "ephemeral_5m_input_tokens", .field = TB_FIELD_CACHE_WRITE, .signs = 4},
	{.name = "ephemeral_1h_input_tokens", .field = TB_FIELD_CACHE_WRITE_1H},
	ANTHROPIC_BEHIND_INPUT(1 | 2 | 4),
};

/* Buckets of the usage report: each sums requests, and does not say how many. */
static const struct tb_logcolumn anthropic_admin[] = {
	{.name = "starting_at", .field = TB_FIELD_TIME},
	{.name = "uncached_input_tokens", .field = TB_FIELD_INPUT, .signs = 1},
	{.name = "cache_read_input_tokens", .field = TB_FIELD_CACHED_READ},
	{.name = "cache_creation_input_tokens", .field = TB_FIELD_WRITES},
	ANTHROPIC_BEHIND_INPUT(1),
};

/* ---- OpenRouter ---- */

static const struct tb_logword variant_words[] = {
	{"standard", 0},
	{"free", TB_WORD_UNPRICED},
	{"nitro", TB_WORD_UNPRICED},
	{"floor", TB_WORD_UNPRICED},
	{"online", TB_WORD_UNPRICED},
	{"extended", TB_WORD_UNPRICED},
	{"thinking", TB_WORD_UNPRICED},
	{"exacto", TB_WORD_UNPRICED},
	{0},
};

static const struct tb_logcolumn openrouter[] = {
	{.name = "created_at", .field = TB_FIELD_TIME, .signs = 1},
	{.name = "model_permaslug", .field = TB_FIELD_MODEL, .signs = 1},
	{.name = "generation_id", .field = TB_FIELD_ID, .signs = 1},
	{.name = "tokens_prompt", .field = TB_FIELD_INPUT, .signs = 1},
	{.name = "tokens_cached", .field = TB_FIELD_CACHED_READ},
	{.name = "tokens_completion", .field = TB_FIELD_OUTPUT, .signs = 1},
	{.name = "tokens_reasoning", .field = TB_FIELD_REASONING},
	{.name = "variant", .field = TB_FIELD_VARIANT, .words = variant_words},
	{.name = "cancelled", .field = TB_FIELD_CANCELLED},
	{.name = "cost_total", .field = TB_FIELD_REPORTED},
	{.name = "byok_usage_inference", .field = TB_FIELD_MORE_REPORTED},
	{.name = "cost_web_search", .field = TB_FIELD_FEES},
	{.name = "cost_file_processing", .field = TB_FIELD_FEES},
	{0},
};

/* ---- Cursor ---- */

static const struct tb_logword not_charged_words[] = {
	{"Errored, No Charge", true}, {"Aborted, Not Charged", true}, {0}};

static const struct tb_logcolumn cursor[] = {
	{.name = "Kind", .field = TB_FIELD_NOT_CHARGED, .words = not_charged_words},
	{.name = "Date", .field = TB_FIELD_TIME, .signs = 1},
	{.name = "Model", .field = TB_FIELD_MODEL, .signs = 1},
	{.name = "Input (w/ Cache Write)", .field = TB_FIELD_WITH_WRITES, .signs = 1},
	{.name = "Input (w/o Cache Write)", .field = TB_FIELD_INPUT, .signs = 1},
	{.name = "Cache Read", .field = TB_FIELD_CACHED_READ, .signs = 1},
	{.name = "Output Tokens", .field = TB_FIELD_OUTPUT, .signs = 1},
	{.name = "Total Tokens", .field = TB_FIELD_TOTAL},
	{.name = "Cost", .field = TB_FIELD_REPORTED},
	{0},
};

static const struct tb_logcolumn cursor_aggregated[] = {
	{.name = "Model", .field = TB_FIELD_MODEL, .signs = 1},
	{.name = "Request Count", .field = TB_FIELD_REQUESTS, .signs = 1},
	{.name = "Input (w/ Cache Write)", .field = TB_FIELD_WITH_WRITES, .signs = 1},
	{.name = "Input (w/o Cache Write)", .field = TB_FIELD_INPUT, .signs = 1},
	{.name = "Cache Read", .field = TB_FIELD_CACHED_READ, .signs = 1},
	{.name = "Output Tokens", .field = TB_FIELD_OUTPUT, .signs = 1},
	{.name = "Total Tokens", .field = TB_FIELD_TOTAL},
	{.name = "Cost ($)", .field = TB_FIELD_REPORTED},
	{0},
};

/* ---- DeepSeek ---- */

static const struct tb_logword class_words[] = {
	{"input_cache_hit_tokens", TB_FIELD_CACHED_READ},
	{"input_cache_miss_tokens", TB_FIELD_INPUT},
	{"output_tokens", TB_FIELD_OUTPUT},
	{"request_count", TB_FIELD_REQUESTS},
	{0},
};

static const struct tb_logcolumn deepseek[] = {
	{.name = "start_time_iso", .field = TB_FIELD_TIME, .signs = 1},
	{.name = "utc_date", .field = TB_FIELD_TIME, .signs = 2},
	{.name = "model", .field = TB_FIELD_MODEL, .signs = 1 | 2},
	{.name = "type", .field = TB_FIELD_CLASS, .signs = 1 | 2, .words = class_words},
	{.name = "amount", .field = TB_FIELD_AMOUNT, .signs = 1 | 2},
	{.name = "price", .field = TB_FIELD_UNIT_PRICE, .signs = 1 | 2},
	{0},
};

/* ---- LiteLLM ---- */

static const struct tb_logword cache_hit_words[] = {
	{"true", true}, {"hit", true}, {"false", false}, {"miss", false}, {"none", false}, {0}};

#define LITELLM_WORD(place, what, list)                                                            \
	{                                                                                          \
		.name = "metadata", .path = (place), .field = (what), .words = (list)              \
	}
#define LITELLM_AT(place, what) LITELLM_WORD(place, what, NULL)

/* A cached count stands in one place or another, by version and by vendor. */
#define LITELLM_USAGE(at)                                                                          \
	LITELLM_AT(at ".prompt_tokens", TB_FIELD_ALL_INPUT),                                       \
		LITELLM_AT(at ".completion_tokens", TB_FIELD_ALL_OUTPUT),                          \
		LITELLM_AT(at ".cache_read_input_tokens", TB_FIELD_CACHED_READ),                   \
		LITELLM_AT(at ".prompt_tokens_details.cached_tokens", TB_FIELD_CACHED_READ),       \
		LITELLM_AT(at ".input_tokens_details.cached_tokens", TB_FIELD_CACHED_READ),        \
		LITELLM_AT(at ".prompt_tokens_details.cache_write_tokens", TB_FIELD_WRITES),       \
		LITELLM_AT(at ".input_tokens_details.cache_write_tokens", TB_FIELD_WRITES),        \
		LITELLM_AT(at ".input_tokens_details.cache_creation_tokens", TB_FIELD_WRITES),     \
		LITELLM_AT(at ".cache_creation_input_tokens", TB_FIELD_WRITES),                    \
		LITELLM_AT(at ".prompt_tokens_details.cache_creation_tokens", TB_FIELD_WRITES),    \
		LITELLM_AT(at ".prompt_tokens_details.cache_creation_token_details"                \
			      ".ephemeral_5m_input_tokens",                                        \
			   TB_FIELD_CACHE_WRITE),                                                  \
		LITELLM_AT(at ".prompt_tokens_details.cache_creation_token_details"                \
			      ".ephemeral_1h_input_tokens",                                        \
			   TB_FIELD_CACHE_WRITE_1H),                                               \
		LITELLM_AT(at ".completion_tokens_details.reasoning_tokens", TB_FIELD_REASONING),  \
		LITELLM_AT(at ".output_tokens_details.reasoning_tokens", TB_FIELD_REASONING),      \
		LITELLM_AT(at ".input_tokens_details.audio_tokens", TB_FIELD_UNPRICED),            \
		LITELLM_AT(at ".output_tokens_details.audio_tokens", TB_FIELD_UNPRICED),           \
		LITELLM_AT(at ".prompt_tokens_details.audio_tokens", TB_FIELD_UNPRICED),           \
		LITELLM_AT(at ".completion_tokens_details.audio_tokens", TB_FIELD_UNPRICED),       \
		LITELLM_AT(at ".completion_tokens_details.image_tokens", TB_FIELD_UNPRICED),       \
		LITELLM_AT(at ".server_tool_use.web_search_requests", TB_FIELD_WEB_SEARCHES),      \
		LITELLM_AT(at ".prompt_tokens_details.web_search_requests",                        \
			   TB_FIELD_WEB_SEARCHES),                                                 \
		LITELLM_WORD(at ".service_tier", TB_FIELD_SERVICE_TIER, tier_words),               \
		LITELLM_WORD(at ".inference_geo", TB_FIELD_REGION, geo_words),                     \
		LITELLM_WORD(at ".speed", TB_FIELD_VARIANT, speed_words)

static const struct tb_logcolumn litellm[] = {
	{.name = "startTime", .field = TB_FIELD_TIME, .signs = 1},
	{.name = "model", .field = TB_FIELD_MODEL, .signs = 1},
	{.name = "request_id", .field = TB_FIELD_ID},
	{.name = "prompt_tokens", .field = TB_FIELD_INPUT, .signs = 1},
	{.name = "completion_tokens", .field = TB_FIELD_OUTPUT, .signs = 1},
	LITELLM_USAGE("usage_object"),
	LITELLM_USAGE("additional_usage_values"),
	{.name = "total_tokens", .field = TB_FIELD_TOTAL},
	{.name = "cache_hit", .field = TB_FIELD_ANSWERED, .words = cache_hit_words},
	{.name = "spend", .field = TB_FIELD_REPORTED, .signs = 1},
	{0},
};

/* ---- Helicone ---- */

static const struct tb_logcolumn helicone[] = {
	{.name = "request_created_at", .field = TB_FIELD_TIME, .signs = 1},
	{.name = "model", .field = TB_FIELD_MODEL, .signs = 1},
	{.name = "response_id", .field = TB_FIELD_ID, .signs = 1},
	{.name = "prompt_tokens", .field = TB_FIELD_INPUT, .signs = 1},
	{.name = "completion_tokens", .field = TB_FIELD_OUTPUT, .signs = 1},
	{.name = "cost", .field = TB_FIELD_REPORTED},
	{0},
};

/* ---- Langfuse ---- */

#define LANGFUSE_USAGE(key, what)                                                                  \
	{                                                                                          \
		.name = "usageDetails", .field = (what), .path = (key)                             \
	}

/* Since version 3 the counts are in usageDetails, disjoint; the sums beside it are all there was
 * before, and know nothing of caches. */
static const struct tb_logcolumn langfuse[] = {
	{.name = "startTime", .field = TB_FIELD_TIME, .signs = 1 | 2 | 4},
	{.name = "model", .field = TB_FIELD_MODEL},
	{.name = "providedModelName", .field = TB_FIELD_MODEL},
	{.name = "id", .field = TB_FIELD_ID, .signs = 1 | 2 | 4},
	{.name = "traceId", .field = TB_ALL_FIELDS, .signs = 1 | 2 | 4},
	{.name = "usageDetails", .field = TB_ALL_FIELDS, .signs = 1},
	LANGFUSE_USAGE("input", TB_FIELD_INPUT),
	LANGFUSE_USAGE("input_tokens", TB_FIELD_INPUT),
	LANGFUSE_USAGE("prompt_tokens", TB_FIELD_INPUT),
	LANGFUSE_USAGE("input_cached_tokens", TB_FIELD_CACHED_READ),
	LANGFUSE_USAGE("input_cache_read", TB_FIELD_CACHED_READ),
	LANGFUSE_USAGE("cache_read_input_tokens", TB_FIELD_CACHED_READ),
	LANGFUSE_USAGE("input_cache_creation", TB_FIELD_WRITES),
	LANGFUSE_USAGE("cache_creation_input_tokens", TB_FIELD_WRITES),
	LANGFUSE_USAGE("input_cache_write", TB_FIELD_WRITES),
	LANGFUSE_USAGE("cache_write_tokens", TB_FIELD_WRITES),
	LANGFUSE_USAGE("input_cache_creation_5m", TB_FIELD_CACHE_WRITE),
	LANGFUSE_USAGE("input_cache_creation_1h", TB_FIELD_CACHE_WRITE_1H),
	LANGFUSE_USAGE("output", TB_FIELD_OUTPUT),
	LANGFUSE_USAGE("output_tokens", TB_FIELD_OUTPUT),
	LANGFUSE_USAGE("completion_tokens", TB_FIELD_OUTPUT),
	LANGFUSE_USAGE("output_reasoning_tokens", TB_FIELD_REASONING),
	LANGFUSE_USAGE("reasoning_tokens", TB_FIELD_REASONING),
	LANGFUSE_USAGE("output_reasoning", TB_FIELD_REASONING),
	LANGFUSE_USAGE("input_audio_tokens", TB_FIELD_UNPRICED),
	LANGFUSE_USAGE("output_audio_tokens", TB_FIELD_UNPRICED),
	LANGFUSE_USAGE("total", TB_FIELD_TOTAL),
	LANGFUSE_USAGE("total_tokens", TB_FIELD_TOTAL),
	LANGFUSE_USAGE("web_search_requests", TB_FIELD_WEB_SEARCHES),
	LANGFUSE_USAGE("web_searches", TB_FIELD_WEB_SEARCHES),
	LANGFUSE_USAGE("*", TB_FIELD_UNPRICED),
	{.name = "inputUsage", .field = TB_FIELD_INPUT, .signs = 2},
	{.name = "inputUsage", .field = TB_FIELD_ALL_INPUT},
	{.name = "outputUsage", .field = TB_FIELD_OUTPUT, .signs = 2},
	{.name = "outputUsage", .field = TB_FIELD_ALL_OUTPUT},
	{.name = "totalUsage", .field = TB_FIELD_TOTAL},
	{.name = "promptTokens", .field = TB_FIELD_INPUT, .signs = 4},
	{.name = "completionTokens", .field = TB_FIELD_OUTPUT, .signs = 4},
	{.name = "totalTokens", .field = TB_FIELD_TOTAL},
	{.name = "totalCost", .field = TB_FIELD_REPORTED},
	{0},
};

/* ---- Google and xAI: reasoning is not part of the output count ---- */

static const struct tb_logcolumn google[] = {
	{.name = "promptTokenCount", .field = TB_FIELD_INPUT, .signs = 1},
	{.name = "prompt_token_count", .field = TB_FIELD_INPUT, .signs = 2},
	{.name = "toolUsePromptTokenCount", .field = TB_FIELD_MORE_INPUT},
	{.name = "tool_use_prompt_token_count", .field = TB_FIELD_MORE_INPUT},
	{.name = "cachedContentTokenCount", .field = TB_FIELD_CACHED_READ},
	{.name = "cached_content_token_count", .field = TB_FIELD_CACHED_READ},
	{.name = "candidatesTokenCount", .field = TB_FIELD_OUTPUT, .signs = 1},
	{.name = "candidates_token_count", .field = TB_FIELD_OUTPUT, .signs = 2},
	{.name = "thoughtsTokenCount", .field = TB_FIELD_REASONING},
	{.name = "thoughts_token_count", .field = TB_FIELD_REASONING},
	{.name = "totalTokenCount", .field = TB_FIELD_TOTAL},
	{.name = "total_token_count", .field = TB_FIELD_TOTAL},
	{.name = "modelVersion", .field = TB_FIELD_MODEL},
	{.name = "model_version", .field = TB_FIELD_MODEL},
	{0},
};

static const struct tb_logcolumn xai[] = {
	{.name = "prompt_tokens", .field = TB_FIELD_INPUT, .signs = 1 | 2},
	{.name = "cached_prompt_text_tokens", .field = TB_FIELD_CACHED_READ, .signs = 1},
	{.name = "completion_tokens", .field = TB_FIELD_OUTPUT, .signs = 1 | 2},
	{.name = "reasoning_tokens", .field = TB_FIELD_REASONING, .signs = 1 | 2},
	{.name = "num_sources_used", .field = TB_ALL_FIELDS, .signs = 2},
	{.name = "total_tokens", .field = TB_FIELD_TOTAL},
	{0},
};

/* ---- exports that hold no usage ---- */

static const struct tb_logcolumn openai_costs[] = {
	{.name = "amount_value", .field = TB_ALL_FIELDS, .signs = 1},
	{.name = "line_item", .field = TB_ALL_FIELDS, .signs = 1},
	{.name = "start_time", .field = TB_ALL_FIELDS},
	{.name = "end_time", .field = TB_ALL_FIELDS},
	{.name = "start_time_iso", .field = TB_ALL_FIELDS},
	{.name = "end_time_iso", .field = TB_ALL_FIELDS},
	{.name = "amount_currency", .field = TB_ALL_FIELDS},
	{.name = "project_id", .field = TB_ALL_FIELDS},
	{0},
};

static const struct tb_logcolumn deepseek_cost[] = {
	{.name = "wallet_type", .field = TB_ALL_FIELDS, .signs = 1},
	{.name = "cost", .field = TB_ALL_FIELDS, .signs = 1},
	{.name = "start_time_iso", .field = TB_ALL_FIELDS},
	{.name = "end_time_iso", .field = TB_ALL_FIELDS},
	{.name = "model", .field = TB_ALL_FIELDS},
	{0},
};

static const struct tb_logcolumn litellm_daily[] = {
	{.name = "Team", .field = TB_ALL_FIELDS, .signs = 1},
	{.name = "Spend ($)", .field = TB_ALL_FIELDS, .signs = 1},
	{.name = "Requests", .field = TB_ALL_FIELDS, .signs = 1},
	{0},
};

static const struct tb_logcolumn langfuse_traces[] = {
	{.name = "observationCount", .field = TB_ALL_FIELDS, .signs = 1},
	{.name = "sessionId", .field = TB_ALL_FIELDS, .signs = 1},
	{0},
};

#define FORMAT(variable, ...)                                                                      \
	static const struct tb_logformat variable##_format = {.columns = variable, __VA_ARGS__}

FORMAT(openai, .name = "openai", .title = "OpenAI completions usage export",
       .base = &tb_log_tokbill, .conventions = TB_LOG_IDLE_ROWS | TB_LOG_FLOAT_TIMES,
       .note = "audio tokens and image output have no price here: such rows are set aside");
FORMAT(anthropic, .name = "anthropic", .title = "Anthropic Console usage export",
       .conventions = TB_LOG_CACHED_APART | TB_LOG_SUMS);
FORMAT(anthropic_api, .name = "anthropic-api", .title = "Anthropic API usage fields",
       .base = &tb_log_tokbill, .conventions = TB_LOG_CACHED_APART);
FORMAT(anthropic_admin, .name = "anthropic-admin", .title = "Anthropic Admin API usage report",
       .base = &tb_log_tokbill, .conventions = TB_LOG_CACHED_APART | TB_LOG_SUMS);
FORMAT(openrouter, .name = "openrouter", .title = "OpenRouter activity export",
       .conventions = TB_LOG_VENDOR_PREFIX,
       .note = "variants other than standard have prices of their own: such rows are set aside");
FORMAT(cursor, .name = "cursor", .title = "Cursor usage events",
       .conventions = TB_LOG_CACHED_APART | TB_LOG_GROUPED | TB_LOG_EMPTY_ROWS,
       .note = "Total Tokens tells whether the input with cache writes contains the one without");
FORMAT(cursor_aggregated, .name = "cursor-aggregated", .title = "Cursor usage by model",
       .conventions = TB_LOG_CACHED_APART | TB_LOG_GROUPED | TB_LOG_EMPTY_ROWS,
       .note = "has no dates: --on-date says which day its rows are billed on");
FORMAT(deepseek, .name = "deepseek", .title = "DeepSeek amount export",
       .conventions = TB_LOG_CACHED_APART | TB_LOG_SUMS,
       .note = "a row holds one class of tokens; requests are counted by rows of their own");
FORMAT(litellm, .name = "litellm", .title = "LiteLLM spend logs",
       .conventions = TB_LOG_VENDOR_PREFIX | TB_LOG_IDLE_ROWS | TB_LOG_TOTAL_DECIDES,
       .note = "rows answered from the gateway's own cache are no usage");
FORMAT(helicone, .name = "helicone", .title = "Helicone request export",
       .conventions = TB_LOG_VENDOR_PREFIX | TB_LOG_BLANK_IS_ZERO | TB_LOG_IDLE_ROWS,
       .note = "does not tell cached input, which is billed as plain input");
FORMAT(langfuse, .name = "langfuse", .title = "Langfuse observations export",
       .conventions = TB_LOG_CACHED_APART | TB_LOG_REASONING_ADDED | TB_LOG_VENDOR_PREFIX |
		      TB_LOG_IDLE_ROWS | TB_LOG_JSON_TEXTS | TB_LOG_TOTAL_DECIDES |
		      TB_LOG_TOTAL_OF_ALL,
       .note = "observations without a model and tokens are no usage");
FORMAT(google, .name = "google", .title = "Google usage metadata", .base = &tb_log_tokbill,
       .conventions = TB_LOG_REASONING_ADDED | TB_LOG_BLANK_IS_ZERO | TB_LOG_VENDOR_PREFIX);
FORMAT(xai, .name = "xai", .title = "xAI usage counts", .base = &tb_log_tokbill,
       .conventions = TB_LOG_REASONING_ADDED);

FORMAT(openai_costs, .name = "openai-costs", .title = "OpenAI cost export",
       .conventions = TB_LOG_NO_USAGE,
       .note = "it holds amounts and no tokens; download the completions usage export");
FORMAT(deepseek_cost, .name = "deepseek-cost", .title = "DeepSeek cost export",
       .conventions = TB_LOG_NO_USAGE,
       .note = "it holds amounts and no tokens; take the amount file of the same archive");
FORMAT(litellm_daily, .name = "litellm-daily", .title = "LiteLLM daily export",
       .conventions = TB_LOG_NO_USAGE,
       .note = "it sums models or splits no tokens; export the table LiteLLM_SpendLogs");
FORMAT(langfuse_traces, .name = "langfuse-traces", .title = "Langfuse traces export",
       .conventions = TB_LOG_NO_USAGE,
       .note = "a trace sums several models; export the observations");

const struct tb_logformat *const tb_logformats[] = {
	&tb_log_tokbill,
	&openai_format,
	&anthropic_format,
	&anthropic_api_format,
	&anthropic_admin_format,
	&openrouter_format,
	&cursor_format,
	&cursor_aggregated_format,
	&deepseek_format,
	&litellm_format,
	&helicone_format,
	&langfuse_format,
	&google_format,
	&xai_format,
	&openai_costs_format,
	&deepseek_cost_format,
	&litellm_daily_format,
	&langfuse_traces_format,
	NULL,
};
