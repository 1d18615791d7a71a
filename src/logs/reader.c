#include "logs/reader.h"

#include "logs/read_ahead.h"
#include "logs/sniff.h"
#include "logs/parallel.h"
#include "logs/parser.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 256 << 10 };

/* One thread: a buffer that the parser works through and that is filled up behind it. */
struct reader {
	struct tb_source *source;
	const struct tb_reader_options *options;
	const struct tb_reader_calls *calls;
	struct tb_err *err;
	struct tb_parser parser;
	size_t block;
	struct tb_read_ahead *ahead; /* NULL: read in turn with parsing */
};

/* Moves the unfinished record to the front and reads on behind it. */
static enum tb_status refill(struct reader *r)
{
	struct tb_parser *p = &r->parser;
	size_t got, kept = p->end - p->begin;

	memmove(p->buf, p->buf + p->begin, kept);
	p->next -= p->begin;
	p->begin = 0;
	p->end = kept;
	p->index_at = NULL; /* the bytes have moved */
	TB_TRY(r->ahead ? tb_read_ahead_read(r->ahead, p->buf + p->end, &got, r->err)
			: tb_source_read(r->source, p->buf + p->end, r->block, &got, r->err));
	p->end += got;
	p->at_end = got == 0;
	return r->calls->progress(r->calls->ctx, r->err);
}

static enum tb_status look_at_start(struct reader *r, struct tb_problems *problems)
{
	struct tb_parser *p = &r->parser;
	const char *why;

	while (p->end < TB_SNIFF_BYTES && !p->at_end)
		TB_TRY(refill(r));
	why = tb_sniff_fault(p->buf, p->end);
	if (why) {
		tb_problems_note(problems, r->source->name, 1, "the file %s", why);
		return tb_fail(r->err, TB_DATA, "%s %s", r->source->name, why);
	}
	p->begin = p->next = tb_sniff_mark(p->buf, p->end);
	return TB_OK;
}

static enum tb_status read_header(struct reader *r, struct tb_problems *problems)
{
	struct tb_parser *p = &r->parser;

	TB_TRY(look_at_start(r, problems));
	for (;;) {
		TB_TRY(tb_parser_run_header(p));
		if (p->has_header)
			return TB_OK;
		if (p->at_end)
			break;
		TB_TRY(refill(r));
	}
	tb_problems_note(problems, r->source->name, 0,
			 "the file is empty; a usage log begins with a header line");
	return tb_fail(r->err, TB_DATA, "%s: empty", r->source->name);
}

/* Once there are more bytes than are parsed while a thread starts. */
static bool worth_reading_ahead(const struct reader *r)
{
	enum { SMALL = 1 << 20 };

	return r->options->threads > 1 && (r->options->block || r->source->raw >= SMALL);
}

static enum tb_status read_rows(struct reader *r)
{
	bool tried = false;

	for (;;) {
		TB_TRY(tb_parser_run(&r->parser));
		if (r->parser.at_end)
			return TB_OK;
		if (!tried && worth_reading_ahead(r)) {
			r->ahead = tb_read_ahead_begin(r->source, r->block);
			tried = true;
		}
		TB_TRY(refill(r));
	}
}

/* Files only, for a pipe cannot be read again; and starting threads has to pay. */
static bool worth_threads(const struct reader *r)
{
	enum { SMALL = 4 << 20 };

	return r->options->threads > 1 && r->calls->worker && r->source->regular &&
	       !r->parser.at_end && (r->options->block || r->source->opened.st_size >= SMALL);
}

static enum tb_status read_all(struct reader *r, struct tb_problems *problems)
{
	bool regular = true;

	TB_TRY(read_header(r, problems));
	if (worth_threads(r)) {
		TB_TRY(tb_parallel_read(r->source, &r->parser, &regular));
		if (regular)
			return TB_OK;
		/* Again, from the start, on one thread: the only way to know where records begin
		 * once quotes are not in order. */
		TB_TRY(tb_source_rewind(r->source, r->err));
		tb_parser_restart(&r->parser);
		TB_TRY(read_header(r, problems));
	}
	return read_rows(r);
}

void tb_counts_add(struct tb_read_counts *sum, const struct tb_read_counts *c)
{
	sum->rows += c->rows;
	for (int v = 0; v < TB_VERDICTS; v++)
		sum->verdicts[v] += c->verdicts[v];
	sum->blank_lines += c->blank_lines;
	sum->twice += c->twice;
	sum->idle += c->idle;
	sum->unheld += c->unheld;
	sum->blank += c->blank;
	sum->cut |= c->cut;
}

static bool counts_add_up(const struct tb_read_counts *c)
{
	return c->rows == c->verdicts[TB_ROW_BILLED] + c->verdicts[TB_ROW_SKIPPED] +
				  c->verdicts[TB_ROW_SET_ASIDE];
}

/* Opens the parser, lets `read` do its part, and adds what was counted. */
static enum tb_status with_parser(struct reader *r, struct tb_problems *problems,
				  enum tb_status (*read)(struct reader *r,
							 struct tb_problems *problems),
				  struct tb_read_counts *counts)
{
	/* A record may grow one block beyond its limit before it is seen to be too long, and the
	 * last line may get a line feed. */
	char *buf = malloc(TB_RECORD_MAX + 2 * r->block + 1 + TB_INDEX_PADDING);
	enum tb_status st = tb_parser_init(&r->parser, r->source->name, r->options, r->calls,
					   r->calls->ctx, problems, r->err);

	if (st == TB_OK && !buf)
		st = tb_fail_nomem(r->err);
	if (st == TB_OK) {
		tb_parser_set_window(&r->parser, buf, 0, 0, 1, false);
		st = read(r, problems);
	}
	tb_read_ahead_end(r->ahead);
	assert(st != TB_OK || counts_add_up(&r->parser.counts));
	tb_parser_finish_counts(&r->parser);
	tb_counts_add(counts, &r->parser.counts);
	tb_parser_release(&r->parser);
	free(buf);
	return st;
}

enum tb_status tb_reader_run(struct tb_source *source, const struct tb_reader_options *options,
			     const struct tb_reader_calls *calls, struct tb_read_counts *counts,
			     struct tb_problems *problems, struct tb_err *err)
{
	struct reader r = {.source = source,
			   .options = options,
			   .calls = calls,
			   .err = err,
			   .block = options->block ? options->block : BLOCK};

	return with_parser(&r, problems, read_all, counts);
}

enum tb_status tb_reader_look(struct tb_source *source, const struct tb_reader_options *options,
			      const struct tb_reader_calls *calls, struct tb_problems *problems,
			      struct tb_err *err)
{
	struct reader r = {.source = source,
			   .options = options,
			   .calls = calls,
			   .err = err,
			   .block = options->block ? options->block : BLOCK};
	struct tb_read_counts none = {0};

	return with_parser(&r, problems, read_header, &none);
}
