#include "billing/alike.h"

#include "base/civil.h"

#include <string.h>

enum { ENDS = 16 }; /* bytes of a name that its ends tell */

static uint64_t shape_of(const struct tb_usage *u)
{
	return (uint64_t)u->model.n << 32 | (uint64_t)u->model_bare.n << 8 | (uint64_t)u->tier;
}

static size_t slot_of(struct tb_ends ends, uint64_t shape)
{
	return ((tb_ends_mix(ends) >> 32) + shape) % TB_ALIKE_SLOTS;
}

static unsigned used_meters(const struct tb_usage *u)
{
	unsigned used = 0;

	for (unsigned m = 0; m < TB_METERS; m++)
		used |= (unsigned)(u->tokens[m] != 0) << m;
	return used;
}

static tb_u128 input_tokens(const struct tb_usage *u)
{
	tb_u128 sum = 0;

	for (int m = 0; m < TB_METERS; m++)
		if (tb_meters[m].side == TB_SIDE_INPUT)
			sum += u->tokens[m];
	return sum;
}

bool tb_alike_find(const struct tb_alike *a, const struct tb_usage *u, uint32_t *cell)
{
	struct tb_ends ends = tb_span_ends(u->model);
	uint64_t shape = shape_of(u);
	const struct tb_alike_slot *s = &a->slots[slot_of(ends, shape)];
	uint64_t other =
		(s->ends.head ^ ends.head) | (s->ends.tail ^ ends.tail) | (s->shape ^ shape);

	if (other || (uint64_t)(u->instant - s->from) >= s->seconds ||
	    u->context != TB_CONTEXT_UNTOLD || u->region.n || (used_meters(u) & ~s->priced))
		return false;
	if (u->model.n > ENDS && memcmp(s->name, u->model.p, u->model.n) != 0)
		return false;
	*cell = s->cell;
	return s->input_max == UINT64_MAX || (u->requests == 1 && input_tokens(u) <= s->input_max);
}

/* Up to how many input tokens a request is priced as this one; false when that is not told. */
static bool find_input_max(const struct tb_usage *u, const struct tb_rated *rated, uint64_t *max)
{
	const struct tb_era *era = rated->era;

	*max = UINT64_MAX;
	if (era->threshold == TB_NO_THRESHOLD)
		return true;
	*max = era->threshold == TB_LONG_OVER ? era->long_tokens : era->long_tokens - 1;
	return rated->terms.context == TB_BASE && u->requests == 1 && era->long_tokens;
}

void tb_alike_learn(struct tb_alike *a, const struct tb_usage *u, const struct tb_rated *rated,
		    int32_t day, uint32_t cell)
{
	const struct tb_era *era = rated->era;
	int64_t from = (int64_t)day * TB_DAY_SECONDS, end = from + TB_DAY_SECONDS;
	struct tb_alike_slot s = {.ends = tb_span_ends(u->model),
				  .shape = shape_of(u),
				  .priced = era->priced[rated->terms.tier][rated->terms.context],
				  .cell = cell};

	/* Peak hours, regions and told contexts go by more than a day, a name and a tier; and each
	 * row that the model's card speaks against is to be noted. */
	if (u->model.n > TB_ALIKE_NAME || era->peak || u->region.n || era->closed < end ||
	    (era->lacks_batch && u->tier == TB_BATCH) ||
	    u->context != TB_CONTEXT_UNTOLD || !find_input_max(u, rated, &s.input_max))
		return;
	s.from = era->start > from ? era->start : from;
	s.seconds = (uint64_t)((rated->era_end < end ? rated->era_end : end) - s.from);
	memcpy(s.name, u->model.p, u->model.n);
	a->slots[slot_of(s.ends, s.shape)] = s;
}
