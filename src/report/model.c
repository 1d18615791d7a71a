#include "report/detail.h"
#include "report/headings.h"
#include "report/order.h"

#include "base/share.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* ---- rows ---- */

static void count_cell(struct tb_report_row *row, enum tb_tier tier, const struct tb_cell *cell)
{
	tb_u128 input = 0, output = 0;

	for (int m = 0; m < TB_TOKEN_METERS; m++)
		*(tb_meters[m].side == TB_SIDE_OUTPUT ? &output : &input) += cell->tokens[m];
	row->counts[TB_COUNT_REQUESTS] += cell->requests;
	row->counts[TB_COUNT_INPUT] += input;
	row->counts[TB_COUNT_CACHED_READ] += cell->tokens[TB_CACHED_READ];
	row->counts[TB_COUNT_CACHE_WRITE] +=
		cell->tokens[TB_CACHE_WRITE] + cell->tokens[TB_CACHE_WRITE_1H];
	row->counts[TB_COUNT_OUTPUT] += output;
	if (tier == TB_BATCH)
		row->counts[TB_COUNT_BATCH] += input + output;
}

/* Leaves of a cell what the item of one meter counts. */
static void keep_part(struct tb_cell *cell, const struct tb_report_item *item)
{
	struct tb_cell part = {.requests = item->leads ? cell->requests : 0};

	part.tokens[item->meter] = cell->tokens[item->meter];
	*cell = part;
}

/* The reported cost of a cell, and how far its own cost, `after` less `before`, is off. */
static bool add_reported(struct tb_report_row *row, const struct tb_cell *cell,
			 struct tb_money before, struct tb_money after)
{
	struct tb_money difference = after;

	return tb_money_add(&difference, (struct tb_money){-before.units}) &&
	       tb_money_add(&difference, (struct tb_money){-cell->reported.units}) &&
	       tb_extra_add(row, TB_EXTRA_REPORTED, cell->reported) &&
	       tb_extra_add(row, TB_EXTRA_DIFFERENCE, difference);
}

static bool charge_cell(struct tb_report_row *row, const struct tb_report_class *class,
			const struct tb_cell *cell)
{
	if (class->rates)
		return tb_charge_at(&row->charge, class->rates, cell->tokens);
	return tb_charge_tokens(&row->charge, class->era, class->terms, cell->tokens);
}

/* False when an amount is too large to hold. */
static bool add_cell(const struct tb_report *r, struct tb_report_row *row,
		     const struct tb_report_item *item, struct tb_cell_at at)
{
	const struct tb_report_class *class = tb_report_class_of(r, at);
	struct tb_cell cell = tb_tally_cell(r->tally, at);
	struct tb_money before = row->charge.amounts[TB_COST];

	if (item->meter != TB_METERS)
		keep_part(&cell, item);
	count_cell(row, class->terms.tier, &cell);
	if (!charge_cell(row, class, &cell))
		return false;
	if (r->wishes.detail)
		return tb_detail_fill(row, class->era, class->terms, (enum tb_meter)item->meter,
				      cell.tokens[item->meter]);
	return !class->reported || add_reported(row, &cell, before, row->charge.amounts[TB_COST]);
}

static bool add_item(const struct tb_report *r, struct tb_report_row *row,
		     const struct tb_report_item *item)
{
	struct tb_cell_at at = tb_report_first_cell(item);

	for (size_t end = at.cell + item->cells; at.cell < end; at.cell++)
		if (!add_cell(r, row, item, at))
			return false;
	return true;
}

/* The texts of a row are those of its first item. */
static void name_row(const struct tb_report *r, struct tb_report_row *row,
		     const struct tb_report_item *item)
{
	const struct tb_report_class *class = tb_report_class_of(r, tb_report_first_cell(item));
	struct tb_span texts[TB_GROUP_COLUMNS_MAX];

	row->period = class->period;
	row->currency = class->era->currency;
	tb_tally_texts(r->tally, item->group, texts);
	for (size_t i = 0; i < r->grouping->count; i++)
		row->texts[i] = tb_group_text(&r->grouping->columns[i], class->era,
					      class->terms.tier, texts);
}

/* Groups lie all over the memory, but the order in which they are needed is known. */
static void fetch_ahead(const struct tb_report *r, size_t item)
{
	enum { GROUP_AHEAD = 24, CELLS_AHEAD = 12 };

	if (r->item_count - item <= GROUP_AHEAD)
		return;
	tb_tally_prefetch(r->tally, r->items[item + GROUP_AHEAD].group);
	tb_tally_prefetch_cells(r->tally, r->items[item + CELLS_AHEAD].group);
}

/* The row that begins at item *i; moves *i behind it. */
static bool next_row(const struct tb_report *r, size_t *i, struct tb_report_row *row)
{
	const struct tb_report_item *first = &r->items[*i];
	bool fits = true;

	name_row(r, row, first);
	row->charge = (struct tb_charge){0};
	row->has_extra = 0;
	memset(row->extras, 0, sizeof(row->extras));
	memset(row->counts, 0, sizeof(row->counts));
	for (; *i < r->item_count && tb_report_same_row(first, &r->items[*i]); ++*i) {
		fetch_ahead(r, *i);
		fits = add_item(r, row, &r->items[*i]) && fits;
	}
	return fits;
}

