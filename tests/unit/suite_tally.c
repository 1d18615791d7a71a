#include "billing/row_cache.h"
#include "helpers.h"
#include "suites.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATES                                                                                      \
	"[m]\ninput = 1\noutput = 2\nbatch_discount = 50%\nlong_context_over = 500\n"              \
	"long_input = 2\nlong_output = 3\n[m @ 2026-04-03]\ninput = 3\noutput = 4\n"               \
	"batch_discount = 10%\n[n]\ninput = 5\noutput = 6\nbatch_discount = 50%\n"

enum { ROWS = 3000 };

/* Rows of few kinds, so that many fall into one cell. */
static struct tb_usage random_row(uint64_t seed, struct tb_span *column)
{
	static const char *const columns[] = {"", "a", "a\0b", "long text in a column"};
	static const size_t lengths[] = {0, 1, 3, 21};
	uint64_t pick = next_random(&seed) % LENGTH(columns);
	struct tb_usage u = {.columns = column, .requests = next_random(&seed) % 3};

	*column = (struct tb_span){columns[pick], lengths[pick]};
	u.instant = instant_of("2026-04-01") + (int64_t)(next_random(&seed) % (6 * 86400));
	u.model = next_random(&seed) % 2 ? SPAN("m") : SPAN("n");
	u.tier = next_random(&seed) % 2 ? TB_BATCH : TB_STANDARD;
	u.tokens[TB_INPUT] = next_random(&seed) % 1000;
	u.tokens[TB_OUTPUT] = next_random(&seed) >> 1;
	if (u.tier == TB_BATCH && u.tokens[TB_INPUT] > 500)
		u.tokens[TB_INPUT] = 500;
	return u;
}

static void add_row(struct tb_tally *t, const struct tb_book *book, uint64_t seed)
{
	const struct tb_grouping *g = tb_tally_grouping(t);
	struct tb_span column;
	struct tb_usage u = random_row(seed, &column);
	struct tb_rater rater = {.book = book};
	struct tb_problem why;
	struct tb_rated rated;
	struct tb_err err = {0};

	ck_assert_msg(tb_rate_usage(&rater, &u, &rated, &why), "%s", why.reason);
	ck_assert_int_eq(tb_tally_add(t, &u, &rated, tb_grouping_day(g, &u), &err), TB_OK);
}

/* Names alike at both ends, eras that begin within a day, limits, peaks, regions. */
#define RATES_ALIKE                                                                                \
	"[m]\ninput = 1\noutput = 2\nbatch_discount = 50%\n"                                       \
	"[m @ 2026-04-01T12:00:00Z]\ninput = 3\ncached_read = 1\noutput = 4\n"                     \
	"[of-names-00-alike]\ninput = 5\noutput = 6\nlong_context_over = 500\nlong_input = 2\n"    \
	"long_output = 3\n[of-names-11-alike]\ninput = 7\noutput = 8\nlong_context_from = 500\n"   \
	"long_input = 2\nlong_output = 3\n[busy]\ninput = 1\noutput = 2\npeak_hours = "            \
	"09:00-12:00 UTC\npeak_input = 3\npeak_output = 4\n[far]\ninput = 1\noutput = 2\n"         \
	"uplift_eu = 10%\n"

static struct tb_usage random_alike(uint64_t *seed)
{
	static const char *const names[] = {"m", "of-names-00-alike", "of-names-11-alike", "busy",
					    "far"};
	static const uint64_t inputs[] = {0, 1, 499, 500, 501, 5000};
	struct tb_usage u = {.requests = next_random(seed) % 8 ? 1 : 3};

