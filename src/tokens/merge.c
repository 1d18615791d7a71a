#include "tokens/merge.h"

#include "base/mem.h"

#include <stdlib.h>

/* Up to here it is faster to look at all pairs than to keep a tree of them. */
enum { FEW = 96 };

void tb_merger_release(struct tb_merger *m)
{
	free(m->starts);
	free(m->next);
	free(m->before);
	free(m->lowest);
	*m = (struct tb_merger){0};
}

/* ---- short pieces ---- */

static uint32_t rank_between(const struct tb_vocabulary *v, const char *p, uint32_t from,
			     uint32_t to)
{
	return tb_vocabulary_rank(v, p + from, to - from);
}

/* The first of the lowest. */
static size_t lowest_of(const uint32_t *ranks, size_t n)
{
	uint32_t lowest = TB_TOKEN_NONE;
	size_t at = 0;

	for (size_t i = 0; i < n; i++)
		lowest = ranks[i] < lowest ? ranks[i] : lowest;
	while (at < n && ranks[at] != lowest)
		at++;
	return lowest == TB_TOKEN_NONE ? n : at;
}

/* Part i reaches from starts[i] to starts[i + 1]; ranks[i] is what it makes with the next one. */
static size_t merge_few(const struct tb_vocabulary *v, const char *p, uint32_t n, uint32_t *starts)
{
	uint32_t ranks[FEW];
	size_t parts = n, at;

	for (uint32_t i = 0; i <= n; i++)
		starts[i] = i;
	for (uint32_t i = 0; i + 1 < n; i++)
		ranks[i] = rank_between(v, p, i, i + 2);
	while (parts > 1 && (at = lowest_of(ranks, parts - 1)) < parts - 1) {
		memmove(starts + at + 1, starts + at + 2, (parts - at - 1) * sizeof(*starts));
		memmove(ranks + at, ranks + at + 1, (parts - at - 2) * sizeof(*ranks));
		parts--;
		if (at + 1 < parts)
			ranks[at] = rank_between(v, p, starts[at], starts[at + 2]);
		if (at > 0)
			ranks[at - 1] = rank_between(v, p, starts[at - 1], starts[at + 1]);
	}
	return parts;
}

/* ---- long pieces ---- */

/*
 * Parts are known by where they begin, and each by the next and the one before. `lowest` is a tree
 * of ranks: its leaves are those of each part with the next, a node the lower one of the two below.
 */
struct forest {
	const struct tb_vocabulary *v;
	const char *p;
	uint32_t n;
	uint32_t leaves; /* a power of two */
	uint32_t *next, *before, *lowest;
};

static bool make_room(struct tb_merger *m, struct forest *f)
{
	size_t n = (size_t)f->n + 1;

	f->leaves = 1;
	while (f->leaves < f->n)
		f->leaves *= 2;
	if (!tb_grow(&m->next, &m->next_cap, n, sizeof(*m->next)) ||
	    !tb_grow(&m->before, &m->before_cap, n, sizeof(*m->before)) ||
	    !tb_grow(&m->lowest, &m->lowest_cap, (size_t)f->leaves * 2, sizeof(*m->lowest)))
		return false;
	f->next = m->next;
	f->before = m->before;
	f->lowest = m->lowest;
	return true;
}

static uint32_t lower(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static void plant(struct forest *f)
{
	uint32_t *leaf = f->lowest + f->leaves;

	for (uint32_t i = 0; i <= f->n; i++) {
		f->next[i] = i + 1;
		f->before[i] = i - 1;
	}
	for (uint32_t i = 0; i < f->leaves; i++)
		leaf[i] = i + 1 < f->n ? rank_between(f->v, f->p, i, i + 2) : TB_TOKEN_NONE;
	for (uint32_t i = f->leaves; --i > 0;)
		f->lowest[i] = lower(f->lowest[2 * i], f->lowest[2 * i + 1]);
}

static void set_leaf(struct forest *f, uint32_t part, uint32_t rank)
{
	uint32_t i = f->leaves + part;

	f->lowest[i] = rank;
	while ((i /= 2) > 0) {
		uint32_t low = lower(f->lowest[2 * i], f->lowest[2 * i + 1]);

		if (f->lowest[i] == low)
			break;
		f->lowest[i] = low;
	}
}

static uint32_t first_lowest(const struct forest *f)
{
	uint32_t i = 1;

	while (i < f->leaves)
		i = 2 * i + (f->lowest[2 * i] != f->lowest[i]);
	return i - f->leaves;
}

/* What a part makes with the next one. */
static uint32_t rank_of(const struct forest *f, uint32_t part)
{
	uint32_t next = f->next[part];

	return next < f->n ? rank_between(f->v, f->p, part, f->next[next]) : TB_TOKEN_NONE;
}

static void join(struct forest *f, uint32_t part)
{
	uint32_t gone = f->next[part];

	f->next[part] = f->next[gone];
	f->before[f->next[part]] = part;
	set_leaf(f, gone, TB_TOKEN_NONE);
	set_leaf(f, part, rank_of(f, part));
	if (part > 0)
		set_leaf(f, f->before[part], rank_of(f, f->before[part]));
}

static size_t merge_many(struct forest *f, uint32_t *starts)
{
	size_t count = 0;

	plant(f);
	while (f->lowest[1] != TB_TOKEN_NONE)
		join(f, first_lowest(f));
	for (uint32_t part = 0; part < f->n; part = f->next[part])
		starts[count++] = part;
	starts[count] = f->n;
	return count;
}

bool tb_merge(struct tb_merger *m, const struct tb_vocabulary *v, const char *p, size_t n,
	      size_t *count)
{
	struct forest f = {.v = v, .p = p, .n = (uint32_t)n};

	if (n > TB_MERGE_MAX || !tb_grow(&m->starts, &m->starts_cap, n + 1, sizeof(*m->starts)))
		return false;
	if (n <= FEW) {
		*count = merge_few(v, p, f.n, m->starts);
		return true;
	}
	if (!make_room(m, &f))
		return false;
	*count = merge_many(&f, m->starts);
	return true;
}
