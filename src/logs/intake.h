/*
 * intake - hands records to the sink, sets aside what it refuses, and counts.
 *
 * The lanes stand on it: a lane finds records in the window and delivers them here, as long as they
 * are of its kind. Internal to logs; one for each thread.
 */
#ifndef TB_INTAKE_H
#define TB_INTAKE_H

#include "logs/sink.h"

/* What a lane did with what comes next in the window. */
enum tb_lane {
	TB_LANE_TOOK,  /* it took some of it */
	TB_LANE_LEFT,  /* it is for another lane */
	TB_LANE_WAITS, /* it goes on in bytes that the window does not hold */
};

struct tb_intake {
	const char *name; /* of the source, for messages */
	const struct tb_sink *sink;
	void *rows; /* for sink->run and sink->record */
	struct tb_problems *problems;
	struct tb_err *err;
	struct tb_read_counts counts;

	bool has_header;
	size_t columns; /* of the header */
	struct tb_wanted wanted;
	const struct tb_row_run *run; /* being delivered */
	struct tb_problem why;        /* of a record; on the stack it would cost each of them */
};

/* Sets a record aside. */
TB_MUST_CHECK enum tb_status tb_intake_reject(struct tb_intake *in, const struct tb_record *r,
					      const struct tb_problem *why);

/* A record below the header, with a cell for every column. */
TB_MUST_CHECK static inline enum tb_status tb_intake_deliver(struct tb_intake *in,
							     const struct tb_record *r)
{
	enum tb_verdict verdict;

	TB_TRY(in->sink->record(in->rows, r, &verdict, &in->why, in->err));
	if (verdict == TB_ROW_SET_ASIDE)
		return tb_intake_reject(in, r, &in->why);
	in->counts.rows++;
	in->counts.verdicts[verdict]++;
	return TB_OK;
}

/* Any record: the first goes to sink->header, those after it to sink->record. */
TB_MUST_CHECK enum tb_status tb_intake_record(struct tb_intake *in, const struct tb_record *r);

/* Delivers as many of a run as the sink takes: *n. The intake completes the run. */
TB_MUST_CHECK enum tb_status tb_intake_run(struct tb_intake *in, struct tb_row_run *run, size_t *n);

/* A record that cannot be split into cells, of which `r` has none. Without a header nothing can
 * be read: TB_DATA. */
TB_MUST_CHECK enum tb_status tb_intake_broken(struct tb_intake *in, const struct tb_record *r,
					      const struct tb_problem *why);

/* A piece of a record that is too long to keep. */
TB_MUST_CHECK enum tb_status tb_intake_piece(struct tb_intake *in, const struct tb_reject *piece);

#endif
