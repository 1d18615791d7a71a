#include "logs/csv_quick.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

bool tb_csv_quick_init(struct tb_csv_quick *q, const struct tb_csv_indexer *indexer)
{
	*q = (struct tb_csv_quick){.indexer = indexer, .index = malloc(sizeof(*q->index))};
	return q->index != NULL;
}

void tb_csv_quick_release(struct tb_csv_quick *q)
{
	free(q->index);
	free(q->cells);
	free(q->places);
	*q = (struct tb_csv_quick){0};
}

bool tb_csv_quick_want(struct tb_csv_quick *q, const unsigned char *wanted, size_t columns)
{
	free(q->cells);
	free(q->places);
	q->cells = calloc(columns + 1, sizeof(*q->cells));
	q->places = calloc(2 * TB_RUN_MAX * columns + 1, sizeof(*q->places));
	q->wanted = wanted;
	q->cut = 0;
	for (size_t i = 0; i < columns; i++)
		if (wanted[i])
			q->cut = i + 1;
	return q->cells && q->places;
}

/* ---- cells ---- */

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
static bool unquote(struct tb_csv_quick *q, const struct ordinary *o, size_t columns, size_t quotes)
{
	size_t quoted = 0;

	for (size_t c = 0; c < columns; c++) {
		struct tb_span s = field(o, c);

		if (o->crlf && c + 1 == columns)
			s.n--;
		if (s.n == 0 || s.p[0] != '"')
			continue;
		if (s.n < 2 || s.p[s.n - 1] != '"')
			return false;
		quoted++;
		q->cells[c] = (struct tb_span){s.p + 1, s.n - 2};
	}
	return quotes == 2 * quoted;
}

