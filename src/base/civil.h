/*
 * civil - days and instants as integers, on the proleptic Gregorian calendar.
 *
 * A day is the number of days since 1970-01-01, an instant the number of seconds since
 * 1970-01-01T00:00:00Z. No C library clock or zone is asked, so every machine agrees.
 */
#ifndef TB_CIVIL_H
#define TB_CIVIL_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	TB_DAY_SECONDS = 86400,
	TB_YEAR_MIN = 1970,
	TB_YEAR_MAX = 9999,
	TB_DATE_TEXT = 64,
};

struct tb_date {
	int year, month, day;
};

/* The first instant behind the last year. */
#define TB_TIME_END INT64_C(253402300800)

int32_t tb_day_of(struct tb_date d); /* `d` must be a real date */
struct tb_date tb_date_of(int32_t day);
bool tb_date_real(struct tb_date d); /* exists, and its year is within the limits above */

/* The day of an instant; floors, so it is right before 1970 too. */
static inline int32_t tb_day_of_instant(int64_t instant)
{
	int64_t day = instant / TB_DAY_SECONDS;

	return (int32_t)(instant % TB_DAY_SECONDS < 0 ? day - 1 : day);
}

/* "2026-04-01", nothing before or behind. */
bool tb_date_parse(struct tb_span s, int32_t *day);

/*
 * The 8 bytes "10:15:00": the second of the day, or -1.
 *
 * All eight bytes at once: less "00:00:00" they are digits and zeros. What must be added to each
 * to reach 0x80 where it passes 2, 9, 0, 5, 9, 0, 5, 9 tells whether one does; ten times each and
 * the next one are then hour, minute and second.
 */
static inline int32_t tb_clock_parse(const char *p)
{
	const uint64_t zeros = 0x30303a30303a3030u, to_limit = 0x767a7f767a7f767du;
	uint64_t w = tb_load_word(p) ^ zeros;
	int32_t hour;

	if ((w | (w + to_limit)) & 0x8080808080808080u)
		return -1;
	w = w * 10 + (w >> 8);
	hour = (int32_t)(w & 0xff);
	if (hour > 23)
		return -1;
	return (hour * 60 + (int32_t)(w >> 24 & 0xff)) * 60 + (int32_t)(w >> 48 & 0xff);
}

/* "2026-04": the first and last day of that month. */
bool tb_month_parse(struct tb_span s, int32_t *first, int32_t *last);

enum tb_time_form {
	TB_TIME_BAD,
	TB_TIME_INSTANT, /* an instant: RFC 3339 with a zone, or Unix seconds or milliseconds */
	TB_TIME_LOCAL,   /* date and time of day without a zone */
	TB_TIME_DATE,    /* a date alone */
};

struct tb_time {
	enum tb_time_form form;
	int64_t seconds;   /* the instant; for LOCAL and DATE as if the zone were UTC */
	const char *fault; /* why a BAD one is bad */
};

/*
 * RFC 3339 (T or a blank between, seconds required, fraction dropped), a date, 10 digits of Unix
 * seconds or 13 of milliseconds. An instant outside 1970 to 9999 is bad, and so is second 60:
 * Unix time has no place for it.
 */
struct tb_time tb_time_parse(struct tb_span s);

/* How days are gathered in a report. */
enum tb_period { TB_PERIOD_DAY, TB_PERIOD_WEEK, TB_PERIOD_MONTH, TB_PERIODS };

extern const char *const tb_period_names[TB_PERIODS];

/* The first day of the period that `day` lies in (weeks begin on Monday, ISO 8601). */
int32_t tb_period_start(enum tb_period period, int32_t day);

/* 2026-04-05, 2026-W14 or 2026-04. Returns `text`. */
const char *tb_period_text(enum tb_period period, int32_t day, char text[TB_DATE_TEXT]);

/* 2026-04-05T16:00:00Z. Returns `text`. */
const char *tb_instant_text(int64_t instant, char text[TB_DATE_TEXT]);

#endif
