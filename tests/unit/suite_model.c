#include "helpers.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

#define RATES                                                                                      \
	"[gpt-4o-mini]\nprovider = openai\ninput = 0.15\ncached_read = 0.075\noutput = 0.60\n"     \
	"batch_discount = 50%\naliases = mini\n"                                                   \
	"[euro]\nprovider = p\ncurrency = EUR\ninput = 1\noutput = 2\n"                            \
	"[moved]\ninput = 1\noutput = 2\n[moved @ 2026-04-02]\ncurrency = EUR\ninput = 3\n"        \
	"output = 4\n"

static const struct row rows[] = {
	{"mini", "2026-04-02T10:00:00Z", TB_STANDARD, {1000000, 0, 0, 0, 1000000}, "b"},
	{"gpt-4o-mini", "2026-04-01", TB_STANDARD, {1234567, 7654321, 0, 0, 345678}, "a"},
	{"gpt-4o-mini", "2026-04-01T23:00:00Z", TB_BATCH, {20000000, 0, 0, 0, 2500001}, "b"},
	{"euro", "2026-04-01", TB_STANDARD, {1000000, 0, 0, 0, 0}, "a"},
	{"moved", "2026-04-01", TB_STANDARD, {1000000, 0, 0, 0, 0}, "a"},
	{"moved", "2026-04-02", TB_STANDARD, {1000000, 0, 0, 0, 0}, "a"},
};

static enum tb_status put_row(void *ctx, const struct tb_report_row *row)
{
	struct tb_buf *out = ctx;
	char text[TB_MONEY_TEXT], count[TB_COUNT_TEXT], date[TB_DATE_TEXT];

	tb_buf_printf(out, "%s ", tb_period_text(TB_PERIOD_DAY, row->period, date));
	for (int i = 0; i < 3 && row->texts[i].p; i++)
		tb_buf_printf(out, "%.*s ", (int)row->texts[i].n, row->texts[i].p);
	tb_buf_printf(out, "%s %s %s;", tb_count_text(row->counts[TB_COUNT_INPUT], '\0', count),
		      tb_money_text(row->charge.amounts[TB_COST], text), row->currency);
	return TB_OK;
}

static const struct {
	const char *by;
	enum tb_period period;
	const char *rows;
} groupings[] = {
	{"date,model", TB_PERIOD_DAY,
	 "2026-04-01  euro 1000000 1.00 EUR;2026-04-01  gpt-4o-mini 28888888 3.216666225 USD;"
	 "2026-04-01  moved 1000000 1.00 USD;2026-04-02  gpt-4o-mini 1000000 0.75 USD;"
	 "2026-04-02  moved 1000000 3.00 EUR;"},
	{"model", TB_PERIOD_DAY,
	 "1970-01-01 euro 1000000 1.00 EUR;1970-01-01 gpt-4o-mini 29888888 3.966666225 USD;"
	 "1970-01-01 moved 1000000 3.00 EUR;1970-01-01 moved 1000000 1.00 USD;"},
	{"date", TB_PERIOD_MONTH,
	 "2026-04-01  2000000 4.00 EUR;2026-04-01  30888888 4.966666225 "
	 "USD;"},
	{"provider,tier", TB_PERIOD_DAY,
	 "1970-01-01  standard 1000000 3.00 EUR;1970-01-01  standard 1000000 1.00 USD;"
	 "1970-01-01 openai batch 20000000 2.2500003 USD;1970-01-01 openai standard 9888888 "
	 "1.716665925 USD;1970-01-01 p standard 1000000 1.00 EUR;"},
	{"team,model", TB_PERIOD_DAY,
	 "1970-01-01 a euro 1000000 1.00 EUR;1970-01-01 a gpt-4o-mini 8888888 0.966665925 USD;"
	 "1970-01-01 a moved 1000000 3.00 EUR;1970-01-01 a moved 1000000 1.00 USD;"
	 "1970-01-01 b gpt-4o-mini 21000000 3.0000003 USD;"},
	{"", TB_PERIOD_DAY, "1970-01-01 2000000 4.00 EUR;1970-01-01 30888888 4.966666225 USD;"},
};

static void bill_all(struct bill *b, const char *by, size_t shift)
{
	bill_begin(b, RATES, by);
	for (size_t i = 0; i < LENGTH(rows); i++)
		bill_row(b, &rows[(i * 5 + shift) % LENGTH(rows)]);
}

