#include "write/chart.h"

#include "base/keytab.h"

#include <stdlib.h>

/* More sums than this are no picture. */
enum { SUMS_MAX = 20000, PLACES_MAX = 400 };

struct key {
	uint32_t currency, point, series;
};

/* Rows on their way into charts. */
struct gathering {
	const struct tb_sheet *sheet;
	size_t currency; /* its column, or TB_NO_COLUMN */
	struct tb_keytab currencies, points, series, keys;
	struct tb_money *sums; /* by number of the key */
	int32_t *days;         /* by number of the point */
	size_t sum_cap, day_cap;
	bool drawable, failed;
	bool days_known; /* every point is a day */
};

/* ---- adding up ---- */

static uint32_t number_of(struct gathering *g, struct tb_keytab *names, size_t column,
			  const struct tb_sheet_cell *cells)
{
	char text[TB_CELL_TEXT_MAX] = "";
	struct tb_span name = tb_span_of(text);
	bool added;

	if (column != TB_NO_COLUMN && cells[column].kind == TB_CELL_TEXT) {
		name = cells[column].is.text;
	} else if (column != TB_NO_COLUMN) {
		tb_cell_put(g->sheet, &g->sheet->columns[column], &cells[column],
			    TB_READ_BY_PROGRAMS, text);
		name = tb_span_of(text);
	}
	return tb_keytab_put(names, name.n ? name.p : "", name.n, &added);
}

static bool note_day(struct gathering *g, uint32_t point, const struct tb_sheet_cell *x)
{
	if (!tb_grow(&g->days, &g->day_cap, (size_t)point + 1, sizeof(*g->days)))
		return false;
	if (x->kind != TB_CELL_PERIOD || x->is.date.period != TB_PERIOD_DAY)
		g->days_known = false;
	g->days[point] = x->kind == TB_CELL_PERIOD ? x->is.date.day : 0;
	return true;
}

static bool add(struct gathering *g, const struct tb_sheet_cell *cells)
{
	const struct tb_sheet *s = g->sheet;
	struct key key = {number_of(g, &g->currencies, g->currency, cells),
			  number_of(g, &g->points, s->chart.x, cells),
			  number_of(g, &g->series, s->chart.series, cells)};
	bool known = key.currency != TB_KEYTAB_NONE && key.point != TB_KEYTAB_NONE &&
		     key.series != TB_KEYTAB_NONE;
	uint32_t number;
	bool added = false;

	number = known ? tb_keytab_put(&g->keys, &key, sizeof(key), &added) : TB_KEYTAB_NONE;
	if (number == TB_KEYTAB_NONE || !note_day(g, key.point, &cells[s->chart.x]) ||
	    !tb_grow(&g->sums, &g->sum_cap, (size_t)number + 1, sizeof(*g->sums)))
		return false;
	if (added)
		g->sums[number] = TB_NO_MONEY;
	g->sums[number] = tb_chart_sum(g->sums[number], tb_cell_amount(&cells[s->chart.y]));
	return true;
}

static enum tb_status take_row(void *to, const struct tb_sheet_cell *cells)
{
	struct gathering *g = to;

	if (cells[g->sheet->chart.y].kind == TB_CELL_NOTHING)
		return TB_OK;
	g->failed = !add(g, cells);
	g->drawable = g->keys.n <= SUMS_MAX && g->currencies.n <= TB_CHART_CURRENCIES_MAX;
	return g->failed || !g->drawable ? TB_NOMEM : TB_OK; /* which ends the pass */
}

/* ---- one chart ---- */

/* A point or series in the order in which they are drawn, and what it was. */
struct ranked {
	struct tb_span name;
	struct tb_money total;
	int32_t day;
	uint32_t number;
};

static int by_name(const void *a, const void *b)
{
	return tb_span_compare(((const struct ranked *)a)->name, ((const struct ranked *)b)->name);
}

static int by_total(const void *a, const void *b)
{
	int c = tb_money_compare(((const struct ranked *)b)->total,
				 ((const struct ranked *)a)->total);

	return c ? c : by_name(a, b);
}