size_t tb_report_item_count(const struct tb_report *r)
{
	return r->order ? r->row_count : r->item_count;
}

/* Whether item number i is the first of a row. */
static bool begins_row(const struct tb_report *r, size_t i)
{
	return i == 0 || i == r->item_count || !tb_report_same_row(&r->items[i - 1], &r->items[i]);
}

/* The rows that begin with items from number i on, below `end`. */
static enum tb_status each_in_order(const struct tb_report *r, size_t i, size_t end,
				    enum tb_status (*each)(void *ctx,
							   const struct tb_report_row *row),
				    void *ctx)
{
	struct tb_report_row row = {0};

	while (!begins_row(r, i))
		i++;
	while (i < end) {
		bool fits = next_row(r, &i, &row);

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
	return tb_money_round(row->charge.amounts[amount], r->wishes.round);
}

bool tb_report_extra(const struct tb_report *r, const struct tb_report_row *row,
		     enum tb_extra extra, struct tb_money *amount)
{
	bool is_price = extra == TB_EXTRA_PRICE;

	*amount = tb_money_round(row->extras[extra],
				 is_price ? TB_MONEY_ROUND_NONE : r->wishes.round);
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

/* ---- totals and checks ---- */

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
	return tb_fail(err, TB_DATA,
		       "an amount is too large to be exact: more than 17000000000000000000 of the "
		       "currency");
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
		if (!next_row(r, &i, &row))
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
			charge_cell(&row, class, &sums[i]);
		if (!*fits)
			return TB_OK;
		if (!tb_charge_balances(&row.charge))
			return unbalanced(err);
		count_cell(&row, class->terms.tier, &sums[i]);
		TB_TRY(add_to_total(r, &row, err));
	}
	return TB_OK;
}

/* The tokens of each class, added up by ranges of groups. */
struct class_sums {
	const struct tb_report *report;
	pthread_mutex_t lock;
	struct tb_cell *sums; /* by class; under the lock */
	bool failed;          /* memory is out; under the lock */
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
	bool ok = sums && sum_range(s->report, tb_tally_range(tally, number), sums);

	pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < n && ok; i++)
		ok = tb_cell_add(&s->sums[i], &sums[i]);
	s->failed |= !ok;
	pthread_mutex_unlock(&s->lock);
	free(sums);
}

/*
 * Many groups of few classes: what they cost in all is known from the tokens of each class, and
 * nothing needs to be looked up in the order of the rows.
 */
static enum tb_status sum_classes(struct tb_report *r, bool *fits, struct tb_err *err)
{
	struct class_sums s = {.report = r, .lock = PTHREAD_MUTEX_INITIALIZER};
	enum tb_status st;

	s.sums = calloc(tb_tally_classes(r->tally) + 1, sizeof(*s.sums));
	if (!s.sums)
		return tb_fail_nomem(err);
	tb_share(r->wishes.threads, tb_tally_ranges(r->tally), sum_part, &s);
	st = s.failed ? tb_fail_nomem(err) : price_classes(r, s.sums, fits, err);
	free(s.sums);
	for (size_t i = 0; i < r->item_count; i++)
		r->row_count += begins_row(r, i);
	return st;
}

static enum tb_status sum_up(struct tb_report *r, struct tb_err *err)
{
	bool fits = false;

	if (r->rates && !r->wishes.detail && !r->wishes.compare)
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

enum tb_status tb_report_init(struct tb_report *r, const struct tb_tally *tally,
			      const struct tb_book *book, const struct tb_facts *facts,
			      struct tb_report_wishes wishes, struct tb_err *err)
{
	*r = (struct tb_report){.grouping = tb_tally_grouping(tally),
				.facts = *facts,
				.wishes = wishes,
				.tally = tally,
				.book = book};
	tb_report_add_columns(r);
	TB_TRY(note_classes(r, err));
	TB_TRY(tb_report_order(r, err));
	TB_TRY(sum_up(r, err));
	return check(r, err);
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
		c = (a->cost.units > b->cost.units) - (a->cost.units < b->cost.units);
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
		if (!next_row(r, &i, &row))
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

void tb_report_add_note(struct tb_report *r, struct tb_report_note note)
{
	struct tb_report_column *last = &r->columns[r->column_count - 1];

	assert(r->note_count < TB_REPORT_NOTES_MAX);
	last[1] = last[0];
	*last = (struct tb_report_column){note.name, note.heading, TB_KIND_NOTE, r->note_count, 0};
	r->notes[r->note_count++] = note;
	r->column_count++;
}

const char *tb_report_note_text(const struct tb_report *r, const struct tb_report_column *c,
				const struct tb_report_row *row, char separator,
				char room[TB_NOTE_TEXT])
{
	const struct tb_report_note *e = &r->notes[c->index];

	return e->text(e->ctx, row, separator, room);
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
