/* A header, read: which column feeds what, and what is wrong with it. */
#include "usage/columns.h"

#include "base/mem.h"
#include "usage/recognise.h"
#include "usage/unread.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct header {
	struct tb_columns *columns;
	const struct tb_format_choice *choice;
	const char *file;
	uint64_t line;
	struct tb_problems *problems;
	bool lacks_column; /* that is required */
};

static void refuse_header(struct header *h, const char *column, const char *fmt, ...)
	TB_PRINTF(3, 4);

static void refuse_header(struct header *h, const char *column, const char *fmt, ...)
{
	struct tb_problem p = {.column = "header"};
	va_list ap;

	if (column)
		p.value = tb_span_of(column);
	va_start(ap, fmt);
	vsnprintf(p.reason, sizeof(p.reason), fmt, ap);
	va_end(ap);
	tb_problems_add(h->problems, h->file, h->line, &p);
}

static size_t own_column_count(const struct tb_columns *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->count; i++)
		n += tb_columns_is_own(c->name[i]);
	return n;
}

/* Whether a header's column is called like one of a field that the user's own format feeds anew. */
static bool gives_way(const struct tb_columns *c, enum tb_field field)
{
	if (!(c->format->conventions & TB_LOG_OVERRIDES))
		return false;
	for (const struct tb_logcolumn *own = c->format->columns; own->name; own++)
		if (own->field == field)
			return true;
	return false;
}

/* In a vendor's own table several columns may feed a field: there the first that is filled counts.
 */
static bool bind(struct header *h, const struct tb_logcolumn *as, bool alternatives)
{
	struct tb_columns *c = h->columns;
	int column = tb_columns_called(c, as->name);
	bool is_own = as->field < TB_FIELDS;
	int first = is_own ? c->field[as->field] : TB_COLUMN_NONE;

	if (column == TB_COLUMN_NONE || as->field == TB_ALL_FIELDS)
		return true;
	if (first != TB_COLUMN_NONE && !alternatives) {
		if (first != column && !gives_way(c, as->field))
			refuse_header(h, c->name[column > first ? column : first],
				      "says the same as column '%s'; remove or rename one of "
				      "them",
				      c->name[column > first ? first : column]);
		return true;
	}
	if (is_own && first == TB_COLUMN_NONE)
		c->field[as->field] = column;
	c->wanted[column] = 1;
	if (!tb_grow(&c->bound, &c->bound_cap, c->bound_count + 1, sizeof(*c->bound)))
		return false;
	c->bound[c->bound_count++] = (struct tb_bound){column, as};
	return true;
}

/*
 * Columns that a user chose are checked in the order of the fields, as all others are, so that a
 * row has the same fault by any name. Places in one JSON object stay together.
 */
static void sort_bound(struct tb_columns *c)
{
	for (size_t i = 0; i < c->bound_count; i++)
		if (c->bound[i].as->path)
			return;
	for (size_t i = 1; i < c->bound_count; i++) {
		struct tb_bound b = c->bound[i];
		size_t to = i;

		for (; to && c->bound[to - 1].as->field > b.as->field; to--)
			c->bound[to] = c->bound[to - 1];
		c->bound[to] = b;
	}
}

static bool bind_all(struct header *h)
{
	const struct tb_logformat *f = h->columns->format;
	bool alternatives = f != &tb_log_tokbill;

	for (; f; f = f->base, alternatives = false)
		for (const struct tb_logcolumn *c = f->columns; c->name; c++)
			if (!bind(h, c, alternatives))
				return false;
	if (h->columns->conventions & TB_LOG_OVERRIDES)
		sort_bound(h->columns);
	return true;
}

/* The column that is read under a name like that of column i, or TB_COLUMN_NONE. */
static int read_instead(const struct tb_columns *c, size_t i)
{
	struct tb_span name = tb_span_of(c->name[i]);

	for (size_t b = 0; b < c->bound_count; b++)
		if (c->bound[b].column != (int)i &&
		    tb_names_alike(name, tb_span_of(c->bound[b].as->name)))
			return c->bound[b].column;
	return TB_COLUMN_NONE;
}