/* Currencies stand apart; the order of the rows does not matter. */
START_TEST(rows_and_order)
{
	for (size_t shift = 0; shift < LENGTH(rows); shift++) {
		struct tb_buf out = {0};
		struct bill b;

		bill_begin(&b, RATES, groupings[_i].by);
		b.grouping.period = groupings[_i].period;
		for (size_t i = 0; i < LENGTH(rows); i++)
			bill_row(&b, &rows[(i * 5 + shift) % LENGTH(rows)]);
		ck_assert_msg(bill_report(&b, TB_MONEY_ROUND_NONE) == TB_OK, "%s", b.err.text);
		ck_assert_int_eq(tb_report_each(&b.report, put_row, &out), TB_OK);
		ck_assert_str_eq(out.p, groupings[_i].rows);
		tb_buf_release(&out);
		bill_end(&b);
	}
}
END_TEST

START_TEST(totals_by_currency)
{
	char text[TB_MONEY_TEXT];
	struct bill b;

	bill_all(&b, "date,model", 0);
	ck_assert_int_eq(bill_report(&b, TB_MONEY_ROUND_NONE), TB_OK);
	ck_assert_uint_eq(b.report.row_count, 5);
	ck_assert_uint_eq(b.report.total_count, 2);
	ck_assert_str_eq(b.report.totals[0].currency, "EUR");
	ck_assert_str_eq(tb_money_text(b.report.totals[0].charge.amounts[TB_COST], text), "4.00");
	ck_assert_str_eq(b.report.totals[1].currency, "USD");
	ck_assert_str_eq(tb_money_text(b.report.totals[1].charge.amounts[TB_COST], text),
			 "4.966666225");
	bill_end(&b);
}
END_TEST

START_TEST(counts)
{
	static const uint64_t expected[TB_COUNTS] = {
		[TB_COUNT_REQUESTS] = 2,     [TB_COUNT_INPUT] = 110,  [TB_COUNT_CACHED_READ] = 20,
		[TB_COUNT_CACHE_WRITE] = 70, [TB_COUNT_OUTPUT] = 110, [TB_COUNT_BATCH] = 10,
	};
	struct bill b;

	bill_begin(&b,
		   "[m]\ninput = 1\ncached_read = 1\ncache_write = 1\ncache_write_1h = 1\n"
		   "output = 1\nbatch_discount = 50%\n",
		   "model");
	bill_row(&b, &(struct row){"m", "2026-04-01", TB_STANDARD, {10, 20, 30, 40, 50, 60}, NULL});
	bill_row(&b, &(struct row){"m", "2026-04-01", TB_BATCH, {10}, NULL});
	ck_assert_int_eq(bill_report(&b, TB_MONEY_ROUND_NONE), TB_OK);
	for (int i = 0; i < TB_COUNTS; i++)
		ck_assert_uint_eq((uint64_t)b.report.totals[0].counts[i], expected[i]);
	bill_end(&b);
}
END_TEST

/* What was read must come out again. */
static const struct {
	uint64_t more, fewer, rows, billed; /* tokens and rows */
	const char *error;
} tampered[] = {
	{1, 0, 0, 0, "internal check failed: the report's tokens are not those of the rows billed"},
	{0, 1, 0, 0, "internal check failed: the report's tokens are not those of the rows billed"},
	{0, 0, 1, 0, "internal check failed: rows read are not rows billed, set aside and skipped"},
	{0, 0, 0, 1, "internal check failed: rows read are not rows billed, set aside and skipped"},
};

START_TEST(tampering_is_seen)
{
	struct bill b;

	bill_all(&b, "date,model", 0);
	b.facts.tokens += tampered[_i].more;
	b.facts.tokens -= tampered[_i].fewer;
	b.facts.rows += tampered[_i].rows;
	b.facts.billed += tampered[_i].billed;
	ck_assert_int_eq(bill_report(&b, TB_MONEY_ROUND_NONE), TB_INTERNAL);
	ck_assert_str_eq(b.err.text, tampered[_i].error);
	bill_end(&b);
}
END_TEST

