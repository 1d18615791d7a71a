/*
 * columns - from the header of a log to what each of its columns means.
 *
 * Columns are found by name, in any order; unknown ones are ignored. The names also tell which
 * format the log has, unless the caller says it.
 */
#ifndef TB_COLUMNS_H
#define TB_COLUMNS_H

#include "base/problems.h"
#include "logs/sink.h"
#include "usage/logformat.h"

/* A field's bit in a set of fields, and one for columns that are watched. */
#define TB_FIELD_BIT(f) (1u << (f))
#define TB_UNREAD_BIT   (1u << 28)

enum {
	TB_ASKED_MAX = 64,
	TB_UNREAD_MAX = 64, /* columns that are watched for usage */
	TB_COLUMN_NONE = -1,
};

/* What the caller says of a log's format. Zeroed leaves it to the header. */
struct tb_format_choice {
	const struct tb_logformat *forced;     /* NULL: by the header */
	const struct tb_logformat *const *own; /* the user's, beside the built-in ones; ends with
						* NULL, or is it */
	bool has_day;                          /* the rows of a log without times lie on `day` */
	int32_t day;
	const char *const *ignored; /* names of columns that need not be read; "*" is all */
	size_t ignored_count;
};

/* A column that is read, and as what. */
struct tb_bound {
	int column;
	const struct tb_logcolumn *as;
};

/* A column that no field is read from, and what its values may be (TB_UNREAD_...). */
struct tb_watched {
	int column;
	unsigned kinds;
};

/* The columns of one log. Zeroed is released. */
struct tb_columns {
	size_t count;
	char *names;             /* each NUL-terminated, one behind the other */
	const char **name;       /* by column */
	int field[TB_FIELDS];    /* the (first) column of a field, or TB_COLUMN_NONE */
	unsigned present;        /* set of the fields that have a column */
	int asked[TB_ASKED_MAX]; /* column of each one asked for */
	size_t asked_count;
	unsigned char *wanted; /* by column: whether anybody reads it */

	const struct tb_logformat *format;
	struct tb_bound *bound; /* in the order of the format's columns */
	size_t bound_count, bound_cap;
	struct tb_watched *unread; /* not read, and watched for usage (unread.h) */
	size_t unread_count, unread_cap;
	int unread_id;        /* a column that is not read and looks like request_id, or none */
	unsigned conventions; /* of the format */
	bool by_class;        /* a row holds one class of tokens */
	bool has_day;         /* all rows lie on `day`, for the log has no times */
	int32_t day;
};

/* Name of the column that a field was found in; what messages propose when it was not. */
const char *tb_columns_label(const struct tb_columns *c, enum tb_field field);

/*
 * Reads a header of `n` names. `choice` may be NULL. `asked` are further columns that the caller
 * wants, by name. What is wrong with it goes to `problems` at `file`:`line`, and the status is
 * TB_DATA; TB_USAGE when only an asked column is missing.
 */
TB_MUST_CHECK enum tb_status tb_columns_read(struct tb_columns *c, const struct tb_span *names,
					     size_t n, const struct tb_format_choice *choice,
					     const char *const *asked, size_t asked_count,
					     const char *file, uint64_t line,
					     struct tb_problems *problems, struct tb_err *err);
/*
 * A column that is not read but is named almost like one that is, and that the log lacks: the
 * accepted name, else NULL.
 */
const char *tb_columns_near_miss(const struct tb_columns *c, size_t column);

/* Appends "'Input Tokens' as input_tokens, ..." for columns whose names are not as the format has
 * them, to the letter. */
void tb_columns_respelled(const struct tb_columns *c, struct tb_buf *out);

/*
 * Whether the fields are those of tokbill's own log, one column each whatever its name, and mean
 * the same: row.h then reads most rows faster than convert.h, and leaves the others to it.
 */
bool tb_columns_plain(const struct tb_columns *c);

void tb_columns_release(struct tb_columns *c);

/* ---- for header.c ---- */

/* Whether the name is one that a rejects file adds to the header of its log. */
bool tb_columns_is_own(const char *name);

/* The first column of that name before column number `before`, or TB_COLUMN_NONE. */
int tb_columns_named(const struct tb_columns *c, const char *name, size_t before);

/* The column of that name, to the letter or else nearly (tb_names_alike), or TB_COLUMN_NONE. */
int tb_columns_called(const struct tb_columns *c, const char *name);

/* Whether any column feeds the field. */
bool tb_columns_reads(const struct tb_columns *c, enum tb_field f);

#endif
