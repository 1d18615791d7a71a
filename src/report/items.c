#include "report/items.h"

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

/* ---- keys ---- */

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

/* ---- items ---- */

/* A group on its way to items. */
struct group {
	const struct tb_report *report;
	struct tb_items *items;
	struct tb_span texts[TB_GROUP_COLUMNS_MAX];
	uint32_t cells;
	struct tb_buf key;
};

static bool add_item(struct group *g, struct tb_report_item item)
{
	struct tb_items *items = g->items;

	build_sort_key(g->report, &item, g->texts, &g->key);
	item.key_len = (uint32_t)g->key.n;
	item.key = g->key.failed ? NULL : tb_arena_text(&items->keys, g->key.p, g->key.n);
	if (!item.key || !tb_grow(&items->list, &items->cap, items->n + 1, sizeof(*items->list)))
		return false;
	items->list[items->n++] = item;
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
	if (!g->report->options.detail)
		return add_run_items(g, item);
	for (; item.cell < g->cells; item.cell++)
		if (!add_meter_items(g, item))
			return false;
	return true;
}

/* Enough that adding up what was found in each is little beside finding it. */
enum { RANGE = 1 << 13 };

size_t tb_group_ranges(const struct tb_tally *t)
{
	return tb_tally_groups(t) / RANGE + 1;
}

struct tb_group_range tb_group_range(const struct tb_tally *t, size_t number)
{
	size_t first = number * RANGE, groups = tb_tally_groups(t);

	return (struct tb_group_range){first, groups - first < RANGE ? groups : first + RANGE};
}

bool tb_items_make(struct tb_items *items, const struct tb_report *r, struct tb_group_range range)
{
	enum { AHEAD = 16 };
	struct group g = {.report = r, .items = items};
	bool ok = true;

	for (size_t i = range.first; i < range.end && ok; i++) {
		if (range.end - i > AHEAD)
			tb_tally_prefetch_cells(r->tally, i + AHEAD);
		ok = add_items(&g, (uint32_t)i);
	}
	tb_buf_release(&g.key);
	return ok;
}

void tb_items_release(struct tb_items *items)
{
	tb_arena_release(&items->keys);
	free(items->list);
	*items = (struct tb_items){0};
}
