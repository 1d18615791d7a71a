#include "cli/rates_source.h"

#include <stdlib.h>
#include <string.h>

/* A rate file is mended as a whole, so all its faults are named; a log's rows come in masses. */
enum { RATE_PROBLEMS_SHOWN = 1000 };

enum tb_status tb_rates_add(struct tb_rates_source *r, const char *path, struct tb_err *err)
{
	if (r->count == TB_RATE_FILES_MAX)
		return tb_fail(err, TB_USAGE, "--rates: '%s': more than 64 rate files", path);
	r->paths[r->count++] = path;
	return TB_OK;
}

/* TOKBILL_RATES names files as --rates does, with colons between them. */
static enum tb_status from_environment(struct tb_rates_source *r, struct tb_arena *arena,
				       struct tb_err *err)
{
	const char *p = getenv("TOKBILL_RATES");

	for (size_t n; p && *p; p += n + (p[n] == ':')) {
		char *path;

		n = strcspn(p, ":");
		if (n == 0)
			continue;
		path = tb_arena_text(arena, p, n);
		if (!path)
			return tb_fail_nomem(err);
		TB_TRY(tb_rates_add(r, path, err));
	}
	return TB_OK;
}

enum tb_status tb_rates_load(struct tb_rates_source *r, struct tb_arena *arena,
			     struct tb_book **out, struct tb_problems *problems, struct tb_err *err)
{
	size_t limit = problems->limit;
	enum tb_status st;

	*out = NULL;
	if (!r->count)
		TB_TRY(from_environment(r, arena, err));
	problems->limit = RATE_PROBLEMS_SHOWN;
	st = r->count ? tb_book_load(r->paths, r->count, out, problems, err)
		      : tb_book_builtin(out, problems, err);
	problems->limit = limit;
	return st;
}
