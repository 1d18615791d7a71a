#include "billing/tally.h"

#include "base/keytab.h"
#include "billing/alike.h"

#include <stdlib.h>
#include <string.h>

/* The part of a key that every cell has; the texts follow, each as its length and its bytes. */
struct key_head {
	uint64_t tag;
	uint32_t era;
	int32_t period;
	uint8_t tier, context, uplift;
	uint8_t reported;
	uint8_t unused[4];
};

enum { CACHE_LINE = 64 };

/* Cells used lately, by the head of their key; only where a key is nothing but its head. */
enum { RECENT = 1024 };

struct recent {
	struct key_head head;
	uint32_t number; /* TB_KEYTAB_NONE: unused */
};

struct tb_tally {
	const struct tb_grouping *grouping;
	bool by_date, by_column;
	bool alike_known; /* a UTC day, model and tier may tell a row's cell */
	struct tb_alike alike;
	struct recent recent[RECENT];
	struct tb_keytab keys;
	struct tb_cell *cells; /* by the key's number */
	size_t cap;
	struct tb_buf key; /* of the row being added */
	int32_t last_day, last_period;
};

bool tb_grouping_has(const struct tb_grouping *g, enum tb_by by)
{
	for (size_t i = 0; i < g->count; i++)
		if (g->columns[i].by == by)
			return true;
	return false;
}

int32_t tb_grouping_day(const struct tb_grouping *g, const struct tb_usage *u)
{
	if (u->date_only || !g->zone)
		return tb_day_of_instant(u->instant);
	return tb_day_of_instant(u->instant + tb_zone_offset(g->zone, u->instant));
}

static void start_empty(struct tb_tally *t)
{
	tb_keytab_init(&t->keys);
	for (size_t i = 0; i < RECENT; i++)
		t->recent[i].number = TB_KEYTAB_NONE;
	memset(&t->alike, 0, sizeof(t->alike));
	t->last_day = INT32_MIN;
}

struct tb_tally *tb_tally_new(const struct tb_grouping *grouping)
{
	struct tb_tally *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->grouping = grouping;
	t->by_date = tb_grouping_has(grouping, TB_BY_DATE);
	t->by_column = tb_grouping_has(grouping, TB_BY_COLUMN);
	t->alike_known = !t->by_column && !grouping->zone;
	start_empty(t);
	return t;
}

void tb_tally_clear(struct tb_tally *t)
{
	tb_keytab_release(&t->keys);
	start_empty(t);
}

