/*
 * duplicates - rows that carry the same request id, found in bounded memory.
 *
 * Every row with an id is noted by hashes, priced or not. After the pass, rows with one id and the
 * same content are copies of one request: the first of them counts, the others do not. Rows with
 * one id and different content contradict each other, and none of them can be trusted. The pass is
 * then run again, and each row asks here what it is.
 *
 * Identity is a 128-bit hash of the id: two ids of a billion meet with a chance below 10^-20.
 */
#ifndef TB_DUPLICATES_H
#define TB_DUPLICATES_H

#include "base/err.h"
#include "usage/record.h"

struct tb_duplicates;

enum tb_copy {
	TB_COPY_NONE,     /* the only row of its request, or the first of equal ones */
	TB_COPY_SAME,     /* the same content as an earlier row */
	TB_COPY_CONFLICT, /* the same id as a row with other content */
};

/* NULL when memory is out. */
struct tb_duplicates *tb_duplicates_new(void);
void tb_duplicates_free(struct tb_duplicates *d);

/*
 * Notes a row with an id. Its content is whatever has a say in the bill: time, model, counts,
 * tier, context, and u->columns, of which there are `asked`.
 */
TB_MUST_CHECK enum tb_status tb_duplicates_note(struct tb_duplicates *d, const struct tb_usage *u,
						size_t asked, struct tb_err *err);

/* Adds what `other` has noted, and empties it. */
TB_MUST_CHECK enum tb_status tb_duplicates_merge(struct tb_duplicates *d,
						 struct tb_duplicates *other, struct tb_err *err);

/* Forgets what was noted. */
void tb_duplicates_clear(struct tb_duplicates *d);

/* Looks through what was noted; *found tells whether there is any duplicate. */
TB_MUST_CHECK enum tb_status tb_duplicates_find(struct tb_duplicates *d, bool *found,
						struct tb_err *err);

/*
 * What a row is. To be asked for rows in the order of (file, line) after tb_duplicates_find().
 * The place of the other row is given for a copy or a conflict.
 */
TB_MUST_CHECK enum tb_status tb_duplicates_ask(struct tb_duplicates *d, size_t file, uint64_t line,
					       enum tb_copy *copy, size_t *other_file,
					       uint64_t *other_line, struct tb_err *err);

#endif
