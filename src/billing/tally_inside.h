/*
 * tally_inside - what a tally is made of. Internal to tally.c, which counts, and tally_read.c.
 */
#ifndef TB_TALLY_INSIDE_H
#define TB_TALLY_INSIDE_H

#include "base/keytab.h"
#include "billing/row_cache.h"
#include "billing/tally.h"

/* A class: all of a cell's key but the texts. */
struct tb_class_head {
	uint64_t tag;
	uint32_t era;
	int32_t period;
	uint8_t tier, context, uplift;
	uint8_t reported;
	uint8_t unused[4];
};

/* Classes used lately. */
enum { TB_TALLY_RECENT = 1024 };

struct tb_recent_class {
	struct tb_class_head head;
	uint32_t number; /* TB_KEYTAB_NONE: unused */
};

struct tb_tally {
	const struct tb_grouping *grouping;
	bool by_date;
	size_t column_count; /* that are TB_BY_COLUMN */
	struct tb_row_cache alike;
	struct tb_recent_class recent[TB_TALLY_RECENT];
	struct tb_keytab keys; /* the classes */
	struct tb_cell *cells; /* by class; all zeros where columns' texts tell them apart */
	size_t cap;
	struct tb_text_groups groups; /* the cells of columns' texts */
	struct tb_buf texts;          /* of the row being added, where they are more than one */
	int32_t last_day, last_period;
};

#endif
