#include "ratebook/litellm.h"

#include <yajl/yajl_parse.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where a value stands: of the file, of a model, of a key, or within a value. */
enum { AT_FILE, AT_MODEL, AT_KEY, AT_PART };

struct parse {
	struct tb_litellm *out;
	const char *name;
	struct tb_span json;
	yajl_handle yajl;
	int depth;
	bool in_notes;      /* the last key within a value was "notes" */
	struct tb_buf path; /* of the value within a list or a map */
	struct {
		size_t path; /* how much of the path leads to the list or map at this depth */
		size_t next; /* the number of the next item, of a list */
		bool is_list;
	} within[TB_LITELLM_DEPTH_MAX + 1];
	size_t counted;     /* bytes in which the lines were counted */
	uint64_t line;      /* at that byte */
	struct tb_buf text; /* the value at hand */
	enum tb_status status;
	struct tb_err *err;

	/* yajl does not look whether its allocations succeed, so it gets all it can need at once.
	 */
	char *pool;
	size_t pool_size, pool_used;
};

/* ---- yajl's memory ---- */

static void *pool_take(void *ctx, size_t n)
{
	struct parse *p = ctx;
	char *at = p->pool + p->pool_used;

	n = (n + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
	if (p->pool_size - p->pool_used < n)
		return NULL;
	p->pool_used += n;
	return at;
}

static void *pool_grow(void *ctx, void *old, size_t n)
{
	const struct parse *p = ctx;
	size_t before = old ? (size_t)(p->pool + p->pool_used - (char *)old) : 0;
	void *new = pool_take(ctx, n);

	if (new &&old)
		memcpy(new, old, before < n ? before : n); /* with what lies behind it, ours too */
	return new;
}

static void pool_drop(void *ctx, void *old)
{
	(void)ctx;
	(void)old;
}

/*
 * A buffer for the longest text, doubled as it grows, takes less than four times the file; the
 * stack for the depth that is allowed and the rest are small.
 */
static bool make_pool(struct parse *p)
{
	enum { SMALL_THINGS = 1 << 16, TIMES = 4 };

	p->pool_size = p->json.n * TIMES + SMALL_THINGS;
	p->pool = malloc(p->pool_size);
	return p->pool != NULL;
}

/* ---- what went wrong ---- */

static uint64_t line_now(struct parse *p)
{
	size_t at = yajl_get_bytes_consumed(p->yajl);

	for (; p->counted < at && p->counted < p->json.n; p->counted++)
		p->line += p->json.p[p->counted] == '\n';
	return p->line;
}

/* 0, which makes yajl stop. */
static int refuse(struct parse *p, const char *why)
{
	if (p->status == TB_OK)
		p->status =
			tb_fail(p->err, TB_DATA, "%s:%" PRIu64 ": %s", p->name, line_now(p), why);
	return 0;
}

static int no_memory(struct parse *p)
{
	p->status = tb_fail_nomem(p->err);
	return 0;
}

/* ---- values ---- */

static struct tb_litellm_entry *entry(struct parse *p)
{
	return &p->out->entries[p->out->entry_count - 1];
}

/* Inside of a model that is no map there is nothing to keep. */
static bool is_skipped(const struct parse *p)
{
	return p->depth >= AT_KEY && !p->out->models[p->out->model_count - 1].is_map;
}

static int keep_value(struct parse *p, enum tb_litellm_kind kind, const char *s, size_t n)
{
	struct tb_litellm_entry *e = entry(p);

	e->kind = kind;
	e->value = tb_arena_text(&p->out->arena, s, n);
	return e->value ? 1 : no_memory(p);
}

/* ---- what stands within a list or a map ---- */

static void add_to_path(struct parse *p, struct tb_span name)
{
	p->path.n = p->within[p->depth].path;
	if (p->path.n)
		tb_buf_puts(&p->path, ".");
	tb_buf_add(&p->path, name.p, name.n);
}

/* An item of a list is called by its number, from 0 on. */
static void name_item(struct parse *p)
{
	char number[24];
	int n;

	if (!p->within[p->depth].is_list)
		return;
	n = snprintf(number, sizeof(number), "%zu", p->within[p->depth].next++);
	add_to_path(p, (struct tb_span){number, (size_t)n});
}

static int add_part(struct parse *p, enum tb_litellm_kind kind, const char *s, size_t n)
{
	struct tb_litellm *l = p->out;
	struct tb_litellm_part part = {.kind = kind};

	name_item(p);
	if (entry(p)->part_count == TB_LITELLM_KEYS_MAX)
		return 1; /* no block that is carried over has a tenth as many */
	part.path = tb_arena_text(&l->arena, p->path.p ? p->path.p : "", p->path.n);
	part.value = tb_arena_text(&l->arena, s, n);
	if (p->path.failed || !part.path || !part.value ||
	    !tb_grow(&l->parts, &l->part_cap, l->part_count + 1, sizeof(*l->parts)))
		return no_memory(p);
	l->parts[l->part_count++] = part;
	entry(p)->part_count++;
	return 1;
}

/* A value that is no list and no map. */
static int take_scalar(struct parse *p, enum tb_litellm_kind kind, const char *s, size_t n)
{
	if (p->depth == AT_FILE)
		return refuse(p, "not an object of models");
	if (p->depth == AT_MODEL || is_skipped(p))
		return 1;
	if (p->depth == AT_KEY)
		return keep_value(p, kind, s, n);
	if (!add_part(p, kind, s, n))
		return 0;
	if (entry(p)->kind == TB_LITELLM_MAP && !p->in_notes)
		return 1;
	if (p->text.n)
		tb_buf_puts(&p->text, " ");
	tb_buf_add(&p->text, s, n);
	return p->text.failed ? no_memory(p) : 1;
}

static int on_null(void *ctx)
{
	return take_scalar(ctx, TB_LITELLM_NULL, "", 0);
}

static int on_bool(void *ctx, int value)
{
	return value ? take_scalar(ctx, TB_LITELLM_BOOL, "true", 4)
		     : take_scalar(ctx, TB_LITELLM_BOOL, "false", 5);
}

static int on_number(void *ctx, const char *s, size_t n)
{
	return take_scalar(ctx, TB_LITELLM_NUMBER, s, n);
}

static int on_string(void *ctx, const unsigned char *s, size_t n)
{
	return take_scalar(ctx, TB_LITELLM_STRING, (const char *)s, n);
}

static int open_value(struct parse *p, enum tb_litellm_kind kind)
{
	if (p->depth == AT_FILE && kind == TB_LITELLM_LIST)
		return refuse(p, "not an object of models");
	if (p->depth == AT_MODEL)
		p->out->models[p->out->model_count - 1].is_map = kind == TB_LITELLM_MAP;
	if (p->depth == AT_KEY && !is_skipped(p)) {
		entry(p)->kind = kind;
		entry(p)->first_part = p->out->part_count;
		tb_buf_clear(&p->text);
		tb_buf_clear(&p->path);
		p->in_notes = false;
	}
	if (p->depth > AT_KEY && !is_skipped(p))
		name_item(p);
	if (++p->depth > TB_LITELLM_DEPTH_MAX)
		return refuse(p, "nested deeper than 32 levels");
	p->within[p->depth].path = p->path.n;
	p->within[p->depth].next = 0;
	p->within[p->depth].is_list = kind == TB_LITELLM_LIST;
	return p->path.failed ? no_memory(p) : 1;
}

static int close_value(struct parse *p)
{
	if (--p->depth != AT_KEY || is_skipped(p))
		return 1;
	return keep_value(p, entry(p)->kind, p->text.n ? p->text.p : "", p->text.n);
}

static int on_open_map(void *ctx)
{
	return open_value(ctx, TB_LITELLM_MAP);
}

static int on_open_list(void *ctx)
{
	return open_value(ctx, TB_LITELLM_LIST);
}

static int on_close(void *ctx)
{
	return close_value(ctx);
}

/* ---- keys ---- */

static int add_model(struct parse *p, struct tb_span name)
{
	struct tb_litellm *l = p->out;
	const char *copy = tb_arena_text(&l->arena, name.p, name.n);

	if (l->model_count == TB_LITELLM_MODELS_MAX)
		return refuse(p, "more than 100,000 models");
	if (!copy || !tb_grow(&l->models, &l->model_cap, l->model_count + 1, sizeof(*l->models)))
		return no_memory(p);
	l->models[l->model_count++] = (struct tb_litellm_model){
		.name = copy, .line = line_now(p), .first = l->entry_count};
	return 1;
}

static int add_entry(struct parse *p, struct tb_span key)
{
	struct tb_litellm *l = p->out;
	const char *copy = tb_arena_text(&l->arena, key.p, key.n);

	if (l->models[l->model_count - 1].count == TB_LITELLM_KEYS_MAX)
		return refuse(p, "a model of more than 1,000 keys");
	if (!copy || !tb_grow(&l->entries, &l->entry_cap, l->entry_count + 1, sizeof(*l->entries)))
		return no_memory(p);
	l->entries[l->entry_count++] =
		(struct tb_litellm_entry){.key = copy, .value = "", .line = line_now(p)};
	l->models[l->model_count - 1].count++;
	return 1;
}

static int on_key(void *ctx, const unsigned char *s, size_t n)
{
	struct parse *p = ctx;
	struct tb_span key = {(const char *)s, n};

	if (p->depth <= AT_KEY && (n > TB_LITELLM_NAME_MAX || memchr(s, '\0', n)))
		return refuse(p, "a name longer than 1024 bytes, or with a NUL in it");
	if (p->depth == AT_MODEL)
		return add_model(p, key);
	if (p->depth == AT_KEY && !is_skipped(p))
		return add_entry(p, key);
	p->in_notes = p->depth == AT_PART && tb_span_is(key, "notes");
	if (p->depth >= AT_PART && !is_skipped(p))
		add_to_path(p, key);
	return p->path.failed ? no_memory(p) : 1;
}

static const yajl_callbacks callbacks = {
	.yajl_null = on_null,
	.yajl_boolean = on_bool,
	.yajl_number = on_number,
	.yajl_string = on_string,
	.yajl_start_map = on_open_map,
	.yajl_map_key = on_key,
	.yajl_end_map = on_close,
	.yajl_start_array = on_open_list,
	.yajl_end_array = on_close,
};

/* ---- the whole ---- */

static void name_syntax_error(struct parse *p)
{
	unsigned char *why = yajl_get_error(p->yajl, 0, NULL, 0);
	const char *text = why ? (const char *)why : "not JSON";

	refuse(p, tb_span_starts(tb_span_of(text), "parse error: premature EOF")
			  ? "the file ends in the middle; was it cut?"
			  : "not JSON here");
	if (why)
		yajl_free_error(p->yajl, why);
}

static enum tb_status run(struct parse *p)
{
	const unsigned char *bytes = (const unsigned char *)p->json.p;
	yajl_status st = yajl_parse(p->yajl, bytes, p->json.n);

	if (st == yajl_status_ok)
		st = yajl_complete_parse(p->yajl);
	if (st != yajl_status_ok && p->status == TB_OK)
		name_syntax_error(p);
	return p->status;
}

enum tb_status tb_litellm_read(struct tb_litellm *l, const char *name, struct tb_span json,
			       struct tb_err *err)
{
	struct parse p = {.out = l, .name = name, .json = json, .line = 1, .err = err};
	yajl_alloc_funcs funcs = {pool_take, pool_grow, pool_drop, &p};
	enum tb_status st;

	if (tb_span_starts(json, "\xef\xbb\xbf"))
		p.json = (struct tb_span){json.p + 3, json.n - 3};
	if (!make_pool(&p))
		return tb_fail_nomem(err);
	p.yajl = yajl_alloc(&callbacks, &funcs, &p);
	st = p.yajl ? run(&p) : tb_fail_nomem(err);
	if (p.yajl)
		yajl_free(p.yajl);
	free(p.pool);
	tb_buf_release(&p.text);
	tb_buf_release(&p.path);
	return st;
}

void tb_litellm_release(struct tb_litellm *l)
{
	tb_arena_release(&l->arena);
	free(l->models);
	free(l->entries);
	free(l->parts);
	*l = (struct tb_litellm){0};
}
