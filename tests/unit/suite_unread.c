#include "helpers.h"
#include "suites.h"

#include "usage/unread.h"

#include <string.h>

enum { C = TB_UNREAD_COUNT, T = TB_UNREAD_TIER, B = TB_UNREAD_BATCH, P = TB_UNREAD_PLACE };

static const struct {
	const char *name;
	unsigned kinds;
} names[] = {
	/* Columns of logs that were billed without them. */
	{"cache_creation_tokens", C},
	{"cacheReadTokens", C},
	{"cacheCreationTokens", C},
	{"cache_read", C},
	{"cache_write", C},
	{"cached_input", C},
	{"cached_prompt_tokens", C},
	{"prompt_cache_hit_tokens", C},
	{"cached", C},
	{"tokens_cached", C},
	{"cached_content_tokens", C},
	{"input_cache_read", C},
	{"cache_read_input_token_count", C},
	{"Cache Read", C},
	{"cache_read_tokens", C},
	{"cache_tokens", C},
	{"cachedInputTokens", C},
	{"cached_input_token", C},
	{"cache_hit_tokens", C},
	{"input_cache_write_tokens", C},
	{"prompt_tokens_details.cached_tokens", C},
	{"prompt_tokens_details.cache_write_tokens", C},
	{"Cache Creation Input Tokens", C},
	{"CACHE-READ", C},
	{"thinking_tokens", C},
	{"thoughtsTokenCount", C},
	{"reasoningOutput", C},
	{"audio_tokens", C},
	{"output.image", C},
	{"video_seconds", C},
	{"request_count", C},
	{"requestCount", C},
	{"n_requests", C},
	{"num_requests", C},
	{"APIRequests", C},
	{"web_search_requests", C},
	{"web_search_count", C},
	{"searches", C},
	{"is_batch", B},
	{"isBatch", B},
	{"batch", B},
	{"processing_tier", T},
	{"speed", T},
	{"mode", T},
	{"batch_mode", T | B},
	{"cache_mode", C | T},
	{"inference_geo", P},
	{"Location", P},
	{"region_tier", P | T},
	/* Numbers of something else. */
	{"max_tokens", 0},
	{"maxTokens", 0},
	{"tokens_per_second", 0},
	{"request_path", 0},
	{"token_limit", 0},
	{"tokens remaining", 0},
	{"thinking_budget", 0},
	{"cache_size", 0},
	{"cache_hit_rate", 0},
	{"cost_per_token", 0},
	{"token_price", 0},
	{"image_cost_usd", 0},
	{"cache_time_ms", 0},
	{"reasoning_latency", 0},
	{"token_id", 0},
	{"context_window_tokens", 0},
	{"requests_url", 0},
	{"tokenizer", 0},
	{"cachedat", 0},
	{"user", 0},
	{"", 0},
	{"_-. ", 0},
	{"a_name_of_more_words_than_anybody_ever_gave_to_a_column_of_a_log_of_his_own_tokens", 0},
};

START_TEST(name)
{
	ck_assert_msg(tb_unread_kinds(names[_i].name) == names[_i].kinds, "%s is watched for %u",
		      names[_i].name, tb_unread_kinds(names[_i].name));
}
END_TEST

static const struct {
	unsigned kinds;
	struct tb_span value;
	bool holds;
} values[] = {
	{C, BYTES("1"), true},
	{C, BYTES("500"), true},
	{C, BYTES("500.0"), true},
	{C, BYTES("0.5"), true},
	{C, BYTES("1,200"), true},
	{C, BYTES("1e6"), true},
	{C, BYTES("007"), true},
	{C, BYTES(""), false},
	{C, BYTES("0"), false},
	{C, BYTES("0.0"), false},
	{C, BYTES("000"), false},
	{C, BYTES("-1"), false},
	{C, BYTES("5 ms"), false},
	{C, BYTES("5%"), false},
	{C, BYTES("true"), false},
	{C, BYTES("2026-04-01"), false},
	{C, BYTES("12ab"), false},
	{C, BYTES("1,20"), false},
	{C, BYTES("null"), false},
	{C, BYTES("flex"), false},
	{T, BYTES("flex"), true},
	{T, BYTES("Priority"), true},
	{T, BYTES("BATCH"), true},
	{T, BYTES("fast"), true},
	{T, BYTES("standard"), false},
	{T, BYTES("default"), false},
	{T, BYTES("auto"), false},
	{T, BYTES("chat"), false},
	{T, BYTES("7"), false},
	{B, BYTES("batch"), true},
	{B, BYTES("TRUE"), true},
	{B, BYTES("yes"), true},
	{B, BYTES("1"), true},
	{B, BYTES("0"), false},
	{B, BYTES("no"), false},
	{B, BYTES("batch 7"), false},
	{B, BYTES("12"), false},
	{P, BYTES("us"), true},
	{P, BYTES("EU"), true},
	{P, BYTES("us-east-1"), true},
	{P, BYTES("europe-west4"), true},
	{P, BYTES("global"), false},
	{P, BYTES("useful"), false},
	{P, BYTES("not_available"), false},
	{C | T, BYTES("flex"), true},
	{0, BYTES("5"), false},
};

