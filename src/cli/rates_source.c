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
	 "prices from FILE instead of the built-in ones; may be repeated,|"
	 "a later file's [MODEL] replaces an earlier one's",
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

enum tb_status tb_rates_load_more(const struct tb_rates_source *r, const char *const *more,
				  size_t n, struct tb_book **out, struct tb_problems *problems,
				  struct tb_err *err)
{
	const char **paths = calloc(r->count + n + 1, sizeof(*paths));
	size_t limit = problems->limit;
	enum tb_status st;

	*out = NULL;
	if (!paths)
		return tb_fail_nomem(err);
	memcpy(paths, r->paths, r->count * sizeof(*paths));
	memcpy(paths + r->count, more, n * sizeof(*paths));
	problems->limit = RATE_PROBLEMS_SHOWN;
	st = r->count ? tb_book_load(paths, r->count + n, out, problems, err)
		      : tb_book_load_over(paths, n, out, problems, err);
	problems->limit = limit;
	free(paths);
	return st;
}

const char *const *tb_rates_names(const struct tb_rates_source *r, size_t *n)
{
	static const char *const built_in[] = {"built-in"};

	*n = r->count ? r->count : 1;
	return r->count ? r->paths : built_in;
}
