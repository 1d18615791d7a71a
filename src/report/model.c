#include "report/model.h"

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

/* A cell and its place in the order. Cells with equal keys make one row. */
struct tb_report_item {
	const char *key;
	uint32_t key_len;
	uint32_t cell;
	uint64_t head; /* bytes of the key behind what all keys share, to compare by first */
};

/* ---- columns ---- */

static void add_column(struct tb_report *r, struct tb_report_column c)
{
	r->columns[r->column_count++] = c;
}

static void add_columns(struct tb_report *r)
{
	const struct tb_grouping *g = r->grouping;

	for (size_t i = 0; i < g->count; i++)
		add_column(r, (struct tb_report_column){
				      g->columns[i].name, g->columns[i].name,
				      g->columns[i].by == TB_BY_DATE ? TB_KIND_DATE : TB_KIND_TEXT,
				      i, 0});
	for (size_t i = 0; i < TB_COUNTS; i++)
		add_column(r, (struct tb_report_column){count_columns[i].name,
							count_columns[i].heading, TB_KIND_COUNT, i,
							count_columns[i].keep_rank});
	for (size_t i = 0; i < TB_AMOUNTS; i++)
		add_column(r, (struct tb_report_column){tb_amount_names[i],
							amount_columns[i].heading, TB_KIND_AMOUNT,
							i, amount_columns[i].keep_rank});
	add_column(r, (struct tb_report_column){currency_column, "", TB_KIND_CURRENCY, 0, 0});
}

bool tb_report_has_column(const char *name)
{
	for (size_t i = 0; i < TB_COUNTS; i++)
		if (strcmp(name, count_columns[i].name) == 0)
			return true;
	for (size_t i = 0; i < TB_AMOUNTS; i++)
		if (strcmp(name, tb_amount_names[i]) == 0)
			return true;
	return strcmp(name, currency_column) == 0;
}

/* ---- rows ---- */

static struct tb_span group_text(const struct tb_group_column *c, const struct tb_era *era,
				 const struct tb_cell_key *key)
{
	switch (c->by) {
	case TB_BY_MODEL:
		return tb_span_of(era->model);
	case TB_BY_PROVIDER:
		return tb_span_of(era->provider);
	case TB_BY_TIER:
		return tb_span_of(tb_tiers[key->terms.tier].name);
	case TB_BY_COLUMN:
		return key->texts[c->asked];
	case TB_BY_DATE:
		break;
	}
	return tb_span_of("");
}

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

/* False when an amount is too large to hold. */
static bool add_cell(const struct tb_report *r, struct tb_report_row *row, uint32_t number)
{
	struct tb_cell_key key = tb_tally_key(r->tally, number);
	const struct tb_era *era = tb_book_era(r->book, key.era);
	const struct tb_cell *cell = tb_tally_cell(r->tally, number);

	row->period = key.period;
	row->currency = era->currency;
	for (size_t i = 0; i < r->grouping->count; i++)
		row->texts[i] = group_text(&r->grouping->columns[i], era, &key);
	count_cell(row, key.terms.tier, cell);
	return tb_charge_tokens(&row->charge, era, key.terms, cell->tokens);
}

static struct tb_span key_of(const struct tb_report_item *i)
{
	return (struct tb_span){i->key, i->key_len};
}

static bool same_row(const struct tb_report_item *a, const struct tb_report_item *b)
{
	return tb_span_equal(key_of(a), key_of(b));
}

/* The row that begins at item *i; moves *i behind it. */
static bool next_row(const struct tb_report *r, size_t *i, struct tb_report_row *row)
{
	const struct tb_report_item *first = &r->items[*i];
	size_t n = tb_tally_count(r->tally);
	bool fits = true;

	row->currency = "";
	row->charge = (struct tb_charge){0};
	memset(row->counts, 0, sizeof(row->counts));
	memset(row->texts, 0, sizeof(row->texts));
	for (; *i < n && same_row(first, &r->items[*i]); ++*i)
		fits = add_cell(r, row, r->items[*i].cell) && fits;
	return fits;
}

enum tb_status tb_report_each(const struct tb_report *r,
			      enum tb_status (*each)(void *ctx, const struct tb_report_row *row),
			      void *ctx)
{
	struct tb_report_row row;

	for (size_t i = 0; i < tb_tally_count(r->tally);) {
		bool fits = next_row(r, &i, &row);

		assert(fits); /* tb_report_init() went through all of them */
		(void)fits;
		TB_TRY(each(ctx, &row));
	}
	return TB_OK;
}

struct tb_money tb_report_amount(const struct tb_report *r, const struct tb_report_row *row,
				 enum tb_amount amount)
{
	return tb_money_round(row->charge.amounts[amount], r->round);
}

/* ---- order ---- */

