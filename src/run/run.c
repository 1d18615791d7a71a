#include "run/run.h"

#include "cli/messages.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- opening ---- */

static enum tb_status refuse_same_file(const struct tb_run *job, size_t i, struct tb_err *err)
{
	for (size_t k = 0; k < i; k++)
		if (tb_source_same(&job->sources[k], &job->sources[i]))
			return tb_fail(err, TB_USAGE,
				       "%s: is the same file as %s and would be billed twice",
				       job->sources[i].name, job->sources[k].name);
	return TB_OK;
}

enum tb_status tb_run_open(struct tb_run *job, const char *const *paths, size_t n,
			   struct tb_err *err)
{
	job->sources = calloc(n + 1, sizeof(*job->sources));
	if (!job->sources)
		return tb_fail_nomem(err);
	for (size_t i = 0; i < n; i++) {
		TB_TRY(tb_source_open(&job->sources[i], paths[i], err));
		job->sources[i].stop = job->stop;
		job->source_count++;
		TB_TRY(refuse_same_file(job, i, err));
	}
	if (job->rejects_dir)
		return tb_rejects_new(job->rejects_dir, job->sources, n, &job->rejects, err);
	return TB_OK;
}

/* Bytes of all inputs; 0 when a pipe is among them. */
static uint64_t total_bytes(const struct tb_run *job)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < job->source_count; i++) {
		if (!job->sources[i].regular)
			return 0;
		sum += (uint64_t)job->sources[i].opened.st_size;
	}
	return sum;
}

/* ---- what the reader calls ---- */

/* An optional column that is misspelt would be ignored like any other, and change the bill. */
static void warn_of_near_misses(struct tb_run *job, const struct tb_columns *columns)
{
	for (size_t i = 0; i < columns->count && !job->again; i++) {
		const char *near = tb_columns_near_miss(columns, i);

		if (near)
			tb_warn(&job->warnings, "%s: column '%s' is not read; is '%s' meant?",
				job->sources[job->file].name, columns->name[i], near);
	}
}

/* What a reader of the bill should know of a vendor's export. */
static void tell_format(const struct tb_run *job, const struct tb_columns *columns)
{
	const struct tb_logformat *f = columns->format;

	if (f != &tb_log_tokbill && !job->again && !job->quiet)
		tb_say("%s: read as %s (--format %s)%s%s", job->sources[job->file].name, f->title,
		       f->name, f->note ? "; " : "", f->note ? f->note : "");
}

static enum tb_status on_header(void *ctx, const struct tb_columns *columns, struct tb_span raw,
				bool crlf, struct tb_err *err)
{
	struct tb_run *job = ((struct tb_shard *)ctx)->job;

	bool has_id = columns->field[TB_FIELD_ID] != TB_COLUMN_NONE;

	job->has_ids |= has_id;
	warn_of_near_misses(job, columns);
	tell_format(job, columns);
	/* A second pass reads all sources again, those without ids too. */
	if (has_id || job->source_count > 1)
		TB_TRY(tb_source_keep(&job->sources[job->file], err));
	else
		tb_source_forget(&job->sources[job->file]);
	return job->rejects ? tb_rejects_header(job->rejects, job->file, raw, crlf, err) : TB_OK;
}

/* In the second pass: whether a row is a copy of another. */
static enum tb_status judge_copy(struct tb_shard *s, const struct tb_usage *u,
				 enum tb_verdict *verdict, struct tb_problem *why,
				 struct tb_err *err)
{
	enum tb_copy copy;
	size_t file;
	uint64_t line;

	TB_TRY(tb_duplicates_ask(s->duplicates, u->file, u->line, &copy, &file, &line, err));
	if (copy == TB_COPY_SAME) {
		s->copies++;
		*verdict = TB_ROW_SKIPPED;
	} else if (copy == TB_COPY_CONFLICT) {
		tb_problem_set(why, "request_id", u->id,
			       "the same id as %s:%" PRIu64 ", with other content; only one of "
			       "them can be true",
			       s->job->sources[file].name, line);
		*verdict = TB_ROW_SET_ASIDE;
	}
	return TB_OK;
}

