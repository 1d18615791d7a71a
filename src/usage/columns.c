#include "usage/columns.h"

#include "base/mem.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_MAX = 6 };

/* Contract section 3: the names that a log may use for what we read. */
static const struct {
	const char *names[NAMES_MAX]; /* the first is the one that messages propose */
	bool required;
} fields[TB_FIELDS] = {
	[TB_FIELD_TIME] = {{"timestamp", "time", "date", "created_at", "start_time"}, true},
	[TB_FIELD_MODEL] = {{"model"}, true},
	[TB_FIELD_INPUT] = {{"input_tokens", "prompt_tokens"}, true},
	[TB_FIELD_CACHED_READ] = {{"cached_read_tokens", "cached_tokens", "cached_input_tokens",
				   "input_cached_tokens"},
				  false},
	[TB_FIELD_CACHE_WRITE] = {{"cache_write_tokens"}, false},
	[TB_FIELD_CACHE_WRITE_1H] = {{"cache_write_1h_tokens"}, false},
	[TB_FIELD_OUTPUT] = {{"output_tokens", "completion_tokens"}, true},
	[TB_FIELD_REASONING] = {{"reasoning_tokens"}, false},
	[TB_FIELD_BATCH] = {{"batch"}, false},
	[TB_FIELD_SERVICE_TIER] = {{"service_tier"}, false},
	[TB_FIELD_REQUESTS] = {{"requests", "num_model_requests"}, false},
	[TB_FIELD_CONTEXT] = {{"context"}, false},
	[TB_FIELD_ID] = {{"request_id"}, false},
	[TB_FIELD_REGION] = {{"region"}, false},
	[TB_FIELD_WEB_SEARCHES] = {{"web_searches"}, false},
};

/* Columns that a rejects file carries; fed back again and again it carries them again and again. */
static const char *const own_columns[] = {"reject_line", "reject_reason"};

struct header {
	struct tb_columns *columns;
	const char *file;
	uint64_t line;
	struct tb_problems *problems;
};

static void refuse(struct header *h, const char *column, const char *fmt, ...) TB_PRINTF(3, 4);

static void refuse(struct header *h, const char *column, const char *fmt, ...)
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

const char *tb_columns_label(const struct tb_columns *c, enum tb_field field)
{
	return c->field[field] == TB_COLUMN_NONE ? fields[field].names[0]
						 : c->name[c->field[field]];
}

static bool is_own_column(const char *name)
{
	for (size_t i = 0; i < sizeof(own_columns) / sizeof(own_columns[0]); i++)
		if (strcmp(name, own_columns[i]) == 0)
			return true;
	return false;
}

static size_t own_column_count(const struct tb_columns *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->count; i++)
		n += is_own_column(c->name[i]);
	return n;
}

static enum tb_field field_named(const char *name)
{
	for (int f = 0; f < TB_FIELDS; f++)
		for (int i = 0; i < NAMES_MAX && fields[f].names[i]; i++)
			if (strcmp(fields[f].names[i], name) == 0)
				return (enum tb_field)f;
	return TB_FIELDS;
}

/* The accepted name that differs from `name` only by case or by blanks around it, or NULL. */
static const char *nearly_accepted(const char *name)
{
	struct tb_span bare = tb_span_trim(tb_span_of(name));

	for (int f = 0; f < TB_FIELDS; f++)
		for (int i = 0; i < NAMES_MAX && fields[f].names[i]; i++)
			if (tb_span_equal_nocase(bare, tb_span_of(fields[f].names[i])))
				return fields[f].names[i];
	return NULL;
}

static int column_named(const struct tb_columns *c, const char *name, size_t before)
{
	for (size_t i = 0; i < before; i++)
		if (strcmp(c->name[i], name) == 0)
			return (int)i;
	return TB_COLUMN_NONE;
}

