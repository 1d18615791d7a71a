/*
 * messages - what tokbill says on standard error, and its exit codes. The only place that does.
 */
#ifndef TB_MESSAGES_H
#define TB_MESSAGES_H

#include "base/err.h"
#include "base/problems.h"
#include "run/warning.h"

/* sysexits.h, as the contract fixes them (section 5). */
enum tb_exit {
	TB_EXIT_OK = 0,
	TB_EXIT_DIFFERENCES = 1,
	TB_EXIT_SET_ASIDE = 2,
	TB_EXIT_USAGE = 64,
	TB_EXIT_DATA = 65,
	TB_EXIT_NOINPUT = 66,
	TB_EXIT_INTERNAL = 70,
	TB_EXIT_CANTCREATE = 73,
	TB_EXIT_IO = 74,
	TB_EXIT_CONFIG = 78,
};

struct tb_exit_info {
	int code;
	const char *meaning; /* for --help and the manual */
};

extern const struct tb_exit_info tb_exit_table[];
extern const size_t tb_exit_count;

int tb_exit_code(enum tb_status st);

/* "tokbill: TEXT" on a line of its own; control characters never reach the terminal. */
void tb_say(const char *fmt, ...) TB_PRINTF(1, 2);

/* A warning, which is counted. */
void tb_warn(struct tb_warnings *warnings, enum tb_warning kind, const char *fmt, ...)
	TB_PRINTF(3, 4);

/* All problems, one to a line, and how many more there are. */
void tb_say_problems(const struct tb_problems *ps);

/* Number i, from 0, of those that are kept. */
void tb_say_problem(const struct tb_problems *ps, size_t i);

#endif
