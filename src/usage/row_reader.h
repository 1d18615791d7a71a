/*
 * row_reader - one usage log, from its source to rows of usage: the sink of the station logs.
 *
 * Rows are pushed to a call and borrowed by it; memory does not grow with the log. Knows nothing
 * about prices.
 */
#ifndef TB_ROW_READER_H
#define TB_ROW_READER_H

#include "logs/reader.h"
#include "usage/columns.h"
#include "usage/record.h"

struct tb_zone;

struct tb_row_counts {
	struct tb_read_counts records;
	uint64_t twice;  /* local times that the clock showed twice; the earlier was taken */
	uint64_t idle;   /* rows that hold no usage; they are among the skipped */
	uint64_t unheld; /* amounts reported in another currency, or with too many decimals */
	uint64_t blank;  /* rows that left out a count, which was taken for 0 */
	uint64_t fees;   /* rows with fees beside the tokens, which are not billed */
};

/* Each but alike() and worker() may fail, which stops the reading with that status. */
struct tb_row_calls {
	/* The header was understood. `raw` is without its line end. Again, should the log have to
	 * be read from the start a second time. */
	enum tb_status (*header)(void *ctx, const struct tb_columns *columns, struct tb_span raw,
				 bool crlf, struct tb_err *err);
	/* Of rows that follow each other, those from the first on that are sure to be taken:
	 * counts them; how many. The others go to row(). NULL: none ever is. */
	size_t (*alike)(void *rows, const struct tb_usage *u, size_t n);
	/* Judges a row; fills `why` when it is to be set aside. */
	enum tb_status (*row)(void *rows, const struct tb_usage *u, enum tb_verdict *verdict,
			      struct tb_problem *why, struct tb_err *err);
	enum tb_status (*reject)(void *ctx, const struct tb_reject *r, struct tb_err *err);
	/* What may change the bill, though nothing is bad; once a log is read. May be NULL. */
	void (*warn)(void *ctx, const char *text);
	/* The last three as in struct tb_sink. */
	enum tb_status (*progress)(void *ctx, struct tb_err *err);
	void *(*worker)(void *ctx, size_t i);
	enum tb_status (*workers_done)(void *ctx, bool good, struct tb_err *err);
	void *ctx;
	void *rows; /* of alike() and row() on the caller's own thread */
};

struct tb_row_options {
	size_t file;                            /* number of the input, handed on with each row */
	const struct tb_zone *log_zone;         /* for times without a zone; NULL is UTC */
	const struct tb_format_choice *formats; /* what is said of its format; NULL: nothing */
	const char *const *asked;               /* columns to hand on as text */
	size_t asked_count;
	struct tb_read_options reading;
};

/*
 * Reads a whole source; rows come in no certain order when there are several threads. Faults of its
 * header, and usage in columns that nobody reads, go to `problems` (status TB_DATA); faults of rows
 * to calls->reject. `counts` are added to.
 */
TB_MUST_CHECK enum tb_status tb_rows_read(struct tb_source *source,
					  const struct tb_row_options *options,
					  const struct tb_row_calls *calls,
					  struct tb_row_counts *counts,
					  struct tb_problems *problems, struct tb_err *err);

/* Reads no further than the header: calls->header and calls->progress are called, nothing else. */
TB_MUST_CHECK enum tb_status tb_rows_look(struct tb_source *source,
					  const struct tb_row_options *options,
					  const struct tb_row_calls *calls,
					  struct tb_problems *problems, struct tb_err *err);

#endif
