#include "ratebook/peak.h"

#include "base/civil.h"

#include <string.h>

enum { DAY_MINUTES = 24 * 60, WEEK_DAYS = 7, ZONE_NAME_MAX = 64 };

static const char malformed[] =
	"not hours of a week; write them like Mon-Fri 09:00-12:00,14:00-18:00 Asia/Shanghai";

/* Cuts the text before the next `mark` off *left, or all of it when there is none. */
static struct tb_span cut(struct tb_span *left, char mark)
{
	const char *at = left->n ? memchr(left->p, mark, left->n) : NULL;
	size_t n = at ? (size_t)(at - left->p) : left->n;
	struct tb_span head = {left->p, n};

	left->p += n + (at != NULL);
	left->n -= n + (at != NULL);
	return head;
}

/* A mark that nothing follows: cut() does not see it. */
static bool dangles(struct tb_span s, char mark)
{
	return s.n && s.p[s.n - 1] == mark;
}

static bool parse_day(struct tb_span s, int *day)
{
	static const char *const names[WEEK_DAYS] = {"Mon", "Tue", "Wed", "Thu",
						     "Fri", "Sat", "Sun"};

	for (*day = 0; *day < WEEK_DAYS; ++*day)
		if (tb_span_equal_nocase(s, tb_span_of(names[*day])))
			return true;
	return false;
}

/* "Mon-Fri" or "Sun"; a range may run over the end of the week. */
static bool parse_day_range(struct tb_span s, unsigned *days)
{
	int first, last;

	if (dangles(s, '-') || !parse_day(cut(&s, '-'), &first))
		return false;
	last = first;
	if (s.n && !parse_day(s, &last))
		return false;
	for (int day = first;; day = (day + 1) % WEEK_DAYS) {
		*days |= 1u << day;
		if (day == last)
			return true;
	}
}

static bool parse_days(struct tb_span s, unsigned *days)
{
	*days = 0;
	if (dangles(s, ','))
		return false;
	while (s.n)
		if (!parse_day_range(cut(&s, ','), days))
			return false;
	return *days != 0;
}

static int two_digits(const char *p)
{
	bool digits = tb_is_digit(p[0]) && tb_is_digit(p[1]);

	return digits ? (p[0] - '0') * 10 + p[1] - '0' : -1;
}

/* "09:00" up to "24:00". */
static bool parse_clock(struct tb_span s, int *minute)
{
	int hour, rest;

	if (s.n != sizeof("09:00") - 1 || s.p[2] != ':')
		return false;
	hour = two_digits(s.p);
	rest = two_digits(s.p + 3);
	*minute = hour * 60 + rest;
	return hour >= 0 && rest >= 0 && rest < 60 && *minute <= DAY_MINUTES;
}

static void set_minutes(struct tb_peak *peak, unsigned days, int from, int until)
{
	for (int day = 0; day < WEEK_DAYS; day++)
		for (int m = from; days >> day & 1 && m < until; m++) {
			int minute = day * DAY_MINUTES + m;

			peak->minutes[minute / 8] |= (unsigned char)(1u << minute % 8);
		}
}

static bool parse_times(struct tb_span s, unsigned days, struct tb_peak *peak)
{
	if (dangles(s, ','))
		return false;
	while (s.n) {
		struct tb_span range = cut(&s, ',');
		int from, until;

		if (!parse_clock(cut(&range, '-'), &from) || !parse_clock(range, &until) ||
		    from >= until)
			return false;
		set_minutes(peak, days, from, until);
	}
	return true;
}

const char tb_peak_no_memory[] = "out of memory";

static const char *open_zone(struct tb_span s, struct tb_zone **zone)
{
	char name[ZONE_NAME_MAX];
	struct tb_err err = {0};

	if (s.n >= sizeof(name))
		return malformed;
	memcpy(name, s.p, s.n);
	name[s.n] = '\0';
	switch (tb_zone_open(name, zone, &err)) {
	case TB_OK:
		return NULL;
	case TB_NOMEM:
		return tb_peak_no_memory;
	default:
		return "ends with no time zone of this machine; names are like Asia/Shanghai or "
		       "+08:00 (package tzdata)";
	}
}

const char *tb_peak_parse(struct tb_span text, struct tb_peak *out)
{
	struct tb_span left = text, first = cut(&left, ' '), times;
	unsigned days = (1u << WEEK_DAYS) - 1;

	*out = (struct tb_peak){0};
	if (parse_days(first, &days))
		first = cut(&left, ' ');
	else
		days = (1u << WEEK_DAYS) - 1;
	times = first;
	if (!times.n || !parse_times(times, days, out) || !left.n)
		return malformed;
	return open_zone(tb_span_trim(left), &out->zone);
}

bool tb_peak_holds(const struct tb_peak *peak, int64_t instant)
{
	enum { THURSDAY = 3, MINUTE = 60 }; /* 1970-01-01 was a Thursday */
	int64_t local = instant + tb_zone_offset(peak->zone, instant);
	int64_t week = (int64_t)TB_WEEK_MINUTES * MINUTE;
	int64_t second = ((local + THURSDAY * TB_DAY_SECONDS) % week + week) % week;
	int64_t minute = second / MINUTE;

	return peak->minutes[minute / 8] >> minute % 8 & 1;
}
