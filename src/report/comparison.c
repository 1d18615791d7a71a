#include "report/comparison.h"

#include "report/items.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What is summed up under one key. */
struct tb_comparison_sum {
	const char *currency;
	tb_u128 requests;
	struct tb_money baseline, cost;
};

/* The head of a row's key; the texts follow, each as its length and its bytes. */
struct key_head {
	uint32_t scenario;
	int32_t period;
	char currency[4];
	uint32_t priced;
};

const struct tb_grouping *tb_comparison_grouping(const struct tb_comparison *v)
{
	return tb_tally_grouping(v->sides[0].tally);
}

static enum tb_status too_large(struct tb_err *err)
{
	return tb_fail(err, TB_DATA, TB_MONEY_TOO_LARGE);
}

/* ---- one cell ---- */

/* A tally's cell as it was and as it would have been. */
struct cell {
	size_t scenario;
	struct tb_cell_key key;
	struct tb_cell counts;
	const struct tb_era *era;
	struct tb_would_be target;
	bool priced;
	struct tb_money baseline, cost;
	struct tb_buf reason; /* when it is not priced */
};

static struct tb_shares shares_of(const struct tb_comparison *v, const struct cell *c)
{
	struct tb_shares shares = tb_scenario_shares(v->sides[c->scenario].scenario, &c->target);

	if (v->force.batch != TB_SHARE_NONE)
		shares.batch = v->force.batch;
	if (v->force.hit != TB_SHARE_NONE)
		shares.hit = v->force.hit;
	if (v->force.scale != TB_SHARE_NONE)
		shares.scale = v->force.scale;
	return shares;
}

static void no_price(struct cell *c, const struct tb_era *now, enum tb_meter m, enum tb_tier tier)
{
	bool fee = tb_meters[m].side == TB_SIDE_FEE;

	tb_buf_printf(&c->reason, "[%s] (%s:%" PRIu64 ") has no %s%sprice for %s%s", now->section,
		      now->file, now->line, fee ? "" : tb_tiers[tier].name, fee ? "" : " ",
		      fee ? "" : tb_contexts[c->target.terms.context].prefix, tb_meters[m].name);
}

/* Why a cell has no price to be compared with; false when it has. */
static bool find_reason(const struct tb_comparison *v, struct cell *c)
{
	const struct tb_scenario *s = v->sides[c->scenario].scenario;
	const struct tb_era *now = tb_book_era(s->book, c->target.era);
	const char *name = s->targets[c->era->number];
	enum tb_meter meter;
	enum tb_tier tier;

	switch (c->target.fate) {
	case TB_FATE_NO_MODEL:
		tb_buf_printf(&c->reason,
			      "the replacement that the card of %s leads to is not in "
			      "the rates",
			      c->era->model);
		return true;
	case TB_FATE_TOO_EARLY:
		tb_buf_printf(&c->reason, "%s has no price as early as that", name);
		return true;
	case TB_FATE_CURRENCY:
		tb_buf_printf(&c->reason,
			      "[%s] (%s:%" PRIu64 ") is priced in %s and %s in %s: amounts of "
			      "different currencies are not compared",
			      now->section, now->file, now->line, now->currency, c->era->model,
			      c->era->currency);
		return true;
	case TB_FATE_CONTEXT:
		tb_buf_printf(&c->reason,
			      "rows sum requests without saying how many, and each may or may not "
			      "be a long context for [%s] (%s:%" PRIu64
			      "); the log needs a column for the context or the requests",
			      now->section, now->file, now->line);
		return true;
	case TB_FATE_PRICED:
		break;
	}
	if (tb_would_be_priced(s, &c->target, shares_of(v, c), &meter, &tier))
		return false;
	no_price(c, now, meter, tier);
	return true;
}

