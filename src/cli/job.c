#include "cli/job.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- opening ---- */

static enum tb_status refuse_same_file(const struct tb_job *job, size_t i, struct tb_err *err)
{
	for (size_t k = 0; k < i; k++)
		if (tb_source_same(&job->sources[k], &job->sources[i]))
			return tb_fail(err, TB_USAGE,
				       "%s: is the same file as %s and would be billed twice",
				       job->sources[i].name, job->sources[k].name);
	return TB_OK;
}

enum tb_status tb_job_open(struct tb_job *job, const char *const *paths, size_t n,
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
	return TB_OK;
}

/* Bytes of all inputs; 0 when a pipe is among them. */
static uint64_t total_bytes(const struct tb_job *job)
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

static enum tb_status on_header(void *ctx, const struct tb_columns *columns, struct tb_span raw,
				bool crlf, struct tb_err *err)
{
	struct tb_job *job = ctx;
	/* Sources are read one after the other, and this is the one being read. */
	size_t file = job->facts.input_count - 1;

	if (columns->field[TB_FIELD_ID] == TB_COLUMN_NONE)
		tb_source_forget(&job->sources[file]);
	else
		job->has_ids = true;
	return job->rejects ? tb_rejects_header(job->rejects, file, raw, crlf, err) : TB_OK;
}

/* In the second pass: whether a row is a copy of another. */
static enum tb_status judge_copy(struct tb_job *job, const struct tb_usage *u,
				 enum tb_verdict *verdict, struct tb_problem *why,
				 struct tb_err *err)
{
	enum tb_copy copy;
	size_t file;
	uint64_t line;

	TB_TRY(tb_duplicates_ask(job->duplicates, u->file, u->line, &copy, &file, &line, err));
	if (copy == TB_COPY_SAME) {
		job->facts.duplicates++;
		*verdict = TB_ROW_SKIPPED;
	} else if (copy == TB_COPY_CONFLICT) {
		tb_problem_set(why, "request_id", u->id,
			       "the same id as %s:%" PRIu64 ", with other content; only one of "
			       "them can be true",
			       job->sources[file].name, line);
		*verdict = TB_ROW_SET_ASIDE;
	}
	return TB_OK;
}

static enum tb_status bill(struct tb_job *job, const struct tb_usage *u,
			   const struct tb_rated *rated, int32_t day, struct tb_err *err)
{
	TB_TRY(tb_tally_add(job->tally, u, rated, day, err));
	for (int m = 0; m < TB_METERS; m++)
		job->facts.tokens += u->tokens[m];
	job->facts.by_average += rated->by_average;
	if (u->id.n && !job->again)
		return tb_duplicates_note(job->duplicates, u, job->asked_count, err);
	return TB_OK;
}

static enum tb_status on_row(void *ctx, const struct tb_usage *u, enum tb_verdict *verdict,
			     struct tb_problem *why, struct tb_err *err)
{
	struct tb_job *job = ctx;
	int32_t day = tb_grouping_day(&job->grouping, u);
	struct tb_rated rated;

	if (day < job->from || day > job->to) {
		job->facts.outside++;
		*verdict = TB_ROW_SKIPPED;
		return TB_OK;
	}
	if (!tb_rate_usage(job->book, u, &rated, why)) {
		*verdict = TB_ROW_SET_ASIDE;
		return TB_OK;
	}
	*verdict = TB_ROW_BILLED;
	if (job->again)
		TB_TRY(judge_copy(job, u, verdict, why, err));
	return *verdict == TB_ROW_BILLED ? bill(job, u, &rated, day, err) : TB_OK;
}

static enum tb_status on_reject(void *ctx, const struct tb_reject *r, struct tb_err *err)
{
	struct tb_job *job = ctx;

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

static enum tb_status on_progress(void *ctx, size_t bytes, struct tb_err *err)
{
	struct tb_job *job = ctx;

	tb_progress_add(&job->progress, bytes);
	if (job->stop && *job->stop)
		return tb_fail(err, TB_INTERRUPTED, "interrupted; nothing was written");
	return TB_OK;
}

/* ---- passes ---- */

static void add_counts(struct tb_job *job, const struct tb_read_counts *c)
{
	struct tb_facts *f = &job->facts;

	f->rows += c->rows;
	f->billed += c->verdicts[TB_ROW_BILLED];
	f->set_aside += c->verdicts[TB_ROW_SET_ASIDE];
	f->blank_lines += c->blank_lines;
	f->twice += c->twice;
	job->cut_files += c->cut;
	job->empty_files += c->rows == 0;
}

static enum tb_status read_source(struct tb_job *job, size_t i, struct tb_err *err)
{
	const struct tb_reader_calls calls = {on_header, on_row, on_reject, on_progress, job};
	const struct tb_reader_options options = {.file = i,
						  .log_zone = job->log_zone,
						  .asked = job->asked,
						  .asked_count = job->asked_count};
	struct tb_read_counts counts = {0};

	job->facts.input_count = i + 1;
	TB_TRY(job->again ? tb_source_rewind(&job->sources[i], err)
			  : tb_source_keep(&job->sources[i], err));
	TB_TRY(tb_reader_run(&job->sources[i], &options, &calls, &counts, &job->problems, err));
	add_counts(job, &counts);
	return TB_OK;
}

static void forget_pass(struct tb_job *job)
{
	tb_tally_clear(job->tally);
	if (job->rejects)
		tb_rejects_restart(job->rejects);
	tb_problems_release(&job->problems);
	job->facts = (struct tb_facts){0};
	job->cut_files = job->empty_files = 0;
}

static enum tb_status read_sources(struct tb_job *job, struct tb_err *err)
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
static enum tb_status read_again_without_copies(struct tb_job *job, struct tb_err *err)
{
	bool found = false;

	if (job->has_ids)
		TB_TRY(tb_duplicates_find(job->duplicates, &found, err));
	if (!found)
		return TB_OK;
	forget_pass(job);
	job->again = true;
	return read_sources(job, err);
}

static void ask_for_columns(struct tb_job *job)
{
	for (size_t i = 0; i < job->grouping.count; i++)
		if (job->grouping.columns[i].by == TB_BY_COLUMN) {
			job->grouping.columns[i].asked = job->asked_count;
			job->asked[job->asked_count++] = job->grouping.columns[i].name;
		}
}

enum tb_status tb_job_run(struct tb_job *job, struct tb_err *err)
{
	ask_for_columns(job);
	job->tally = tb_tally_new(&job->grouping);
	job->duplicates = tb_duplicates_new();
	if (!job->tally || !job->duplicates)
		return tb_fail_nomem(err);
	if (job->rejects_dir)
		TB_TRY(tb_rejects_new(job->rejects_dir, job->sources, job->source_count,
				      &job->rejects, err));
	TB_TRY(read_sources(job, err));
	TB_TRY(read_again_without_copies(job, err));
	if (job->problems.total)
		return tb_fail(err, TB_DATA,
			       "nothing was written; mend the rows, or set them aside with "
			       "--rejects DIR");
	return job->rejects ? tb_rejects_prepare(job->rejects, err) : TB_OK;
}

void tb_job_release(struct tb_job *job)
{
	tb_rejects_free(job->rejects);
	tb_duplicates_free(job->duplicates);
	tb_tally_free(job->tally);
	tb_problems_release(&job->problems);
	for (size_t i = 0; i < job->source_count; i++)
		tb_source_release(&job->sources[i]);
	free(job->sources);
	*job = (struct tb_job){0};
}