	u.model = tb_span_of(names[next_random(seed) % LENGTH(names)]);
	u.instant = instant_of("2026-04-01") + (int64_t)(next_random(seed) % (2 * 86400));
	u.tokens[TB_INPUT] = inputs[next_random(seed) % LENGTH(inputs)];
	u.tokens[TB_CACHED_READ] = next_random(seed) % 8 ? 0 : 1;
	u.tokens[TB_OUTPUT] = next_random(seed) % 8 ? next_random(seed) >> 1 : 0;
	u.tier = next_random(seed) % 4 ? TB_STANDARD : TB_BATCH;
	u.context = next_random(seed) % 8 ? TB_CONTEXT_UNTOLD : TB_CONTEXT_LONG;
	u.region = next_random(seed) % 8 ? TB_NO_SPAN : SPAN("eu");
	u.model_bare = next_random(seed) % 8 ? TB_NO_SPAN : u.model;
	return u;
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *cell_line(const struct tb_tally *t, struct tb_cell_at at)
{
	struct tb_cell_key key = tb_tally_key(t, at);
	struct tb_cell cell = tb_tally_cell(t, at);
	struct tb_buf b = {0};
	char count[TB_COUNT_TEXT];

	tb_buf_printf(&b, "era %u period %d tier %d context %d '", (unsigned)key.era,
		      (int)key.period, key.terms.tier, key.terms.context);
	tb_buf_visible(&b, key.texts[0], 0);
	tb_buf_printf(&b, "' requests %s", tb_count_text(cell.requests, '\0', count));
	for (int m = 0; m < TB_METERS; m++)
		tb_buf_printf(&b, " %s", tb_count_text(cell.tokens[m], '\0', count));
	tb_buf_puts(&b, "\n");
	ck_assert(!b.failed);
	return b.p;
}

/* All cells, sorted: equal tallies have equal texts. */
static void describe(const struct tb_tally *t, struct tb_buf *out)
{
	size_t n = tb_tally_count(t), i = 0;
	struct tb_cell_at at;
	char **lines = calloc(n + 1, sizeof(*lines));

	ck_assert_ptr_nonnull(lines);
	for (bool more = tb_tally_first(t, &at); more; more = tb_tally_next(t, &at)) {
		ck_assert_uint_lt(i, n);
		lines[i++] = cell_line(t, at);
	}
	ck_assert_uint_eq(i, n);
	qsort(lines, n, sizeof(*lines), compare_lines);
	for (i = 0; i < n; i++) {
		tb_buf_puts(out, lines[i]);
		free(lines[i]);
	}
	free(lines);
}

/* The same rows, each rated, and by the short way wherever the tally knows it. */
START_TEST(alike_rows_fall_into_the_same_cells)
{
	static const struct tb_grouping by[] = {{.columns = {{.by = TB_BY_DATE}}, .count = 1},
						{.count = 0}};
	struct tb_book *book = book_of(RATES_ALIKE);
	struct tb_tally *rated_all = tb_tally_new(&by[_i]), *some = tb_tally_new(&by[_i]);
	struct tb_rater rater = {.book = book};
	struct tb_buf a = {0}, b = {0};
	struct tb_problem why;
	struct tb_rated rated;
	struct tb_err err = {0};
	uint64_t seed = 7;
	size_t alike = 0;

	for (size_t i = 0; i < 10 * ROWS; i++) {
		struct tb_usage u = random_alike(&seed);
		int32_t day = tb_grouping_day(&by[_i], &u);
		bool priced = tb_rate_usage(&rater, &u, &rated, &why);
		bool known = tb_tally_add_alike(some, &u, 1) == 1;

		ck_assert(priced || !known);
		alike += known;
		if (!priced)
			continue;
		ck_assert_int_eq(tb_tally_add(rated_all, &u, &rated, day, &err), TB_OK);
		if (!known)
			ck_assert_int_eq(tb_tally_add(some, &u, &rated, day, &err), TB_OK);
	}
	describe(rated_all, &a);
	describe(some, &b);
	ck_assert_str_eq(a.p, b.p);
	ck_assert_uint_gt(alike, ROWS);
	tb_tally_free(rated_all);
	tb_tally_free(some);
	tb_buf_release(&a);
	tb_buf_release(&b);
	tb_book_free(book);
}
END_TEST

/* A book of one era, as the cases below want it. */
#define ERA_LONG "long_context_over = 500\nlong_input = 2\nlong_output = 3\n"
#define NAME48   "a-name-of-as-many-bytes-as-are-learned-48-in-all"

/* Which rows teach where rows like them belong. */
static const struct {
	const char *ini; /* behind input and output */
	struct tb_usage u;
	enum tb_context context;
	bool learned;
} lessons[] = {
	{"", {.model = BYTES("m"), .requests = 1}, TB_BASE, true},
	{"", {.model = BYTES("m"), .requests = 9}, TB_BASE, true},
	{"", {.model = BYTES(""), .requests = 1}, TB_BASE, false},
	{"", {.model = BYTES(NAME48), .requests = 1}, TB_BASE, true},
	{"", {.model = BYTES(NAME48 "+"), .requests = 1}, TB_BASE, false},
	{"", {.model = BYTES("m"), .requests = 1, .region = BYTES("eu")}, TB_BASE, false},
	{"", {.model = BYTES("m"), .requests = 1, .context = TB_CONTEXT_BASE}, TB_BASE, false},
	{"", {.model = BYTES("m"), .requests = 1, .has_reported = true}, TB_BASE, false},
	{"peak_hours = 09:00-12:00 UTC\npeak_multiplier = 2\n",
	 {.model = BYTES("m"), .requests = 1},
	 TB_BASE,
	 false},
	{"shutdown = 2026-03-31\n", {.model = BYTES("m"), .requests = 1}, TB_BASE, false},
	{"shutdown = 2026-04-01\n", {.model = BYTES("m"), .requests = 1}, TB_BASE, true},
	{ERA_LONG, {.model = BYTES("m"), .requests = 1}, TB_BASE, true},
	{ERA_LONG, {.model = BYTES("m"), .requests = 2}, TB_BASE, false},
	{ERA_LONG, {.model = BYTES("m"), .requests = 1}, TB_LONG, false},
};

static struct tb_book *book_with(const char *ini)
{
	struct tb_buf text = {0};
	struct tb_book *book;

