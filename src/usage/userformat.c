#include "usage/userformat.h"

#include <stdlib.h>
#include <string.h>

/* Whether a column of a user's can feed the field. */
static bool may_be_mapped(enum tb_field f)
{
	return f < TB_ALL_FIELDS && (f < TB_FIELDS || tb_fields[f].flags & TB_FIELD_MAPPED);
}

static bool feeds(const struct tb_user_format *u, enum tb_field f)
{
	for (size_t i = 0; i < u->count; i++)
		if (u->columns[i].field == f)
			return true;
	return false;
}

const char *tb_user_format_add(struct tb_user_format *u, struct tb_span field,
			       struct tb_span column)
{
	enum tb_field f = tb_field_named(field);
	const char *name;

	if (!may_be_mapped(f))
		return "no field of a usage log";
	if (column.n == 0)
		return "no column is named";
	if (feeds(u, f))
		return "the field has a column already";
	name = tb_arena_text(&u->arena, column.p, column.n);
	if (!name || !tb_grow(&u->columns, &u->cap, u->count + 1, sizeof(*u->columns)))
		return "";
	u->columns[u->count++] = (struct tb_logcolumn){.name = name, .field = f, .signs = 1};
	return NULL;
}

static const struct {
	const char *name, *off, *on;
	unsigned convention;
	const char *why; /* what else the value can be */
} conventions[] = {
	{"cached", "included", "apart", TB_LOG_CACHED_APART,
	 "not one of included (cached reads and writes are part of the input), apart"},
	{"reasoning", "included", "added", TB_LOG_REASONING_ADDED,
	 "not one of included (reasoning is part of the output), added"},
	{"vendor_prefix", "no", "yes", TB_LOG_VENDOR_PREFIX,
	 "not one of no, yes (models may be called vendor/model)"},
	{"blank_counts", "refused", "zero", TB_LOG_BLANK_IS_ZERO, "not one of refused, zero"},
	{"rows_without_usage", "refused", "skipped", TB_LOG_IDLE_ROWS,
	 "not one of refused, skipped"},
};

const char *tb_user_format_convention(struct tb_user_format *u, struct tb_span name,
				      struct tb_span value, bool *known)
{
	*known = true;
	for (size_t i = 0; i < sizeof(conventions) / sizeof(conventions[0]); i++) {
		if (!tb_span_is(name, conventions[i].name))
			continue;
		u->said |= conventions[i].convention;
		if (tb_span_is(value, conventions[i].on))
			u->format.conventions |= conventions[i].convention;
		else if (!tb_span_is(value, conventions[i].off))
			return conventions[i].why;
		return NULL;
	}
	*known = false;
	return NULL;
}

/* The words of the field in the format that the user's stands on; NULL: those of the own log. */
static const struct tb_logword *words_in(const struct tb_logformat *base, enum tb_field f)
{
	const struct tb_logcolumn *c;

	for (size_t i = 0; (c = tb_logformat_column(base, i)) != NULL; i++)
		if (c->field == f && tb_fields[f].kind == TB_READ_WORD)
			return c->words;
	return NULL;
}

bool tb_user_format_finish(struct tb_user_format *u, const char *name, const char *title,
			   const struct tb_logformat *base)
{
	if (!tb_grow(&u->columns, &u->cap, u->count + 1, sizeof(*u->columns)))
		return false;
	for (size_t i = 0; i < u->count; i++)
		u->columns[i].words = words_in(base, u->columns[i].field);
	u->columns[u->count] = (struct tb_logcolumn){0};
	u->format.name = name;
	u->format.title = title;
	u->format.columns = u->count ? u->columns : base->columns;
	u->format.base = u->count ? base : base->base;
	u->format.conventions |= (base->conventions & ~u->said) | (u->count ? TB_LOG_OVERRIDES : 0);
	u->format.zone = u->format.zone ? u->format.zone : base->zone;
	u->format.note = base->note;
	return true;
}

void tb_user_format_release(struct tb_user_format *u)
{
	tb_arena_release(&u->arena);
	free(u->columns);
	*u = (struct tb_user_format){0};
}