/* Text so that memcmp orders it as bytes, whatever follows: NUL ends it, a NUL in it is 00 ff. */
static void add_sort_text(struct tb_buf *b, struct tb_span s)
{
	while (s.n) {
		const char *nul = memchr(s.p, '\0', s.n);
		size_t n = nul ? (size_t)(nul - s.p) : s.n;

		tb_buf_add(b, s.p, n);
		if (nul)
			tb_buf_add(b, "\0\xff", 2);
		s.p += n + (nul != NULL);
		s.n -= n + (nul != NULL);
	}
	tb_buf_add(b, "\0\0", 2);
}

static void add_sort_period(struct tb_buf *b, int32_t period)
{
	uint32_t v = (uint32_t)period ^ 0x80000000u;
	char bytes[4] = {(char)(v >> 24), (char)(v >> 16), (char)(v >> 8), (char)v};

	tb_buf_add(b, bytes, sizeof(bytes));
}

/* The group columns in their order, then the currency: what makes a row, as sortable bytes. */
static void build_sort_key(const struct tb_report *r, uint32_t number, struct tb_buf *b)
{
	struct tb_cell_key key = tb_tally_key(r->tally, number);
	const struct tb_era *era = tb_book_era(r->book, key.era);

	tb_buf_clear(b);
	for (size_t i = 0; i < r->grouping->count; i++) {
		const struct tb_group_column *c = &r->grouping->columns[i];

		if (c->by == TB_BY_DATE)
			add_sort_period(b, key.period);
		else
			add_sort_text(b, group_text(c, era, &key));
	}
	add_sort_text(b, tb_span_of(era->currency));
}

static int compare_items(const void *pa, const void *pb)
{
	const struct tb_report_item *a = pa, *b = pb;
	int c = (a->head > b->head) - (a->head < b->head);

	if (c == 0)
		c = tb_span_compare(key_of(a), key_of(b));

	return c ? c : (a->cell > b->cell) - (a->cell < b->cell);
}

/* How many bytes all keys begin with alike. */
static size_t shared_head(const struct tb_report *r, size_t n)
{
	size_t shared = n ? r->items[0].key_len : 0;

	for (size_t i = 1; i < n; i++) {
		const struct tb_report_item *item = &r->items[i];
		size_t same = 0;

		while (same < shared && same < item->key_len &&
		       item->key[same] == r->items[0].key[same])
			same++;
		shared = same;
	}
	return shared;
}

/* Up to eight bytes from there on, as a number that orders as they do. */
static uint64_t head_of(const struct tb_report_item *item, size_t from)
{
	uint64_t head = 0;

	for (size_t i = from; i < from + sizeof(head); i++)
		head = head << 8 | (i < item->key_len ? (unsigned char)item->key[i] : 0);
	return head;
}

static void order_items(struct tb_report *r, size_t n)
{
	size_t shared = shared_head(r, n);

	for (size_t i = 0; i < n; i++)
		r->items[i].head = head_of(&r->items[i], shared);
	if (n)
		qsort(r->items, n, sizeof(*r->items), compare_items);
}

static enum tb_status sort_cells(struct tb_report *r, struct tb_err *err)
{
	size_t n = tb_tally_count(r->tally);
	struct tb_buf key = {0};

	r->items = calloc(n + 1, sizeof(*r->items));
	for (size_t i = 0; r->items && i < n; i++) {
		build_sort_key(r, (uint32_t)i, &key);
		r->items[i] = (struct tb_report_item){
			.key = key.failed ? NULL : tb_arena_text(&r->arena, key.p, key.n),
			.key_len = (uint32_t)key.n,
			.cell = (uint32_t)i};
		if (!r->items[i].key) {
			tb_buf_release(&key);
			return tb_fail_nomem(err);
		}
	}
	tb_buf_release(&key);
	if (!r->items)
		return tb_fail_nomem(err);
	order_items(r, n);
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
	return tb_charge_add(&total->charge, &row->charge) ? TB_OK : too_large(err);
}

static enum tb_status sum_rows(struct tb_report *r, struct tb_err *err)
{
	struct tb_report_row row;

	for (size_t i = 0; i < tb_tally_count(r->tally);) {
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
	if (f->rows != f->billed + f->set_aside + f->outside + f->duplicates)
		return tb_fail(err, TB_INTERNAL,
			       "internal check failed: rows read are not rows billed, set aside "
			       "and skipped");
	return TB_OK;
}

enum tb_status tb_report_init(struct tb_report *r, const struct tb_tally *tally,
			      const struct tb_book *book, const struct tb_facts *facts, int round,
			      struct tb_err *err)
{
	*r = (struct tb_report){.grouping = tb_tally_grouping(tally),
				.facts = *facts,
				.round = round,
				.tally = tally,
				.book = book};
	add_columns(r);
	TB_TRY(sort_cells(r, err));
	TB_TRY(sum_rows(r, err));
	return check(r, err);
}

void tb_report_release(struct tb_report *r)
{
	tb_arena_release(&r->arena);
	free(r->items);
	free(r->totals);
	*r = (struct tb_report){0};
}
