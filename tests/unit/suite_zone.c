#include "helpers.h"
#include "suites.h"

#include "base/zone_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const names[] = {
	"Europe/Berlin",       "America/New_York", "Asia/Kolkata",
	"Australia/Lord_Howe", "Pacific/Apia",     "Africa/Casablanca",
	"America/Caracas",     "Pacific/Chatham",  "UTC",
};

static struct tb_zone *open_zone(const char *name)
{
	struct tb_zone *z;
	struct tb_err err = {0};

	ck_assert_msg(tb_zone_open(name, &z, &err) == TB_OK, "%s", err.text);
	ck_assert_str_eq(tb_zone_name(z), name);
	return z;
}

static void set_tz(const char *name)
{
	ck_assert_int_eq(setenv("TZ", name, 1), 0);
	tzset();
}

/* What the C library says for the zone that TZ names. */
static int64_t library_offset(int64_t instant)
{
	time_t t = (time_t)instant;
	struct tm tm;

	EXPECT(localtime_r(&t, &tm) != NULL, "no local time");
	return (int64_t)tb_day_of((struct tb_date){tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday}) *
		       TB_DAY_SECONDS +
	       tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec - instant;
}

static void compare_at(const struct tb_zone *z, int64_t t)
{
	char text[TB_DATE_TEXT];

	EXPECT(tb_zone_offset(z, t) == library_offset(t), "%s at %s: %d, expected %d",
	       tb_zone_name(z), tb_instant_text(t, text), (int)tb_zone_offset(z, t),
	       (int)library_offset(t));
}

static void compare_random(const struct tb_zone *z, const char *from, const char *to, int n)
{
	int64_t begin = instant_of(from), end = instant_of(to);
	uint64_t seed = 7;

	while (n--)
		compare_at(z, begin + (int64_t)(next_random(&seed) % (uint64_t)(end - begin)));
}

START_TEST(offsets_of_the_library)
{
	struct tb_zone *z = open_zone(names[_i]);

	set_tz(names[_i]);
	compare_random(z, "1970-01-01", "2100-01-01", 20000);
	compare_random(z, "2100-01-01", "2400-01-01", 20000);
	compare_random(z, "2400-01-01", "9999-12-31", 20000);
	tb_zone_free(z);
}
END_TEST

/* To the second: around every half hour, where clocks change. */
START_TEST(changes_to_the_second)
{
	struct tb_zone *z = open_zone(names[_i]);
	int64_t end = instant_of("2028-01-01");

	set_tz(names[_i]);
	for (int64_t t = instant_of("2011-01-01"); t < end; t += 1800) {
		compare_at(z, t - 1);
		compare_at(z, t);
	}
	tb_zone_free(z);
}
END_TEST

/* All instants at which the clock shows a local time, looked for among all offsets. */
static int instants_of(const struct tb_zone *z, int64_t local, int64_t *first)
{
	int n = 0;

	for (int offset = 15 * 3600; offset >= -15 * 3600; offset -= 900) {
		if (tb_zone_offset(z, local - offset) != offset)
			continue;
		if (n++ == 0)
			*first = local - offset;
	}
	return n;
}

START_TEST(local_times)
{
	static const enum tb_local_time kinds[] = {TB_LOCAL_NEVER, TB_LOCAL_ONCE, TB_LOCAL_TWICE};
	struct tb_zone *z = open_zone(names[_i]);
	int64_t end = instant_of("2013-06-01"), got, expected = 0;
	char text[TB_DATE_TEXT];

	for (int64_t local = instant_of("2011-01-01"); local < end; local += 450) {
		int n = instants_of(z, local, &expected);
		enum tb_local_time kind = tb_zone_instant(z, local, &got);

		EXPECT(n <= 2 && kind == kinds[n] && (n == 0 || got == expected),
		       "%s, local %s: %d, %d instants", names[_i], tb_instant_text(local, text),
		       kind, n);
	}
	tb_zone_free(z);
}
END_TEST

