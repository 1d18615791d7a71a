/*
 * row_cache - rows that are counted where a row like them was counted before.
 *
 * Most rows of a log differ from an earlier one in nothing but the time of day and the counts.
 * Their cell is known by model, tier and day, without asking the book and the tally once more.
 * What is not certain is not known: those rows go the long way, tb_rate_usage(), tb_tally_add().
 *
 * Internal to billing.
 */
#ifndef TB_ROW_CACHE_H
#define TB_ROW_CACHE_H

#include "billing/rating.h"

enum {
	TB_ROW_CACHE_BITS = 11,
	TB_ROW_CACHE_SLOTS = 1 << TB_ROW_CACHE_BITS,
	TB_ROW_CACHE_SPAN = 16, /* rows within 2^16 seconds may share a slot */
	TB_ROW_CACHE_NAME = 48, /* longest name that is learned */
	TB_ROW_CACHE_ENDS = 16, /* bytes of a name that its ends tell */
};

_Static_assert(TB_CONTEXT_UNTOLD == 0, "a told context is seen as a number that is not 0");

#define TB_ROW_CACHE_NONE UINT32_MAX

/* What else must hold for rows like one that is learned; of one day they are anyway. */
struct tb_row_cache_limits {
	unsigned priced;    /* they use no other meters */
	uint64_t input_max; /* tokens, of a row of one request; UINT64_MAX: of any row */
	int64_t from, end;  /* instants */
};

/* Zeroed knows nothing. */
struct tb_row_cache {
	struct tb_row_cache_slot {
		struct tb_ends ends; /* of the model's name */
		uint64_t shape;      /* its lengths, the tier, and whether it gave a day alone */
		int64_t from;
		uint64_t seconds;   /* from then on; 0: the slot is not used */
		uint64_t input_max; /* tokens, of a row of one request; UINT64_MAX: of any row */
		uint64_t unpriced[TB_METERS]; /* all ones for a meter without a price */
		uint32_t cell;                /* number in the tally */
		char name[TB_ROW_CACHE_NAME];
	} slots[TB_ROW_CACHE_SLOTS];
};

/* Up to how many input tokens a request is priced as this one; false when that is not told. */
TB_MUST_CHECK bool tb_row_cache_input_max(const struct tb_usage *u, const struct tb_rated *rated,
					  uint64_t *max);

/*
 * Learns the cell of a row on a day in the zone (NULL is UTC), unless rows like it may belong to
 * another. `limits` may be NULL.
 */
void tb_row_cache_learn(struct tb_row_cache *a, const struct tb_usage *u,
			const struct tb_rated *rated, int32_t day, uint32_t cell,
			const struct tb_zone *zone, const struct tb_row_cache_limits *limits);

static inline uint64_t tb_row_cache_shape(const struct tb_usage *u)
{
	return (uint64_t)u->model.n << 32 | (uint64_t)u->model_bare.n << 8 |
	       (uint64_t)u->date_only << 7 | (uint64_t)u->tier;
}

static inline size_t tb_row_cache_number(struct tb_ends ends, uint64_t shape, int64_t instant)
{
	ends.head ^= shape ^ (uint64_t)instant >> TB_ROW_CACHE_SPAN << 8;
	return tb_ends_mix(ends) >> (64 - TB_ROW_CACHE_BITS);
}

static inline bool tb_row_cache_priced(const struct tb_row_cache_slot *s, const struct tb_usage *u)
{
	uint64_t missing = 0;

	for (int m = 0; m < TB_METERS; m++)
		missing |= u->tokens[m] & s->unpriced[m];
	return missing == 0;
}

/* What only rows of long names and of eras with long-context prices have to be asked. */
uint32_t tb_row_cache_look_closer(const struct tb_row_cache_slot *s, const struct tb_usage *u);

/*
 * The cell of a row like one learned before, or TB_ROW_CACHE_NONE. Rows with a reported amount
 * are like no other.
 */
static inline uint32_t tb_row_cache_find(const struct tb_row_cache *a, const struct tb_usage *u)
{
	struct tb_ends ends = tb_span_ends(u->model);
	uint64_t shape = tb_row_cache_shape(u);
	const struct tb_row_cache_slot *s = &a->slots[tb_row_cache_number(ends, shape, u->instant)];
	uint64_t other = (s->ends.head ^ ends.head) | (s->ends.tail ^ ends.tail) |
			 (s->shape ^ shape) | (uint64_t)u->context | u->region.n | u->has_reported;

	if (other || (uint64_t)(u->instant - s->from) >= s->seconds || !tb_row_cache_priced(s, u))
		return TB_ROW_CACHE_NONE;
	return u->model.n > TB_ROW_CACHE_ENDS || s->input_max != UINT64_MAX
		       ? tb_row_cache_look_closer(s, u)
		       : s->cell;
}

#endif
