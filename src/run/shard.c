#include "run/shard.h"

#include <inttypes.h>

/* ---- what becomes of a row ---- */

/* In the second pass: whether a row is a copy of another. */
static enum tb_status judge_copy(struct tb_shard *s, const struct tb_usage *u,
				 enum tb_verdict *verdict, struct tb_problem *why,
				 struct tb_err *err)
{
	enum tb_copy copy;
	size_t file;
	uint64_t line;

	TB_TRY(tb_duplicates_ask(s->duplicates, u->file, u->line, &copy, &file, &line, err));
	if (copy == TB_COPY_SAME) {
		s->copies++;
		*verdict = TB_ROW_SKIPPED;
	} else if (copy == TB_COPY_CONFLICT) {
		tb_problem_set(why, "request_id", u->id,
			       "the same id as %s:%" PRIu64 ", with other content; only one of "
			       "them can be true",
			       s->counting->inputs[file].name, line);
		*verdict = TB_ROW_SET_ASIDE;
	}
	return TB_OK;
}

static void count_tokens(struct tb_shard *s, const struct tb_usage *u)
{
	uint64_t tokens = 0;

	for (int m = 0; m < TB_TOKEN_METERS; m++)
		tokens += u->tokens[m]; /* input and output, each below 2^63 */
	s->tokens += tokens;
}

static enum tb_status bill(struct tb_shard *s, const struct tb_usage *u,
			   const struct tb_rated *rated, int32_t day, struct tb_err *err)
{
	const struct tb_run_rows *rows = s->counting->rows;

	TB_TRY(rows ? rows->add(s->part, u, rated, day, err)
		    : tb_tally_add(s->tally, u, rated, day, err));
	count_tokens(s, u);
	s->by_average += rated->by_average;
	s->by_midnight += rated->by_midnight;
	s->reported += u->has_reported;
	tb_doubts_note(&s->doubts, u, rated);
	return TB_OK;
}

/* The long way of a row. */
enum tb_status tb_shard_take_row(void *shard, const struct tb_usage *u, enum tb_verdict *verdict,
				 struct tb_problem *why, struct tb_err *err)
{
	struct tb_shard *s = shard;
	const struct tb_counting *c = s->counting;
	int32_t day = tb_grouping_day(&c->grouping, u);
	struct tb_rated rated;

	if (day < c->from || day > c->to) {
		s->outside++;
		*verdict = TB_ROW_SKIPPED;
		return TB_OK;
	}
	*verdict = TB_ROW_BILLED;
	if (u->id.n)
		TB_TRY(c->again ? judge_copy(s, u, verdict, why, err)
				: tb_duplicates_note(s->duplicates, u, c->asked_count, err));
	if (*verdict != TB_ROW_BILLED)
		return TB_OK;
	if (tb_rate_usage(&s->rater, u, &rated, why))
		return bill(s, u, &rated, day, err);
	*verdict = TB_ROW_SET_ASIDE;
	return c->rows ? c->rows->unpriced(s->part, u, err) : TB_OK;
}

/*
 * What bill() counts beside the tally is nothing for rows that are alike, and the day of the first
 * of them was within those billed.
 */
size_t tb_shard_take_alike(void *shard, const struct tb_usage *u, size_t n)
{
	struct tb_shard *s = shard;
	const struct tb_run_rows *rows = s->counting->rows;
	size_t alike = rows ? 0 : tb_tally_add_alike(s->tally, u, n);

	while (rows && alike < n && rows->add_alike(s->part, &u[alike]))
		alike++;
	for (size_t i = 0; i < alike; i++)
		count_tokens(s, &u[i]);
	return alike;
}

/* ---- the shard ---- */

bool tb_shard_make(struct tb_shard *s, const struct tb_counting *counting)
{
	if (s->counting)
		return true;
	s->tally = tb_tally_new(&counting->grouping);
	s->duplicates = tb_duplicates_new();
	if (!s->tally || !s->duplicates || !tb_doubts_init(&s->doubts, counting->book))
		return false;
	if (counting->rows && !s->part)
		s->part = counting->rows->make(counting->rows->ctx);
	if (counting->rows && !s->part)
		return false;
	s->counting = counting;
	s->rater.book = counting->book;
	return true;
}

void tb_shard_release(struct tb_shard *s)
{
	tb_duplicates_free(s->duplicates);
	tb_tally_free(s->tally);
	if (s->part)
		s->counting->rows->free(s->part);
	tb_doubts_release(&s->doubts);
	*s = (struct tb_shard){0};
}

void tb_shard_clear(struct tb_shard *s)
{
	tb_tally_clear(s->tally);
	if (s->part)
		s->counting->rows->clear(s->part);
	tb_doubts_clear(&s->doubts);
	s->outside = s->copies = s->by_average = s->by_midnight = s->reported = 0;
	s->tokens = 0;
}

static void swap_tallies(struct tb_shard *a, struct tb_shard *b)
{
	struct tb_tally *tally = a->tally;

	a->tally = b->tally;
	b->tally = tally;
}

enum tb_status tb_shard_merge(struct tb_shard *to, struct tb_shard *from, struct tb_err *err)
{
	size_t threads = to->counting->threads;

	to->outside += from->outside;
	to->copies += from->copies;
	to->by_average += from->by_average;
	to->by_midnight += from->by_midnight;
	to->reported += from->reported;
	to->tokens += from->tokens;
	tb_doubts_merge(&to->doubts, &from->doubts);
	if (tb_tally_count(to->tally))
		TB_TRY(tb_tally_merge(to->tally, from->tally, threads, err));
	else
		swap_tallies(to, from);
	if (to->part)
		TB_TRY(to->counting->rows->merge(to->part, from->part, threads, err));
	return tb_duplicates_merge(to->duplicates, from->duplicates, err);
}

void tb_shard_facts(const struct tb_shard *s, struct tb_facts *facts)
{
	facts->outside = s->outside;
	facts->duplicates = s->copies;
	facts->by_average = s->by_average;
	facts->by_midnight = s->by_midnight;
	facts->reported = s->reported;
	facts->tokens = s->tokens;
}