/* One row, several cells of a row, and several rows whose total is too large. */
START_TEST(too_large)
{
	static const char *const by[] = {"model", "model", "date"};
	uint64_t tokens = _i == 0 ? 9000000000000000000 : 4000000000000000000;
	uint64_t times = 10000000000000;
	struct bill b;

	bill_begin(&b, "[m]\ninput = 1000000000\noutput = 0\nflex_discount = 0%\n", by[_i]);
	bill_row_times(&b, &(struct row){"m", "2026-04-01", TB_STANDARD, {tokens}, NULL}, times);
	bill_row_times(&b, &(struct row){"m", "2026-04-02", TB_FLEX, {tokens}, NULL}, times);
	ck_assert_int_eq(bill_report(&b, TB_MONEY_ROUND_NONE), TB_DATA);
	ck_assert_str_eq(b.err.text, TB_MONEY_TOO_LARGE);
	bill_end(&b);
}
END_TEST

/* Rounded when shown, and only then: the total is that of the exact rows. */
START_TEST(rounding)
{
	char text[TB_MONEY_TEXT];
	struct bill b;

	bill_begin(&b, "[m]\ninput = 0.004\noutput = 0\n", "date");
	for (int i = 0; i < 3; i++) {
		static const char *const when[] = {"2026-04-01", "2026-04-02", "2026-04-03"};

		bill_row(&b, &(struct row){"m", when[i], TB_STANDARD, {1000000}, NULL});
	}
	ck_assert_int_eq(bill_report(&b, 2), TB_OK);
	ck_assert_str_eq(
		tb_money_text(tb_report_amount(&b.report, &b.report.totals[0], TB_COST), text),
		"0.01");
	ck_assert_str_eq(tb_money_text(b.report.totals[0].charge.amounts[TB_COST], text), "0.012");
	bill_end(&b);
}
END_TEST

START_TEST(nothing_billed)
{
	struct bill b;

	bill_begin(&b, RATES, "date,model");
	ck_assert_int_eq(bill_report(&b, TB_MONEY_ROUND_NONE), TB_OK);
	ck_assert_uint_eq(b.report.row_count, 0);
	ck_assert_uint_eq(b.report.total_count, 0);
	bill_end(&b);
}
END_TEST

/* ---- many groups ---- */

/* Texts that differ at once, texts that differ late, and texts that begin like others. */
static const char *many_text(size_t i, char room[64])
{
	static const char *const heads[] = {"user-", "user-of-some-department-", ""};

	snprintf(room, 64, "%s%zu%s", heads[i % LENGTH(heads)], i * 7919 % 1000003,
		 i % 2 ? "" : "-and-more");
	return room;
}

static void bill_many(struct bill *b, size_t n)
{
	static const char *const models[] = {"mini", "euro", "gpt-4o-mini"};
	char room[64];

	bill_begin(b, RATES, "team");
	for (size_t i = 0; i < n; i++) {
		struct row row = {.model = models[i % 5 % LENGTH(models)],
				  .when = "2026-04-01",
				  .tier = i % 4 ? TB_STANDARD : TB_BATCH,
				  .tokens = {i, 0, 0, 0, 1},
				  .column = many_text(i / 2, room)};

		if (strcmp(row.model, "euro") == 0)
			row.tier = TB_STANDARD;
		bill_row(b, &row);
	}
}

/* What rows say, one after the other. */
struct rows_seen {
	char last[96]; /* day, text and currency */
	size_t rows, unordered;
	tb_u128 tokens;
};

static enum tb_status see_row(void *ctx, const struct tb_report_row *row)
{
	struct rows_seen *s = ctx;
	const struct tb_span *text = &row->texts[row->period ? 1 : 0];
	char key[96];

	snprintf(key, sizeof(key), "%08d %.*s %s", (int)row->period, (int)text->n, text->p,
		 row->currency);
	s->unordered += s->rows && strcmp(s->last, key) >= 0;
	memcpy(s->last, key, sizeof(key));
	s->rows++;
	s->tokens += row->counts[TB_COUNT_INPUT] + row->counts[TB_COUNT_OUTPUT];
	return TB_OK;
}

