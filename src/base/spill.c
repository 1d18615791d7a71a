#include "base/spill.h"

#include "base/mem.h"
#include "base/outfile.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

struct tb_spill_chunk {
	struct tb_spill_chunk *next;
	char bytes[TB_SPILL_CHUNK];
};

/* Bytes of a part that stand together in the file. */
struct tb_spill_piece {
	uint64_t at, n;
};

enum {
	SLAB_CHUNKS = 64,
	STAGE = 64 << 10, /* bytes written at once */
};

struct tb_spill_slab {
	struct tb_spill_slab *next;
	bool counted; /* taken from the shared memory */
	struct tb_spill_chunk chunks[SLAB_CHUNKS];
};

void tb_spill_memory_init(struct tb_spill_memory *m, size_t bytes)
{
	atomic_init(&m->left, bytes);
}

struct tb_spill *tb_spill_new(struct tb_spill_memory *memory, size_t parts)
{
	struct tb_spill *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->memory = memory;
	s->fd = -1;
	s->parts = parts;
	s->part = calloc(parts, sizeof(*s->part));
	if (!s->part) {
		tb_spill_free(s);
		return NULL;
	}
	return s;
}

void tb_spill_free(struct tb_spill *s)
{
	if (!s)
		return;
	for (size_t i = 0; s->part && i < s->parts; i++)
		free(s->part[i].pieces);
	free(s->part);
	while (s->slabs) {
		struct tb_spill_slab *slab = s->slabs;

		s->slabs = slab->next;
		if (slab->counted)
			atomic_fetch_add(&s->memory->left, sizeof(*slab));
		free(slab);
	}
	if (s->fd >= 0)
		close(s->fd);
	free(s);
}

static enum tb_status failed(const char *doing, struct tb_err *err)
{
	return tb_fail(err, TB_IO, "%s a temporary file (TMPDIR, else /tmp): %s", doing,
		       strerror(errno));
}

/* ---- memory ---- */

static bool take_shared(struct tb_spill_memory *m, size_t n)
{
	size_t left = atomic_load(&m->left);

	while (left >= n)
		if (atomic_compare_exchange_weak(&m->left, &left, left - n))
			return true;
	return false;
}

static void give_chunk(struct tb_spill *s, struct tb_spill_chunk *c)
{
	c->next = s->free;
	s->free = c;
}

static bool add_slab(struct tb_spill *s, bool counted)
{
	struct tb_spill_slab *slab = malloc(sizeof(*slab));

	if (!slab)
		return false;
	slab->next = s->slabs;
	slab->counted = counted;
	s->slabs = slab;
	for (size_t i = SLAB_CHUNKS; i-- > 0;)
		give_chunk(s, &slab->chunks[i]);
	return true;
}

/* ---- to the file ---- */

/* Bytes on their way to the file. */
struct stage {
	char bytes[STAGE];
	size_t n;
};

static enum tb_status flush(struct tb_spill *s, struct stage *stage, struct tb_err *err)
{
	if (!stage->n)
		return TB_OK;
	if (s->fd < 0 && (s->fd = tb_tempfile()) < 0)
		return failed("creating", err);
	if (!tb_write_all(s->fd, stage->bytes, stage->n))
		return failed("writing", err);
	stage->n = 0;
	return TB_OK;
}

/* All chunks of a part but the last, which is not full. */
static enum tb_status write_part(struct tb_spill *s, struct tb_spill_part *p, struct stage *stage,
				 struct tb_err *err)
{
	struct tb_spill_piece piece = {.at = s->written};

	if (p->first == p->last)
		return TB_OK;
	if (!tb_grow(&p->pieces, &p->piece_cap, p->piece_count + 1, sizeof(*p->pieces)))
		return tb_fail_nomem(err);
	while (p->first != p->last) {
		struct tb_spill_chunk *c = p->first;

		if (stage->n + TB_SPILL_CHUNK > STAGE)
			TB_TRY(flush(s, stage, err));
		memcpy(stage->bytes + stage->n, c->bytes, TB_SPILL_CHUNK);
		stage->n += TB_SPILL_CHUNK;
		piece.n += TB_SPILL_CHUNK;
		p->first = c->next;
		give_chunk(s, c);
	}
	s->written += piece.n;
	p->pieces[p->piece_count++] = piece;
	return TB_OK;
}

static enum tb_status write_chunks(struct tb_spill *s, struct tb_err *err)
{
	struct stage *stage = malloc(sizeof(*stage));
	enum tb_status st = TB_OK;