/* False when an amount is too large. */
static bool price_cell(const struct tb_comparison *v, struct cell *c)
{
	const struct tb_scenario *s = v->sides[c->scenario].scenario;
	struct tb_charge charge = {0};

	if (!tb_charge_tokens(&charge, c->era, c->key.terms, c->counts.tokens))
		return false;
	c->baseline = charge.amounts[TB_COST];
	c->priced = !find_reason(v, c);
	return !c->priced || tb_scenario_cost(s, &c->target, shares_of(v, c), &c->counts, &c->cost);
}

/* ---- rows ---- */

void tb_comparison_add_text(struct tb_buf *b, struct tb_span s)
{
	uint32_t n = (uint32_t)s.n;

	tb_buf_add(b, (const char *)&n, sizeof(n));
	tb_buf_add(b, s.p, s.n);
}

static void build_key(const struct tb_comparison *v, const struct cell *c, struct tb_buf *b)
{
	const struct tb_grouping *g = tb_comparison_grouping(v);
	const char *target = v->sides[c->scenario].scenario->targets[c->era->number];
	struct key_head head = {
		.scenario = (uint32_t)c->scenario, .period = c->key.period, .priced = c->priced};

	memcpy(head.currency, c->era->currency, sizeof(head.currency));
	tb_buf_clear(b);
	tb_buf_add(b, (const char *)&head, sizeof(head));
	for (size_t i = 0; i < g->count; i++)
		tb_comparison_add_text(
			b, tb_group_text(&g->columns[i], c->era, c->key.terms.tier, c->key.texts));
	tb_comparison_add_text(b, tb_span_of(target ? target : ""));
}

static enum tb_status note_reason(struct tb_comparison *v, const struct cell *c, struct tb_err *err)
{
	struct tb_buf key = {0};
	uint32_t number;
	bool added;

	tb_buf_printf(&key, "%zu ", c->scenario);
	tb_buf_add(&key, c->reason.p, c->reason.n);
	number = key.failed || c->reason.failed
			 ? TB_KEYTAB_NONE
			 : tb_keytab_put(&v->reason_keys, key.p, key.n, &added);
	tb_buf_release(&key);
	if (number == TB_KEYTAB_NONE ||
	    !tb_grow(&v->reasons, &v->reason_cap, (size_t)number + 1, sizeof(*v->reasons)))
		return tb_fail_nomem(err);
	if (added) {
		struct tb_span text = tb_keytab_key(&v->reason_keys, number);
		const char *blank = memchr(text.p, ' ', text.n);

		text.n -= (size_t)(blank + 1 - text.p);
		text.p = blank + 1;
		v->reasons[number] =
			(struct tb_comparison_reason){.scenario = c->scenario, .text = text};
		v->reason_count++;
	}
	v->reasons[number].requests += c->counts.requests;
	v->unpriced += c->counts.requests;
	return TB_OK;
}

static enum tb_status add_cell(struct tb_comparison *v, const struct cell *c, struct tb_buf *key,
			       struct tb_err *err)
{
	struct tb_comparison_sum *sum;
	uint32_t number;
	bool added;

	build_key(v, c, key);
	number = key->failed ? TB_KEYTAB_NONE : tb_keytab_put(&v->keys, key->p, key->n, &added);
	if (number == TB_KEYTAB_NONE ||
	    !tb_grow(&v->sums, &v->sum_cap, (size_t)number + 1, sizeof(*v->sums)))
		return tb_fail_nomem(err);
	sum = &v->sums[number];
	if (added)
		*sum = (struct tb_comparison_sum){.currency = c->era->currency};
	sum->requests += c->counts.requests;
	if (!tb_money_add(&sum->baseline, c->baseline) || !tb_money_add(&sum->cost, c->cost))
		return too_large(err);
	return c->priced ? TB_OK : note_reason(v, c, err);
}

static enum tb_status add_side(struct tb_comparison *v, size_t side, struct tb_err *err)
{
	const struct tb_comparison_side *s = &v->sides[side];
	struct tb_buf key = {0};
	struct cell c = {.scenario = side};
	enum tb_status st = TB_OK;
	struct tb_cell_at at;