/* Groups enough for several ranges, which threads work on; one row for each text and currency. */
START_TEST(many_groups)
{
	enum { MANY = 90000 };
	const size_t threads[] = {0, 1, 3};
	struct rows_seen seen = {{0}, 0, 0, 0};
	struct bill b;

	bill_many(&b, MANY);
	ck_assert_int_eq(tb_report_init(&b.report, b.tally, b.book, &b.facts,
					(struct tb_report_options){.round = TB_MONEY_ROUND_NONE,
								   .threads = threads[_i]},
					&b.err),
			 TB_OK);
	ck_assert_int_eq(tb_report_each(&b.report, see_row, &seen), TB_OK);
	ck_assert_uint_eq(seen.unordered, 0);
	/* Two rows of the log have one text; in one of five pairs they have one currency. */
	ck_assert_uint_eq(seen.rows, b.report.row_count);
	ck_assert_uint_eq(seen.rows, MANY / 2 * 9 / 5);
	ck_assert(seen.tokens == b.facts.tokens);
	ck_assert(b.report.totals[0].counts[TB_COUNT_REQUESTS] +
			  b.report.totals[1].counts[TB_COUNT_REQUESTS] ==
		  MANY);
	bill_end(&b);
}
END_TEST

/* Texts of two letters that end alike, in the rhythm of their ends: what is short may come last. */
static const char *rhythmic_text(uint64_t *seed, const char *end, char room[64])
{
	size_t n = next_random(seed) % (next_random(seed) % 8 ? 5 : 16);

	for (size_t i = 0; i < n; i++)
		room[i] = next_random(seed) % 4 ? 'a' : 'b';
	snprintf(&room[n], 64 - n, "%s", end);
	return room;
}

static const size_t rhythmic_rows[] = {3, 4, 20, 200, 900};

/* Several cells to a row, which are apart before they are put in order. */
START_TEST(rows_of_like_keys)
{
	static const char *const ends[] = {"aaaaaaaaaaaab", "abababababababab", "aabaabaabaabaab"};
	uint64_t seed = (uint64_t)_i + 1;
	struct rows_seen seen = {{0}, 0, 0, 0};
	struct bill b;
	char room[64];

	bill_begin(&b, RATES, _i % 2 ? "team" : "date,team");
	for (size_t i = 0; i < rhythmic_rows[(size_t)_i % LENGTH(rhythmic_rows)]; i++) {
		struct row row = {
			.model = "mini",
			.when = next_random(&seed) % 2 ? "2026-04-01" : "2026-04-02",
			.tier = next_random(&seed) % 2 ? TB_STANDARD : TB_BATCH,
			.tokens = {i + 1},
			.column = rhythmic_text(&seed, ends[(size_t)_i % LENGTH(ends)], room)};

		bill_row(&b, &row);
	}
	ck_assert_int_eq(bill_report(&b, TB_MONEY_ROUND_NONE), TB_OK);
	ck_assert_int_eq(tb_report_each(&b.report, see_row, &seen), TB_OK);
	ck_assert_uint_eq(seen.unordered, 0);
	ck_assert_uint_eq(seen.rows, b.report.row_count);
	ck_assert(seen.tokens == b.facts.tokens);
	bill_end(&b);
}
END_TEST

static enum tb_status report_many(void *ctx, struct tb_err *err)
{
	struct bill *b = ctx;
	enum tb_status st = tb_report_init(&b->report, b->tally, b->book, &b->facts,
					   (struct tb_report_options){0}, err);

	tb_report_release(&b->report);
	return st;
}

START_TEST(out_of_memory)
{
	struct bill b;

	bill_many(&b, 2000);
	ck_assert_uint_gt(each_allocation_fails(report_many, &b), 20);
	bill_end(&b);
}
END_TEST

Suite *model_suite(void)
{
	Suite *s = suite_create("model");

	add_loop(s, "model/rows", rows_and_order, LENGTH(groupings));
	add_test(s, "model/totals", totals_by_currency);
	add_test(s, "model/counts", counts);
	add_loop(s, "model/tampering", tampering_is_seen, LENGTH(tampered));
	add_loop(s, "model/too large", too_large, 3);
	add_test(s, "model/rounding", rounding);
	add_test(s, "model/nothing", nothing_billed);
	add_loop(s, "model/many groups", many_groups, 3);
	add_loop(s, "model/rows of like keys", rows_of_like_keys, 300);
	add_test(s, "model/out of memory", out_of_memory);
	return s;
}
