/*
 * lint - prices that load, and that a person should look at once more.
 */
#ifndef TB_LINT_H
#define TB_LINT_H

#include "ratebook/book.h"

enum { TB_VERIFIED_DAYS = 90 };

struct tb_lint;

/* One thing that is looked for. */
struct tb_lint_rule {
	const char *name;
	const char *what; /* for people */
	void (*check)(struct tb_lint *l);
};

extern const struct tb_lint_rule tb_lint_rules[];
extern const size_t tb_lint_rule_count;

/*
 * Adds a warning "file:line: key: 'value': reason, and what to do" for whatever a rule finds, by
 * file and line of the era. `as_of` is the instant for which what may be out of date is judged.
 */
TB_MUST_CHECK enum tb_status tb_lint_book(const struct tb_book *book, int64_t as_of,
					  struct tb_problems *warnings, struct tb_err *err);

#endif
