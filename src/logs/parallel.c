#include "logs/parallel.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
	BLOCK = 1 << 18,
	THREADS_MAX = 64,
	AHEAD = 2 /* blocks beyond one for each thread, where one of them decodes */
};

/* Whole records, which one thread reads and one thread parses. */
struct block {
	char *buf;
	size_t n;
	uint64_t line;      /* of its first byte */
	uint64_t end_line;  /* of the byte after it; UINT64_MAX where that is not known */
	size_t number;      /* from 0, in the order of the file */
	bool last;          /* of the file */
	struct block *next; /* among those to be filled, or to be parsed */
};

struct worker {
	struct crew *crew;
	struct tb_sink sink;
	pthread_t thread;
	bool started;
	struct tb_parser parser;
	struct tb_problems problems; /* stays empty: headers are read before */
	struct tb_err err;
	struct block *block; /* at work; NULL: idle */
	bool yielded;        /* broke off because another thread had stopped the crew */
};

/* What the threads share, under the lock. */
struct crew {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct tb_source *source;
	const struct tb_parser *head;
	struct tb_sink sink; /* of the workers, but for its ctx: the head's own for records */
	const struct tb_read_options *options;
	size_t block_bytes;
	size_t head_room; /* bytes that the head hands over */
	struct worker *workers;
	size_t count;
	struct block *blocks;
	size_t block_count;

	/* Of the one thread that fills a block, at any time, which needs no lock for it. */
	bool filling;
	char *carry; /* the beginning of a record whose end is not read yet */
	size_t carry_n;
	uint64_t line;     /* of the next block's first byte */
	size_t next_block; /* its number */

	struct block *empty;  /* to be filled */
	struct block *filled; /* to be parsed, in the order of the file */
	bool at_end;          /* nothing is left to be read, or it cannot be */
	bool stop;            /* an error, or not regular: no more blocks */
	bool irregular;
	size_t failed_block; /* of the error in `err` */
	struct tb_err *err;
};

/* ---- blocks ---- */

/* `at_end` tells that the file ends with these bytes. */
static enum tb_status read_block(struct worker *w, struct block *b, size_t *n, bool *at_end)
{
	struct crew *c = w->crew;
	size_t got;

	memcpy(b->buf, c->carry, c->carry_n);
	*n = c->carry_n;
	*at_end = false;
	while (*n < c->carry_n + c->block_bytes && !*at_end) {
		TB_TRY(tb_source_read(c->source, b->buf + *n, c->carry_n + c->block_bytes - *n,
				      &got, &w->err));
		*n += got;
		*at_end = got == 0;
		TB_TRY(c->head->intake.sink->progress(c->head->intake.sink->ctx, &w->err));
	}
	return TB_OK;
}

/* Behind the last line feed outside quotes; 0 when there is none. Counts the lines up to there. */
static size_t last_record_end(const struct tb_csv_indexer *lane, const char *p, size_t n,
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

/* Fills a block and leaves what is behind its last record to the one after. */
static enum tb_status fill(struct worker *w, struct block *b, bool *regular)
{
	struct crew *c = w->crew;
	uint64_t lines = 0;
	size_t n;

	b->number = c->next_block++;
	b->line = c->line;
	b->end_line = UINT64_MAX;
	TB_TRY(read_block(w, b, &n, &b->last));
	b->n = b->last ? n : last_record_end(c->head->quick.indexer, b->buf, n, &lines);
	c->carry_n = n - b->n;
	*regular = b->last || (b->n > 0 && c->carry_n <= TB_RECORD_MAX);
	if (!*regular)
		return TB_OK;
	memcpy(c->carry, b->buf + b->n, c->carry_n);
	c->line += lines;
	if (!b->last)
		b->end_line = c->line;
	return TB_OK;
}

/* ---- under the lock ---- */

static void put_first(struct block **list, struct block *b)
{
	b->next = *list;
	*list = b;
}

static void put_last(struct block **list, struct block *b)
{
	while (*list)
		list = &(*list)->next;
	b->next = NULL;
	*list = b;
}

static struct block *take_first(struct block **list)
{
	struct block *b = *list;

	*list = b->next;
	return b;
}

/* The error of the first block in the file that has one is the one that counts. A thread may meet
 * another, in a block before that. */
static void note_failure(struct worker *w, size_t block)
{
	struct crew *c = w->crew;

	if (c->err->code == TB_OK || block < c->failed_block) {
		*c->err = w->err;
		c->failed_block = block;
	}
	w->err = (struct tb_err){0};
}

static bool is_first(const struct crew *c, const struct block *b)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->workers[i].block && c->workers[i].block->number < b->number)
			return false;
	return true;
}

/* What cannot be read ends the log; the blocks before it are parsed all the same. */
static void fill_block(struct worker *w)
{
	struct crew *c = w->crew;
	struct block *b = take_first(&c->empty);
	bool regular = true;
	enum tb_status st;

	c->filling = true;
	pthread_mutex_unlock(&c->lock);
	st = fill(w, b, &regular);
	pthread_mutex_lock(&c->lock);
	c->filling = false;
	if (st != TB_OK)
		note_failure(w, b->number);
	else if (!regular)
		c->irregular = c->stop = true;
	else
		put_last(&c->filled, b);
	c->at_end = st != TB_OK || b->last;
	pthread_cond_broadcast(&c->changed);
}

static void end_block(struct worker *w, enum tb_status st)
{
	struct crew *c = w->crew;

	if (st != TB_OK && !w->yielded) {
		note_failure(w, w->block->number);
		c->stop = true;
	} else if (!w->parser.window.at_end && !tb_parser_is_between(&w->parser)) {
		c->irregular = c->stop = true;
	}
	put_first(&c->empty, w->block);
	w->block = NULL;
	pthread_cond_broadcast(&c->changed);
}

