/*
 * run - one pass over usage logs as a call: inputs, a price book and options in; a tally, facts,
 * rejects and problems out. It prints nothing: progress, warnings and notices are calls.
 *
 *	struct tb_run_options o = {.book = book, .from = INT32_MIN, .to = INT32_MAX};
 *	struct tb_problems problems = {0};
 *	struct tb_run *run;
 *
 *	o.grouping = (struct tb_grouping){.columns = {{.by = TB_BY_MODEL, .name = "model"}},
 *					  .count = 1};
 *	st = tb_run_new(&o, paths, n, &run, &err);
 *	if (st == TB_OK)
 *		st = tb_run_execute(run, &problems, &err);
 *	if (st == TB_OK)
 *		... tb_run_tally(run), tb_run_facts(run) ...
 *	tb_run_free(run);
 */
#ifndef TB_RUN_H
#define TB_RUN_H

#include "billing/doubts.h"
#include "billing/facts.h"
#include "billing/tally.h"
#include "logs/read_options.h"
#include "run/calls.h"
#include "run/rejects.h"
#include "run/rows.h"
#include "run/warning.h"
#include "usage/columns.h"

#include <stdatomic.h>

/* All that is pointed at must outlive the run. */
struct tb_run_options {
	const struct tb_book *book;
	struct tb_grouping grouping;            /* its columns' `asked` is the run's to fill in */
	const struct tb_zone *log_zone;         /* of times without a zone; NULL is UTC */
	const struct tb_format_choice *formats; /* NULL: by their headers */
	int32_t from, to;         /* first and last day billed; INT32_MIN and INT32_MAX for all */
	enum tb_confidence least; /* prices that are less sure bill nothing */
	bool digests;             /* the inputs' SHA-256 is asked for */
	const char *rejects_dir;  /* NULL: bad rows stop the run */
	size_t memory;            /* bytes for request ids; beyond that, TMPDIR. 0: the default */
	const atomic_int *stop;   /* unless NULL: once it is not 0, the run ends */
	struct tb_read_options reading;
	struct tb_run_calls calls;
};

struct tb_run;

/*
 * Opens the logs ("-" is standard input) and names the rejects. The same file twice is TB_USAGE,
 * one that cannot be read TB_NOINPUT. *out is NULL unless all is well.
 */
TB_MUST_CHECK enum tb_status tb_run_new(const struct tb_run_options *options,
					const char *const *paths, size_t n, struct tb_run **out,
					struct tb_err *err);
void tb_run_free(struct tb_run *run); /* NULL is nothing */

/* Gives the rows to `rows` instead of the tally. To be called before the run is executed. */
void tb_run_count_with(struct tb_run *run, const struct tb_run_rows *rows);

/*
 * Reads all logs; to be called once. On TB_OK tally and facts are complete, and the rejects are
 * prepared. On TB_DATA `problems` says why; where it says so of single rows alone, all inputs were
 * read to their ends, or up to TB_PROBLEMS_SHOWN bad rows.
 */
TB_MUST_CHECK enum tb_status tb_run_execute(struct tb_run *run, struct tb_problems *problems,
					    struct tb_err *err);

/* ---- what was found; all of it is the run's ---- */

const struct tb_facts *tb_run_facts(const struct tb_run *run);
const struct tb_tally *tb_run_tally(const struct tb_run *run);

/* The merged part of tb_run_count_with(), or NULL. */
const void *tb_run_part(const struct tb_run *run);

/* What speaks against the billed rows of a model, all its eras together; `first` is its first. */
struct tb_model_doubts tb_run_doubts(const struct tb_run *run, const struct tb_era *first);

/* NULL where no folder was given for them. */
struct tb_rejects *tb_run_rejects(const struct tb_run *run);

/* The grouping with `asked` filled in. */
const struct tb_grouping *tb_run_grouping(const struct tb_run *run);

/* One of the inputs, as far as it was read. */
struct tb_run_input {
	const char *name;   /* as messages call it */
	uint64_t bytes;     /* read, as they are stored */
	const char *sha256; /* of all of them; NULL unless it was asked for and read to its end */
};

/* False after the last. */
bool tb_run_input(const struct tb_run *run, size_t i, struct tb_run_input *out);

/* Whether one of the inputs is that file, by whatever name. */
bool tb_run_reads(const struct tb_run *run, const struct stat *file);

#endif
