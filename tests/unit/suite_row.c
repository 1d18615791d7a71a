#include "helpers.h"
#include "suites.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* In the order of enum tb_field. */
static const char *const names[TB_FIELDS] = {
	"timestamp",
	"model",
	"input_tokens",
	"cached_read_tokens",
	"cache_write_tokens",
	"cache_write_1h_tokens",
	"output_tokens",
	"reasoning_tokens",
	"batch",
	"service_tier",
	"requests",
	"context",
	"request_id",
	"region",
	"web_searches",
	"total_tokens",
};

static const char *const usual[TB_FIELDS] = {
	"2026-04-01T10:15:00Z",
	"m",
	"100",
	"10",
	"20",
	"30",
	"50",
	"5",
	"",
	"",
	"",
	"",
	"",
	"",
	"",
	"",
};

/* A usual row but for some fields. */
struct change {
	enum tb_field field;
	struct tb_span value;
};

enum { CHANGES = 3 };

static const char *const tier_names[] = {"standard", "batch", "flex", "priority"};
static const char *const told[] = {"untold", "base", "long"};

/* The bytes with what tb_row_parse() may read behind them: digits, which must not be counted. */
static struct tb_span padded(struct tb_span s)
{
	static char room[TB_FIELDS][256];
	static size_t next;
	char *p = room[next++ % TB_FIELDS];

	ck_assert_uint_lt(s.n + TB_CELL_PADDING, sizeof(room[0]));
	memcpy(p, s.p, s.n);
	memset(p + s.n, '7', TB_CELL_PADDING);
	return (struct tb_span){p, s.n};
}

/* Reads the row; its text is the usage, or why it is refused. */
static bool read_row(const struct change *changes, const struct tb_zone *zone, uint64_t *twice,
		     struct tb_buf *text)
{
	struct tb_row_rules rules = {.log_zone = zone};
	struct tb_span header[TB_FIELDS], cells[TB_FIELDS];
	struct tb_problems problems = {0};
	struct tb_usage u = {0};
	struct tb_problem why;
	struct tb_columns c;
	struct tb_err err = {0};
	char time[TB_DATE_TEXT];
	bool ok;

	for (int f = 0; f < TB_FIELDS; f++) {
		header[f] = tb_span_of(names[f]);
		cells[f] = tb_span_of(usual[f]);
	}
	for (int i = 0; i < CHANGES && changes[i].value.p; i++)
		cells[changes[i].field] = changes[i].value;
	for (int f = 0; f < TB_FIELDS; f++)
		cells[f] = padded(cells[f]);
	ck_assert_int_eq(tb_columns_read(&c, header, TB_FIELDS, NULL, NULL, 0, "log.csv", 1,
					 &problems, &err),
			 TB_OK);
	ok = tb_row_parse(&c, cells, &rules, &u, &why);
	*twice = rules.twice;
	if (ok) {
		tb_buf_printf(text, "%s%s %s %s x%" PRIu64, tb_instant_text(u.instant, time),
			      u.date_only ? " (date)" : "", tier_names[u.tier], told[u.context],
			      u.requests);
		for (int m = 0; m < TB_TOKEN_METERS; m++)
			tb_buf_printf(text, "%c%" PRIu64, m ? '/' : ' ', u.tokens[m]);
		tb_buf_printf(text, " %.*s '%.*s'", (int)u.model.n, u.model.p, (int)u.id.n, u.id.p);
		if (u.region.n || u.tokens[TB_WEB_SEARCH])
			tb_buf_printf(text, " %.*s %" PRIu64, (int)u.region.n, u.region.p,
				      u.tokens[TB_WEB_SEARCH]);
	} else {
		tb_problem_text(&why, text);
	}
	tb_columns_release(&c);
	return ok;
}

#define NOON    "2026-04-01T10:15:00Z"
#define REST    " 40/10/20/30/45/5 m ''"
#define PLAIN   NOON " standard untold x1" REST
#define TIER(t) NOON " " t " untold x1" REST

