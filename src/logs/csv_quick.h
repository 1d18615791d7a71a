/*
 * csv_quick - the lane of ordinary records: no quotes, or fields quoted whole with none inside.
 *
 * It never says what is wrong with a record: what is not ordinary it leaves. Internal to logs.
 */
#ifndef TB_CSV_QUICK_H
#define TB_CSV_QUICK_H

#include "logs/intake.h"
#include "logs/window.h"

struct tb_csv_quick {
	const struct tb_csv_indexer *indexer;
	struct tb_csv_index *index;
	const char *index_begin; /* the window that it is of */
	const char *index_at;    /* where its next row begins; NULL when it is stale */
	size_t index_row;        /* number of that row */
	const unsigned char *wanted;
	struct tb_span *cells; /* of a record, by column, up to the last one wanted */
	/* Of records of a run that are cut field by field: where each field lies; how many lines
	 * after the first each begins, and what comes after them. */
	uint32_t *places;
	uint32_t starts[TB_RUN_MAX + 1];
	size_t cut; /* how many columns that is */
};

/* False when memory is out. To be released either way. */
TB_MUST_CHECK bool tb_csv_quick_init(struct tb_csv_quick *q, const struct tb_csv_indexer *indexer);
void tb_csv_quick_release(struct tb_csv_quick *q);

/* The columns that are wanted, once they are known, and again with another header. */
TB_MUST_CHECK bool tb_csv_quick_want(struct tb_csv_quick *q, const unsigned char *wanted,
				     size_t columns);

/* The bytes of the window have moved. */
static inline void tb_csv_quick_moved(struct tb_csv_quick *q)
{
	q->index_at = NULL;
}

/*
 * At the beginning of a record, below a header: takes ordinary records as long as they come, and
 * leaves the next one when it is not, or when its end is not among the bytes indexed.
 */
TB_MUST_CHECK enum tb_status tb_csv_quick_take(struct tb_csv_quick *q, struct tb_window *w,
					       struct tb_intake *in, enum tb_lane *answer);

/* At the beginning of a record: takes it if it is the next line, n bytes with its end, and
 * ordinary; else leaves it. */
TB_MUST_CHECK enum tb_status tb_csv_quick_take_line(struct tb_csv_quick *q, struct tb_window *w,
						    struct tb_intake *in, size_t n,
						    enum tb_lane *answer);

#endif
