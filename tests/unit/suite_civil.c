#include "helpers.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* ---- the calendar, against one that counts days one by one ---- */

static struct tb_date day_after(struct tb_date d)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = d.year % 400 == 0 || (d.year % 4 == 0 && d.year % 100 != 0);

	if (d.day < days[d.month - 1] || (leap && d.month == 2 && d.day == 28))
		return (struct tb_date){d.year, d.month, d.day + 1};
	if (d.month < 12)
		return (struct tb_date){d.year, d.month + 1, 1};
	return (struct tb_date){d.year + 1, 1, 1};
}

START_TEST(every_day_to_9999)
{
	struct tb_date d = {1970, 1, 1};

	for (int32_t day = 0; d.year <= 9999; day++, d = day_after(d)) {
		struct tb_date got = tb_date_of(day);

		EXPECT(got.year == d.year && got.month == d.month && got.day == d.day,
		       "day %d is %d-%d-%d", (int)day, got.year, got.month, got.day);
		EXPECT(tb_day_of(d) == day, "%d-%d-%d", d.year, d.month, d.day);
		EXPECT(tb_date_real(d), "day %d", (int)day);
	}
}
END_TEST

/* The texts of every day, against the C library's. */
START_TEST(texts_to_2105)
{
	char got[TB_DATE_TEXT], expected[TB_DATE_TEXT];

	for (int32_t day = 0; day < 49674; day++) {
		time_t t = (time_t)day * TB_DAY_SECONDS;
		struct tm tm;
		int32_t parsed;

		gmtime_r(&t, &tm);
		for (int p = 0; p < TB_PERIODS; p++) {
			strftime(expected, sizeof(expected),
				 p == 0   ? "%Y-%m-%d"
				 : p == 1 ? "%G-W%V"
					  : "%Y-%m",
				 &tm);
			EXPECT(strcmp(tb_period_text((enum tb_period)p, day, got), expected) == 0,
			       "%s, expected %s", got, expected);
		}
		tb_period_text(TB_PERIOD_DAY, day, got);
		EXPECT(tb_date_parse(tb_span_of(got), &parsed) && parsed == day, "%s", got);
	}
}
END_TEST

static const struct {
	const char *date, *week;
} weeks[] = {
	{"1970-01-01", "1970-W01"}, {"2004-12-31", "2004-W53"}, {"2005-01-02", "2004-W53"},
	{"2005-01-03", "2005-W01"}, {"2007-12-31", "2008-W01"}, {"2008-12-28", "2008-W52"},
	{"2008-12-29", "2009-W01"}, {"2009-12-31", "2009-W53"}, {"2010-01-03", "2009-W53"},
	{"2010-01-04", "2010-W01"}, {"2015-12-31", "2015-W53"}, {"2016-01-01", "2015-W53"},
	{"2018-12-30", "2018-W52"}, {"2018-12-31", "2019-W01"}, {"2020-12-31", "2020-W53"},
	{"2021-01-03", "2020-W53"}, {"2021-01-04", "2021-W01"}, {"2024-12-30", "2025-W01"},
	{"2026-01-01", "2026-W01"}, {"2026-04-05", "2026-W14"}, {"2026-04-06", "2026-W15"},
	{"2026-12-31", "2026-W53"}, {"2027-01-03", "2026-W53"}, {"2027-01-04", "2027-W01"},
	{"9999-12-31", "9999-W52"},
};

START_TEST(iso_week)
{
	char text[TB_DATE_TEXT];
	int32_t day = day_of(weeks[_i].date), start = tb_period_start(TB_PERIOD_WEEK, day);

	ck_assert_str_eq(tb_period_text(TB_PERIOD_WEEK, day, text), weeks[_i].week);
	ck_assert_str_eq(tb_period_text(TB_PERIOD_WEEK, start, text), weeks[_i].week);
	ck_assert(start <= day && day - start < 7);
	ck_assert_int_eq((start + 3) % 7, 0);
}
END_TEST