static void check_name(struct header *h, size_t i)
{
	struct tb_columns *c = h->columns;
	const char *name = c->name[i];
	int other;

	if (*name && !tb_columns_is_own(name) && tb_columns_named(c, name, i) != TB_COLUMN_NONE) {
		refuse_header(h, name, "two columns of that name");
		return;
	}
	other = c->wanted[i] ? TB_COLUMN_NONE : read_instead(c, i);
	if (other != TB_COLUMN_NONE)
		refuse_header(h, name, "says the same as column '%s'; remove or rename one of them",
			      c->name[other]);
}

static const char *column_candidate(const void *ctx, size_t i)
{
	const struct tb_columns *c = ctx;

	return i < c->count ? c->name[i] : NULL;
}

/* Columns without a meaning of their own; the others pass as empty names, near to nothing. */
static const char *free_column_candidate(const void *ctx, size_t i)
{
	const struct tb_columns *c = ctx;

	return i < c->count ? c->wanted[i] ? "" : c->name[i] : NULL;
}

/* Whether a column before number `i` of the format has the same name. */
static bool named_before(const struct tb_logformat *f, size_t i, const char *name)
{
	while (i-- > 0)
		if (strcmp(tb_logformat_column(f, i)->name, name) == 0)
			return true;
	return false;
}

/* "timestamp, time, date": what the format would take for a field; `near` is what is meant. */
static void list_accepted(const struct tb_columns *c, enum tb_field f, struct tb_buf *names,
			  const char **near)
{
	const struct tb_logcolumn *as;

	*near = NULL;
	for (size_t i = 0; (as = tb_logformat_column(c->format, i)) != NULL; i++) {
		if (as->field != f || (!as->path && named_before(c->format, i, as->name)))
			continue;
		tb_buf_printf(names, "%s%s", names->n ? ", " : "", as->name);
		if (as->path)
			tb_buf_printf(names, ".%s", as->path);
		if (!*near)
			*near = tb_nearest(tb_span_of(as->name), free_column_candidate, c);
	}
}

static void refuse_missing(struct header *h, enum tb_field f)
{
	const struct tb_columns *c = h->columns;
	struct tb_buf names = {0};
	const char *near;

	list_accepted(c, f, &names, &near);
	if (names.n == 0)
		refuse_header(h, NULL, "the %s format has no column for %s; %s", c->format->name,
			      tb_fields[f].name,
			      f == TB_FIELD_TIME ? "say which day its rows lie on: --on-date DATE"
						 : "name it with --map");
	else if (near && *near)
		refuse_header(h, NULL, "no column for %s (accepted: %s); is '%s' meant?",
			      tb_fields[f].name, names.p, near);
	else
		refuse_header(h, NULL, "no column for %s (accepted: %s)", tb_fields[f].name,
			      names.p);
	tb_buf_release(&names);
}

/* Where rows hold one class of tokens each, the classes are what is required. */
static bool is_required(const struct tb_columns *c, enum tb_field f)
{
	if (f == TB_FIELD_TIME)
		return !c->has_day;
	if (f == TB_FIELD_AMOUNT)
		return c->by_class;
	return tb_fields[f].required && !(c->by_class && tb_fields[f].kind == TB_READ_COUNT);
}

/* An export of a period without any usage may have the columns of the time alone. */
static bool is_idle_export(const struct tb_columns *c)
{
	if (!(c->conventions & TB_LOG_IDLE_ROWS))
		return false;
	for (size_t i = 0; i < c->bound_count; i++)
		if (c->bound[i].as->field != TB_FIELD_TIME)
			return false;
	return true;
}

static void check_required(struct header *h)
{
	h->columns->by_class = tb_columns_reads(h->columns, TB_FIELD_CLASS);
	if (is_idle_export(h->columns))
		return;
	for (int f = 0; f < TB_ALL_FIELDS; f++)
		if (is_required(h->columns, (enum tb_field)f) &&
		    !tb_columns_reads(h->columns, (enum tb_field)f)) {
			refuse_missing(h, (enum tb_field)f);
			h->lacks_column = true;
		}
}

