#include "report/totals.h"

#include "base/parallel_for.h"
#include "report/detail.h"
#include "report/rows.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static struct tb_report_row *total_of(struct tb_report *r, const char *currency)
{
	size_t i = 0;

	while (i < r->total_count && strcmp(r->totals[i].currency, currency) < 0)
		i++;
	if (i < r->total_count && strcmp(r->totals[i].currency, currency) == 0)
		return &r->totals[i];
	if (!tb_grow(&r->totals, &r->total_cap, r->total_count + 1, sizeof(*r->totals)))
		return NULL;
	memmove(&r->totals[i + 1], &r->totals[i], (r->total_count - i) * sizeof(*r->totals));
	r->total_count++;
	r->totals[i] = (struct tb_report_row){.currency = currency};
	return &r->totals[i];
}

static enum tb_status too_large(struct tb_err *err)
{
	return tb_fail(err, TB_DATA, TB_MONEY_TOO_LARGE);
}

static enum tb_status add_to_total(struct tb_report *r, const struct tb_report_row *row,
				   struct tb_err *err)
{
	struct tb_report_row *total = total_of(r, row->currency);

	if (!total)
		return tb_fail_nomem(err);
	for (int i = 0; i < TB_COUNTS; i++)
		total->counts[i] += row->counts[i];
	for (int i = 0; i < TB_EXTRAS; i++)
		if (i != TB_EXTRA_PRICE && row->has_extra >> i & 1 &&
		    !tb_extra_add(total, (enum tb_extra)i, row->extras[i]))
			return too_large(err);
	return tb_charge_add(&total->charge, &row->charge) ? TB_OK : too_large(err);
}

static enum tb_status unbalanced(struct tb_err *err)
{
	return tb_fail(err, TB_INTERNAL,
		       "internal check failed: a row's list_cost is not the sum of its cost and "
		       "savings");
}

static enum tb_status sum_rows(struct tb_report *r, struct tb_err *err)
{
	struct tb_report_row row = {0};

	for (size_t i = 0; i < r->item_count;) {
		if (!tb_row_next(r, &i, &row))
			return too_large(err);
		if (!tb_charge_balances(&row.charge))
			return unbalanced(err);
		TB_TRY(add_to_total(r, &row, err));
		r->row_count++;
	}
	return TB_OK;
}

/*
 * Adds what a class costs to a sum in which savings do not make up for what costs more: as long as
 * that fits, no amount of any cells passes the limit, in whatever order they are added.
 */
static bool add_magnitude(struct tb_charge *sum, const struct tb_charge_rates *rates,
			  const struct tb_cell *cell)
{
	struct tb_charge_rates absolute = *rates;

	for (int m = 0; m < TB_METERS; m++)
		for (int a = 0; a < TB_AMOUNTS; a++)
			if (absolute.per[m][a].units < 0)
				absolute.per[m][a].units = -absolute.per[m][a].units;
	return tb_charge_at(sum, &absolute, cell->tokens);
}

/* The totals of classes; *fits tells that no row's amounts are too large. */
static enum tb_status price_classes(struct tb_report *r, const struct tb_cell *sums, bool *fits,
				    struct tb_err *err)
{
	struct tb_charge magnitude = {0};

	for (size_t i = 0; i < tb_tally_classes(r->tally); i++) {
		const struct tb_report_class *class = &r->classes[i];
		struct tb_report_row row = {.currency = class->era->currency};

		*fits = add_magnitude(&magnitude, class->rates, &sums[i]) &&
			tb_row_charge(&row, class, &sums[i]);
		if (!*fits)
			return TB_OK;
		if (!tb_charge_balances(&row.charge))
			return unbalanced(err);
		tb_row_count(&row, class->terms.tier, &sums[i]);
		TB_TRY(add_to_total(r, &row, err));
	}
	return TB_OK;
}

/* The tokens of each class, added up by ranges of groups. */
struct class_sums {
	const struct tb_report *report;
	pthread_mutex_t lock;
	struct tb_cell *sums; /* by class; under the lock */
	bool failed;          /* memory is out, or what cannot be; under the lock */
};