/* Cuts all fields up to the last one wanted: it takes longer to pick out the wanted ones. */
static inline void cut_cells(const struct tb_csv_quick *q, const struct ordinary *o, size_t columns)
{
	/* Copies, which what is written to the cells cannot change. */
	struct tb_span *cells = q->cells;
	const char *p = o->p, *window = o->window;
	const uint32_t *sep = o->sep;
	size_t cut = q->cut;

#pragma GCC unroll 4 /* it is most of what a record costs here */
	for (size_t c = 0; c < cut; c++) {
		const char *end = window + sep[c + 1];

		cells[c].p = p;
		cells[c].n = (size_t)(end - p);
		p = end + 1;
	}
	if (o->crlf && cut == columns)
		cells[cut - 1].n--;
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
static inline bool is_ordinary(struct tb_csv_quick *q, size_t i, size_t columns, struct ordinary *o)
{
	const struct tb_csv_index_row *row = &q->index->row[i];
	uint32_t first = i ? row[-1].seps : 0;

	o->sep = q->index->sep + first;
	o->p = o->window + (uint32_t)(o->sep[0] + 1);
	o->n = (size_t)(o->window + q->index->sep[row->seps] - o->p);
	o->crlf = false;
	if (row->seps - first != columns || (row->flags && !check_flags(o, row->flags)))
		return false;
	cut_cells(q, o, columns);
	return !row->quotes || unquote(q, o, columns, row->quotes);
}

/* Indexes from the next record on, unless the current index goes on just there. */
static void index_window(struct tb_csv_quick *q, const struct tb_window *w)
{
	size_t n = w->end - w->next < TB_INDEX_WINDOW ? w->end - w->next : TB_INDEX_WINDOW;

	if (q->index_at && q->index_at == w->buf + w->next && q->index_row < q->index->rows)
		return;
	q->index_begin = w->buf + w->next;
	q->index_row = 0;
	q->indexer->index(q->index_begin, n, q->index);
}

/* Rows up to index_at are done with: the window goes on there. */
static void advance(const struct tb_csv_quick *q, struct tb_window *w, size_t lines)
{
	w->line += lines;
	w->begin = w->next = (size_t)(q->index_at - w->buf);
}

/* ---- runs of rows ---- */

static uint32_t seps_before(const struct tb_csv_quick *q, size_t i)
{
	return i ? q->index->row[i - 1].seps : 0;
}

/* Quotes and flags of a row in one. */
static inline uint32_t kind_of(const struct tb_csv_index_row *row)
{
	uint32_t kind;

	_Static_assert(offsetof(struct tb_csv_index_row, flags) ==
			       offsetof(struct tb_csv_index_row, quotes) + sizeof(row->quotes),
		       "nothing stands between them");
	memcpy(&kind, (const char *)row + offsetof(struct tb_csv_index_row, quotes), sizeof(kind));
	return kind;
}

/* The bytes of row number i, without the line feed. */
static struct tb_span raw_of(const struct tb_csv_quick *q, size_t i)
{
	uint32_t from = q->index->sep[seps_before(q, i)] + 1;

	return (struct tb_span){q->index_begin + from, q->index->sep[q->index->row[i].seps] - from};
}

/* Whether the row holds a carriage return at its end and nowhere else. */
static bool ends_in_cr(struct tb_span raw)
{
	return memchr(raw.p, '\r', raw.n) == raw.p + raw.n - 1;
}

/*
 * How many rows from the current one on, at most a run, hold nothing but printable ASCII in as many
 * fields as there are columns, all of them without quotes or all with as many as it takes. Where
 * nobody wants the last column, they may end in a carriage return, if the first does.
 */
static size_t run_length(const struct tb_csv_quick *q, uint32_t columns, bool *quoted)
{
	const struct tb_csv_index_row *row = &q->index->row[q->index_row];
	size_t n = 0, left = q->index->rows - q->index_row,
	       most = left < TB_RUN_MAX ? left : TB_RUN_MAX;
	uint32_t end = seps_before(q, q->index_row) + columns, kind = kind_of(row);
	bool cr = row->flags == TB_INDEX_CR && !row->quotes && q->cut != columns;

	*quoted = row->quotes != 0;
	if ((row->flags && !cr) || (*quoted && row->quotes != 2 * columns))
		return 0;
	for (; n < most && row[n].seps == end && kind_of(&row[n]) == kind; n++) {
		if (cr && !ends_in_cr(raw_of(q, q->index_row + n)))
			break;
		end += columns;
	}
	return n;
}

/* ---- runs of rows that hold something else ---- */

/* Counts the quotes within a quoted field, which stand in pairs; false where one stands alone. */
static bool count_inner(const char *p, const char *end, size_t *quotes)
{
	while ((p = memchr(p, '"', (size_t)(end - p))) != NULL) {
		if (p + 1 == end || p[1] != '"')
			return false;
		*quotes += 2;
		p += 2;
	}
	return true;
}

/* Takes the field at place[0..1] out of its quotes; false when it is not in order, or wanted and to
 * be rewritten. */
static bool cut_field(const struct tb_csv_quick *q, size_t column, bool inner, uint32_t *place,
		      size_t *quotes)
{
	const char *p = q->index_begin + (uint32_t)(place[0] + 1), *end = q->index_begin + place[1];
	size_t before = *quotes;

	if (p == end || *p != '"')
		return true;
	if (end - p < 2 || end[-1] != '"')
		return false;
	*quotes += 2;
	place[0]++;
	place[1]--;
	if (!inner)
		return true;
	return count_inner(p + 1, end - 1, quotes) && (*quotes == before + 2 || !q->wanted[column]);
}

static uint32_t feeds_in(struct tb_span raw)
{
	const char *p = raw.p, *end = raw.p + raw.n;
	uint32_t feeds = 0;

	for (; (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
		feeds++;
	return feeds;
}

/* Cuts row number i; false when it is for another lane, or takes more than cutting. */
static bool cut_row(const struct tb_csv_quick *q, size_t i, size_t columns, uint32_t *places)
{
	const struct tb_csv_index_row *row = &q->index->row[i];
	const uint32_t *sep = q->index->sep + seps_before(q, i);
	struct tb_span raw = raw_of(q, i);
	bool crlf = row->flags & TB_INDEX_CR;
	size_t quotes = 0;

	if (row->flags & (TB_INDEX_NUL | TB_INDEX_CONTROL) || (crlf && !ends_in_cr(raw)))
		return false;
	for (size_t c = 0; c < columns; c++) {
		places[2 * c] = sep[c];
		places[2 * c + 1] = sep[c + 1];
	}
	places[2 * columns - 1] -= crlf;
	for (size_t c = 0; row->quotes && c < columns; c++)
		if (!cut_field(q, c, row->quotes > 2, places + 2 * c, &quotes))
			return false;
	return quotes == row->quotes &&
	       (!(row->flags & TB_INDEX_HIGH) || tb_utf8_prefix(raw.p, raw.n) == raw.n);
}

/* How many rows from the current one on can be cut so, which they are. */
static size_t cut_run(struct tb_csv_quick *q, size_t columns)
{
	const struct tb_csv_index_row *row = &q->index->row[q->index_row];
	size_t n, left = q->index->rows - q->index_row;
	uint32_t seps = seps_before(q, q->index_row), line = 0;

	for (n = 0; n < left && n < TB_RUN_MAX && row[n].seps == seps + columns; n++) {
		if (!cut_row(q, q->index_row + n, columns, q->places + n * 2 * columns))
			break;
		q->starts[n] = line++;
		if (row[n].flags & TB_INDEX_LINES)
			line += feeds_in(raw_of(q, q->index_row + n));
		seps += (uint32_t)columns;
	}
	q->starts[n] = line;
	return n;
}

/* ---- taking runs ---- */

/* Delivers a run, if there is one; *n is how many of it were taken. The next one is looked at by
 * itself. */
static enum tb_status take_run(struct tb_csv_quick *q, struct tb_window *w, struct tb_intake *in,
			       size_t *n)
{
	struct tb_row_run run = {.lane = q->indexer,
				 .window = q->index_begin,
				 .sep = q->index->sep + seps_before(q, q->index_row),
				 .step = in->columns,
				 .line = w->line};

	*n = 0;
	run.ends = run.sep;
	run.count = run_length(q, (uint32_t)in->columns, &run.quoted);
	if (run.count == 0 && (run.count = cut_run(q, in->columns)) != 0) {
		run.paired = true;
		run.quoted = false;
		run.sep = q->places;
		run.step *= 2;
		run.starts = q->starts;
	}
	if (run.count == 0)
		return TB_OK;
	TB_TRY(tb_intake_run(in, &run, n));
	q->index_row += *n;
	q->index_at = q->index_begin + (uint32_t)(run.ends[*n * in->columns] + 1);
	advance(q, w, run.paired ? q->starts[*n] : *n);
	return TB_OK;
}

/* ---- rows one by one ---- */

/* The row is done with, by whichever lane: the index goes on after it. */
static void next_row(struct tb_csv_quick *q, const struct ordinary *o)
{
	q->index_row++;
	q->index_at = o->p + o->n + 1 + o->crlf;
}

static enum tb_status take_row(struct tb_csv_quick *q, struct tb_window *w, struct tb_intake *in,
			       enum tb_lane *answer)
{
	struct ordinary o = {.window = q->index_begin};
	size_t i = q->index_row;
	bool ordinary = is_ordinary(q, i, in->columns, &o);
	const struct tb_record record = {.cells = q->cells,
					 .count = in->columns,
					 .raw = {o.p, o.n},
					 .crlf = o.crlf,
					 .printable = !q->index->row[i].flags,
					 .line = w->line};

	next_row(q, &o);
	*answer = ordinary ? TB_LANE_TOOK : TB_LANE_LEFT;
	if (!ordinary)
		return TB_OK;
	advance(q, w, 1);
	return tb_intake_deliver(in, &record);
}

enum tb_status tb_csv_quick_take(struct tb_csv_quick *q, struct tb_window *w, struct tb_intake *in,
				 enum tb_lane *answer)
{
	size_t n = 0;

	index_window(q, w);
	*answer = q->index_row == q->index->rows ? TB_LANE_LEFT : TB_LANE_TOOK;
	while (*answer == TB_LANE_TOOK && q->index_row < q->index->rows) {
		if (in->wanted.runs)
			TB_TRY(take_run(q, w, in, &n));
		if (n == 0)
			TB_TRY(take_row(q, w, in, answer));
	}
	w->record_line = w->field_line = w->line;
	return TB_OK;
}

enum tb_status tb_csv_quick_take_line(struct tb_csv_quick *q, struct tb_window *w,
				      struct tb_intake *in, size_t n, enum tb_lane *answer)
{
	enum tb_status st = TB_OK;

	q->index_begin = w->buf + w->next;
	q->index_row = 0;
	*answer = TB_LANE_LEFT;
	if (n <= TB_INDEX_WINDOW) {
		q->indexer->index(q->index_begin, n, q->index);
		if (q->index->rows == 1)
			st = take_row(q, w, in, answer);
	}
	tb_csv_quick_moved(q); /* the index is of one line */
	return st;
}
