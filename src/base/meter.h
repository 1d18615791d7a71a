/*
 * meter - what is counted (meters), how it was ordered (tiers), and which price list a request
 * falls under (contexts). The one place where they are listed: the rate file's keys, the log's
 * columns, the pricer and the reports all read these tables.
 */
#ifndef TB_METER_H
#define TB_METER_H

#include "base/text.h"

#include <stdbool.h>

/* Disjoint: a token is counted on exactly one meter. */
enum tb_meter {
	TB_INPUT, /* input that was neither read from a cache nor written to one */
	TB_CACHED_READ,
	TB_CACHE_WRITE, /* kept for 5 minutes, or as long as the vendor keeps it */
	TB_CACHE_WRITE_1H,
	TB_OUTPUT, /* output that is not reasoning */
	TB_REASONING,
	TB_METERS
};

struct tb_meter_info {
	const char *name;    /* also the key in a rate file */
	bool output;         /* counts on the output side */
	bool required;       /* every era must price it */
	enum tb_meter whole; /* the meter whose standard price is its list price */
};

extern const struct tb_meter_info tb_meters[TB_METERS];

enum tb_tier { TB_STANDARD, TB_BATCH, TB_FLEX, TB_PRIORITY, TB_TIERS };

struct tb_tier_info {
	const char *name;
	const char *prefix; /* of its keys in a rate file */
};

extern const struct tb_tier_info tb_tiers[TB_TIERS];

enum tb_context { TB_BASE, TB_LONG, TB_CONTEXTS };

struct tb_context_info {
	const char *name; /* in a log */
	const char *prefix;
};

extern const struct tb_context_info tb_contexts[TB_CONTEXTS];

/* The meter of that name, or TB_METERS. */
enum tb_meter tb_meter_find(struct tb_span name);

#endif
