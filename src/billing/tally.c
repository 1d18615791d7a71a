#include "billing/tally_inside.h"

#include "base/parallel_for.h"

#include <stdlib.h>
#include <string.h>

static void start_empty(struct tb_tally *t)
{
	tb_keytab_init(&t->keys);
	for (size_t i = 0; i < TB_TALLY_RECENT; i++)
		t->recent[i].number = TB_KEYTAB_NONE;
	t->last_day = INT32_MIN;
	tb_text_groups_init(&t->groups, t->grouping->hash_key, t->grouping->max_cells);
}

struct tb_tally *tb_tally_new(const struct tb_grouping *grouping)
{
	struct tb_tally *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->grouping = grouping;
	t->by_date = tb_grouping_has(grouping, TB_BY_DATE);
	for (size_t i = 0; i < grouping->count; i++)
		t->column_count += grouping->columns[i].by == TB_BY_COLUMN;
	start_empty(t);
	return t;
}

void tb_tally_clear(struct tb_tally *t)
{
	tb_keytab_release(&t->keys);
	tb_text_groups_release(&t->groups);
	memset(&t->alike, 0, sizeof(t->alike));
	start_empty(t);
}

void tb_tally_free(struct tb_tally *t)
{
	if (!t)
		return;
	tb_keytab_release(&t->keys);
	tb_text_groups_release(&t->groups);
	tb_buf_release(&t->texts);
	free(t->cells);
	free(t);
}

static int32_t period_of(struct tb_tally *t, int32_t day)
{
	if (day != t->last_day) {
		t->last_day = day;
		t->last_period = t->by_date ? tb_period_start(t->grouping->period, day) : 0;
	}
	return t->last_period;
}

static struct tb_span texts_of(struct tb_tally *t, const struct tb_usage *u)
{
	return tb_texts_join(&t->texts, u->columns, t->column_count);
}

static enum tb_status too_many(const struct tb_tally *t, struct tb_err *err)
{
	return tb_fail(err, TB_DATA,
		       "more than %zu tallies (one for each group, price era, tier and "
		       "context); group by less (--by), or allow more (--max-groups)",
		       t->grouping->max_cells);
}

static enum tb_status reported_too_large(struct tb_err *err)
{
	return tb_fail(err, TB_DATA, "reported amounts add up to more than can be exact");
}

/* The number of a class, with an empty cell when it is new. */
static enum tb_status class_of(struct tb_tally *t, const struct tb_class_head *head,
			       uint32_t *number, struct tb_err *err)
{
	bool added;

	/* The room comes first: no key is ever there without its cell. */
	if (!tb_grow(&t->cells, &t->cap, t->keys.n + 1, sizeof(*t->cells)))
		return tb_fail_nomem(err);
	*number = tb_keytab_put(&t->keys, head, sizeof(*head), &added);
	if (*number == TB_KEYTAB_NONE)
		return tb_fail_nomem(err);
	if (!added)
		return TB_OK;
	t->cells[*number] = (struct tb_cell){0};
	if (t->grouping->max_cells && t->keys.n > t->grouping->max_cells)
		return too_many(t, err);
	return TB_OK;
}

static struct tb_recent_class *recent_slot(struct tb_tally *t, const struct tb_class_head *h)
{
	uint32_t mixed = (h->era * TB_TIERS + h->tier) * TB_CONTEXTS + h->context;

	mixed += (uint32_t)h->tag * 61;
	return &t->recent[(mixed * 37 + (uint32_t)h->period) % TB_TALLY_RECENT];
}

static enum tb_status class_of_row(struct tb_tally *t, const struct tb_class_head *head,
				   uint32_t *number, struct tb_err *err)
{
	struct tb_recent_class *r = recent_slot(t, head);

	if (r->number != TB_KEYTAB_NONE && memcmp(&r->head, head, sizeof(*head)) == 0) {
		*number = r->number;
		return TB_OK;
	}
	TB_TRY(class_of(t, head, number, err));
	*r = (struct tb_recent_class){*head, *number};
	return TB_OK;
}

/* Logs report dollars; against another currency they say nothing. */
static bool is_compared(const struct tb_tally *t, const struct tb_usage *u,
			const struct tb_rated *rated)
{
	return t->grouping->compare && u->has_reported && strcmp(rated->era->currency, "USD") == 0;
}

static struct tb_class_head head_of(struct tb_tally *t, const struct tb_usage *u,
				    const struct tb_rated *rated, int32_t day, uint64_t tag)
{
	return (struct tb_class_head){.tag = tag,
				      .era = rated->era->number,
				      .period = period_of(t, day),
				      .tier = (uint8_t)rated->terms.tier,
				      .context = (uint8_t)rated->terms.context,
				      .uplift = (uint8_t)rated->terms.uplift,
				      .reported = is_compared(t, u, rated)};
}

