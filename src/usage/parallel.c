#include "usage/parallel.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 1 << 18, THREADS_MAX = 64 };

#define IDLE SIZE_MAX

struct worker {
	struct crew *crew;
	pthread_t thread;
	bool started;
	char *buf;
	struct tb_parser parser;
	struct tb_problems problems; /* stays empty: headers are read before */
	struct tb_err err;
	size_t block; /* number of the block at work, or IDLE */
	bool yielded; /* broke off because another thread had stopped the crew */
};

/* What the threads share; all of it under the lock. */
struct crew {
	pthread_mutex_t lock;
	pthread_cond_t block_done;
	struct tb_source *source;
	const struct tb_parser *head;
	struct tb_reader_calls calls; /* of the workers: the head's own for rows */
	size_t block_bytes;
	size_t head_room; /* bytes that the head hands over */
	struct worker *workers;
	size_t count;

	char *carry; /* the beginning of a record whose end is not read yet */
	size_t carry_n;
	uint64_t line;     /* of the next block's first byte */
	size_t next_block; /* its number */
	bool at_end;
	bool stop; /* an error, or not regular: no more blocks */
	bool irregular;
	size_t failed_block; /* of the error in `err` */
	struct tb_err *err;
};

/* ---- blocks (under the lock) ---- */

static enum tb_status fill(struct worker *w, size_t *n)
{
	struct crew *c = w->crew;
	size_t got;

	memcpy(w->buf, c->carry, c->carry_n);
	*n = c->carry_n;
	while (*n < c->carry_n + c->block_bytes && !c->at_end) {
		TB_TRY(tb_source_read(c->source, w->buf + *n, c->carry_n + c->block_bytes - *n,
				      &got, &w->err));
		*n += got;
		c->at_end = got == 0;
		TB_TRY(c->head->calls->progress(c->head->ctx, &w->err));
	}
	return TB_OK;
}

/* Behind the last line feed outside quotes; 0 when there is none. Counts the lines up to there. */
static size_t last_record_end(const struct tb_fastlane *lane, const char *p, size_t n,
			      uint64_t *lines)
{
	size_t feeds, quotes;

	lane->count(p, n, &feeds, &quotes);
	for (size_t i = n; i > 0; i--) {
		if (p[i - 1] == '\n') {
			if (quotes % 2 == 0) {
				*lines = feeds;
				return i;
			}
			feeds--;
		}
		quotes -= p[i - 1] == '"';
	}
	return 0;
}

/* Takes the next block and leaves what is behind its last record to the one after. */
static enum tb_status take_block(struct worker *w)
{
	struct crew *c = w->crew;
	uint64_t first_line = c->line, lines = 0;
	size_t n, end;

	TB_TRY(fill(w, &n));
	end = c->at_end ? n : last_record_end(c->head->fastlane, w->buf, n, &lines);
	c->carry_n = n - end;
	if (!c->at_end && (end == 0 || c->carry_n > TB_RECORD_MAX)) {
		c->irregular = c->stop = true;
		return TB_OK;
	}
	memcpy(c->carry, w->buf + end, c->carry_n);
	c->line += lines;
	w->block = c->next_block++;
	tb_parser_set_window(&w->parser, w->buf, 0, end, first_line, c->at_end);
	return TB_OK;
}

static void note_failure(struct worker *w)
{
	struct crew *c = w->crew;

	c->stop = true;
	if (c->err->code == TB_OK || w->block < c->failed_block) {
		*c->err = w->err;
		c->failed_block = w->block;
	}
}

static bool is_first(const struct crew *c, size_t block)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->workers[i].block < block)
			return false;
	return true;
}

/* ---- threads ---- */

/* Only the first block at work may hand on a row that is set aside: they keep their order. */
static enum tb_status on_reject(void *ctx, const struct tb_reject *r, struct tb_err *err)
{
	struct worker *w = ctx;
	struct crew *c = w->crew;
	bool stop;

	pthread_mutex_lock(&c->lock);
	while (!is_first(c, w->block) && !c->stop)
		pthread_cond_wait(&c->block_done, &c->lock);
	stop = c->stop;
	pthread_mutex_unlock(&c->lock);
	w->yielded = stop;
	if (stop)
		return tb_fail(err, TB_INTERRUPTED, "stopped by another thread");
	return c->head->calls->reject(c->head->ctx, r, err);
}

