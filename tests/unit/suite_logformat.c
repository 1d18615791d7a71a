#include "helpers.h"
#include "suites.h"

#include <string.h>

enum { COLUMNS = 64 };

/* Splits "a|b|c": names of vendors hold commas and blanks, but no bars. */
static size_t split(const char *text, struct tb_span *out)
{
	size_t n = 0;

	for (const char *p = text;; p++) {
		size_t len = strcspn(p, "|");

		ck_assert_uint_lt(n, COLUMNS);
		out[n++] = (struct tb_span){p, len};
		p += len;
		if (!*p)
			return n;
	}
}

/* ---- the tables themselves ---- */

/* Not the table's own column, and of the same set: two formats would fit alike. */
static bool same_set(const struct tb_logformat *a, unsigned set, const struct tb_logformat *b)
{
	for (const struct tb_logcolumn *c = a->columns; c->name; c++) {
		bool found = !(c->signs & set);

		for (const struct tb_logcolumn *d = b->columns; d->name && !found; d++)
			found = strcmp(c->name, d->name) == 0;
		if (!found)
			return false;
	}
	return true;
}

static void check_column(const struct tb_logformat *f, const struct tb_logcolumn *c)
{
	bool word = c->field < TB_ALL_FIELDS && tb_fields[c->field].kind == TB_READ_WORD;

	ck_assert_msg(!word || tb_logcolumn_words(c), "%s: %s has no words", f->name, c->name);
	ck_assert_msg(!c->path || tb_fields[c->field].kind != TB_READ_TIME, "%s: %s is a time",
		      f->name, c->path);
	ck_assert_msg(!c->path || strlen(c->path) < TB_JSON_PATH_MAX, "%s: %s is too long", f->name,
		      c->path);
}

/* What holds of every format, so that a new one is not half made. */
START_TEST(table)
{
	const struct tb_logformat *f = tb_logformats[_i];
	unsigned signs = 0;

	for (const struct tb_logcolumn *c = f->columns; c->name; c++) {
		check_column(f, c);
		signs |= c->signs;
	}
	ck_assert_msg((signs == 0) == (f == &tb_log_tokbill), "%s: no signature", f->name);
	ck_assert_ptr_eq(tb_logformat_named(f->name, NULL), f);
	ck_assert(f->title && *f->title);
	ck_assert(!(f->conventions & TB_LOG_NO_USAGE) || f->note);
	/* An ordinary log of tokbill's own never passes for a vendor's. */
	for (unsigned set = 1; set < 1u << TB_LOG_SETS; set <<= 1)
		if (signs & set)
			ck_assert_msg(!same_set(f, set, &tb_log_tokbill), "%s", f->name);
}
END_TEST

static size_t format_count(void)
{
	size_t n = 0;

	while (tb_logformats[n])
		n++;
	return n;
}

/* ---- recognition ---- */

static const struct {
	const char *header, *format, *rival, *nearest;
} headers[] = {
	{"timestamp|model|input_tokens|output_tokens", "tokbill", NULL, NULL},
	{"start_time|model|prompt_tokens|completion_tokens|num_model_requests|reasoning_tokens",
	 "tokbill", NULL, NULL},
	{"date|model|input_tokens|output_tokens|cost|metadata|spend|user", "tokbill", NULL, NULL},
	{"start_time_iso|end_time_iso", "openai", NULL, NULL},
	{"end_time|start_time|num_model_requests|x", "openai", NULL, NULL},
	{"start_time_iso|end_time_iso|model|type|price|amount", "deepseek", NULL, NULL},
	{"utc_date|model|type|price|amount", "deepseek", NULL, NULL},
	{"start_time_iso|end_time_iso|model|wallet_type|cost", "deepseek-cost", NULL, NULL},
	{"timestamp|model|input_tokens|output_tokens|cache_read_input_tokens", "anthropic-api",
	 NULL, NULL},
	{"timestamp|model|uncached_input_tokens|output_tokens", "anthropic-admin", NULL, NULL},
	/* A whole log of tokbill's own beside a vendor's whole signature. */
	{"timestamp|model|prompt_tokens|completion_tokens|startTime|spend", "litellm", "tokbill",
	 NULL},
	{"date|model|input_tokens|output_tokens|start_time_iso|type|amount|price", "deepseek",
	 "tokbill", NULL},
	{"Date|Model|Input (w/ Cache Write)|Input (w/o Cache Write)|Cache Read|Output Tokens",
	 "cursor", NULL, NULL},
	{"Request Count|Model|Input (w/ Cache Write)|Input (w/o Cache Write)|Cache Read|Output Tokens",
	 "cursor-aggregated", NULL, NULL},
	{"id|traceId|startTime|promptTokens|completionTokens", "langfuse", NULL, NULL},
	{"time|model|prompt_token_count|candidates_token_count", "google", NULL, NULL},
	{"time|model|prompt_tokens|completion_tokens|reasoning_tokens|num_sources_used", "xai",
	 NULL, NULL},
	/* Case, and what joins words, do not count. */
	{"date|MODEL|input (W/ cache-write)|Input_(w/o Cache Write)| Cache Read |Output Tokens",
	 "cursor", NULL, NULL},
	{"generation_id|created_at|tokens_prompt|tokens_completion", "tokbill", NULL, "openrouter"},
	{"startTime|model", "tokbill", NULL, NULL},
	{"", "tokbill", NULL, NULL},
};

