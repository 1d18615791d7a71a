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

static enum tb_status take_rates(void *ctx, const char *value, struct tb_err *err)
{
	return tb_rates_add(ctx, value, err);
}

const struct tb_option tb_rates_options[] = {
	{'\0', "rates", "FILE",
	 "prices from FILE instead of the built-in ones (FILE built-in);|"
	 "may be repeated: a later file's [MODEL] replaces an earlier one's",
	 "FILE", true, take_rates},
	{0},
};

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

static const char *const builtin_alone[] = {TB_BUILTIN_RATES};

enum tb_status tb_rates_load(struct tb_rates_source *r, struct tb_arena *arena,
			     struct tb_book **out, struct tb_problems *problems, struct tb_err *err)
{
	*out = NULL;
	if (!r->count)
		TB_TRY(from_environment(r, arena, err));
	return tb_rates_load_more(r, NULL, 0, out, problems, err);
}

enum tb_status tb_rates_load_more(const struct tb_rates_source *r, const char *const *more,
				  size_t n, struct tb_book **out, struct tb_problems *problems,
				  struct tb_err *err)
{
	size_t count, limit = problems->limit;
	const char *const *first = tb_rates_names(r, &count);
	const char **paths = calloc(count + n + 1, sizeof(*paths));
	enum tb_status st;

	*out = NULL;
	if (!paths)
		return tb_fail_nomem(err);
	memcpy(paths, first, count * sizeof(*paths));
	if (n)
		memcpy(paths + count, more, n * sizeof(*paths));
	problems->limit = RATE_PROBLEMS_SHOWN;
	st = tb_book_load(paths, count + n, out, n ? NULL : r->sha256, problems, err);
	problems->limit = limit;
	free(paths);
	return st;
}

const char *const *tb_rates_names(const struct tb_rates_source *r, size_t *n)
{
	*n = r->count ? r->count : 1;
	return r->count ? r->paths : builtin_alone;
}
