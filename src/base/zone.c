#include "base/zone.h"
#include "base/zone_names.h"

#include "base/civil.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/*
 * The Gregorian calendar and the rules behind the last listed transition repeat every 400 years
 * (146,097 days, whole weeks). Listed transitions end in 2087 today (Morocco's Ramadan), so a
 * table up to 2500 holds one whole cycle and every later instant is folded back into it.
 */
#define CYCLE     ((int64_t)146097 * TB_DAY_SECONDS)
#define TABLE_END ((int64_t)193579 * TB_DAY_SECONDS) /* 2500-01-01 */

/* Until 2100 a zone may change twice within weeks; behind that only by yearly rules. */
#define FINE_END    ((int64_t)47482 * TB_DAY_SECONDS) /* 2100-01-01 */
#define FINE_STEP   ((int64_t)2 * TB_DAY_SECONDS)
#define COARSE_STEP ((int64_t)14 * TB_DAY_SECONDS)

struct change {
	int64_t at; /* from this instant on */
	int32_t offset;
};

struct tb_zone {
	char *name;
	struct change *changes; /* ascending; the first is at the beginning of time */
	size_t n, cap;
};

/* Offset of the zone that TZ names now. */
static int32_t library_offset(int64_t instant)
{
	time_t t = (time_t)instant;
	struct tm tm;
	struct tb_date d;

	if (!localtime_r(&t, &tm))
		return 0;
	d = (struct tb_date){tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday};
	return (int32_t)((int64_t)tb_day_of(d) * TB_DAY_SECONDS + tm.tm_hour * 3600 +
			 tm.tm_min * 60 + tm.tm_sec - instant);
}

static bool add_change(struct tb_zone *z, int64_t at, int32_t offset)
{
	if (!tb_grow(&z->changes, &z->cap, z->n + 1, sizeof(*z->changes)))
		return false;
	z->changes[z->n++] = (struct change){at, offset};
	return true;
}

/* The change lies in (before, after]: halve until it is found to the second. */
static int64_t find_change(int64_t before, int64_t after, int32_t old_offset)
{
	while (after - before > 1) {
		int64_t middle = before + (after - before) / 2;

		if (library_offset(middle) == old_offset)
			before = middle;
		else
			after = middle;
	}
	return after;
}

static bool read_changes(struct tb_zone *z)
{
	int64_t t = 0, step;
	int32_t offset = library_offset(0);

	if (!add_change(z, INT64_MIN, offset))
		return false;
	for (; t < TABLE_END; t += step) {
		step = t < FINE_END ? FINE_STEP : COARSE_STEP;
		if (library_offset(t + step) == offset)
			continue;
		t = find_change(t, t + step, offset);
		offset = library_offset(t);
		if (!add_change(z, t, offset))
			return false;
		step = 0;
	}
	return true;
}

static bool is_name(const char *name)
{
	/* The zones below right/ count leap seconds, which Unix time does not have. */
	return *name && name[0] != '/' && !strstr(name, "..") && strncmp(name, "right/", 6) != 0;
}

static enum tb_status unknown(const char *name, struct tb_err *err)
{
	char near[TB_ZONE_NAME_TEXT];

	if (tb_zone_of_place(name, near))
		return tb_fail(err, TB_USAGE,
			       "'%s' is no time zone of this machine; did you mean %s?", name,
			       near);
	return tb_fail(err, TB_USAGE,
		       "'%s' is no time zone of this machine; names are like Europe/Berlin "
		       "(see " TB_ZONE_DIR "/, package tzdata)",
		       name);
}

static enum tb_status unreadable(const char *name, struct tb_err *err)
{
	if (errno == ENOMEM)
		return tb_fail_nomem(err);
	return tb_fail(err, TB_NOINPUT, "the time zone %s cannot be read from " TB_ZONE_DIR "/: %s",
		       name, strerror(errno));
}

/* The C library takes a zone it does not know for UTC, so the file is looked at first. */
static enum tb_status check_file(const char *name, struct tb_err *err)
{
	char path[512], magic[4] = "";
	size_t n = 0;
	ssize_t got = 1;
	struct stat st;
	int fd;

	if (!is_name(name) ||
	    snprintf(path, sizeof(path), TB_ZONE_DIR "/%s", name) >= (int)sizeof(path) ||
	    stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return unknown(name, err);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return unreadable(name, err);
	while (got > 0 || (got < 0 && errno == EINTR)) {
		got = read(fd, magic + n, sizeof(magic) - n);
		n += got > 0 ? (size_t)got : 0;
	}
	close(fd);
	if (got < 0)
		return unreadable(name, err);
	return memcmp(magic, "TZif", sizeof(magic)) == 0 ? TB_OK : unknown(name, err);
}

static bool set_tz(const char *value)
{
	bool ok = value ? setenv("TZ", value, 1) == 0 : unsetenv("TZ") == 0;

	tzset();
	return ok;
}

/*
 * Fills the table with TZ set to the zone's own file (a path, so that TZDIR has no say). The C
 * library says nothing when it cannot load the file or finds no memory for it, and gives UTC: then
 * the zone has no name for its time, or errno tells.
 */
static bool read_zone(struct tb_zone *z)
{
	const char *tz = getenv("TZ");
	char *old = tz ? strdup(tz) : NULL, path[520];
	bool ok;

	if (tz && !old)
		return false;
	snprintf(path, sizeof(path), ":" TB_ZONE_DIR "/%s", z->name);
	errno = 0;
	ok = set_tz(path) && *tzname[0] && read_changes(z) && errno != ENOMEM;
	ok = set_tz(old) && ok;
	free(old);
	return ok;
}

/* "UTC", "+08:00" or "-03:30": a zone that needs no data. */
static bool fixed_offset(const char *name, int32_t *offset)
{
	int32_t second;
	char clock[] = "hh:mm:00";

	*offset = 0;
	if (strcmp(name, "UTC") == 0)
		return true;
	if ((name[0] != '+' && name[0] != '-') || strlen(name) != sizeof("+08:00") - 1)
		return false;
	memcpy(clock, name + 1, 5);
	second = tb_clock_parse(clock);
	*offset = name[0] == '-' ? -second : second;
	return second >= 0;
}

enum tb_status tb_zone_open(const char *name, struct tb_zone **out, struct tb_err *err)
{
	int32_t offset;
	bool fixed = fixed_offset(name, &offset);
	struct tb_zone *z;

	*out = NULL;
	if (!fixed)
		TB_TRY(check_file(name, err));
	z = calloc(1, sizeof(*z));
	if (!z || !(z->name = strdup(name)) ||
	    !(fixed ? add_change(z, INT64_MIN, offset) : read_zone(z))) {
		tb_zone_free(z);
		return tb_fail_nomem(err);
	}
	*out = z;
	return TB_OK;
}

void tb_zone_free(struct tb_zone *z)
{
	if (!z)
		return;
	free(z->name);
	free(z->changes);
	free(z);
}

const char *tb_zone_name(const struct tb_zone *z)
{
	return z ? z->name : "UTC";
}

/* The last change at or before the instant. */
static size_t change_at(const struct tb_zone *z, int64_t instant)
{
	size_t lo = 0, hi = z->n;

	while (hi - lo > 1) {
		size_t middle = lo + (hi - lo) / 2;

		if (z->changes[middle].at <= instant)
			lo = middle;
		else
			hi = middle;
	}
	return lo;
}

int32_t tb_zone_offset(const struct tb_zone *z, int64_t instant)
{
	if (!z || z->n == 1)
		return z ? z->changes[0].offset : 0;
	if (instant >= TABLE_END)
		instant -= ((instant - TABLE_END) / CYCLE + 1) * CYCLE;
	return z->changes[change_at(z, instant)].offset;
}

void tb_zone_steady(const struct tb_zone *z, int64_t instant, int64_t *from, int64_t *end)
{
	size_t i = 0;

	*from = instant;
	*end = instant + 1;
	if (instant >= TABLE_END)
		return;
	if (z)
		i = change_at(z, instant);
	*from = z ? z->changes[i].at : INT64_MIN;
	*end = z && i + 1 < z->n && z->changes[i + 1].at < TABLE_END ? z->changes[i + 1].at
								     : TABLE_END;
}

enum tb_local_time tb_zone_instant(const struct tb_zone *z, int64_t local, int64_t *instant)
{
	/* No zone is further than a day from UTC, so both offsets that can apply are in force
	 * within that distance; the larger offset is the earlier instant. */
	int32_t a = tb_zone_offset(z, local - TB_DAY_SECONDS);
	int32_t b = tb_zone_offset(z, local + TB_DAY_SECONDS);
	int32_t high = a > b ? a : b, low = a > b ? b : a;
	bool first = tb_zone_offset(z, local - high) == high;
	bool second = tb_zone_offset(z, local - low) == low;

	*instant = local - (first ? high : low);
	if (first && second)
		return high == low ? TB_LOCAL_ONCE : TB_LOCAL_TWICE;
	return first || second ? TB_LOCAL_ONCE : TB_LOCAL_NEVER;
}