static void ask(struct header *h, const char *name, bool *missing)
{
	struct tb_columns *c = h->columns;
	int column = tb_columns_named(c, name, c->count);
	const char *near;

	assert(c->asked_count < TB_ASKED_MAX);
	c->asked[c->asked_count++] = column;
	if (column != TB_COLUMN_NONE) {
		c->wanted[column] = 1;
		return;
	}
	*missing = true;
	near = tb_nearest(tb_span_of(name), column_candidate, c);
	if (near && *near)
		refuse_header(h, name, "--by names no column of this log; did you mean '%s'?",
			      near);
	else
		refuse_header(h, name, "--by names no column of this log");
}

static bool copy_names(struct tb_columns *c, const struct tb_span *names, size_t n)
{
	size_t bytes = 1;
	char *p;

	for (size_t i = 0; i < n; i++)
		bytes += names[i].n + 1;
	c->names = p = malloc(bytes);
	c->name = calloc(n + 1, sizeof(*c->name));
	c->wanted = calloc(n + 1, 1);
	if (!c->names || !c->name || !c->wanted)
		return false;
	for (size_t i = 0; i < n; i++) {
		memcpy(p, names[i].p, names[i].n);
		p[names[i].n] = '\0';
		c->name[i] = p;
		p += names[i].n + 1;
	}
	c->count = n;
	return true;
}

/* A header of one column is most often one of another separator. */
static bool refuse_separator(struct header *h)
{
	static const char separators[] = ";\t|";

	for (const char *s = separators; h->columns->count == 1 && *s; s++)
		if (strchr(h->columns->name[0], *s)) {
			refuse_header(h, h->columns->name[0],
				      "found 1 column; is the separator '%s' instead of a comma?",
				      *s == '\t'  ? "tab"
				      : *s == ';' ? ";"
						  : "|");
			return true;
		}
	return false;
}

static void refuse_unlike(struct header *h, const struct tb_logformat *nearest)
{
	const struct tb_columns *c = h->columns;
	struct tb_buf missing = {0};

	tb_recognise_missing(nearest, c->name, c->count, &missing);
	refuse_header(
		h, NULL,
		"not the header of a log that is known here; nearest is the format '%s' (%s), which "
		"lacks: %s. See `tokbill formats`, --format and --map",
		nearest->name, nearest->title, missing.failed ? "" : missing.p);
	tb_buf_release(&missing);
}

/* False when the header cannot be read as any format. */
static bool choose_format(struct header *h)
{
	struct tb_columns *c = h->columns;
	struct tb_recognition r = {.format = h->choice->forced};

	if (!r.format)
		r = tb_recognise(c->name, c->count, h->choice->own);
	c->format = r.format;
	c->conventions = r.format->conventions;
	if (r.rival)
		refuse_header(h, NULL,
			      "fits the formats '%s' and '%s' alike; choose one with --format",
			      r.format->name, r.rival->name);
	else if (r.nearest)
		refuse_unlike(h, r.nearest);
	else if (c->conventions & TB_LOG_NO_USAGE)
		refuse_header(h, NULL, "this is the format '%s' (%s): %s", r.format->name,
			      r.format->title, r.format->note);
	return !r.rival && !r.nearest && !(c->conventions & TB_LOG_NO_USAGE);
}

/* What the user says is there must be there: nothing else is read in its place. */
static void check_overrides(struct header *h)
{
	const struct tb_columns *c = h->columns;

	if (!(c->conventions & TB_LOG_OVERRIDES))
		return;
	for (const struct tb_logcolumn *as = c->format->columns; as->name; as++) {
		const char *near;

		if (tb_columns_called(c, as->name) != TB_COLUMN_NONE)
			continue;
		near = tb_nearest(tb_span_of(as->name), column_candidate, c);
		refuse_header(h, as->name,
			      "is to be read for %s (%s), and the log has no such column%s%s%s",
			      tb_fields[as->field].name, c->format->title,
			      near && *near ? "; is '" : "", near && *near ? near : "",
			      near && *near ? "' meant?" : "");
	}
}

