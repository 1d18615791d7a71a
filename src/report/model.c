#include "report/detail.h"
#include "report/order.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *heading;
	int keep_rank;
} count_columns[TB_COUNTS] = {
	[TB_COUNT_REQUESTS] = {"requests", "requests", 6},
	[TB_COUNT_INPUT] = {"input_tokens", "input", 4},
	[TB_COUNT_CACHED_READ] = {"cached_read_tokens", "cached read", 8},
	[TB_COUNT_CACHE_WRITE] = {"cache_write_tokens", "cache write", 10},
	[TB_COUNT_OUTPUT] = {"output_tokens", "output", 5},
	[TB_COUNT_BATCH] = {"batch_tokens", "in batch", 9},
	[TB_COUNT_QUANTITY] = {"quantity", "quantity", 11},
};

static const struct {
	const char *heading;
	int keep_rank;
} amount_columns[TB_AMOUNTS] = {
	[TB_LIST_COST] = {"list cost", 3},
	[TB_CACHE_SAVINGS] = {"cache saved", 1},
	[TB_BATCH_SAVINGS] = {"batch saved", 2},
	[TB_TIER_SAVINGS] = {"tier saved", 7},
	[TB_COST] = {"cost", 0},
};

static const char currency_column[] = "currency";

/* Appended where they are asked for. */
static const struct extra_column {
	const char *name, *heading;
	enum tb_column_kind kind;
	size_t index;
} detail_columns[] =
	{
		{"meter", "meter", TB_KIND_TEXT, TB_DETAIL_METER},
		{"rate_tier", "rate tier", TB_KIND_TEXT, TB_DETAIL_TIER},
		{"rate_context", "rate context", TB_KIND_TEXT, TB_DETAIL_CONTEXT},
		{"rate_region", "rate region", TB_KIND_TEXT, TB_DETAIL_REGION},
		{"quantity", "quantity", TB_KIND_COUNT, TB_COUNT_QUANTITY},
		{"unit", "unit", TB_KIND_TEXT, TB_DETAIL_UNIT},
		{"price_per_1m", "per 1M", TB_KIND_EXTRA, TB_EXTRA_PRICE},
		{"peak_surcharge", "peak surcharge", TB_KIND_EXTRA, TB_EXTRA_PEAK_SURCHARGE},
		{"region_surcharge", "region surcharge", TB_KIND_EXTRA, TB_EXTRA_REGION_SURCHARGE},
		{"fees", "fees", TB_KIND_EXTRA, TB_EXTRA_FEES},
		{"rate_section", "section", TB_KIND_TEXT, TB_DETAIL_SECTION},
		{"rate_effective_from", "from", TB_KIND_TEXT, TB_DETAIL_FROM},
		{"rate_file", "file", TB_KIND_TEXT, TB_DETAIL_FILE},
		{"rate_source", "source", TB_KIND_TEXT, TB_DETAIL_SOURCE},
		{"rate_verified", "verified", TB_KIND_TEXT, TB_DETAIL_VERIFIED},
},
  compare_columns[] = {
	  {"reported_cost", "reported", TB_KIND_EXTRA, TB_EXTRA_REPORTED},
	  {"difference", "difference", TB_KIND_EXTRA, TB_EXTRA_DIFFERENCE},
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* ---- columns ---- */

static void add_column(struct tb_report *r, struct tb_report_column c)
{
	r->columns[r->column_count++] = c;
}

/* On a narrow terminal the last of them goes first. */
static void add_extra_columns(struct tb_report *r, const struct extra_column *columns, size_t n)
{
	enum { FIRST_RANK = 12 };

	for (size_t i = 0; i < n; i++) {
		const struct extra_column *c = &columns[i];
		size_t texts = c->kind == TB_KIND_TEXT ? TB_GROUP_COLUMNS_MAX : 0;

		add_column(r, (struct tb_report_column){c->name, c->heading, c->kind,
							texts + c->index, FIRST_RANK + (int)i});
	}
}

static void add_columns(struct tb_report *r)
{
	const struct tb_grouping *g = r->grouping;

	for (size_t i = 0; i < g->count; i++)
		add_column(r, (struct tb_report_column){
				      g->columns[i].name, g->columns[i].name,
				      g->columns[i].by == TB_BY_DATE ? TB_KIND_DATE : TB_KIND_TEXT,
				      i, 0});
	for (size_t i = 0; i < TB_COUNT_QUANTITY; i++)
		add_column(r, (struct tb_report_column){count_columns[i].name,
							count_columns[i].heading, TB_KIND_COUNT, i,
							count_columns[i].keep_rank});
	for (size_t i = 0; i < TB_AMOUNTS; i++)
		add_column(r, (struct tb_report_column){tb_amount_names[i],
							amount_columns[i].heading, TB_KIND_AMOUNT,
							i, amount_columns[i].keep_rank});
	add_column(r, (struct tb_report_column){currency_column, "", TB_KIND_CURRENCY, 0, 0});
	if (r->wishes.detail)
		add_extra_columns(r, detail_columns, LENGTH(detail_columns));
	if (r->wishes.compare)
		add_extra_columns(r, compare_columns, LENGTH(compare_columns));
}

static bool is_extra_column(const char *name, const struct extra_column *columns, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(name, columns[i].name) == 0)
			return true;
	return false;
}