/*
 * What is there of a currency, with its totals: in an order, or in that of its arrival (NULL). *n
 * is how many; NULL when memory is out.
 */
static struct ranked *rank(const struct gathering *g, uint32_t currency, bool points,
			   int (*order)(const void *a, const void *b), size_t *n)
{
	const struct tb_keytab *names = points ? &g->points : &g->series;
	struct ranked *all = calloc(names->n + 1, sizeof(*all));
	bool *there = calloc(names->n + 1, sizeof(*there));

	*n = 0;
	if (!all || !there) {
		free(all);
		free(there);
		return NULL;
	}
	for (uint32_t i = 0; i < g->keys.n; i++) {
		struct key key;
		uint32_t number;

		memcpy(&key, tb_keytab_key(&g->keys, i).p, sizeof(key));
		number = points ? key.point : key.series;
		if (key.currency != currency)
			continue;
		there[number] = true;
		all[number].total = tb_chart_sum(all[number].total, g->sums[i]);
	}
	for (uint32_t i = 0; i < names->n; i++) {
		if (!there[i])
			continue;
		all[*n] = (struct ranked){tb_keytab_key(names, i), all[i].total,
					  points ? g->days[i] : 0, i};
		++*n;
	}
	if (*n && order)
		qsort(all, *n, sizeof(*all), order);
	free(there);
	return all;
}

/* Keeps the first `most` of what was ranked, the rest as one more; *kept is how many there are. */
static struct tb_chart_part *keep(struct tb_charts *c, const struct ranked *all, size_t n,
				  size_t most, uint32_t *to, size_t *kept)
{
	bool rest = n > most;
	struct tb_chart_part *parts;

	*kept = rest ? most : n;
	parts = tb_arena_take(&c->arena, (*kept + 1) * sizeof(*parts));
	if (!parts)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		size_t at = rest && i >= most - 1 ? most - 1 : i;
		const char *name = at == i && !(rest && at == most - 1)
					   ? tb_arena_text(&c->arena, all[i].name.p, all[i].name.n)
					   : "all others";

		if (!name)
			return NULL;
		if (at == i)
			parts[at] = (struct tb_chart_part){.name = name, .place = i};
		parts[at].total = tb_chart_sum(parts[at].total, all[i].total);
		to[all[i].number] = (uint32_t)at;
	}
	return parts;
}

/* Days have their place in the calendar, as far as that is short enough. */
static void place_days(struct tb_chart *chart, const struct ranked *points,
		       const struct gathering *g)
{
	int32_t first = points[0].day, last = points[chart->point_count - 1].day;

	chart->places = chart->point_count;
	if (!chart->over_time || !g->days_known || last - first >= PLACES_MAX)
		return;
	chart->places = (size_t)(last - first) + 1;
	for (size_t i = 0; i < chart->point_count; i++)
		chart->points[i].place = (size_t)(points[i].day - first);
}

static bool add_sums(struct tb_charts *c, struct tb_chart *chart, const struct gathering *g,
		     uint32_t currency, const uint32_t *point_to, const uint32_t *series_to)
{
	size_t n = chart->point_count * chart->series_count;

	chart->sums = tb_arena_take(&c->arena, (n + 1) * sizeof(*chart->sums));
	if (!chart->sums)
		return false;
	for (size_t i = 0; i < n; i++)
		chart->sums[i] = TB_NO_MONEY;
	for (uint32_t i = 0; i < g->keys.n; i++) {
		struct key key;
		struct tb_money *sum;

		memcpy(&key, tb_keytab_key(&g->keys, i).p, sizeof(key));
		if (key.currency != currency)
			continue;
		sum = &chart->sums[point_to[key.point] * chart->series_count +
				   series_to[key.series]];
		*sum = tb_chart_sum(*sum, g->sums[i]);
		chart->total = tb_chart_sum(chart->total, g->sums[i]);
	}
	for (size_t i = 0; i < chart->point_count; i++)
		if (tb_money_compare(chart->points[i].total, chart->largest) > 0)
			chart->largest = chart->points[i].total;
	return true;
}