static const struct {
	enum tb_period period;
	const char *date, *start;
} starts[] = {
	{TB_PERIOD_DAY, "2026-04-05", "2026-04-05"},
	{TB_PERIOD_WEEK, "2026-04-05", "2026-03-30"},
	{TB_PERIOD_WEEK, "2026-04-06", "2026-04-06"},
	{TB_PERIOD_WEEK, "2026-01-01", "2025-12-29"},
	{TB_PERIOD_MONTH, "2026-04-30", "2026-04-01"},
	{TB_PERIOD_MONTH, "2026-04-01", "2026-04-01"},
	{TB_PERIOD_MONTH, "2024-02-29", "2024-02-01"},
};

START_TEST(period_start)
{
	ck_assert_int_eq(tb_period_start(starts[_i].period, day_of(starts[_i].date)),
			 day_of(starts[_i].start));
}
END_TEST

static const struct {
	const char *date;
	bool real;
} dates[] = {
	{"2026-04-01", true},   {"2024-02-29", true},
	{"2000-02-29", true},   {"1970-01-01", true},
	{"9999-12-31", true},   {"2026-02-29", false},
	{"2026-02-30", false},  {"2100-02-29", false},
	{"2026-13-01", false},  {"2026-00-01", false},
	{"2026-01-00", false},  {"2026-01-32", false},
	{"2026-04-31", false},  {"1969-12-31", false},
	{"0000-01-01", false},  {"10000-01-01", false},
	{"2026-4-1", false},    {"2026-04-1", false},
	{"2026-04-01 ", false}, {" 2026-04-01", false},
	{"2026/04/01", false},  {"20260401", false},
	{"2026-04/01", false},  {"2026-0x-01", false},
	{"2026-04-0x", false},  {"+026-04-01", false},
	{"2026--4-01", false},  {"", false},
	{"2026-04", false},
};

START_TEST(date)
{
	int32_t day;

	ck_assert_msg(tb_date_parse(tb_span_of(dates[_i].date), &day) == dates[_i].real, "%s",
		      dates[_i].date);
}
END_TEST

static const struct {
	const char *month, *first, *last;
} months[] = {
	{"2026-04", "2026-04-01", "2026-04-30"},
	{"2024-02", "2024-02-01", "2024-02-29"},
	{"2026-02", "2026-02-01", "2026-02-28"},
	{"9999-12", "9999-12-01", "9999-12-31"},
	{"1969-12", NULL, NULL},
	{"2026-13", NULL, NULL},
	{"2026-00", NULL, NULL},
	{"2026-4", NULL, NULL},
	{"2026-04-", NULL, NULL},
	{"2026/04", NULL, NULL},
	{"", NULL, NULL},
	{"2026-0x", NULL, NULL},
	{"20x6-04", NULL, NULL},
};

START_TEST(month)
{
	int32_t first, last;
	bool real = tb_month_parse(tb_span_of(months[_i].month), &first, &last);

	ck_assert_msg(real == (months[_i].first != NULL), "%s", months[_i].month);
	if (!real)
		return;
	ck_assert_int_eq(first, day_of(months[_i].first));
	ck_assert_int_eq(last, day_of(months[_i].last));
}
END_TEST

/* ---- times ---- */