START_TEST(recognised)
{
	struct tb_span names[COLUMNS];
	const char *texts[COLUMNS];
	char copy[COLUMNS][64];
	size_t n = split(headers[_i].header, names);
	struct tb_recognition r;

	for (size_t i = 0; i < n; i++) {
		snprintf(copy[i], sizeof(copy[i]), "%.*s", (int)names[i].n, names[i].p);
		texts[i] = copy[i];
	}
	r = tb_recognise(texts, n, NULL);
	ck_assert_str_eq(r.format->name, headers[_i].format);
	ck_assert_pstr_eq(r.rival ? r.rival->name : NULL, headers[_i].rival);
	ck_assert_pstr_eq(r.nearest ? r.nearest->name : NULL, headers[_i].nearest);
}
END_TEST

/* ---- rows ---- */

/* One row of a format: what it becomes, or what is wrong with it. */
struct sample {
	const char *header, *row;
	uint64_t tokens[TB_METERS];
	uint64_t requests;
	const char *fault; /* "column: reason" */
};

#define CURSOR                                                                                     \
	"Date|Model|Input (w/ Cache Write)|Input (w/o Cache Write)|Cache Read|Output Tokens|"      \
	"Total Tokens"
#define LITELLM "startTime|model|prompt_tokens|completion_tokens|spend|metadata"
#define API                                                                                        \
	"time|model|input_tokens|cache_read_input_tokens|cache_creation_input_tokens|"             \
	"ephemeral_5m_input_tokens|ephemeral_1h_input_tokens|output_tokens"
#define MAX "9223372036854775807"

