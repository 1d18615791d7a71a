/*
 * Charts as SVG. Lengths are in tenths of a unit, worked out from exact amounts without floating
 * point.
 */
#include "write/chart.h"
#include "write/html.h"

#include <inttypes.h>
#include <string.h>

/* The picture, in units. */
enum { WIDTH = 800, LEFT = 80, RIGHT = 790, TOP = 12, BOTTOM = 250, HEIGHT = 280 };
enum { BAR_LEFT = 210, BAR_RIGHT = 680, BAR_HEIGHT = 24, NAME_WIDTH = 28, LABELS = 8 };

struct drawing {
	const struct tb_sheet *sheet;
	const struct tb_chart *chart;
	struct tb_money top; /* what the axis ends with */
	FILE *out;
	bool failed;
};

static void put_text(struct drawing *d, const char *text)
{
	d->failed |= !tb_html_text(d->out, tb_span_of(text));
}

static void put_amount(struct drawing *d, struct tb_money amount)
{
	const struct tb_sheet_column *y = &d->sheet->columns[d->sheet->chart.y];
	struct tb_sheet_cell cell = tb_cell_of_amount(amount);
	char text[TB_CELL_TEXT_MAX];

	tb_cell_put(d->sheet, y, &cell, TB_READ_BY_PEOPLE, text);
	put_text(d, text);
	if (*d->chart->currency) {
		putc(' ', d->out);
		put_text(d, d->chart->currency);
	}
}

static void put_tenths(struct drawing *d, const char *name, int tenths)
{
	fprintf(d->out, " %s=%d.%d", name, tenths / 10, tenths % 10);
}

/* amount x length / whole, in tenths; the amount is at most the whole. */
static int length_of(struct tb_money amount, struct tb_money whole, int length)
{
	char text[TB_MONEY_TEXT];
	int hundredths = 0; /* of a percent */

	if (tb_money_sign(whole) <= 0)
		return 0;
	for (const char *p = tb_ratio_text(amount, whole, 100, text); *p; p++)
		if (tb_is_digit(*p) && hundredths < 100000)
			hundredths = hundredths * 10 + (*p - '0');
	return (hundredths < 10000 ? hundredths : 10000) * length / 1000;
}

/* ---- the axis ---- */

/* units x 10^exponent as a plain decimal. */
static void put_scaled(int units, int exponent, char text[TB_MONEY_TEXT])
{
	char digits[12];
	int n = snprintf(digits, sizeof(digits), "%d", units), point;

	if (exponent >= 0) {
		snprintf(text, TB_MONEY_TEXT, "%s%.*s", digits, exponent,
			 "000000000000000000000000000000");
		return;
	}
	point = n + exponent;
	if (point <= 0)
		snprintf(text, TB_MONEY_TEXT, "0.%.*s%s", -point, "000000000000000000000000000000",
			 digits);
	else
		snprintf(text, TB_MONEY_TEXT, "%.*s.%s", point, digits, digits + point);
}

static bool parse(const char *text, struct tb_money *out)
{
	struct tb_price price;

	return !tb_price_parse(tb_span_of(text), &price) && tb_money_of(out, TB_PRICE_PER, price);
}

/* Round steps for an axis that holds the largest point. */
struct axis {
	int steps, unit; /* the k-th line is at k x unit x 10^exponent */
	int exponent;
	bool known;
};

/* The power of ten of the first digit of an amount: 2 for 345.6, -2 for 0.05. */
static int power_of(struct tb_money amount)
{
	char text[TB_MONEY_TEXT];
	const char *dot, *first = tb_money_text(amount, text);

	dot = strchr(text, '.');
	while (*first == '0' || *first == '.')
		first++;
	return first < dot ? (int)(dot - first) - 1 : (int)(dot - first);
}

static struct axis find_axis(struct drawing *d)
{
	static const struct {
		int top, steps;
	} rounds[] = {{10, 5}, {15, 3}, {20, 4}, {25, 5}, {30, 3},
		      {40, 4}, {50, 5}, {60, 3}, {80, 4}, {100, 5}};
	struct axis axis = {.exponent = power_of(d->chart->largest) - 1};
	char text[TB_MONEY_TEXT];

