/*
 * sink - what the station logs hands on, and to whom: records of named cells, whatever they mean.
 *
 * A log is a header record and the records below it. Whoever wants them is a sink: it answers the
 * header with the columns that it wants, takes the records, and says what became of each. Records
 * are borrowed until the call returns. Every call but worker() may fail, which stops the reading
 * with that status.
 */
#ifndef TB_SINK_H
#define TB_SINK_H

#include "base/problems.h"
#include "logs/csv_index.h"

enum {
	TB_RECORD_MAX = 1 << 20, /* bytes of a record */
	TB_FIELD_MAX = 64 << 10, /* bytes of a field */
	TB_COLUMNS_MAX = 1024,
	TB_OWN_COLUMNS_MAX = 64, /* columns beside those, which a rejects file carries */
	TB_CELL_PADDING = 8,     /* readable bytes after each cell, whatever they hold */
	TB_RUN_MAX = 32,         /* records in a run */
};

/* What became of a record. Every record below the header gets exactly one. */
enum tb_verdict { TB_ROW_TAKEN, TB_ROW_SKIPPED, TB_ROW_SET_ASIDE, TB_VERDICTS };

struct tb_read_counts {
	uint64_t rows;                  /* records, without header and blank lines */
	uint64_t verdicts[TB_VERDICTS]; /* add up to rows */
	uint64_t blank_lines;
	bool cut; /* the last line has no line end: the file may be cut short */
};

void tb_read_counts_add(struct tb_read_counts *sum, const struct tb_read_counts *c);
bool tb_read_counts_add_up(const struct tb_read_counts *c);

struct tb_record {
	const struct tb_span *cells; /* texts without quotes, by column: at least those wanted,
				      * with TB_CELL_PADDING readable bytes after each */
	size_t count;                /* fields that the record has; cells are as many as columns */
	struct tb_span raw;          /* its bytes, without the last line end */
	bool crlf;                   /* its line ends are CRLF */
	bool printable;              /* known to be printable ASCII, all of it */
	uint64_t line;               /* where it begins */
};

/*
 * Simple records that follow each other in a window, with a field for every column. Field c of
 * record i lies between the places sep[i * step + c] and the next one; a place counts from the
 * window on, and the first may be UINT32_MAX, which one more makes 0. They are printable ASCII
 * then, but for CRLF where nobody wants the last column.
 *
 * Where they are `paired` they are any UTF-8, and field c lies between sep[i * step + 2 * c] and
 * the next place: whatever quotes it stands in are outside.
 */
struct tb_row_run {
	const struct tb_csv_indexer *lane; /* reads columns of numbers */
	const char *window;
	const uint32_t *sep;
	size_t step;
	size_t count;           /* of records, at most TB_RUN_MAX */
	uint64_t line;          /* of the first */
	const uint32_t *starts; /* how many lines later each begins; NULL: each has one line */
	bool quoted;          /* each has two quotes for every field, though maybe not around it */
	bool paired;          /* not quoted, then */
	const uint32_t *ends; /* record i lies between ends[i * columns] and that of the next */

	/* For the sink, from within its call: record i is set aside. */
	enum tb_status (*set_aside)(void *by, size_t i, const struct tb_problem *why,
				    struct tb_err *err);
	void *by;
};

/*
 * A record that is set aside. One beyond TB_RECORD_MAX comes in several pieces: the first has
 * `begins`, the last `ends`; the problem is complete in the last.
 */
struct tb_reject {
	uint64_t line;      /* where the record begins */
	struct tb_span raw; /* its bytes (or these of them), without the last line end */
	bool crlf;          /* its line ends are CRLF */
	bool begins, ends;
	const struct tb_problem *problem;
};

/*
 * The sink's answer to a header; zeroed before it is asked. What is pointed at is the sink's, and
 * stays until the next header or the end.
 */
struct tb_wanted {
	const unsigned char *columns; /* not 0 for each column that is wanted */
	const char *const *names;     /* of the columns, for messages */
	bool runs;                    /* it takes runs */
	bool short_rows;              /* it takes records that lack fields at their end */
};

struct tb_sink {
	/* The first record: what it names is for the sink to know. Again, should the log have to
	 * be read from the start a second time. */
	enum tb_status (*header)(void *ctx, const struct tb_record *header,
				 struct tb_wanted *wanted, struct tb_err *err);
	/* As many of a run as it takes, from the first on: how many got which verdict. The one
	 * after these comes by record(). NULL where no runs are wanted. */
	enum tb_status (*run)(void *rows, const struct tb_row_run *run,
			      uint64_t verdicts[TB_VERDICTS], struct tb_err *err);
	/* One record; with TB_ROW_SET_ASIDE `why` is filled in. */
	enum tb_status (*record)(void *rows, const struct tb_record *r, enum tb_verdict *verdict,
				 struct tb_problem *why, struct tb_err *err);
	enum tb_status (*reject)(void *ctx, const struct tb_reject *r, struct tb_err *err);
	/* More was read of the source. */
	enum tb_status (*progress)(void *ctx, struct tb_err *err);
	/*
	 * For reading on several threads; NULL for one. The `rows` of run() and record() on thread
	 * number i; NULL when memory is out. All other calls keep to one thread at a time and to
	 * the order of the file.
	 */
	void *(*worker)(void *ctx, size_t i);
	/* The threads are done: what they took is good, or the log will be read again. Not called
	 * when the reading failed. */
	enum tb_status (*workers_done)(void *ctx, bool good, struct tb_err *err);
	void *ctx;
	void *rows; /* of run() and record() on the caller's own thread */
};

/* Why a record of so many fields is bad below a header of so many columns; false. */
bool tb_record_refuse_count(const struct tb_record *r, size_t columns, struct tb_problem *why);

#endif
