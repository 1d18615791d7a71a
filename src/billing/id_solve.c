/* Compares the rows whose ids may have come before, and judges them. */
#include "billing/grouping.h"
#include "billing/id_notes.h"

#include <stdlib.h>
#include <string.h>

/* ---- rows of equal bytes ---- */

/* Rows whose bodies (in the second step, whose ids) are equal. */
struct content {
	uint64_t hash, first, second; /* the least two of their places */
	const char *bytes;
	uint32_t n;
};

struct contents {
	struct content *list;
	size_t n, cap;
	uint32_t *slots; /* number in the list + 1; 0 is free */
	size_t slot_count;
	struct tb_arena bytes;
};

static void forget_contents(struct contents *t)
{
	t->n = 0;
	tb_arena_release(&t->bytes);
	if (t->slots)
		memset(t->slots, 0, t->slot_count * sizeof(*t->slots));
}

static void release_contents(struct contents *t)
{
	tb_arena_release(&t->bytes);
	free(t->list);
	free(t->slots);
}

/* The slot of a content, or the free one where it would be. */
static uint32_t *slot_of(const struct contents *t, uint64_t hash, struct tb_span s)
{
	size_t i = (size_t)hash & (t->slot_count - 1);

	for (; t->slots[i]; i = (i + 1) & (t->slot_count - 1)) {
		const struct content *c = &t->list[t->slots[i] - 1];

		if (c->hash == hash && c->n == s.n && memcmp(c->bytes, s.p, s.n) == 0)
			break;
	}
	return &t->slots[i];
}

static bool grow_slots(struct contents *t)
{
	size_t count = t->slot_count ? 2 * t->slot_count : 1024;
	uint32_t *slots = calloc(count, sizeof(*slots));

	if (!slots)
		return false;
	for (size_t k = 0; k < t->n; k++) {
		size_t i = (size_t)t->list[k].hash & (count - 1);

		while (slots[i])
			i = (i + 1) & (count - 1);
		slots[i] = (uint32_t)k + 1;
	}
	free(t->slots);
	t->slots = slots;
	t->slot_count = count;
	return true;
}

static bool add_content(struct contents *t, uint64_t hash, struct tb_span s, uint64_t place,
			uint32_t *slot)
{
	struct content c = {.hash = hash, .first = place, .second = UINT64_MAX, .n = (uint32_t)s.n};

	c.bytes = tb_arena_text(&t->bytes, s.p, s.n);
	if (!c.bytes || !tb_grow(&t->list, &t->cap, t->n + 1, sizeof(*t->list)))
		return false;
	t->list[t->n++] = c;
	*slot = (uint32_t)t->n;
	return true;
}

/* Adds a row to those like it; false when memory is out. */
static bool classify(struct contents *t, uint64_t hash, struct tb_span s, uint64_t place)
{
	struct content *c;
	uint32_t *slot;

	if (t->n * 2 >= t->slot_count && !grow_slots(t))
		return false;
	slot = slot_of(t, hash, s);
	if (!*slot)
		return add_content(t, hash, s, place, slot);
	c = &t->list[*slot - 1];
	if (place < c->first) {
		c->second = c->first;
		c->first = place;
	} else if (place < c->second) {
		c->second = place;
	}
	return true;
}

static const struct content *content_of(const struct contents *t, uint64_t hash, struct tb_span s)
{
	return &t->list[*slot_of(t, hash, s) - 1];
}

/* ---- solving ---- */

struct solver {
	struct tb_duplicates *d;
	size_t thread;
	tb_on_copy *on_copy;
	void *ctx;
	struct tb_spill **rows; /* that are gone through: of each thread */
	size_t row_count;
	struct contents contents;
	struct tb_buf bytes;     /* of the row at hand */
	struct tb_spill *firsts; /* of each content, by their ids */
	struct tb_id_conflict *conflicts;
	size_t conflict_count, conflict_cap;
	struct tb_span columns[TB_GROUP_COLUMNS_MAX];
};

