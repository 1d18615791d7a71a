/*
 * run - a run over usage logs: the stations wired up, from sources to a finished tally.
 */
#ifndef TB_RUN_H
#define TB_RUN_H

#include "billing/duplicates.h"
#include "billing/doubts.h"
#include "billing/tally.h"
#include "cli/progress.h"
#include "run/rejects.h"
#include "report/model.h"
#include "logs/reader.h"

#include <stdatomic.h>

/*
 * What a command does with the rows instead of tallying them by itself. A part is what one thread
 * counts.
 */
struct tb_run_rows {
	void *(*make)(void *ctx); /* a part; NULL when memory is out */
	void (*free)(void *part);
	void (*clear)(void *part);
	/* A row that is billed, in a pass that may be thrown away: clear() then comes. */
	enum tb_status (*add)(void *part, const struct tb_usage *u, const struct tb_rated *rated,
			      int32_t day, struct tb_err *err);
	/* The same for a row like an earlier one; false when it is to be rated first. */
	bool (*add_alike)(void *part, const struct tb_usage *u);
	/* A row that is set aside because it has no price. */
	enum tb_status (*unpriced)(void *part, const struct tb_usage *u, struct tb_err *err);
	enum tb_status (*merge)(void *to, const void *from, size_t threads, struct tb_err *err);
	void *ctx;
};

/* What one thread counts. */
struct tb_shard {
	struct tb_run *job;
	struct tb_rater rater;
	struct tb_tally *tally;
	void *part; /* of the job's rows, if it has any */
	struct tb_duplicates *duplicates;
	struct tb_doubts lifecycle;
	uint64_t outside, copies, by_average, by_midnight, reported;
	tb_u128 tokens;
};

/* How the logs are read. None of it changes a result; tests hold it against each other. */
struct tb_run_reading {
	size_t block;                      /* bytes to read at once; 0 is the default */
	const struct tb_csv_indexer *lane; /* NULL is the fastest on this machine */
	bool strict;                       /* csv_strict reads every record */
};

struct tb_run {
	/* Given. */
	const struct tb_book *book;
	struct tb_grouping grouping;
	const struct tb_zone *log_zone;
	const struct tb_format_choice *formats; /* NULL: by their headers */
	int32_t from, to;        /* first and last day billed; INT32_MIN and INT32_MAX for all */
	const char *rejects_dir; /* NULL: the first bad row stops the run */
	bool quiet;
	size_t threads;
	const atomic_int *stop;         /* once it is not 0, the run ends */
	const struct tb_run_rows *rows; /* NULL: they are tallied */
	struct tb_run_reading reading;

	/* Found. */
	struct tb_source *sources;
	size_t source_count;
	struct tb_shard *shards; /* the first holds the whole once the run is done */
	size_t shard_count;
	struct tb_facts facts;
	struct tb_rejects *rejects;
	struct tb_problems problems;
	uint64_t warnings;  /* told so far */
	size_t cut_files;   /* whose last line has no line end */
	size_t empty_files; /* with a header and no row */

	/* Its own. */
	size_t file;              /* being read */
	uint64_t problems_before; /* it was begun */
	bool again;               /* the second pass, which knows the duplicates */
	bool has_ids;
	const char *asked[TB_GROUP_COLUMNS_MAX];
	size_t asked_count;
	struct tb_progress progress;
};

/* Opens the logs ("-" is standard input), the same file twice is refused; names the rejects. */
TB_MUST_CHECK enum tb_status tb_run_open(struct tb_run *job, const char *const *paths, size_t n,
					 struct tb_err *err);

/*
 * Reads all logs. On TB_OK the tally and the facts are complete, and the rejects are prepared.
 * On TB_DATA the problems say why.
 */
TB_MUST_CHECK enum tb_status tb_run_execute(struct tb_run *job, struct tb_err *err);

void tb_run_release(struct tb_run *job);

#endif
