#include "base/civil.h"

#include <stdio.h>
#include <string.h>

const char *const tb_period_names[TB_PERIODS] = {"day", "week", "month"};

/*
 * Days from and to dates: the calendar is cut into eras of 400 years (146097 days) that begin on
 * 1 March, so that the leap day is the last of its year. Source of the method: "chrono-Compatible
 * Low-Level Date Algorithms", Howard Hinnant, 2013.
 */
int32_t tb_day_of(struct tb_date d)
{
	int32_t y = d.month <= 2 ? d.year - 1 : d.year;
	int32_t era = (y >= 0 ? y : y - 399) / 400;
	int32_t year_of_era = y - era * 400;
	int32_t month_from_march = d.month > 2 ? d.month - 3 : d.month + 9;
	int32_t day_of_year = (153 * month_from_march + 2) / 5 + d.day - 1;
	int32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

struct tb_date tb_date_of(int32_t day)
{
	int32_t z = day + 719468;
	int32_t era = (z >= 0 ? z : z - 146096) / 146097;
	int32_t day_of_era = z - era * 146097;
	int32_t year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int32_t day_of_year =
		day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int32_t month_from_march = (5 * day_of_year + 2) / 153;
	struct tb_date d;

	d.day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
	d.month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
	d.year = year_of_era + era * 400 + (d.month <= 2);
	return d;
}

static int month_days(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

bool tb_date_real(struct tb_date d)
{
	return d.year >= TB_YEAR_MIN && d.year <= TB_YEAR_MAX && d.month >= 1 && d.month <= 12 &&
	       d.day >= 1 && d.day <= month_days(d.year, d.month);
}

/* `n` digits at p as a number, or -1. */
static int digits(const char *p, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return -1;
		value = value * 10 + (p[i] - '0');
	}
	return value;
}

enum { DATE_LEN = 10, MONTH_LEN = 7, CLOCK_LEN = 8, OFFSET_LEN = 6 };

/* The shape dddd-dd-dd; the date need not exist. */
static bool date_shape(const char *p, struct tb_date *d)
{
	d->year = digits(p, 4);
	d->month = digits(p + 5, 2);
	d->day = digits(p + 8, 2);
	return d->year >= 0 && d->month >= 0 && d->day >= 0 && p[4] == '-' && p[7] == '-';
}

bool tb_date_parse(struct tb_span s, int32_t *day)
{
	struct tb_date d;

	if (s.n != DATE_LEN || !date_shape(s.p, &d) || !tb_date_real(d))
		return false;
	*day = tb_day_of(d);
	return true;
}

bool tb_month_parse(struct tb_span s, int32_t *first, int32_t *last)
{
	struct tb_date d = {.day = 1};

	if (s.n != MONTH_LEN || s.p[4] != '-')
		return false;
	d.year = digits(s.p, 4);
	d.month = digits(s.p + 5, 2);
	if (d.year < 0 || d.month < 0 || !tb_date_real(d))
		return false;
	*first = tb_day_of(d);
	*last = *first + month_days(d.year, d.month) - 1;
	return true;
}

static struct tb_time bad_time(const char *why)
{
	return (struct tb_time){.form = TB_TIME_BAD, .fault = why};
}

static struct tb_time in_range(enum tb_time_form form, int64_t seconds)
{
	if (seconds < 0 || seconds >= TB_TIME_END)
		return bad_time("outside the years 1970 to 9999 in UTC");
	return (struct tb_time){.form = form, .seconds = seconds};
}

static struct tb_time unix_time(struct tb_span s)
{
	int64_t value = 0;

	for (size_t i = 0; i < s.n; i++)
		value = value * 10 + (s.p[i] - '0');
	return in_range(TB_TIME_INSTANT, s.n == 13 ? value / 1000 : value);
}

/* "+05:30", "Z", "+05" as PostgreSQL has it, or " UTC" as BigQuery; to the end of the text. */
static bool zone_offset(struct tb_span s, int *seconds)
{
	enum { HOURS_LEN = 3 };
	int hours, minutes;

	if (tb_span_is(s, "Z") || tb_span_is(s, " UTC")) {
		*seconds = 0;
		return true;
	}
	if ((s.n != OFFSET_LEN || s.p[3] != ':') && s.n != HOURS_LEN)
		return false;
	if (s.p[0] != '+' && s.p[0] != '-')
		return false;
	hours = digits(s.p + 1, 2);
	minutes = s.n == HOURS_LEN ? 0 : digits(s.p + 4, 2);
	if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
		return false;
	*seconds = (hours * 60 + minutes) * 60 * (s.p[0] == '-' ? -1 : 1);
	return true;
}

/* Length of ".123", 0 without one, -1 for a point with nothing behind it. */
static int fraction_length(struct tb_span s)
{
	int n = 1;

	if (s.n == 0 || s.p[0] != '.')
		return 0;
	while ((size_t)n < s.n && tb_is_digit(s.p[n]))
		n++;
	return n > 1 ? n : -1;
}

static const char *const not_a_time = "not a time; use 2026-04-01T10:15:00Z, 2026-04-01, or 10 "
				      "digits of Unix seconds or 13 of milliseconds";

static struct tb_time time_of_day(struct tb_span s, int64_t day_seconds)
{
	int fraction, offset;
	int32_t second;
	int64_t seconds;

	if (s.n < 1 + CLOCK_LEN || (s.p[0] != 'T' && s.p[0] != ' ') || s.p[3] != ':' ||
	    s.p[6] != ':')
		return bad_time(not_a_time);
	second = tb_clock_parse(s.p + 1);
	if (second < 0)
		return bad_time("no such time of day");
	seconds = day_seconds + second;
	s = (struct tb_span){s.p + 1 + CLOCK_LEN, s.n - 1 - CLOCK_LEN};
	fraction = fraction_length(s);
	if (fraction < 0)
		return bad_time(not_a_time);
	s = (struct tb_span){s.p + fraction, s.n - (size_t)fraction};
	if (s.n == 0)
		return in_range(TB_TIME_LOCAL, seconds);
	if (!zone_offset(s, &offset))
		return bad_time("not a zone; use Z or an offset such as +02:00");
	return in_range(TB_TIME_INSTANT, seconds - offset);
}

struct tb_time tb_time_parse(struct tb_span s)
{
	struct tb_date d;
	bool all_digits = true;

	for (size_t i = 0; i < s.n && all_digits; i++)
		all_digits = tb_is_digit(s.p[i]);
	if (s.n == 0)
		return bad_time("empty");
	if (all_digits && (s.n == 10 || s.n == 13))
		return unix_time(s);
	if (s.n < DATE_LEN || !date_shape(s.p, &d))
		return bad_time(not_a_time);
	if (!tb_date_real(d))
		return bad_time("no such date between 1970 and 9999");
	if (s.n == DATE_LEN)
		return in_range(TB_TIME_DATE, (int64_t)tb_day_of(d) * TB_DAY_SECONDS);
	return time_of_day((struct tb_span){s.p + DATE_LEN, s.n - DATE_LEN},
			   (int64_t)tb_day_of(d) * TB_DAY_SECONDS);
}

/* 0 is Monday; 1970-01-01 was a Thursday. */
static int weekday(int32_t day)
{
	int w = (int)((day + 3) % 7);

	return w < 0 ? w + 7 : w;
}

int32_t tb_period_start(enum tb_period period, int32_t day)
{
	switch (period) {
	case TB_PERIOD_WEEK:
		return day - weekday(day);
	case TB_PERIOD_MONTH:
		return day - tb_date_of(day).day + 1;
	case TB_PERIOD_DAY:
	case TB_PERIODS:
		break;
	}
	return day;
}

/* The ISO year of a week is the year of its Thursday. */
static void week_text(int32_t day, char text[TB_DATE_TEXT])
{
	int32_t thursday = day - weekday(day) + 3;
	int year = tb_date_of(thursday).year;
	int32_t first = tb_day_of((struct tb_date){year, 1, 1});

	snprintf(text, TB_DATE_TEXT, "%04d-W%02d", year, (int)((thursday - first) / 7 + 1));
}

const char *tb_period_text(enum tb_period period, int32_t day, char text[TB_DATE_TEXT])
{
	struct tb_date d = tb_date_of(day);

	switch (period) {
	case TB_PERIOD_WEEK:
		week_text(day, text);
		break;
	case TB_PERIOD_MONTH:
		snprintf(text, TB_DATE_TEXT, "%04d-%02d", d.year, d.month);
		break;
	case TB_PERIOD_DAY:
	case TB_PERIODS:
		snprintf(text, TB_DATE_TEXT, "%04d-%02d-%02d", d.year, d.month, d.day);
		break;
	}
	return text;
}

const char *tb_instant_text(int64_t instant, char text[TB_DATE_TEXT])
{
	int32_t day = tb_day_of_instant(instant);
	int rest = (int)(instant - (int64_t)day * TB_DAY_SECONDS);
	struct tb_date d = tb_date_of(day);

	snprintf(text, TB_DATE_TEXT, "%04d-%02d-%02dT%02d:%02d:%02dZ", d.year, d.month, d.day,
		 rest / 3600, rest / 60 % 60, rest % 60);
	return text;
}