static void take_column(struct header *h, size_t i)
{
	struct tb_columns *c = h->columns;
	const char *name = c->name[i], *near;
	enum tb_field f = field_named(name);

	if (*name && !is_own_column(name) && column_named(c, name, i) != TB_COLUMN_NONE) {
		refuse(h, name, "two columns of that name");
		return;
	}
	if (f != TB_FIELDS && c->field[f] != TB_COLUMN_NONE) {
		refuse(h, name, "says the same as column '%s'; remove or rename one of them",
		       c->name[c->field[f]]);
		return;
	}
	if (f != TB_FIELDS) {
		c->field[f] = (int)i;
		c->wanted[i] = 1;
		return;
	}
	near = nearly_accepted(name);
	if (near)
		refuse(h, name, "names are matched exactly; write '%s'", near);
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

static void refuse_missing(struct header *h, enum tb_field f)
{
	char names[160] = "";
	const char *near = NULL;
	size_t n = 0;

	for (int i = 0; i < NAMES_MAX && fields[f].names[i]; i++) {
		n += (size_t)snprintf(names + n, sizeof(names) - n, "%s%s", i ? ", " : "",
				      fields[f].names[i]);
		if (!near)
			near = tb_nearest(tb_span_of(fields[f].names[i]), free_column_candidate,
					  h->columns);
	}
	if (near && *near)
		refuse(h, NULL, "no column for %s (accepted: %s); is '%s' meant?",
		       fields[f].names[0], names, near);
	else
		refuse(h, NULL, "no column for %s (accepted: %s)", fields[f].names[0], names);
}

static void ask(struct header *h, const char *name, bool *missing)
{
	struct tb_columns *c = h->columns;
	int column = column_named(c, name, c->count);
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
		refuse(h, name, "--by names no column of this log; did you mean '%s'?", near);
	else
		refuse(h, name, "--by names no column of this log");
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
			refuse(h, h->columns->name[0],
			       "found 1 column; is the separator '%s' instead of a comma?",
			       *s == '\t'  ? "tab"
			       : *s == ';' ? ";"
					   : "|");
			return true;
		}
	return false;
}

enum tb_status tb_columns_read(struct tb_columns *c, const struct tb_span *names, size_t n,
			       const char *const *asked, size_t asked_count, const char *file,
			       uint64_t line, struct tb_problems *problems, struct tb_err *err)
{
	struct header h = {c, file, line, problems};
	uint64_t before = problems->total;
	bool missing = false;

	*c = (struct tb_columns){0};
	for (int f = 0; f < TB_FIELDS; f++)
		c->field[f] = TB_COLUMN_NONE;
	if (!copy_names(c, names, n))
		return tb_fail_nomem(err);
	if (refuse_separator(&h))
		return tb_fail(err, TB_DATA, "%s: the header cannot be used", file);
	if (n - own_column_count(c) > TB_COLUMNS_MAX)
		refuse(&h, NULL, "more than 1024 columns");
	for (size_t i = 0; i < n; i++)
		take_column(&h, i);
	for (int f = 0; f < TB_FIELDS; f++)
		if (fields[f].required && c->field[f] == TB_COLUMN_NONE)
			refuse_missing(&h, (enum tb_field)f);
	if (problems->total != before)
		return tb_fail(err, TB_DATA, "%s: the header cannot be used", file);
	for (int f = 0; f < TB_FIELDS; f++)
		c->present |= c->field[f] == TB_COLUMN_NONE ? 0 : TB_FIELD_BIT(f);
	for (size_t i = 0; i < asked_count; i++)
		ask(&h, asked[i], &missing);
	return missing ? tb_fail(err, TB_USAGE, "%s: a column of --by is missing", file) : TB_OK;
}

static const char *absent_candidate(const void *ctx, size_t i)
{
	const struct tb_columns *c = ctx;
	size_t n = 0;

	for (int f = 0; f < TB_FIELDS; f++)
		for (int k = 0; c->field[f] == TB_COLUMN_NONE && k < NAMES_MAX; k++)
			if (fields[f].names[k] && n++ == i)
				return fields[f].names[k];
	return NULL;
}

const char *tb_columns_near_miss(const struct tb_columns *c, size_t column)
{
	struct tb_span name = tb_span_of(c->name[column]);

	if (c->wanted[column] || is_own_column(c->name[column]))
		return NULL;
	return tb_nearest(name, absent_candidate, c);
}

void tb_columns_release(struct tb_columns *c)
{
	free(c->names);
	free((void *)c->name);
	free(c->wanted);
	*c = (struct tb_columns){0};
}