static const struct {
	const char *zone, *local;
	enum tb_local_time kind;
	const char *instant;
} edges[] = {
	{"Europe/Berlin", "2026-03-29T01:59:59Z", TB_LOCAL_ONCE, "2026-03-29T00:59:59Z"},
	{"Europe/Berlin", "2026-03-29T02:00:00Z", TB_LOCAL_NEVER, NULL},
	{"Europe/Berlin", "2026-03-29T02:59:59Z", TB_LOCAL_NEVER, NULL},
	{"Europe/Berlin", "2026-03-29T03:00:00Z", TB_LOCAL_ONCE, "2026-03-29T01:00:00Z"},
	{"Europe/Berlin", "2026-10-25T01:59:59Z", TB_LOCAL_ONCE, "2026-10-24T23:59:59Z"},
	{"Europe/Berlin", "2026-10-25T02:00:00Z", TB_LOCAL_TWICE, "2026-10-25T00:00:00Z"},
	{"Europe/Berlin", "2026-10-25T02:59:59Z", TB_LOCAL_TWICE, "2026-10-25T00:59:59Z"},
	{"Europe/Berlin", "2026-10-25T03:00:00Z", TB_LOCAL_ONCE, "2026-10-25T02:00:00Z"},
	{"America/New_York", "2026-03-08T02:00:00Z", TB_LOCAL_NEVER, NULL},
	{"America/New_York", "2026-11-01T01:30:00Z", TB_LOCAL_TWICE, "2026-11-01T05:30:00Z"},
	{"Asia/Kolkata", "2026-04-01T05:30:00Z", TB_LOCAL_ONCE, "2026-04-01T00:00:00Z"},
	{"Australia/Lord_Howe", "2026-04-05T01:45:00Z", TB_LOCAL_TWICE, "2026-04-04T14:45:00Z"},
	{"Australia/Lord_Howe", "2026-10-04T02:15:00Z", TB_LOCAL_NEVER, NULL},
	{"Australia/Lord_Howe", "2026-10-04T02:30:00Z", TB_LOCAL_ONCE, "2026-10-03T15:30:00Z"},
	{"Pacific/Apia", "2011-12-29T23:59:59Z", TB_LOCAL_ONCE, "2011-12-30T09:59:59Z"},
	{"Pacific/Apia", "2011-12-30T00:00:00Z", TB_LOCAL_NEVER, NULL},
	{"Pacific/Apia", "2011-12-30T12:00:00Z", TB_LOCAL_NEVER, NULL},
	{"Pacific/Apia", "2011-12-30T23:59:59Z", TB_LOCAL_NEVER, NULL},
	{"Pacific/Apia", "2011-12-31T00:00:00Z", TB_LOCAL_ONCE, "2011-12-30T10:00:00Z"},
	{"Africa/Casablanca", "2025-02-23T02:30:00Z", TB_LOCAL_TWICE, "2025-02-23T01:30:00Z"},
	{"Africa/Casablanca", "2025-04-06T02:30:00Z", TB_LOCAL_NEVER, NULL},
	{"Europe/Berlin", "9999-07-01T12:00:00Z", TB_LOCAL_ONCE, "9999-07-01T10:00:00Z"},
	{"UTC", "2026-03-29T02:30:00Z", TB_LOCAL_ONCE, "2026-03-29T02:30:00Z"},
	{"+05:30", "2026-03-29T02:30:00Z", TB_LOCAL_ONCE, "2026-03-28T21:00:00Z"},
	{"-00:30", "2026-03-29T02:30:00Z", TB_LOCAL_ONCE, "2026-03-29T03:00:00Z"},
};

START_TEST(edge)
{
	struct tb_zone *z = open_zone(edges[_i].zone);
	char text[TB_DATE_TEXT];
	int64_t got;

	ck_assert_int_eq(tb_zone_instant(z, instant_of(edges[_i].local), &got), edges[_i].kind);
	if (edges[_i].instant)
		ck_assert_str_eq(tb_instant_text(got, text), edges[_i].instant);
	tb_zone_free(z);
}
END_TEST

START_TEST(no_zone_is_utc)
{
	int64_t got;

	ck_assert_str_eq(tb_zone_name(NULL), "UTC");
	ck_assert_int_eq(tb_zone_offset(NULL, 12345), 0);
	ck_assert_int_eq(tb_zone_instant(NULL, 12345, &got), TB_LOCAL_ONCE);
	ck_assert_int_eq(got, 12345);
	tb_zone_free(NULL);
}
END_TEST

static const char *const unknown[] = {
	"",
	"Mars/Olympus_Mons",
	"europe/berlin",
	"Europe",
	"Europe/",
	"Europe/Berlin/",
	"Europe/Berlin ",
	"CET-1CEST",
	"+2:00",
	"zone.tab",
	"/etc/localtime",
	"/usr/share/zoneinfo/Europe/Berlin",
	"../x",
	"../zoneinfo/Europe/Berlin",
	"Europe/../Europe/Berlin",
	":Europe/Berlin",
};

