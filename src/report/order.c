#include "report/order.h"

#include "base/parallel_for.h"

#include <stdlib.h>
#include <string.h>

/* ---- comparing ---- */

static struct tb_span key_of(const struct tb_report_item *i)
{
	return (struct tb_span){i->key, i->key_len};
}

bool tb_report_same_row(const struct tb_report_item *a, const struct tb_report_item *b)
{
	if (a->head != b->head)
		return false;
	return a->whole && b->whole ? a->key_len == b->key_len
				    : tb_span_equal(key_of(a), key_of(b));
}

/*
 * The bytes themselves are far away in memory, and heads mostly tell. Lengths tell nothing: a head
 * may reach into the tail that all keys share.
 */
static int compare_items(const void *pa, const void *pb)
{
	const struct tb_report_item *a = pa, *b = pb;

	if (a->head != b->head)
		return a->head > b->head ? 1 : -1;
	return tb_report_same_row(a, b) ? 0 : tb_span_compare(key_of(a), key_of(b));
}

/* ---- what keys share ---- */

/* Bytes that all keys begin and end with alike, and the length of the shortest. */
struct shared {
	size_t head, tail, shortest;
};

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Takes from `all` what the key does not share with `first`. */
static void compare_key(struct shared *all, struct tb_span first, struct tb_span key)
{
	size_t head = 0, tail = 0;

	all->shortest = least(all->shortest, key.n);
	all->head = least(all->head, all->shortest);
	all->tail = least(all->tail, all->shortest);
	while (head < all->head && key.p[head] == first.p[head])
		head++;
	while (tail < all->tail && key.p[key.n - tail - 1] == first.p[first.n - tail - 1])
		tail++;
	all->head = head;
	all->tail = tail;
}

static struct shared shared_by(struct tb_span key)
{
	return (struct shared){key.n, key.n, key.n};
}

/* ---- heads ---- */

/* Up to eight bytes from there on, as a number that orders as they do. */
static uint64_t head_of(const struct tb_report_item *item, size_t from)
{
	uint64_t head = 0;

	for (size_t i = from; i < from + sizeof(head); i++)
		head = head << 8 | (i < item->key_len ? (unsigned char)item->key[i] : 0);
	return head;
}

/* An item's head, and where the item is. */
struct place {
	uint64_t head;
	const struct tb_report_item *item;
};

/* ---- pieces ---- */

/* The items of a range of groups. */
struct piece {
	struct tb_items items;
	struct shared shared;
	size_t before; /* items of the pieces before it */
	bool failed;
};

struct ordering {
	struct tb_report *report;
	struct piece *pieces;
	size_t count; /* of pieces */
	struct shared shared;
	struct place *places; /* of all items, and as many to move them to */
	const struct place *sorted;
	size_t n; /* of items */
};

static void make_piece(void *ctx, size_t number)
{
	struct ordering *o = ctx;
	struct piece *p = &o->pieces[number];
	struct tb_group_range range = tb_group_range(o->report->tally, number);
	struct tb_span key;

	p->failed = !tb_items_make(&p->items, o->report, range);
	if (p->failed || !p->items.n)
		return;
	key = key_of(&p->items.list[0]);
	p->shared = shared_by(key);
	for (size_t i = 1; i < p->items.n; i++)
		compare_key(&p->shared, key, key_of(&p->items.list[i]));
}

/* Numbers the items of all pieces, and finds what all of their keys share. */
static void join_pieces(struct ordering *o)
{
	struct tb_span first = {NULL, 0};

	for (size_t i = 0; i < o->count; i++) {
		struct piece *p = &o->pieces[i];

		p->before = o->n;
		o->n += p->items.n;
		if (!p->items.n)
			continue;
		if (!first.p) {
			first = key_of(&p->items.list[0]);
			o->shared = p->shared;
		}
		o->shared.head = least(o->shared.head, p->shared.head);
		o->shared.tail = least(o->shared.tail, p->shared.tail);
		o->shared.shortest = least(o->shared.shortest, p->shared.shortest);
		compare_key(&o->shared, first, key_of(&p->items.list[0]));
	}
	/* The same bytes do not count twice. */
	o->shared.tail = least(o->shared.tail, o->shared.shortest - o->shared.head);
}