	d->top = d->chart->largest;
	if (axis.exponent < -8 || axis.exponent > 7)
		return axis;
	for (size_t i = 0; i < sizeof(rounds) / sizeof(rounds[0]) && !axis.known; i++) {
		struct tb_money top;

		put_scaled(rounds[i].top, axis.exponent, text);
		if (!parse(text, &top) || tb_money_compare(top, d->chart->largest) < 0)
			continue;
		axis.known = true;
		axis.steps = rounds[i].steps;
		axis.unit = rounds[i].top / rounds[i].steps;
		d->top = top;
	}
	return axis;
}

static void put_axis(struct drawing *d)
{
	struct axis axis = find_axis(d);
	char text[TB_MONEY_TEXT];

	for (int k = 0; axis.known && k <= axis.steps; k++) {
		int y = BOTTOM - (BOTTOM - TOP) * k / axis.steps;

		put_scaled(k * axis.unit, axis.exponent, text);
		fprintf(d->out,
			"<line x1=%d x2=%d y1=%d y2=%d /><text x=%d y=%d text-anchor=end>%s</text>\n",
			LEFT, RIGHT, y, y, LEFT - 8, y + 4, k ? text : "0");
	}
}

/* ---- columns over time, bars for the rest ---- */

static struct tb_money sum_of(const struct tb_chart *c, size_t point, size_t series)
{
	return c->sums[point * c->series_count + series];
}

/* What a pointer that rests on it shows. */
static void put_hint(struct drawing *d, size_t point, size_t series)
{
	fputs("><title>", d->out);
	put_text(d, d->chart->points[point].name);
	if (d->chart->series_count > 1) {
		fputs(", ", d->out);
		put_text(d, d->chart->series[series].name);
	}
	fputs(": ", d->out);
	put_amount(d, sum_of(d->chart, point, series));
	fputs("</title></rect>\n", d->out);
}

static void put_column(struct drawing *d, size_t point)
{
	const struct tb_chart *c = d->chart;
	int places = (int)c->places, slot = (RIGHT - LEFT) * 10 / places;
	int x = LEFT * 10 + (RIGHT - LEFT) * 10 * (int)c->points[point].place / places;
	struct tb_money below = TB_NO_MONEY;
	int gap = slot / 8;

	for (size_t i = 0; i < c->series_count; i++) {
		int from = length_of(below, d->top, BOTTOM - TOP), to;

		below = tb_chart_sum(below, sum_of(c, point, i));
		to = length_of(below, d->top, BOTTOM - TOP);
		if (to == from)
			continue;
		fprintf(d->out, "<rect class=s%zu", i);
		put_tenths(d, "x", x + gap);
		put_tenths(d, "y", BOTTOM * 10 - to);
		put_tenths(d, "width", slot - 2 * gap);
		put_tenths(d, "height", to - from);
		put_hint(d, point, i);
	}
}

static void put_columns(struct drawing *d)
{
	const struct tb_chart *c = d->chart;
	size_t every = (c->places + LABELS - 1) / LABELS;

	put_axis(d);
	for (size_t i = 0; i < c->point_count; i++) {
		int places = (int)c->places;
		int slot = (RIGHT - LEFT) * 10 / places;
		int x = LEFT * 10 + (RIGHT - LEFT) * 10 * (int)c->points[i].place / places +
			slot / 2;

		put_column(d, i);
		if (c->points[i].place % every)
			continue;
		fputs("<text text-anchor=middle", d->out);
		put_tenths(d, "x", x);
		fprintf(d->out, " y=%d>", BOTTOM + 20);
		put_text(d, c->points[i].name);
		fputs("</text>\n", d->out);
	}
}

static void put_short_name(struct drawing *d, const char *name)
{
	struct tb_buf seen = {0};

	tb_buf_visible(&seen, tb_span_of(name), NAME_WIDTH);
	d->failed |= seen.failed ||
		     !tb_html_text(d->out, (struct tb_span){seen.n ? seen.p : "", seen.n});
	tb_buf_release(&seen);
}

