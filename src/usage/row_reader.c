#include "usage/row_reader.h"

#include "usage/convert.h"

#include <stdlib.h>
#include <string.h>

/* What reads rows on one thread. */
struct worker {
	const struct row_reader *reader;
	void *rows; /* of the caller, for alike() and row() */
	struct tb_row_rules rules;
	uint64_t idle;
	struct tb_usage *batch; /* of a run; file and columns of each are set once */
	struct tb_span *asked;  /* texts of the columns asked for, by row of the batch */
};

struct row_reader {
	const char *name; /* of the source */
	const struct tb_row_options *options;
	const struct tb_row_calls *calls;
	struct tb_problems *problems;
	struct tb_columns columns;
	bool own_log; /* tokbill's own, whose rows have a reader to themselves */
	struct worker head;
	struct worker *workers; /* one for each thread */
	size_t worker_count;
};

/* ---- workers ---- */

static void release_worker(struct worker *w)
{
	free(w->batch);
	free(w->asked);
	*w = (struct worker){0};
}

/* False when memory is out; to be released either way. */
static bool make_worker(struct worker *w, const struct row_reader *r, void *rows)
{
	const struct tb_zone *zone = r->columns.format->zone;

	*w = (struct worker){.reader = r,
			     .rows = rows,
			     .rules = {.log_zone = zone ? zone : r->options->log_zone}};
	w->batch = calloc(TB_RUN_MAX, sizeof(*w->batch));
	w->asked = calloc(TB_RUN_MAX * r->columns.asked_count + 1, sizeof(*w->asked));
	for (size_t i = 0; w->batch && w->asked && i < TB_RUN_MAX; i++) {
		w->batch[i].file = r->options->file;
		w->batch[i].columns = w->asked + i * r->columns.asked_count;
	}
	return w->batch && w->asked;
}

static void release_workers(struct row_reader *r)
{
	for (size_t i = 0; i < r->worker_count; i++)
		release_worker(&r->workers[i]);
	free(r->workers);
	r->workers = NULL;
	r->worker_count = 0;
}

static void *on_worker(void *ctx, size_t i)
{
	struct row_reader *r = ctx;
	void *rows = r->calls->worker(r->calls->ctx, i);

	if (!r->workers)
		r->workers = calloc(r->options->reading.threads, sizeof(*r->workers));
	if (!rows || !r->workers)
		return NULL;
	r->worker_count = i + 1;
	return make_worker(&r->workers[i], r, rows) ? &r->workers[i] : NULL;
}

static void add_notes(struct worker *to, const struct worker *from)
{
	to->idle += from->idle;
	to->rules.twice += from->rules.twice;
	to->rules.unheld += from->rules.unheld;
	to->rules.blank += from->rules.blank;
	to->rules.fees += from->rules.fees;
	tb_unread_merge(&to->rules.unread, &from->rules.unread);
}

static enum tb_status on_workers_done(void *ctx, bool good, struct tb_err *err)
{
	struct row_reader *r = ctx;

	for (size_t i = 0; good && i < r->worker_count; i++)
		add_notes(&r->head, &r->workers[i]);
	release_workers(r);
	return r->calls->workers_done(r->calls->ctx, good, err);
}

/* ---- the header ---- */

static enum tb_status on_header(void *ctx, const struct tb_record *header, struct tb_wanted *wanted,
				struct tb_err *err)
{
	struct row_reader *r = ctx;
	const struct tb_row_options *o = r->options;
	struct tb_columns *c = &r->columns;

	release_worker(&r->head);
	tb_columns_release(c);
	TB_TRY(tb_columns_read(c, header->cells, header->count, o->formats, o->asked,
			       o->asked_count, r->name, header->line, r->problems, err));
	if (!make_worker(&r->head, r, r->calls->rows))
		return tb_fail_nomem(err);
	r->own_log = tb_columns_plain(c);
	*wanted = (struct tb_wanted){.columns = c->wanted,
				     .names = c->name,
				     .runs = r->own_log,
				     .short_rows = (c->conventions & TB_LOG_IDLE_ROWS) != 0};
	return r->calls->header(r->calls->ctx, c, header->raw, header->crlf, err);
}

/* ---- rows one by one ---- */

/* Of n rows that are in order and not idle, those from the first on that are known to be taken. */
static inline size_t take_alike(const struct worker *w, const struct tb_usage *u, size_t n)
{
	const struct tb_row_calls *calls = w->reader->calls;

	return calls->alike ? calls->alike(w->rows, u, n) : 0;
}

/* What becomes of a row that is in order, and not known to be taken. */
static enum tb_status judge(struct worker *w, const struct tb_usage *u, enum tb_verdict *verdict,
			    struct tb_problem *why, struct tb_err *err)
{
	w->idle += u->idle;
	*verdict = u->idle ? TB_ROW_SKIPPED : TB_ROW_SET_ASIDE;
	return u->idle ? TB_OK : w->reader->calls->row(w->rows, u, verdict, why, err);
}

/* Checks the cells; false with the fault in `why`. A row may be short where rows say so that
 * nothing was used. */
static bool read_cells(struct worker *w, const struct tb_record *r, struct tb_usage *u,
		       struct tb_problem *why)
{
	const struct tb_columns *c = &w->reader->columns;
	bool good;

