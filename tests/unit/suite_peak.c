#include "helpers.h"
#include "ratebook/peak.h"
#include "suites.h"

#define SHANGHAI "Mon-Fri 09:00-12:00,14:00-18:00 Asia/Shanghai"

/* 2026-08-17 was a Monday. */
static const struct {
	const char *hours, *when;
	bool peak;
} cases[] = {
	{SHANGHAI, "2026-08-17T00:59:59Z", false},
	{SHANGHAI, "2026-08-17T01:00:00Z", true},
	{SHANGHAI, "2026-08-17T03:59:59Z", true},
	{SHANGHAI, "2026-08-17T04:00:00Z", false},
	{SHANGHAI, "2026-08-17T05:59:59Z", false},
	{SHANGHAI, "2026-08-17T06:00:00Z", true},
	{SHANGHAI, "2026-08-17T09:59:59Z", true},
	{SHANGHAI, "2026-08-17T10:00:00Z", false},
	{SHANGHAI, "2026-08-21T09:00:00Z", true},
	{SHANGHAI, "2026-08-22T01:00:00Z", false},
	{SHANGHAI, "2026-08-23T07:00:00Z", false},
	{"Mon-Fri 09:00-12:00,14:00-18:00 +08:00", "2026-08-17T01:00:00Z", true},
	{"Mon-Fri 09:00-12:00,14:00-18:00 +08:00", "2026-08-22T01:00:00Z", false},
	/* The weekday is that of the zone's clock: Sunday 16:30 UTC is Monday there. */
	{"Mon 00:00-01:00 Asia/Shanghai", "2026-08-16T16:30:00Z", true},
	{"Mon 00:00-01:00 Asia/Shanghai", "2026-08-17T16:30:00Z", false},
	{"Mon 00:00-01:00 -03:30", "2026-08-17T03:29:59Z", false},
	{"Mon 00:00-01:00 -03:30", "2026-08-17T03:30:00Z", true},
	/* Every day; the day's end; days one by one; a range over the end of the week. */
	{"22:00-24:00 UTC", "2026-08-22T23:59:59Z", true},
	{"22:00-24:00 UTC", "2026-08-23T00:00:00Z", false},
	{"Mon,Wed-Thu 08:00-09:00 UTC", "2026-08-18T08:30:00Z", false},
	{"Mon,Wed-Thu 08:00-09:00 UTC", "2026-08-19T08:30:00Z", true},
	{"sat-MON 08:00-09:00 UTC", "2026-08-23T08:30:00Z", true},
	{"sat-MON 08:00-09:00 UTC", "2026-08-17T08:30:00Z", true},
	{"sat-MON 08:00-09:00 UTC", "2026-08-18T08:30:00Z", false},
	/* The zone's summer: 10:00 in Berlin is 08:00 or 09:00 UTC. */
	{"10:00-11:00 Europe/Berlin", "2026-07-01T08:30:00Z", true},
	{"10:00-11:00 Europe/Berlin", "2026-01-01T08:30:00Z", false},
	{"10:00-11:00 Europe/Berlin", "2026-01-01T09:30:00Z", true},
	{"10:00-11:00 UTC", "1970-01-01T10:00:00Z", true},
	{"Thu 10:00-11:00 UTC", "1970-01-01T10:00:00Z", true},
};

START_TEST(holds)
{
	struct tb_peak peak;
	const char *why = tb_peak_parse(tb_span_of(cases[_i].hours), &peak);

	ck_assert_msg(!why, "%s: %s", cases[_i].hours, why);
	ck_assert_msg(tb_peak_holds(&peak, instant_of(cases[_i].when)) == cases[_i].peak,
		      "%s at %s", cases[_i].hours, cases[_i].when);
	tb_zone_free(peak.zone);
}
END_TEST

static const char *const bad[] = {
	"",
	"Mon-Fri",
	"09:00-12:00",
	"Mon-Fri 09:00-12:00",
	"Mon-Fri UTC",
	"Mon-Fre 09:00-12:00 UTC",
	"Mon-Fri- 09:00-12:00 UTC",
	"Mon- 09:00-12:00 UTC",
	"Mon-,Tue 09:00-12:00 UTC",
	"Mon, 09:00-12:00 UTC",
	"Mon 09:00-12:00, UTC",
	"Mon 09:00-12:00, 14:00-18:00 UTC",
	"Mon 25:00-26:00 UTC",
	"Mon 09:00-25:00 UTC",
	"Mon 09:00-24:01 UTC",
	"Mon 09:60-10:00 UTC",
	"Mon 9:00-10:00 UTC",
	"Mon 12:00-12:00 UTC",
	"Mon 22:00-06:00 UTC",
	"Mon 09:00 UTC",
	"Mon 09:00-12:00 14:00-18:00 UTC",
	"Mon 09:00-12:00 Asia/Shanghi",
	"Mon 09:00-12:00 +8:00",
	"Mon 09:00-12:00 +24:00",
};

START_TEST(refused)
{
	struct tb_peak peak;

	ck_assert_ptr_nonnull(tb_peak_parse(tb_span_of(bad[_i]), &peak));
	ck_assert_ptr_null(peak.zone);
}
END_TEST

Suite *peak_suite(void)
{
	Suite *s = suite_create("peak");

	add_loop(s, "peak/holds", holds, LENGTH(cases));
	add_loop(s, "peak/refused", refused, LENGTH(bad));
	return s;
}
