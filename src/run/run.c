#include "run/run.h"

#include "run/say.h"
#include "run/shard.h"
#include "run/sources.h"

#include <stdlib.h>

struct tb_run {
	struct tb_run_options options;
	struct tb_counting counting;
	struct tb_sources sources;
	const char
		*asked[TB_GROUP_COLUMNS_MAX]; /* columns of the logs, by the grouping's `asked` */
	size_t asked_count;

	struct tb_shard *shards; /* the first holds the whole once the run is done */
	size_t shard_count;
	struct tb_rejects *rejects;
	struct tb_facts facts;

	/* The pass. */
	struct tb_problems *problems;
	uint64_t problems_given;  /* by the caller, of other things */
	uint64_t bytes;           /* of all inputs; 0 when a pipe is among them */
	size_t file;              /* being read */
	uint64_t bytes_before;    /* of the inputs before it */
	uint64_t problems_before; /* it was begun */
	bool looking;             /* at rows whose ids may have come before, and nothing else */
	bool *serial;             /* by file: it can be read on one thread only */
};

/* ---- what the caller hears ---- */

static void report_progress(const struct tb_run *run, struct tb_run_progress p)
{
	p.total = run->bytes;
	if (run->options.calls.progress)
		run->options.calls.progress(run->options.calls.ctx, &p);
}

/* ---- making ---- */

static void ask_for_columns(struct tb_run *run)
{
	struct tb_grouping *g = &run->counting.grouping;

	for (size_t i = 0; i < g->count; i++)
		if (g->columns[i].by == TB_BY_COLUMN) {
			g->columns[i].asked = run->asked_count;
			run->asked[run->asked_count++] = g->columns[i].name;
		}
}

static void begin(struct tb_run *run, const struct tb_run_options *options,
		  const char *const *paths, size_t n)
{
	run->options = *options;
	run->options.reading.threads = options->reading.threads ? options->reading.threads : 1;
	run->counting = (struct tb_counting){.book = options->book,
					     .grouping = options->grouping,
					     .from = options->from,
					     .to = options->to,
					     .least = options->least,
					     .threads = run->options.reading.threads};
	ask_for_columns(run);
	run->facts.inputs = paths;
	run->facts.input_count = n;
}

static enum tb_status make_duplicates(struct tb_run *run, size_t files, struct tb_err *err)
{
	const struct tb_duplicates_options options = {.memory = run->options.memory,
						      .asked = run->asked_count,
						      .reported = run->options.grouping.compare};

	run->serial = calloc(files + 1, sizeof(*run->serial));
	run->counting.duplicates = tb_duplicates_new(&options);
	return run->serial && run->counting.duplicates ? TB_OK : tb_fail_nomem(err);
}

enum tb_status tb_run_new(const struct tb_run_options *options, const char *const *paths, size_t n,
			  struct tb_run **out, struct tb_err *err)
{
	struct tb_run *run = calloc(1, sizeof(*run));
	enum tb_status st;

	*out = NULL;
	if (!run)
		return tb_fail_nomem(err);
	begin(run, options, paths, n);
	st = make_duplicates(run, n, err);
	if (st == TB_OK)
		st = tb_sources_open(&run->sources, paths, n, options->stop, options->digests, err);
	if (st == TB_OK && options->rejects_dir)
		st = tb_rejects_new(options->rejects_dir, run->sources.list, n, &run->rejects, err);
	run->counting.inputs = run->sources.list;
	if (st == TB_OK)
		*out = run;
	else
		tb_run_free(run);
	return st;
}

void tb_run_free(struct tb_run *run)
{
	if (!run)
		return;
	tb_rejects_free(run->rejects);
	for (size_t i = 0; run->shards && i < run->shard_count; i++)
		tb_shard_release(&run->shards[i]);
	free(run->shards);
	tb_duplicates_free(run->counting.duplicates);
	free(run->serial);
	tb_sources_release(&run->sources);
	free(run);
}

