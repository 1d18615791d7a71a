/*
 * grouping - what a report's rows are gathered by.
 */
#ifndef TB_GROUPING_H
#define TB_GROUPING_H

#include "base/civil.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/zone.h"
#include "usage/record.h"

/* What rows are gathered by. */
enum tb_by { TB_BY_DATE, TB_BY_MODEL, TB_BY_PROVIDER, TB_BY_TIER, TB_BY_COLUMN };

enum { TB_GROUP_COLUMNS_MAX = 32 };

struct tb_group_column {
	enum tb_by by;
	const char *name;
	size_t asked; /* TB_BY_COLUMN: its place among the columns asked of the reader */
};

struct tb_grouping {
	struct tb_group_column columns[TB_GROUP_COLUMNS_MAX];
	size_t count;
	enum tb_period period;
	const struct tb_zone *zone;  /* of the days; NULL is UTC */
	bool compare;                /* keeps rows apart that say what they cost, and sums that */
	size_t max_cells;            /* stated limit of the memory; 0 is none */
	struct tb_hash_key hash_key; /* of the columns' texts: random, for texts may be hostile */
};

bool tb_grouping_has(const struct tb_grouping *g, enum tb_by by);

/* The day of a row in the grouping's zone. */
int32_t tb_grouping_day(const struct tb_grouping *g, const struct tb_usage *u);

/*
 * The texts of a row's columns in one: each behind its length, but for the last. A single one is
 * itself; several are put together in `room`, which fails when memory is out. `n` is above 0.
 */
struct tb_span tb_texts_join(struct tb_buf *room, const struct tb_span *texts, size_t n);

/* The texts again. */
void tb_texts_split(struct tb_span joined, struct tb_span *texts, size_t n);

#endif
