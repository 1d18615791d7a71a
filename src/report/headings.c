#include "report/headings.h"

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

void tb_report_add_columns(struct tb_report *r)
{
	const struct tb_grouping *g = r->grouping;

	for (size_t i = 0; i < g->count; i++)
		add_column(r,
			   (struct tb_report_column){g->columns[i].name, g->columns[i].name,
						     g->columns[i].by == TB_BY_DATE ? TB_KIND_DATE
										    : TB_KIND_TEXT,
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
	if (r->options.detail)
		add_extra_columns(r, detail_columns, LENGTH(detail_columns));
	if (r->options.compare)
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
