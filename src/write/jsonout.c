#include "write/jsonout.h"

#include <yajl/yajl_gen.h>

#include <string.h>

/* ---- yajl's memory ---- */

static void *pool_take(void *ctx, size_t n)
{
	struct tb_json *j = ctx;
	char *at = (char *)j->pool + j->used;

	n = (n + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
	if (sizeof(j->pool) - j->used < n)
		return NULL;
	j->used += n;
	return at;
}

static void *pool_grow(void *ctx, void *old, size_t n)
{
	void *p = pool_take(ctx, n);

	if (p && old)
		memcpy(p, old, n); /* of an older, smaller block: what lies after it is ours too */
	return p;
}

static void pool_drop(void *ctx, void *old)
{
	(void)ctx;
	(void)old;
}

static void print(void *ctx, const char *p, size_t n)
{
	fwrite(p, 1, n, ctx);
}

enum tb_status tb_json_begin(struct tb_json *j, FILE *out, bool visible, struct tb_err *err)
{
	const yajl_alloc_funcs funcs = {pool_take, pool_grow, pool_drop, j};

	j->visible = visible;
	j->failed = false;
	j->used = 0;
	j->gen = yajl_gen_alloc(&funcs);
	if (!j->gen)
		return tb_fail_nomem(err);
	yajl_gen_config(j->gen, yajl_gen_beautify, 1);
	yajl_gen_config(j->gen, yajl_gen_indent_string, "  ");
	yajl_gen_config(j->gen, yajl_gen_print_callback, print, out);
	return TB_OK;
}

enum tb_status tb_json_end(struct tb_json *j, struct tb_err *err)
{
	yajl_gen_free(j->gen);
	return j->failed ? tb_fail_nomem(err) : TB_OK;
}

/* ---- values ---- */

static void done(struct tb_json *j, yajl_gen_status st)
{
	j->failed |= st != yajl_gen_status_ok;
}

void tb_json_open_map(struct tb_json *j)
{
	done(j, yajl_gen_map_open(j->gen));
}

void tb_json_close_map(struct tb_json *j)
{
	done(j, yajl_gen_map_close(j->gen));
}

void tb_json_open_array(struct tb_json *j)
{
	done(j, yajl_gen_array_open(j->gen));
}

void tb_json_close_array(struct tb_json *j)
{
	done(j, yajl_gen_array_close(j->gen));
}

void tb_json_text(struct tb_json *j, struct tb_span s)
{
	struct tb_buf seen = {0};

	if (!j->visible && tb_utf8_prefix(s.p, s.n) == s.n) {
		done(j, yajl_gen_string(j->gen, (const unsigned char *)s.p, s.n));
		return;
	}
	tb_buf_visible(&seen, s, 0);
	done(j, seen.failed ? yajl_gen_in_error_state
			    : yajl_gen_string(j->gen, (const unsigned char *)seen.p, seen.n));
	tb_buf_release(&seen);
}

void tb_json_key(struct tb_json *j, const char *key)
{
	tb_json_text(j, tb_span_of(key));
}

void tb_json_null(struct tb_json *j)
{
	done(j, yajl_gen_null(j->gen));
}

void tb_json_bool(struct tb_json *j, bool b)
{
	done(j, yajl_gen_bool(j->gen, b));
}

void tb_json_count(struct tb_json *j, tb_u128 n)
{
	char text[TB_COUNT_TEXT];

	tb_json_digits(j, tb_count_text(n, '\0', text));
}

void tb_json_digits(struct tb_json *j, const char *digits)
{
	done(j, yajl_gen_number(j->gen, digits, strlen(digits)));
}

void tb_json_string(struct tb_json *j, const char *key, const char *value)
{
	tb_json_key(j, key);
	tb_json_text(j, tb_span_of(value));
}