/* What groups cannot do, in words. */
static enum tb_status say(const struct tb_tally *t, enum tb_status st, struct tb_err *err)
{
	switch (st) {
	case TB_OK:
		return TB_OK;
	case TB_DATA:
		return too_many(t, err);
	case TB_INTERNAL:
		return reported_too_large(err);
	default:
		return tb_fail_nomem(err);
	}
}

static enum tb_status add_cell(struct tb_tally *t, const struct tb_usage *u, uint32_t class,
			       const struct tb_cell *x, struct tb_err *err)
{
	struct tb_group_key key;

	if (!t->column_count)
		return tb_cell_add(&t->cells[class], x) ? TB_OK : reported_too_large(err);
	key = tb_text_groups_key(&t->groups, texts_of(t, u));
	if (t->texts.failed)
		return tb_fail_nomem(err);
	return say(t, tb_text_groups_add(&t->groups, &key, class, x), err);
}

/* A row in the cell of its texts. */
static enum tb_status count_texts(struct tb_tally *t, const struct tb_usage *u, uint32_t class)
{
	struct tb_group_key key = tb_text_groups_key(&t->groups, texts_of(t, u));

	return t->texts.failed ? TB_NOMEM : tb_text_groups_count(&t->groups, &key, class, u);
}

static enum tb_status add(struct tb_tally *t, const struct tb_usage *u,
			  const struct tb_rated *rated, int32_t day, uint64_t tag, uint32_t *number,
			  struct tb_err *err)
{
	struct tb_class_head head = head_of(t, u, rated, day, tag);

	TB_TRY(class_of_row(t, &head, number, err));
	if (head.reported) {
		struct tb_cell x = {.reported = u->reported};

		tb_cell_count(&x, u);
		return add_cell(t, u, *number, &x, err);
	}
	if (t->column_count)
		return say(t, count_texts(t, u, *number), err);
	tb_cell_count(&t->cells[*number], u);
	return TB_OK;
}

enum tb_status tb_tally_add_tagged(struct tb_tally *t, const struct tb_usage *u,
				   const struct tb_rated *rated, int32_t day, uint64_t tag,
				   const struct tb_row_cache_limits *limits, struct tb_err *err)
{
	uint32_t number = 0;

	TB_TRY(add(t, u, rated, day, tag, &number, err));
	if (limits)
		tb_row_cache_learn(&t->alike, u, rated, day, number, t->grouping->zone, limits);
	return TB_OK;
}

uint32_t tb_tally_find_alike(const struct tb_tally *t, const struct tb_usage *u)
{
	return t->column_count ? TB_ROW_CACHE_NONE : tb_row_cache_find(&t->alike, u);
}

void tb_tally_count_alike(struct tb_tally *t, uint32_t cell, const struct tb_usage *u)
{
	tb_cell_count(&t->cells[cell], u);
}

enum tb_status tb_tally_add(struct tb_tally *t, const struct tb_usage *u,
			    const struct tb_rated *rated, int32_t day, struct tb_err *err)
{
	uint32_t number = 0;

	TB_TRY(add(t, u, rated, day, 0, &number, err));
	tb_row_cache_learn(&t->alike, u, rated, day, number, t->grouping->zone, NULL);
	return TB_OK;
}

/*
 * Rows of those classes, up to the first that cannot be counted; how many. What the memory has to
 * give for one column's texts is asked for before it is needed; several are put together in one
 * place, and so one after the other.
 */
static size_t count_rows(struct tb_tally *t, const struct tb_usage *u, const uint32_t *classes,
			 size_t n)
{
	struct tb_group_key keys[TB_ROW_CACHE_ROWS];
	bool ahead = t->column_count == 1;
	size_t i = 0;

	for (size_t k = 0; ahead && k < n; k++)
		keys[k] = tb_text_groups_key(&t->groups, u[k].columns[0]);
	for (size_t k = 0; ahead && k < n; k++)
		tb_text_groups_fetch(&t->groups, &keys[k]);
	for (size_t k = 0; ahead && k < n; k++)
		tb_text_groups_fetch_cells(&t->groups, &keys[k]);
	for (; i < n; i++) {
		enum tb_status st =
			ahead ? tb_text_groups_count(&t->groups, &keys[i], classes[i], &u[i])
			      : count_texts(t, &u[i], classes[i]);

		if (st != TB_OK)
			break;
	}
	return i;
}