static void put_bar(struct drawing *d, size_t point)
{
	const struct tb_chart *c = d->chart;
	int y = (int)point * BAR_HEIGHT, to = 0;
	struct tb_money sum = TB_NO_MONEY;

	fprintf(d->out, "<text class=name x=%d y=%d text-anchor=end>", BAR_LEFT - 8, y + 16);
	put_short_name(d, c->points[point].name);
	fputs("</text>\n", d->out);
	for (size_t i = 0; i < c->series_count; i++) {
		int from = length_of(sum, c->largest, BAR_RIGHT - BAR_LEFT);

		sum = tb_chart_sum(sum, sum_of(c, point, i));
		to = length_of(sum, c->largest, BAR_RIGHT - BAR_LEFT);
		if (to == from)
			continue;
		fprintf(d->out, "<rect class=s%zu", i);
		put_tenths(d, "x", BAR_LEFT * 10 + from);
		fprintf(d->out, " y=%d height=%d", y + 3, BAR_HEIGHT - 6);
		put_tenths(d, "width", to - from);
		put_hint(d, point, i);
	}
	fputs("<text", d->out);
	put_tenths(d, "x", BAR_LEFT * 10 + to + 60);
	fprintf(d->out, " y=%d>", y + 16);
	put_amount(d, sum);
	fputs("</text>\n", d->out);
}

/* ---- in words ---- */

static const char *heading_of(const struct drawing *d, size_t column)
{
	return d->sheet->columns[column].heading;
}

static void put_caption(struct drawing *d)
{
	const struct tb_chart *c = d->chart;
	size_t most = 0;

	fputs("<figcaption><b>", d->out);
	put_text(d, heading_of(d, d->sheet->chart.y));
	fputs(" by ", d->out);
	put_text(d, heading_of(d, d->sheet->chart.x));
	if (c->series_count > 1) {
		fputs(" and ", d->out);
		put_text(d, heading_of(d, d->sheet->chart.series));
	}
	fputs("</b>", d->out);
	for (size_t i = 1; i < c->point_count; i++)
		if (tb_money_compare(c->points[i].total, c->points[most].total) > 0)
			most = i;
	fputs(": most at ", d->out);
	put_text(d, c->points[most].name);
	fputs(" with ", d->out);
	put_amount(d, c->points[most].total);
	fputs(".</figcaption>\n", d->out);
}

/* The series with their totals: what the colours are, and the picture for who does not see it. */
static void put_legend(struct drawing *d)
{
	const struct tb_chart *c = d->chart;
	char percent[TB_MONEY_TEXT];

	if (c->series_count < 2)
		return;
	fputs("<ul class=legend>\n", d->out);
	for (size_t i = 0; i < c->series_count; i++) {
		fprintf(d->out,
			"<li><svg viewBox=\"0 0 12 12\" aria-hidden=true><rect class=s%zu width=12 "
			"height=12 /></svg>",
			i);
		put_text(d, c->series[i].name);
		fputs(": ", d->out);
		put_amount(d, c->series[i].total);
		fprintf(d->out, ", %s %%</li>\n",
			tb_ratio_text(c->series[i].total, c->total, 100, percent));
	}
	fputs("</ul>\n", d->out);
}

static void put_chart(struct drawing *d, size_t number, size_t which)
{
	const struct tb_chart *c = d->chart;
	int height = c->over_time ? HEIGHT : (int)c->point_count * BAR_HEIGHT;

	fputs("<figure>\n", d->out);
	put_caption(d);
	fprintf(d->out,
		"<div class=plot role=region tabindex=0 aria-labelledby=c%zu-%zu>"
		"<svg viewBox=\"0 0 %d %d\" role=img aria-labelledby=c%zu-%zu>"
		"<title id=c%zu-%zu>Chart: ",
		number, which, WIDTH, height, number, which, number, which);
	put_text(d, heading_of(d, d->sheet->chart.y));
	fputs(" by ", d->out);
	put_text(d, heading_of(d, d->sheet->chart.x));
	fputs("; the table has the same in numbers</title>\n", d->out);
	if (c->over_time)
		put_columns(d);
	for (size_t i = 0; !c->over_time && i < c->point_count; i++)
		put_bar(d, i);
	fputs("</svg></div>\n", d->out);
	put_legend(d);
	fputs("</figure>\n", d->out);
}

enum tb_status tb_html_charts(const struct tb_sheet *s, size_t number, FILE *out,
			      struct tb_err *err)
{
	struct tb_charts charts;
	enum tb_status st = tb_charts_init(&charts, s, err);
	bool failed = false;

	for (size_t i = 0; st == TB_OK && i < charts.count; i++) {
		struct drawing d = {.sheet = s, .chart = &charts.list[i], .out = out};

		put_chart(&d, number, i);
		failed |= d.failed;
	}
	tb_charts_release(&charts);
	return failed ? tb_fail_nomem(err) : st;
}
