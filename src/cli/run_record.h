/*
 * run_record - what a run of report did, as one JSON object in a file (--summary): for a monitor,
 * which has one file to watch, whether the run went well or not.
 */
#ifndef TB_RUN_RECORD_H
#define TB_RUN_RECORD_H

#include "cli/log_options.h"
#include "report/confidence_shares.h"

#include <time.h>

/* Zeroed, but for the path, before the run begins. */
struct tb_run_record {
	const char *path; /* NULL: none is asked for, and nothing here does anything */
	struct tb_outfile file;
	struct timespec begun;
	char book_sha256[TB_DIGEST_TEXT]; /* empty: the rates were not loaded */
	struct tb_record_total {
		const char *currency;
		struct tb_money cost;
		struct tb_confidence_share share;
	} * totals;
	size_t total_count;
};

/*
 * Before tb_log_open(): asks for what the record needs, begins to count the seconds, and makes sure
 * that the file can be created.
 */
TB_MUST_CHECK enum tb_status tb_run_record_begin(struct tb_run_record *r, struct tb_log_options *l,
						 struct tb_err *err);

/* After it, when all files are known: none of them must be the record's. */
TB_MUST_CHECK enum tb_status tb_run_record_check(const struct tb_run_record *r,
						 const struct tb_log_options *l,
						 struct tb_err *err);

/* Keeps the totals of the report, and what of each rests on which prices. */
TB_MUST_CHECK enum tb_status tb_run_record_totals(struct tb_run_record *r,
						  const struct tb_report *report,
						  const struct tb_confidence_share *shares,
						  struct tb_err *err);

/*
 * Writes the record of a run that ends with that exit code, whole or not at all; not at all when it
 * would replace one of the files read.
 */
TB_MUST_CHECK enum tb_status tb_run_record_write(struct tb_run_record *r,
						 const struct tb_log_options *l, int exit_code,
						 struct tb_err *err);

void tb_run_record_release(struct tb_run_record *r);

#endif
