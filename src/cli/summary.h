/*
 * summary - what a run says when it is done.
 */
#ifndef TB_SUMMARY_H
#define TB_SUMMARY_H

#include "cli/log_options.h"
#include "report/confidence_shares.h"

/* What a person should know even when all is well otherwise. */
void tb_say_warnings(struct tb_log_options *l);

/* Rows read, billed, set aside and skipped. */
void tb_say_rows(const struct tb_log_options *l);

/* The same, the totals, and what of each rests on prices of which confidence. */
void tb_say_summary(const struct tb_log_options *l, const struct tb_report *report,
		    const struct tb_confidence_share *shares);

#endif
