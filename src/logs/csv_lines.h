/*
 * csv_lines - the strict lane: physical lines, one by one, to csv_strict, whose records it
 * delivers. It takes any record that is short enough to keep, and explains what is wrong with it.
 * Internal to logs.
 */
#ifndef TB_CSV_LINES_H
#define TB_CSV_LINES_H

#include "logs/csv_strict.h"
#include "logs/intake.h"
#include "logs/window.h"

enum { TB_AROUND_MAX = 40 }; /* bytes around a place, for messages */

struct tb_csv_lines {
	struct tb_csv_strict *csv;
	bool faulty; /* a line of the record is not text; `fault` says why */
	struct tb_problem fault;
	char fault_text[TB_AROUND_MAX]; /* what its value shows; the record may move meanwhile */
};

/* False when memory is out. To be released either way. */
TB_MUST_CHECK bool tb_csv_lines_init(struct tb_csv_lines *l);
void tb_csv_lines_release(struct tb_csv_lines *l);

/* Forgets a record that was begun. To be called where a record begins after another lane's. */
void tb_csv_lines_begin(struct tb_csv_lines *l);

/*
 * Takes a line, and with the last line of a record the record; at the end of the log what is there
 * of one. Leaves a record that is longer than TB_RECORD_MAX, wherever in it the window stands.
 */
TB_MUST_CHECK enum tb_status tb_csv_lines_take(struct tb_csv_lines *l, struct tb_window *w,
					       struct tb_intake *in, enum tb_lane *answer);

#endif
