/*
 * shard - what one thread counts of a run, and what it does with a row.
 *
 * The first shard is the whole once the others are merged into it. Internal to run.
 */
#ifndef TB_SHARD_H
#define TB_SHARD_H

#include "billing/doubts.h"
#include "billing/duplicates.h"
#include "billing/facts.h"
#include "billing/tally.h"
#include "usage/row_reader.h"
#include "run/rows.h"

/* How rows are counted: one for all shards of a run, which it outlives. */
struct tb_counting {
	const struct tb_book *book;
	struct tb_grouping grouping;
	int32_t from, to;               /* first and last day billed */
	enum tb_confidence least;       /* of the prices that bill */
	const struct tb_run_rows *rows; /* NULL: they are tallied */
	size_t threads;                 /* that merging may use */
	const struct tb_source *inputs; /* their names, for messages */
	struct tb_duplicates *duplicates;
	bool has_ids; /* some rows may have */
	bool again;   /* the second pass, which knows the duplicates */
};

struct tb_shard {
	const struct tb_counting *counting; /* NULL: not made yet */
	struct tb_rater rater;
	struct tb_tally *tally;
	void *part;                /* of the counting's rows, if it has any */
	struct tb_id_notes *notes; /* the duplicates' own */
	struct tb_doubts doubts;
	uint64_t outside, copies, by_average, beyond_window, by_midnight, reported;
	uint64_t unpriced_copies;
	tb_u128 tokens;
};

/* Makes a zeroed shard, once; false when memory is out. To be released either way. */
TB_MUST_CHECK bool tb_shard_make(struct tb_shard *s, const struct tb_counting *counting);
void tb_shard_release(struct tb_shard *s);

/* Forgets all rows, but not which ids were seen. */
void tb_shard_clear(struct tb_shard *s);

/* Adds all of `from`, which is to be cleared next. */
TB_MUST_CHECK enum tb_status tb_shard_merge(struct tb_shard *to, struct tb_shard *from,
					    struct tb_err *err);

/* A row that was counted, and is a copy of another that is. */
TB_MUST_CHECK enum tb_status tb_shard_take_copy(struct tb_shard *s, const struct tb_usage *u,
						struct tb_err *err);

/* Takes out the copies that another shard was given. Not where the counting has `rows`. */
TB_MUST_CHECK enum tb_status tb_shard_take_out(struct tb_shard *s, const struct tb_shard *copies,
					       struct tb_err *err);

/* Brings what was counted into the facts. */
void tb_shard_facts(const struct tb_shard *s, struct tb_facts *facts);

/* The calls of a reader (struct tb_row_calls), with a shard for ctx. */
size_t tb_shard_take_alike(void *shard, const struct tb_usage *u, size_t n);
TB_MUST_CHECK enum tb_status tb_shard_take_row(void *shard, const struct tb_usage *u,
					       enum tb_verdict *verdict, struct tb_problem *why,
					       struct tb_err *err);

/* The same where nothing is counted: the rows whose id may have come before are described. */
TB_MUST_CHECK enum tb_status tb_shard_look_at_row(void *shard, const struct tb_usage *u,
						  enum tb_verdict *verdict, struct tb_problem *why,
						  struct tb_err *err);

#endif
