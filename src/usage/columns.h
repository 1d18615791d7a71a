/*
 * columns - from the header of a log to what each of its columns means.
 *
 * Columns are found by name, in any order; unknown ones are ignored.
 */
#ifndef TB_COLUMNS_H
#define TB_COLUMNS_H

#include "base/problems.h"

/* What tokbill reads from a log. */
enum tb_field {
	TB_FIELD_TIME,
	TB_FIELD_MODEL,
	TB_FIELD_INPUT,
	TB_FIELD_CACHED_READ,
	TB_FIELD_CACHE_WRITE,
	TB_FIELD_CACHE_WRITE_1H,
	TB_FIELD_OUTPUT,
	TB_FIELD_REASONING,
	TB_FIELD_BATCH,
	TB_FIELD_SERVICE_TIER,
	TB_FIELD_REQUESTS,
	TB_FIELD_CONTEXT,
	TB_FIELD_ID,
	TB_FIELD_REGION,
	TB_FIELD_WEB_SEARCHES,
	TB_FIELDS
};

/* A field's bit in a set of fields. */
#define TB_FIELD_BIT(f) (1u << (f))

enum {
	TB_COLUMNS_MAX = 1024,
	TB_OWN_COLUMNS_MAX = 64, /* reject_line and reject_reason, again with each round */
	TB_RECORD_MAX = 1 << 20, /* bytes */
	TB_FIELD_MAX = 64 << 10, /* bytes */
	TB_ASKED_MAX = 64,
	TB_COLUMN_NONE = -1,
};

/* The columns of one log. Zeroed is released. */
struct tb_columns {
	size_t count;
	char *names;             /* each NUL-terminated, one behind the other */
	const char **name;       /* by column */
	int field[TB_FIELDS];    /* column of a field, or TB_COLUMN_NONE */
	unsigned present;        /* set of the fields that have a column */
	int asked[TB_ASKED_MAX]; /* column of each one asked for */
	size_t asked_count;
	unsigned char *wanted; /* by column: whether anybody reads it */
};

/* Name of the column that a field was found in; its first accepted name when it was not. */
const char *tb_columns_label(const struct tb_columns *c, enum tb_field field);

/*
 * Reads a header of `n` names. `asked` are further columns that the caller wants, by name. What
 * is wrong with it goes to `problems` at `file`:`line`, and the status is TB_DATA; TB_USAGE when
 * only an asked column is missing.
 */
TB_MUST_CHECK enum tb_status tb_columns_read(struct tb_columns *c, const struct tb_span *names,
					     size_t n, const char *const *asked, size_t asked_count,
					     const char *file, uint64_t line,
					     struct tb_problems *problems, struct tb_err *err);
/*
 * A column that is not read but is named almost like one that is, and that the log lacks: the
 * accepted name, else NULL.
 */
const char *tb_columns_near_miss(const struct tb_columns *c, size_t column);

void tb_columns_release(struct tb_columns *c);

#endif