/* Whether a column feeds the field by itself, not by what may stand in an object. */
static bool has_own_column(const struct tb_columns *c, enum tb_field f)
{
	for (size_t i = 0; i < c->bound_count; i++)
		if (c->bound[i].as->field == f && !c->bound[i].as->path)
			return true;
	return false;
}

/* What a column of tokbill's own log says would be lost, and change the bill. */
static void check_unread(struct header *h)
{
	const struct tb_columns *c = h->columns;

	if (h->choice->forced || c->format->base || (c->conventions & TB_LOG_OVERRIDES) ||
	    c->format == &tb_log_tokbill)
		return;
	for (const struct tb_logcolumn *as = tb_log_tokbill.columns; as->name; as++)
		if (as->field != TB_FIELD_ID && as->field != TB_FIELD_REGION &&
		    as->field != TB_FIELD_TOTAL && !has_own_column(c, as->field) &&
		    tb_columns_named(c, as->name, c->count) != TB_COLUMN_NONE)
			refuse_header(
				h, as->name,
				"is not read by the format '%s', which the header is told by; choose "
				"with --format, or remove or rename the column",
				c->format->name);
}

static void take_day(struct header *h)
{
	struct tb_columns *c = h->columns;

	if (!h->choice->has_day)
		return;
	if (tb_columns_reads(c, TB_FIELD_TIME))
		refuse_header(h, tb_columns_label(c, TB_FIELD_TIME),
			      "gives the time of each row; leave out --on-date");
	c->has_day = true;
	c->day = h->choice->day;
}

/* False when memory is out. */
static bool watch_unread(struct header *h)
{
	const char *one_more = NULL;

	if (!tb_unread_watch(h->columns, h->choice, &one_more))
		return false;
	if (one_more)
		refuse_header(h, one_more,
			      "is one more of over 64 columns that look like usage and are not "
			      "read; name them with --map FIELD=COLUMN or --ignore COLUMN");
	return true;
}

/* False when memory is out. */
static bool take_columns(struct header *h)
{
	struct tb_columns *c = h->columns;

	if (c->count - own_column_count(c) > TB_COLUMNS_MAX)
		refuse_header(h, NULL, "more than 1024 columns");
	if (!choose_format(h))
		return true;
	if (!bind_all(h))
		return false;
	for (size_t i = 0; i < c->count; i++)
		check_name(h, i);
	take_day(h);
	check_overrides(h);
	check_unread(h);
	check_required(h);
	return watch_unread(h);
}

enum tb_status tb_columns_read(struct tb_columns *c, const struct tb_span *names, size_t n,
			       const struct tb_format_choice *choice, const char *const *asked,
			       size_t asked_count, const char *file, uint64_t line,
			       struct tb_problems *problems, struct tb_err *err)
{
	static const struct tb_format_choice by_header;
	struct header h = {c, choice ? choice : &by_header, file, line, problems, false};
	uint64_t before = problems->total;
	bool missing = false;

	*c = (struct tb_columns){.unread_id = TB_COLUMN_NONE};
	for (int f = 0; f < TB_FIELDS; f++)
		c->field[f] = TB_COLUMN_NONE;
	if (!copy_names(c, names, n))
		return tb_fail_nomem(err);
	if (!refuse_separator(&h) && !take_columns(&h))
		return tb_fail_nomem(err);
	if (problems->total != before)
		return tb_fail(err, TB_DATA, "%s: the header cannot be used%s", file,
			       h.lacks_column
				       ? "; --map FIELD=COLUMN reads a field from a column of "
					 "another name"
				       : "");
	for (int f = 0; f < TB_FIELDS; f++)
		c->present |= c->field[f] == TB_COLUMN_NONE ? 0 : TB_FIELD_BIT(f);
	if (c->unread_count)
		c->present |= TB_UNREAD_BIT;
	for (size_t i = 0; i < asked_count; i++)
		ask(&h, asked[i], &missing);
	return missing ? tb_fail(err, TB_USAGE, "%s: a column of --by is missing", file) : TB_OK;
}