/* Under the lock: what became of a block. */
static void end_block(struct worker *w, enum tb_status st)
{
	struct crew *c = w->crew;
	const struct tb_parser *p = &w->parser;

	if (st != TB_OK && !w->yielded)
		note_failure(w);
	else if (!p->at_end && (p->begin != p->end || p->oversize))
		c->irregular = c->stop = true;
	w->block = IDLE;
	pthread_cond_broadcast(&c->block_done);
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct crew *c = w->crew;
	enum tb_status st;

	pthread_mutex_lock(&c->lock);
	while (!c->stop && !c->at_end) {
		st = take_block(w);
		if (st == TB_OK && w->block != IDLE) {
			pthread_mutex_unlock(&c->lock);
			st = tb_parser_run(&w->parser);
			pthread_mutex_lock(&c->lock);
		}
		end_block(w, st);
	}
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

/* ---- the crew ---- */

static enum tb_status hire(struct crew *c, size_t i)
{
	struct worker *w = &c->workers[i];

	*w = (struct worker){.crew = c, .block = IDLE};
	c->count = i + 1;
	w->buf = malloc(TB_RECORD_MAX + c->head_room + c->block_bytes + 1 + TB_FAST_PADDING);
	if (!w->buf)
		return tb_fail_nomem(c->err);
	TB_TRY(tb_parser_init(&w->parser, c->head->name, c->head->options, &c->calls, w,
			      &w->problems, c->err));
	w->parser.row_ctx = c->head->calls->worker(c->head->ctx, i);
	if (!w->parser.row_ctx)
		return tb_fail_nomem(c->err);
	TB_TRY(tb_parser_borrow_header(&w->parser, c->head));
	w->parser.err = &w->err; /* from here on the thread's own */
	return TB_OK;
}

static enum tb_status run(struct crew *c)
{
	for (size_t i = 0; i < c->count; i++) {
		struct worker *w = &c->workers[i];

		w->started = pthread_create(&w->thread, NULL, work, w) == 0;
		/* Fewer threads will do; none at all is one. */
		if (!w->started && i == 0)
			work(w);
	}
	for (size_t i = 0; i < c->count; i++)
		if (c->workers[i].started)
			pthread_join(c->workers[i].thread, NULL);
	return c->err->code;
}

static void dismiss(struct crew *c, struct tb_parser *head)
{
	for (size_t i = 0; i < c->count; i++) {
		struct worker *w = &c->workers[i];

		tb_parser_finish_counts(&w->parser);
		if (!c->irregular)
			tb_counts_add(&head->counts, &w->parser.counts);
		tb_parser_release(&w->parser);
		tb_problems_release(&w->problems);
		free(w->buf);
	}
	free(c->workers);
	free(c->carry);
	pthread_mutex_destroy(&c->lock);
	pthread_cond_destroy(&c->block_done);
}

/* What the head has read beyond the header becomes the beginning of the first block. */
static enum tb_status begin(struct crew *c, struct tb_parser *head, size_t threads)
{
	c->carry_n = head->end - head->begin;
	c->head_room = c->carry_n;
	c->line = head->line;
	c->workers = calloc(threads, sizeof(*c->workers));
	c->carry = malloc(TB_RECORD_MAX + c->head_room + 1);
	if (!c->workers || !c->carry)
		return tb_fail_nomem(c->err);
	memcpy(c->carry, head->buf + head->begin, c->carry_n);
	for (size_t i = 0; i < threads; i++)
		TB_TRY(hire(c, i));
	return TB_OK;
}

enum tb_status tb_parallel_read(struct tb_source *source, struct tb_parser *head, bool *regular)
{
	size_t threads =
		head->options->threads < THREADS_MAX ? head->options->threads : THREADS_MAX;
	struct crew c = {.source = source,
			 .head = head,
			 .calls = {.alike = head->calls->alike,
				   .row = head->calls->row,
				   .reject = on_reject},
			 .block_bytes = head->options->block ? head->options->block : BLOCK,
			 .err = head->err};
	enum tb_status st;

	pthread_mutex_init(&c.lock, NULL);
	pthread_cond_init(&c.block_done, NULL);
	st = begin(&c, head, threads);
	if (st == TB_OK)
		st = run(&c);
	if (st == TB_OK && c.stop && !c.irregular)
		st = tb_fail(head->err, TB_INTERNAL,
			     "internal check failed: reading stopped without a reason");
	*regular = !c.irregular;
	dismiss(&c, head);
	return st == TB_OK ? head->calls->workers_done(head->ctx, *regular, head->err) : st;
}