START_TEST(unknown_zone)
{
	struct tb_zone *z = (struct tb_zone *)(uintptr_t)1;
	struct tb_err err = {0};
	char begins[256];

	snprintf(begins, sizeof(begins), "'%s' is no time zone of this machine; ", unknown[_i]);
	ck_assert_msg(tb_zone_open(unknown[_i], &z, &err) == TB_USAGE, "%s", unknown[_i]);
	ck_assert_ptr_null(z);
	ck_assert_msg(strncmp(err.text, begins, strlen(begins)) == 0, "%s", err.text);
}
END_TEST

START_TEST(overlong_name)
{
	char name[5000];
	struct tb_zone *z;
	struct tb_err err = {0};

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	ck_assert_int_eq(tb_zone_open(name, &z, &err), TB_USAGE);
}
END_TEST

START_TEST(tz_variable_is_put_back)
{
	static const char *const values[] = {NULL, "Asia/Tokyo", "", ":nonsense"};
	const char *before = values[_i], *after;

	if (before)
		set_tz(before);
	else
		unsetenv("TZ");
	tb_zone_free(open_zone("Europe/Berlin"));
	after = getenv("TZ");
	ck_assert_pstr_eq(after, before);
	if (before && *before == 'A')
		ck_assert_int_eq(library_offset(0), 9 * 3600);
}
END_TEST

/* TZ has no say in what a zone is. */
START_TEST(tz_has_no_say)
{
	struct tb_zone *z;

	set_tz("Pacific/Kiritimati");
	ck_assert_int_eq(setenv("TZDIR", "/nowhere", 1), 0);
	z = open_zone("Europe/Berlin");
	ck_assert_int_eq(tb_zone_offset(z, instant_of("2026-07-01")), 7200);
	tb_zone_free(z);
}
END_TEST

/* ---- names ---- */

static void count_name(void *ctx, const char *name)
{
	size_t *n = ctx;
	struct tb_zone *z;
	struct tb_err err = {0};

	/* Opening every one would take long. */
	if ((*n)++ % 50 == 0) {
		ck_assert_msg(tb_zone_open(name, &z, &err) == TB_OK, "%s", err.text);
		tb_zone_free(z);
	}
	ck_assert_msg(!strstr(name, "posix") && !strstr(name, "right/"), "%s", name);
}

START_TEST(names_of_zones)
{
	size_t n = 0;

	tb_zone_names(count_name, &n);
	ck_assert_uint_gt(n, 300);
}
END_TEST

static const struct {
	const char *place, *zone;
} places[] = {
	{"Berlin", "Europe/Berlin"},
	{"new york", "America/New_York"},
	{"UTC", "UTC"},
	{"tucuman", "America/Argentina/Tucuman"},
	{"New-York", NULL},
	{"Berli", NULL},
	{"Berlins", NULL},
	{"", NULL},
	{"Europe/Berlin", NULL},
	{"posixrules", NULL},
};

START_TEST(zone_of_a_place)
{
	char name[TB_ZONE_NAME_TEXT];
	bool found = tb_zone_of_place(places[_i].place, name);

	ck_assert_msg(found == (places[_i].zone != NULL), "%s", places[_i].place);
	ck_assert_str_eq(name, found ? places[_i].zone : "");
}
END_TEST

START_TEST(unknown_zone_leads_on)
{
	struct tb_zone *z;
	struct tb_err err = {0};

	ck_assert_int_eq(tb_zone_open("berlin", &z, &err), TB_USAGE);
	ck_assert_str_eq(err.text,
			 "'berlin' is no time zone of this machine; did you mean Europe/Berlin?");
}
END_TEST

Suite *zone_suite(void)
{
	Suite *s = suite_create("zone");

	add_loop(s, "zone/offsets", offsets_of_the_library, LENGTH(names));
	add_loop(s, "zone/changes", changes_to_the_second, LENGTH(names));
	add_loop(s, "zone/local times", local_times, LENGTH(names));
	add_loop(s, "zone/edges", edge, LENGTH(edges));
	add_test(s, "zone/none", no_zone_is_utc);
	add_loop(s, "zone/unknown", unknown_zone, LENGTH(unknown));
	add_test(s, "zone/overlong name", overlong_name);
	add_loop(s, "zone/put back", tz_variable_is_put_back, 4);
	add_test(s, "zone/no say", tz_has_no_say);
	add_test(s, "zone/names", names_of_zones);
	add_loop(s, "zone/places", zone_of_a_place, LENGTH(places));
	add_test(s, "zone/leads on", unknown_zone_leads_on);
	return s;
}
