#include "base/sorter.h"

#include "base/mem.h"
#include "base/outfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Items of a run that are read at once while merging. */
enum { WINDOW = 128 };

/* A sorted stretch of the file, and what is read of it. */
struct run {
	uint64_t at, end; /* items of the file not yet in the window */
	uint64_t first;
	struct tb_sorter_item *window;
	size_t next, filled;
};

struct tb_sorter {
	struct tb_sorter_item *items; /* in memory */
	size_t n, memory, cap;
	uint64_t count;

	int fd; /* -1 while all items are in memory */
	uint64_t written;
	struct run *runs;
	size_t run_count, run_cap;
	size_t *heap; /* runs with items left, the least item's run first */
	size_t heap_n;
	size_t cursor; /* into items, while all are in memory */
};

struct tb_sorter *tb_sorter_new(size_t memory)
{
	struct tb_sorter *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->memory = memory ? memory : TB_SORTER_MEMORY;
	s->fd = -1;
	return s;
}

void tb_sorter_clear(struct tb_sorter *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	for (size_t i = 0; i < s->run_count; i++)
		free(s->runs[i].window);
	s->run_count = s->n = s->cursor = s->heap_n = 0;
	s->count = s->written = 0;
}

void tb_sorter_free(struct tb_sorter *s)
{
	if (!s)
		return;
	tb_sorter_clear(s);
	free(s->runs);
	free(s->heap);
	free(s->items);
	free(s);
}

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, TB_SORTER_ITEM);
}

static enum tb_status failed(const char *doing, struct tb_err *err)
{
	return tb_fail(err, TB_IO, "%s a temporary file (TMPDIR, else /tmp): %s", doing,
		       strerror(errno));
}

static enum tb_status read_all(int fd, char *p, size_t n, uint64_t at, struct tb_err *err)
{
	while (n) {
		ssize_t got = pread(fd, p, n, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			errno = got ? errno : EIO;
			return failed("reading", err);
		}
		p += got;
		n -= (size_t)got;
		at += (uint64_t)got;
	}
	return TB_OK;
}

/* Moves what is in memory to the file, sorted. */
static enum tb_status write_run(struct tb_sorter *s, struct tb_err *err)
{
	if (s->fd < 0 && (s->fd = tb_tempfile()) < 0)
		return failed("creating", err);
	if (!tb_grow(&s->runs, &s->run_cap, s->run_count + 1, sizeof(*s->runs)))
		return tb_fail_nomem(err);
	qsort(s->items, s->n, sizeof(*s->items), compare);
	if (!tb_write_all(s->fd, (const char *)s->items, s->n * TB_SORTER_ITEM))
		return failed("writing", err);
	s->runs[s->run_count++] = (struct run){.first = s->written, .end = s->written + s->n};
	s->written += s->n;
	s->n = 0;
	return TB_OK;
}

enum tb_status tb_sorter_put(struct tb_sorter *s, const struct tb_sorter_item *item,
			     struct tb_err *err)
{
	if (s->n == s->memory)
		TB_TRY(write_run(s, err));
	if (!tb_grow(&s->items, &s->cap, s->n + 1, sizeof(*s->items)))
		return tb_fail_nomem(err);
	s->items[s->n++] = *item;
	s->count++;
	return TB_OK;
}

uint64_t tb_sorter_count(const struct tb_sorter *s)
{
	return s->count;
}

/* ---- merging ---- */

static enum tb_status fill_window(struct tb_sorter *s, struct run *r, struct tb_err *err)
{
	uint64_t left = r->end - r->at;

	r->next = 0;
	r->filled = left < WINDOW ? (size_t)left : WINDOW;
	if (!r->window && !(r->window = malloc(WINDOW * sizeof(*r->window))))
		return tb_fail_nomem(err);
	TB_TRY(read_all(s->fd, (char *)r->window, r->filled * TB_SORTER_ITEM,
			r->at * TB_SORTER_ITEM, err));
	r->at += r->filled;
	return TB_OK;
}

static bool run_less(const struct tb_sorter *s, size_t a, size_t b)
{
	const struct run *ra = &s->runs[s->heap[a]], *rb = &s->runs[s->heap[b]];

	return compare(&ra->window[ra->next], &rb->window[rb->next]) < 0;
}

static void sift_down(struct tb_sorter *s, size_t i)
{
	for (;;) {
		size_t least = i, child = 2 * i + 1, swap;

		for (size_t c = child; c < child + 2 && c < s->heap_n; c++)
			if (run_less(s, c, least))
				least = c;
		if (least == i)
			return;
		swap = s->heap[i];
		s->heap[i] = s->heap[least];
		s->heap[least] = swap;
		i = least;
	}
}

static enum tb_status begin_merge(struct tb_sorter *s, struct tb_err *err)
{
	free(s->heap);
	s->heap = calloc(s->run_count, sizeof(*s->heap));
	if (!s->heap)
		return tb_fail_nomem(err);
	s->heap_n = s->run_count;
	for (size_t i = 0; i < s->run_count; i++) {
		s->heap[i] = i;
		s->runs[i].at = s->runs[i].first;
		TB_TRY(fill_window(s, &s->runs[i], err));
	}
	for (size_t i = s->heap_n / 2; i-- > 0;)
		sift_down(s, i);
	return TB_OK;
}

enum tb_status tb_sorter_rewind(struct tb_sorter *s, struct tb_err *err)
{
	if (s->fd < 0) {
		if (s->n)
			qsort(s->items, s->n, sizeof(*s->items), compare);
		s->cursor = 0;
		return TB_OK;
	}
	if (s->n)
		TB_TRY(write_run(s, err));
	return begin_merge(s, err);
}

static enum tb_status next_merged(struct tb_sorter *s, struct tb_sorter_item *item, bool *more,
				  struct tb_err *err)
{
	struct run *r;

	*more = s->heap_n > 0;
	if (!*more)
		return TB_OK;
	r = &s->runs[s->heap[0]];
	*item = r->window[r->next++];
	if (r->next == r->filled && r->at < r->end)
		TB_TRY(fill_window(s, r, err));
	if (r->next == r->filled)
		s->heap[0] = s->heap[--s->heap_n];
	sift_down(s, 0);
	return TB_OK;
}

enum tb_status tb_sorter_next(struct tb_sorter *s, struct tb_sorter_item *item, bool *more,
			      struct tb_err *err)
{
	if (s->fd >= 0)
		return next_merged(s, item, more, err);
	*more = s->cursor < s->n;
	if (*more)
		*item = s->items[s->cursor++];
	return TB_OK;
}

/* ---- numbers as bytes ---- */

void tb_sorter_put_u32(unsigned char *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(v >> (24 - 8 * i));
}

void tb_sorter_put_u64(unsigned char *p, uint64_t v)
{
	tb_sorter_put_u32(p, (uint32_t)(v >> 32));
	tb_sorter_put_u32(p + 4, (uint32_t)v);
}

uint32_t tb_sorter_get_u32(const unsigned char *p)
{
	uint32_t v = 0;

	for (int i = 0; i < 4; i++)
		v = v << 8 | p[i];
	return v;
}

uint64_t tb_sorter_get_u64(const unsigned char *p)
{
	return (uint64_t)tb_sorter_get_u32(p) << 32 | tb_sorter_get_u32(p + 4);
}