static const struct {
	struct change changes[CHANGES];
	const char *usage;
} good[] = {
	{{{0}}, PLAIN},
	{{{TB_FIELD_TIME, BYTES("2026-04-01 10:15:00Z")}}, PLAIN},
	{{{TB_FIELD_REGION, BYTES("us")}, {TB_FIELD_WEB_SEARCHES, BYTES("17")}}, PLAIN " us 17"},
	{{{TB_FIELD_TIME, BYTES("2026-04-01T12:15:00.999999999+02:00")}}, PLAIN},
	{{{TB_FIELD_TIME, BYTES("2026-04-01T10:15:00")}}, PLAIN},
	{{{TB_FIELD_TIME, BYTES("1775038500")}}, PLAIN},
	{{{TB_FIELD_TIME, BYTES("1775038500999")}}, PLAIN},
	{{{TB_FIELD_TIME, BYTES("2026-04-01")}},
	 "2026-04-01T00:00:00Z (date) standard untold x1" REST},
	{{{TB_FIELD_TIME, BYTES("2026-04-01T23:59:59.999999999Z")}},
	 "2026-04-01T23:59:59Z standard untold x1" REST},
	{{{TB_FIELD_MODEL, BYTES(" M/x-\xc3\xa9 ")}},
	 NOON " standard untold x1 40/10/20/30/45/5  M/x-\xc3\xa9  ''"},
	{{{TB_FIELD_INPUT, BYTES("60")}}, NOON " standard untold x1 0/10/20/30/45/5 m ''"},
	{{{TB_FIELD_INPUT, BYTES("9223372036854775807")},
	  {TB_FIELD_CACHED_READ, BYTES("9223372036854775757")}},
	 NOON " standard untold x1 0/9223372036854775757/20/30/45/5 m ''"},
	{{{TB_FIELD_CACHED_READ, BYTES("")},
	  {TB_FIELD_CACHE_WRITE, BYTES("")},
	  {TB_FIELD_CACHE_WRITE_1H, BYTES("")}},
	 NOON " standard untold x1 100/0/0/0/45/5 m ''"},
	{{{TB_FIELD_OUTPUT, BYTES("5")}}, NOON " standard untold x1 40/10/20/30/0/5 m ''"},
	{{{TB_FIELD_REASONING, BYTES("")}}, NOON " standard untold x1 40/10/20/30/50/0 m ''"},
	{{{TB_FIELD_BATCH, BYTES("true")}}, TIER("batch")},
	{{{TB_FIELD_BATCH, BYTES("TRUE")}}, TIER("batch")},
	{{{TB_FIELD_BATCH, BYTES("Yes")}}, TIER("batch")},
	{{{TB_FIELD_BATCH, BYTES("1")}}, TIER("batch")},
	{{{TB_FIELD_BATCH, BYTES("false")}}, PLAIN},
	{{{TB_FIELD_BATCH, BYTES("False")}}, PLAIN},
	{{{TB_FIELD_BATCH, BYTES("NO")}}, PLAIN},
	{{{TB_FIELD_BATCH, BYTES("0")}}, PLAIN},
	{{{TB_FIELD_SERVICE_TIER, BYTES("standard")}}, PLAIN},
	{{{TB_FIELD_SERVICE_TIER, BYTES("default")}}, PLAIN},
	{{{TB_FIELD_SERVICE_TIER, BYTES("auto")}}, PLAIN},
	{{{TB_FIELD_SERVICE_TIER, BYTES("batch")}}, TIER("batch")},
	{{{TB_FIELD_SERVICE_TIER, BYTES("flex")}}, TIER("flex")},
	{{{TB_FIELD_SERVICE_TIER, BYTES("priority")}}, TIER("priority")},
	{{{TB_FIELD_SERVICE_TIER, BYTES("flex")}, {TB_FIELD_BATCH, BYTES("no")}}, TIER("flex")},
	{{{TB_FIELD_SERVICE_TIER, BYTES("default")}, {TB_FIELD_BATCH, BYTES("1")}}, TIER("batch")},
	{{{TB_FIELD_SERVICE_TIER, BYTES("batch")}, {TB_FIELD_BATCH, BYTES("true")}}, TIER("batch")},
	{{{TB_FIELD_REQUESTS, BYTES("12")}}, NOON " standard untold x12" REST},
	{{{TB_FIELD_REQUESTS, BYTES("12.000")}}, NOON " standard untold x12" REST},
	{{{TB_FIELD_INPUT, BYTES("100.0")}, {TB_FIELD_CACHED_READ, BYTES("10.0")}}, PLAIN},
	{{{TB_FIELD_INPUT, BYTES("9223372036854775807.0")},
	  {TB_FIELD_CACHED_READ, BYTES("9223372036854775757")}},
	 NOON " standard untold x1 0/9223372036854775757/20/30/45/5 m ''"},
	{{{TB_FIELD_TOTAL, BYTES("150")}}, PLAIN},
	{{{TB_FIELD_TOTAL, BYTES("150.0")}}, PLAIN},
	{{{TB_FIELD_SERVICE_TIER, BYTES("FLEX")}}, TIER("flex")},
	{{{TB_FIELD_SERVICE_TIER, BYTES("Priority")}}, TIER("priority")},
	{{{TB_FIELD_SERVICE_TIER, BYTES("bAtCh")}}, TIER("batch")},
	{{{TB_FIELD_SERVICE_TIER, BYTES("Default")}}, PLAIN},
	{{{TB_FIELD_CONTEXT, BYTES("base")}}, NOON " standard base x1" REST},
	{{{TB_FIELD_CONTEXT, BYTES("long")}}, NOON " standard long x1" REST},
	{{{TB_FIELD_ID, BYTES("req_1")}}, NOON " standard untold x1 40/10/20/30/45/5 m 'req_1'"},
};

