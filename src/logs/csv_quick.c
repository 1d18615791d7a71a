/* Records that need no csv_strict: no quotes, or fields quoted whole with none inside. */
#include "logs/parser.h"

#include <string.h>

/* A row of the index, as places in the buffer. */
struct ordinary {
	const char *p;
	const uint32_t *sep; /* field c lies between sep[c] and sep[c + 1], from the window on */
	const char *window;
	size_t n; /* without the line end */
	bool crlf;
};

static inline struct tb_span field(const struct ordinary *o, size_t column)
{
	uint32_t from = o->sep[column] + 1;

	return (struct tb_span){o->window + from, o->sep[column + 1] - from};
}

/* Takes the quotes off fields that are quoted whole and hold none; false for any others. */
static bool unquote(struct tb_parser *r, const struct ordinary *o, size_t quotes)
{
	size_t quoted = 0;

	for (size_t c = 0; c < r->columns.count; c++) {
		struct tb_span s = field(o, c);

		if (o->crlf && c + 1 == r->columns.count)
			s.n--;
		if (s.n == 0 || s.p[0] != '"')
			continue;
		if (s.n < 2 || s.p[s.n - 1] != '"')
			return false;
		quoted++;
		r->cells[c] = (struct tb_span){s.p + 1, s.n - 2};
	}
	return quotes == 2 * quoted;
}

/* Cuts all fields up to the last one wanted: it takes longer to pick out the wanted ones. */
static inline void cut_cells(struct tb_parser *r, const struct ordinary *o)
{
	const char *p = o->p;

	for (size_t c = 0; c < r->cut; c++) {
		const char *end = o->window + o->sep[c + 1];

		r->cells[c] = (struct tb_span){p, (size_t)(end - p)};
		p = end + 1;
	}
	if (o->crlf && r->cut == r->columns.count)
		r->cells[r->cut - 1].n--;
}

static bool check_flags(struct ordinary *o, unsigned flags)
{
	if (flags & (TB_INDEX_NUL | TB_INDEX_LINES))
		return false;
	if (flags & TB_INDEX_CR) {
		if (memchr(o->p, '\r', o->n) != o->p + o->n - 1)
			return false;
		o->crlf = true;
		o->n--;
	}
	return !(flags & TB_INDEX_HIGH) || tb_utf8_prefix(o->p, o->n) == o->n;
}

/* Whether row number i is ordinary; its cells are then cut. */
static inline bool is_ordinary(struct tb_parser *r, size_t i, struct ordinary *o)
{
	const struct tb_csv_index_row *row = &r->index->row[i];
	uint32_t first = i ? row[-1].seps : 0;

	o->sep = r->index->sep + first;
	o->p = o->window + (uint32_t)(o->sep[0] + 1);
	o->n = (size_t)(o->window + r->index->sep[row->seps] - o->p);
	o->crlf = false;
	if (row->seps - first != r->columns.count || (row->flags && !check_flags(o, row->flags)))
		return false;
	r->rules.printable = !row->flags;
	cut_cells(r, o);
	return !row->quotes || unquote(r, o, row->quotes);
}

/* Indexes from the next record on, unless the index at hand goes on just there. */
static void index_window(struct tb_parser *r)
{
	size_t n = r->end - r->next < TB_INDEX_WINDOW ? r->end - r->next : TB_INDEX_WINDOW;

	if (r->index_at && r->index_at == r->buf + r->next && r->index_row < r->index->rows)
		return;
	r->index_begin = r->buf + r->next;
	r->index_row = 0;
	r->csv_index->index(r->index_begin, n, r->index);
}

/* The row is done with, by whichever lane: the index goes on behind it. */
static void next_row(struct tb_parser *r, const struct ordinary *o)
{
	r->index_row++;
	r->index_at = o->p + o->n + 1 + o->crlf;
}

/* ---- runs of rows ---- */

static uint32_t seps_before(const struct tb_parser *r, size_t i)
{
	return i ? r->index->row[i - 1].seps : 0;
}

/*
 * How many rows from the one at hand on, at most a batch, hold nothing but printable ASCII in as
 * many fields as there are columns, all of them without quotes or all with as many as it takes.
 */
static size_t run_length(const struct tb_parser *r, bool *quoted)
{
	const struct tb_csv_index_row *row = &r->index->row[r->index_row];
	size_t n, left = r->index->rows - r->index_row,
		  most = left < TB_RUN_MAX ? left : TB_RUN_MAX;
	uint32_t columns = (uint32_t)r->columns.count, seps = seps_before(r, r->index_row);
	unsigned quotes = row->quotes;

	*quoted = quotes != 0;
	if (!r->plain || (quotes && quotes != 2 * columns))
		return 0;
	for (n = 0; n < most && row[n].seps == seps + columns; n++) {
		if ((row[n].quotes ^ quotes) | row[n].flags)
			break;
		seps += columns;
	}
	return n;
}

