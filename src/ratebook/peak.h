/*
 * peak - the hours of the week in which a vendor charges more.
 *
 *   Mon-Fri 09:00-12:00,14:00-18:00 Asia/Shanghai
 *
 * Days (Mon Tue Wed Thu Fri Sat Sun; single ones, ranges, or both with commas between; left out:
 * every day), then times of day (from, until; 24:00 is the day's end), then the zone on whose clock
 * they stand: an IANA name, UTC, or a fixed offset such as +08:00. Half-open to the minute.
 */
#ifndef TB_PEAK_H
#define TB_PEAK_H

#include "base/mem.h"
#include "base/text.h"
#include "base/zone.h"

enum { TB_WEEK_MINUTES = 7 * 24 * 60 };

struct tb_peak {
	struct tb_zone *zone;
	unsigned char minutes[(TB_WEEK_MINUTES + 7) / 8]; /* bit set, from Monday 00:00 */
};

/*
 * Fills `out`; returns NULL, or why the text is not one (a constant text; tb_peak_no_memory when
 * that is not the text's fault). The zone is the caller's to free.
 */
extern const char tb_peak_no_memory[];
TB_MUST_CHECK const char *tb_peak_parse(struct tb_span text, struct tb_peak *out);

bool tb_peak_holds(const struct tb_peak *peak, int64_t instant);

#endif
