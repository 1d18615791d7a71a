#include "billing/duplicates.h"

#include "base/hash.h"
#include "base/sorter.h"

#include <stdlib.h>
#include <string.h>

/* Where things stand in a noted row: id, content, place. Sorted so, copies stand together. */
enum { ID = 0, CONTENT = 16, PLACE = 32, PLACE_SIZE = 12 };

/* Where things stand in a finding: the row's place, the other row's, the kind. */
enum { HERE = 0, OTHER = 12, KIND = 24 };

struct tb_duplicates {
	struct tb_sorter *noted, *found;
	struct tb_buf content; /* of the row being noted */

	/* The next finding, while rows ask. */
	struct tb_sorter_item next;
	bool has_next;
};

struct tb_duplicates *tb_duplicates_new(void)
{
	struct tb_duplicates *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->noted = tb_sorter_new(0);
	d->found = tb_sorter_new(0);
	if (!d->noted || !d->found) {
		tb_duplicates_free(d);
		return NULL;
	}
	return d;
}

void tb_duplicates_free(struct tb_duplicates *d)
{
	if (!d)
		return;
	tb_sorter_free(d->noted);
	tb_sorter_free(d->found);
	tb_buf_release(&d->content);
	free(d);
}

static void hash_128(unsigned char out[16], const void *bytes, size_t n)
{
	/* No table can be attacked here, so the keys may be known; they only have to differ. */
	static const struct tb_hash_key keys[2] = {{1, 2}, {3, 4}};

	for (int i = 0; i < 2; i++)
		tb_sorter_put_u64(out + 8 * i, tb_hash(keys[i], bytes, n));
}

static void add_number(struct tb_buf *b, uint64_t v)
{
	unsigned char bytes[8];

	tb_sorter_put_u64(bytes, v);
	tb_buf_add(b, (const char *)bytes, sizeof(bytes));
}

static void add_text(struct tb_buf *b, struct tb_span s)
{
	add_number(b, s.n);
	tb_buf_add(b, s.p, s.n);
}

/* Everything of a row that has a say in the bill. */
static void describe(struct tb_buf *b, const struct tb_usage *u, size_t asked)
{
	tb_buf_clear(b);
	add_number(b, (uint64_t)u->instant);
	add_number(b, u->date_only);
	add_number(b, u->tier);
	add_number(b, u->context);
	add_number(b, u->requests);
	add_number(b, u->has_reported);
	add_number(b, u->has_reported ? (uint64_t)u->reported.units : 0);
	add_number(b, u->has_reported ? (uint64_t)((tb_u128)u->reported.units >> 64) : 0);
	for (int m = 0; m < TB_METERS; m++)
		add_number(b, u->tokens[m]);
	add_text(b, u->model);
	add_text(b, u->region);
	for (size_t i = 0; i < asked; i++)
		add_text(b, u->columns[i]);
}

static void put_place(unsigned char *p, size_t file, uint64_t line)
{
	tb_sorter_put_u32(p, (uint32_t)file);
	tb_sorter_put_u64(p + 4, line);
}

enum tb_status tb_duplicates_note(struct tb_duplicates *d, const struct tb_usage *u, size_t asked,
				  struct tb_err *err)
{
	struct tb_sorter_item item;

	describe(&d->content, u, asked);
	if (d->content.failed)
		return tb_fail_nomem(err);
	hash_128(item.bytes + ID, u->id.p, u->id.n);
	hash_128(item.bytes + CONTENT, d->content.p, d->content.n);
	put_place(item.bytes + PLACE, u->file, u->line);
	return tb_sorter_put(d->noted, &item, err);
}

void tb_duplicates_clear(struct tb_duplicates *d)
{
	tb_sorter_clear(d->noted);
}

enum tb_status tb_duplicates_merge(struct tb_duplicates *d, struct tb_duplicates *other,
				   struct tb_err *err)
{
	struct tb_sorter_item item;
	bool more = true;

	TB_TRY(tb_sorter_rewind(other->noted, err));
	for (;;) {
		TB_TRY(tb_sorter_next(other->noted, &item, &more, err));
		if (!more)
			break;
		TB_TRY(tb_sorter_put(d->noted, &item, err));
	}
	tb_duplicates_clear(other);
	return TB_OK;
}

static enum tb_status add_finding(struct tb_duplicates *d, const struct tb_sorter_item *row,
				  const struct tb_sorter_item *other, enum tb_copy kind,
				  struct tb_err *err)
{
	struct tb_sorter_item item = {0};

	memcpy(item.bytes + HERE, row->bytes + PLACE, PLACE_SIZE);
	memcpy(item.bytes + OTHER, other->bytes + PLACE, PLACE_SIZE);
	item.bytes[KIND] = (unsigned char)kind;
	return tb_sorter_put(d->found, &item, err);
}

/* The rows of one id, while they are gone through: they come sorted by content, then place. */
struct same_id {
	struct tb_sorter_item first; /* of the id */
	struct tb_sorter_item kept;  /* first of the content */
	bool any, conflict;
};

static enum tb_status judge(struct tb_duplicates *d, struct same_id *g,
			    const struct tb_sorter_item *row, struct tb_err *err)
{
	if (!g->any || memcmp(g->first.bytes + ID, row->bytes + ID, CONTENT - ID) != 0) {
		*g = (struct same_id){.first = *row, .kept = *row, .any = true};
		return TB_OK;
	}
	if (memcmp(g->kept.bytes + CONTENT, row->bytes + CONTENT, PLACE - CONTENT) == 0)
		return add_finding(d, row, &g->kept, TB_COPY_SAME, err);
	if (!g->conflict)
		TB_TRY(add_finding(d, &g->first, row, TB_COPY_CONFLICT, err));
	g->conflict = true;
	g->kept = *row;
	return add_finding(d, row, &g->first, TB_COPY_CONFLICT, err);
}

static enum tb_status next_finding(struct tb_duplicates *d, struct tb_err *err)
{
	return tb_sorter_next(d->found, &d->next, &d->has_next, err);
}

enum tb_status tb_duplicates_find(struct tb_duplicates *d, bool *found, struct tb_err *err)
{
	struct tb_sorter_item row;
	struct same_id group = {0};
	bool more;

	TB_TRY(tb_sorter_rewind(d->noted, err));
	for (;;) {
		TB_TRY(tb_sorter_next(d->noted, &row, &more, err));
		if (!more)
			break;
		TB_TRY(judge(d, &group, &row, err));
	}
	*found = tb_sorter_count(d->found) > 0;
	TB_TRY(tb_sorter_rewind(d->found, err));
	return next_finding(d, err);
}

enum tb_status tb_duplicates_ask(struct tb_duplicates *d, size_t file, uint64_t line,
				 enum tb_copy *copy, size_t *other_file, uint64_t *other_line,
				 struct tb_err *err)
{
	unsigned char here[PLACE_SIZE];

	*copy = TB_COPY_NONE;
	put_place(here, file, line);
	if (!d->has_next || memcmp(d->next.bytes + HERE, here, PLACE_SIZE) != 0)
		return TB_OK;
	*copy = (enum tb_copy)d->next.bytes[KIND];
	*other_file = tb_sorter_get_u32(d->next.bytes + OTHER);
	*other_line = tb_sorter_get_u64(d->next.bytes + OTHER + 4);
	return next_finding(d, err);
}
