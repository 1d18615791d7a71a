#include "logs/reader.h"

#include "logs/parallel.h"
#include "logs/read_ahead.h"
#include "logs/sniff.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 256 << 10 };

/* One thread: a buffer that the parser works through and that is filled up behind it. */
struct reader {
	struct tb_source *source;
	const struct tb_read_options *options;
	const struct tb_sink *sink;
	struct tb_err *err;
	struct tb_parser parser;
	size_t block;
	struct tb_read_ahead *ahead; /* NULL: read in turn with parsing */
};

/* Moves the unfinished record to the front and reads on behind it. */
static enum tb_status refill(struct reader *r)
{
	struct tb_window *w = &r->parser.window;
	size_t got, kept = w->end - w->begin;

	memmove(w->buf, w->buf + w->begin, kept);
	w->next -= w->begin;
	w->begin = 0;
	w->end = kept;
	tb_parser_moved(&r->parser);
	TB_TRY(r->ahead ? tb_read_ahead_read(r->ahead, w->buf + w->end, &got, r->err)
			: tb_source_read(r->source, w->buf + w->end, r->block, &got, r->err));
	w->end += got;
	w->at_end = got == 0;
	return r->sink->progress(r->sink->ctx, r->err);
}

static enum tb_status look_at_start(struct reader *r, struct tb_problems *problems)
{
	struct tb_window *w = &r->parser.window;
	const char *why;

	while (w->end < TB_SNIFF_BYTES && !w->at_end && !tb_sniff_is_line(w->buf, w->end))
		TB_TRY(refill(r));
	why = tb_sniff_fault(w->buf, w->end);
	if (why) {
		tb_problems_note(problems, r->source->name, 1, "the file %s", why);
		return tb_fail(r->err, TB_DATA, "%s %s", r->source->name, why);
	}
	w->begin = w->next = tb_sniff_mark(w->buf, w->end);
	return TB_OK;
}

static enum tb_status read_header(struct reader *r, struct tb_problems *problems)
{
	struct tb_parser *p = &r->parser;

	TB_TRY(look_at_start(r, problems));
	for (;;) {
		TB_TRY(tb_parser_run_header(p));
		if (p->intake.has_header)
			return TB_OK;
		if (p->window.at_end)
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
		if (r->parser.window.at_end)
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

	return r->options->threads > 1 && r->sink->worker && r->source->regular &&
	       !r->parser.window.at_end &&
	       (r->options->block || r->source->opened.st_size >= SMALL);
}

static enum tb_status read_all(struct reader *r, struct tb_problems *problems)
{
	bool regular = true;

	TB_TRY(read_header(r, problems));
	if (worth_threads(r)) {
		TB_TRY(tb_parallel_read(r->source, r->options, &r->parser, &regular));
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

/* Opens the parser, lets `read` do its part, and adds what was counted. */
static enum tb_status with_parser(struct reader *r, struct tb_problems *problems,
				  enum tb_status (*read)(struct reader *r,
							 struct tb_problems *problems),
				  struct tb_read_counts *counts)
{
	/* A record may grow one block beyond its limit before it is seen to be too long, and the
	 * last line may get a line feed. */
	char *buf = malloc(TB_RECORD_MAX + 2 * r->block + 1 + TB_INDEX_PADDING);
	enum tb_status st = tb_parser_init(&r->parser, r->source->name, r->options, r->sink,
					   r->sink->rows, problems, r->err);

	if (st == TB_OK && !buf)
		st = tb_fail_nomem(r->err);
	if (st == TB_OK) {
		tb_parser_set_window(&r->parser, buf, 0, 0, 1, false);
		st = read(r, problems);
	}
	tb_read_ahead_end(r->ahead);
	assert(st != TB_OK || tb_read_counts_add_up(&r->parser.intake.counts));
	tb_read_counts_add(counts, &r->parser.intake.counts);
	tb_parser_release(&r->parser);
	free(buf);
	return st;
}

static struct reader make_reader(struct tb_source *source, const struct tb_read_options *options,
				 const struct tb_sink *sink, struct tb_err *err)
{
	return (struct reader){.source = source,
			       .options = options,
			       .sink = sink,
			       .err = err,
			       .block = options->block ? options->block : BLOCK};
}

enum tb_status tb_reader_run(struct tb_source *source, const struct tb_read_options *options,
			     const struct tb_sink *sink, struct tb_read_counts *counts,
			     struct tb_problems *problems, struct tb_err *err)
{
	struct reader r = make_reader(source, options, sink, err);

	return with_parser(&r, problems, read_all, counts);
}

enum tb_status tb_reader_look(struct tb_source *source, const struct tb_read_options *options,
			      const struct tb_sink *sink, struct tb_problems *problems,
			      struct tb_err *err)
{
	struct reader r = make_reader(source, options, sink, err);
	struct tb_read_counts none = {0};

	return with_parser(&r, problems, read_header, &none);
}