/* What is stacked must not be below zero; and nothing is no picture. */
static bool can_be_drawn(const struct tb_chart *chart)
{
	for (size_t i = 0; i < chart->point_count * chart->series_count; i++)
		if (tb_money_sign(chart->sums[i]) < 0)
			return false;
	return tb_money_sign(chart->largest) > 0;
}

/* Points, series and sums of a chart of which there is something; false when memory is out. */
static bool fill_chart(struct tb_charts *c, struct tb_chart *chart, const struct gathering *g,
		       uint32_t currency, const struct ranked *points, size_t point_count,
		       const struct ranked *series, size_t series_count)
{
	struct tb_span name = tb_keytab_key(&g->currencies, currency);
	size_t most = chart->over_time ? PLACES_MAX : TB_CHART_BARS_MAX;
	uint32_t *to = calloc(g->points.n + g->series.n + 1, sizeof(*to));
	bool ok = to != NULL;

	chart->currency = tb_arena_text(&c->arena, name.p, name.n);
	if (ok)
		chart->points = keep(c, points, point_count, most, to, &chart->point_count);
	if (ok)
		chart->series = keep(c, series, series_count, TB_CHART_SERIES_MAX, to + g->points.n,
				     &chart->series_count);
	ok = ok && chart->currency && chart->points && chart->series &&
	     add_sums(c, chart, g, currency, to, to + g->points.n);
	if (ok)
		place_days(chart, points, g);
	free(to);
	return ok;
}

static bool make_chart(struct tb_charts *c, const struct gathering *g, uint32_t currency)
{
	struct tb_chart *chart = &c->list[c->count];
	bool dates = g->sheet->columns[g->sheet->chart.x].kind == TB_SHEET_DATE;
	bool steps = g->sheet->form == TB_FORM_LIST;
	size_t point_count, series_count;
	struct ranked *points = rank(g, currency, true,
				     dates   ? by_name
				     : steps ? NULL
					     : by_total,
				     &point_count);
	struct ranked *series = rank(g, currency, false, by_total, &series_count);
	bool ok = points && series;

	*chart = (struct tb_chart){.over_time = dates || steps};
	if (ok && (!chart->over_time || point_count <= PLACES_MAX)) {
		ok = fill_chart(c, chart, g, currency, points, point_count, series, series_count);
		c->count += ok && can_be_drawn(chart);
	}
	free(points);
	free(series);
	return ok;
}

/* ---- all of them ---- */

static size_t currency_column(const struct tb_sheet *s)
{
	for (size_t i = 0; i < s->column_count; i++)
		if (s->columns[i].kind == TB_SHEET_CURRENCY)
			return i;
	return TB_NO_COLUMN;
}

static bool make_charts(struct tb_charts *c, struct gathering *g)
{
	enum tb_status st = tb_sheet_each(g->sheet, take_row, g);

	if (!g->drawable && !g->failed)
		return true;
	for (uint32_t i = 0; st == TB_OK && i < g->currencies.n; i++)
		if (!make_chart(c, g, i))
			return false;
	return st == TB_OK;
}

enum tb_status tb_charts_init(struct tb_charts *c, const struct tb_sheet *s, struct tb_err *err)
{
	struct gathering g = {
		.sheet = s, .currency = currency_column(s), .drawable = true, .days_known = true};
	bool ok;

	*c = (struct tb_charts){.count = 0};
	if (s->chart.x == TB_NO_COLUMN || s->chart.y == TB_NO_COLUMN)
		return TB_OK;
	tb_keytab_init(&g.currencies);
	tb_keytab_init(&g.points);
	tb_keytab_init(&g.series);
	tb_keytab_init(&g.keys);
	ok = make_charts(c, &g);
	tb_keytab_release(&g.currencies);
	tb_keytab_release(&g.points);
	tb_keytab_release(&g.series);
	tb_keytab_release(&g.keys);
	free(g.sums);
	free(g.days);
	return ok ? TB_OK : tb_fail_nomem(err);
}

void tb_charts_release(struct tb_charts *c)
{
	tb_arena_release(&c->arena);
	*c = (struct tb_charts){.count = 0};
}
