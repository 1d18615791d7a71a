/*
 * times - each line as a time, a date and a month, in one of some zones: the same as counting the
 * days one by one, and as the C library's zones; what is printed reads back as what it was.
 *
 * The first byte chooses the zone, the next eight are an instant.
 */
#include "fuzz.h"
#include "stations.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* ---- the calendar by counting ---- */

static int month_days(int year, int month)
{
	if (month == 2)
		return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
	return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

static int year_days(int year)
{
	return month_days(year, 2) == 29 ? 366 : 365;
}

static bool is_date(int year, int month, int day)
{
	return year >= 1970 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
	       day <= month_days(year, month);
}

/* Days since 1970-01-01. */
static int64_t count_days(int year, int month, int day)
{
	int64_t n = day - 1;

	for (int y = 1970; y < year; y++)
		n += year_days(y);
	for (int m = 1; m < month; m++)
		n += month_days(year, m);
	return n;
}

/* The date so many days behind 1970-01-01. */
static void count_date(int64_t days, int *year, int *month, int *day)
{
	*year = 1970;
	*month = 1;
	for (; days >= year_days(*year); ++*year)
		days -= year_days(*year);
	for (; days >= month_days(*year, *month); ++*month)
		days -= month_days(*year, *month);
	*day = (int)days + 1;
}

/* ---- texts by their shape ---- */

/* "9" stands for a digit, all else for itself; a shape that ends with "*" goes on as it likes. */
static bool has_shape(struct tb_span s, const char *shape)
{
	size_t i = 0;

	for (; shape[i] && shape[i] != '*'; i++)
		if (i >= s.n ||
		    (shape[i] == '9' ? s.p[i] < '0' || s.p[i] > '9' : s.p[i] != shape[i]))
			return false;
	return shape[i] == '*' || i == s.n;
}

static int64_t number(const char *p, size_t n)
{
	int64_t value = 0;

	for (size_t i = 0; i < n; i++)
		value = 10 * value + (p[i] - '0');
	return value;
}

static bool read_date(struct tb_span s, int64_t *days)
{
	int year, month, day;

	if (!has_shape(s, "9999-99-99*"))
		return false;
	year = (int)number(s.p, 4);
	month = (int)number(s.p + 5, 2);
	day = (int)number(s.p + 8, 2);
	*days = is_date(year, month, day) ? count_days(year, month, day) : 0;
	return is_date(year, month, day);
}

/* "", "Z" or "+02:00". */
static bool read_offset(struct tb_span s, enum tb_time_form *form, int64_t *seconds)
{
	int64_t hours, minutes;

	*seconds = 0;
	*form = s.n ? TB_TIME_INSTANT : TB_TIME_LOCAL;
	if (s.n == 0 || has_shape(s, "Z"))
		return true;
	if (!has_shape(s, "+99:99") && !has_shape(s, "-99:99"))
		return false;
	hours = number(s.p + 1, 2);
	minutes = number(s.p + 4, 2);
	*seconds = (hours * 3600 + minutes * 60) * (s.p[0] == '+' ? 1 : -1);
	return hours < 24 && minutes < 60;
}

/* " 10:15:00.123+02:00" */
static bool read_clock(struct tb_span s, enum tb_time_form *form, int64_t *seconds)
{
	int64_t hour, minute, second, offset;
	size_t n = sizeof("T99:99:99") - 1;

	if (!has_shape(s, "T99:99:99*") && !has_shape(s, " 99:99:99*"))
		return false;
	hour = number(s.p + 1, 2);
	minute = number(s.p + 4, 2);
	second = number(s.p + 7, 2);
	if (n < s.n && s.p[n] == '.')
		for (n++; n < s.n && s.p[n] >= '0' && s.p[n] <= '9';)
			n++;
	if (s.p[n - 1] == '.' || !read_offset((struct tb_span){s.p + n, s.n - n}, form, &offset))
		return false;
	*seconds = hour * 3600 + minute * 60 + second - offset;
	return hour < 24 && minute < 60 && second < 60;
}

static enum tb_time_form read_time(struct tb_span s, int64_t *seconds)
{
	enum tb_time_form form = TB_TIME_BAD;
	int64_t days, clock = 0;

	if (has_shape(s, "9999999999") || has_shape(s, "9999999999999")) {
		*seconds = number(s.p, 10); /* of milliseconds too, for three digits less */
		return TB_TIME_INSTANT;
	}
	if (!read_date(s, &days))
		return TB_TIME_BAD;
	if (s.n == 10)
		form = TB_TIME_DATE;
	else if (!read_clock((struct tb_span){s.p + 10, s.n - 10}, &form, &clock))
		return TB_TIME_BAD;
	*seconds = days * TB_DAY_SECONDS + clock;
	return *seconds < 0 || *seconds >= TB_TIME_END ? TB_TIME_BAD : form;
}

/* ---- zones ---- */

static const char *const zone_names[] = {
	"UTC",
	"Europe/Berlin",
	"America/New_York",
	"Australia/Lord_Howe",
	"Pacific/Apia",
	"Africa/Casablanca",
	"Asia/Kolkata",
	"+05:45",
	"Antarctica/Troll",
	"America/Nuuk",
};

static struct tb_zone *zone_numbered(size_t i)
{
	static struct tb_zone *zones[LENGTH(zone_names)];
	struct tb_err err = {0};

	if (!zones[i])
		EXPECT(tb_zone_open(zone_names[i], &zones[i], &err) == TB_OK);
	return zones[i];
}

/* What the C library takes the local clock to show. */
static void check_library(const struct tb_zone *zone, int64_t instant)
{
	int64_t local = instant + tb_zone_offset(zone, instant);
	int year, month, day,
		clock = (int)((local % TB_DAY_SECONDS + TB_DAY_SECONDS) % TB_DAY_SECONDS);
	char name[64];
	time_t t = (time_t)instant;
	struct tm tm;

	if (local < 0 || tb_zone_name(zone)[0] == '+')
		return;
	snprintf(name, sizeof(name), ":%s", tb_zone_name(zone));
	setenv("TZ", name, 1);
	tzset();
	EXPECT(localtime_r(&t, &tm));
	count_date(local / TB_DAY_SECONDS, &year, &month, &day);
	EXPECT(tm.tm_year + 1900 == year && tm.tm_mon + 1 == month && tm.tm_mday == day);
	EXPECT(tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec == clock);
}

/* The instants at which the local clock shows a time, among all within a day and a half. */
static int count_instants(const struct tb_zone *zone, int64_t local, int64_t *first)
{
	int n = 0;

	for (int64_t t = local - 36 * 3600; t <= local + 36 * 3600; t += 900)
		if (t + tb_zone_offset(zone, t) == local && n++ == 0)
			*first = t;
	return n;
}

static void check_local(const struct tb_zone *zone, int64_t local)
{
	static const enum tb_local_time told[] = {TB_LOCAL_NEVER, TB_LOCAL_ONCE, TB_LOCAL_TWICE};
	int64_t first = 0, instant;
	int n = count_instants(zone, local, &first);

	EXPECT(n <= 2);
	EXPECT(tb_zone_instant(zone, local, &instant) == told[n]);
	EXPECT(n == 0 || instant == first);
}

/* ---- instants ---- */

/* The Monday of week 1, which holds the 4th of January. */
static int64_t first_monday(int year)
{
	int64_t fourth = count_days(year, 1, 4);

	return fourth - (fourth + 3) % 7;
}

static void check_week(int32_t day, int year, const char *text)
{
	int64_t monday = day - (day + 3) % 7;

	year += first_monday(year + 1) <= monday;
	year -= first_monday(year) > monday;
	EXPECT(tb_period_start(TB_PERIOD_WEEK, day) == monday);
	EXPECT(number(text, 4) == year && text[4] == '-' && text[5] == 'W');
	EXPECT(number(text + 6, 2) == (monday - first_monday(year)) / 7 + 1 && !text[8]);
}

static void check_instant(int64_t instant)
{
	int year, month, day;
	int32_t days = tb_day_of_instant(instant);
	struct tb_date date = tb_date_of(days);
	char text[TB_DATE_TEXT];
	struct tb_time again = tb_time_parse(tb_span_of(tb_instant_text(instant, text)));

	EXPECT(again.form == TB_TIME_INSTANT && again.seconds == instant);
	count_date(instant / TB_DAY_SECONDS, &year, &month, &day);
	EXPECT(days == instant / TB_DAY_SECONDS && tb_day_of(date) == days && tb_date_real(date));
	EXPECT(date.year == year && date.month == month && date.day == day);
	EXPECT(tb_period_start(TB_PERIOD_MONTH, days) == days - day + 1);
	EXPECT(tb_date_parse(tb_span_of(tb_period_text(TB_PERIOD_DAY, days, text)), &days));
	EXPECT(days == instant / TB_DAY_SECONDS);
	/* The Thursday of the last days may lie in the year 10000. */
	if (instant < TB_TIME_END - 7 * TB_DAY_SECONDS)
		check_week(days, year, tb_period_text(TB_PERIOD_WEEK, days, text));
}

/* ---- lines ---- */

struct clock {
	const struct tb_zone *zone;
	struct tb_row_rules rules; /* which remember the dates of lines before */
	struct tb_columns columns;
};

/* The same time in a row of a log. */
static void check_row(struct clock *c, struct tb_span text, enum tb_time_form form, int64_t seconds)
{
	const struct tb_span cells[] = {
		text, {"m         ", 1}, {"1         ", 1}, {"0         ", 1}};
	struct tb_usage u = {0};
	struct tb_problem why;
	int64_t instant = seconds;
	bool good = form != TB_TIME_BAD;

	if (form == TB_TIME_LOCAL)
		good = count_instants(c->zone, seconds, &instant) > 0 && instant >= 0 &&
		       instant < TB_TIME_END;
	EXPECT(tb_row_parse(&c->columns, cells, &c->rules, &u, &why) == good);
	EXPECT(!good || (u.instant == instant && u.date_only == (form == TB_TIME_DATE)));
}

static void check_month(struct tb_span text)
{
	int32_t first, last;
	int year, month;
	bool good = false;

	if (has_shape(text, "9999-99")) {
		year = (int)number(text.p, 4);
		month = (int)number(text.p + 5, 2);
		good = is_date(year, month, 1);
	}
	EXPECT(tb_month_parse(text, &first, &last) == good);
	EXPECT(!good || (first == count_days(year, month, 1) &&
			 last == count_days(year, month, month_days(year, month))));
}

static void check_line(void *ctx, struct tb_span text)
{
	struct clock *c = ctx;
	struct tb_time t = tb_time_parse(text);
	int64_t seconds = 0, days;
	int32_t day;
	enum tb_time_form form = read_time(text, &seconds);

	EXPECT(t.form == form && (form == TB_TIME_BAD) == (t.fault != NULL));
	EXPECT(form == TB_TIME_BAD || t.seconds == seconds);
	EXPECT(tb_date_parse(text, &day) == (text.n == 10 && read_date(text, &days)));
	EXPECT(form != TB_TIME_DATE || day == days);
	check_month(text);
	/* The reader takes no NUL, so no row holds one. */
	if (!memchr(text.p, '\0', text.n))
		check_row(c, text, form, seconds);
	if (form == TB_TIME_BAD)
		return;
	check_instant(seconds);
	check_library(c->zone, seconds);
	check_local(c->zone, seconds);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tb_span rest = {(const char *)data, size};
	struct clock c = {.zone = zone_numbered(fuzz_byte(&rest) % LENGTH(zone_names))};
	uint64_t bits = 0;

	for (size_t i = 0; i < sizeof(bits); i++)
		bits = bits << 8 | fuzz_byte(&rest);
	c.rules.log_zone = c.zone;
	fuzz_columns(&c.columns);
	check_instant((int64_t)(bits % TB_TIME_END));
	check_library(c.zone, (int64_t)(bits % TB_TIME_END));
	check_local(c.zone, (int64_t)(bits % TB_TIME_END));
	fuzz_each_line(rest, check_line, &c);
	tb_columns_release(&c.columns);
	return 0;
}
