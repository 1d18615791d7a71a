#include "report/order.h"

#include <stdlib.h>
#include <string.h>

struct tb_span tb_group_text(const struct tb_group_column *c, const struct tb_era *era,
			     enum tb_tier tier, const struct tb_span *texts)
{
	switch (c->by) {
	case TB_BY_MODEL:
		return tb_span_of(era->model);
	case TB_BY_PROVIDER:
		return tb_span_of(era->provider);
	case TB_BY_TIER:
		return tb_span_of(tb_tiers[tier].name);
	case TB_BY_COLUMN:
		return texts[c->asked];
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
	char *to = tb_buf_room(b, 2 * s.n + 2);

	if (!to)
		return;
	while (s.n) {
		const char *nul = memchr(s.p, '\0', s.n);
		size_t n = nul ? (size_t)(nul - s.p) : s.n;

		memcpy(to, s.p, n);
		to += n;
		if (nul) {
			*to++ = '\0';
			*to++ = (char)0xff;
			n++;
		}
		s.p += n;
		s.n -= n;
	}
	*to++ = '\0';
	*to++ = '\0';
	b->n = (size_t)(to - b->p);
}

static void add_sort_period(struct tb_buf *b, int32_t period)
{
	uint32_t v = (uint32_t)period ^ 0x80000000u;
	char bytes[4] = {(char)(v >> 24), (char)(v >> 16), (char)(v >> 8), (char)v};

	tb_buf_add(b, bytes, sizeof(bytes));
}

/* Order within a group: model, start of the era, terms, meter. */
static void add_sort_detail(struct tb_buf *b, const struct tb_report_class *class, unsigned meter)
{
	uint64_t start = (uint64_t) class->era->start ^ UINT64_C(1) << 63;
	char bytes[12];

	for (int i = 0; i < 8; i++)
		bytes[i] = (char)(start >> (56 - 8 * i));
	bytes[8] = (char)class->terms.tier;
	bytes[9] = (char)class->terms.context;
	bytes[10] = (char)class->terms.uplift;
	bytes[11] = (char)meter;
	add_sort_text(b, tb_span_of(class->era->model));
	tb_buf_add(b, bytes, sizeof(bytes));
}

/* The group columns in their order, then the currency: what makes a row, as sortable bytes. */
static void build_sort_key(const struct tb_report *r, const struct tb_report_item *item,
			   const struct tb_span *texts, struct tb_buf *b)
{
	const struct tb_report_class *class = tb_report_class_of(r, tb_report_first_cell(item));

	tb_buf_clear(b);
	for (size_t i = 0; i < r->grouping->count; i++) {
		const struct tb_group_column *c = &r->grouping->columns[i];

		if (c->by == TB_BY_DATE)
			add_sort_period(b, class->period);
		else
			add_sort_text(b, tb_group_text(c, class->era, class->terms.tier, texts));
	}
	add_sort_text(b, tb_span_of(class->era->currency));
	if (item->meter != TB_METERS)
		add_sort_detail(b, class, item->meter);
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

	return c;
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

/* An item's head, and where the item is. */
struct place {
	uint64_t head;
	uint32_t item;
};

/* Sorts by one byte of the heads; false when all of them have the same, and nothing is moved. */
static bool sort_by_byte(const struct place *from, struct place *to, size_t n, int shift)
{
	size_t counts[256] = {0}, at = 0;

	for (size_t i = 0; i < n; i++)
		counts[from[i].head >> shift & 0xff]++;
	if (counts[from[0].head >> shift & 0xff] == n)
		return false;
	for (size_t v = 0; v < 256; v++) {
		size_t count = counts[v];

		counts[v] = at;
		at += count;
	}
	for (size_t i = 0; i < n; i++)
		to[counts[from[i].head >> shift & 0xff]++] = from[i];
	return true;
}

/* Items whose heads are equal are next to each other; the rest of their keys tells. */
static void sort_equal_heads(struct tb_report_item *items, size_t n)
{
	size_t end;

	for (size_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n && items[end].head == items[i].head;)
			end++;
		if (end - i > 1)
			qsort(&items[i], end - i, sizeof(*items), compare_items);
	}
}

/* By the heads first, from their last byte to their first. `places` has room for 2n. */
static void sort_items(const struct tb_report_item *items, size_t n, struct place *places,
		       struct tb_report_item *sorted)
{
	struct place *from = places, *to = places + n, *swap;

