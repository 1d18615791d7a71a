#include "run/sources.h"

#include "base/outfile.h"

#include <stdlib.h>

static int by_file(const void *a, const void *b)
{
	const struct tb_source *x = *(const struct tb_source *const *)a,
			       *y = *(const struct tb_source *const *)b;
	const struct stat *of_x = &x->opened, *of_y = &y->opened;

	if (of_x->st_dev != of_y->st_dev)
		return of_x->st_dev < of_y->st_dev ? -1 : 1;
	if (of_x->st_ino != of_y->st_ino)
		return of_x->st_ino < of_y->st_ino ? -1 : 1;
	return x < y ? -1 : x > y;
}

static enum tb_status refuse_twice(const struct tb_source *const *sorted, size_t n,
				   struct tb_err *err)
{
	for (size_t i = 1; i < n; i++)
		if (tb_source_same(sorted[i - 1], sorted[i]))
			return tb_fail(err, TB_USAGE,
				       "%s: is the same file as %s and would be billed twice",
				       sorted[i]->name, sorted[i - 1]->name);
	return TB_OK;
}

static enum tb_status refuse_same_file(const struct tb_sources *s, struct tb_err *err)
{
	size_t n = s->count;
	const struct tb_source **sorted = calloc(n + 1, sizeof(const struct tb_source *));
	enum tb_status st;

	if (!sorted)
		return tb_fail_nomem(err);
	for (size_t i = 0; i < n; i++)
		sorted[i] = &s->list[i];
	qsort(sorted, n, sizeof(const struct tb_source *), by_file);
	st = refuse_twice(sorted, n, err);
	free(sorted);
	return st;
}

/* Files that stay open until all are read, even if they are renamed meanwhile; the others are open
 * in their turn, for a system grants only so many. */
enum { HELD_OPEN = 64 };

void tb_sources_let_go(struct tb_sources *s, size_t i)
{
	if (i < HELD_OPEN)
		tb_source_rest(&s->list[i]);
	else
		tb_source_set_down(&s->list[i]);
}

enum tb_status tb_sources_open(struct tb_sources *s, const char *const *paths, size_t n,
			       const atomic_int *stop, bool digests, struct tb_err *err)
{
	s->list = calloc(n + 1, sizeof(*s->list));
	if (!s->list)
		return tb_fail_nomem(err);
	for (size_t i = 0; i < n; i++) {
		TB_TRY(tb_source_open(&s->list[i], paths[i], err));
		s->list[i].stop = stop;
		s->count++;
		if (digests && !tb_source_want_digest(&s->list[i]))
			return tb_fail_nomem(err);
		tb_sources_let_go(s, i);
	}
	return refuse_same_file(s, err);
}

void tb_sources_release(struct tb_sources *s)
{
	for (size_t i = 0; i < s->count; i++)
		tb_source_release(&s->list[i]);
	free(s->list);
	*s = (struct tb_sources){0};
}

uint64_t tb_sources_bytes(const struct tb_sources *s)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < s->count; i++) {
		if (!s->list[i].regular)
			return 0;
		sum += (uint64_t)s->list[i].opened.st_size;
	}
	return sum;
}

bool tb_sources_have(const struct tb_sources *s, const struct stat *file)
{
	for (size_t i = 0; i < s->count; i++)
		if (tb_same_file(file, &s->list[i].opened))
			return true;
	return false;
}
