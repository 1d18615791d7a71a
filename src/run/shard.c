#include "run/shard.h"

#include <inttypes.h>

/* ---- what becomes of a row ---- */

/* In the second pass: whether a row is a copy of another. */
static void judge_copy(struct tb_shard *s, const struct tb_usage *u, enum tb_verdict *verdict,
		       struct tb_problem *why)
{
	struct tb_row_place other;
	enum tb_copy copy = tb_duplicates_ask(s->counting->duplicates, u->file, u->line, &other);

	if (copy == TB_COPY_SAME) {
		s->copies++;
		*verdict = TB_ROW_SKIPPED;
	} else if (copy == TB_COPY_CONFLICT) {
		tb_problem_set(why, "request_id", u->id,
			       "the same id as %s:%" PRIu64 ", with other content; only one of "
			       "them can be true",
			       s->counting->inputs[other.file].name, other.line);
		*verdict = TB_ROW_SET_ASIDE;
	}
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
	s->beyond_window += rated->beyond_window;
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

	if (!c->again)
		tb_id_notes_add(s->notes, u, 1);
	if (day < c->from || day > c->to) {
		s->outside++;
		*verdict = TB_ROW_SKIPPED;
		return TB_OK;
	}
	*verdict = TB_ROW_TAKEN;
	if (c->again)
		judge_copy(s, u, verdict, why);
	if (*verdict != TB_ROW_TAKEN)
		return TB_OK;
	if (tb_rate_usage(&s->rater, u, &rated, why))
		return bill(s, u, &rated, day, err);
	*verdict = TB_ROW_SET_ASIDE;
	return c->rows ? c->rows->unpriced(s->part, u, err) : TB_OK;
}

enum tb_status tb_shard_take_copy(struct tb_shard *s, const struct tb_usage *u, struct tb_err *err)
{
	const struct tb_counting *c = s->counting;
	int32_t day = tb_grouping_day(&c->grouping, u);
	struct tb_problem why;
	struct tb_rated rated;

	if (day < c->from || day > c->to)
		return TB_OK; /* outside it stays */
	if (!tb_rate_usage(&s->rater, u, &rated, &why)) {
		s->unpriced_copies++;
		return TB_OK;
	}
	s->copies++;
	return bill(s, u, &rated, day, err);
}

enum tb_status tb_shard_look_at_row(void *shard, const struct tb_usage *u, enum tb_verdict *verdict,
				    struct tb_problem *why, struct tb_err *err)
{
	struct tb_shard *s = shard;

	(void)why;
	*verdict = TB_ROW_SKIPPED;
	return tb_line_marks_has(tb_duplicates_suspects(s->counting->duplicates), u->file, u->line)
		       ? tb_id_notes_describe(s->notes, u, err)
		       : TB_OK;
}

/* How many rows there are before the first that is a copy of another or contradicts one. */
static size_t before_copies(const struct tb_counting *c, const struct tb_usage *u, size_t n)
{
	const struct tb_line_marks *found = tb_duplicates_found(c->duplicates);
	size_t i = 0;

	if (n == 0 || !c->again || !tb_line_marks_any(found, u->file))
		return n;
	while (i < n && !tb_line_marks_has(found, u[i].file, u[i].line))
		i++;
	return i;
}

/*
 * What bill() counts beside the tally is nothing for rows that are alike, and the day of the first
 * of them was within those billed.
 */
size_t tb_shard_take_alike(void *shard, const struct tb_usage *u, size_t n)
{
	struct tb_shard *s = shard;
	const struct tb_counting *c = s->counting;
	size_t most = c->has_ids ? before_copies(c, u, n) : n;
	size_t alike = c->rows ? 0 : tb_tally_add_alike(s->tally, u, most);

	while (c->rows && alike < most && c->rows->add_alike(s->part, &u[alike]))
		alike++;
	if (c->has_ids && !c->again)
		tb_id_notes_add(s->notes, u, alike);
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
	s->notes = tb_duplicates_notes(counting->duplicates);
	if (!s->tally || !s->notes || !tb_doubts_init(&s->doubts, counting->book))
		return false;
	if (counting->rows && !s->part)
		s->part = counting->rows->make(counting->rows->ctx);
	if (counting->rows && !s->part)
		return false;
	s->counting = counting;
	s->rater.book = counting->book;
	s->rater.least = counting->least;
	return true;
}

void tb_shard_release(struct tb_shard *s)
{
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
	s->beyond_window = 0;
	s->unpriced_copies = 0;
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
	to->unpriced_copies += from->unpriced_copies;
	to->by_average += from->by_average;
	to->beyond_window += from->beyond_window;
	to->by_midnight += from->by_midnight;
	to->reported += from->reported;
	to->tokens += from->tokens;
	tb_doubts_merge(&to->doubts, &from->doubts);
	if (tb_tally_count(to->tally))
		TB_TRY(tb_tally_merge(to->tally, from->tally, threads, err));
	else
		swap_tallies(to, from);
	return to->part ? to->counting->rows->merge(to->part, from->part, threads, err) : TB_OK;
}

enum tb_status tb_shard_take_out(struct tb_shard *s, const struct tb_shard *copies,
				 struct tb_err *err)
{
	s->copies += copies->copies;
	s->by_average -= copies->by_average;
	s->beyond_window -= copies->beyond_window;
	s->by_midnight -= copies->by_midnight;
	s->reported -= copies->reported;
	s->tokens -= copies->tokens;
	tb_doubts_take_out(&s->doubts, &copies->doubts);
	return tb_tally_take_out(s->tally, copies->tally, err);
}

void tb_shard_facts(const struct tb_shard *s, struct tb_facts *facts)
{
	facts->outside = s->outside;
	facts->duplicates = s->copies;
	facts->by_average = s->by_average;
	facts->beyond_window = s->beyond_window;
	facts->by_midnight = s->by_midnight;
	facts->reported = s->reported;
	facts->tokens = s->tokens;
}