	tb_buf_printf(&text, "[m]\ninput = 1\noutput = 2\n%s", ini);
	book = book_of(text.p);
	tb_buf_release(&text);
	return book;
}

START_TEST(alike_is_learned)
{
	static struct tb_row_cache alike;
	struct tb_book *book = book_with(lessons[_i].ini);
	struct tb_rated rated = {.era = tb_book_era(book, 0),
				 .era_end = INT64_MAX,
				 .terms = {TB_STANDARD, lessons[_i].context, 0}};
	struct tb_usage u = lessons[_i].u;

	u.instant = instant_of("2026-04-01T10:00:00Z");
	memset(&alike, 0, sizeof(alike));
	tb_row_cache_learn(&alike, &u, &rated, day_of("2026-04-01"), 7, NULL, NULL);
	ck_assert_uint_eq(tb_row_cache_find(&alike, &u),
			  lessons[_i].learned ? 7 : TB_ROW_CACHE_NONE);
	tb_book_free(book);
}
END_TEST

/* Which rows are like one of the 1st of April, of 500 input tokens at most. */
static const struct {
	struct tb_usage u;
	const char *when;
	bool alike;
} pairs[] = {
	{{.model = BYTES("the-name-A-of-a-model"), .requests = 1}, "2026-04-01", true},
	{{.model = BYTES("the-name-A-of-a-model"), .requests = 1}, "2026-04-01T11:22:39Z", true},
	{{.model = BYTES("the-name-A-of-a-model"), .requests = 1},
	 "2026-04-01T11:22:40Z",
	 false}, /* in another slot, which has not learned it */
	{{.model = BYTES("the-name-A-of-a-model"), .requests = 1, .date_only = true},
	 "2026-04-01",
	 false}, /* that day in every zone */
	{{.model = BYTES("the-name-A-of-a-model"), .requests = 1}, "2026-04-02", false},
	{{.model = BYTES("the-name-A-of-a-model"), .requests = 1}, "2026-03-31T23:59:59Z", false},
	{{.model = BYTES("the-name-B-of-a-model"), .requests = 1}, "2026-04-01", false},
	{{.model = BYTES("the-name-A-of-a-model"), .requests = 2}, "2026-04-01", false},
	{{.model = BYTES("the-name-A-of-a-model"), .requests = 1, .tokens = {500, 0, 0, 0, 900}},
	 "2026-04-01",
	 true},
	{{.model = BYTES("the-name-A-of-a-model"), .requests = 1, .tokens = {501}},
	 "2026-04-01",
	 false},
	{{.model = BYTES("the-name-A-of-a-model"), .requests = 1, .tokens = {0, 1}},
	 "2026-04-01",
	 false}, /* a cached read has no price */
	{{.model = BYTES("the-name-A-of-a-model"), .requests = 1, .tier = TB_BATCH},
	 "2026-04-01",
	 false},
	{{.model = BYTES("the-name-A-of-a-model"), .requests = 1, .id = BYTES("r-1")},
	 "2026-04-01",
	 true}, /* what it counts for, whether or not it is a copy */
	{{.model = BYTES("the-name-A-of-a-model"), .requests = 1, .has_reported = true},
	 "2026-04-01",
	 false},
};

START_TEST(alike_is_found)
{
	static struct tb_row_cache alike;
	struct tb_book *book = book_with(ERA_LONG);
	struct tb_rated rated = {.era = tb_book_era(book, 0), .era_end = INT64_MAX};
	struct tb_usage u = {.model = SPAN("the-name-A-of-a-model"), .requests = 1};

	u.instant = instant_of("2026-04-01T10:00:00Z");
	tb_row_cache_learn(&alike, &u, &rated, day_of("2026-04-01"), 7, NULL, NULL);
	u = pairs[_i].u;
	u.instant = instant_of(pairs[_i].when);
	ck_assert_uint_eq(tb_row_cache_find(&alike, &u), pairs[_i].alike ? 7 : TB_ROW_CACHE_NONE);
	tb_book_free(book);
}
END_TEST

/* In any zone, up to the first row that is not like one before, and no more than a batch. */
START_TEST(alike_rows_are_counted)
{
	struct tb_book *book = book_of(RATES);
	struct tb_rated rated = {.era = tb_book_era(book, 0), .era_end = INT64_MAX};
	struct tb_usage u = {.model = SPAN("m"), .requests = 1};
	struct tb_usage many[TB_ROW_CACHE_ROWS + 1];
	struct tb_usage rows[] = {u, u, {.model = SPAN("other"), .requests = 1}, u};
	struct tb_grouping g = {.columns = {{.by = TB_BY_DATE}}, .count = 1};
	struct tb_zone *zone = NULL;
	struct tb_err err = {0};
	struct tb_tally *t;

	for (size_t i = 0; i < LENGTH(many); i++)
		many[i] = u;
	ck_assert_int_eq(tb_zone_open("Europe/Berlin", &zone, &err), TB_OK);
	for (int zoned = 0; zoned < 2; zoned++) {
		g.zone = zoned ? zone : NULL;
		t = tb_tally_new(&g);
		ck_assert_int_eq(tb_tally_add(t, &u, &rated, 0, &err), TB_OK);
		ck_assert_uint_eq(tb_tally_add_alike(t, &u, 1), 1);
		ck_assert_uint_eq(tb_tally_add_alike(t, rows, LENGTH(rows)), 2);
		ck_assert_uint_eq(tb_tally_add_alike(t, many, LENGTH(many)), TB_ROW_CACHE_ROWS);
		tb_tally_free(t);
	}
	tb_zone_free(zone);
	tb_book_free(book);
}
END_TEST

static const struct tb_grouping groupings[] = {
	{.columns = {{.by = TB_BY_DATE}, {.by = TB_BY_MODEL}}, .count = 2},
	{.columns = {{.by = TB_BY_DATE}}, .count = 1, .period = TB_PERIOD_WEEK},
	{.columns = {{.by = TB_BY_COLUMN}, {.by = TB_BY_TIER}}, .count = 2},
	{.count = 0},
};

START_TEST(parts_merge_to_the_whole)
{
	enum { PARTS = 3 };
	struct tb_book *book = book_of(RATES);
	struct tb_tally *whole = tb_tally_new(&groupings[_i]), *parts[PARTS];
	struct tb_buf a = {0}, b = {0};
	struct tb_err err = {0};

	for (int p = 0; p < PARTS; p++)
		parts[p] = tb_tally_new(&groupings[_i]);
	for (uint64_t i = 0; i < ROWS; i++)
		add_row(whole, book, i);
	/* Back to front, dealt to the parts in turn. */
	for (uint64_t i = ROWS; i-- > 0;)
		add_row(parts[i % PARTS], book, i);
	ck_assert_int_eq(tb_tally_merge(parts[2], parts[0], 2, &err), TB_OK);
	ck_assert_int_eq(tb_tally_merge(parts[2], parts[1], 2, &err), TB_OK);
	describe(whole, &a);
	describe(parts[2], &b);
	ck_assert_str_eq(a.p, b.p);
	ck_assert_uint_gt(tb_tally_count(whole), 1);
	tb_tally_free(whole);
	for (int p = 0; p < PARTS; p++)
		tb_tally_free(parts[p]);
	tb_buf_release(&a);
	tb_buf_release(&b);
	tb_book_free(book);
}
END_TEST

START_TEST(cleared_is_empty)
{
	struct tb_book *book = book_of(RATES);
	struct tb_tally *t = tb_tally_new(&groupings[0]), *fresh = tb_tally_new(&groupings[0]);
	struct tb_buf a = {0}, b = {0};

	for (uint64_t i = 0; i < 100; i++)
		add_row(t, book, i);
	tb_tally_clear(t);
	ck_assert_uint_eq(tb_tally_count(t), 0);
	for (uint64_t i = 50; i < 100; i++) {
		add_row(t, book, i);
		add_row(fresh, book, i);
	}
	describe(t, &a);
	describe(fresh, &b);
	ck_assert_str_eq(a.p, b.p);
	tb_tally_free(t);
	tb_tally_free(fresh);
	tb_buf_release(&a);
	tb_buf_release(&b);
	tb_book_free(book);
}
END_TEST

/* Sums past 2^64 are exact. */
START_TEST(sums_past_64_bits)
{
	struct bill b;
	char text[TB_COUNT_TEXT];

	bill_begin(&b, "[m]\ninput = 0\noutput = 0\n", "date,model");
	for (int i = 0; i < 5; i++)
		bill_row(&b, &(struct row){"m", "2026-04-01", TB_STANDARD, {INT64_MAX}, NULL});
	ck_assert_uint_eq(tb_tally_count(b.tally), 1);
	tb_count_text(tb_tally_cell(b.tally, (struct tb_cell_at){0, 0}).tokens[TB_INPUT], '\0',
		      text);
	ck_assert_str_eq(text, "46116860184273879035");
	bill_end(&b);
}
END_TEST

START_TEST(stated_limit)
{
	struct tb_grouping g = groupings[0];
	struct tb_book *book = book_of(RATES);
	const struct tb_era *era = tb_book_era(book, 0);
	struct tb_rated rated = {.era = era};
	struct tb_usage u = {.requests = 1};
	struct tb_err err = {0};
	struct tb_tally *t;

	g.max_cells = 3;
	t = tb_tally_new(&g);
	for (int i = 0; i < 6; i++)
		ck_assert_int_eq(tb_tally_add(t, &u, &rated, i % 3, &err), TB_OK);
	ck_assert_int_eq(tb_tally_add(t, &u, &rated, 3, &err), TB_DATA);
	ck_assert_str_eq(err.text, "more than 3 tallies (one for each group, price era, tier and "
				   "context); group by less (--by), or allow more (--max-groups)");
	tb_tally_free(t);
	tb_book_free(book);
}
END_TEST

START_TEST(tags_keep_cells_apart)
{
	struct tb_book *book = book_of(RATES);
	struct tb_tally *t = tb_tally_new(&groupings[0]);
	struct tb_rated rated = {.era = tb_book_era(book, 0)};
	struct tb_usage u = {.requests = 2, .tokens = {[TB_INPUT] = 5}};
	static const uint64_t tags[] = {0, 1, UINT64_C(1) << 63, 1, 0};
	struct tb_err err = {0};

	for (size_t i = 0; i < LENGTH(tags); i++)
		ck_assert_int_eq(tb_tally_add_tagged(t, &u, &rated, 7, tags[i], NULL, &err), TB_OK);
	ck_assert_int_eq(tb_tally_add(t, &u, &rated, 7, &err), TB_OK);
	ck_assert_uint_eq(tb_tally_count(t), 3);
	for (size_t i = 0; i < 3; i++) {
		ck_assert_uint_eq(tb_tally_key(t, (struct tb_cell_at){0, i}).tag, tags[i]);
		ck_assert(tb_tally_cell(t, (struct tb_cell_at){0, i}).tokens[TB_INPUT] ==
			  5 * (3 - i));
	}
	tb_tally_free(t);
	tb_book_free(book);
}
END_TEST

START_TEST(a_row_many_times)
{
	struct tb_book *book = book_of(RATES);
	struct tb_tally *t = tb_tally_new(&groupings[0]);
	struct tb_rated rated = {.era = tb_book_era(book, 0)};
	struct tb_usage u = {.requests = 2, .tokens = {[TB_OUTPUT] = INT64_MAX}};
	struct tb_err err = {0};
	char text[TB_COUNT_TEXT];

	ck_assert_int_eq(tb_tally_add(t, &u, &rated, 7, &err), TB_OK);
	ck_assert_int_eq(tb_tally_add_times(t, &u, &rated, 7, INT64_MAX, &err), TB_OK);
	ck_assert_int_eq(tb_tally_add_times(t, &u, &rated, 7, 0, &err), TB_OK);
	ck_assert_uint_eq(tb_tally_count(t), 1);
	ck_assert_str_eq(
		tb_count_text(tb_tally_cell(t, (struct tb_cell_at){0, 0}).tokens[TB_OUTPUT], '\0',
			      text),
		"85070591730234615856620279821087277056");
	ck_assert_str_eq(
		tb_count_text(tb_tally_cell(t, (struct tb_cell_at){0, 0}).requests, '\0', text),
		"18446744073709551616");
	tb_tally_free(t);
	tb_book_free(book);
}
END_TEST

/* Tallies, by a column, in parts that are joined. */
/* By two columns, whose texts are joined; the first row of one tally has an amount of its own. */
static enum tb_status tally_and_merge(void *ctx, struct tb_err *err)
{
	static const struct tb_grouping by_two = {
		.columns = {{.by = TB_BY_COLUMN}, {.by = TB_BY_COLUMN, .asked = 1}},
		.count = 2,
		.compare = true};
	struct tb_rated rated = {.era = tb_book_era(ctx, 0)};
	struct tb_tally *t = tb_tally_new(&by_two), *part = tb_tally_new(&by_two);
	enum tb_status st = t && part ? TB_OK : tb_fail_nomem(err);

