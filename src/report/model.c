#include "report/model.h"

#include "report/order.h"
#include "report/rows.h"
#include "report/totals.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- rows ---- */

size_t tb_report_item_count(const struct tb_report *r)
{
	return r->order ? r->row_count : r->item_count;
}

/* The rows that begin with items from number i on, below `end`. */
static enum tb_status each_in_order(const struct tb_report *r, size_t i, size_t end,
				    enum tb_status (*each)(void *ctx,
							   const struct tb_report_row *row),
				    void *ctx)
{
	struct tb_report_row row = {0};

	while (!tb_row_begins(r, i))
		i++;
	while (i < end) {
		bool fits = tb_row_next(r, &i, &row);

		assert(fits); /* tb_report_init() went through all of them */
		(void)fits;
		TB_TRY(each(ctx, &row));
	}
	return TB_OK;
}

enum tb_status tb_report_each_of(const struct tb_report *r, size_t first, size_t count,
				 enum tb_status (*each)(void *ctx, const struct tb_report_row *row),
				 void *ctx)
{
	size_t n = tb_report_item_count(r), end = count < n - first ? first + count : n;

	if (!r->order)
		return each_in_order(r, first, end, each, ctx);
	for (size_t k = first; k < end; k++)
		TB_TRY(each_in_order(r, r->order[k], r->order[k] + 1, each, ctx));
	return TB_OK;
}

enum tb_status tb_report_each(const struct tb_report *r,
			      enum tb_status (*each)(void *ctx, const struct tb_report_row *row),
			      void *ctx)
{
	return tb_report_each_of(r, 0, tb_report_item_count(r), each, ctx);
}

struct tb_money tb_report_amount(const struct tb_report *r, const struct tb_report_row *row,
				 enum tb_amount amount)
{
	return tb_money_round(row->charge.amounts[amount], r->options.round);
}

bool tb_report_extra(const struct tb_report *r, const struct tb_report_row *row,
		     enum tb_extra extra, struct tb_money *amount)
{
	bool is_price = extra == TB_EXTRA_PRICE;

	*amount = tb_money_round(row->extras[extra],
				 is_price ? TB_MONEY_ROUND_NONE : r->options.round);
	return row->has_extra >> extra & 1;
}

/* ---- classes ---- */

/* A class that many groups share is priced once; where there are more, each would cost memory. */
enum { PRICED_CLASSES_MAX = 1024 };

static enum tb_status note_classes(struct tb_report *r, struct tb_err *err)
{
	size_t n = tb_tally_classes(r->tally);
	bool priced = tb_tally_groups(r->tally) > 1 && n <= PRICED_CLASSES_MAX;

	r->classes = calloc(n + 1, sizeof(*r->classes));
	r->rates = priced ? calloc(n + 1, sizeof(*r->rates)) : NULL;
	if (!r->classes || (priced && !r->rates))
		return tb_fail_nomem(err);
	for (size_t i = 0; i < n; i++) {
		struct tb_cell_key key = tb_tally_class_key(r->tally, i);
		const struct tb_era *era = tb_book_era(r->book, key.era);

		r->classes[i] = (struct tb_report_class){.era = era,
							 .terms = key.terms,
							 .period = key.period,
							 .reported = key.reported};
		if (!priced)
			continue;
		tb_charge_rates(&r->rates[i], era, key.terms);
		r->classes[i].rates = &r->rates[i];
	}
	return TB_OK;
}

enum tb_status tb_report_init(struct tb_report *r, const struct tb_tally *tally,
			      const struct tb_book *book, const struct tb_facts *facts,
			      struct tb_report_options options, struct tb_err *err)
{
	*r = (struct tb_report){.grouping = tb_tally_grouping(tally),
				.facts = *facts,
				.options = options,
				.tally = tally,
				.book = book};
	TB_TRY(note_classes(r, err));
	TB_TRY(tb_report_order(r, err));
	return tb_report_sum_up(r, err);
}

/* ---- alternatives ---- */

struct alternative {
	const char *currency;
	struct tb_money cost;
	size_t item;
};

static int compare_alternatives(const void *pa, const void *pb)
{
	const struct alternative *a = pa, *b = pb;
	int c = strcmp(a->currency, b->currency);

	if (c == 0)
		c = tb_money_compare(a->cost, b->cost);
	return c ? c : (a->item > b->item) - (a->item < b->item);
}

enum tb_status tb_report_rank(struct tb_report *r, struct tb_err *err)
{
	struct alternative *all = calloc(r->row_count + 1, sizeof(*all));
	struct tb_report_row row = {0};
	size_t n = 0;

	r->order = calloc(r->row_count + 1, sizeof(*r->order));
	for (size_t i = 0; all && n < r->row_count; n++) {
		all[n].item = i;
		if (!tb_row_next(r, &i, &row))
			break; /* cannot be: tb_report_init() went through all of them */
		all[n].cost = row.charge.amounts[TB_COST];
		all[n].currency = row.currency;
	}
	if (n)
		qsort(all, n, sizeof(*all), compare_alternatives);
	for (size_t k = 0; r->order && k < n; k++)
		r->order[k] = all[k].item;
	if (n > 1)
		r->total_count = 0;
	free(all);
	return n == r->row_count && r->order ? TB_OK : tb_fail_nomem(err);
}

void tb_report_release(struct tb_report *r)
{
	tb_arena_release(&r->keys);
	free(r->items);
	free(r->order);
	free(r->totals);
	free(r->classes);
	free(r->rates);
	*r = (struct tb_report){0};
}