typedef enum tb_status on_described(struct solver *s, const struct tb_id_head *h,
				    struct tb_err *err);

/* Calls `take` for each row of a part, whose bytes are then in s->bytes. */
static enum tb_status each_row(struct solver *s, size_t part, on_described *take,
			       struct tb_err *err)
{
	for (size_t i = 0; i < s->row_count; i++) {
		struct tb_spill_reader reader;
		struct tb_id_head h;
		size_t got;
		char *room;

		if (!s->rows[i])
			continue;
		reader = tb_spill_begin(s->rows[i], part);
		for (;;) {
			TB_TRY(tb_spill_read(&reader, &h, sizeof(h), &got, err));
			if (got == 0)
				break;
			tb_buf_clear(&s->bytes);
			room = tb_buf_room(&s->bytes, h.n);
			if (!room)
				return tb_fail_nomem(err);
			TB_TRY(tb_spill_read(&reader, room, h.n, &got, err));
			TB_TRY(take(s, &h, err));
		}
	}
	return TB_OK;
}

static struct tb_span body_of(const struct solver *s, const struct tb_id_head *h)
{
	return (struct tb_span){s->bytes.p + h->bare, h->n - h->bare};
}

static enum tb_status classify_row(struct solver *s, const struct tb_id_head *h, struct tb_err *err)
{
	return classify(&s->contents, h->hash, body_of(s, h), h->place) ? TB_OK
									: tb_fail_nomem(err);
}

static enum tb_status note_found(struct solver *s, uint64_t place, struct tb_err *err)
{
	struct tb_row_place at = tb_place_unpack(place);

	return tb_line_marks_add(&s->d->found, at.file, at.line) ? TB_OK : tb_fail_nomem(err);
}

/* The first of a content may be a side of a contradiction; the others are its copies. */
static enum tb_status judge_content(struct solver *s, const struct tb_id_head *h,
				    struct tb_err *err)
{
	const char *body = s->bytes.p + h->bare;
	struct tb_id_head first = {.place = h->place};
	struct tb_usage u;
	struct tb_span id;

	if (h->place != content_of(&s->contents, h->hash, body_of(s, h))->first) {
		TB_TRY(note_found(s, h->place, err));
		tb_id_row_read(h, s->bytes.p, &s->d->options, s->columns, &u);
		return s->on_copy(s->ctx, s->thread, &u, err);
	}
	id = tb_id_row_id(body);
	first.n = (uint32_t)id.n;
	first.hash = tb_fingerprint(&s->d->key, id);
	return tb_id_row_put(s->firsts, tb_id_row_part(first.hash, s->firsts->parts), &first, id.p,
			     err);
}

static enum tb_status find_copies(struct tb_id_crew *c, void *member, size_t part,
				  struct tb_err *err)
{
	struct solver *s = member;

	(void)c;
	forget_contents(&s->contents);
	TB_TRY(each_row(s, part, classify_row, err));
	return each_row(s, part, judge_content, err);
}

static enum tb_status judge_id(struct solver *s, const struct tb_id_head *h, struct tb_err *err)
{
	const struct content *c = content_of(&s->contents, h->hash, body_of(s, h));
	size_t most = s->d->options.memory / sizeof(*s->conflicts);

	if (c->second == UINT64_MAX)
		return TB_OK;
	if (s->conflict_count == most)
		return tb_fail(err, TB_DATA,
			       "more than %zu rows have the id of a row with other content; is "
			       "the column of ids one of requests? (--memory allows more)",
			       most);
	if (!tb_grow(&s->conflicts, &s->conflict_cap, s->conflict_count + 1, sizeof(*s->conflicts)))
		return tb_fail_nomem(err);
	s->conflicts[s->conflict_count++] =
		(struct tb_id_conflict){h->place, h->place == c->first ? c->second : c->first};
	return note_found(s, h->place, err);
}

static enum tb_status find_conflicts(struct tb_id_crew *c, void *member, size_t part,
				     struct tb_err *err)
{
	struct solver *s = member;
	bool any = false;