static const struct {
	const char *text;
	enum tb_time_form form;
	const char *instant;
} good[] = {
	{"2026-04-01T10:15:00Z", TB_TIME_INSTANT, "2026-04-01T10:15:00Z"},
	{"2026-04-01 10:15:00Z", TB_TIME_INSTANT, "2026-04-01T10:15:00Z"},
	{"2026-04-01T10:15:00+02:00", TB_TIME_INSTANT, "2026-04-01T08:15:00Z"},
	{"2026-04-01T10:15:00-05:30", TB_TIME_INSTANT, "2026-04-01T15:45:00Z"},
	{"2026-04-01T10:15:00+00:00", TB_TIME_INSTANT, "2026-04-01T10:15:00Z"},
	{"2026-04-01T10:15:00-00:00", TB_TIME_INSTANT, "2026-04-01T10:15:00Z"},
	{"2026-04-01T00:00:00+23:59", TB_TIME_INSTANT, "2026-03-31T00:01:00Z"},
	{"2026-12-31T23:00:00-01:00", TB_TIME_INSTANT, "2027-01-01T00:00:00Z"},
	{"2026-04-01T10:15:00.5Z", TB_TIME_INSTANT, "2026-04-01T10:15:00Z"},
	{"2026-04-01T23:59:59.999999999999Z", TB_TIME_INSTANT, "2026-04-01T23:59:59Z"},
	{"2026-04-01T10:15:00.123+02:00", TB_TIME_INSTANT, "2026-04-01T08:15:00Z"},
	{"2026-04-01 10:15:00.123456+00", TB_TIME_INSTANT, "2026-04-01T10:15:00Z"},
	{"2026-04-01 10:15:00-07", TB_TIME_INSTANT, "2026-04-01T17:15:00Z"},
	{"2026-04-01 10:15:00 UTC", TB_TIME_INSTANT, "2026-04-01T10:15:00Z"},
	{"2026-04-01 10:15:00.25 UTC", TB_TIME_INSTANT, "2026-04-01T10:15:00Z"},
	{"2024-02-29T12:00:00Z", TB_TIME_INSTANT, "2024-02-29T12:00:00Z"},
	{"1970-01-01T00:00:00Z", TB_TIME_INSTANT, "1970-01-01T00:00:00Z"},
	{"9999-12-31T23:59:59Z", TB_TIME_INSTANT, "9999-12-31T23:59:59Z"},
	{"1775038500", TB_TIME_INSTANT, "2026-04-01T10:15:00Z"},
	{"1775038500999", TB_TIME_INSTANT, "2026-04-01T10:15:00Z"},
	{"0000000000", TB_TIME_INSTANT, "1970-01-01T00:00:00Z"},
	{"9999999999", TB_TIME_INSTANT, "2286-11-20T17:46:39Z"},
	{"9999999999999", TB_TIME_INSTANT, "2286-11-20T17:46:39Z"},
	{"2026-04-01T10:15:00", TB_TIME_LOCAL, "2026-04-01T10:15:00Z"},
	{"2026-04-01 10:15:00.25", TB_TIME_LOCAL, "2026-04-01T10:15:00Z"},
	{"2026-04-01", TB_TIME_DATE, "2026-04-01T00:00:00Z"},
	{"9999-12-31", TB_TIME_DATE, "9999-12-31T00:00:00Z"},
};

START_TEST(good_time)
{
	struct tb_time t = tb_time_parse(tb_span_of(good[_i].text));
	char text[TB_DATE_TEXT];

	ck_assert_msg(t.form == good[_i].form, "%s: %s", good[_i].text, t.fault);
	ck_assert_str_eq(tb_instant_text(t.seconds, text), good[_i].instant);
}
END_TEST

#define NOT_A_TIME                                                                                 \
	"not a time; use 2026-04-01T10:15:00Z, 2026-04-01, or 10 digits of Unix seconds or 13 of " \
	"milliseconds"
#define NO_DATE  "no such date between 1970 and 9999"
#define NO_CLOCK "no such time of day"
#define NO_ZONE  "not a zone; use Z or an offset such as +02:00"
#define OUTSIDE  "outside the years 1970 to 9999 in UTC"

