/*
 * rules - what the fields of a row mean together: which count is part of which, by the conventions
 * of its format, and which rows contradict themselves.
 *
 * Internal to convert, which reads the cells.
 */
#ifndef TB_RULES_H
#define TB_RULES_H

#include "usage/row.h"

/* What a row gave, field by field. Zeroed but for the first five it gave nothing yet. */
struct tb_given {
	const struct tb_columns *columns;
	const struct tb_span *cells;
	struct tb_row_rules *rules;
	struct tb_usage *out;
	struct tb_problem *why;

	const struct tb_bound *from[TB_ALL_FIELDS]; /* where a field was found; NULL: nowhere */
	uint64_t n[TB_ALL_FIELDS];                  /* counts, and the values of words */
	struct tb_money reported, more_reported, fees, unit_price;
	bool unheld; /* an amount was given that cannot be held */
};

static inline bool tb_given_has(const struct tb_given *r, unsigned convention)
{
	return r->columns->conventions & convention;
}

/* The text of a column; empty for NULL. */
struct tb_span tb_given_text_at(const struct tb_given *r, const struct tb_bound *at);

/* The column's name in the log, or the field's own where the log has none. */
const char *tb_given_label(const struct tb_given *r, enum tb_field f);

/* Says why the field is bad; false. */
bool tb_given_refuse(struct tb_given *r, enum tb_field f, const char *why);

/* Turns all into r->out; false when the row is bad, which r->why then explains. */
TB_MUST_CHECK bool tb_row_resolve(struct tb_given *r);

#endif