	u->line = r->line;
	w->rules.printable = r->printable;
	good = w->reader->own_log ? tb_row_parse(c, r->cells, &w->rules, u, why)
				  : tb_convert_row(c, r->cells, &w->rules, u, why);
	if (r->count < c->count && !(good && u->idle))
		return tb_record_refuse_count(r, c->count, why);
	for (size_t i = 0; good && i < c->asked_count; i++)
		w->asked[i] = r->cells[c->asked[i]];
	u->columns = w->asked;
	return good;
}

static enum tb_status on_record(void *rows, const struct tb_record *r, enum tb_verdict *verdict,
				struct tb_problem *why, struct tb_err *err)
{
	struct worker *w = rows;
	struct tb_usage *u = w->batch;

	*verdict = TB_ROW_SET_ASIDE;
	if (!read_cells(w, r, u, why))
		return TB_OK;
	*verdict = TB_ROW_TAKEN;
	if (!u->idle && take_alike(w, u, 1))
		return TB_OK;
	return judge(w, u, verdict, why, err);
}

/* ---- runs ---- */

/* The texts of the columns asked for, by row. */
static void cut_asked(struct worker *w, const struct tb_row_run *run, size_t n)
{
	const struct tb_columns *c = &w->reader->columns;
	const uint32_t *sep = run->sep;
	struct tb_span *text = w->asked;

	for (size_t i = 0; i < n; i++, sep += run->step)
		for (size_t k = 0; k < c->asked_count; k++) {
			const uint32_t *at = sep + (run->paired ? 2 * c->asked[k] : c->asked[k]);
			uint32_t from = at[0] + 1 + run->quoted;

			*text++ = (struct tb_span){run->window + from, at[1] - run->quoted - from};
		}
}

static enum tb_status judge_in_run(struct worker *w, const struct tb_row_run *run, size_t i,
				   uint64_t verdicts[TB_VERDICTS], struct tb_err *err)
{
	enum tb_verdict verdict;
	struct tb_problem why;

	TB_TRY(judge(w, &w->batch[i], &verdict, &why, err));
	verdicts[verdict]++;
	return verdict == TB_ROW_SET_ASIDE ? run->set_aside(run->by, i, &why, err) : TB_OK;
}

static enum tb_status on_run(void *rows, const struct tb_row_run *run,
			     uint64_t verdicts[TB_VERDICTS], struct tb_err *err)
{
	struct worker *w = rows;
	size_t n = tb_row_parse_run(&w->reader->columns, run, run->count, &w->rules, w->batch);

	for (size_t i = 0; i < n; i++)
		w->batch[i].line = run->line + (run->starts ? run->starts[i] : i);
	if (w->reader->columns.asked_count)
		cut_asked(w, run, n);
	for (size_t i = 0;; i++) {
		size_t alike = take_alike(w, w->batch + i, n - i);

		verdicts[TB_ROW_TAKEN] += alike;
		i += alike;
		if (i == n)
			return TB_OK;
		TB_TRY(judge_in_run(w, run, i, verdicts, err));
	}
}

/* ---- the log ---- */

static enum tb_status on_reject(void *ctx, const struct tb_reject *reject, struct tb_err *err)
{
	const struct row_reader *r = ctx;

	return r->calls->reject(r->calls->ctx, reject, err);
}

static enum tb_status on_progress(void *ctx, struct tb_err *err)
{
	const struct row_reader *r = ctx;

	return r->calls->progress(r->calls->ctx, err);
}

static struct tb_sink sink_of(struct row_reader *r)
{
	return (struct tb_sink){.header = on_header,
				.run = on_run,
				.record = on_record,
				.reject = on_reject,
				.progress = on_progress,
				.worker = r->calls->worker ? on_worker : NULL,
				.workers_done = on_workers_done,
				.ctx = r,
				.rows = &r->head};
}

static void release(struct row_reader *r)
{
	release_workers(r);
	release_worker(&r->head);
	tb_columns_release(&r->columns);
}

/* What the rows hold in columns that nobody reads. */
static enum tb_status tell_unread(const struct row_reader *r, struct tb_err *err)
{
	const struct tb_unread_notes *notes = &r->head.rules.unread;

	if (r->calls->warn)
		tb_unread_warn(&r->columns, notes, r->name, r->calls->warn, r->calls->ctx);
	return tb_unread_refuse(&r->columns, notes, r->name, r->problems, err);
}

enum tb_status tb_rows_read(struct tb_source *source, const struct tb_row_options *options,
			    const struct tb_row_calls *calls, struct tb_row_counts *counts,
			    struct tb_problems *problems, struct tb_err *err)
{
	struct row_reader r = {
		.name = source->name, .options = options, .calls = calls, .problems = problems};
	const struct tb_sink sink = sink_of(&r);
	enum tb_status st =
		tb_reader_run(source, &options->reading, &sink, &counts->records, problems, err);

	counts->twice += r.head.rules.twice;
	counts->idle += r.head.idle;
	counts->unheld += r.head.rules.unheld;
	counts->blank += r.head.rules.blank;
	counts->fees += r.head.rules.fees;
	if (st == TB_OK)
		st = tell_unread(&r, err);
	release(&r);
	return st;
}

enum tb_status tb_rows_look(struct tb_source *source, const struct tb_row_options *options,
			    const struct tb_row_calls *calls, struct tb_problems *problems,
			    struct tb_err *err)
{
	struct row_reader r = {
		.name = source->name, .options = options, .calls = calls, .problems = problems};
	const struct tb_sink sink = sink_of(&r);
	enum tb_status st = tb_reader_look(source, &options->reading, &sink, problems, err);

	release(&r);
	return st;
}
