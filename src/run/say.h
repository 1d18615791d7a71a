/*
 * say - what a run has to say, put into words. Internal to run.
 */
#ifndef TB_RUN_SAY_H
#define TB_RUN_SAY_H

#include "base/err.h"
#include "run/calls.h"
#include "usage/columns.h"

void tb_run_warn(const struct tb_run_calls *calls, enum tb_warning kind, const char *fmt, ...)
	TB_PRINTF(3, 4);
void tb_run_notice(const struct tb_run_calls *calls, const char *fmt, ...) TB_PRINTF(2, 3);

/* What should be known of the log of that name before its first row: columns that look misspelt,
 * names that are not as the format has them, and the format unless it is tokbill's own. */
void tb_run_tell_columns(const struct tb_run_calls *calls, const char *name,
			 const struct tb_columns *columns);

#endif
