#include "base/parallel_for.h"
#include "billing/id_notes.h"

#include <stdlib.h>
#include <string.h>

/* ---- as a whole ---- */

struct tb_duplicates *tb_duplicates_new(const struct tb_duplicates_options *options)
{
	struct tb_duplicates *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->options = *options;
	if (!d->options.memory)
		d->options.memory = TB_DUPLICATES_MEMORY;
	if (options->key)
		d->key = *options->key;
	else
		tb_fingerprint_key(&d->key, tb_hash_key_random());
	tb_spill_memory_init(&d->memory, d->options.memory);
	return d;
}

static void free_notes(struct tb_id_notes *n)
{
	tb_spill_free(n->ids);
	tb_spill_free(n->rows);
	tb_buf_release(&n->room_for_row);
	free(n->segments);
	free(n);
}

void tb_duplicates_free(struct tb_duplicates *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->notes_count; i++)
		free_notes(d->notes[i]);
	free(d->notes);
	free(d->segments);
	free(d->conflicts);
	tb_line_marks_release(&d->suspects);
	tb_line_marks_release(&d->found);
	free(d);
}

struct tb_id_notes *tb_duplicates_notes(struct tb_duplicates *d)
{
	struct tb_id_notes *n;

	if (!tb_grow(&d->notes, &d->notes_cap, d->notes_count + 1, sizeof(*d->notes)))
		return NULL;
	n = calloc(1, sizeof(*n));
	if (!n)
		return NULL;
	n->of = d;
	n->file = SIZE_MAX; /* no row is of this file */
	n->code = TB_ID_PAGE_CODES;
	memset(n->page, 0xff, sizeof(n->page));
	n->ids = tb_spill_new(&d->memory, TB_ID_PARTS);
	if (!n->ids) {
		free_notes(n);
		return NULL;
	}
	d->notes[d->notes_count++] = n;
	return n;
}

/* ---- noting ---- */

void tb_id_notes_end_segment(struct tb_id_notes *n)
{
	if (n->segment_count)
		n->segments[n->segment_count - 1].n = (uint32_t)n->used;
	n->code += n->used;
	n->used = n->room = 0;
	n->file = SIZE_MAX;
}

static enum tb_status begin_segment(struct tb_id_notes *n, const struct tb_usage *u)
{
	tb_id_notes_end_segment(n);
	if (!tb_grow(&n->segments, &n->segment_cap, n->segment_count + 1, sizeof(*n->segments)))
		return tb_fail_nomem(&n->err);
	if (n->code % (1 << TB_ID_CODE_BITS) == TB_ID_PAGE_CODES)
		n->code = atomic_fetch_add(&n->of->pages, 1) << TB_ID_CODE_BITS;
	n->file = u->file;
	n->line = u->line;
	n->room = TB_ID_PAGE_CODES - n->code % (1 << TB_ID_CODE_BITS);
	n->segments[n->segment_count++] =
		(struct tb_id_segment){.code = n->code, .line = u->line, .file = (uint32_t)u->file};
	return TB_OK;
}

static enum tb_status put_page(struct tb_id_notes *n, size_t part, uint64_t page)
{
	n->page[part] = page;
	return tb_spill_put_word(n->ids, part, page << TB_ID_CODE_BITS | TB_ID_PAGE_MARK, &n->err);
}

static enum tb_status note(struct tb_id_notes *n, const struct tb_usage *u)
{
	uint64_t print = tb_fingerprint(&n->of->key, u->id), at = u->line - n->line, code;
	size_t part = (size_t)(print >> TB_ID_PART_SHIFT);

	if (u->file != n->file || at >= n->room) {
		TB_TRY(begin_segment(n, u));
		at = 0;
	}
	if (at >= n->used)
		n->used = at + 1;
	code = n->code + at;
	if (n->page[part] != code >> TB_ID_CODE_BITS)
		TB_TRY(put_page(n, part, code >> TB_ID_CODE_BITS));
	return tb_spill_put_word(
		n->ids, part, (print << 8 & ~(uint64_t)TB_ID_PAGE_MARK) | (code & TB_ID_PAGE_MARK),
		&n->err);
}

void tb_id_notes_add(struct tb_id_notes *notes, const struct tb_usage *u, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (u[i].id.n && (notes->failed || note(notes, &u[i]) != TB_OK)) {
			notes->failed = true;
			return;
		}
}

enum tb_status tb_duplicates_check(const struct tb_duplicates *d, struct tb_err *err)
{
	for (size_t i = 0; i < d->notes_count; i++)
		if (d->notes[i]->failed)
			return tb_fail(err, d->notes[i]->err.code, "%s", d->notes[i]->err.text);
	return TB_OK;
}

void tb_id_notes_forget(struct tb_id_notes *n, size_t file)
{
	tb_id_notes_end_segment(n);
	for (size_t i = n->segment_count; i > 0 && n->segments[i - 1].file == file; i--) {
		n->segments[i - 1].file = TB_ID_FORGOTTEN;
		n->of->forgotten = true;
	}
}

/* ---- threads ---- */

static void look_at_parts(void *ctx, size_t i)
{
	struct tb_id_crew *c = ctx;
	void *member = (char *)c->members + i * c->size;

	for (size_t part; (part = atomic_fetch_add(&c->next, 1)) < c->parts;)
		if (c->look(c, member, part, &c->errs[i]) != TB_OK)
			atomic_store(&c->next, c->parts);
}

enum tb_status tb_id_crew_run(struct tb_id_crew *c, size_t threads, struct tb_err *err)
{
	enum tb_status st = TB_OK;

	c->errs = calloc(threads, sizeof(*c->errs));
	if (!c->errs)
		return tb_fail_nomem(err);
	atomic_store(&c->next, 0);
	tb_parallel_for(threads, threads, look_at_parts, c);
	for (size_t i = 0; i < threads && st == TB_OK; i++) {
		st = c->errs[i].code;
		if (st != TB_OK)
			*err = c->errs[i];
	}
	free(c->errs);
	return st;
}

/* ---- asking ---- */

size_t tb_duplicates_conflicts(const struct tb_duplicates *d)
{
	return d->conflict_count;
}

const struct tb_line_marks *tb_duplicates_found(const struct tb_duplicates *d)
{
	return &d->found;
}

static int compare_place(const void *key, const void *element)
{
	uint64_t place = *(const uint64_t *)key,
		 at = ((const struct tb_id_conflict *)element)->place;

	return (place > at) - (place < at);
}

enum tb_copy tb_duplicates_ask(const struct tb_duplicates *d, size_t file, uint64_t line,
			       struct tb_row_place *other)
{
	uint64_t place = tb_place_pack(file, line);
	const struct tb_id_conflict *c = NULL;

	if (!tb_line_marks_has(&d->found, file, line))
		return TB_COPY_NONE;
	if (d->conflict_count)
		c = bsearch(&place, d->conflicts, d->conflict_count, sizeof(*c), compare_place);
	if (!c)
		return TB_COPY_SAME;
	*other = tb_place_unpack(c->other);
	return TB_COPY_CONFLICT;
}
