/*
 * meter - what is counted (meters), how it was ordered (tiers), and which price list a request
 * falls under (contexts). The one place where they are listed: the rate file's keys, the log's
 * columns, the pricer and the reports all read these tables.
 */
#ifndef TB_METER_H
#define TB_METER_H

#include "base/text.h"

#include <stdbool.h>

/* clang-format off */
/*
 * Every meter, a row each. Adding one is adding a row, and one to TB_OWN_FIELD_ROWS (usage/fields.h)
 * where logs count it. A token is counted on exactly one meter.
 *
 *   METER(id, key, side, list, absent, per, unit, flags, option, help)
 *
 * key           what a rate file and a report call it
 * side          of a request: INPUT, OUTPUT; or FEE, which has one price in all tiers and contexts
 * list          the meter whose standard price is its list price
 * absent        the meter whose price it has where a rate file gives none, or itself: none then
 * per, unit     how many of them a price in a rate file buys; what is counted, in the plural
 * flags         TB_METER_...
 * option, help  of `tokbill estimate`
 */
#define TB_TOKEN_METER_ROWS(METER) \
	METER(INPUT, "input", INPUT, INPUT, INPUT, 1000000, "tokens", \
	      TB_METER_REQUIRED | TB_METER_USUAL, "input", \
	      "input tokens of one request, cached and written ones included|" \
	      "(N may be 1200, 300k, 2.5M, 1e6)") \
	METER(CACHED_READ, "cached_read", INPUT, INPUT, CACHED_READ, 1000000, "tokens", \
	      TB_METER_CACHED | TB_METER_USUAL, "cached-read", \
	      "how many of them are read from a cache") \
	METER(CACHE_WRITE, "cache_write", INPUT, INPUT, CACHE_WRITE, 1000000, "tokens", \
	      TB_METER_WRITTEN | TB_METER_USUAL, "cache-write", \
	      "how many of them are written to one (for 5 minutes)") \
	METER(CACHE_WRITE_1H, "cache_write_1h", INPUT, INPUT, CACHE_WRITE_1H, 1000000, "tokens", \
	      TB_METER_WRITTEN | TB_METER_USUAL, "cache-write-1h", \
	      "how many of them are written to one for an hour") \
	METER(OUTPUT, "output", OUTPUT, OUTPUT, OUTPUT, 1000000, "tokens", \
	      TB_METER_REQUIRED | TB_METER_USUAL, "output", \
	      "output tokens of one request, reasoning included") \
	METER(REASONING, "reasoning", OUTPUT, REASONING, OUTPUT, 1000000, "tokens", \
	      TB_METER_USUAL, "reasoning", \
	      "how many of them are reasoning")

#define TB_FEE_METER_ROWS(METER) \
	METER(WEB_SEARCH, "web_search", FEE, WEB_SEARCH, WEB_SEARCH, 1000, "searches", \
	      0, "web-searches", \
	      "web searches of one request")

#define TB_METER_ROWS(METER) TB_TOKEN_METER_ROWS(METER) TB_FEE_METER_ROWS(METER)

/*
 * Every tier, a row each, and the further words that logs have for it.
 *
 *   TIER(id, name)   keys of a rate file begin with the name and _, but those of STANDARD
 *   WORD(id, word)
 */
#define TB_TIER_ROWS(TIER, WORD) \
	TIER(STANDARD, "standard") WORD(STANDARD, "default") WORD(STANDARD, "auto") \
	TIER(BATCH, "batch") \
	TIER(FLEX, "flex") \
	TIER(PRIORITY, "priority")

#define TB_METER_ID(id, ...) TB_##id,
#define TB_TIER_ID(id, name) TB_##id,
#define TB_NO_ROW(...)

/* Meters of tokens come first. TB_INPUT and TB_OUTPUT are what is left beside the other meters. */
enum tb_meter {
	TB_TOKEN_METER_ROWS(TB_METER_ID)
	TB_TOKEN_METERS, /* how many that are */
	TB_LAST_TOKEN_METER = TB_TOKEN_METERS - 1,
	TB_FEE_METER_ROWS(TB_METER_ID)
	TB_METERS
};

enum tb_tier { TB_TIER_ROWS(TB_TIER_ID, TB_NO_ROW) TB_TIERS };
/* clang-format on */

/* Flags of meters. */
enum {
	TB_METER_REQUIRED = 1, /* every era must price it */
	TB_METER_CACHED = 2,   /* input that was read from a cache */
	TB_METER_WRITTEN = 4,  /* input that was written to one */
	TB_METER_USUAL = 8,    /* named even where nothing is counted on it */
};

/* A meter's bit in a set of meters. */
#define TB_METER_BIT(m) (1u << (m))

enum tb_side { TB_SIDE_INPUT, TB_SIDE_OUTPUT, TB_SIDE_FEE };

struct tb_meter_info {
	const char *name; /* also the key in a rate file */
	enum tb_side side;
	bool required;        /* every era must price it */
	enum tb_meter whole;  /* the meter whose standard price is its list price */
	enum tb_meter absent; /* the meter whose price it has where none is given, or itself */
	unsigned flags;
	int per;          /* how many of them a price in a rate file buys */
	const char *unit; /* what is counted, in the plural */
};

extern const struct tb_meter_info tb_meters[TB_METERS];

/* Whether it has another's price where a rate file gives none: reasoning, which is output then. */
static inline bool tb_meter_is_derived(enum tb_meter m)
{
	return tb_meters[m].absent != m;
}

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