/* First all are found, then all are counted: each takes the registers that there are. */
size_t tb_tally_add_alike(struct tb_tally *t, const struct tb_usage *u, size_t n)
{
	uint32_t cells[TB_ROW_CACHE_ROWS];
	size_t found = 0, most = n < TB_ROW_CACHE_ROWS ? n : TB_ROW_CACHE_ROWS;

	for (; found < most; found++) {
		cells[found] = tb_row_cache_find(&t->alike, &u[found]);
		if (cells[found] == TB_ROW_CACHE_NONE)
			break;
	}
	if (t->column_count)
		return count_rows(t, u, cells, found);
	for (size_t i = 0; i < found; i++)
		tb_cell_count(&t->cells[cells[i]], &u[i]);
	return found;
}

enum tb_status tb_tally_add_times(struct tb_tally *t, const struct tb_usage *u,
				  const struct tb_rated *rated, int32_t day, uint64_t times,
				  struct tb_err *err)
{
	struct tb_class_head head = head_of(t, u, rated, day, 0);
	struct tb_cell x = {.requests = (tb_u128)u->requests * times};
	uint32_t number = 0;

	for (int m = 0; m < TB_METERS; m++)
		x.tokens[m] = (tb_u128)u->tokens[m] * times;
	TB_TRY(class_of_row(t, &head, &number, err));
	return add_cell(t, u, number, &x, err);
}

/* ---- merging ---- */

struct merging {
	struct tb_tally *to;
	const struct tb_tally *from;
	const uint32_t *classes;
	enum tb_status results[TB_GROUP_PARTS];
};

static void merge_part(void *ctx, size_t part)
{
	struct merging *m = ctx;

	m->results[part] = tb_text_groups_merge(&m->to->groups, &m->from->groups, part, m->classes);
}

/* `classes`: what the other's classes are called here. */
static enum tb_status merge_groups(struct tb_tally *t, const struct tb_tally *other,
				   const uint32_t *classes, size_t threads, struct tb_err *err)
{
	struct merging m = {.to = t, .from = other, .classes = classes};

	tb_parallel_for(threads, TB_GROUP_PARTS, merge_part, &m);
	for (int i = 0; i < TB_GROUP_PARTS; i++)
		TB_TRY(say(t, m.results[i], err));
	return tb_text_groups_recount(&t->groups) ? TB_OK : too_many(t, err);
}

static enum tb_status merge_classes(struct tb_tally *t, const struct tb_tally *other,
				    uint32_t *classes, struct tb_err *err)
{
	for (size_t i = 0; i < other->keys.n; i++) {
		struct tb_class_head head;

		memcpy(&head, tb_keytab_key(&other->keys, (uint32_t)i).p, sizeof(head));
		TB_TRY(class_of(t, &head, &classes[i], err));
		if (!tb_cell_add(&t->cells[classes[i]], &other->cells[i]))
			return reported_too_large(err);
	}
	return TB_OK;
}

enum tb_status tb_tally_merge(struct tb_tally *t, const struct tb_tally *other, size_t threads,
			      struct tb_err *err)
{
	uint32_t *classes = calloc(other->keys.n + 1, sizeof(*classes));
	enum tb_status st;

	if (!classes)
		return tb_fail_nomem(err);
	st = merge_classes(t, other, classes, err);
	if (st == TB_OK && t->column_count)
		st = merge_groups(t, other, classes, threads, err);
	free(classes);
	return st;
}

/* Sums are kept modulo 2^128, and so is what is added here to take something off. */
static struct tb_cell negative(struct tb_cell x)
{
	for (int m = 0; m < TB_METERS; m++)
		x.tokens[m] = -x.tokens[m];
	x.requests = -x.requests;
	x.reported = tb_money_difference(TB_NO_MONEY, x.reported);
	return x;
}

enum tb_status tb_tally_take_out(struct tb_tally *t, const struct tb_tally *copies,
				 struct tb_err *err)
{
	struct tb_cell_at at;

	for (bool more = tb_tally_first(copies, &at); more; more = tb_tally_next(copies, &at)) {
		struct tb_cell x = negative(tb_tally_cell(copies, at));
		struct tb_group_key key;
		struct tb_class_head head;
		uint32_t class = 0;

		memcpy(&head, tb_keytab_key(&copies->keys, tb_tally_class(copies, at)).p,
		       sizeof(head));
		TB_TRY(class_of(t, &head, &class, err));
		if (t->column_count) {
			key = tb_text_groups_key(&t->groups,
						 tb_text_groups_text(&copies->groups, at.group));
			TB_TRY(say(t, tb_text_groups_add(&t->groups, &key, class, &x), err));
		} else if (!tb_cell_add(&t->cells[class], &x)) {
			return reported_too_large(err);
		}
	}
	return TB_OK;
}
