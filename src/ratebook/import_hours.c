#include "ratebook/import_hours.h"

#include <stdio.h>
#include <string.h>

enum { HOUR = 60, DAY = 24 * HOUR, DAYS = 7, WEEK = DAYS * DAY, WINDOWS_MAX = 32, HOURS_MAX = 16 };

static const char windows_prefix[] = "windows.", zone_key[] = "weekday_timezone";
static const char *const day_names[DAYS] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

/* A window: minutes of a day in UTC, on days of the week. */
struct window {
	struct {
		int from, until;
	} hours[HOURS_MAX];
	size_t count;
	unsigned days; /* a bit each, from Monday; 0: none were named, which means all */
};

/* Zones whose clocks do not change, so that hours of UTC are always the same hours there. */
static const struct {
	const char *name, *text;
	int minutes;
} zones[] = {
	{"UTC", "UTC", 0},
	{"Etc/UTC", "UTC", 0},
	{"Asia/Shanghai", "+08:00", 8 * HOUR},
	{"Asia/Singapore", "+08:00", 8 * HOUR},
	{"Asia/Hong_Kong", "+08:00", 8 * HOUR},
	{"Asia/Tokyo", "+09:00", 9 * HOUR},
	{"Asia/Seoul", "+09:00", 9 * HOUR},
};

bool tb_import_is_hours(const struct tb_litellm_part *part)
{
	return strncmp(part->path, windows_prefix, sizeof(windows_prefix) - 1) == 0 ||
	       strcmp(part->path, zone_key) == 0;
}

/* ---- reading ---- */

static bool two_digits(const char *s, int *value)
{
	if (!tb_is_digit(s[0]) || !tb_is_digit(s[1]))
		return false;
	*value = (s[0] - '0') * 10 + s[1] - '0';
	return true;
}

static bool clock_of(const char *s, int *minute)
{
	int hour, rest;

	if (!two_digits(s, &hour) || s[2] != ':' || !two_digits(s + 3, &rest))
		return false;
	*minute = hour * HOUR + rest;
	return rest < HOUR && *minute <= DAY;
}

/* "10:00-00:00" ends with the day, and "00:00-00:00" is all of it. */
static bool take_hours(struct window *w, const char *s)
{
	int from, until;

	if (w->count == HOURS_MAX || strlen(s) != sizeof("10:00-00:00") - 1 || s[5] != '-' ||
	    !clock_of(s, &from) || !clock_of(s + 6, &until) || from == DAY)
		return false;
	w->hours[w->count].from = from;
	w->hours[w->count++].until = until > from ? until : until + DAY;
	return true;
}

/* A day's name, or its number from Monday as 1 on. */
static bool take_day(struct window *w, const char *s)
{
	for (int d = 0; d < DAYS; d++)
		if (tb_span_equal_nocase((struct tb_span){s, strlen(s) < 3 ? strlen(s) : 3},
					 tb_span_of(day_names[d])) ||
		    (s[0] == '1' + d && !s[1])) {
			w->days |= 1u << d;
			return true;
		}
	return false;
}

/* "windows.1.hours_utc.0" or "windows.1.weekdays.2": of which window, and what. */
static bool take_window_part(struct window *windows, const struct tb_litellm_part *part)
{
	const char *p = part->path + sizeof(windows_prefix) - 1, *what;
	size_t n = 0;

	for (; tb_is_digit(*p) && n < WINDOWS_MAX; p++)
		n = n * 10 + (size_t)(*p - '0');
	if (*p != '.' || n >= WINDOWS_MAX)
		return false;
	what = p + 1;
	if (strncmp(what, "hours_utc", 9) == 0 && (!what[9] || what[9] == '.'))
		return take_hours(&windows[n], part->value);
	if (strncmp(what, "weekdays", 8) == 0 && (!what[8] || what[8] == '.'))
		return take_day(&windows[n], part->value);
	return false;
}

/* ---- from windows to the minutes of a week ---- */

