#include "usage/logformat.h"

#include "base/meter.h"

#include <string.h>

enum { PART_MIN = 3 }; /* bytes of a name that is looked for in others */

const struct tb_field_info tb_fields[TB_ALL_FIELDS] = {
	[TB_FIELD_TIME] = {"timestamp", TB_READ_TIME, true},
	[TB_FIELD_MODEL] = {"model", TB_READ_TEXT, true},
	[TB_FIELD_INPUT] = {"input_tokens", TB_READ_COUNT, true},
	[TB_FIELD_CACHED_READ] = {"cached_read_tokens", TB_READ_COUNT, false},
	[TB_FIELD_CACHE_WRITE] = {"cache_write_tokens", TB_READ_COUNT, false},
	[TB_FIELD_CACHE_WRITE_1H] = {"cache_write_1h_tokens", TB_READ_COUNT, false},
	[TB_FIELD_OUTPUT] = {"output_tokens", TB_READ_COUNT, true},
	[TB_FIELD_REASONING] = {"reasoning_tokens", TB_READ_COUNT, false},
	[TB_FIELD_BATCH] = {"batch", TB_READ_WORD, false},
	[TB_FIELD_SERVICE_TIER] = {"service_tier", TB_READ_WORD, false},
	[TB_FIELD_REQUESTS] = {"requests", TB_READ_COUNT, false},
	[TB_FIELD_CONTEXT] = {"context", TB_READ_WORD, false},
	[TB_FIELD_ID] = {"request_id", TB_READ_TEXT, false},
	[TB_FIELD_REGION] = {"region", TB_READ_TEXT, false},
	[TB_FIELD_WEB_SEARCHES] = {"web_searches", TB_READ_COUNT, false},
	[TB_FIELD_MORE_INPUT] = {"more_input_tokens", TB_READ_COUNT, false},
	[TB_FIELD_WRITES] = {"cache_writes_total", TB_READ_COUNT, false},
	[TB_FIELD_WITH_WRITES] = {"input_with_cache_writes", TB_READ_COUNT, false},
	[TB_FIELD_TOTAL] = {"total_tokens", TB_READ_COUNT, false},
	[TB_FIELD_ALL_INPUT] = {"all_input_tokens", TB_READ_COUNT, false},
	[TB_FIELD_ALL_OUTPUT] = {"all_output_tokens", TB_READ_COUNT, false},
	[TB_FIELD_UNCACHED] = {"uncached_input_tokens", TB_READ_COUNT, false},
	[TB_FIELD_UNPRICED] = {"unpriced_tokens", TB_READ_COUNT, false},
	[TB_FIELD_VARIANT] = {"variant", TB_READ_WORD, false},
	[TB_FIELD_CANCELLED] = {"cancelled", TB_READ_WORD, false},
	[TB_FIELD_ANSWERED] = {"answered_from_cache", TB_READ_WORD, false},
	[TB_FIELD_REPORTED] = {"reported_cost", TB_READ_AMOUNT, false},
	[TB_FIELD_CLASS] = {"token_class", TB_READ_WORD, false},
	[TB_FIELD_AMOUNT] = {"amount", TB_READ_COUNT, false},
	[TB_FIELD_UNIT_PRICE] = {"unit_price", TB_READ_AMOUNT, false},
};