void tb_run_count_with(struct tb_run *run, const struct tb_run_rows *rows)
{
	run->counting.rows = rows;
}

/* ---- what the reader calls ---- */

/* What is said of a log is said when it is read for the first time. */
static bool first_pass(const struct tb_run *run)
{
	return !run->counting.again && !run->looking;
}

static void on_warn(void *ctx, const char *text)
{
	const struct tb_run *run = ctx;

	tb_run_warn(&run->options.calls, TB_WARN_COLUMN_NOT_READ, "%s", text);
}

static enum tb_status on_header(void *ctx, const struct tb_columns *columns, struct tb_span raw,
				bool crlf, struct tb_err *err)
{
	struct tb_run *run = ctx;
	bool has_id = columns->field[TB_FIELD_ID] != TB_COLUMN_NONE;

	run->counting.has_ids |= has_id;
	if (first_pass(run))
		tb_run_tell_columns(&run->options.calls, run->sources.list[run->file].name,
				    columns);
	/* A second pass reads all sources again, those without ids too. */
	if (has_id || run->sources.count > 1)
		TB_TRY(tb_source_keep(&run->sources.list[run->file], err));
	else
		tb_source_forget(&run->sources.list[run->file]);
	return run->rejects && !run->looking
		       ? tb_rejects_header(run->rejects, run->file, raw, crlf, err)
		       : TB_OK;
}

static enum tb_status check_stop(const struct tb_run *run, struct tb_err *err)
{
	if (run->options.stop && *run->options.stop)
		return tb_fail(err, TB_INTERRUPTED, "interrupted; nothing was written");
	return TB_OK;
}

static enum tb_status on_reject(void *ctx, const struct tb_reject *r, struct tb_err *err)
{
	struct tb_run *run = ctx;

	TB_TRY(check_stop(run, err));
	if (run->rejects)
		return tb_rejects_put(run->rejects, run->file, r, err);
	if (!r->ends)
		return TB_OK;
	tb_problems_add(run->problems, run->sources.list[run->file].name, r->line, r->problem);
	if (run->problems->total - run->problems_given < TB_PROBLEMS_SHOWN)
		return TB_OK;
	return tb_fail(err, TB_DATA, "stopped at %d bad rows; nothing was written",
		       TB_PROBLEMS_SHOWN);
}

/* While looking at single rows: bad ones have been heard of. */
static enum tb_status pass_reject(void *ctx, const struct tb_reject *r, struct tb_err *err)
{
	(void)r;
	return check_stop(ctx, err);
}

static enum tb_status on_progress(void *ctx, struct tb_err *err)
{
	const struct tb_run *run = ctx;
	struct tb_run_progress p = {.stage = TB_RUN_READS,
				    .done = run->bytes_before + run->sources.list[run->file].raw};

	report_progress(run, p);
	TB_TRY(tb_duplicates_check(run->counting.duplicates, err));
	return check_stop(run, err);
}

/* ---- threads ---- */

/* Thread number i counts in shard i + 1, for the first holds the files done. */
static void *on_worker(void *ctx, size_t i)
{
	struct tb_run *run = ctx;
	struct tb_shard *s = &run->shards[i + 1];

	return tb_shard_make(s, &run->counting) ? s : NULL;
}

static enum tb_status on_workers_done(void *ctx, bool good, struct tb_err *err)
{
	struct tb_run *run = ctx;
	enum tb_status st = TB_OK;

	for (size_t i = 1; i < run->shard_count && run->shards[i].counting; i++) {
		if (good && st == TB_OK)
			st = tb_shard_merge(&run->shards[0], &run->shards[i], err);
		if (!good)
			tb_id_notes_forget(run->shards[i].notes, run->file);
		tb_shard_clear(&run->shards[i]);
	}
	if (good)
		return st;
	run->serial[run->file] = true;
	tb_problems_keep(run->problems, run->problems_before);
	if (run->rejects)
		tb_rejects_restart(run->rejects, run->file);
	return TB_OK;
}

