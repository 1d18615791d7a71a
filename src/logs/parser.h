/*
 * parser - rows out of a window of bytes.
 *
 * The reader fills the window and the parser takes the records out of it, by the fast lane where
 * they are ordinary and by csv_strict otherwise. Internal to usage; one thread to a parser.
 */
#ifndef TB_PARSER_H
#define TB_PARSER_H

#include "usage/convert.h"
#include "logs/csv_index.h"
#include "logs/reader.h"

enum { TB_AROUND_MAX = 40 }; /* bytes around a place, for messages */

struct tb_parser {
	const char *name; /* of the source, for messages */
	const struct tb_reader_options *options;
	const struct tb_reader_calls *calls;
	void *ctx, *row_ctx; /* for the calls; for calls->row */
	struct tb_problems *problems;
	struct tb_err *err;
	struct tb_read_counts counts;

	/* The window. The record being read begins at buf[begin], its next line at buf[next].
	 * TB_INDEX_PADDING bytes behind the end are readable, and one is writable. */
	char *buf;
	size_t begin, next, end;
	bool at_end; /* the source has no more bytes */

	uint64_t line;     /* number of the next line */
	uint64_t end_line; /* no line of the window has this number; mostly unknown, UINT64_MAX */
	uint64_t record_line; /* number of the record's first line */
	uint64_t field_line;  /* number of the line its latest field ended in */
	size_t record_bytes;  /* of a record too long to keep, already handed on */
	bool oversize;
	enum {
		TB_AT_FIELD,
		TB_IN_PLAIN,
		TB_IN_QUOTES,
		TB_BEHIND_QUOTE
	} place;     /* of an oversize one */
	bool faulty; /* a line of the record is not text; `fault` says why */
	struct tb_problem fault;
	char fault_text[TB_AROUND_MAX]; /* what its value shows; the record may move meanwhile */

	struct tb_csv_strict *lane;
	const struct tb_csv_indexer *csv_index;
	struct tb_csv_index *index;
	const char *index_begin; /* the window that it is of */
	const char *index_at;    /* where its next row begins; NULL when it is stale */
	size_t index_row;        /* number of that row */
	bool strict;             /* the record at hand is for csv_strict */
	bool sought;             /* the record at hand is one of options->only */

	struct tb_columns columns;
	bool has_header, owns_columns;
	struct tb_span *cells; /* of an ordinary record, by column, up to the last one wanted */
	size_t cut;            /* how many columns that is */
	struct tb_row_rules rules;
	bool plain; /* the log is tokbill's own, whose rows have a reader to themselves */
	struct tb_usage *batch;
	struct tb_span *asked; /* texts of the columns asked for, by row of the batch */
};

/* To be released either way. */
TB_MUST_CHECK enum tb_status tb_parser_init(struct tb_parser *p, const char *name,
					    const struct tb_reader_options *options,
					    const struct tb_reader_calls *calls, void *ctx,
					    struct tb_problems *problems, struct tb_err *err);
void tb_parser_release(struct tb_parser *p);

/* Rows of the same log as the owner's, which must outlive the parser. */
TB_MUST_CHECK enum tb_status tb_parser_borrow_header(struct tb_parser *p,
						     const struct tb_parser *owner);

/* A new window, whose first byte begins a record in that line. */
void tb_parser_set_window(struct tb_parser *p, char *buf, size_t begin, size_t end, uint64_t line,
			  bool at_end);

/* Forgets the header and all that was counted; the buffer stays, empty. */
void tb_parser_restart(struct tb_parser *p);

/* Brings what the rows counted by the way into the counts. */
void tb_parser_finish_counts(struct tb_parser *p);

/* Takes the header, if the window holds it whole (p->has_header), and nothing behind it. */
TB_MUST_CHECK enum tb_status tb_parser_run_header(struct tb_parser *p);

/* Takes what the window holds. Bytes from `begin` on are left for the next window. */
TB_MUST_CHECK enum tb_status tb_parser_run(struct tb_parser *p);

/* ---- between the lanes ---- */

/* Takes ordinary records as long as they come; sets `strict` when the next is for csv_strict. */
TB_MUST_CHECK enum tb_status tb_parser_take_quick(struct tb_parser *p);

/* Takes the next line alone, n bytes with its end, if it is such a record; else sets `strict`. */
TB_MUST_CHECK enum tb_status tb_parser_take_quick_line(struct tb_parser *p, size_t n);

/*
 * Where options->only says which records to take (marked.c): goes to the next of them (p->sought);
 * *more is false when the window holds none. Takes it, as tb_parser_take_quick_line() does.
 */
TB_MUST_CHECK enum tb_status tb_parser_seek(struct tb_parser *p, bool *more);
TB_MUST_CHECK enum tb_status tb_parser_take_sought(struct tb_parser *p);

/* What comes next in the window begins a record. */
void tb_parser_begin_record(struct tb_parser *p);

/* The record being read, which is too long to keep: begins to hand it on, and hands it on as it
 * comes, up to the first line end outside quotes (oversize.c). */
TB_MUST_CHECK enum tb_status tb_parser_begin_oversize(struct tb_parser *p);
TB_MUST_CHECK enum tb_status tb_parser_skip_oversize(struct tb_parser *p);

/* Sets a row aside. */
TB_MUST_CHECK enum tb_status tb_parser_reject(struct tb_parser *p, struct tb_span raw, bool crlf,
					      const struct tb_problem *why);

/* Checks a record's cells; false with the fault in `why`. */
TB_MUST_CHECK static inline bool tb_parser_read_cells(struct tb_parser *p,
						      const struct tb_span *cells,
						      struct tb_usage *u, struct tb_problem *why)
{
	u->file = p->options->file;
	u->line = p->record_line;
	if (!(p->plain ? tb_row_parse(&p->columns, cells, &p->rules, u, why)
		       : tb_convert_row(&p->columns, cells, &p->rules, u, why)))
		return false;
	for (size_t i = 0; i < p->columns.asked_count; i++)
		p->asked[i] = cells[p->columns.asked[i]];
	u->columns = p->asked;
	return true;
}

/* Of n rows that are in order and not idle, those from the first on that are known to be billed. */
TB_MUST_CHECK static inline size_t tb_parser_bill_alike(struct tb_parser *p,
							const struct tb_usage *u, size_t n)
{
	size_t alike = p->calls->alike ? p->calls->alike(p->row_ctx, u, n) : 0;

	p->counts.rows += alike;
	p->counts.verdicts[TB_ROW_BILLED] += alike;
	return alike;
}

/* Lets the caller judge a row that is in order, and not known to be billed. */
TB_MUST_CHECK enum tb_status tb_parser_judge(struct tb_parser *p, const struct tb_usage *u,
					     struct tb_span raw, bool crlf, struct tb_problem *why);

#endif