const struct tb_logword tb_tier_words[] = {
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

const struct tb_logword tb_context_words[] = {
	{"base", TB_BASE},   {"long", TB_LONG},    {"\xe2\x89\xa4 200k", TB_BASE},
	{"0-200k", TB_BASE}, {"200k-1M", TB_LONG}, {0},
};

const struct tb_logword tb_yes_no_words[] = {
	{"false", false},
	{"true", true},
	{"FALSE", false},
	{"TRUE", true},
	{"False", false},
	{"True", true},
	{"no", false},
	{"yes", true},
	{"0", false},
	{"1", true},
	{0},
};

/* Contract section 3; the first name of a field is the one that messages propose. */
static const struct tb_logcolumn own_columns[] = {
	{.name = "timestamp", .field = TB_FIELD_TIME},
	{.name = "time", .field = TB_FIELD_TIME},
	{.name = "date", .field = TB_FIELD_TIME},
	{.name = "created_at", .field = TB_FIELD_TIME},
	{.name = "start_time", .field = TB_FIELD_TIME},
	{.name = "model", .field = TB_FIELD_MODEL},
	{.name = "input_tokens", .field = TB_FIELD_INPUT},
	{.name = "prompt_tokens", .field = TB_FIELD_INPUT},
	{.name = "cached_read_tokens", .field = TB_FIELD_CACHED_READ},
	{.name = "cached_tokens", .field = TB_FIELD_CACHED_READ},
	{.name = "cached_input_tokens", .field = TB_FIELD_CACHED_READ},
	{.name = "input_cached_tokens", .field = TB_FIELD_CACHED_READ},
	{.name = "cache_write_tokens", .field = TB_FIELD_CACHE_WRITE},
	{.name = "cache_write_1h_tokens", .field = TB_FIELD_CACHE_WRITE_1H},
	{.name = "output_tokens", .field = TB_FIELD_OUTPUT},
	{.name = "completion_tokens", .field = TB_FIELD_OUTPUT},
	{.name = "reasoning_tokens", .field = TB_FIELD_REASONING},
	{.name = "batch", .field = TB_FIELD_BATCH, .words = tb_yes_no_words},
	{.name = "service_tier", .field = TB_FIELD_SERVICE_TIER, .words = tb_tier_words},
	{.name = "requests", .field = TB_FIELD_REQUESTS},
	{.name = "num_model_requests", .field = TB_FIELD_REQUESTS},
	{.name = "context", .field = TB_FIELD_CONTEXT, .words = tb_context_words},
	{.name = "request_id", .field = TB_FIELD_ID},
	{.name = "region", .field = TB_FIELD_REGION},
	{.name = "web_searches", .field = TB_FIELD_WEB_SEARCHES},
	{0},
};

const struct tb_logformat tb_log_tokbill = {
	.name = "tokbill",
	.title = "tokbill's own usage log",
	.columns = own_columns,
};

enum tb_field tb_field_named(struct tb_span name)
{
	for (int f = 0; f < TB_ALL_FIELDS; f++)
		if (tb_span_is(name, tb_fields[f].name))
			return (enum tb_field)f;
	for (const struct tb_logcolumn *c = own_columns; c->name; c++)
		if (tb_span_is(name, c->name))
			return c->field;
	return TB_ALL_FIELDS;
}

static const char *field_candidate(const void *ctx, size_t i)
{
	(void)ctx;
	if (i < TB_ALL_FIELDS)
		return tb_fields[i].name;
	return own_columns[i - TB_ALL_FIELDS].name;
}

/* "output" of output_tokens, and "model_name" around model. */
static bool is_part(struct tb_span part, struct tb_span whole)
{
	for (size_t i = 0; i + part.n <= whole.n; i++)
		if (memcmp(whole.p + i, part.p, part.n) == 0)
			return true;
	return false;
}

const char *tb_field_nearest(struct tb_span name)
{
	const char *near = tb_nearest(name, field_candidate, NULL), *field;

	for (size_t i = 0; !near && name.n >= PART_MIN && (field = field_candidate(NULL, i)); i++)
		if (is_part(name, tb_span_of(field)) || is_part(tb_span_of(field), name))
			near = field;
	return near;
}

const struct tb_logword *tb_logword_find(const struct tb_logword *words, struct tb_span text)
{
	for (; words->text; words++)
		if (text.n && (words->text[0] | 0x20) == (text.p[0] | 0x20) &&
		    tb_span_equal_nocase(text, tb_span_of(words->text)))
			return words;
	return NULL;
}

const struct tb_logcolumn *tb_logformat_column(const struct tb_logformat *f, size_t i)
{
	for (; f; f = f->base) {
		size_t n = 0;

		while (n < i && f->columns[n].name)
			n++;
		if (f->columns[n].name)
			return &f->columns[n];
		i -= n;
	}
	return NULL;
}
