#include "logs/csv_strict.h"

#include "base/mem.h"
#include "logs/sink.h"

#include <csv.h>

#include <stdlib.h>

enum { LANE_COLUMNS = TB_COLUMNS_MAX + TB_OWN_COLUMNS_MAX };

struct tb_csv_strict {
	struct csv_parser parser;
	bool fresh; /* nothing was fed since the parser was set up or finished a record */

	const unsigned char *wanted;
	size_t wanted_count;

	struct tb_buf text; /* the kept fields, one behind the other */
	size_t *begins;     /* by column: where in the text */
	struct tb_span *cells;
	size_t count;
	bool complete, nomem;
	const char *fault; /* latched: libcsv's callbacks cannot stop it */
	size_t fault_column, broke_at;
};

/* Blanks belong to the field (RFC 4180); libcsv would trim them. */
static int never_space(unsigned char c)
{
	(void)c;
	return 0;
}

static bool set_up(struct tb_csv_strict *l)
{
	if (csv_init(&l->parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
		return false;
	csv_set_space_func(&l->parser, never_space);
	csv_set_blk_size(&l->parser, 4096);
	l->fresh = true;
	return true;
}

struct tb_csv_strict *tb_csv_strict_new(void)
{
	struct tb_csv_strict *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->begins = calloc(LANE_COLUMNS, sizeof(*l->begins));
	l->cells = calloc(LANE_COLUMNS, sizeof(*l->cells));
	if (!l->begins || !l->cells || !set_up(l)) {
		tb_csv_strict_free(l);
		return NULL;
	}
	return l;
}

void tb_csv_strict_free(struct tb_csv_strict *l)
{
	if (!l)
		return;
	csv_free(&l->parser);
	tb_buf_release(&l->text);
	free(l->begins);
	free(l->cells);
	free(l);
}

void tb_csv_strict_want(struct tb_csv_strict *l, const unsigned char *wanted, size_t columns)
{
	l->wanted = wanted;
	l->wanted_count = columns;
}

void tb_csv_strict_begin(struct tb_csv_strict *l)
{
	if (!l->fresh) {
		/* After an error csv_fini() would hand out the half-read record and report
		 * success, so the parser is thrown away instead. */
		csv_free(&l->parser);
		(void)set_up(l); /* csv_init fails on a NULL parser only */
	}
	l->text.n = 0;
	l->count = 0;
	l->complete = false;
	l->fault = NULL;
}

static void break_off(struct tb_csv_strict *l, const char *why)
{
	if (l->fault)
		return;
	l->fault = why;
	l->fault_column = l->count;
}

static bool is_wanted(const struct tb_csv_strict *l, size_t column)
{
	return !l->wanted || (column < l->wanted_count && l->wanted[column]);
}

static void on_field(void *field, size_t n, void *ctx)
{
	struct tb_csv_strict *l = ctx;

	if (l->count >= LANE_COLUMNS)
		break_off(l, "more than 1024 columns");
	else if (n > TB_FIELD_MAX)
		break_off(l, "field longer than 64 KiB");
	if (!l->fault) {
		l->begins[l->count] = l->text.n;
		l->cells[l->count].n = is_wanted(l, l->count) ? n : 0;
		tb_buf_add(&l->text, field, l->cells[l->count].n);
	}
	l->count++;
}

static void on_record(int ending, void *ctx)
{
	struct tb_csv_strict *l = ctx;

	(void)ending;
	l->complete = true;
	l->fresh = true;
}

static enum tb_csv_result stopped_early(struct tb_csv_strict *l, const char *line, size_t at)
{
	l->fresh = false;
	l->broke_at = at;
	if (csv_error(&l->parser) != CSV_EPARSE)
		return TB_CSV_NOMEM;
	break_off(l, line[at] == '"' ? "a quote inside a field that does not begin with one"
				     : "text behind the closing quote of a field");
	return TB_CSV_BROKEN;
}

static enum tb_csv_result complete(struct tb_csv_strict *l)
{
	static const char padding[TB_CELL_PADDING];

	tb_buf_add(&l->text, padding, sizeof(padding));
	if (l->text.failed)
		return TB_CSV_NOMEM;
	for (size_t i = 0; i < l->count; i++)
		l->cells[i].p = l->text.p + l->begins[i];
	return TB_CSV_RECORD;
}

enum tb_csv_result tb_csv_strict_feed(struct tb_csv_strict *l, const char *line, size_t n)
{
	size_t took;

	l->fresh = false;
	took = csv_parse(&l->parser, line, n, on_field, on_record, l);
	if (took != n)
		return stopped_early(l, line, took);
	l->broke_at = n;
	if (l->text.failed)
		return TB_CSV_NOMEM;
	if (l->fault && l->complete)
		return TB_CSV_BROKEN;
	return l->complete ? complete(l) : TB_CSV_MORE;
}

size_t tb_csv_strict_count(const struct tb_csv_strict *l)
{
	return l->count;
}

void tb_csv_strict_fill_up(struct tb_csv_strict *l, size_t n)
{
	static const char nothing[TB_CELL_PADDING];

	for (; l->count < n && l->count < LANE_COLUMNS; l->count++)
		l->cells[l->count] = (struct tb_span){nothing, 0};
}

const struct tb_span *tb_csv_strict_cells(const struct tb_csv_strict *l)
{
	return l->cells;
}

const char *tb_csv_strict_fault(const struct tb_csv_strict *l, size_t *column)
{
	*column = l->fault_column;
	return l->fault;
}

size_t tb_csv_strict_broke_at(const struct tb_csv_strict *l)
{
	return l->broke_at;
}