static void mark(unsigned char calm[WEEK], const struct window *w, int offset)
{
	for (int minute = 0; minute < WEEK; minute++) {
		int utc = (minute % DAY - offset + DAY) % DAY;

		if (w->days && !(w->days & 1u << minute / DAY))
			continue;
		for (size_t i = 0; i < w->count; i++)
			calm[minute] |= (utc >= w->hours[i].from && utc < w->hours[i].until) ||
					utc + DAY < w->hours[i].until;
	}
}

static bool has_peak(const unsigned char calm[WEEK], int day)
{
	return memchr(calm + day * DAY, 0, DAY) != NULL;
}

/* The days with peak hours, of which each must have the same ones; 0 when that is not so. */
static unsigned peak_days(const unsigned char calm[WEEK], int *one)
{
	unsigned days = 0;

	for (int d = 0; d < DAYS; d++) {
		if (!has_peak(calm, d))
			continue;
		if (!days)
			*one = d;
		else if (memcmp(calm + d * DAY, calm + *one * DAY, DAY) != 0)
			return 0;
		days |= 1u << d;
	}
	return days;
}

/* ---- writing ---- */

static size_t put_days(char *text, size_t room, unsigned days)
{
	size_t n = 0;

	for (int d = 0; days != (1u << DAYS) - 1 && d < DAYS; d++) {
		int last = d;

		if (!(days & 1u << d))
			continue;
		while (last + 1 < DAYS && days & 1u << (last + 1))
			last++;
		n += (size_t)snprintf(text + n, room - n, "%s%s%s%s", n ? "," : "", day_names[d],
				      last > d ? "-" : "", last > d ? day_names[last] : "");
		d = last;
	}
	return n + (size_t)snprintf(text + n, room - n, "%s", n ? " " : "");
}

static bool put_hours(char *text, size_t room, const unsigned char *calm)
{
	size_t n = 0, ranges = 0;

	for (int from = 0, until; from < DAY && n < room; from = until) {
		for (until = from + 1; until < DAY && calm[until] == calm[from];)
			until++;
		if (calm[from])
			continue;
		n += (size_t)snprintf(text + n, room - n, "%s%02d:%02d-%02d:%02d",
				      ranges++ ? "," : "", from / HOUR, from % HOUR, until / HOUR,
				      until % HOUR);
	}
	return n < room;
}

const char *tb_import_hours(const struct tb_litellm_part *parts, size_t n,
			    char text[TB_IMPORT_HOURS_TEXT])
{
	struct window windows[WINDOWS_MAX] = {0};
	unsigned char calm[WEEK] = {0};
	size_t zone = 0, at;
	unsigned days;
	int one = 0;

	for (size_t i = 0; i < n; i++) {
		if (strcmp(parts[i].path, zone_key) == 0)
			for (zone = 0; zone < sizeof(zones) / sizeof(zones[0]) &&
				       strcmp(parts[i].value, zones[zone].name) != 0;)
				zone++;
		else if (tb_import_is_hours(&parts[i]) && !take_window_part(windows, &parts[i]))
			return "hours off peak of a form that is not known here";
	}
	if (zone == sizeof(zones) / sizeof(zones[0]))
		return "hours off peak by the weekdays of a zone that is not known here";
	for (size_t i = 0; i < WINDOWS_MAX; i++)
		mark(calm, &windows[i], zones[zone].minutes);
	days = peak_days(calm, &one);
	if (!days)
		return "hours off peak that differ by day, or are all hours; a rate file has one list "
		       "of hours";
	at = put_days(text, TB_IMPORT_HOURS_TEXT, days);
	if (!put_hours(text + at, TB_IMPORT_HOURS_TEXT - at - sizeof(" +08:00"), calm + one * DAY))
		return "more hours off peak than fit in a line";
	at = strlen(text);
	snprintf(text + at, TB_IMPORT_HOURS_TEXT - at, " %s", zones[zone].text);
	return NULL;
}
