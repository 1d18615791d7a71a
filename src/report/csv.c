#include "report/format.h"

#include <string.h>

/* Short texts by the million: stdio's own functions would lock the stream for each. */
static void put(const char *text, FILE *out)
{
	while (*text)
		putc_unlocked(*text++, out);
}

/* What makes a spreadsheet take text for a formula (OWASP, CSV injection). */
static bool begins_formula(struct tb_span s)
{
	static const char ascii[] = "=+-@\t\r\n";
	static const char *const wide[] = {"\uff1d", "\uff0b", "\uff0d", "\uff20"};

	if (s.n == 0)
		return false;
	for (size_t i = 0; s.p[0] == wide[0][0] && i < sizeof(wide) / sizeof(wide[0]); i++)
		if (tb_span_starts(s, wide[i]))
			return true;
	return memchr(ascii, s.p[0], sizeof(ascii) - 1) != NULL;
}

static bool needs_quotes(struct tb_span s)
{
	return s.n && (memchr(s.p, ',', s.n) || memchr(s.p, '"', s.n) || memchr(s.p, '\n', s.n) ||
		       memchr(s.p, '\r', s.n));
}

static void put_field(FILE *out, struct tb_span s)
{
	bool quotes = needs_quotes(s);

	if (quotes)
		putc_unlocked('"', out);
	if (begins_formula(s))
		putc_unlocked('\'', out);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			putc_unlocked('"', out);
		putc_unlocked(s.p[i], out);
	}
	if (quotes)
		putc_unlocked('"', out);
}

bool tb_csv_put_text(FILE *out, struct tb_span s, bool visible)
{
	struct tb_buf seen = {0};
	bool ok;

	if (visible) {
		tb_buf_visible(&seen, s, 0);
		s = (struct tb_span){seen.p, seen.n};
	}
	put_field(out, s);
	ok = !seen.failed;
	tb_buf_release(&seen);
	return ok;
}

struct csv {
	const struct tb_report *report;
	bool visible;
	bool failed; /* out of memory */
	FILE *out;
};

static void put_text(struct csv *w, struct tb_span s)
{
	w->failed |= !tb_csv_put_text(w->out, s, w->visible);
}

static void put_column(struct csv *w, const struct tb_report_column *c,
		       const struct tb_report_row *row)
{
	char date[TB_DATE_TEXT], count[TB_COUNT_TEXT], amount[TB_MONEY_TEXT];
	struct tb_money m;

	switch (c->kind) {
	case TB_KIND_TEXT:
		put_text(w, row->texts[c->index]);
		break;
	case TB_KIND_DATE:
		put(tb_period_text(w->report->grouping->period, row->period, date), w->out);
		break;
	case TB_KIND_COUNT:
		put(tb_count_text(row->counts[c->index], '\0', count), w->out);
		break;
	case TB_KIND_AMOUNT:
		m = tb_report_amount(w->report, row, (enum tb_amount)c->index);
		put(tb_money_text(m, amount), w->out);
		break;
	case TB_KIND_EXTRA:
		if (tb_report_extra(w->report, row, (enum tb_extra)c->index, &m))
			put(tb_money_text(m, amount), w->out);
		break;
	case TB_KIND_CURRENCY:
		put(row->currency, w->out);
		break;
	case TB_KIND_NOTE:
		break;
	}
}

static enum tb_status put_row(void *ctx, const struct tb_report_row *row)
{
	struct csv *w = ctx;

	for (size_t i = 0; i < w->report->column_count; i++) {
		if (w->report->columns[i].kind == TB_KIND_NOTE)
			continue;
		if (i)
			putc_unlocked(',', w->out);
		put_column(w, &w->report->columns[i], row);
	}
	putc_unlocked('\n', w->out);
	return w->failed ? TB_NOMEM : TB_OK;
}

enum tb_status tb_write_csv(const struct tb_report *r, const struct tb_write_options *o, FILE *out,
			    struct tb_err *err)
{
	struct csv w = {.report = r, .visible = o->visible, .out = out};

	for (size_t i = 0; i < r->column_count; i++) {
		if (r->columns[i].kind == TB_KIND_NOTE)
			continue;
		if (i)
			putc_unlocked(',', out);
		put_text(&w, tb_span_of(r->columns[i].name));
	}
	putc_unlocked('\n', out);
	return tb_report_each(r, put_row, &w) == TB_OK ? TB_OK : tb_fail_nomem(err);
}
