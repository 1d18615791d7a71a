#include "usage/jsonpath.h"

#include <yajl/yajl_parse.h>

#include <string.h>

enum { DEPTH_MAX = 16 };

struct walk {
	bool (*take)(void *ctx, struct tb_span path, struct tb_span number);
	void *ctx;
	char path[TB_JSON_PATH_MAX];
	size_t n;
	size_t length[DEPTH_MAX]; /* of the path of each map that is open, by depth */
	size_t depth;             /* maps and arrays that are open */
	size_t lost;              /* the depth of the outermost without a path; 0: there is none */
	bool has_key;             /* the value that comes has a path, unless it is lost */
	bool object, stopped;
};

/* The text begins with an object. */
static int open_map(void *ctx)
{
	struct walk *w = ctx;

	w->depth++;
	if (!w->lost && ((w->object && !w->has_key) || w->depth >= DEPTH_MAX))
		w->lost = w->depth;
	if (!w->lost)
		w->length[w->depth] = w->n;
	w->object = true;
	return 1;
}

static int open_array(void *ctx)
{
	struct walk *w = ctx;

	if (!w->object)
		return 0;
	w->depth++;
	if (!w->lost)
		w->lost = w->depth;
	return 1;
}

static int close_level(void *ctx)
{
	struct walk *w = ctx;

	if (w->lost == w->depth)
		w->lost = 0;
	w->depth--;
	return 1;
}

static int take_key(void *ctx, const unsigned char *key, size_t n)
{
	struct walk *w = ctx;
	size_t at;

	if (w->lost)
		return 1;
	at = w->length[w->depth];
	if (w->depth > 1 && at < sizeof(w->path))
		w->path[at++] = '.';
	w->has_key = n <= sizeof(w->path) - at && !memchr(key, '.', n);
	if (w->has_key) {
		memcpy(w->path + at, key, n);
		w->n = at + n;
	}
	return 1;
}

/* A number, or a text in the place of one: what it says is not left out. */
static int take_number(void *ctx, const char *text, size_t n)
{
	struct walk *w = ctx;

	if (!w->object)
		return 0;
	if (w->lost || !w->has_key ||
	    w->take(w->ctx, (struct tb_span){w->path, w->n}, (struct tb_span){text, n}))
		return 1;
	w->stopped = true;
	return 0;
}

static int ignore_null(void *ctx)
{
	return ((struct walk *)ctx)->object;
}

static int ignore_boolean(void *ctx, int value)
{
	(void)value;
	return ((struct walk *)ctx)->object;
}

static int take_string(void *ctx, const unsigned char *text, size_t n)
{
	return take_number(ctx, (const char *)text, n);
}

const char *tb_json_numbers(struct tb_span text,
			    bool (*take)(void *ctx, struct tb_span path, struct tb_span number),
			    void *ctx)
{
	static const yajl_callbacks calls = {.yajl_null = ignore_null,
					     .yajl_boolean = ignore_boolean,
					     .yajl_number = take_number,
					     .yajl_string = take_string,
					     .yajl_start_map = open_map,
					     .yajl_map_key = take_key,
					     .yajl_end_map = close_level,
					     .yajl_start_array = open_array,
					     .yajl_end_array = close_level};
	struct walk w = {.take = take, .ctx = ctx};
	yajl_handle h = yajl_alloc(&calls, NULL, &w);
	bool ok;

	if (!h)
		return "out of memory";
	ok = yajl_parse(h, (const unsigned char *)text.p, text.n) == yajl_status_ok &&
	     yajl_complete_parse(h) == yajl_status_ok;
	yajl_free(h);
	return ok || w.stopped ? NULL : "not a JSON object";
}