static const struct {
	struct tb_span text;
	const char *fault;
} bad[] = {
	{BYTES(""), "empty"},
	{BYTES(" "), NOT_A_TIME},
	{BYTES("now"), NOT_A_TIME},
	{BYTES("3/14/2026"), NOT_A_TIME},
	{BYTES("2026-3-14"), NOT_A_TIME},
	{BYTES("14.03.2026"), NOT_A_TIME},
	{BYTES("2026/04/01 10:15:00"), NOT_A_TIME},
	{BYTES("20260401T101500Z"), NOT_A_TIME},
	{BYTES("12026-04-01"), NOT_A_TIME},
	{BYTES(" 2026-04-01"), NOT_A_TIME},
	{BYTES("2026-02-30"), NO_DATE},
	{BYTES("2026-02-29T10:00:00Z"), NO_DATE},
	{BYTES("2026-13-01"), NO_DATE},
	{BYTES("2026-00-10"), NO_DATE},
	{BYTES("0000-01-01"), NO_DATE},
	{BYTES("1969-12-31T23:59:59Z"), NO_DATE},
	{BYTES("2026-04-01T24:00:00Z"), NO_CLOCK},
	{BYTES("2026-04-01T10:60:00Z"), NO_CLOCK},
	{BYTES("2026-04-01T10:15:60Z"), NO_CLOCK},
	{BYTES("2016-12-31T23:59:60Z"), NO_CLOCK},
	{BYTES("2026-04-01T10:15:61Z"), NO_CLOCK},
	{BYTES("2026-04-01T10:15"), NOT_A_TIME},
	{BYTES("2026-04-01T10:15Z"), NOT_A_TIME},
	{BYTES("2026-04-01T1:15:00Z"), NOT_A_TIME},
	{BYTES("2026-04-01t10:15:00Z"), NOT_A_TIME},
	{BYTES("2026-04-01_10:15:00Z"), NOT_A_TIME},
	{BYTES("2026-04-01  10:15:00Z"), NOT_A_TIME},
	{BYTES("2026-04-01 "), NOT_A_TIME},
	{BYTES("2026-04-01Z"), NOT_A_TIME},
	{BYTES("2026-04-01T10:15:00."), NOT_A_TIME},
	{BYTES("2026-04-01T10:15:00.Z"), NOT_A_TIME},
	{BYTES("2026-04-01T10-15-00Z"), NOT_A_TIME},
	{BYTES("2026-04-01T-1:15:00Z"), "no such time of day"},
	{BYTES("2026-04-01T10:15:00,5Z"), NO_ZONE},
	{BYTES("2026-04-01T10:15:00z"), NO_ZONE},
	{BYTES("2026-04-01T10:15:00ZZ"), NO_ZONE},
	{BYTES("2026-04-01T10:15:00 Z"), NO_ZONE},
	{BYTES("2026-04-01T10:15:00 "), NO_ZONE},
	{BYTES("2026-04-01T10:15:00+2:00"), NO_ZONE},
	{BYTES("2026-04-01T10:15:00+0200"), NO_ZONE},
	{BYTES("2026-04-01T10:15:00+2"), NO_ZONE},
	{BYTES("2026-04-01T10:15:00+24"), NO_ZONE},
	{BYTES("2026-04-01T10:15:00+0a"), NO_ZONE},
	{BYTES("2026-04-01T10:15:00+24:00"), NO_ZONE},
	{BYTES("2026-04-01T10:15:00+02:60"), NO_ZONE},
	{BYTES("2026-04-01T10:15:00+xx:00"), NO_ZONE},
	{BYTES("2026-04-01T10:15:00+02:xx"), NO_ZONE},
	{BYTES("2026-04-01T10:15:00+02.00"), NO_ZONE},
	{BYTES("2026-04-01T10:15:00*02:00"), NO_ZONE},
	{BYTES("2026-04-01T10:15:00UTC"), NO_ZONE},
	{BYTES("2026-04-01T10:15:00 utc"), NO_ZONE},
	{BYTES("2026-04-01T10:15:00 UTC "), NO_ZONE},
	{BYTES("2026-04-01T10:15:00Z\0"), NO_ZONE},
	{BYTES("1970-01-01T00:00:00+00:01"), OUTSIDE},
	{BYTES("9999-12-31T23:59:59-00:01"), OUTSIDE},
	{BYTES("177503850"), NOT_A_TIME},
	{BYTES("17750385001"), NOT_A_TIME},
	{BYTES("177503850012"), NOT_A_TIME},
	{BYTES("17750385001234"), NOT_A_TIME},
	{BYTES("1775038500.5"), NOT_A_TIME},
	{BYTES("-1775038500"), NOT_A_TIME},
};