START_TEST(good_row)
{
	struct tb_buf text = {0};
	uint64_t twice;

	ck_assert_msg(read_row(good[_i].changes, NULL, &twice, &text), "%s", text.p);
	ck_assert_str_eq(text.p, good[_i].usage);
	tb_buf_release(&text);
}
END_TEST

#define NOT_A_TIME                                                                                 \
	"not a time; use 2026-04-01T10:15:00Z, 2026-04-01, or 10 digits of Unix seconds or 13 of " \
	"milliseconds"
#define NO_NUMBER "not a whole number in plain digits"
#define NO_BATCH  "not one of true, false, yes, no, 1, 0"
#define NO_TIER   "not one of standard, default, auto, batch, flex, priority"

static const struct {
	struct change changes[CHANGES];
	const char *why;
} bad[] = {
	{{{TB_FIELD_TIME, BYTES("")}}, "timestamp: '': empty"},
	{{{TB_FIELD_TIME, BYTES("2026-02-30")}},
	 "timestamp: '2026-02-30': no such date between 1970 and 9999"},
	{{{TB_FIELD_TIME, BYTES("3/14/2026")}}, "timestamp: '3/14/2026': " NOT_A_TIME},
	{{{TB_FIELD_TIME, BYTES("2026-04-01T24:00:00Z")}},
	 "timestamp: '2026-04-01T24:00:00Z': no such time of day"},
	{{{TB_FIELD_TIME, BYTES("timestamp")}}, "timestamp: 'timestamp': " NOT_A_TIME},
	{{{TB_FIELD_MODEL, BYTES("")}}, "model: '': empty"},
	{{{TB_FIELD_MODEL, BYTES("a\nb")}}, "model: 'a\\x0ab': holds a control character"},
	{{{TB_FIELD_MODEL, BYTES("a\033[31m")}}, "model: 'a\\x1b[31m': holds a control character"},
	{{{TB_FIELD_MODEL, BYTES("a\x7f")}}, "model: 'a\\x7f': holds a control character"},
	{{{TB_FIELD_MODEL, BYTES("a\tb")}}, "model: 'a\\x09b': holds a control character"},
	{{{TB_FIELD_MODEL, BYTES("a\xc2\x9b"
				 "b")}},
	 "model: 'a\\x9bb': holds a control character"},
	{{{TB_FIELD_INPUT, BYTES("")}}, "input_tokens: '': empty"},
	{{{TB_FIELD_INPUT, BYTES("-5")}}, "input_tokens: '-5': " NO_NUMBER},
	{{{TB_FIELD_INPUT, BYTES("1e6")}}, "input_tokens: '1e6': " NO_NUMBER},
	{{{TB_FIELD_INPUT, BYTES("1,000")}}, "input_tokens: '1,000': " NO_NUMBER},
	{{{TB_FIELD_INPUT, BYTES("9223372036854775808")}},
	 "input_tokens: '9223372036854775808': out of range: more than 9223372036854775807"},
	{{{TB_FIELD_CACHED_READ, BYTES("null")}}, "cached_read_tokens: 'null': " NO_NUMBER},
	{{{TB_FIELD_CACHE_WRITE, BYTES(" ")}}, "cache_write_tokens: ' ': " NO_NUMBER},
	{{{TB_FIELD_CACHE_WRITE_1H, BYTES("1.5")}}, "cache_write_1h_tokens: '1.5': " NO_NUMBER},
	{{{TB_FIELD_CACHE_WRITE_1H, BYTES("1.")}}, "cache_write_1h_tokens: '1.': " NO_NUMBER},
	{{{TB_FIELD_CACHE_WRITE_1H, BYTES(".0")}}, "cache_write_1h_tokens: '.0': " NO_NUMBER},
	{{{TB_FIELD_CACHE_WRITE_1H, BYTES("1.0.0")}}, "cache_write_1h_tokens: '1.0.0': " NO_NUMBER},
	{{{TB_FIELD_CACHE_WRITE_1H, BYTES("-0.0")}}, "cache_write_1h_tokens: '-0.0': " NO_NUMBER},
	{{{TB_FIELD_TIME, BYTES("1775038500.0")}}, "timestamp: '1775038500.0': " NOT_A_TIME},
	{{{TB_FIELD_TOTAL, BYTES("149")}},
	 "total_tokens: '149': the total is 149, but the counts add up to 150"},
	{{{TB_FIELD_TOTAL, BYTES("0")}},
	 "total_tokens: '0': the total is 0, but the counts add up to 150"},
	{{{TB_FIELD_TOTAL, BYTES("x")}}, "total_tokens: 'x': " NO_NUMBER},
	{{{TB_FIELD_INPUT, BYTES("59")}},
	 "input_tokens: '59': less than its parts: 10 cached "
	 "read, 20 cache write, 30 cache write 1h"},
	{{{TB_FIELD_CACHED_READ, BYTES("101")},
	  {TB_FIELD_CACHE_WRITE, BYTES("")},
	  {TB_FIELD_CACHE_WRITE_1H, BYTES("")}},
	 "input_tokens: '100': less than its parts: 101 cached read, 0 cache write, 0 cache write "
	 "1h"},
	{{{TB_FIELD_CACHED_READ, BYTES("9223372036854775807")},
	  {TB_FIELD_CACHE_WRITE, BYTES("9223372036854775807")},
	  {TB_FIELD_CACHE_WRITE_1H, BYTES("102")}},
	 "input_tokens: '100': less than its parts: 9223372036854775807 cached read, "
	 "9223372036854775807 cache write, 102 cache write 1h"},
	{{{TB_FIELD_OUTPUT, BYTES("")}}, "output_tokens: '': empty"},
	{{{TB_FIELD_OUTPUT, BYTES("+5")}}, "output_tokens: '+5': " NO_NUMBER},
	{{{TB_FIELD_OUTPUT, BYTES("4")}},
	 "output_tokens: '4': less than its part: 5 reasoning tokens"},
	{{{TB_FIELD_REASONING, BYTES("x")}}, "reasoning_tokens: 'x': " NO_NUMBER},
	{{{TB_FIELD_BATCH, BYTES("2")}}, "batch: '2': " NO_BATCH},
	{{{TB_FIELD_BATCH, BYTES("y")}}, "batch: 'y': " NO_BATCH},
	{{{TB_FIELD_BATCH, BYTES(" ")}}, "batch: ' ': " NO_BATCH},
	{{{TB_FIELD_BATCH, BYTES("true ")}}, "batch: 'true ': " NO_BATCH},
	{{{TB_FIELD_SERVICE_TIER, BYTES("scale")}}, "service_tier: 'scale': " NO_TIER},
	{{{TB_FIELD_SERVICE_TIER, BYTES("flex-tier")}}, "service_tier: 'flex-tier': " NO_TIER},
	{{{TB_FIELD_SERVICE_TIER, BYTES("priority_on_demand")}},
	 "service_tier: 'priority_on_demand': " NO_TIER},
	{{{TB_FIELD_SERVICE_TIER, BYTES("fle\x58")}, {TB_FIELD_BATCH, BYTES("1")}},
	 "service_tier: 'fleX': contradicts the batch column, which says yes"},
	{{{TB_FIELD_SERVICE_TIER, BYTES("flex")}, {TB_FIELD_BATCH, BYTES("true")}},
	 "service_tier: 'flex': contradicts the batch column, which says yes"},
	{{{TB_FIELD_SERVICE_TIER, BYTES("priority")}, {TB_FIELD_BATCH, BYTES("1")}},
	 "service_tier: 'priority': contradicts the batch column, which says yes"},
	{{{TB_FIELD_REQUESTS, BYTES("-1")}}, "requests: '-1': " NO_NUMBER},
	{{{TB_FIELD_REQUESTS, BYTES("1.01")}}, "requests: '1.01': " NO_NUMBER},
	{{{TB_FIELD_WEB_SEARCHES, BYTES("-1")}},
	 "web_searches: '-1': not a whole number in plain digits"},
	{{{TB_FIELD_CONTEXT, BYTES("short")}}, "context: 'short': not one of base, long"},
	{{{TB_FIELD_CONTEXT, BYTES("Long")}}, "context: 'Long': not one of base, long"},
};