static enum tb_status make_shards(struct tb_run *run, struct tb_err *err)
{
	run->shard_count = run->options.reading.threads + 1;
	run->shards = calloc(run->shard_count, sizeof(*run->shards));
	return run->shards && tb_shard_make(&run->shards[0], &run->counting) ? TB_OK
									     : tb_fail_nomem(err);
}

/* ---- passes ---- */

static void add_counts(struct tb_facts *f, const struct tb_row_counts *c)
{
	const struct tb_read_counts *records = &c->records;

	f->rows += records->rows;
	f->billed += records->verdicts[TB_ROW_TAKEN];
	f->set_aside += records->verdicts[TB_ROW_SET_ASIDE];
	f->blank_lines += records->blank_lines;
	f->cut_files += records->cut;
	f->empty_files += records->rows == 0;
	f->twice += c->twice;
	f->idle += c->idle;
	f->unheld += c->unheld;
	f->blank += c->blank;
	f->fees += c->fees;
}

static enum tb_status read_source(struct tb_run *run, size_t i, struct tb_err *err)
{
	const struct tb_row_calls calls = {.header = on_header,
					   .alike = run->looking ? NULL : tb_shard_take_alike,
					   .row = run->looking ? tb_shard_look_at_row
							       : tb_shard_take_row,
					   .reject = run->looking ? pass_reject : on_reject,
					   .warn = first_pass(run) ? on_warn : NULL,
					   .progress = on_progress,
					   .worker = on_worker,
					   .workers_done = on_workers_done,
					   .ctx = run,
					   .rows = &run->shards[0]};
	struct tb_row_options options = {.file = i,
					 .log_zone = run->options.log_zone,
					 .formats = run->options.formats,
					 .asked = run->asked,
					 .asked_count = run->asked_count,
					 .reading = run->options.reading};
	struct tb_row_counts counts = {0};

	if (run->serial[i])
		options.reading.threads = 1;
	if (run->looking)
		options.reading.only = tb_duplicates_suspects(run->counting.duplicates);
	options.reading.file = i;
	run->file = i;
	run->problems_before = run->problems->total;
	if (run->counting.again || run->looking)
		TB_TRY(tb_source_rewind(&run->sources.list[i], err));
	TB_TRY(tb_rows_read(&run->sources.list[i], &options, &calls, &counts, run->problems, err));
	if (!run->looking)
		add_counts(&run->facts, &counts);
	run->bytes_before += run->sources.list[i].raw;
	tb_sources_let_go(&run->sources, i);
	return TB_OK;
}

static void forget_pass(struct tb_run *run)
{
	tb_shard_clear(&run->shards[0]);
	for (size_t i = 0; run->rejects && i < run->sources.count; i++)
		tb_rejects_restart(run->rejects, i);
	tb_problems_keep(run->problems, run->problems_given);
	run->facts = (struct tb_facts){.inputs = run->facts.inputs,
				       .input_count = run->facts.input_count};
}

static enum tb_status read_sources(struct tb_run *run, struct tb_err *err)
{
	const struct tb_line_marks *suspects = tb_duplicates_suspects(run->counting.duplicates);
	enum tb_status st = TB_OK;

	run->bytes = tb_sources_bytes(&run->sources);
	run->bytes_before = 0;
	report_progress(run, (struct tb_run_progress){.stage = TB_RUN_BEGINS});
	for (size_t i = 0; i < run->sources.count && st == TB_OK; i++)
		if (!run->looking || tb_line_marks_any(suspects, i))
			st = read_source(run, i, err);
	report_progress(run, (struct tb_run_progress){.stage = TB_RUN_ENDS});
	return st;
}

static enum tb_status on_copy(void *ctx, size_t thread, const struct tb_usage *u,
			      struct tb_err *err)
{
	struct tb_run *run = ctx;

	return tb_shard_take_copy(&run->shards[thread + 1], u, err);
}

/* Whether the copies can be taken out of what was counted; they are then, and clear anyway. */
static enum tb_status take_copies_out(struct tb_run *run, bool *done, struct tb_err *err)
{
	struct tb_shard *sum = &run->shards[0];
	uint64_t unpriced = 0;

