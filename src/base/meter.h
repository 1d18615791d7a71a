/*
 * meter - what is counted (meters), how it was ordered (tiers), and which price list a request
 * falls under (contexts). The one place where they are listed: the rate file's keys, the log's
 * columns, the pricer and the reports all read these tables.
 */
#ifndef TB_METER_H
#define TB_METER_H

#include "base/text.h"

#include <stdbool.h>

/* Disjoint: a token is counted on exactly one meter. Meters of tokens come first. */
enum tb_meter {
	TB_INPUT, /* input that was neither read from a cache nor written to one */
	TB_CACHED_READ,
	TB_CACHE_WRITE, /* kept for 5 minutes, or as long as the vendor keeps it */
	TB_CACHE_WRITE_1H,
	TB_OUTPUT, /* output that is not reasoning */
	TB_REASONING,
	TB_TOKEN_METERS,
	TB_WEB_SEARCH = TB_TOKEN_METERS, /* searches, not tokens */
	TB_METERS
};

/* A meter's bit in a set of meters. */
#define TB_METER_BIT(m) (1u << (m))

enum tb_side { TB_SIDE_INPUT, TB_SIDE_OUTPUT, TB_SIDE_FEE };

struct tb_meter_info {
	const char *name;    /* also the key in a rate file */
	enum tb_side side;   /* of a request; a fee has one price in all tiers and contexts */
	bool required;       /* every era must price it */
	enum tb_meter whole; /* the meter whose standard price is its list price */
	int per;             /* how many of them a price in a rate file buys */
	const char *unit;    /* what is counted, in the plural */
};

extern const struct tb_meter_info tb_meters[TB_METERS];

enum tb_tier { TB_STANDARD, TB_BATCH, TB_FLEX, TB_PRIORITY, TB_TIERS };

struct tb_tier_info {
	const char *name;
	const char *prefix; /* of its keys in a rate file */
};

extern const struct tb_tier_info tb_tiers[TB_TIERS];

/* Every mix of the conditions under which a vendor has another price list. */
enum tb_context { TB_BASE, TB_LONG, TB_PEAK, TB_PEAK_LONG, TB_CONTEXTS };

struct tb_context_info {
	const char *name;
	const char *prefix;   /* of its keys in a rate file */
	bool is_long;         /* a long context */
	enum tb_context calm; /* the same outside peak hours; itself when it is not of them */
};

extern const struct tb_context_info tb_contexts[TB_CONTEXTS];

enum tb_context tb_context_of(bool is_long, bool is_peak);

/* The meter of that name, or TB_METERS. */
enum tb_meter tb_meter_find(struct tb_span name);

#endif