static void count_tokens(struct tb_shard *s, const struct tb_usage *u)
{
	uint64_t tokens = 0;

	for (int m = 0; m < TB_TOKEN_METERS; m++)
		tokens += u->tokens[m]; /* input and output, each below 2^63 */
	s->tokens += tokens;
}

static enum tb_status bill(struct tb_shard *s, const struct tb_usage *u,
			   const struct tb_rated *rated, int32_t day, struct tb_err *err)
{
	const struct tb_run_rows *rows = s->job->rows;

	TB_TRY(rows ? rows->add(s->part, u, rated, day, err)
		    : tb_tally_add(s->tally, u, rated, day, err));
	count_tokens(s, u);
	s->by_average += rated->by_average;
	s->by_midnight += rated->by_midnight;
	s->reported += u->has_reported;
	tb_doubts_note(&s->lifecycle, u, rated);
	return TB_OK;
}

/* The long way of a row. */
static enum tb_status on_row(void *ctx, const struct tb_usage *u, enum tb_verdict *verdict,
			     struct tb_problem *why, struct tb_err *err)
{
	struct tb_shard *s = ctx;
	const struct tb_run *job = s->job;
	int32_t day = tb_grouping_day(&job->grouping, u);
	struct tb_rated rated;

	if (day < job->from || day > job->to) {
		s->outside++;
		*verdict = TB_ROW_SKIPPED;
		return TB_OK;
	}
	*verdict = TB_ROW_BILLED;
	if (u->id.n)
		TB_TRY(job->again ? judge_copy(s, u, verdict, why, err)
				  : tb_duplicates_note(s->duplicates, u, job->asked_count, err));
	if (*verdict != TB_ROW_BILLED)
		return TB_OK;
	if (tb_rate_usage(&s->rater, u, &rated, why))
		return bill(s, u, &rated, day, err);
	*verdict = TB_ROW_SET_ASIDE;
	return job->rows ? job->rows->unpriced(s->part, u, err) : TB_OK;
}

/*
 * What bill() counts beside the tally is nothing for rows that are alike, and the day of the first
 * of them was within those billed.
 */
static size_t on_alike(void *ctx, const struct tb_usage *u, size_t n)
{
	struct tb_shard *s = ctx;
	const struct tb_run_rows *rows = s->job->rows;
	size_t alike = rows ? 0 : tb_tally_add_alike(s->tally, u, n);

	while (rows && alike < n && rows->add_alike(s->part, &u[alike]))
		alike++;
	for (size_t i = 0; i < alike; i++)
		count_tokens(s, &u[i]);
	return alike;
}

static enum tb_status check_stop(const struct tb_run *job, struct tb_err *err)
{
	if (job->stop && *job->stop)
		return tb_fail(err, TB_INTERRUPTED, "interrupted; nothing was written");
	return TB_OK;
}

static enum tb_status on_reject(void *ctx, const struct tb_reject *r, struct tb_err *err)
{
	struct tb_run *job = ((struct tb_shard *)ctx)->job;

	TB_TRY(check_stop(job, err));
	if (job->rejects)
		return tb_rejects_put(job->rejects, r, err);
	if (!r->ends)
		return TB_OK;
	tb_problems_add(&job->problems, job->sources[r->file].name, r->line, r->problem);
	if (job->problems.total < TB_PROBLEMS_SHOWN)
		return TB_OK;
	return tb_fail(err, TB_DATA, "stopped at %d bad rows; nothing was written",
		       TB_PROBLEMS_SHOWN);
}

static enum tb_status on_progress(void *ctx, struct tb_err *err)
{
	struct tb_run *job = ((struct tb_shard *)ctx)->job;
	uint64_t done = 0;

	for (size_t i = 0; i <= job->file; i++)
		done += job->sources[i].raw;
	tb_progress_set(&job->progress, done);
	return check_stop(job, err);
}

