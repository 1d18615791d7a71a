/*
 * marked - records in given lines, and none between them: a second look at some rows of a log that
 * was read before. Internal to logs.
 */
#ifndef TB_MARKED_H
#define TB_MARKED_H

#include "logs/csv_quick.h"
#include "logs/read_options.h"

/*
 * Goes to the next marked record of the window, which the quick lane takes by its line; the answer
 * is TB_LANE_TOOK then, and TB_LANE_WAITS where the window holds none.
 */
enum tb_lane tb_marked_seek(const struct tb_read_options *options,
			    const struct tb_csv_indexer *indexer, struct tb_window *w);

/* The record that was sought: taken if its first line is all of it and ordinary, else left. */
TB_MUST_CHECK enum tb_status tb_marked_take(struct tb_csv_quick *q, struct tb_window *w,
					    struct tb_intake *in, enum tb_lane *answer);

#endif