	for (bool more = tb_tally_first(s->tally, &at); more && st == TB_OK;
	     more = tb_tally_next(s->tally, &at)) {
		c.key = tb_tally_key(s->tally, at);
		c.counts = tb_tally_cell(s->tally, at);
		c.era = tb_book_era(s->scenario->from, c.key.era);
		c.target = tb_would_be_of(&c.key);
		c.cost = TB_NO_MONEY;
		tb_buf_clear(&c.reason);
		st = price_cell(v, &c) ? add_cell(v, &c, &key, err) : too_large(err);
	}
	tb_buf_release(&key);
	tb_buf_release(&c.reason);
	return st;
}

static struct tb_comparison_row row_of(const struct tb_comparison *v, uint32_t number)
{
	struct tb_span key = tb_keytab_key(&v->keys, number);
	const struct tb_comparison_sum *sum = &v->sums[number];
	size_t at = sizeof(struct key_head), columns = tb_comparison_grouping(v)->count;
	struct tb_comparison_row row = {.currency = sum->currency,
					.requests = sum->requests,
					.baseline = sum->baseline,
					.cost = sum->cost};
	struct key_head head;

	memcpy(&head, key.p, sizeof(head));
	row.scenario = head.scenario;
	row.period = head.period;
	row.priced = head.priced;
	for (size_t i = 0; i <= columns; i++) {
		struct tb_span *text = i < columns ? &row.texts[i] : &row.target;
		uint32_t n;

		memcpy(&n, key.p + at, sizeof(n));
		*text = (struct tb_span){key.p + at + sizeof(n), n};
		at += sizeof(n) + n;
	}
	if (row.priced)
		row.difference = tb_money_difference(row.cost, row.baseline);
	return row;
}

/* ---- order ---- */

/* A row as it is sorted. */
struct place {
	const struct tb_comparison *v;
	struct tb_money difference;
	struct key_head head;
	uint32_t number;
};

int tb_comparison_compare_groups(const struct tb_comparison *v, const struct tb_comparison_row *a,
				 const struct tb_comparison_row *b)
{
	const struct tb_grouping *g = tb_comparison_grouping(v);
	int c = 0;

	for (size_t i = 0; i < g->count && c == 0; i++)
		c = g->columns[i].by == TB_BY_DATE
			    ? (a->period > b->period) - (a->period < b->period)
			    : tb_span_compare(a->texts[i], b->texts[i]);
	return c;
}

static int compare_names(const struct place *a, const struct place *b)
{
	struct tb_comparison_row ra = row_of(a->v, a->number), rb = row_of(b->v, b->number);
	int c = tb_comparison_compare_groups(a->v, &ra, &rb);

	return c ? c : tb_span_compare(ra.target, rb.target);
}

static int compare_places(const void *pa, const void *pb)
{
	const struct place *a = pa, *b = pb;
	int c = (a->head.scenario > b->head.scenario) - (a->head.scenario < b->head.scenario);

	if (c == 0)
		c = (int)b->head.priced - (int)a->head.priced;
	if (c == 0)
		c = memcmp(a->head.currency, b->head.currency, sizeof(a->head.currency));
	if (c == 0)
		c = tb_money_compare_size(b->difference, a->difference);
	return c ? c : compare_names(a, b);
}

static enum tb_status order_rows(struct tb_comparison *v, struct tb_err *err)
{
	struct place *places = calloc(v->keys.n + 1, sizeof(*places));

	v->order = calloc(v->keys.n + 1, sizeof(*v->order));
	if (!places || !v->order) {
		free(places);
		return tb_fail_nomem(err);
	}
	for (uint32_t i = 0; i < v->keys.n; i++) {
		places[i] =
			(struct place){.v = v, .difference = row_of(v, i).difference, .number = i};
		memcpy(&places[i].head, tb_keytab_key(&v->keys, i).p, sizeof(places[i].head));
	}
	qsort(places, v->keys.n, sizeof(*places), compare_places);
	for (size_t i = 0; i < v->keys.n; i++)
		v->order[i] = places[i].number;
	free(places);
	return TB_OK;
}

