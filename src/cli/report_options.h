/*
 * report_options - what a report was asked for on the command line.
 */
#ifndef TB_REPORT_OPTIONS_H
#define TB_REPORT_OPTIONS_H

#include "cli/job.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/rates_source.h"

struct tb_report_options {
	struct tb_operands logs;
	struct tb_arena arena;
	struct tb_job job;
	struct tb_book *book;
	struct tb_zone *zone, *log_zone;
	struct tb_rates_source rates;
	struct tb_output output;
	bool whole_month; /* --month was given */
	int round;
};

extern const struct tb_option tb_report_option_table[];

/* What holds when nothing is asked for. */
TB_MUST_CHECK enum tb_status tb_report_options_init(struct tb_report_options *r,
						    struct tb_err *err);

#endif
