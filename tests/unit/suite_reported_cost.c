#include "helpers.h"
#include "report/reported_cost.h"
#include "suites.h"

#define RATES "[m]\ninput = 1\noutput = 2\n[e]\ncurrency = EUR\ninput = 1\noutput = 2\n"

/* A row of the report costs 2.00; a log says otherwise. */
static const struct {
	const char *reported, *tolerance;
	bool beyond;
} cases[] = {
	{"2", "0", false},
	{"2.0000000000000000001", "0", true},
	{"1.9999999999999999999", "0", true},
	{"2.01", "0.01", false},
	{"2.0100000000000000001", "0.01", true},
	{"1.99", "0.01", false},
	{"1.98", "0.01", true},
	{"0", "2", false},
	{"0", "1.999999999", true},
	{"-1", "3", false},
	{"-1", "2.99", true},
	/* Of the reported cost: 2 is 0.5 % less than 2.01005..., and more than 0.5 % above 1.99. */
	{"2.010050251256281407", "0.5%", false},
	{"2.0100502512562814071", "0.5%", true},
	{"1.99", "0.5%", true},
	{"1.9900497512437810946", "0.5%", false},
	{"1.9900497512437810945", "0.5%", true},
	{"2", "0%", false},
	{"2.0000000000000000001", "0%", true},
	{"0", "100%", true},
	{"-4", "100%", true},
	{"1", "100%", false},
};

START_TEST(beyond)
{
	struct tb_tolerance tolerance;
	struct tb_reported_sum c;
	struct bill b;

	ck_assert_ptr_null(tb_tolerance_parse(tb_span_of(cases[_i].tolerance), &tolerance));
	bill_begin(&b, RATES, "model");
	b.grouping.compare = true;
	bill_reporting_row(&b, &(struct row){"m", "2026-04-01", TB_STANDARD, {2000000}, NULL},
			   cases[_i].reported);
	ck_assert_int_eq(bill_report(&b, TB_MONEY_ROUND_NONE), TB_OK);
	c = tb_reported_compare(&b.report, tolerance);
	ck_assert_uint_eq(c.rows, 1);
	ck_assert_msg(c.beyond == cases[_i].beyond, "2.00 and %s within %s", cases[_i].reported,
		      cases[_i].tolerance);
	ck_assert_uint_eq(c.totals_beyond, c.beyond);
	bill_end(&b);
}
END_TEST

/* Rows that say nothing of their cost take no part; differences may cancel out in the total. */
START_TEST(only_what_is_reported)
{
	struct tb_tolerance nothing = {0};
	struct tb_reported_sum c;
	struct tb_money m;
	struct bill b;

	bill_begin(&b, RATES, "date,model");
	b.grouping.compare = true;
	bill_row(&b, &(struct row){"m", "2026-04-01", TB_STANDARD, {5}, NULL});
	bill_reporting_row(&b, &(struct row){"m", "2026-04-02", TB_STANDARD, {1000000}, NULL},
			   "0.75");
	bill_row(&b, &(struct row){"m", "2026-04-02", TB_STANDARD, {9000000}, NULL});
	bill_reporting_row(&b, &(struct row){"m", "2026-04-03", TB_STANDARD, {1000000}, NULL},
			   "1.25");
	bill_reporting_row(&b, &(struct row){"e", "2026-04-03", TB_STANDARD, {1000000}, NULL}, "1");
	ck_assert_int_eq(bill_report(&b, TB_MONEY_ROUND_NONE), TB_OK);
	c = tb_reported_compare(&b.report, nothing);
	ck_assert_uint_eq(c.rows, 2); /* dollars say nothing of a cost in euros */
	ck_assert_uint_eq(c.beyond, 2);
	ck_assert_uint_eq(c.totals_beyond, 0);
	ck_assert(!tb_report_extra(&b.report, &b.report.totals[0], TB_EXTRA_REPORTED, &m) &&
		  tb_report_extra(&b.report, &b.report.totals[1], TB_EXTRA_REPORTED, &m));
	ck_assert(is_money(m, "2"));
	bill_end(&b);
}
END_TEST

static const char *const bad[] = {"",       "%", "-1", "1,5", "1 %", "101%", "0.0000000000001",
				  "0.001%", "x"};

START_TEST(no_tolerance)
{
	struct tb_tolerance t;

	ck_assert_ptr_nonnull(tb_tolerance_parse(tb_span_of(bad[_i]), &t));
}
END_TEST

Suite *reported_cost_suite(void)
{
	Suite *s = suite_create("reported_cost");

	add_loop(s, "reported_cost/beyond", beyond, LENGTH(cases));
	add_test(s, "reported_cost/only what is reported", only_what_is_reported);
	add_loop(s, "reported_cost/no tolerance", no_tolerance, LENGTH(bad));
	return s;
}
