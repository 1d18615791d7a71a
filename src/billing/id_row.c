/* A row whose id may have come before, as bytes. */
#include "billing/id_notes.h"

#include <stdlib.h>
#include <string.h>

enum { HAS_REPORTED = 1, SUMS = 2 };

/* In sevens of bits, the lowest first. */
static void add_number(struct tb_buf *b, uint64_t v)
{
	char bytes[10];
	size_t n = 0;

	for (; v >= 0x80; v >>= 7)
		bytes[n++] = (char)(v | 0x80);
	bytes[n++] = (char)v;
	tb_buf_add(b, bytes, n);
}

static void add_text(struct tb_buf *b, struct tb_span s)
{
	add_number(b, s.n);
	tb_buf_add(b, s.p, s.n);
}

static void add_counts(struct tb_buf *b, const struct tb_usage *u)
{
	uint64_t used = 0;

	for (int m = 0; m < TB_METERS; m++)
		used |= (uint64_t)(u->tokens[m] != 0) << m;
	add_number(b, used);
	for (int m = 0; m < TB_METERS; m++)
		if (u->tokens[m])
			add_number(b, u->tokens[m]);
}

static void add_reported(struct tb_buf *b, const struct tb_usage *u)
{
	add_number(b, u->has_reported);
	if (!u->has_reported)
		return;
	for (int i = 0; i < TB_MONEY_LIMBS; i++)
		add_number(b, u->reported.limbs[i]);
}

/* Everything of a row that has a say in the bill. */
static void add_body(struct tb_buf *b, const struct tb_usage *u,
		     const struct tb_duplicates_options *o)
{
	add_text(b, u->id);
	add_number(b, (uint64_t)u->instant);
	add_number(b, u->date_only);
	add_number(b, (uint64_t)u->tier);
	add_number(b, (uint64_t)u->context);
	add_number(b, u->requests);
	add_counts(b, u);
	if (o->reported)
		add_reported(b, u);
	add_text(b, u->model);
	add_text(b, u->region);
	for (size_t i = 0; i < o->asked; i++)
		add_text(b, u->columns[i]);
}

static uint64_t take_number(const char **p)
{
	uint64_t v = 0;
	unsigned shift = 0;

	for (; *(*p) & 0x80; shift += 7)
		v |= (uint64_t)(*(*p)++ & 0x7f) << shift;
	return v | (uint64_t)(unsigned char)*(*p)++ << shift;
}

static struct tb_span take_text(const char **p)
{
	struct tb_span s = {NULL, (size_t)take_number(p)};

	s.p = *p;
	*p += s.n;
	return s;
}

static void take_counts(const char **p, struct tb_usage *u)
{
	uint64_t used = take_number(p);

	for (int m = 0; m < TB_METERS; m++)
		if (used >> m & 1)
			u->tokens[m] = take_number(p);
}

static void take_reported(const char **p, struct tb_usage *u)
{
	u->has_reported = take_number(p);
	for (int i = 0; u->has_reported && i < TB_MONEY_LIMBS; i++)
		u->reported.limbs[i] = take_number(p);
}

void tb_id_row_read(const struct tb_id_head *h, const char *bytes,
		    const struct tb_duplicates_options *o, struct tb_span *columns,
		    struct tb_usage *u)
{
	struct tb_row_place place = tb_place_unpack(h->place);
	const char *p = bytes + h->bare;

	*u = (struct tb_usage){.file = place.file,
			       .line = place.line,
			       .model_bare = {bytes, h->bare},
			       .sums = h->flags & SUMS,
			       .has_reported = h->flags & HAS_REPORTED,
			       .columns = columns};
	u->id = take_text(&p);
	u->instant = (int64_t)take_number(&p);
	u->date_only = take_number(&p);
	u->tier = (enum tb_tier)take_number(&p);
	u->context = (enum tb_context_told)take_number(&p);
	u->requests = take_number(&p);
	take_counts(&p, u);
	if (o->reported)
		take_reported(&p, u);
	u->model = take_text(&p);
	u->region = take_text(&p);
	for (size_t i = 0; i < o->asked; i++)
		columns[i] = take_text(&p);
}

struct tb_span tb_id_row_id(const char *body)
{
	return take_text(&body);
}

/* ---- describing ---- */

size_t tb_id_row_parts(uint64_t rows)
{
	enum { ROWS = 32 << 10, LEAST = 16 };
	size_t parts = LEAST;

	while (parts < TB_SPILL_PARTS_MAX && parts * ROWS < rows)
		parts *= 2;
	return parts;
}

size_t tb_id_row_part(uint64_t hash, size_t parts)
{
	return (size_t)(hash >> 32) % parts;
}

enum tb_status tb_id_row_put(struct tb_spill *s, size_t part, const struct tb_id_head *h,
			     const char *bytes, struct tb_err *err)
{
	TB_TRY(tb_spill_put(s, part, h, sizeof(*h), err));
	return tb_spill_put(s, part, bytes, h->n, err);
}

enum tb_status tb_id_notes_describe(struct tb_id_notes *n, const struct tb_usage *u,
				    struct tb_err *err)
{
	struct tb_duplicates *d = n->of;
	struct tb_buf *b = &n->room_for_row;
	struct tb_id_head h = {.place = tb_place_pack(u->file, u->line),
			       .bare = (uint32_t)u->model_bare.n,
			       .flags =
				       (u->has_reported ? HAS_REPORTED : 0) | (u->sums ? SUMS : 0)};

	if (!n->rows)
		n->rows = tb_spill_new(&d->memory, d->row_parts);
	tb_buf_clear(b);
	tb_buf_add(b, u->model_bare.p, u->model_bare.n);
	add_body(b, u, &d->options);
	if (!n->rows || b->failed)
		return tb_fail_nomem(err);
	h.n = (uint32_t)b->n;
	h.hash = tb_fingerprint(&d->key, (struct tb_span){b->p + h.bare, h.n - h.bare});
	n->described++;
	return tb_id_row_put(n->rows, tb_id_row_part(h.hash, d->row_parts), &h, b->p, err);
}
