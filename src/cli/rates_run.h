/*
 * rates_run - what the sub-commands of `tokbill rates` have in common: their options, and the
 * frame they run in.
 */
#ifndef TB_RATES_RUN_H
#define TB_RATES_RUN_H

#include "cli/messages.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/rates_source.h"

#include <stddef.h>

enum { TB_RATES_PATTERNS_MAX = 64 };

struct tb_rates_run {
	struct tb_operands operands;
	struct tb_arena arena;
	struct tb_rates_source source;
	struct tb_book *book;
	struct tb_problems problems; /* of the rates; printed at the end */
	struct tb_output output;
	bool has_as_of;
	int64_t as_of;
	const char *provider;
	const char *patterns[TB_RATES_PATTERNS_MAX];
	size_t pattern_count;
	const char *list_path;
	const char *accept_path; /* differences that are known, of an audit */
	bool strict, all;
	int code; /* to end with when nothing fails */
};

/* The option groups that they share, in a struct tb_rates_run. */
#define TB_RATES_RUN_SOURCE                                                                        \
	{                                                                                          \
		tb_rates_options, offsetof(struct tb_rates_run, source), NULL                      \
	}
#define TB_RATES_RUN_OUTPUT                                                                        \
	{                                                                                          \
		tb_output_place_rows, offsetof(struct tb_rates_run, output), NULL                  \
	}

/* For option rows whose ctx is a struct tb_rates_run. */
enum tb_status tb_rates_take_as_of(void *ctx, const char *value, struct tb_err *err);
enum tb_status tb_rates_take_quiet(void *ctx, const char *value, struct tb_err *err);

/* The instant asked for, else the present one. */
int64_t tb_rates_instant(const struct tb_rates_run *r);

/*
 * Loads the rates that the operands from number `first` on name, else what --rates and so on do,
 * and refuses to write over one of them.
 */
TB_MUST_CHECK enum tb_status tb_rates_open(struct tb_rates_run *r, size_t first,
					   struct tb_err *err);

/* Refuses to write over one of the rate files. */
TB_MUST_CHECK enum tb_status tb_rates_check_output(const struct tb_rates_run *r,
						   struct tb_err *err);

/* Parses the command line, calls `run` unless help was asked for, says what is wrong, tidies up. */
int tb_rates_run(const struct tb_command *self, int argc, const char *const *argv,
		 enum tb_status (*run)(struct tb_rates_run *r, struct tb_err *err));

#endif