static const struct sample samples[] = {
	{CURSOR, "2026-08-01|m|5|7|11|13|36", {7, 11, 5, 0, 13, 0}, 1, NULL},
	{CURSOR, "2026-08-01|m|7|5|11|13|31", {5, 11, 2, 0, 13, 0}, 1, NULL},
	/* Both readings hold where there is no input without writes. */
	{CURSOR, "2026-08-01|m|7|0|11|13|31", {0, 11, 7, 0, 13, 0}, 1, NULL},
	{CURSOR, "2026-08-01|m|5|7|11|13|29", {0}, 0, "Input (w/ Cache Write): the counts add up "},
	{CURSOR, "2026-08-01|m|||11|13|24", {0}, 0, "Input (w/o Cache Write): empty"},
	{CURSOR, "2026-08-01|m|5|" MAX "|1|1|1", {0}, 0, "Input (w/ Cache Write): the counts add"},
	{LITELLM,
	 "2026-08-01 00:00:00|v/m|10|3|0.1|{\"usage_object\": {\"cache_read_input_tokens\": 0, "
	 "\"prompt_tokens_details\": {\"cached_tokens\": 4}}}",
	 {6, 4, 0, 0, 3, 0},
	 1,
	 NULL},
	{LITELLM, "2026-08-01 00:00:00|m|10|3|0.1|", {10, 0, 0, 0, 3, 0}, 1, NULL},
	{LITELLM,
	 "2026-08-01 00:00:00|m|1|3|0.1|{\"usage_object\": {\"cache_read_input_tokens\": 4}}",
	 {0},
	 0,
	 "prompt_tokens: 1 is less than its parts: 4 cached read"},
	{LITELLM,
	 "2026-08-01 00:00:00|m|1|3|0.1|{\"usage_object\": {\"cache_read_input_tokens\": -4}}",
	 {0},
	 0,
	 "metadata: not a whole number"},
	{API, "2026-08-01|m|1|2|7|3|4|5", {1, 2, 3, 4, 5, 0}, 1, NULL},
	{API, "2026-08-01|m|1|2|7|||5", {1, 2, 7, 0, 5, 0}, 1, NULL},
	{API, "2026-08-01|m|1|2|8|3|4|5", {0}, 0, "cache_creation_input_tokens: 8 cache writes"},
	{API, "2026-08-01|m|" MAX "|1||||5", {0}, 0, "input_tokens: out of range"},
	{API, "2026-08-01|m|92233720368547758080|1||||5", {0}, 0, "input_tokens: out of range"},
	{API, "2026-08-01||1|1||||5", {0}, 0, "model: empty"},
	{API, "|m|1|1||||5", {0}, 0, "time: empty"},
	{API, "2026-02-30|m|1|1||||5", {0}, 0, "time: "},
	{API, "2026-08-01|a\tb|1|1||||5", {0}, 0, "model: holds a control character"},
	{API,
	 "time|model|input_tokens|cache_read_input_tokens|cache_creation_input_tokens|"
	 "ephemeral_5m_input_tokens|ephemeral_1h_input_tokens|output_tokens",
	 {0},
	 0,
	 "time: the header line again"},
	{"utc_date|model|type|price|amount",
	 "2026-08-01|m|input_cache_miss_tokens|1|9",
	 {9, 0, 0, 0, 0, 0},
	 0,
	 NULL},
	{"utc_date|model|type|price|amount", "2026-08-01|m|request_count||9", {0}, 9, NULL},
	{"utc_date|model|type|price|amount",
	 "2026-08-01|m|output_tokens||",
	 {0},
	 0,
	 "amount: empty"},
	{"utc_date|model|type|price|amount", "2026-08-01|m|||9", {0}, 0, "type: empty"},
	{"time|model|promptTokenCount|candidatesTokenCount|thoughtsTokenCount",
	 "2026-08-01|m|9||4",
	 {9, 0, 0, 0, 0, 4},
	 1,
	 NULL},
};

static const char *fault_text(const struct tb_problem *why, struct tb_buf *text)
{
	tb_buf_printf(text, "%s: %s", why->column ? why->column : "", why->reason);
	return text->p;
}

START_TEST(converted)
{
	const struct sample *x = &samples[_i];
	struct tb_span names[COLUMNS], cells[COLUMNS];
	struct tb_problems problems = {0};
	struct tb_row_rules rules = {0};
	struct tb_usage u = {.file = 3, .line = 4};
	struct tb_problem why = {0};
	struct tb_err err = {0};
	struct tb_buf text = {0};
	struct tb_columns c;
	size_t n = split(x->header, names);
	char row[512]; /* with readable bytes behind each cell */
	bool ok;

	ck_assert_int_eq(
		tb_columns_read(&c, names, n, NULL, NULL, 0, "log.csv", 1, &problems, &err), TB_OK);
	ck_assert(!tb_columns_plain(&c));
	snprintf(row, sizeof(row), "%s", x->row);
	ck_assert_uint_eq(split(row, cells), n);
	ok = tb_convert_row(&c, cells, &rules, &u, &why);
	ck_assert_msg(ok == !x->fault, "%s", ok ? "no fault" : fault_text(&why, &text));
	if (ok) {
		ck_assert_mem_eq(u.tokens, x->tokens, sizeof(u.tokens));
		ck_assert_uint_eq(u.requests, x->requests);
		ck_assert_uint_eq(u.file, 3);
		ck_assert_uint_eq(u.line, 4);
		ck_assert(!u.idle);
	} else {
		fault_text(&why, &text);
		ck_assert_msg(strncmp(text.p, x->fault, strlen(x->fault)) == 0, "%s", text.p);
	}
	tb_buf_release(&text);
	tb_columns_release(&c);
	tb_problems_release(&problems);
}
END_TEST

Suite *logformat_suite(void)
{
	Suite *s = suite_create("logformat");

	add_loop(s, "logformat/tables", table, format_count());
	add_loop(s, "logformat/recognised", recognised, LENGTH(headers));
	add_loop(s, "logformat/rows", converted, LENGTH(samples));
	return s;
}
