#include "report/order.h"

#include <stdlib.h>
#include <string.h>

struct tb_span tb_group_text(const struct tb_group_column *c, const struct tb_era *era,
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

static struct tb_span key_of(const struct tb_report_item *i)
{
	return (struct tb_span){i->key, i->key_len};
}

bool tb_report_same_row(const struct tb_report_item *a, const struct tb_report_item *b)
{
	if (a->head != b->head)
		return false;
	return a->whole && b->whole ? a->key_len == b->key_len
				    : tb_span_equal(key_of(a), key_of(b));
}

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

/* Order within a group: model, start of the era, terms, meter. */
static void add_sort_detail(struct tb_buf *b, const struct tb_era *era, struct tb_terms terms,
			    unsigned meter)
{
	uint64_t start = (uint64_t)era->start ^ UINT64_C(1) << 63;
	char bytes[12];

	for (int i = 0; i < 8; i++)
		bytes[i] = (char)(start >> (56 - 8 * i));
	bytes[8] = (char)terms.tier;
	bytes[9] = (char)terms.context;
	bytes[10] = (char)terms.uplift;
	bytes[11] = (char)meter;
	add_sort_text(b, tb_span_of(era->model));
	tb_buf_add(b, bytes, sizeof(bytes));
}

/* The group columns in their order, then the currency: what makes a row, as sortable bytes. */
static void build_sort_key(const struct tb_report *r, const struct tb_report_item *item,
			   struct tb_buf *b)
{
	struct tb_cell_key key = tb_tally_key(r->tally, item->cell);
	const struct tb_era *era = tb_book_era(r->book, key.era);

	tb_buf_clear(b);
	for (size_t i = 0; i < r->grouping->count; i++) {
		const struct tb_group_column *c = &r->grouping->columns[i];

		if (c->by == TB_BY_DATE)
			add_sort_period(b, key.period);
		else
			add_sort_text(b, tb_group_text(c, era, &key));
	}
	add_sort_text(b, tb_span_of(era->currency));
	if (item->meter != TB_METERS)
		add_sort_detail(b, era, key.terms, item->meter);
}

/* The bytes themselves are far away in memory, and heads mostly tell. */
static int compare_items(const void *pa, const void *pb)
{
	const struct tb_report_item *a = pa, *b = pb;
	int c = (a->head > b->head) - (a->head < b->head);

	if (c == 0 && a->whole && b->whole)
		c = (a->key_len > b->key_len) - (a->key_len < b->key_len);
	else if (c == 0)
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

/* How many bytes all keys end with alike, behind what they begin with alike. */
static size_t shared_tail(const struct tb_report *r, size_t n, size_t head)
{
	size_t shared = n ? r->items[0].key_len - head : 0;

	for (size_t i = 1; i < n; i++) {
		const struct tb_report_item *a = &r->items[0], *b = &r->items[i];
		size_t same = 0;

		while (same < shared && same < b->key_len - head &&
		       a->key[a->key_len - same - 1] == b->key[b->key_len - same - 1])
			same++;
		shared = same;
	}
	return shared;
}

static void order_items(struct tb_report *r, size_t n)
{
	size_t shared = shared_head(r, n), tail = shared_tail(r, n, shared);

	for (size_t i = 0; i < n; i++) {
		struct tb_report_item *item = &r->items[i];

		item->head = head_of(item, shared);
		item->whole = item->key_len - tail <= shared + sizeof(item->head);
	}
	if (n)
		qsort(r->items, n, sizeof(*r->items), compare_items);
}

static bool add_report_item(struct tb_report *r, size_t cell, int meter, bool leads,
			    struct tb_buf *key)
{
	struct tb_report_item item = {
		.cell = (uint32_t)cell, .meter = (uint8_t)meter, .leads = leads};

	build_sort_key(r, &item, key);
	item.key_len = (uint32_t)key->n;
	item.key = key->failed ? NULL : tb_arena_text(&r->arena, key->p, key->n);
	if (!item.key || !tb_grow(&r->items, &r->item_cap, r->item_count + 1, sizeof(*r->items)))
		return false;
	r->items[r->item_count++] = item;
	return true;
}

/* One item for each meter that counted something; one at least, for the requests. */
static bool add_meter_items(struct tb_report *r, size_t number, struct tb_buf *key)
{
	const struct tb_cell *cell = tb_tally_cell(r->tally, number);
	bool leads = true;

	for (int m = 0; m < TB_METERS; m++) {
		if (!cell->tokens[m])
			continue;
		if (!add_report_item(r, number, m, leads, key))
			return false;
		leads = false;
	}
	return !leads || add_report_item(r, number, TB_INPUT, true, key);
}

enum tb_status tb_report_order(struct tb_report *r, struct tb_err *err)
{
	size_t n = tb_tally_count(r->tally);
	struct tb_buf key = {0};
	bool ok = true;

	for (size_t i = 0; i < n && ok; i++)
		ok = r->wishes.detail ? add_meter_items(r, i, &key)
				      : add_report_item(r, i, TB_METERS, true, &key);
	tb_buf_release(&key);
	if (!ok)
		return tb_fail_nomem(err);
	order_items(r, r->item_count);
	return TB_OK;
}