/* False when a reported amount does not fit, which cannot be: none is, where none is compared. */
static bool sum_range(const struct tb_report *r, struct tb_group_range range, struct tb_cell *sums)
{
	enum { AHEAD = 16 };
	bool fits = true;

	for (struct tb_cell_at at = {range.first, 0}; at.group < range.end; at.group++) {
		size_t cells = tb_tally_cells(r->tally, at.group);

		if (range.end - at.group > AHEAD)
			tb_tally_prefetch_cells(r->tally, at.group + AHEAD);
		for (at.cell = 0; at.cell < cells; at.cell++) {
			struct tb_cell cell = tb_tally_cell(r->tally, at);

			fits &= tb_cell_add(&sums[tb_tally_class(r->tally, at)], &cell);
		}
	}
	return fits;
}

static void sum_part(void *ctx, size_t number)
{
	struct class_sums *s = ctx;
	const struct tb_tally *tally = s->report->tally;
	size_t n = tb_tally_classes(tally);
	struct tb_cell *sums = calloc(n + 1, sizeof(*sums));
	bool ok = sums && sum_range(s->report, tb_group_range(tally, number), sums);

	pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < n && ok; i++)
		ok = tb_cell_add(&s->sums[i], &sums[i]);
	s->failed |= !ok;
	pthread_mutex_unlock(&s->lock);
	free(sums);
}

enum tb_status tb_report_sum_classes(const struct tb_report *r, struct tb_cell *sums,
				     struct tb_err *err)
{
	struct class_sums s = {.report = r, .lock = PTHREAD_MUTEX_INITIALIZER, .sums = sums};

	tb_parallel_for(r->options.threads, tb_group_ranges(r->tally), sum_part, &s);
	return s.failed ? tb_fail_nomem(err) : TB_OK;
}

/*
 * Many groups of few classes: what they cost in all is known from the tokens of each class, and
 * nothing needs to be looked up in the order of the rows.
 */
static enum tb_status sum_classes(struct tb_report *r, bool *fits, struct tb_err *err)
{
	struct tb_cell *sums = calloc(tb_tally_classes(r->tally) + 1, sizeof(*sums));
	enum tb_status st = sums ? tb_report_sum_classes(r, sums, err) : tb_fail_nomem(err);

	if (st == TB_OK)
		st = price_classes(r, sums, fits, err);
	free(sums);
	for (size_t i = 0; i < r->item_count; i++)
		r->row_count += tb_row_begins(r, i);
	return st;
}

static enum tb_status sum_all(struct tb_report *r, struct tb_err *err)
{
	bool fits = false;

	if (r->rates && !r->options.detail && !r->options.compare)
		TB_TRY(sum_classes(r, &fits, err));
	if (fits)
		return TB_OK;
	r->total_count = r->row_count = 0;
	return sum_rows(r, err);
}

static enum tb_status check(const struct tb_report *r, struct tb_err *err)
{
	const struct tb_facts *f = &r->facts;
	tb_u128 tokens = 0;

	for (size_t i = 0; i < r->total_count; i++) {
		tokens +=
			r->totals[i].counts[TB_COUNT_INPUT] + r->totals[i].counts[TB_COUNT_OUTPUT];
		if (!tb_charge_balances(&r->totals[i].charge))
			return tb_fail(err, TB_INTERNAL,
				       "internal check failed: a total's list_cost is not the sum "
				       "of its cost and savings");
	}
	if (tokens != f->tokens)
		return tb_fail(err, TB_INTERNAL,
			       "internal check failed: the report's tokens are not those of the "
			       "rows billed");
	if (f->rows != f->billed + f->set_aside + f->outside + f->duplicates + f->idle)
		return tb_fail(err, TB_INTERNAL,
			       "internal check failed: rows read are not rows billed, set aside "
			       "and skipped");
	return TB_OK;
}

enum tb_status tb_report_sum_up(struct tb_report *r, struct tb_err *err)
{
	TB_TRY(sum_all(r, err));
	return check(r, err);
}
