#include "billing/row_cache.h"

#include "base/civil.h"
#include "billing/doubts.h"

#include <string.h>

uint32_t tb_row_cache_look_closer(const struct tb_row_cache_slot *s, const struct tb_usage *u)
{
	bool same = memcmp(s->name, u->model.p, u->model.n) == 0;
	bool told = s->input_max == UINT64_MAX ||
		    (u->requests == 1 && tb_input_tokens(u) <= s->input_max);

	return same && told ? s->cell : TB_ROW_CACHE_NONE;
}

bool tb_row_cache_input_max(const struct tb_usage *u, const struct tb_rated *rated, uint64_t *max)
{
	const struct tb_era *era = rated->era;

	*max = UINT64_MAX;
	if (era->threshold == TB_NO_THRESHOLD)
		return true;
	*max = era->threshold == TB_LONG_OVER ? era->long_tokens : era->long_tokens - 1;
	return rated->terms.context == TB_BASE && u->requests == 1;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* The instants of a row's day that lie on the same side of every change of the clock. */
static void day_span(const struct tb_usage *u, int32_t day, const struct tb_zone *zone,
		     int64_t *from, int64_t *end)
{
	int64_t steady_from, steady_end;
	int32_t offset;

	*from = (int64_t)day * TB_DAY_SECONDS;
	*end = *from + TB_DAY_SECONDS;
	if (u->date_only || !zone)
		return;
	offset = tb_zone_offset(zone, u->instant);
	tb_zone_steady(zone, u->instant, &steady_from, &steady_end);
	*from = later(*from - offset, steady_from);
	*end = earlier(*end - offset, steady_end);
}

void tb_row_cache_learn(struct tb_row_cache *a, const struct tb_usage *u,
			const struct tb_rated *rated, int32_t day, uint32_t cell,
			const struct tb_zone *zone, const struct tb_row_cache_limits *limits)
{
	const struct tb_era *era = rated->era;
	int64_t from, end;
	unsigned priced = era->priced[rated->terms.tier][rated->terms.context];
	struct tb_row_cache_slot s = {
		.ends = tb_span_ends(u->model), .shape = tb_row_cache_shape(u), .cell = cell};

	day_span(u, day, zone, &from, &end);
	/* Peak hours, regions and told contexts go by more than a day, a name and a tier; amounts
	 * of the vendor's own are added up; and each row that the model's card speaks against is
	 * counted by tb_doubts_note(). */
	if (!u->model.n || u->model.n > TB_ROW_CACHE_NAME || era->peak || u->region.n ||
	    u->has_reported || u->context != TB_CONTEXT_UNTOLD ||
	    !tb_doubts_clear_of_doubt(rated, end) ||
	    !tb_row_cache_input_max(u, rated, &s.input_max))
		return;
	s.from = later(era->start, from);
	end = earlier(rated->era_end, end);
	if (limits) {
		priced &= limits->priced;
		s.input_max = limits->input_max < s.input_max ? limits->input_max : s.input_max;
		s.from = later(limits->from, s.from);
		end = earlier(limits->end, end);
	}
	s.seconds = (uint64_t)(end - s.from);
	memcpy(s.name, u->model.p, u->model.n);
	for (unsigned m = 0; m < TB_METERS; m++)
		s.unpriced[m] = priced & TB_METER_BIT(m) ? 0 : UINT64_MAX;
	a->slots[tb_row_cache_number(s.ends, s.shape, u->instant)] = s;
}
