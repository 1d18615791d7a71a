#include "base/parallel_for.h"
#include "write/writer.h"

#include <pthread.h>
#include <string.h>

/* ---- fields ---- */

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

/* A field may become twice as long, and gets quotes and a mark. */
static size_t field_room(struct tb_span s)
{
	return 2 * s.n + 3;
}

/* Writes a field, returns its end. */
static char *put_field(char *to, struct tb_span s)
{
	bool quotes = needs_quotes(s);

	if (quotes)
		*to++ = '"';
	if (begins_formula(s))
		*to++ = '\'';
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			*to++ = '"';
		*to++ = s.p[i];
	}
	if (quotes)
		*to++ = '"';
	return to;
}

static void add_field(struct tb_buf *b, struct tb_span s)
{
	char *to = tb_buf_room(b, field_room(s));

	if (to)
		b->n = (size_t)(put_field(to, s) - b->p);
}

static void add_text(struct tb_buf *b, struct tb_span s, bool visible)
{
	struct tb_buf seen = {0};

	if (!visible) {
		add_field(b, s);
		return;
	}
	tb_buf_visible(&seen, s, 0);
	add_field(b, (struct tb_span){seen.p, seen.n});
	b->failed |= seen.failed;
	tb_buf_release(&seen);
}

bool tb_csv_put_text(FILE *out, struct tb_span s, bool visible)
{
	struct tb_buf field = {0};
	bool ok;

	add_text(&field, s, visible);
	fwrite(field.p, 1, field.n, out);
	ok = !field.failed;
	tb_buf_release(&field);
	return ok;
}

/* ---- rows ---- */

/* How many items make the rows of one piece, and how many bytes these have about. */
enum { PIECE = 4096, PIECE_BYTES = PIECE * 128 };

/* More than a comma and any number, amount or date take. */
enum { NUMBER_ROOM = TB_COUNT_TEXT + TB_MONEY_TEXT + TB_DATE_TEXT };

/* What the threads that write rows share. */
struct csv {
	const struct tb_report *report;
	bool visible;
	FILE *out;

	pthread_mutex_t lock; /* of what follows, and of `out` while rows are written */
	pthread_cond_t written;
	size_t next; /* the piece whose turn it is */
	bool failed; /* out of memory */
};

/* Rows on their way into a piece. */
struct piece {
	const struct csv *csv;
	struct tb_buf text;
};

/* Writes what is not text, returns its end. */
static char *put_number(char *to, const struct tb_report *r, const struct tb_report_column *c,
			const struct tb_report_row *row)
{
	struct tb_money m;

	switch (c->kind) {
	case TB_KIND_COUNT:
		return tb_count_put(row->counts[c->index], to);
	case TB_KIND_AMOUNT:
		return tb_money_put(tb_report_amount(r, row, (enum tb_amount)c->index), to);
	case TB_KIND_EXTRA:
		return tb_report_extra(r, row, (enum tb_extra)c->index, &m) ? tb_money_put(m, to)
									    : to;
	case TB_KIND_DATE:
		tb_period_text(r->grouping->period, row->period, to);
		return to + strlen(to);
	case TB_KIND_CURRENCY:
		return stpcpy(to, row->currency);
	case TB_KIND_TEXT:
	case TB_KIND_NOTE:
		break;
	}
	return to;
}

static enum tb_status add_row(void *ctx, const struct tb_report_row *row)
{
	struct piece *p = ctx;
	const struct tb_report *r = p->csv->report;
	size_t room = NUMBER_ROOM + strlen(row->currency);

	for (size_t i = 0; i < r->column_count; i++) {
		const struct tb_report_column *c = &r->columns[i];
		char *to;

		if (c->kind == TB_KIND_NOTE)
			continue;
		if (c->kind == TB_KIND_TEXT) {
			if (i)
				tb_buf_add(&p->text, ",", 1);
			add_text(&p->text, row->texts[c->index], p->csv->visible);
			continue;
		}
		to = tb_buf_room(&p->text, room);
		if (!to)
			return TB_NOMEM;
		if (i)
			*to++ = ',';
		p->text.n = (size_t)(put_number(to, r, c, row) - p->text.p);
	}
	tb_buf_add(&p->text, "\n", 1);
	return p->text.failed ? TB_NOMEM : TB_OK;
}

/* What cannot be written leaves a byte behind, so that flushing it fails for the same reason. */
static void put_bytes(const struct tb_buf *b, FILE *out)
{
	if (fwrite(b->p, 1, b->n, out) != b->n)
		putc_unlocked('\n', out);
}

/* Makes the rows of a piece, waits until those before it are written, and writes them. */
static void put_piece(void *ctx, size_t i)
{
	struct csv *w = ctx;
	struct piece p = {.csv = w};
	bool good = tb_buf_room(&p.text, PIECE_BYTES) &&
		    tb_report_each_of(w->report, i * PIECE, PIECE, add_row, &p) == TB_OK;

	pthread_mutex_lock(&w->lock);
	while (w->next != i)
		pthread_cond_wait(&w->written, &w->lock);
	w->failed |= !good;
	if (!w->failed)
		put_bytes(&p.text, w->out);
	w->next++;
	pthread_cond_broadcast(&w->written);
	pthread_mutex_unlock(&w->lock);
	tb_buf_release(&p.text);
}

static bool put_header(struct csv *w)
{
	const struct tb_report *r = w->report;
	struct tb_buf line = {0};
	bool ok;

	for (size_t i = 0; i < r->column_count; i++) {
		if (r->columns[i].kind == TB_KIND_NOTE)
			continue;
		if (i)
			tb_buf_add(&line, ",", 1);
		add_text(&line, tb_span_of(r->columns[i].name), w->visible);
	}
	tb_buf_add(&line, "\n", 1);
	ok = !line.failed;
	if (ok)
		fwrite(line.p, 1, line.n, w->out);
	tb_buf_release(&line);
	return ok;
}

enum tb_status tb_write_csv(const struct tb_report *r, const struct tb_write_options *o, FILE *out,
			    struct tb_err *err)
{
	struct csv w = {.report = r, .visible = o->visible, .out = out};

	if (!put_header(&w))
		return tb_fail_nomem(err);
	pthread_mutex_init(&w.lock, NULL);
	pthread_cond_init(&w.written, NULL);
	tb_parallel_for(r->options.threads, (tb_report_item_count(r) + PIECE - 1) / PIECE,
			put_piece, &w);
	pthread_mutex_destroy(&w.lock);
	pthread_cond_destroy(&w.written);
	return w.failed ? tb_fail_nomem(err) : TB_OK;
}