void tb_tally_free(struct tb_tally *t)
{
	if (!t)
		return;
	tb_keytab_release(&t->keys);
	tb_buf_release(&t->key);
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

static void build_key(struct tb_tally *t, const struct tb_usage *u, const struct key_head *head)
{
	const struct tb_grouping *g = t->grouping;
	size_t asked = 0;

	t->key.n = 0;
	tb_buf_add(&t->key, (const char *)head, sizeof(*head));
	for (size_t i = 0; i < g->count; i++) {
		uint32_t n;

		if (g->columns[i].by != TB_BY_COLUMN)
			continue;
		n = (uint32_t)u->columns[asked].n;
		tb_buf_add(&t->key, (const char *)&n, sizeof(n));
		tb_buf_add(&t->key, u->columns[asked++].p, n);
	}
}

/* The cell of a key, made empty when it is new. */
static enum tb_status cell_of(struct tb_tally *t, struct tb_span key, uint32_t *number,
			      struct tb_err *err)
{
	bool added;

	/* The room comes first: no key is ever there without its cell. */
	if (!tb_grow(&t->cells, &t->cap, t->keys.n + 1, sizeof(*t->cells)))
		return tb_fail_nomem(err);
	*number = tb_keytab_put(&t->keys, key.p, key.n, &added);
	if (*number == TB_KEYTAB_NONE)
		return tb_fail_nomem(err);
	if (!added)
		return TB_OK;
	t->cells[*number] = (struct tb_cell){0};
	if (t->grouping->max_cells && t->keys.n > t->grouping->max_cells)
		return tb_fail(err, TB_DATA,
			       "more than %zu tallies (one for each group, price era, tier and "
			       "context); group by less (--by), or allow more (--max-groups)",
			       t->grouping->max_cells);
	return TB_OK;
}

static struct recent *recent_slot(struct tb_tally *t, const struct key_head *h)
{
	uint32_t mixed = (h->era * TB_TIERS + h->tier) * TB_CONTEXTS + h->context;

	mixed += (uint32_t)h->tag * 61;
	return &t->recent[(mixed * 37 + (uint32_t)h->period) % RECENT];
}

static enum tb_status cell_of_row(struct tb_tally *t, const struct tb_usage *u,
				  const struct key_head *head, uint32_t *number, struct tb_err *err)
{
	struct recent *r = recent_slot(t, head);

	if (!t->by_column && r->number != TB_KEYTAB_NONE &&
	    memcmp(&r->head, head, sizeof(*head)) == 0) {
		*number = r->number;
		return TB_OK;
	}
	build_key(t, u, head);
	if (t->key.failed)
		return tb_fail_nomem(err);
	TB_TRY(cell_of(t, (struct tb_span){t->key.p, t->key.n}, number, err));
	*r = (struct recent){*head, *number};
	return TB_OK;
}

static inline void add_wide(tb_u128 *sum, uint64_t n)
{
	uint64_t low;
	bool carry = __builtin_add_overflow((uint64_t)*sum, n, &low);

	*sum = (tb_u128)((uint64_t)(*sum >> 64) + carry) << 64 | low;
}

/* 2^64 rows of 2^63 tokens still fit in 128 bits, so these sums cannot wrap. */
static void add_counts(struct tb_cell *cell, const struct tb_usage *u)
{
	for (int m = 0; m < TB_METERS; m++)
		add_wide(&cell->tokens[m], u->tokens[m]);
	add_wide(&cell->requests, u->requests);
}

/* Logs report dollars; against another currency they say nothing. */
static bool is_compared(const struct tb_tally *t, const struct tb_usage *u,
			const struct tb_rated *rated)
{
	return t->grouping->compare && u->has_reported && strcmp(rated->era->currency, "USD") == 0;
}

static struct key_head head_of(struct tb_tally *t, const struct tb_usage *u,
			       const struct tb_rated *rated, int32_t day, uint64_t tag)
{
	return (struct key_head){.tag = tag,
				 .era = rated->era->number,
				 .period = period_of(t, day),
				 .tier = (uint8_t)rated->terms.tier,
				 .context = (uint8_t)rated->terms.context,
				 .uplift = (uint8_t)rated->terms.uplift,
				 .reported = is_compared(t, u, rated)};
}

static enum tb_status add(struct tb_tally *t, const struct tb_usage *u,
			  const struct tb_rated *rated, int32_t day, uint64_t tag, uint32_t *number,
			  struct tb_err *err)
{
	struct key_head head = head_of(t, u, rated, day, tag);

	TB_TRY(cell_of_row(t, u, &head, number, err));
	add_counts(&t->cells[*number], u);
	if (head.reported && !tb_money_add(&t->cells[*number].reported, u->reported))
		return tb_fail(err, TB_DATA, "reported amounts add up to more than can be exact");
	return TB_OK;
}

enum tb_status tb_tally_add_tagged(struct tb_tally *t, const struct tb_usage *u,
				   const struct tb_rated *rated, int32_t day, uint64_t tag,
				   const struct tb_alike_limits *limits, struct tb_err *err)
{
	uint32_t number = 0;

	TB_TRY(add(t, u, rated, day, tag, &number, err));
	if (limits && t->alike_known)
		tb_alike_learn(&t->alike, u, rated, day, number, limits);
	return TB_OK;
}

uint32_t tb_tally_find_alike(const struct tb_tally *t, const struct tb_usage *u)
{
	return tb_alike_find(&t->alike, u);
}

void tb_tally_count_alike(struct tb_tally *t, uint32_t cell, const struct tb_usage *u)
{
	add_counts(&t->cells[cell], u);
}

enum tb_status tb_tally_add(struct tb_tally *t, const struct tb_usage *u,
			    const struct tb_rated *rated, int32_t day, struct tb_err *err)
{
	uint32_t number = 0;

	TB_TRY(add(t, u, rated, day, 0, &number, err));
	if (t->alike_known)
		tb_alike_learn(&t->alike, u, rated, day, number, NULL);
	return TB_OK;
}

bool tb_tally_add_alike(struct tb_tally *t, const struct tb_usage *u)
{
	uint32_t number = tb_alike_find(&t->alike, u);

	if (number == TB_ALIKE_NONE)
		return false;
	add_counts(&t->cells[number], u);
	return true;
}

/* First all are found, then all are counted: each takes the registers that there are. */
size_t tb_tally_add_alike_rows(struct tb_tally *t, const struct tb_usage *u, size_t n)
{
	uint32_t cells[TB_ALIKE_ROWS];
	size_t found = 0, most = n < TB_ALIKE_ROWS ? n : TB_ALIKE_ROWS;

	if (!t->alike_known)
		return 0;
	for (; found < most; found++) {
		cells[found] = tb_alike_find(&t->alike, &u[found]);
		if (cells[found] == TB_ALIKE_NONE)
			break;
	}
	for (size_t i = 0; i < found; i++)
		add_counts(&t->cells[cells[i]], &u[i]);
	return found;
}

enum tb_status tb_tally_add_times(struct tb_tally *t, const struct tb_usage *u,
				  const struct tb_rated *rated, int32_t day, uint64_t times,
				  struct tb_err *err)
{
	struct key_head head = head_of(t, u, rated, day, 0);
	uint32_t number = 0;

	TB_TRY(cell_of_row(t, u, &head, &number, err));
	for (int m = 0; m < TB_METERS; m++)
		t->cells[number].tokens[m] += (tb_u128)u->tokens[m] * times;
	t->cells[number].requests += (tb_u128)u->requests * times;
	return TB_OK;
}

enum tb_status tb_tally_merge(struct tb_tally *t, const struct tb_tally *other, struct tb_err *err)
{
	for (size_t i = 0; i < other->keys.n; i++) {
		const struct tb_cell *from = &other->cells[i];
		struct tb_cell *to;
		uint32_t number = 0;

		TB_TRY(cell_of(t, tb_keytab_key(&other->keys, (uint32_t)i), &number, err));
		to = &t->cells[number];
		for (int m = 0; m < TB_METERS; m++)
			to->tokens[m] += from->tokens[m];
		to->requests += from->requests;
		if (!tb_money_add(&to->reported, from->reported))
			return tb_fail(err, TB_DATA,
				       "reported amounts add up to more than can be exact");
	}
	return TB_OK;
}

size_t tb_tally_count(const struct tb_tally *t)
{
	return t->keys.n;
}

const struct tb_cell *tb_tally_cell(const struct tb_tally *t, size_t number)
{
	return &t->cells[number];
}

void tb_tally_prefetch(const struct tb_tally *t, size_t number)
{
	const char *cell = (const char *)&t->cells[number];

	for (size_t at = 0; at < sizeof(struct tb_cell); at += CACHE_LINE)
		__builtin_prefetch(cell + at);
	tb_keytab_prefetch(&t->keys, (uint32_t)number);
}

void tb_tally_prefetch_key(const struct tb_tally *t, size_t number)
{
	tb_keytab_prefetch_key(&t->keys, (uint32_t)number);
}

struct tb_cell_key tb_tally_key(const struct tb_tally *t, size_t number)
{
	struct tb_span s = tb_keytab_key(&t->keys, (uint32_t)number);
	struct tb_cell_key key = {0};
	struct key_head head;
	size_t asked = 0;

	memcpy(&head, s.p, sizeof(head));
	key.tag = head.tag;
	key.era = head.era;
	key.period = head.period;
	key.terms = (struct tb_terms){(enum tb_tier)head.tier, (enum tb_context)head.context,
				      head.uplift};
	key.reported = head.reported;
	for (size_t at = sizeof(head); at < s.n; asked++) {
		uint32_t n;

		memcpy(&n, s.p + at, sizeof(n));
		key.texts[asked] = (struct tb_span){s.p + at + sizeof(n), n};
		at += sizeof(n) + n;
	}
	return key;
}

const struct tb_grouping *tb_tally_grouping(const struct tb_tally *t)
{
	return t->grouping;
}