START_TEST(bad_row)
{
	struct tb_buf text = {0};
	uint64_t twice;

	ck_assert_msg(!read_row(bad[_i].changes, NULL, &twice, &text), "%s", text.p);
	ck_assert_str_eq(text.p, bad[_i].why);
	tb_buf_release(&text);
}
END_TEST

START_TEST(repeated_header)
{
	struct tb_span cells[4] = {SPAN("timestamp"), SPAN("model"), SPAN("input_tokens"),
				   SPAN("output_tokens")};
	struct tb_row_rules rules = {0};
	struct tb_problems problems = {0};
	struct tb_usage u = {0};
	struct tb_problem why;
	struct tb_columns c;
	struct tb_err err = {0};

	ck_assert_int_eq(
		tb_columns_read(&c, cells, 4, NULL, NULL, 0, "log.csv", 1, &problems, &err), TB_OK);
	ck_assert(!tb_row_parse(&c, cells, &rules, &u, &why));
	ck_assert_str_eq(why.reason, "the header line again; were files joined with cat?");
	cells[3] = SPAN("5");
	ck_assert(!tb_row_parse(&c, cells, &rules, &u, &why));
	ck_assert_str_eq(why.reason, NOT_A_TIME);
	tb_columns_release(&c);
}
END_TEST

