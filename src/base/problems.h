/*
 * problems - everything wrong with an input, named together.
 *
 * Each is kept as the text a person reads: `file:line: column: 'value': reason`. Only the first
 * ones are kept, up to a limit; all are counted.
 */
#ifndef TB_PROBLEMS_H
#define TB_PROBLEMS_H

#include "base/text.h"

#include <stdint.h>

enum {
	TB_PROBLEMS_SHOWN = 20,
	TB_REASON_TEXT = 5120, /* room for a path of the longest kind */
	TB_VALUE_SHOWN = 80,   /* columns of an offending value that a message shows */
};

struct tb_problem {
	const char *column;          /* NULL when it is not about one */
	struct tb_span value;        /* p is NULL when there is none to show */
	char reason[TB_REASON_TEXT]; /* why, and what to do */
};

/* Fills `p` and returns false, so that a parser can end with it. */
bool tb_problem_set(struct tb_problem *p, const char *column, struct tb_span value, const char *fmt,
		    ...) TB_PRINTF(4, 5);

/* Appends "column: 'value': reason", in characters that a person can see. */
void tb_problem_text(const struct tb_problem *p, struct tb_buf *b);

/* Zeroed is empty. */
struct tb_problems {
	struct tb_buf *text; /* the kept ones */
	size_t kept, cap;
	uint64_t total;
	size_t limit; /* how many to keep; 0 is TB_PROBLEMS_SHOWN */
	bool nomem;   /* one that should be kept is not */
};

/* `line` 0 means that the problem is about the whole file. */
void tb_problems_add(struct tb_problems *ps, const char *file, uint64_t line,
		     const struct tb_problem *p);

/* One without column and value. */
void tb_problems_note(struct tb_problems *ps, const char *file, uint64_t line, const char *fmt, ...)
	TB_PRINTF(4, 5);

/* Drops all but the first `total`. */
void tb_problems_keep(struct tb_problems *ps, uint64_t total);

void tb_problems_release(struct tb_problems *ps);

#endif
