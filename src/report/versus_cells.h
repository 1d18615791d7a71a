/*
 * versus_cells - the columns of a comparison and the texts in them, for its writers.
 */
#ifndef TB_VERSUS_CELLS_H
#define TB_VERSUS_CELLS_H

#include "report/format.h"

enum tb_versus_kind {
	TB_VERSUS_SCENARIO,
	TB_VERSUS_GROUP,
	TB_VERSUS_TARGET,
	TB_VERSUS_REQUESTS,
	TB_VERSUS_BASELINE,
	TB_VERSUS_COST,
	TB_VERSUS_DIFFERENCE,
	TB_VERSUS_PERCENT,
	TB_VERSUS_BAR,
	TB_VERSUS_CURRENCY
};

struct tb_versus_column {
	enum tb_versus_kind kind;
	size_t index; /* of the group column */
	const char *name, *heading;
	int keep_rank;
};

enum { TB_VERSUS_COLUMNS_MAX = TB_GROUP_COLUMNS_MAX + 9 };

struct tb_versus_cells {
	const struct tb_versus *v;
	const struct tb_write_options *options;
	FILE *out;
	struct tb_versus_column columns[TB_VERSUS_COLUMNS_MAX];
	size_t count;
	struct tb_buf cell;     /* the text of the cell at hand */
	bool failed;            /* memory ran out for one of them */
	struct tb_fine largest; /* difference, without its sign: the length of a bar */
	bool eyes;              /* for people: rounded to cents, counts in groups */
};

/* Works out the columns; `eyes` is for people. Finish it afterwards. */
void tb_versus_begin(struct tb_versus_cells *w, const struct tb_versus *v,
		     const struct tb_write_options *o, FILE *out, bool eyes);

/* Says whether memory ran out on the way. */
TB_MUST_CHECK enum tb_status tb_versus_finish(struct tb_versus_cells *w, struct tb_err *err);

/* Puts the text of a cell into w->cell. False when there is nothing to say. */
bool tb_versus_cell(struct tb_versus_cells *w, const struct tb_versus_column *c,
		    const struct tb_versus_row *row);
struct tb_span tb_versus_span(const struct tb_versus_cells *w);

/* What a table says under its rows when amounts are shown in cents only. */
#define TB_VERSUS_ROUNDED "Amounts are rounded to cents here; -f csv has them exactly.\n"

/* Lists under a title what has no price and why; nothing when all has one. For tables. */
void tb_versus_put_reasons(struct tb_versus_cells *w, const char *title);

/* The table of more than one scenario: a row for each group, the scenarios side by side. */
TB_MUST_CHECK enum tb_status tb_write_versus_beside(const struct tb_versus *v,
						    const struct tb_write_options *o, FILE *out,
						    struct tb_err *err);

/* Whether a column holds text, else numbers. */
bool tb_versus_is_text(const struct tb_versus_column *c);

/* A row for usage that has no price today: its model and requests, and neither amount. */
struct tb_versus_row tb_versus_row_of_today(const struct tb_versus *v,
					    const struct tb_versus_today *today);

/* Whether the cell of such a row says anything. */
bool tb_versus_of_today(const struct tb_versus *v, const struct tb_versus_column *c);

#endif
