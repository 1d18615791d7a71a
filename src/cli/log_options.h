/*
 * log_options - what a command that reads logs was asked for on the command line.
 */
#ifndef TB_LOG_OPTIONS_H
#define TB_LOG_OPTIONS_H

#include "cli/format_options.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/rates_source.h"
#include "run/inputs.h"
#include "run/run.h"

enum { TB_NAME_LISTS_MAX = 16 };

/* Lists of names, from --files-from and -0. */
struct tb_names_from {
	const char *lists[TB_NAME_LISTS_MAX];
	size_t count;
	bool nul_ended;
};

struct tb_log_options {
	const char *command;       /* its name, for messages */
	struct tb_operands logs;   /* as they were named */
	struct tb_inputs inputs;   /* the logs that these are */
	struct tb_names_from from; /* further names */
	struct tb_arena arena;
	struct tb_run_options run_options;
	struct tb_run *run;
	struct tb_facts facts; /* of the run once it is done, with the names of the rate files */
	struct tb_problems problems;
	struct tb_progress progress;
	struct tb_warnings warnings; /* said so far */
	struct tb_book *book;
	struct tb_zone *zone, *log_zone;
	struct tb_rates_source rates;
	struct tb_format_options formats;
	struct tb_output output;
	const char *const *also_read; /* further files that no output may replace */
	size_t also_count;
	bool whole_month; /* --month was given */
	bool strict;      /* warnings are errors */
};

/* Which rows of the logs, and how they are gathered; the ctx is a struct tb_log_options. */
extern const struct tb_option tb_log_choice_rows[], tb_log_input_rows[], tb_log_fault_rows[],
	tb_log_limit_rows[];

/* The options of all commands that read logs; `type` has a struct tb_log_options called `log`. */
#define TB_LOG_OPTION_GROUPS(type)                                                                 \
	{tb_log_choice_rows, offsetof(type, log), "What to bill"},                                 \
		{tb_rates_options, offsetof(type, log.rates), "Prices"},                           \
		{tb_format_option_rows, offsetof(type, log.formats), "Logs"},                      \
		{tb_log_input_rows, offsetof(type, log), NULL},                                    \
		{tb_log_fault_rows, offsetof(type, log), "Rows that cannot be billed"},            \
		{tb_output_option_rows, offsetof(type, log.output), "Output"},                     \
	{                                                                                          \
		tb_log_limit_rows, offsetof(type, log), "Limits"                                   \
	}

/* What holds when nothing is asked for; rows are gathered by `by`. */
TB_MUST_CHECK enum tb_status tb_log_options_init(struct tb_log_options *l, const char *command,
						 const char *by, struct tb_err *err);

void tb_log_options_release(struct tb_log_options *l);

#endif