	for (int i = 0; i < 100 && st == TB_OK; i++) {
		static const char texts[] = "a column's text, and another, and so on";
		struct tb_span column = {texts, (size_t)i % sizeof(texts)};
		struct tb_span columns[] = {column, column};
		struct tb_usage u = {.columns = columns, .requests = 1, .has_reported = i % 4 == 0};

		st = tb_tally_add(i % 2 ? t : part, &u, &rated, i, err);
		if (st == TB_OK)
			st = tb_tally_add_times(i % 3 ? t : part, &u, &rated, i, 2, err);
	}
	if (st == TB_OK)
		st = tb_tally_merge(t, part, 1, err);
	EXPECT(st != TB_OK || tb_tally_count(t) == 40, "%zu cells", tb_tally_count(t));
	if (st == TB_OK)
		st = tb_tally_take_out(part, t, err);
	tb_tally_free(t);
	tb_tally_free(part);
	return st;
}

START_TEST(out_of_memory)
{
	struct tb_book *book = book_of(RATES);

	ck_assert_uint_gt(each_allocation_fails(tally_and_merge, book), 10);
	tb_tally_free(NULL);
	tb_book_free(book);
}
END_TEST

/* Amounts of the log itself may pass the limit in one tally, and where two are joined. */
START_TEST(reported_beyond_the_limit)
{
	struct tb_grouping g = {.compare = true};
	struct tb_book *book = book_of(RATES);
	struct tb_rated rated = {.era = tb_book_era(book, 0)};
	struct tb_usage u = {.has_reported = true, .reported = money(MONEY_TOP)};
	struct tb_tally *a = tb_tally_new(&g), *b = tb_tally_new(&g);
	struct tb_err err = {0};

	ck_assert_int_eq(tb_tally_add(a, &u, &rated, 7, &err), TB_OK);
	u.reported = MONEY_UNIT;
	ck_assert_int_eq(tb_tally_add(b, &u, &rated, 7, &err), TB_OK);
	ck_assert_int_eq(tb_tally_merge(b, a, 2, &err), TB_DATA);
	ck_assert_str_eq(err.text, "reported amounts add up to more than can be exact");
	err = (struct tb_err){0};
	ck_assert_int_eq(tb_tally_add(a, &u, &rated, 7, &err), TB_DATA);
	ck_assert_str_eq(err.text, "reported amounts add up to more than can be exact");
	tb_tally_free(a);
	tb_tally_free(b);
	tb_book_free(book);
}
END_TEST

/* A row beyond the limit is refused on every way in, and leaves nothing half made. */
START_TEST(limit_on_every_way)
{
	struct tb_grouping g = groupings[0];
	struct tb_book *book = book_of(RATES);
	struct tb_rated rated = {.era = tb_book_era(book, 0)};
	struct tb_usage u = {.requests = 1};
	struct tb_tally *t, *other;
	struct tb_err err = {0};

	g.max_cells = 1;
	t = tb_tally_new(&g);
	other = tb_tally_new(&g);
	ck_assert_int_eq(tb_tally_add(t, &u, &rated, 1, &err), TB_OK);
	ck_assert_int_eq(tb_tally_add(other, &u, &rated, 2, &err), TB_OK);
	ck_assert_int_eq(tb_tally_add_tagged(t, &u, &rated, 1, 1, NULL, &err), TB_DATA);
	ck_assert_int_eq(tb_tally_add_times(t, &u, &rated, 2, 5, &err), TB_DATA);
	ck_assert_int_eq(tb_tally_merge(t, other, 2, &err), TB_OK);
	/* What was refused is there without counts, and is not made twice. */
	ck_assert_uint_eq(tb_tally_count(t), 3);
	ck_assert(tb_tally_cell(t, (struct tb_cell_at){0, 1}).requests == 0);
	ck_assert(tb_tally_cell(t, (struct tb_cell_at){0, 2}).requests == 1);
	ck_assert_int_eq(tb_tally_add_tagged(other, &u, &rated, 3, 9, NULL, &err), TB_DATA);
	ck_assert_int_eq(tb_tally_merge(t, other, 2, &err), TB_DATA);
	tb_tally_free(t);
	tb_tally_free(other);
	tb_book_free(book);
}
END_TEST

/* Rows are known again on the same day of the zone alone, also where a clock is set. */
START_TEST(alike_in_a_zone)
{
	static const char *const zones[] = {"UTC", "Europe/Berlin", "Australia/Lord_Howe",
					    "Asia/Kolkata", "America/St_Johns"};
	struct tb_book *book = book_of(RATES);
	struct tb_rated rated = {.era = tb_book_era(book, 0), .era_end = INT64_MAX};
	struct tb_grouping g = {.columns = {{.by = TB_BY_DATE}}, .count = 1};
	uint64_t seed = (uint64_t)_i + 1, found = 0;
	struct tb_zone *zone = NULL;
	struct tb_err err = {0};
	struct tb_tally *t;

	ck_assert_int_eq(tb_zone_open(zones[_i], &zone, &err), TB_OK);
	g.zone = zone;
	t = tb_tally_new(&g);
	for (int i = 0; i < 20000; i++) {
		/* Around the changes of clocks in April and October. */
		int64_t begin = instant_of(i % 2 ? "2026-04-03T00:00:00Z" : "2026-10-23T00:00:00Z");
		struct tb_usage a = {.model = SPAN("m"), .requests = 1}, b = a;

		a.instant = begin + (int64_t)(next_random(&seed) % (4 * 86400));
		b.instant = a.instant + (int64_t)(next_random(&seed) % 20000) - 10000;
		a.date_only = next_random(&seed) % 4 == 0;
		b.date_only = next_random(&seed) % 4 == 0;
		tb_tally_clear(t);
		EXPECT(tb_tally_add(t, &a, &rated, tb_grouping_day(&g, &a), &err) == TB_OK, "add");
		EXPECT(tb_tally_find_alike(t, &a) != TB_ROW_CACHE_NONE, "itself");
		if (tb_tally_find_alike(t, &b) == TB_ROW_CACHE_NONE)
			continue;
		found++;
		EXPECT(tb_grouping_day(&g, &a) == tb_grouping_day(&g, &b), "another day at %d", i);
	}
	ck_assert_uint_gt(found, 5000);
	tb_tally_free(t);
	tb_zone_free(zone);
	tb_book_free(book);
}
END_TEST

/* The day of a row, by zone; a date alone is that day in every zone. */
static const struct {
	const char *zone, *when;
	bool date_only;
	const char *day;
} days[] = {
	{NULL, "2026-04-01T23:59:59Z", false, "2026-04-01"},
	{"Europe/Berlin", "2026-04-01T21:59:59Z", false, "2026-04-01"},
	{"Europe/Berlin", "2026-04-01T22:00:00Z", false, "2026-04-02"},
	{"Europe/Berlin", "2026-01-01T22:59:59Z", false, "2026-01-01"},
	{"America/New_York", "2026-04-01T03:59:59Z", false, "2026-03-31"},
	{"America/New_York", "2026-04-01", true, "2026-04-01"},
	{"Pacific/Apia", "2011-12-30T10:00:00Z", false, "2011-12-31"},
	{"Pacific/Apia", "2011-12-30", true, "2011-12-30"},
};

START_TEST(day_in_zone)
{
	struct tb_usage u = {.instant = instant_of(days[_i].when), .date_only = days[_i].date_only};
	struct tb_zone *zone = NULL;
	struct tb_err err = {0};
	struct tb_grouping g = {0};

	if (days[_i].zone)
		ck_assert_int_eq(tb_zone_open(days[_i].zone, &zone, &err), TB_OK);
	g.zone = zone;
	ck_assert_int_eq(tb_grouping_day(&g, &u), day_of(days[_i].day));
	tb_zone_free(zone);
}
END_TEST

/* Rows of columns' texts in batches, by one column and by two, up to a row beyond the limit. */
START_TEST(alike_rows_of_columns)
{
	enum { BATCH = 6 };
	static const char *const texts[BATCH] = {"a", "b", "a", "a longer text than most",
						 "b", "c"};
	struct tb_grouping g = {.columns = {{.by = TB_BY_COLUMN}, {.by = TB_BY_COLUMN, .asked = 1}},
				.count = (size_t)_i + 1,
				.max_cells = 3};
	struct tb_book *book = book_of(RATES);
	struct tb_rated rated = {.era = tb_book_era(book, 2), .era_end = INT64_MAX};
	struct tb_tally *t = tb_tally_new(&g);
	struct tb_usage rows[BATCH];
	struct tb_span columns[BATCH][2];
	struct tb_err err = {0};
	struct tb_cell_at at;
	tb_u128 requests = 0;

	for (size_t i = 0; i < BATCH; i++) {
		columns[i][0] = tb_span_of(texts[i]);
		columns[i][1] = SPAN("the same");
		rows[i] =
			(struct tb_usage){.model = SPAN("n"), .requests = 1, .columns = columns[i]};
	}
	ck_assert_uint_eq(tb_tally_add_alike(t, rows, BATCH), 0);
	ck_assert_int_eq(tb_tally_add(t, &rows[0], &rated, 0, &err), TB_OK);
	ck_assert_uint_eq(tb_tally_add_alike(t, rows, BATCH), BATCH - 1);
	ck_assert_uint_eq(tb_tally_add_alike(t, &rows[BATCH - 1], 1), 0);
	ck_assert_int_eq(tb_tally_add(t, &rows[BATCH - 1], &rated, 0, &err), TB_DATA);
	ck_assert_uint_eq(tb_tally_add_alike(t, &rows[1], 1), 1);
	ck_assert_uint_eq(tb_tally_find_alike(t, &rows[1]), TB_ROW_CACHE_NONE);
	ck_assert_uint_eq(tb_tally_count(t), 3);
	for (bool more = tb_tally_first(t, &at); more; more = tb_tally_next(t, &at)) {
		struct tb_cell_key key = tb_tally_key(t, at);

		tb_tally_prefetch(t, at.group);
		tb_tally_prefetch_cells(t, at.group);
		ck_assert(tb_tally_cell(t, at).requests == (key.texts[0].n == 1 ? 3 : 1));
		ck_assert(_i == 0 || tb_span_is(key.texts[1], "the same"));
		requests += tb_tally_cell(t, at).requests;
	}
	ck_assert(requests == 7);
	tb_tally_free(t);
	tb_book_free(book);
}
END_TEST

/* Reported amounts by a column, in one tally and where two are joined; and the limit there. */
START_TEST(columns_beyond_the_limits)
{
	struct tb_grouping g = {
		.columns = {{.by = TB_BY_COLUMN}}, .count = 1, .max_cells = 1, .compare = true};
	struct tb_book *book = book_of(RATES);
	struct tb_rated rated = {.era = tb_book_era(book, 0)};
	struct tb_span a = SPAN("a"), b = SPAN("b");
	struct tb_usage most = {.has_reported = true, .reported = money(MONEY_TOP), .columns = &a};
	struct tb_usage one = {.has_reported = true, .reported = MONEY_UNIT, .columns = &a};
	struct tb_tally *t[3];
	struct tb_err err = {0};

	for (int i = 0; i < 3; i++)
		t[i] = tb_tally_new(&g);
	ck_assert_int_eq(tb_tally_add(t[0], &most, &rated, 0, &err), TB_OK);
	ck_assert_int_eq(tb_tally_add(t[1], &one, &rated, 0, &err), TB_OK);
	one.columns = &b;
	ck_assert_int_eq(tb_tally_add(t[2], &one, &rated, 0, &err), TB_OK);
	ck_assert_int_eq(tb_tally_merge(t[1], t[0], 2, &err), TB_DATA);
	ck_assert_str_eq(err.text, "reported amounts add up to more than can be exact");
	err = (struct tb_err){0};
	ck_assert_int_eq(tb_tally_merge(t[2], t[0], 2, &err), TB_DATA);
	ck_assert_str_eq(err.text, "more than 1 tallies (one for each group, price era, tier and "
				   "context); group by less (--by), or allow more (--max-groups)");
	err = (struct tb_err){0};
	one.columns = &a;
	ck_assert_int_eq(tb_tally_add(t[0], &one, &rated, 0, &err), TB_DATA);
	ck_assert_str_eq(err.text, "reported amounts add up to more than can be exact");
	for (int i = 0; i < 3; i++)
		tb_tally_free(t[i]);
	tb_book_free(book);
}
END_TEST

/* What is taken out of a tally makes cells where it has none, and a difference may be too large. */
START_TEST(taken_out_beyond_the_limits)
{
	struct tb_grouping g = {.columns = {{.by = TB_BY_COLUMN}},
				.count = (size_t)_i,
				.max_cells = 1,
				.compare = true};
	struct tb_book *book = book_of(RATES);
	struct tb_rated rated = {.era = tb_book_era(book, 0)};
	struct tb_span a = SPAN("a"), b = SPAN("b");
	struct tb_usage u = {.has_reported = true, .reported = money(MONEY_BOTTOM), .columns = &a};
	struct tb_tally *t = tb_tally_new(&g), *copies = tb_tally_new(&g);
	struct tb_err err = {0};

	ck_assert_int_eq(tb_tally_add(t, &u, &rated, 0, &err), TB_OK);
	u.reported = MONEY_UNIT;
	ck_assert_int_eq(tb_tally_add(copies, &u, &rated, 0, &err), TB_OK);
	ck_assert_int_eq(tb_tally_take_out(t, copies, &err), TB_DATA);
	ck_assert_str_eq(err.text, "reported amounts add up to more than can be exact");
	tb_tally_clear(copies);
	err = (struct tb_err){0};
	u.columns = &b;
	rated.era = tb_book_era(book, 1);
	ck_assert_int_eq(tb_tally_add(copies, &u, &rated, 0, &err), TB_OK);
	ck_assert_int_eq(tb_tally_take_out(t, copies, &err), TB_DATA);
	ck_assert_ptr_nonnull(strstr(err.text, "more than 1 tallies"));
	tb_tally_free(t);
	tb_tally_free(copies);
	tb_book_free(book);
}
END_TEST

Suite *tally_suite(void)
{
	Suite *s = suite_create("tally");

	add_loop(s, "tally/merge", parts_merge_to_the_whole, LENGTH(groupings));
	add_test(s, "tally/clear", cleared_is_empty);
	add_test(s, "tally/past 64 bits", sums_past_64_bits);
	add_test(s, "tally/limit", stated_limit);
	add_test(s, "tally/tags", tags_keep_cells_apart);
	add_test(s, "tally/times", a_row_many_times);
	add_test(s, "tally/out of memory", out_of_memory);
	add_test(s, "tally/reported beyond the limit", reported_beyond_the_limit);
	add_test(s, "tally/limit on every way", limit_on_every_way);
	add_loop(s, "tally/alike by columns", alike_rows_of_columns, 2);
	add_test(s, "tally/columns beyond the limits", columns_beyond_the_limits);
	add_loop(s, "tally/taken out beyond the limits", taken_out_beyond_the_limits, 2);
	add_loop(s, "tally/alike in a zone", alike_in_a_zone, 5);
	add_loop(s, "tally/alike", alike_rows_fall_into_the_same_cells, 2);
	add_loop(s, "tally/alike learned", alike_is_learned, LENGTH(lessons));
	add_loop(s, "tally/alike found", alike_is_found, LENGTH(pairs));
	add_test(s, "tally/alike counted", alike_rows_are_counted);
	add_loop(s, "tally/days", day_in_zone, LENGTH(days));
	return s;
}