	if (!stage)
		return tb_fail_nomem(err);
	stage->n = 0;
	for (size_t i = 0; i < s->parts && st == TB_OK; i++)
		st = write_part(s, &s->part[i], stage, err);
	if (st == TB_OK)
		st = flush(s, stage, err);
	free(stage);
	return st;
}

/* ---- putting ---- */

static enum tb_status find_chunk(struct tb_spill *s, struct tb_err *err)
{
	if (s->free)
		return TB_OK;
	if (take_shared(s->memory, sizeof(struct tb_spill_slab))) {
		if (add_slab(s, true))
			return TB_OK;
		atomic_fetch_add(&s->memory->left, sizeof(struct tb_spill_slab));
		return tb_fail_nomem(err);
	}
	TB_TRY(write_chunks(s, err));
	return s->free || add_slab(s, false) ? TB_OK : tb_fail_nomem(err);
}

enum tb_status tb_spill_more(struct tb_spill *s, size_t part, struct tb_err *err)
{
	struct tb_spill_part *p = &s->part[part];
	struct tb_spill_chunk *c;

	TB_TRY(find_chunk(s, err));
	c = s->free;
	s->free = c->next;
	c->next = NULL;
	if (p->last) {
		p->bytes += TB_SPILL_CHUNK;
		p->last->next = c;
	} else {
		p->first = c;
	}
	p->last = c;
	p->at = c->bytes;
	p->end = c->bytes + TB_SPILL_CHUNK;
	return TB_OK;
}

enum tb_status tb_spill_put(struct tb_spill *s, size_t part, const void *bytes, size_t n,
			    struct tb_err *err)
{
	struct tb_spill_part *p = &s->part[part];
	const char *from = bytes;

	while (n) {
		size_t room = (size_t)(p->end - p->at), now = n < room ? n : room;

		if (!room) {
			TB_TRY(tb_spill_more(s, part, err));
			continue;
		}
		memcpy(p->at, from, now);
		p->at += now;
		from += now;
		n -= now;
	}
	return TB_OK;
}

/* ---- reading ---- */

static size_t chunk_bytes(const struct tb_spill_part *p, const struct tb_spill_chunk *c)
{
	return c == p->last ? (size_t)(p->at - c->bytes) : TB_SPILL_CHUNK;
}

uint64_t tb_spill_bytes(const struct tb_spill *s, size_t part)
{
	const struct tb_spill_part *p = &s->part[part];

	return p->last ? p->bytes + chunk_bytes(p, p->last) : 0;
}

struct tb_spill_reader tb_spill_begin(const struct tb_spill *s, size_t part)
{
	return (struct tb_spill_reader){
		.spill = s, .part = &s->part[part], .chunk = s->part[part].first};
}

static enum tb_status read_piece(struct tb_spill_reader *r, char *to, size_t n, size_t *got,
				 struct tb_err *err)
{
	const struct tb_spill_piece *piece = &r->part->pieces[r->piece];
	uint64_t left = piece->n - r->done;
	ssize_t now;

	do
		now = pread(r->spill->fd, to, n < left ? n : (size_t)left,
			    (off_t)(piece->at + r->done));
	while (now < 0 && errno == EINTR);
	if (now <= 0) {
		errno = now ? errno : EIO;
		return failed("reading", err);
	}
	*got = (size_t)now;
	r->done += *got;
	if (r->done == piece->n) {
		r->piece++;
		r->done = 0;
	}
	return TB_OK;
}

static size_t read_chunk(struct tb_spill_reader *r, char *to, size_t n)
{
	size_t left = chunk_bytes(r->part, r->chunk) - r->used, now = n < left ? n : left;

	memcpy(to, r->chunk->bytes + r->used, now);
	r->used += now;
	if (now == left) {
		r->chunk = r->chunk->next;
		r->used = 0;
	}
	return now;
}

enum tb_status tb_spill_read(struct tb_spill_reader *r, void *bytes, size_t n, size_t *got,
			     struct tb_err *err)
{
	char *to = bytes;
	size_t now = 0;

	*got = 0;
	while (*got < n && (r->piece < r->part->piece_count || r->chunk)) {
		if (r->piece < r->part->piece_count)
			TB_TRY(read_piece(r, to + *got, n - *got, &now, err));
		else
			now = read_chunk(r, to + *got, n - *got);
		*got += now;
	}
	return TB_OK;
}