/* Heads of the piece's items, and their places among all. */
static void place_piece(void *ctx, size_t number)
{
	struct ordering *o = ctx;
	const struct piece *p = &o->pieces[number];

	for (size_t i = 0; i < p->items.n; i++) {
		struct tb_report_item *item = &p->items.list[i];

		item->head = head_of(item, o->shared.head);
		item->whole = item->key_len - o->shared.tail <= o->shared.head + sizeof(item->head);
		o->places[p->before + i] = (struct place){item->head, item};
	}
}

/* ---- sorting ---- */

/* Sorts by one byte of the heads; false when all of them have the same, and nothing is moved. */
static bool sort_by_byte(const struct place *from, struct place *to, size_t n, int shift)
{
	size_t counts[256] = {0}, at = 0;

	for (size_t i = 0; i < n; i++)
		counts[from[i].head >> shift & 0xff]++;
	if (counts[from[0].head >> shift & 0xff] == n)
		return false;
	for (size_t v = 0; v < 256; v++) {
		size_t count = counts[v];

		counts[v] = at;
		at += count;
	}
	for (size_t i = 0; i < n; i++)
		to[counts[from[i].head >> shift & 0xff]++] = from[i];
	return true;
}

/* Items whose heads are equal are next to each other; the rest of their keys tells. */
static void sort_equal_heads(struct tb_report_item *items, size_t n)
{
	size_t end;

	for (size_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n && items[end].head == items[i].head;)
			end++;
		if (end - i > 1)
			qsort(&items[i], end - i, sizeof(*items), compare_items);
	}
}

/* By the heads, from their last byte to their first. */
static const struct place *sort_places(struct ordering *o)
{
	struct place *from = o->places, *to = o->places + o->n, *swap;

	for (int shift = 0; shift < 64; shift += 8)
		if (sort_by_byte(from, to, o->n, shift)) {
			swap = from;
			from = to;
			to = swap;
		}
	return from;
}

/* Items in their order that one thread fetches at a time. */
enum { GATHERED = 1 << 13 };

static void gather(void *ctx, size_t number)
{
	enum { AHEAD = 16 };
	const struct ordering *o = ctx;
	size_t i = number * GATHERED, end = least(i + GATHERED, o->n);

	for (; i < end; i++) {
		if (o->n - i > AHEAD)
			__builtin_prefetch(o->sorted[i + AHEAD].item);
		o->report->items[i] = *o->sorted[i].item;
	}
}

/* ---- all of it ---- */

/* False when memory is out. */
static bool make_items(struct ordering *o, size_t threads)
{
	o->count = tb_group_ranges(o->report->tally);
	o->pieces = calloc(o->count, sizeof(*o->pieces));
	if (!o->pieces)
		return false;
	tb_parallel_for(threads, o->count, make_piece, o);
	for (size_t i = 0; i < o->count; i++)
		if (o->pieces[i].failed)
			return false;
	join_pieces(o);
	return true;
}

static bool sort_items(struct ordering *o, size_t threads)
{
	/* Not worth the passes through all bytes of heads. */
	enum { FEW = 256 };
	struct tb_report *r = o->report;

	o->places = calloc(2 * o->n, sizeof(*o->places));
	r->items = calloc(o->n, sizeof(*r->items));
	if (!o->places || !r->items)
		return false;
	r->item_count = o->n;
	tb_parallel_for(threads, o->count, place_piece, o);
	o->sorted = o->n > FEW ? sort_places(o) : o->places;
	tb_parallel_for(threads, o->n / GATHERED + 1, gather, o);
	if (o->n > FEW)
		sort_equal_heads(r->items, o->n);
	else
		qsort(r->items, o->n, sizeof(*r->items), compare_items);
	return true;
}

/* The keys stay with the report. */
static void release(struct ordering *o)
{
	for (size_t i = 0; o->pieces && i < o->count; i++) {
		tb_arena_join(&o->report->keys, &o->pieces[i].items.keys);
		tb_items_release(&o->pieces[i].items);
	}
	free(o->pieces);
	free(o->places);
}

enum tb_status tb_report_order(struct tb_report *r, struct tb_err *err)
{
	struct ordering o = {.report = r};
	size_t threads = r->options.threads;
	bool ok = make_items(&o, threads) && (!o.n || sort_items(&o, threads));

	release(&o);
	return ok ? TB_OK : tb_fail_nomem(err);
}
