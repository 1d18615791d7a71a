/*
 * alike - rows that are counted where a row like them was counted before.
 *
 * Most rows of a log differ from an earlier one in nothing but the time of day and the counts.
 * Their cell is known by model, tier and day, without asking the book and the tally once more.
 * What is not certain is not known: those rows go the long way, tb_rate_usage(), tb_tally_add().
 *
 * Internal to the tally.
 */
#ifndef TB_ALIKE_H
#define TB_ALIKE_H

#include "billing/rating.h"

enum { TB_ALIKE_SLOTS = 256, TB_ALIKE_NAME = 48 };

#define TB_ALIKE_NONE UINT32_MAX

/* Zeroed knows nothing. */
struct tb_alike {
	struct tb_alike_slot {
		struct tb_ends ends; /* of the model's name */
		uint64_t shape;      /* its lengths, and the tier */
		int64_t from;
		uint64_t seconds;   /* from then on; 0: the slot is not used */
		uint64_t input_max; /* tokens, of a row of one request; UINT64_MAX: of any row */
		uint64_t unpriced[TB_METERS]; /* all ones for a meter without a price */
		uint32_t cell;                /* number in the tally */
		char name[TB_ALIKE_NAME];
	} slots[TB_ALIKE_SLOTS];
};

/* The cell of a row like one learned before, or TB_ALIKE_NONE. */
uint32_t tb_alike_find(const struct tb_alike *a, const struct tb_usage *u);

/* Learns the cell of a row on a UTC day, unless rows like it may belong to another. */
void tb_alike_learn(struct tb_alike *a, const struct tb_usage *u, const struct tb_rated *rated,
		    int32_t day, uint32_t cell);

#endif