START_TEST(value)
{
	ck_assert_msg(tb_unread_holds(values[_i].kinds, values[_i].value) == values[_i].holds,
		      "%s in a column of %u", values[_i].value.p, values[_i].kinds);
}
END_TEST

static const struct {
	const char *name;
	bool is_id;
} ids[] = {
	{"id", true},          {"ID", true},     {"uuid", true},          {"requestId", true},
	{"request-id", true},  {"req_id", true}, {"generation_id", true}, {"user_id", false},
	{"project_id", false}, {"ids", false},   {"idea", false},         {"trace_id", false},
};

START_TEST(id)
{
	ck_assert_int_eq(tb_unread_is_id(ids[_i].name), ids[_i].is_id);
}
END_TEST

/* ---- a log ---- */

/* Columns of "a,b,c"; false with the faults in `problems`. */
static bool read_names(const char *header, const struct tb_format_choice *choice,
		       struct tb_columns *c, struct tb_problems *problems)
{
	struct tb_span names_of[128];
	struct tb_err err = {0};
	size_t n = 0;

	for (const char *p = header;; p++) {
		size_t len = strcspn(p, ",");

		names_of[n++] = (struct tb_span){p, len};
		p += len;
		if (!*p)
			break;
	}
	return tb_columns_read(c, names_of, n, choice, NULL, 0, "log.csv", 1, problems, &err) ==
	       TB_OK;
}

#define GOOD "timestamp,model,input_tokens,output_tokens"

static const struct {
	const char *header, *column, *problem;
} hints[] = {
	{GOOD ",cache_read", "cache_read",
	 "log.csv:3: cache_read: '500': is usage by its name, and is not read; --map "
	 "cached_read_tokens=cache_read reads it as part of the input (where it stands apart: a "
	 "format file with cached = apart), --ignore cache_read leaves it out"},
	{GOOD ",Cache Write 1h", "Cache Write 1h",
	 "log.csv:3: Cache Write 1h: '500': is usage by its name, and is not read; --map "
	 "'cache_write_1h_tokens=Cache Write 1h' reads it as part of the input (where it stands "
	 "apart: a format file with cached = apart), --ignore 'Cache Write 1h' leaves it out"},
	{GOOD ",thinking_tokens", "thinking_tokens",
	 "log.csv:3: thinking_tokens: '500': is usage by its name, and is not read; --map "
	 "reasoning_tokens=thinking_tokens reads it, a format file describes the log, --ignore "
	 "thinking_tokens leaves it out"},
	/* The field has a column: what is meant is not clear. */
	{GOOD ",cached_tokens,cache_hit_tokens", "cache_hit_tokens",
	 "log.csv:3: cache_hit_tokens: '500': is usage by its name, and is not read; --map "
	 "FIELD=cache_hit_tokens reads it, a format file describes the log, --ignore "
	 "cache_hit_tokens leaves it out"},
	{GOOD ",cache_miss_tokens", "cache_miss_tokens",
	 "log.csv:3: cache_miss_tokens: '500': is usage by its name, and is not read; --map "
	 "FIELD=cache_miss_tokens reads it, a format file describes the log, --ignore "
	 "cache_miss_tokens leaves it out"},
};

START_TEST(refusal)
{
	static const char text[] = "500";
	struct tb_unread_notes notes = {0}, later = {0};
	struct tb_problems problems = {0};
	struct tb_span cells[16];
	struct tb_err err = {0};
	struct tb_columns c;

	ck_assert(read_names(hints[_i].header, NULL, &c, &problems));
	for (size_t i = 0; i < c.count; i++)
		cells[i] = (struct tb_span){text, 0};
	tb_unread_note(&c, cells, 2, &notes);
	ck_assert_int_eq(tb_unread_refuse(&c, &notes, "log.csv", &problems, &err), TB_OK);
	for (size_t i = 0; i < c.count; i++)
		cells[i].n = strcmp(c.name[i], hints[_i].column) == 0 ? 3 : 0;
	tb_unread_note(&c, cells, 4, &later);
	tb_unread_note(&c, cells, 3, &notes);
	tb_unread_note(&c, cells, 5, &notes);
	tb_unread_merge(&later, &notes);
	ck_assert_int_eq(tb_unread_refuse(&c, &later, "log.csv", &problems, &err), TB_DATA);
	ck_assert_str_eq(problems_text(&problems), hints[_i].problem);
	ck_assert_str_eq(err.text, "log.csv: holds usage that is not read");
	tb_columns_release(&c);
	tb_problems_release(&problems);
}
END_TEST

