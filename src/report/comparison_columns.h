/*
 * comparison_columns - the columns of a comparison and the texts in them, for its writers.
 */
#ifndef TB_COMPARISON_COLUMNS_H
#define TB_COMPARISON_COLUMNS_H

#include "write/writer.h"

enum tb_comparison_kind {
	TB_COMPARISON_SCENARIO,
	TB_COMPARISON_GROUP,
	TB_COMPARISON_TARGET,
	TB_COMPARISON_REQUESTS,
	TB_COMPARISON_BASELINE,
	TB_COMPARISON_COST,
	TB_COMPARISON_DIFFERENCE,
	TB_COMPARISON_PERCENT,
	TB_COMPARISON_BAR,
	TB_COMPARISON_CURRENCY
};

struct tb_comparison_column {
	enum tb_comparison_kind kind;
	size_t index; /* of the group column */
	const char *name, *heading;
	int keep_rank;
};

enum { TB_COMPARISON_COLUMNS_MAX = TB_GROUP_COLUMNS_MAX + 9 };

struct tb_comparison_columns {
	const struct tb_comparison *v;
	const struct tb_write_options *options;
	FILE *out;
	struct tb_comparison_column columns[TB_COMPARISON_COLUMNS_MAX];
	size_t count;
	struct tb_buf cell;     /* the text of the cell at hand */
	bool failed;            /* memory ran out for one of them */
	struct tb_fine largest; /* difference, without its sign: the length of a bar */
	bool eyes;              /* for people: rounded to cents, counts in groups */
};

/* Works out the columns; `eyes` is for people. Finish it afterwards. */
void tb_comparison_begin(struct tb_comparison_columns *w, const struct tb_comparison *v,
			 const struct tb_write_options *o, FILE *out, bool eyes);

/* Says whether memory ran out on the way. */
TB_MUST_CHECK enum tb_status tb_comparison_finish(struct tb_comparison_columns *w,
						  struct tb_err *err);

/* Puts the text of a cell into w->cell. False when there is nothing to say. */
bool tb_comparison_cell(struct tb_comparison_columns *w, const struct tb_comparison_column *c,
			const struct tb_comparison_row *row);
struct tb_span tb_comparison_span(const struct tb_comparison_columns *w);

/* What a table says under its rows when amounts are shown in cents only. */
#define TB_COMPARISON_ROUNDED "Amounts are rounded to cents here; -f csv has them exactly.\n"

/* Lists under a title what has no price and why; nothing when all has one. For tables. */
void tb_comparison_put_reasons(struct tb_comparison_columns *w, const char *title);

/* The table of more than one scenario: a row for each group, the scenarios side by side. */
TB_MUST_CHECK enum tb_status tb_write_comparison_beside(const struct tb_comparison *v,
							const struct tb_write_options *o, FILE *out,
							struct tb_err *err);

/* Whether a column holds text, else numbers. */
bool tb_comparison_is_text(const struct tb_comparison_column *c);

/* A row for usage that has no price today: its model and requests, and neither amount. */
struct tb_comparison_row tb_comparison_row_of_today(const struct tb_comparison *v,
						    const struct tb_comparison_today *today);

/* Whether the cell of such a row says anything. */
bool tb_comparison_of_today(const struct tb_comparison *v, const struct tb_comparison_column *c);

#endif
