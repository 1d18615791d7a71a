#include "reading.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct events {
	struct tb_buf rows[READING_THREADS_MAX +
			   1]; /* one line a row; of the whole, then of each thread */
	struct tb_buf rejects;
};

struct reading {
	struct events events;
	size_t asked_count;
	struct worker {
		struct reading *reading;
		size_t number;
	} workers[READING_THREADS_MAX + 1];
};

static enum tb_status on_header(void *ctx, const struct tb_columns *columns, struct tb_span raw,
				bool crlf, struct tb_err *err)
{
	(void)ctx;
	(void)columns;
	(void)raw;
	(void)crlf;
	(void)err;
	return TB_OK;
}

static void print_row(struct worker *w, const struct tb_usage *u)
{
	struct tb_buf *b = &w->reading->events.rows[w->number];
	char amount[TB_MONEY_TEXT];

	tb_buf_printf(b, "%08" PRIu64 " %" PRId64 " %d %d %d %" PRIu64, u->line, u->instant,
		      u->date_only, (int)u->tier, (int)u->context, u->requests);
	for (int m = 0; m < TB_METERS; m++)
		tb_buf_printf(b, " %" PRIu64, u->tokens[m]);
	tb_buf_printf(b, " [%.*s][%.*s][", (int)u->model.n, u->model.p, (int)u->id.n, u->id.p);
	if (u->has_reported)
		tb_buf_printf(b, "%s][", tb_money_text(u->reported, amount));
	for (size_t i = 0; i < w->reading->asked_count; i++)
		tb_buf_visible(b, u->columns[i], 0);
	tb_buf_puts(b, "]\n");
}

/* Every other model, by its last letter, is known well. */
static size_t on_alike(void *ctx, const struct tb_usage *u, size_t n)
{
	size_t i = 0;

	for (; i < n && u[i].model.n && u[i].model.p[u[i].model.n - 1] % 2; i++)
		print_row(ctx, &u[i]);
	return i;
}

/* Rows of the model "refused" are set aside, as if they had no price. */
static enum tb_status on_row(void *ctx, const struct tb_usage *u, enum tb_verdict *verdict,
			     struct tb_problem *why, struct tb_err *err)
{
	(void)err;
	if (tb_span_is(u->model, "refused")) {
		tb_problem_set(why, "model", u->model, "no price");
		*verdict = TB_ROW_SET_ASIDE;
		return TB_OK;
	}
	*verdict = TB_ROW_TAKEN;
	print_row(ctx, u);
	return TB_OK;
}

static enum tb_status on_reject(void *ctx, const struct tb_reject *r, struct tb_err *err)
{
	struct worker *w = ctx;
	struct tb_buf *b = &w->reading->events.rejects;

	(void)err;
	tb_buf_printf(b, "%" PRIu64 "%s <", r->line, r->crlf ? " crlf" : "");
	tb_buf_visible(b, r->raw, 0);
	tb_buf_puts(b, "> ");
	tb_problem_text(r->problem, b);
	tb_buf_puts(b, "\n");
	return TB_OK;
}

static enum tb_status on_progress(void *ctx, struct tb_err *err)
{
	(void)ctx;
	(void)err;
	return TB_OK;
}

static void *on_worker(void *ctx, size_t i)
{
	struct reading *r = ((struct worker *)ctx)->reading;

	r->workers[i + 1] = (struct worker){r, i + 1};
	return &r->workers[i + 1];
}

static enum tb_status on_workers_done(void *ctx, bool good, struct tb_err *err)
{
	struct events *e = &((struct worker *)ctx)->reading->events;

	(void)err;
	for (size_t i = 1; i <= READING_THREADS_MAX; i++) {
		if (good && e->rows[i].n)
			tb_buf_add(&e->rows[0], e->rows[i].p, e->rows[i].n);
		tb_buf_clear(&e->rows[i]);
	}
	if (!good)
		tb_buf_clear(&e->rejects);
	return TB_OK;
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The lines of the buffer in order of their numbers, for threads meet rows in any. */
static void add_sorted(struct tb_buf *out, struct tb_buf *rows)
{
	char **line = calloc(rows->n + 1, sizeof(*line));
	size_t n = 0;

	assert(line);
	for (char *p = rows->p; p && *p; n++) {
		line[n] = p;
		p = strchr(p, '\n');
		*p++ = '\0';
	}
	qsort(line, n, sizeof(*line), compare_lines);
	for (size_t i = 0; i < n; i++) {
		tb_buf_puts(out, line[i]);
		tb_buf_puts(out, "\n");
	}
	free(line);
}

static void add_problems(struct tb_buf *out, const struct tb_problems *problems)
{
	for (size_t i = 0; i < problems->kept; i++) {
		tb_buf_puts(out, problems->text[i].p);
		tb_buf_puts(out, "\n");
	}
}

void read_as_text(const char *path, const struct tb_row_options *options, struct tb_buf *out)
{
	struct reading r = {.asked_count = options->asked_count};
	const struct tb_row_calls calls = {.header = on_header,
					   .alike = on_alike,
					   .row = on_row,
					   .reject = on_reject,
					   .progress = on_progress,
					   .worker = on_worker,
					   .workers_done = on_workers_done,
					   .ctx = &r.workers[0],
					   .rows = &r.workers[0]};
	struct tb_row_counts counts = {0};
	const struct tb_read_counts *records = &counts.records;
	struct tb_problems problems = {0};
	struct tb_err err = {0};
	struct tb_source source;
	enum tb_status st = tb_source_open(&source, path, &err);

	r.workers[0] = (struct worker){&r, 0};
	assert(st == TB_OK && options->reading.threads <= READING_THREADS_MAX);
	st = tb_rows_read(&source, options, &calls, &counts, &problems, &err);
	assert(st != TB_OK || tb_read_counts_add_up(records));
	add_sorted(out, &r.events.rows[0]);
	tb_buf_puts(out, "\n");
	if (r.events.rejects.n)
		tb_buf_add(out, r.events.rejects.p, r.events.rejects.n);
	tb_buf_puts(out, "\n");
	add_problems(out, &problems);
	tb_buf_printf(out,
		      "status %d rows %" PRIu64 " billed %" PRIu64 " aside %" PRIu64
		      " blank %" PRIu64 " twice %" PRIu64 " cut %d\n",
		      (int)st, records->rows, records->verdicts[TB_ROW_TAKEN],
		      records->verdicts[TB_ROW_SET_ASIDE], records->blank_lines, counts.twice,
		      records->cut);
	for (size_t i = 0; i < sizeof(r.events.rows) / sizeof(r.events.rows[0]); i++)
		tb_buf_release(&r.events.rows[i]);
	tb_buf_release(&r.events.rejects);
	tb_problems_release(&problems);
	tb_source_release(&source);
}