static const struct {
	const char *header;
	const char *const ignored[2];
	size_t watched;
} logs[] = {
	{GOOD, {NULL}, 0},
	{GOOD ",user,cost,reject_line,reject_reason", {NULL}, 0},
	{GOOD ",cache_read,speed", {NULL}, 2},
	{GOOD ",cache_read,speed", {"Cache Read"}, 1},
	{GOOD ",cache_read,speed", {"*"}, 0},
	{GOOD ",cache_read,speed", {"speed", "cache_read"}, 0},
	/* A region is read, so a place says nothing more. */
	{GOOD ",geo", {NULL}, 1},
	{GOOD ",geo,region", {NULL}, 0},
	/* A vendor's export has columns of its own. */
	{"start_time,end_time,num_model_requests,model,input_tokens,output_tokens,cache_x",
	 {NULL},
	 0},
};

START_TEST(watched)
{
	struct tb_problems problems = {0};
	struct tb_format_choice choice = {.ignored = logs[_i].ignored};
	struct tb_columns c;

	while (choice.ignored_count < 2 && logs[_i].ignored[choice.ignored_count])
		choice.ignored_count++;
	ck_assert(read_names(logs[_i].header, &choice, &c, &problems));
	ck_assert_uint_eq(c.unread_count, logs[_i].watched);
	for (size_t i = 0; i < c.unread_count; i++)
		ck_assert_int_eq(c.wanted[c.unread[i].column], 1);
	tb_columns_release(&c);
	tb_problems_release(&problems);
}
END_TEST

START_TEST(too_many)
{
	struct tb_problems problems = {0};
	struct tb_buf header = {0};
	struct tb_columns c;

	tb_buf_puts(&header, GOOD);
	for (int i = 0; i <= TB_UNREAD_MAX; i++)
		tb_buf_printf(&header, ",cache_%d", i);
	ck_assert(!read_names(header.p, NULL, &c, &problems));
	ck_assert_str_eq(
		problems_text(&problems),
		"log.csv:1: header: 'cache_64': is one more of over 64 columns that look "
		"like usage and are not read; name them with --map FIELD=COLUMN or --ignore "
		"COLUMN");
	tb_columns_release(&c);
	tb_problems_release(&problems);
	tb_buf_release(&header);
}
END_TEST

static void add_text(void *ctx, const char *text)
{
	tb_buf_printf(ctx, "%s\n", text);
}

START_TEST(warnings)
{
	struct tb_unread_notes notes = {0};
	struct tb_problems problems = {0};
	struct tb_span cells[6];
	struct tb_buf text = {0};
	struct tb_err err = {0};
	struct tb_columns c;

	ck_assert(read_names(GOOD ",geo,uuid", NULL, &c, &problems));
	for (size_t i = 0; i < c.count; i++)
		cells[i] = SPAN("us");
	tb_unread_note(&c, cells, 7, &notes);
	ck_assert_int_eq(tb_unread_refuse(&c, &notes, "log.csv", &problems, &err), TB_OK);
	tb_unread_warn(&c, &notes, "log.csv", add_text, &text);
	ck_assert_str_eq(
		text.p, "log.csv: column 'geo' holds 'us' (line 7) and is not read: --map "
			"region=geo where prices depend on the region; --ignore geo leaves it "
			"out\n"
			"log.csv: column 'uuid' looks like an id and is not read: --map "
			"request_id=uuid finds copies of a request; --ignore uuid leaves it out\n");
	tb_columns_release(&c);
	tb_buf_release(&text);
}
END_TEST

Suite *unread_suite(void)
{
	Suite *s = suite_create("unread");

	add_loop(s, "unread/names", name, LENGTH(names));
	add_loop(s, "unread/values", value, LENGTH(values));
	add_loop(s, "unread/ids", id, LENGTH(ids));
	add_loop(s, "unread/refusals", refusal, LENGTH(hints));
	add_loop(s, "unread/watched", watched, LENGTH(logs));
	add_test(s, "unread/too many", too_many);
	add_test(s, "unread/warnings", warnings);
	return s;
}
