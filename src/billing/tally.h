/*
 * tally - tokens counted per group, era and terms. Prices nothing.
 *
 * Integers only, so the order of rows does not matter and tallies of parts can be merged.
 */
#ifndef TB_TALLY_H
#define TB_TALLY_H

#include "billing/row_cache.h"
#include "billing/grouping.h"
#include "billing/text_groups.h"
#include "billing/rating.h"

/* A cell's key, taken apart. */
struct tb_cell_key {
	uint64_t tag;
	uint32_t era;   /* number */
	int32_t period; /* first day; 0 unless grouped by date */
	struct tb_terms terms;
	bool reported; /* all rows say what they cost; only where the grouping compares */
	struct tb_span texts[TB_GROUP_COLUMNS_MAX]; /* of the TB_BY_COLUMN columns, by `asked` */
};

struct tb_tally;

/* `grouping` must outlive the tally. NULL when memory is out. */
struct tb_tally *tb_tally_new(const struct tb_grouping *grouping);
void tb_tally_free(struct tb_tally *t);
void tb_tally_clear(struct tb_tally *t);

enum { TB_ROW_CACHE_ROWS = 32 };

/*
 * Adds up to TB_ROW_CACHE_ROWS of n rows, as long as the cell of one that went through
 * tb_tally_add() is certain to be their own too: other requests of the same model, day and tier.
 * How many; the next is to be rated. Without an error, though the tally is as it was.
 */
TB_MUST_CHECK size_t tb_tally_add_alike(struct tb_tally *t, const struct tb_usage *u, size_t n);

/* Adds a row that lies on `day`. */
TB_MUST_CHECK enum tb_status tb_tally_add(struct tb_tally *t, const struct tb_usage *u,
					  const struct tb_rated *rated, int32_t day,
					  struct tb_err *err);

/*
 * The same, in a cell apart from those of other tags; tb_tally_add() has the tag 0. Rows like it
 * have the same tag within the limits; NULL: that is not known.
 */
TB_MUST_CHECK enum tb_status tb_tally_add_tagged(struct tb_tally *t, const struct tb_usage *u,
						 const struct tb_rated *rated, int32_t day,
						 uint64_t tag,
						 const struct tb_row_cache_limits *limits,
						 struct tb_err *err);

/* The two halves of tb_tally_add_alike() for one row: the cell, or TB_ROW_CACHE_NONE, and the
 * counting.
 */
uint32_t tb_tally_find_alike(const struct tb_tally *t, const struct tb_usage *u);
void tb_tally_count_alike(struct tb_tally *t, uint32_t cell, const struct tb_usage *u);

/* Adds a row so many times. */
TB_MUST_CHECK enum tb_status tb_tally_add_times(struct tb_tally *t, const struct tb_usage *u,
						const struct tb_rated *rated, int32_t day,
						uint64_t times, struct tb_err *err);

/* Adds all of `other`, which must have the same grouping and book, on at most so many threads. */
TB_MUST_CHECK enum tb_status tb_tally_merge(struct tb_tally *t, const struct tb_tally *other,
					    size_t threads, struct tb_err *err);

/*
 * Takes out what another tally of that grouping and book counts, of rows that are copies of others
 * that stay: no cell goes away.
 */
TB_MUST_CHECK enum tb_status tb_tally_take_out(struct tb_tally *t, const struct tb_tally *copies,
					       struct tb_err *err);

/* How many cells there are in all. */
size_t tb_tally_count(const struct tb_tally *t);

/*
 * The cells of rows with the same texts make a group; they differ by class, which is all of a key
 * but the texts. Groups have numbers below tb_tally_groups(), but not all numbers have a group: it
 * then has no cells. Without TB_BY_COLUMN there is one group, and a cell's class is its number.
 */
struct tb_cell_at {
	size_t group, cell;
};

size_t tb_tally_groups(const struct tb_tally *t);
size_t tb_tally_cells(const struct tb_tally *t, size_t group);
size_t tb_tally_classes(const struct tb_tally *t);
uint32_t tb_tally_class(const struct tb_tally *t, struct tb_cell_at at);
struct tb_cell tb_tally_cell(const struct tb_tally *t, struct tb_cell_at at);

/* From cell to cell through all groups: the first and the next; false where there are no more. */
TB_MUST_CHECK bool tb_tally_first(const struct tb_tally *t, struct tb_cell_at *at);
TB_MUST_CHECK bool tb_tally_next(const struct tb_tally *t, struct tb_cell_at *at);

/* The key of a class, without texts; the texts of a group; both. */
struct tb_cell_key tb_tally_class_key(const struct tb_tally *t, size_t class);
void tb_tally_texts(const struct tb_tally *t, size_t group,
		    struct tb_span texts[TB_GROUP_COLUMNS_MAX]);
struct tb_cell_key tb_tally_key(const struct tb_tally *t, struct tb_cell_at at);

/* Begins to fetch a group that is soon to be asked for, and some time later its cells. */
void tb_tally_prefetch(const struct tb_tally *t, size_t group);
void tb_tally_prefetch_cells(const struct tb_tally *t, size_t group);

const struct tb_grouping *tb_tally_grouping(const struct tb_tally *t);

#endif