START_TEST(bad_time)
{
	struct tb_time t = tb_time_parse(bad[_i].text);

	ck_assert_msg(t.form == TB_TIME_BAD, "%s is accepted", bad[_i].text.p);
	ck_assert_msg(strcmp(t.fault, bad[_i].fault) == 0, "%s: %s", bad[_i].text.p, t.fault);
}
END_TEST

static const struct {
	int64_t instant;
	int32_t day;
} instants[] = {
	{0, 0}, {86399, 0}, {86400, 1}, {-1, -1}, {-86400, -1}, {-86401, -2}, {INT32_MAX, 24855},
};

START_TEST(day_of_instant)
{
	ck_assert_int_eq(tb_day_of_instant(instants[_i].instant), instants[_i].day);
}
END_TEST

/* Dates before those that logs may have: zones west of Greenwich make such days of 1970. */
static const struct {
	struct tb_date date;
	int32_t day;
	const char *week;
	int32_t monday;
} early[] = {
	{{1969, 12, 31}, -1, "1970-W01", -3},      {{1969, 12, 28}, -4, "1969-W52", -10},
	{{0, 3, 1}, -719468, "0000-W09", -719470}, {{0, 2, 29}, -719469, "0000-W09", -719470},
	{{-1, 3, 1}, -719834, NULL, -719834},
};

START_TEST(before_1970)
{
	struct tb_date d = tb_date_of(early[_i].day);
	char text[TB_DATE_TEXT];

	ck_assert_int_eq(tb_day_of(early[_i].date), early[_i].day);
	ck_assert_int_eq(d.year, early[_i].date.year);
	ck_assert_int_eq(d.month, early[_i].date.month);
	ck_assert_int_eq(d.day, early[_i].date.day);
	ck_assert(!tb_date_real(d));
	ck_assert_int_eq(tb_period_start(TB_PERIOD_WEEK, early[_i].day), early[_i].monday);
	if (early[_i].week)
		ck_assert_str_eq(tb_period_text(TB_PERIOD_WEEK, early[_i].day, text),
				 early[_i].week);
}
END_TEST

/* What is no period is taken for a day. */
START_TEST(no_period)
{
	static const enum tb_period none[] = {TB_PERIODS, (enum tb_period)(TB_PERIODS + 1)};
	char text[TB_DATE_TEXT] = "kept";

	ck_assert_int_eq(tb_period_start(none[_i], 20544), 20544);
	tb_period_text(none[_i], 20544, text);
	ck_assert_str_eq(text, none[_i] == TB_PERIODS ? "2026-04-01" : "kept");
}
END_TEST

START_TEST(beyond_9999)
{
	ck_assert(!tb_date_real((struct tb_date){10000, 1, 1}));
	ck_assert(tb_date_real((struct tb_date){9999, 12, 31}));
	ck_assert(!tb_date_real((struct tb_date){2026, 13, 1}));
}
END_TEST

Suite *civil_suite(void)
{
	Suite *s = suite_create("civil");

	add_test(s, "civil/every day", every_day_to_9999);
	add_test(s, "civil/texts", texts_to_2105);
	add_loop(s, "civil/weeks", iso_week, LENGTH(weeks));
	add_loop(s, "civil/period starts", period_start, LENGTH(starts));
	add_loop(s, "civil/dates", date, LENGTH(dates));
	add_loop(s, "civil/months", month, LENGTH(months));
	add_loop(s, "civil/good times", good_time, LENGTH(good));
	add_loop(s, "civil/bad times", bad_time, LENGTH(bad));
	add_loop(s, "civil/before 1970", before_1970, LENGTH(early));
	add_loop(s, "civil/no period", no_period, 2);
	add_test(s, "civil/beyond 9999", beyond_9999);
	add_loop(s, "civil/day of instant", day_of_instant, LENGTH(instants));
	return s;
}
