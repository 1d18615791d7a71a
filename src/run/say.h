/*
 * say - what a run has to say, put into words. Internal to run.
 */
#ifndef TB_RUN_SAY_H
#define TB_RUN_SAY_H

#include "base/err.h"
#include "run/calls.h"

void tb_run_warn(const struct tb_run_calls *calls, enum tb_warning kind, const char *fmt, ...)
	TB_PRINTF(3, 4);
void tb_run_notice(const struct tb_run_calls *calls, const char *fmt, ...) TB_PRINTF(2, 3);

#endif
