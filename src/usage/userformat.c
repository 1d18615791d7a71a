#include "usage/userformat.h"

#include <stdlib.h>
#include <string.h>

/* Fields that a user's column may feed, and the words it may hold. */
static const struct {
	enum tb_field field;
	const struct tb_logword *words;
} special[] = {
	{TB_FIELD_BATCH, tb_yes_no_words},
	{TB_FIELD_SERVICE_TIER, tb_tier_words},
	{TB_FIELD_CONTEXT, tb_context_words},
	{TB_FIELD_CANCELLED, tb_yes_no_words},
	{TB_FIELD_MORE_INPUT, NULL},
	{TB_FIELD_WRITES, NULL},
	{TB_FIELD_TOTAL, NULL},
	{TB_FIELD_UNPRICED, NULL},
	{TB_FIELD_REPORTED, NULL},
};

/* False when no column of a user's can feed the field. */
static bool words_of(enum tb_field f, const struct tb_logword **words)
{
	*words = NULL;
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		if (special[i].field == f) {
			*words = special[i].words;
			return true;
		}
	return f < TB_FIELDS;
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
	const struct tb_logword *words;
	const char *name;

	if (f == TB_ALL_FIELDS || !words_of(f, &words))
		return "no field of a usage log";
	if (column.n == 0)
		return "no column is named";
	if (feeds(u, f))
		return "the field has a column already";
	name = tb_arena_text(&u->arena, column.p, column.n);
	if (!name || !tb_grow(&u->columns, &u->cap, u->count + 1, sizeof(*u->columns)))
		return "";
	u->columns[u->count++] =
		(struct tb_logcolumn){.name = name, .field = f, .signs = 1, .words = words};
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

bool tb_user_format_finish(struct tb_user_format *u, const char *name, const char *title,
			   const struct tb_logformat *base)
{
	if (!tb_grow(&u->columns, &u->cap, u->count + 1, sizeof(*u->columns)))
		return false;
	u->columns[u->count] = (struct tb_logcolumn){0};
	u->format.name = name;
	u->format.title = title;
	u->format.columns = u->columns;
	u->format.base = base;
	u->format.conventions |= (base->conventions & ~u->said) | TB_LOG_OVERRIDES;
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
