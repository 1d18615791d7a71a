/*
 * reader - one usage log, from bytes to rows.
 *
 * Rows are pushed to a callback and borrowed by it; memory does not grow with the log. Knows
 * nothing about prices.
 */
#ifndef TB_READER_H
#define TB_READER_H

#include "base/line_marks.h"
#include "logs/source.h"
#include "usage/columns.h"
#include "usage/record.h"
#include "usage/row.h"

/* What became of a row. Every row read gets exactly one. */
enum tb_verdict { TB_ROW_BILLED, TB_ROW_SKIPPED, TB_ROW_SET_ASIDE, TB_VERDICTS };

struct tb_read_counts {
	uint64_t rows;                  /* records, without header and blank lines */
	uint64_t verdicts[TB_VERDICTS]; /* add up to rows */
	uint64_t blank_lines;
	uint64_t twice;  /* local times that the clock showed twice; the earlier was taken */
	uint64_t idle;   /* rows that hold no usage; they are among the skipped */
	uint64_t unheld; /* amounts reported in another currency, or with too many decimals */
	uint64_t blank;  /* rows that left out a count, which was taken for 0 */
	bool cut;        /* the last line has no line end: the file may be cut short */
};

void tb_counts_add(struct tb_read_counts *sum, const struct tb_read_counts *c);

/*
 * A row that is set aside. A record beyond TB_RECORD_MAX comes in several pieces: the first has
 * `begins`, the last `ends`; the problem is complete in the last.
 */
struct tb_reject {
	size_t file;
	uint64_t line;      /* where the record begins */
	struct tb_span raw; /* its bytes (or these of them), without the last line end */
	bool crlf;          /* its line ends are CRLF */
	bool begins, ends;
	const struct tb_problem *problem;
};

/* Each may fail, which stops the reading with that status. */
struct tb_reader_calls {
	/* The header was understood. `raw` is without its line end. */
	enum tb_status (*header)(void *ctx, const struct tb_columns *columns, struct tb_span raw,
				 bool crlf, struct tb_err *err);
	/* Of rows that follow each other, those from the first on that are sure to be billed:
	 * counts them; how many. The others go to row(). NULL: none ever is. */
	size_t (*alike)(void *ctx, const struct tb_usage *u, size_t n);
	/* Judges a row; fills `why` when it is to be set aside. */
	enum tb_status (*row)(void *ctx, const struct tb_usage *u, enum tb_verdict *verdict,
			      struct tb_problem *why, struct tb_err *err);
	enum tb_status (*reject)(void *ctx, const struct tb_reject *r, struct tb_err *err);
	/* More was read of the source. */
	enum tb_status (*progress)(void *ctx, struct tb_err *err);
	/*
	 * For reading on several threads; NULL for one. A ctx that alike() and row() are called
	 * with on thread number i. All other calls keep to one thread at a time and to the order of
	 * the file.
	 */
	void *(*worker)(void *ctx, size_t i);
	/* The threads are done: what they counted is good, or the log will be read again. Not
	 * called when the reading failed. */
	enum tb_status (*workers_done)(void *ctx, bool good, struct tb_err *err);
	void *ctx;
	void *row_ctx; /* of alike() and row() on the caller's own thread; NULL is ctx */
};

struct tb_csv_indexer;

struct tb_reader_options {
	size_t file;                            /* number of the input, handed on with each row */
	const struct tb_zone *log_zone;         /* for times without a zone; NULL is UTC */
	const struct tb_format_choice *formats; /* what is said of its format; NULL: nothing */
	const char *const *asked;               /* columns to hand on as text */
	size_t asked_count;
	size_t threads;                   /* 0 and 1 are one */
	const struct tb_line_marks *only; /* unless NULL: the records that begin in these lines
					   * of the input; each must have been read before */

	/* None of these changes a result; tests hold them against each other. */
	size_t block;                      /* bytes to read at once; 0 is the default */
	const struct tb_csv_indexer *lane; /* NULL is the fastest on this machine */
	bool strict;                       /* csv_strict reads every record */
};

/*
 * Reads a whole source; rows come in no certain order when there are several threads. Faults of its
 * header go to `problems` (status TB_DATA); faults of rows to calls->reject. `counts` are added to.
 */
TB_MUST_CHECK enum tb_status tb_reader_run(struct tb_source *source,
					   const struct tb_reader_options *options,
					   const struct tb_reader_calls *calls,
					   struct tb_read_counts *counts,
					   struct tb_problems *problems, struct tb_err *err);

/* Reads no further than the header: calls->header and calls->progress are called, nothing else. */
TB_MUST_CHECK enum tb_status tb_reader_look(struct tb_source *source,
					    const struct tb_reader_options *options,
					    const struct tb_reader_calls *calls,
					    struct tb_problems *problems, struct tb_err *err);

#endif
