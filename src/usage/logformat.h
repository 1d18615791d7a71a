/*
 * logformat - the log formats that tokbill reads, as data.
 *
 * A format is a list of columns: the name in the header, and the field it feeds. Adding a vendor's
 * export is adding a table to logtables.c; recognising a log, turning its rows into
 * records, `tokbill formats` and every message about columns read these tables and nothing else.
 */
#ifndef TB_LOGFORMAT_H
#define TB_LOGFORMAT_H

#include "usage/fields.h"

struct tb_zone;

struct tb_logcolumn {
	const char *name; /* in the header, as tb_names_alike() takes it */
	enum tb_field field;
	unsigned char signs; /* sets of the signature that it belongs to, a bit for each */
	const char *path;    /* in the JSON object that the column holds, such as usage.input;
			      * "*" behind all others is whatever they do not name */
	const struct tb_logword
		*words; /* ends with a NULL text; NULL: those of the field, if any */
};

enum { TB_LOG_SETS = 8 }; /* of columns that make a signature */

struct tb_logformat {
	const char *name;  /* for --format */
	const char *title; /* what a person calls it */
	/*
	 * Ends with a NULL name. Where several feed one field, the first that is not empty in a
	 * row counts; TB_FIELD_UNPRICED takes them all.
	 */
	const struct tb_logcolumn *columns;
	const struct tb_logformat *base; /* whose columns serve for the other fields, or NULL */
	unsigned conventions;
	const struct tb_zone *zone; /* of times without one; NULL is that of the run */
	const char *note;           /* what a reader of the bill should know, or NULL */
};

/* tokbill's own log, which a log is when it is nothing else. */
extern const struct tb_logformat tb_log_tokbill;

/* All formats, tokbill's own first; ends with NULL. */
extern const struct tb_logformat *const tb_logformats[];

/* The columns of a format and of its base, one after the other; NULL behind the last. */
const struct tb_logcolumn *tb_logformat_column(const struct tb_logformat *f, size_t i);

/* The words of a column that has a field, or of the field; NULL where it has none. */
static inline const struct tb_logword *tb_logcolumn_words(const struct tb_logcolumn *c)
{
	return c->words ? c->words : tb_fields[c->field].words;
}

/* Appends the columns that a log of the format is recognised by: "a, b; or c, d". */
void tb_logformat_signature(const struct tb_logformat *f, struct tb_buf *out);

#endif