/* ---- shards ---- */

static struct tb_shard *make_shard(struct tb_run *job, size_t i)
{
	struct tb_shard *s = &job->shards[i];

	if (s->job)
		return s;
	s->tally = tb_tally_new(&job->grouping);
	s->duplicates = tb_duplicates_new();
	if (!s->tally || !s->duplicates || !tb_doubts_init(&s->lifecycle, job->book))
		return NULL;
	if (job->rows && !s->part)
		s->part = job->rows->make(job->rows->ctx);
	if (job->rows && !s->part)
		return NULL;
	s->job = job;
	s->rater.book = job->book;
	return s;
}

static void clear_shard(struct tb_shard *s)
{
	tb_tally_clear(s->tally);
	if (s->part)
		s->job->rows->clear(s->part);
	tb_doubts_clear(&s->lifecycle);
	s->outside = s->copies = s->by_average = s->by_midnight = s->reported = 0;
	s->tokens = 0;
}

static void swap_tallies(struct tb_shard *a, struct tb_shard *b)
{
	struct tb_tally *tally = a->tally;

	a->tally = b->tally;
	b->tally = tally;
}

static enum tb_status merge_shard(struct tb_shard *to, struct tb_shard *from, struct tb_err *err)
{
	to->outside += from->outside;
	to->by_average += from->by_average;
	to->by_midnight += from->by_midnight;
	to->reported += from->reported;
	to->tokens += from->tokens;
	tb_doubts_merge(&to->lifecycle, &from->lifecycle);
	if (tb_tally_count(to->tally))
		TB_TRY(tb_tally_merge(to->tally, from->tally, to->job->threads, err));
	else
		swap_tallies(to, from);
	if (to->part)
		TB_TRY(to->job->rows->merge(to->part, from->part, to->job->threads, err));
	return tb_duplicates_merge(to->duplicates, from->duplicates, err);
}

/* Thread number i counts in shard i + 1, for the first holds the files done. */
static void *on_worker(void *ctx, size_t i)
{
	return make_shard(((struct tb_shard *)ctx)->job, i + 1);
}

static enum tb_status on_workers_done(void *ctx, bool good, struct tb_err *err)
{
	struct tb_run *job = ((struct tb_shard *)ctx)->job;
	enum tb_status st = TB_OK;

	for (size_t i = 1; i < job->shard_count && job->shards[i].job; i++) {
		if (good && st == TB_OK)
			st = merge_shard(&job->shards[0], &job->shards[i], err);
		tb_duplicates_clear(job->shards[i].duplicates);
		clear_shard(&job->shards[i]);
	}
	if (good)
		return st;
	tb_problems_keep(&job->problems, job->problems_before);
	if (job->rejects)
		tb_rejects_restart(job->rejects, job->file);
	return TB_OK;
}

/* ---- passes ---- */

static void add_counts(struct tb_run *job, const struct tb_read_counts *c)
{
	struct tb_facts *f = &job->facts;

	f->rows += c->rows;
	f->billed += c->verdicts[TB_ROW_BILLED];
	f->set_aside += c->verdicts[TB_ROW_SET_ASIDE];
	f->blank_lines += c->blank_lines;
	f->twice += c->twice;
	f->idle += c->idle;
	f->unheld += c->unheld;
	f->blank += c->blank;
	job->cut_files += c->cut;
	job->empty_files += c->rows == 0;
}

static enum tb_status read_source(struct tb_run *job, size_t i, struct tb_err *err)
{
	const struct tb_reader_calls calls = {on_header,       on_alike,       on_row,
					      on_reject,       on_progress,    on_worker,
					      on_workers_done, &job->shards[0]};
	const struct tb_reader_options options = {.file = i,
						  .log_zone = job->log_zone,
						  .formats = job->formats,
						  .asked = job->asked,
						  .asked_count = job->asked_count,
						  /* copies are told in the order of the files */
						  .threads = job->again ? 1 : job->threads,
						  .block = job->reading.block,
						  .lane = job->reading.lane,
						  .strict = job->reading.strict};
	struct tb_read_counts counts = {0};

