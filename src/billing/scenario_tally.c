#include "billing/scenario_tally.h"

#include <stdlib.h>

static bool fill(struct tb_scenario_tally_part *p)
{
	size_t n = p->what->count;

	p->tallies = calloc(n + 1, sizeof(struct tb_tally *));
	p->raters = calloc(n + 1, sizeof(*p->raters));
	if (!p->tallies || !p->raters)
		return false;
	for (size_t i = 0; i < n; i++) {
		p->raters[i].book = p->what->scenarios[i].book;
		p->tallies[i] = tb_tally_new(p->what->grouping);
		if (!p->tallies[i])
			return false;
	}
	return true;
}

struct tb_scenario_tally_part *tb_scenario_tally_new(const struct tb_scenario_tally *what)
{
	struct tb_scenario_tally_part *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->what = what;
	tb_keytab_init(&p->unpriced);
	if (fill(p))
		return p;
	tb_scenario_tally_free(p);
	return NULL;
}

void tb_scenario_tally_free(struct tb_scenario_tally_part *p)
{
	if (!p)
		return;
	for (size_t i = 0; p->tallies && i < p->what->count; i++)
		tb_tally_free(p->tallies[i]);
	tb_keytab_release(&p->unpriced);
	free(p->unpriced_requests);
	free(p->tallies);
	free(p->raters);
	free(p);
}

void tb_scenario_tally_clear(struct tb_scenario_tally_part *p)
{
	for (size_t i = 0; i < p->what->count; i++)
		tb_tally_clear(p->tallies[i]);
	tb_keytab_release(&p->unpriced);
	tb_keytab_init(&p->unpriced);
	p->by_average = 0;
}

enum tb_status tb_scenario_tally_add(struct tb_scenario_tally_part *p, const struct tb_usage *u,
				     const struct tb_rated *rated, int32_t day, struct tb_err *err)
{
	bool by_average = false;

	for (size_t i = 0; i < p->what->count; i++) {
		struct tb_would_be t =
			tb_scenario_target(&p->what->scenarios[i], &p->raters[i], u, rated);

		by_average |= t.by_average;
		TB_TRY(tb_tally_add_tagged(p->tallies[i], u, rated, day, tb_would_be_tag(&t),
					   t.is_alike ? &t.limits : NULL, err));
	}
	p->by_average += by_average && !rated->by_average;
	return TB_OK;
}

bool tb_scenario_tally_add_alike(struct tb_scenario_tally_part *p, const struct tb_usage *u)
{
	uint32_t cells[TB_SCENARIO_TALLY_MAX];

	for (size_t i = 0; i < p->what->count; i++) {
		cells[i] = tb_tally_find_alike(p->tallies[i], u);
		if (cells[i] == TB_ROW_CACHE_NONE)
			return false;
	}
	for (size_t i = 0; i < p->what->count; i++)
		tb_tally_count_alike(p->tallies[i], cells[i], u);
	return true;
}

static enum tb_status add_unpriced(struct tb_scenario_tally_part *p, struct tb_span model,
				   tb_u128 requests, struct tb_err *err)
{
	bool added;
	uint32_t number = tb_keytab_put(&p->unpriced, model.p, model.n, &added);

	if (number == TB_KEYTAB_NONE || !tb_grow(&p->unpriced_requests, &p->unpriced_cap,
						 (size_t)number + 1, sizeof(*p->unpriced_requests)))
		return tb_fail_nomem(err);
	if (p->what->grouping->max_cells && number >= p->what->grouping->max_cells)
		return tb_fail(err, TB_DATA, "more than %zu models without a price (--max-groups)",
			       p->what->grouping->max_cells);
	p->unpriced_requests[number] = (added ? 0 : p->unpriced_requests[number]) + requests;
	return TB_OK;
}

enum tb_status tb_scenario_tally_unpriced(struct tb_scenario_tally_part *p,
					  const struct tb_usage *u, struct tb_err *err)
{
	return add_unpriced(p, u->model, u->requests, err);
}

enum tb_status tb_scenario_tally_merge(struct tb_scenario_tally_part *p,
				       const struct tb_scenario_tally_part *other, size_t threads,
				       struct tb_err *err)
{
	for (size_t i = 0; i < p->what->count; i++)
		TB_TRY(tb_tally_merge(p->tallies[i], other->tallies[i], threads, err));
	for (uint32_t i = 0; i < other->unpriced.n; i++)
		TB_TRY(add_unpriced(p, tb_keytab_key(&other->unpriced, i),
				    other->unpriced_requests[i], err));
	p->by_average += other->by_average;
	return TB_OK;
}