	(void)c;
	forget_contents(&s->contents);
	TB_TRY(each_row(s, part, classify_row, err));
	for (size_t i = 0; i < s->contents.n && !any; i++)
		any = s->contents.list[i].second != UINT64_MAX;
	return any ? each_row(s, part, judge_id, err) : TB_OK;
}

static int compare_conflicts(const void *a, const void *b)
{
	const struct tb_id_conflict *x = a, *y = b;

	return (x->place > y->place) - (x->place < y->place);
}

static enum tb_status gather_conflicts(struct tb_duplicates *d, const struct solver *solvers,
				       size_t threads, struct tb_err *err)
{
	size_t n = 0, cap = 0;

	for (size_t i = 0; i < threads; i++) {
		const struct solver *s = &solvers[i];

		if (!s->conflict_count)
			continue;
		if (!tb_grow(&d->conflicts, &cap, n + s->conflict_count, sizeof(*d->conflicts)))
			return tb_fail_nomem(err);
		memcpy(d->conflicts + n, s->conflicts, s->conflict_count * sizeof(*s->conflicts));
		n += s->conflict_count;
	}
	d->conflict_count = n;
	if (n)
		qsort(d->conflicts, n, sizeof(*d->conflicts), compare_conflicts);
	return TB_OK;
}

/* Both steps; `rows` has room for those of as many threads as there are. */
static enum tb_status solve(struct tb_duplicates *d, struct solver *solvers, size_t threads,
			    struct tb_spill **rows, struct tb_err *err)
{
	struct tb_id_crew crew = {.d = d,
				  .parts = d->row_parts,
				  .members = solvers,
				  .size = sizeof(*solvers),
				  .look = find_copies};

	for (size_t i = 0; i < d->notes_count; i++)
		rows[i] = d->notes[i]->rows;
	TB_TRY(tb_id_crew_run(&crew, threads, err));
	for (size_t i = 0; i < threads; i++) {
		rows[i] = solvers[i].firsts;
		solvers[i].row_count = threads;
	}
	crew.look = find_conflicts;
	TB_TRY(tb_id_crew_run(&crew, threads, err));
	return gather_conflicts(d, solvers, threads, err);
}

static enum tb_status check_described(const struct tb_duplicates *d, struct tb_err *err)
{
	uint64_t described = 0;

	for (size_t i = 0; i < d->notes_count; i++)
		described += d->notes[i]->described;
	if (described == d->suspects.marked)
		return TB_OK;
	return tb_fail(err, TB_INTERNAL,
		       "internal check failed: not every row whose id came again was read again");
}

static void release_solvers(struct solver *solvers, size_t threads)
{
	for (size_t i = 0; solvers && i < threads; i++) {
		release_contents(&solvers[i].contents);
		tb_buf_release(&solvers[i].bytes);
		tb_spill_free(solvers[i].firsts);
		free(solvers[i].conflicts);
	}
	free(solvers);
}

enum tb_status tb_duplicates_solve(struct tb_duplicates *d, size_t threads, tb_on_copy *on_copy,
				   void *ctx, struct tb_err *err)
{
	size_t most = threads > d->notes_count ? threads : d->notes_count;
	struct solver *solvers = calloc(threads, sizeof(*solvers));
	struct tb_spill **rows = calloc(most + 1, sizeof(struct tb_spill *));
	enum tb_status st = check_described(d, err);

	if (st == TB_OK && (!solvers || !rows))
		st = tb_fail_nomem(err);
	for (size_t i = 0; i < threads && st == TB_OK; i++) {
		solvers[i] = (struct solver){.d = d,
					     .thread = i,
					     .on_copy = on_copy,
					     .ctx = ctx,
					     .rows = rows,
					     .row_count = d->notes_count,
					     .firsts = tb_spill_new(&d->memory, d->row_parts)};
		if (!solvers[i].firsts)
			st = tb_fail_nomem(err);
	}
	if (st == TB_OK)
		st = solve(d, solvers, threads, rows, err);
	release_solvers(solvers, threads);
	free(rows);
	return st;
}