	for (size_t i = 0; i < n; i++)
		places[i] = (struct place){items[i].head, (uint32_t)i};
	for (int shift = 0; shift < 64; shift += 8)
		if (sort_by_byte(from, to, n, shift)) {
			swap = from;
			from = to;
			to = swap;
		}
	for (size_t i = 0; i < n; i++)
		sorted[i] = items[from[i].item];
	sort_equal_heads(sorted, n);
}

/* Fewer items than that are sorted as they are. */
enum { FEW = 256 };

static bool order_items(struct tb_report *r, size_t n)
{
	size_t shared = shared_head(r, n), tail = shared_tail(r, n, shared);
	struct tb_report_item *sorted;
	struct place *places;

	for (size_t i = 0; i < n; i++) {
		struct tb_report_item *item = &r->items[i];

		item->head = head_of(item, shared);
		item->whole = item->key_len - tail <= shared + sizeof(item->head);
	}
	if (n <= FEW || n > UINT32_MAX) {
		if (n)
			qsort(r->items, n, sizeof(*r->items), compare_items);
		return true;
	}
	places = calloc(2 * n, sizeof(*places));
	sorted = calloc(n, sizeof(*sorted));
	if (places && sorted) {
		sort_items(r->items, n, places, sorted);
		free(r->items);
		r->items = sorted;
		r->item_cap = n;
	} else {
		free(sorted);
		sorted = NULL;
	}
	free(places);
	return sorted != NULL;
}

/* ---- items ---- */

/* A group on its way to items. */
struct group {
	struct tb_report *report;
	struct tb_span texts[TB_GROUP_COLUMNS_MAX];
	uint32_t cells;
	struct tb_buf key;
};

static bool add_item(struct group *g, struct tb_report_item item)
{
	struct tb_report *r = g->report;

	build_sort_key(r, &item, g->texts, &g->key);
	item.key_len = (uint32_t)g->key.n;
	item.key = g->key.failed ? NULL : tb_arena_text(&r->arena, g->key.p, g->key.n);
	if (!item.key || !tb_grow(&r->items, &r->item_cap, r->item_count + 1, sizeof(*r->items)))
		return false;
	r->items[r->item_count++] = item;
	return true;
}

/* One item for each meter that counted something; one at least, for the requests. */
static bool add_meter_items(struct group *g, struct tb_report_item item)
{
	struct tb_cell cell = tb_tally_cell(g->report->tally, tb_report_first_cell(&item));

	item.leads = true;
	for (int m = 0; m < TB_METERS; m++) {
		if (!cell.tokens[m])
			continue;
		item.meter = (uint8_t)m;
		if (!add_item(g, item))
			return false;
		item.leads = false;
	}
	item.meter = TB_INPUT;
	return !item.leads || add_item(g, item);
}

/* Whether cells of one group fall into one row, their classes being those. */
static bool same_group_row(const struct tb_report *r, const struct tb_report_class *a,
			   const struct tb_report_class *b)
{
	static const struct tb_span none[TB_GROUP_COLUMNS_MAX];

	if (a->period != b->period || strcmp(a->era->currency, b->era->currency) != 0)
		return false;
	for (size_t i = 0; i < r->grouping->count; i++) {
		const struct tb_group_column *c = &r->grouping->columns[i];

		if (c->by != TB_BY_COLUMN &&
		    !tb_span_equal(tb_group_text(c, a->era, a->terms.tier, none),
				   tb_group_text(c, b->era, b->terms.tier, none)))
			return false;
	}
	return true;
}

/* An item for each run of cells that fall into one row. */
static bool add_run_items(struct group *g, struct tb_report_item item)
{
	const struct tb_report_class *class = NULL, *next;

	item.cells = 0;
	for (uint32_t i = 0; i < g->cells; i++) {
		next = tb_report_class_of(g->report, (struct tb_cell_at){item.group, i});
		if (class && !same_group_row(g->report, class, next)) {
			if (!add_item(g, item))
				return false;
			item.cells = 0;
		}
		if (item.cells++ == 0) {
			item.cell = i;
			class = next;
		}
	}
	return !class || add_item(g, item);
}

static bool add_items(struct group *g, uint32_t number)
{
	struct tb_report_item item = {.group = number, .meter = TB_METERS, .cells = 1};

	g->cells = (uint32_t)tb_tally_cells(g->report->tally, number);
	if (g->cells)
		tb_tally_texts(g->report->tally, number, g->texts);
	if (!g->report->wishes.detail)
		return add_run_items(g, item);
	for (; item.cell < g->cells; item.cell++)
		if (!add_meter_items(g, item))
			return false;
	return true;
}

enum tb_status tb_report_order(struct tb_report *r, struct tb_err *err)
{
	struct group g = {.report = r};
	size_t n = tb_tally_groups(r->tally);
	bool ok = true;

	for (size_t i = 0; i < n && ok; i++)
		ok = add_items(&g, (uint32_t)i);
	tb_buf_release(&g.key);
	if (!ok || !order_items(r, r->item_count))
		return tb_fail_nomem(err);
	return TB_OK;
}