/* Times without a zone, on the clock of Berlin. */
static const struct {
	struct tb_span time;
	uint64_t twice;
	const char *begins;
} zoned[] = {
	{BYTES("2026-04-01T10:15:00"), 0, "2026-04-01T08:15:00Z standard"},
	{BYTES("2026-01-01T00:30:00"), 0, "2025-12-31T23:30:00Z standard"},
	{BYTES("2026-04-01T10:15:00Z"), 0, "2026-04-01T10:15:00Z standard"},
	{BYTES("2026-04-01"), 0, "2026-04-01T00:00:00Z (date)"},
	{BYTES("1775038500"), 0, "2026-04-01T10:15:00Z standard"},
	{BYTES("2026-10-25T02:30:00"), 1, "2026-10-25T00:30:00Z standard"},
	{BYTES("2026-10-25T03:00:00"), 0, "2026-10-25T02:00:00Z standard"},
	{BYTES("2026-03-29T02:30:00"), 0,
	 "timestamp: '2026-03-29T02:30:00': the clock of --log-tz was set forward over this time"},
	{BYTES("1970-01-01T00:30:00"), 0,
	 "timestamp: '1970-01-01T00:30:00': outside the years 1970 to 9999 in UTC"},
	{BYTES("9999-12-31T23:59:59"), 0, "9999-12-31T22:59:59Z standard"},
};

START_TEST(local_time)
{
	struct change changes[CHANGES] = {{TB_FIELD_TIME, zoned[_i].time}};
	struct tb_buf text = {0};
	struct tb_err err = {0};
	struct tb_zone *zone;
	uint64_t twice;
	bool ok;

	ck_assert_int_eq(tb_zone_open("Europe/Berlin", &zone, &err), TB_OK);
	ok = read_row(changes, zone, &twice, &text);
	ck_assert_msg(strncmp(text.p, zoned[_i].begins, strlen(zoned[_i].begins)) == 0, "%s: %s",
		      zoned[_i].time.p, text.p);
	ck_assert_int_eq(ok, strncmp(zoned[_i].begins, "timestamp", 9) != 0);
	ck_assert_uint_eq(twice, zoned[_i].twice);
	tb_buf_release(&text);
	tb_zone_free(zone);
}
END_TEST

Suite *row_suite(void)
{
	Suite *s = suite_create("row");

	add_loop(s, "row/good", good_row, LENGTH(good));
	add_loop(s, "row/bad", bad_row, LENGTH(bad));
	add_test(s, "row/repeated header", repeated_header);
	add_loop(s, "row/local times", local_time, LENGTH(zoned));
	return s;
}