	for (size_t i = 1; i < run->shard_count; i++)
		unpriced += run->shards[i].unpriced_copies;
	*done = !run->counting.rows && !unpriced &&
		!tb_duplicates_conflicts(run->counting.duplicates);
	for (size_t i = 1; i < run->shard_count && run->shards[i].counting; i++) {
		if (*done) {
			run->facts.billed -= run->shards[i].copies;
			TB_TRY(tb_shard_take_out(sum, &run->shards[i], err));
		}
		tb_shard_clear(&run->shards[i]);
	}
	return TB_OK;
}

/* Made one after the other, for the threads that take copies out share what shards are made of. */
static enum tb_status make_all_shards(struct tb_run *run, struct tb_err *err)
{
	for (size_t i = 1; i < run->shard_count; i++)
		if (!tb_shard_make(&run->shards[i], &run->counting))
			return tb_fail_nomem(err);
	return TB_OK;
}

/*
 * Billing goes on the assumption that no request stands in the logs twice. Where ids come again,
 * those rows are looked at once more, and copies are taken out of what was counted. Only where that
 * cannot be, for rows that contradict each other are to be set aside in their order, is the pass
 * thrown away and run again with the duplicates known.
 */
static enum tb_status see_to_copies(struct tb_run *run, struct tb_err *err)
{
	struct tb_duplicates *d = run->counting.duplicates;
	size_t threads = run->options.reading.threads;
	uint64_t suspects = 0;
	bool done;

	if (run->counting.has_ids)
		TB_TRY(tb_duplicates_find(d, threads, &suspects, err));
	if (!suspects)
		return TB_OK;
	run->looking = true;
	TB_TRY(read_sources(run, err));
	run->looking = false;
	TB_TRY(make_all_shards(run, err));
	TB_TRY(tb_duplicates_solve(d, threads, on_copy, run, err));
	TB_TRY(take_copies_out(run, &done, err));
	if (done)
		return TB_OK;
	forget_pass(run);
	run->counting.again = true;
	return read_sources(run, err);
}

enum tb_status tb_run_execute(struct tb_run *run, struct tb_problems *problems, struct tb_err *err)
{
	run->problems = problems;
	run->problems_given = problems->total;
	TB_TRY(make_shards(run, err));
	TB_TRY(read_sources(run, err));
	TB_TRY(see_to_copies(run, err));
	tb_shard_facts(&run->shards[0], &run->facts);
	if (problems->total != run->problems_given)
		return tb_fail(err, TB_DATA,
			       "nothing was written; mend the rows, or set them aside with "
			       "--rejects DIR");
	return run->rejects ? tb_rejects_prepare(run->rejects, err) : TB_OK;
}

/* ---- what was found ---- */

const struct tb_facts *tb_run_facts(const struct tb_run *run)
{
	return &run->facts;
}

const struct tb_tally *tb_run_tally(const struct tb_run *run)
{
	return run->shards[0].tally;
}

const void *tb_run_part(const struct tb_run *run)
{
	return run->shards[0].part;
}

struct tb_model_doubts tb_run_doubts(const struct tb_run *run, const struct tb_era *first)
{
	return tb_doubts_of_model(&run->shards[0].doubts, run->options.book, first);
}

struct tb_rejects *tb_run_rejects(const struct tb_run *run)
{
	return run->rejects;
}

const struct tb_grouping *tb_run_grouping(const struct tb_run *run)
{
	return &run->counting.grouping;
}

bool tb_run_input(const struct tb_run *run, size_t i, struct tb_run_input *out)
{
	const struct tb_source *s = &run->sources.list[i];

	if (i >= run->sources.count)
		return false;
	*out = (struct tb_run_input){s->name, s->raw, *s->digest_text ? s->digest_text : NULL};
	return true;
}

bool tb_run_reads(const struct tb_run *run, const struct stat *file)
{
	return tb_sources_have(&run->sources, file);
}
