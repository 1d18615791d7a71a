/*
 * duplicates - rows that carry the same request id, found in bounded memory on all threads.
 *
 * Rows with one id and the same content are copies of one request: the first of them counts, the
 * others do not. Rows with one id and different content contradict each other, and none of them
 * can be trusted. Content is whatever has a say in the bill: time, model, region, counts, tier,
 * context, the columns asked for, and with --compare the reported cost.
 *
 * Three steps, so that a log without duplicates costs little:
 *
 * 1. While the logs are billed, each row's id is noted as a fingerprint (base/fingerprint.h) and a
 *    place, eight bytes in one of 256 parts. tb_duplicates_find() then looks for fingerprints that
 *    come twice. A fingerprint decides nothing but "surely no duplicate".
 * 2. The rows whose fingerprint comes again (tb_duplicates_suspects()) are read once more, and
 *    described: id and content, byte for byte.
 * 3. tb_duplicates_solve() compares those, hands on the copies, and knows what each row is.
 *
 *   notes = tb_duplicates_notes(d);                              each thread
 *   tb_id_notes_add(notes, rows, n);                             all rows
 *   TB_TRY(tb_duplicates_find(d, threads, &suspects, err));      then, if there are any,
 *   TB_TRY(tb_id_notes_describe(notes, row, err));               the rows that are suspects
 *   TB_TRY(tb_duplicates_solve(d, threads, on_copy, ctx, err));
 *   switch (tb_duplicates_ask(d, row->file, row->line, &other)) ...
 *
 * Neither the order of rows and files nor the number of threads has a say in any result.
 */
#ifndef TB_DUPLICATES_H
#define TB_DUPLICATES_H

#include "base/err.h"
#include "base/fingerprint.h"
#include "base/line_marks.h"
#include "usage/record.h"

enum { TB_DUPLICATES_MEMORY = 80 << 20 /* bytes, unless the caller says so */ };

struct tb_duplicates_options {
	size_t memory; /* bytes for notes; what goes beyond is kept in TMPDIR. 0: the default */
	size_t asked;  /* columns that are content */
	bool reported; /* so is the reported cost */
	const struct tb_fingerprint_key *key; /* NULL: a random one, as hostile ids demand */
};

struct tb_duplicates;
struct tb_id_notes; /* what one thread notes */

enum tb_copy {
	TB_COPY_NONE,     /* the only row of its request, or the first of equal ones */
	TB_COPY_SAME,     /* the same content as an earlier row */
	TB_COPY_CONFLICT, /* the same id as a row with other content */
};

/* Where a row begins. */
struct tb_row_place {
	size_t file;
	uint64_t line;
};

/* NULL when memory is out. */
struct tb_duplicates *tb_duplicates_new(const struct tb_duplicates_options *options);
void tb_duplicates_free(struct tb_duplicates *d);

/* For another thread to note in; NULL when memory is out. Owned by `d`. Not thread-safe. */
struct tb_id_notes *tb_duplicates_notes(struct tb_duplicates *d);

/* Notes those of n rows that have an id. A failure is kept for tb_duplicates_check(). */
void tb_id_notes_add(struct tb_id_notes *notes, const struct tb_usage *u, size_t n);

/* Whether any thread failed to note a row; any thread may ask, and tb_duplicates_find() does. */
TB_MUST_CHECK enum tb_status tb_duplicates_check(const struct tb_duplicates *d, struct tb_err *err);

/* Takes back what was noted of the file, which is to be read again; it must be the latest. */
void tb_id_notes_forget(struct tb_id_notes *notes, size_t file);

/* Looks for ids that may have come before; how many rows are to be described. */
TB_MUST_CHECK enum tb_status tb_duplicates_find(struct tb_duplicates *d, size_t threads,
						uint64_t *suspects, struct tb_err *err);

/* The lines of those rows. */
const struct tb_line_marks *tb_duplicates_suspects(const struct tb_duplicates *d);

TB_MUST_CHECK enum tb_status tb_id_notes_describe(struct tb_id_notes *notes,
						  const struct tb_usage *u, struct tb_err *err);

/*
 * Hands on a copy, on thread number `thread`. All that is content of it is set, and `file`, `line`,
 * model_bare and `sums`; of the reported cost no more than that there is one, unless it is content.
 */
typedef enum tb_status tb_on_copy(void *ctx, size_t thread, const struct tb_usage *u,
				  struct tb_err *err);

/* Once all are described. TB_DATA when more contradict each other than the memory holds. */
TB_MUST_CHECK enum tb_status tb_duplicates_solve(struct tb_duplicates *d, size_t threads,
						 tb_on_copy *on_copy, void *ctx,
						 struct tb_err *err);

/* How many rows contradict others. */
size_t tb_duplicates_conflicts(const struct tb_duplicates *d);

/* The lines of the rows that are not TB_COPY_NONE. Until it is solved, the empty set. */
const struct tb_line_marks *tb_duplicates_found(const struct tb_duplicates *d);

/*
 * What a row is; any thread may ask. For a conflict, *other is the first row of the same id, or
 * for that row the first that contradicts it.
 */
enum tb_copy tb_duplicates_ask(const struct tb_duplicates *d, size_t file, uint64_t line,
			       struct tb_row_place *other);

#endif