/* ---- totals ---- */

static struct tb_comparison_row *total_of(struct tb_comparison *v, size_t scenario,
					  const char *currency)
{
	size_t i = 0;

	/* Rows come by scenario and currency, so the last total is the one or there is none yet. */
	if (v->total_count) {
		i = v->total_count - 1;
		if (v->totals[i].scenario == scenario &&
		    strcmp(v->totals[i].currency, currency) == 0)
			return &v->totals[i];
		i++;
	}
	if (!tb_grow(&v->totals, &v->total_cap, i + 1, sizeof(*v->totals)))
		return NULL;
	v->totals[i] = (struct tb_comparison_row){
		.scenario = scenario, .priced = true, .currency = currency};
	v->total_count++;
	return &v->totals[i];
}

static enum tb_status sum_rows(struct tb_comparison *v, struct tb_err *err)
{
	for (size_t i = 0; i < v->keys.n; i++) {
		struct tb_comparison_row row = row_of(v, v->order[i]), *total;

		if (!row.priced)
			continue;
		total = total_of(v, row.scenario, row.currency);
		if (!total)
			return tb_fail_nomem(err);
		total->requests += row.requests;
		if (!tb_money_add(&total->baseline, row.baseline) ||
		    !tb_money_add(&total->cost, row.cost) ||
		    !tb_money_add(&total->difference, row.difference))
			return too_large(err);
	}
	return TB_OK;
}

static tb_u128 tokens_of(const struct tb_tally *t)
{
	tb_u128 sum = 0;
	struct tb_cell_at at;

	for (bool more = tb_tally_first(t, &at); more; more = tb_tally_next(t, &at)) {
		struct tb_cell cell = tb_tally_cell(t, at);

		for (int m = 0; m < TB_TOKEN_METERS; m++)
			sum += cell.tokens[m];
	}
	return sum;
}

static enum tb_status check(const struct tb_comparison *v, struct tb_err *err)
{
	for (size_t i = 0; i < v->total_count; i++) {
		const struct tb_comparison_row *t = &v->totals[i];

		if (tb_money_compare(t->difference, tb_money_difference(t->cost, t->baseline)) != 0)
			return tb_fail(err, TB_INTERNAL,
				       "internal check failed: the differences of the rows are not "
				       "the difference of the totals");
	}
	for (size_t i = 0; i < v->side_count; i++)
		if (tokens_of(v->sides[i].tally) != v->facts->tokens)
			return tb_fail(err, TB_INTERNAL,
				       "internal check failed: a scenario's tokens are not those "
				       "of the rows billed");
	return TB_OK;
}

static int compare_reasons(const void *pa, const void *pb)
{
	const struct tb_comparison_reason *a = pa, *b = pb;
	int c = (a->scenario > b->scenario) - (a->scenario < b->scenario);

	return c ? c : tb_span_compare(a->text, b->text);
}

enum tb_status tb_comparison_init(struct tb_comparison *v, struct tb_err *err)
{
	tb_keytab_init(&v->keys);
	tb_keytab_init(&v->reason_keys);
	for (size_t i = 0; i < v->side_count; i++)
		TB_TRY(add_side(v, i, err));
	/* The cells come in no particular order. */
	if (v->reason_count)
		qsort(v->reasons, v->reason_count, sizeof(*v->reasons), compare_reasons);
	TB_TRY(order_rows(v, err));
	TB_TRY(sum_rows(v, err));
	return check(v, err);
}

void tb_comparison_release(struct tb_comparison *v)
{
	tb_keytab_release(&v->keys);
	tb_keytab_release(&v->reason_keys);
	free(v->sums);
	free(v->order);
	free(v->totals);
	free(v->reasons);
	*v = (struct tb_comparison){0};
}

size_t tb_comparison_count(const struct tb_comparison *v)
{
	return v->keys.n;
}

struct tb_comparison_row tb_comparison_row(const struct tb_comparison *v, size_t i)
{
	return row_of(v, v->order[i]);
}