bool tb_report_has_column(const char *name)
{
	for (size_t i = 0; i < TB_COUNTS; i++)
		if (strcmp(name, count_columns[i].name) == 0)
			return true;
	for (size_t i = 0; i < TB_AMOUNTS; i++)
		if (strcmp(name, tb_amount_names[i]) == 0)
			return true;
	return strcmp(name, currency_column) == 0 ||
	       is_extra_column(name, detail_columns, LENGTH(detail_columns)) ||
	       is_extra_column(name, compare_columns, LENGTH(compare_columns));
}

bool tb_report_adds_up(const struct tb_report_column *c)
{
	switch (c->kind) {
	case TB_KIND_TEXT:
	case TB_KIND_DATE:
	case TB_KIND_NOTE:
		return false;
	case TB_KIND_COUNT:
		return c->index != TB_COUNT_QUANTITY;
	case TB_KIND_EXTRA:
		return c->index != TB_EXTRA_PRICE;
	case TB_KIND_AMOUNT:
	case TB_KIND_CURRENCY:
		break;
	}
	return true;
}

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

/* What an item counts of its cell. */
static struct tb_cell part_of(const struct tb_cell *cell, const struct tb_report_item *item)
{
	struct tb_cell part = {0};

	if (item->meter == TB_METERS)
		return *cell;
	part.tokens[item->meter] = cell->tokens[item->meter];
	if (item->leads)
		part.requests = cell->requests;
	return part;
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

/* False when an amount is too large to hold. */
static bool add_item(const struct tb_report *r, struct tb_report_row *row,
		     const struct tb_report_item *item)
{
	struct tb_cell_key key = tb_tally_key(r->tally, item->cell);
	const struct tb_era *era = tb_book_era(r->book, key.era);
	struct tb_cell cell = part_of(tb_tally_cell(r->tally, item->cell), item);
	struct tb_money before = row->charge.amounts[TB_COST];

	row->period = key.period;
	row->currency = era->currency;
	for (size_t i = 0; i < r->grouping->count; i++)
		row->texts[i] = tb_group_text(&r->grouping->columns[i], era, &key);
	count_cell(row, key.terms.tier, &cell);
	if (!tb_charge_tokens(&row->charge, era, key.terms, cell.tokens))
		return false;
	if (r->wishes.detail)
		return tb_detail_fill(row, era, key.terms, (enum tb_meter)item->meter,
				      cell.tokens[item->meter]);
	return !key.reported || add_reported(row, &cell, before, row->charge.amounts[TB_COST]);
}

/* Cells lie all over the memory, but the order in which they are needed is known. */
static void fetch_ahead(const struct tb_report *r, size_t item)
{
	enum { CELL_AHEAD = 24, KEY_AHEAD = 12 };

	if (r->item_count - item <= CELL_AHEAD)
		return;
	tb_tally_prefetch(r->tally, r->items[item + CELL_AHEAD].cell);
	tb_tally_prefetch_key(r->tally, r->items[item + KEY_AHEAD].cell);
}

/* The row that begins at item *i; moves *i behind it. */
static bool next_row(const struct tb_report *r, size_t *i, struct tb_report_row *row)
{
	const struct tb_report_item *first = &r->items[*i];
	bool fits = true;

	row->currency = "";
	row->charge = (struct tb_charge){0};
	row->has_extra = 0;
	memset(row->extras, 0, sizeof(row->extras));
	memset(row->counts, 0, sizeof(row->counts));
	memset(row->texts, 0, sizeof(row->texts));
	for (; *i < r->item_count && tb_report_same_row(first, &r->items[*i]); ++*i) {
		fetch_ahead(r, *i);
		fits = add_item(r, row, &r->items[*i]) && fits;
	}
	return fits;
}

enum tb_status tb_report_each(const struct tb_report *r,
			      enum tb_status (*each)(void *ctx, const struct tb_report_row *row),
			      void *ctx)
{
	struct tb_report_row row;

	for (size_t k = 0, next = 0; k < r->row_count; k++) {
		size_t i = r->order ? r->order[k] : next;
		bool fits = next_row(r, &i, &row);

		next = i;
		assert(fits); /* tb_report_init() went through all of them */
		(void)fits;
		TB_TRY(each(ctx, &row));
	}
	return TB_OK;
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

static enum tb_status sum_rows(struct tb_report *r, struct tb_err *err)
{
	struct tb_report_row row;

	for (size_t i = 0; i < r->item_count;) {
		if (!next_row(r, &i, &row))
			return too_large(err);
		if (!tb_charge_balances(&row.charge))
			return tb_fail(err, TB_INTERNAL,
				       "internal check failed: a row's list_cost is not the sum of "
				       "its cost and savings");
		TB_TRY(add_to_total(r, &row, err));
		r->row_count++;
	}
	return TB_OK;
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
	add_columns(r);
	TB_TRY(tb_report_order(r, err));
	TB_TRY(sum_rows(r, err));
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
	struct tb_report_row row;
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
	tb_arena_release(&r->arena);
	free(r->items);
	free(r->order);
	free(r->totals);
	*r = (struct tb_report){0};
}
