/*
 * log_run - what every command that reads logs does before and while it reads them.
 */
#ifndef TB_LOG_RUN_H
#define TB_LOG_RUN_H

#include "cli/log_options.h"

/*
 * Checks what was asked for, loads the rates and opens the logs. No output may be one of the
 * files that are read, or another output.
 */
TB_MUST_CHECK enum tb_status tb_log_open(struct tb_log_options *l, struct tb_err *err);

/*
 * Refuses a further output that is one of the files read, or the report, or that would be read by
 * the next run, as far as these are known: all are after tb_log_open().
 */
TB_MUST_CHECK enum tb_status tb_log_check_output(const struct tb_log_options *l, const char *path,
						 struct tb_err *err);

/* Reads the logs. On TB_OK the run is done, and l->facts are complete. */
TB_MUST_CHECK enum tb_status tb_log_run(struct tb_log_options *l, struct tb_err *err);

/* Says what the run has to warn of; with --strict that fails. To be called before writing. */
TB_MUST_CHECK enum tb_status tb_log_warn(struct tb_log_options *l, struct tb_err *err);

#endif
