/*
 * row - the fields of one record, checked and turned into a struct tb_usage.
 */
#ifndef TB_ROW_H
#define TB_ROW_H

#include "base/problems.h"
#include "base/zone.h"
#include "usage/columns.h"
#include "logs/sink.h"
#include "usage/record.h"
#include "usage/unread.h"

enum { TB_KNOWN_DATES = 64 };

struct tb_row_rules {
	const struct tb_zone *log_zone; /* for times without a zone; NULL is UTC */
	uint64_t twice;  /* counts times that the clock showed twice; the earlier was taken */
	uint64_t unheld; /* counts amounts reported that no struct tb_money can hold */
	uint64_t blank;  /* counts rows without a count that is required, which was taken for 0 */
	uint64_t fees;   /* counts rows with fees beside the tokens, which are not billed */
	bool printable;  /* the record at hand is known to be printable ASCII */
	struct tb_unread_notes unread; /* usage in columns that nobody reads */

	/* The last date seen and its first second: rows of a day tend to stand together. Where
	 * they do not, dates seen before, by some of their digits. */
	struct tb_known_date {
		char text[16];
		int64_t seconds;
	} date, dates[TB_KNOWN_DATES];
};

/* What every format of log reads alike; each returns NULL, or why the text is not that. */
const char *tb_row_time(struct tb_span text, struct tb_row_rules *rules, struct tb_usage *out);
const char *tb_row_model(struct tb_span text);

extern const char tb_row_header_again[]; /* why a row that repeats the header is bad */

/*
 * `cells` holds the text of every wanted column, by column number; TB_CELL_PADDING bytes behind
 * the end of each must be readable, whatever they hold. False when the row is bad; the
 * first fault found is in `why`. Columns asked for are left to the caller.
 */
TB_MUST_CHECK bool tb_row_parse(const struct tb_columns *columns, const struct tb_span *cells,
				struct tb_row_rules *rules, struct tb_usage *out,
				struct tb_problem *why);

/*
 * Reads up to n <= TB_RUN_MAX of them; how many were in order, from the first on. The one behind
 * these, if it is not, is left to tb_row_parse(), which says why.
 */
size_t tb_row_parse_run(const struct tb_columns *columns, const struct tb_row_run *run, size_t n,
			struct tb_row_rules *rules, struct tb_usage *out);

/* Takes `part` out of *whole; false when it is larger. */
static inline bool tb_take_out(uint64_t *whole, uint64_t part)
{
	if (part > *whole)
		return false;
	*whole -= part;
	return true;
}

#endif
