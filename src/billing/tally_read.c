#include "billing/tally_inside.h"

#include <string.h>

size_t tb_tally_count(const struct tb_tally *t)
{
	return t->column_count ? t->groups.cells : t->keys.n;
}

size_t tb_tally_groups(const struct tb_tally *t)
{
	return t->column_count ? tb_text_groups_bound(&t->groups) : 1;
}

size_t tb_tally_cells(const struct tb_tally *t, size_t group)
{
	return t->column_count ? tb_text_groups_size(&t->groups, group) : t->keys.n;
}

size_t tb_tally_classes(const struct tb_tally *t)
{
	return t->keys.n;
}

uint32_t tb_tally_class(const struct tb_tally *t, struct tb_cell_at at)
{
	return t->column_count ? tb_text_groups_class(&t->groups, at.group, at.cell)
			       : (uint32_t)at.cell;
}

struct tb_cell tb_tally_cell(const struct tb_tally *t, struct tb_cell_at at)
{
	struct tb_cell out;

	if (t->column_count)
		tb_text_groups_cell(&t->groups, at.group, at.cell, &out);
	else
		out = t->cells[at.cell];
	return out;
}

/* To the first cell of the next group that has any, unless there is one at hand. */
static bool settle(const struct tb_tally *t, struct tb_cell_at *at)
{
	if (at->cell < tb_tally_cells(t, at->group))
		return true;
	at->cell = 0;
	for (size_t n = tb_tally_groups(t); ++at->group < n;)
		if (tb_tally_cells(t, at->group))
			return true;
	return false;
}

bool tb_tally_first(const struct tb_tally *t, struct tb_cell_at *at)
{
	*at = (struct tb_cell_at){0, 0};
	return settle(t, at);
}

bool tb_tally_next(const struct tb_tally *t, struct tb_cell_at *at)
{
	at->cell++;
	return settle(t, at);
}

struct tb_cell_key tb_tally_class_key(const struct tb_tally *t, size_t class)
{
	struct tb_cell_key key = {0};
	struct tb_class_head head;

	memcpy(&head, tb_keytab_key(&t->keys, (uint32_t) class).p, sizeof(head));
	key.tag = head.tag;
	key.era = head.era;
	key.period = head.period;
	key.terms = (struct tb_terms){(enum tb_tier)head.tier, (enum tb_context)head.context,
				      head.uplift};
	key.reported = head.reported;
	return key;
}

void tb_tally_texts(const struct tb_tally *t, size_t group,
		    struct tb_span texts[TB_GROUP_COLUMNS_MAX])
{
	if (t->column_count)
		tb_texts_split(tb_text_groups_text(&t->groups, group), texts, t->column_count);
}

struct tb_cell_key tb_tally_key(const struct tb_tally *t, struct tb_cell_at at)
{
	struct tb_cell_key key = tb_tally_class_key(t, tb_tally_class(t, at));

	tb_tally_texts(t, at.group, key.texts);
	return key;
}

void tb_tally_prefetch(const struct tb_tally *t, size_t group)
{
	if (t->column_count)
		tb_text_groups_prefetch(&t->groups, group);
}

void tb_tally_prefetch_cells(const struct tb_tally *t, size_t group)
{
	if (t->column_count)
		tb_text_groups_prefetch_cells(&t->groups, group);
}

const struct tb_grouping *tb_tally_grouping(const struct tb_tally *t)
{
	return t->grouping;
}
