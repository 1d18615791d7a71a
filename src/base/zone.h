/*
 * zone - IANA time zones: which civil day an instant lies in, and back.
 *
 * The C library's zone data are read once, when a zone is opened, into a table; look-ups never
 * touch the C library again and may run on many threads. Opening sets the TZ variable for a
 * moment and puts it back, so it must not run beside other threads.
 */
#ifndef TB_ZONE_H
#define TB_ZONE_H

#include "base/err.h"

#include <stdint.h>

/* The folder of the zone data. */
#define TB_ZONE_DIR "/usr/share/zoneinfo"

struct tb_zone;

/* Opens "Europe/Berlin". "UTC" and fixed offsets such as "+08:00" need no zone data. */
TB_MUST_CHECK enum tb_status tb_zone_open(const char *name, struct tb_zone **out,
					  struct tb_err *err);
void tb_zone_free(struct tb_zone *z);

const char *tb_zone_name(const struct tb_zone *z);

/* Seconds to add to an instant (0 or later) to get the local clock. A NULL zone is UTC. */
int32_t tb_zone_offset(const struct tb_zone *z, int64_t instant);

/* The seconds *from .. *end around an instant, end excluded, in which the offset is the same; there
 * may be more of them. */
void tb_zone_steady(const struct tb_zone *z, int64_t instant, int64_t *from, int64_t *end);

enum tb_local_time {
	TB_LOCAL_ONCE,
	TB_LOCAL_TWICE, /* the clock was set back over it; the earlier instant is given */
	TB_LOCAL_NEVER, /* the clock was set forward over it */
};

/* The instant at which the local clock showed `local` (seconds as if the zone were UTC). */
enum tb_local_time tb_zone_instant(const struct tb_zone *z, int64_t local, int64_t *instant);

#endif