/* The bytes of row number i, which holds nothing strange. */
static struct tb_span raw_of(const struct tb_parser *r, size_t i)
{
	uint32_t from = r->index->sep[seps_before(r, i)] + 1;

	return (struct tb_span){r->index_begin + from, r->index->sep[r->index->row[i].seps] - from};
}

static enum tb_status judge_run(struct tb_parser *r, size_t n)
{
	struct tb_problem why;

	for (size_t i = 0;; i++) {
		i += tb_parser_bill_alike(r, r->batch + i, n - i);
		if (i == n)
			return TB_OK;
		r->record_line = r->batch[i].line;
		TB_TRY(tb_parser_judge(r, &r->batch[i], raw_of(r, r->index_row + i), false, &why));
	}
}

static void label_run(struct tb_parser *r, const uint32_t *sep, bool quoted, size_t n)
{
	size_t asked = r->columns.asked_count;

	for (size_t i = 0; i < n; i++) {
		struct tb_usage *u = &r->batch[i];

		u->file = r->options->file;
		u->line = r->line + i;
		u->columns = r->asked + i * asked;
	}
	for (size_t i = 0; i < n * asked; i++) {
		const uint32_t *at =
			sep + i / asked * r->columns.count + r->columns.asked[i % asked];
		uint32_t from = at[0] + 1 + quoted;

		r->asked[i] = (struct tb_span){r->index_begin + from, at[1] - quoted - from};
	}
}

/* Takes a run, if there is one: *n rows. The one behind it is looked at by itself. */
static enum tb_status take_run(struct tb_parser *r, size_t *n)
{
	struct tb_row_run run = {.lane = r->csv_index,
				 .window = r->index_begin,
				 .sep = r->index->sep + seps_before(r, r->index_row)};

	*n = run_length(r, &run.quoted);
	if (*n == 0)
		return TB_OK;
	*n = tb_row_parse_run(&r->columns, &run, *n, &r->rules, r->batch);
	label_run(r, run.sep, run.quoted, *n);
	TB_TRY(judge_run(r, *n));
	r->index_row += *n;
	r->line += *n;
	r->index_at = r->index_begin + (uint32_t)(run.sep[*n * r->columns.count] + 1);
	r->begin = r->next = (size_t)(r->index_at - r->buf);
	return TB_OK;
}

/* ---- rows one by one ---- */

/* Takes the row at hand, or leaves it to csv_strict. */
static enum tb_status take_row(struct tb_parser *r)
{
	struct ordinary o = {.window = r->index_begin};
	bool ordinary = is_ordinary(r, r->index_row, &o);
	uint64_t twice = r->rules.twice, unheld = r->rules.unheld;
	struct tb_problem why;
	struct tb_usage u;

	next_row(r, &o);
	r->record_line = r->field_line = r->line;
	if (!ordinary || !tb_parser_read_cells(r, r->cells, &u, &why)) {
		r->strict = true;
		r->rules.twice = twice; /* it is read again */
		r->rules.unheld = unheld;
		return TB_OK;
	}
	r->line++;
	r->begin = r->next = (size_t)(r->index_at - r->buf);
	if (!u.idle && tb_parser_bill_alike(r, &u, 1))
		return TB_OK;
	return tb_parser_judge(r, &u, (struct tb_span){o.p, o.n}, o.crlf, &why);
}

/*
 * Takes ordinary records as long as they come. The first that is not, or that has a fault, is
 * left for csv_strict, which is the only one to explain what is wrong.
 */
enum tb_status tb_parser_take_quick(struct tb_parser *r)
{
	size_t n;

	index_window(r);
	r->strict = r->index_row == r->index->rows;
	while (!r->strict && r->index_row < r->index->rows) {
		TB_TRY(take_run(r, &n));
		if (n == 0)
			TB_TRY(take_row(r));
	}
	r->record_line = r->field_line = r->line;
	return TB_OK;
}

enum tb_status tb_parser_take_quick_line(struct tb_parser *r, size_t n)
{
	r->index_begin = r->buf + r->next;
	r->index_row = 0;
	r->strict = n > TB_INDEX_WINDOW;
	if (!r->strict) {
		r->csv_index->index(r->index_begin, n, r->index);
		r->strict = r->index->rows != 1;
	}
	if (!r->strict)
		TB_TRY(take_row(r));
	r->index_at = NULL;
	if (!r->strict)
		tb_parser_begin_record(r);
	return TB_OK;
}
