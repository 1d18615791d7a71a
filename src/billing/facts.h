/*
 * facts - what happened to the rows of the logs: plain counters, which a report shows and checks
 * its own sums against.
 *
 * Every row read is billed, set aside or skipped, so
 * rows = billed + set_aside + outside + duplicates + idle.
 */
#ifndef TB_FACTS_H
#define TB_FACTS_H

#include "base/money.h"

#include <stddef.h>
#include <stdint.h>

/* Zeroed is before the first row. */
struct tb_facts {
	uint64_t rows;      /* read, without headers and blank lines */
	uint64_t billed;    /* have a price and are in the tally */
	uint64_t set_aside; /* bad, or without a price */
	/* Skipped: */
	uint64_t outside;    /* of the days that are billed */
	uint64_t duplicates; /* copies of a row that is billed, or set aside, itself */
	uint64_t idle;       /* hold no usage at all */

	uint64_t blank_lines;
	uint64_t by_average; /* billed rows of several requests whose average chose the context */
	uint64_t beyond_window; /* billed rows of more input than a request of their model can have:
				 * no long-context price was taken */
	uint64_t by_midnight;   /* billed rows of a day or of several requests, of models with peak
				 * hours: their first second chose the price */
	uint64_t reported;      /* billed rows that say what they cost; only where it is compared */
	uint64_t unheld;        /* amounts reported in the log that cannot be compared */
	uint64_t twice;         /* local times that a clock showed twice */
	uint64_t blank;         /* rows that left out a count, which was taken for 0 */
	uint64_t fees;          /* rows with fees beside the tokens, which are not billed */
	tb_u128 tokens;         /* of the billed rows, counted apart from the tally */

	size_t cut_files;   /* inputs whose last line has no line end */
	size_t empty_files; /* inputs with a header and no row */

	/* Names, which whoever made the facts owns. */
	const char *const *inputs;
	size_t input_count;
	const char *const *rate_files;
	size_t rate_file_count;
};

#endif