static void parse_block(struct worker *w)
{
	struct crew *c = w->crew;
	struct block *b = take_first(&c->filled);
	enum tb_status st;

	w->block = b;
	pthread_mutex_unlock(&c->lock);
	tb_parser_set_window(&w->parser, b->buf, 0, b->n, b->line, b->last);
	w->parser.window.end_line = b->end_line;
	st = tb_parser_run(&w->parser);
	pthread_mutex_lock(&c->lock);
	end_block(w, st);
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
		pthread_cond_wait(&c->changed, &c->lock);
	stop = c->stop;
	pthread_mutex_unlock(&c->lock);
	w->yielded = stop;
	if (stop)
		return tb_fail(err, TB_INTERRUPTED, "stopped by another thread");
	return c->head->intake.sink->reject(c->head->intake.sink->ctx, r, err);
}

/*
 * Bytes that are read are near to the thread that read them, which parses them itself: it comes
 * first to what it has filled. What is decoded refers to what was decoded before, so that the
 * thread that does it goes on as long as there is room.
 */
static void *work(void *arg)
{
	struct worker *w = arg;
	struct crew *c = w->crew;
	bool decodes = c->source->codec != NULL;

	pthread_mutex_lock(&c->lock);
	while (!c->stop) {
		bool may_fill = !c->at_end && !c->filling && c->empty;

		if (may_fill && (decodes || !c->filled))
			fill_block(w);
		else if (c->filled)
			parse_block(w);
		else if (c->at_end && !c->filling)
			break;
		else
			pthread_cond_wait(&c->changed, &c->lock);
	}
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

/* ---- the crew ---- */

static enum tb_status hire(struct crew *c, size_t i)
{
	const struct tb_intake *head = &c->head->intake;
	struct worker *w = &c->workers[i];

	*w = (struct worker){.crew = c, .sink = c->sink};
	w->sink.ctx = w;
	c->count = i + 1;
	TB_TRY(tb_parser_init(&w->parser, head->name, c->options, &w->sink,
			      head->sink->worker(head->sink->ctx, i), &w->problems, c->err));
	if (!w->parser.intake.rows)
		return tb_fail_nomem(c->err);
	TB_TRY(tb_parser_borrow_header(&w->parser, c->head));
	w->parser.intake.err = &w->err; /* from here on the thread's own */
	return TB_OK;
}

static enum tb_status make_blocks(struct crew *c, size_t count)
{
	c->blocks = calloc(count, sizeof(*c->blocks));
	if (!c->blocks)
		return tb_fail_nomem(c->err);
	for (; c->block_count < count; c->block_count++) {
		struct block *b = &c->blocks[c->block_count];

		b->buf = malloc(TB_RECORD_MAX + c->head_room + c->block_bytes + 1 +
				TB_INDEX_PADDING);
		if (!b->buf)
			return tb_fail_nomem(c->err);
		put_first(&c->empty, b);
	}
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
	if (c->irregular) /* what went wrong beside that will come again */
		*c->err = (struct tb_err){0};
	return c->err->code;
}

static void dismiss(struct crew *c, struct tb_parser *head)
{
	for (size_t i = 0; i < c->count; i++) {
		struct worker *w = &c->workers[i];

		if (!c->irregular)
			tb_read_counts_add(&head->intake.counts, &w->parser.intake.counts);
		tb_parser_release(&w->parser);
		tb_problems_release(&w->problems);
	}
	for (size_t i = 0; i < c->block_count; i++)
		free(c->blocks[i].buf);
	free(c->blocks);
	free(c->workers);
	free(c->carry);
	pthread_mutex_destroy(&c->lock);
	pthread_cond_destroy(&c->changed);
}

/* What the head has read beyond the header becomes the beginning of the first block. */
static enum tb_status begin(struct crew *c, const struct tb_parser *head, size_t threads)
{
	const struct tb_window *read = &head->window;

	c->carry_n = read->end - read->begin;
	c->head_room = c->carry_n;
	c->line = read->line;
	c->workers = calloc(threads, sizeof(*c->workers));
	c->carry = malloc(TB_RECORD_MAX + c->head_room + 1);
	if (!c->workers || !c->carry)
		return tb_fail_nomem(c->err);
	memcpy(c->carry, read->buf + read->begin, c->carry_n);
	TB_TRY(make_blocks(c, threads + (c->source->codec ? AHEAD : 0)));
	for (size_t i = 0; i < threads; i++)
		TB_TRY(hire(c, i));
	return TB_OK;
}

enum tb_status tb_parallel_read(struct tb_source *source, const struct tb_read_options *options,
				struct tb_parser *head, bool *regular)
{
	size_t threads = options->threads < THREADS_MAX ? options->threads : THREADS_MAX;
	const struct tb_sink *sink = head->intake.sink;
	struct crew c = {.source = source,
			 .options = options,
			 .head = head,
			 .sink = {.run = sink->run, .record = sink->record, .reject = on_reject},
			 .block_bytes = options->block ? options->block : BLOCK,
			 .err = head->intake.err};
	enum tb_status st;

	pthread_mutex_init(&c.lock, NULL);
	pthread_cond_init(&c.changed, NULL);
	st = begin(&c, head, threads);
	if (st == TB_OK)
		st = run(&c);
	if (st == TB_OK && c.stop && !c.irregular)
		st = tb_fail(c.err, TB_INTERNAL,
			     "internal check failed: reading stopped without a reason");
	*regular = !c.irregular;
	dismiss(&c, head);
	return st == TB_OK ? sink->workers_done(sink->ctx, *regular, c.err) : st;
}