	job->file = i;
	job->problems_before = job->problems.total;
	if (job->again)
		TB_TRY(tb_source_rewind(&job->sources[i], err));
	TB_TRY(tb_reader_run(&job->sources[i], &options, &calls, &counts, &job->problems, err));
	add_counts(job, &counts);
	return TB_OK;
}

static void forget_pass(struct tb_run *job)
{
	clear_shard(&job->shards[0]);
	for (size_t i = 0; job->rejects && i < job->source_count; i++)
		tb_rejects_restart(job->rejects, i);
	tb_problems_release(&job->problems);
	job->facts = (struct tb_facts){0};
	job->cut_files = job->empty_files = 0;
}

static enum tb_status read_sources(struct tb_run *job, struct tb_err *err)
{
	enum tb_status st = TB_OK;

	tb_progress_start(&job->progress, job->quiet, total_bytes(job));
	for (size_t i = 0; i < job->source_count && st == TB_OK; i++)
		st = read_source(job, i, err);
	tb_progress_stop(&job->progress);
	return st;
}

/*
 * Billing goes on the assumption that no request stands in the logs twice. Where the ids show
 * otherwise, the pass is thrown away and run again with the duplicates known.
 */
static enum tb_status read_again_without_copies(struct tb_run *job, struct tb_err *err)
{
	bool found = false;

	if (job->has_ids)
		TB_TRY(tb_duplicates_find(job->shards[0].duplicates, &found, err));
	if (!found)
		return TB_OK;
	forget_pass(job);
	job->again = true;
	return read_sources(job, err);
}

static void ask_for_columns(struct tb_run *job)
{
	for (size_t i = 0; i < job->grouping.count; i++)
		if (job->grouping.columns[i].by == TB_BY_COLUMN) {
			job->grouping.columns[i].asked = job->asked_count;
			job->asked[job->asked_count++] = job->grouping.columns[i].name;
		}
}

static enum tb_status make_shards(struct tb_run *job, struct tb_err *err)
{
	job->shard_count = job->threads + 1;
	job->shards = calloc(job->shard_count, sizeof(*job->shards));
	return job->shards && make_shard(job, 0) ? TB_OK : tb_fail_nomem(err);
}

static void complete_facts(struct tb_run *job)
{
	const struct tb_shard *s = &job->shards[0];

	job->facts.outside = s->outside;
	job->facts.duplicates = s->copies;
	job->facts.by_average = s->by_average;
	job->facts.by_midnight = s->by_midnight;
	job->facts.reported = s->reported;
	job->facts.tokens = s->tokens;
}

enum tb_status tb_run_execute(struct tb_run *job, struct tb_err *err)
{
	ask_for_columns(job);
	TB_TRY(make_shards(job, err));
	TB_TRY(read_sources(job, err));
	TB_TRY(read_again_without_copies(job, err));
	complete_facts(job);
	if (job->problems.total)
		return tb_fail(err, TB_DATA,
			       "nothing was written; mend the rows, or set them aside with "
			       "--rejects DIR");
	return job->rejects ? tb_rejects_prepare(job->rejects, err) : TB_OK;
}

void tb_run_release(struct tb_run *job)
{
	tb_rejects_free(job->rejects);
	for (size_t i = 0; job->shards && i < job->shard_count; i++) {
		tb_duplicates_free(job->shards[i].duplicates);
		tb_tally_free(job->shards[i].tally);
		if (job->shards[i].part)
			job->rows->free(job->shards[i].part);
		tb_doubts_release(&job->shards[i].lifecycle);
	}
	free(job->shards);
	tb_problems_release(&job->problems);
	for (size_t i = 0; i < job->source_count; i++)
		tb_source_release(&job->sources[i]);
	free(job->sources);
	*job = (struct tb_run){0};
}
