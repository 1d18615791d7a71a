#include "usage/columns.h"

#include <stdlib.h>
#include <string.h>

/* Columns that a rejects file carries; fed back again and again it carries them again and again. */
static const char *const own_columns[] = {"reject_line", "reject_reason"};

const char *tb_columns_label(const struct tb_columns *c, enum tb_field field)
{
	return c->field[field] == TB_COLUMN_NONE ? tb_fields[field].name : c->name[c->field[field]];
}

bool tb_columns_is_own(const char *name)
{
	for (size_t i = 0; i < sizeof(own_columns) / sizeof(own_columns[0]); i++)
		if (strcmp(name, own_columns[i]) == 0)
			return true;
	return false;
}

int tb_columns_named(const struct tb_columns *c, const char *name, size_t before)
{
	for (size_t i = 0; i < before; i++)
		if (strcmp(c->name[i], name) == 0)
			return (int)i;
	return TB_COLUMN_NONE;
}

int tb_columns_called(const struct tb_columns *c, const char *name)
{
	int column = tb_columns_named(c, name, c->count);

	for (size_t i = 0; column == TB_COLUMN_NONE && i < c->count; i++)
		if (tb_names_alike(tb_span_of(c->name[i]), tb_span_of(name)))
			column = (int)i;
	return column;
}

bool tb_columns_reads(const struct tb_columns *c, enum tb_field f)
{
	for (size_t i = 0; i < c->bound_count; i++)
		if (c->bound[i].as->field == f)
			return true;
	return false;
}

void tb_columns_respelled(const struct tb_columns *c, struct tb_buf *out)
{
	for (size_t i = 0; i < c->bound_count; i++) {
		const char *name = c->name[c->bound[i].column], *as = c->bound[i].as->name;

		if (strcmp(name, as) == 0 || (i && c->bound[i - 1].column == c->bound[i].column))
			continue;
		tb_buf_puts(out, out->n ? ", '" : "'");
		tb_buf_visible(out, tb_span_of(name), 0);
		tb_buf_printf(out, "' as %s", as);
	}
}

bool tb_columns_plain(const struct tb_columns *c)
{
	const unsigned same = TB_LOG_IDLE_ROWS | TB_LOG_OVERRIDES | TB_LOG_FLOAT_TIMES;

	if (c->conventions & ~same || c->has_day)
		return false;
	for (int f = 0; f < TB_FIELDS; f++)
		if (tb_fields[f].required && c->field[f] == TB_COLUMN_NONE)
			return false;
	for (size_t i = 0; i < c->bound_count; i++) {
		const struct tb_logcolumn *as = c->bound[i].as;

		if (as->field >= TB_FIELDS || as->path)
			return false;
		if (tb_fields[as->field].kind == TB_READ_TEXT && as->words)
			return false;
		/* Of several columns the first that is not empty counts, and an empty required one
		 * is left to the other reader. */
		if (c->field[as->field] != c->bound[i].column && !tb_fields[as->field].required)
			return false;
	}
	return c->bound_count > 0;
}

/* Names of the format for fields that the log lacks; the others pass as empty names. */
static const char *absent_candidate(const void *ctx, size_t i)
{
	const struct tb_columns *c = ctx;
	const struct tb_logcolumn *as = tb_logformat_column(c->format, i);

	if (!as)
		return NULL;
	return as->field == TB_ALL_FIELDS || tb_columns_reads(c, as->field) ? "" : as->name;
}

/* Whether two names differ by no more than a slip: one place of at most two letters. Other words,
 * such as read and write, are another field's. */
static bool is_slip(struct tb_span a, struct tb_span b)
{
	enum { SLIP_MAX = 2 };

	while (a.n && b.n && (a.p[0] | 0x20) == (b.p[0] | 0x20)) {
		a = (struct tb_span){a.p + 1, a.n - 1};
		b = (struct tb_span){b.p + 1, b.n - 1};
	}
	while (a.n && b.n && (a.p[a.n - 1] | 0x20) == (b.p[b.n - 1] | 0x20)) {
		a.n--;
		b.n--;
	}
	return a.n <= SLIP_MAX && b.n <= SLIP_MAX;
}

const char *tb_columns_near_miss(const struct tb_columns *c, size_t column)
{
	struct tb_span name = tb_span_of(c->name[column]);
	const struct tb_logcolumn *as;
	const char *near;

	if (c->wanted[column] || tb_columns_is_own(c->name[column]))
		return NULL;
	for (size_t i = 0; (as = tb_logformat_column(c->format, i)) != NULL; i++)
		if (tb_names_alike(name, tb_span_of(as->name)))
			return NULL;
	near = tb_nearest(name, absent_candidate, c);
	return near && *near && is_slip(name, tb_span_of(near)) ? near : NULL;
}

void tb_columns_release(struct tb_columns *c)
{
	free(c->names);
	free((void *)c->name);
	free(c->wanted);
	free(c->bound);
	free(c->unread);
	*c = (struct tb_columns){0};
}
