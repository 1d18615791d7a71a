#include "report/format.h"

#include <yajl/yajl_gen.h>

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

struct json {
	const struct tb_report *report;
	bool visible;
	yajl_gen gen;
	bool failed; /* the only way is memory: what is generated is always well-formed */
};

static void done(struct json *j, yajl_gen_status st)
{
	j->failed |= st != yajl_gen_status_ok;
}

/* Names of files may hold any bytes; JSON is UTF-8. */
static void put_text(struct json *j, struct tb_span s)
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

static void put_key(struct json *j, const char *key)
{
	put_text(j, tb_span_of(key));
}

static void put_string(struct json *j, const char *key, const char *value)
{
	put_key(j, key);
	put_text(j, tb_span_of(value));
}

static void put_count(struct json *j, const char *key, tb_u128 n)
{
	char text[TB_COUNT_TEXT];

	put_key(j, key);
	tb_count_text(n, '\0', text);
	done(j, yajl_gen_number(j->gen, text, strlen(text)));
}

static void put_amount(struct json *j, const char *key, struct tb_money m)
{
	char text[TB_MONEY_TEXT];

	put_string(j, key, tb_money_text(m, text)); /* a string: JSON numbers are doubles to most */
}

static void put_column(struct json *j, const struct tb_report_column *c,
		       const struct tb_report_row *row)
{
	char date[TB_DATE_TEXT];

	switch (c->kind) {
	case TB_KIND_TEXT:
		put_key(j, c->name);
		put_text(j, row->texts[c->index]);
		break;
	case TB_KIND_DATE:
		put_string(j, c->name,
			   tb_period_text(j->report->grouping->period, row->period, date));
		break;
	case TB_KIND_COUNT:
		put_count(j, c->name, row->counts[c->index]);
		break;
	case TB_KIND_AMOUNT:
		put_amount(j, c->name, tb_report_amount(j->report, row, (enum tb_amount)c->index));
		break;
	case TB_KIND_CURRENCY:
		put_string(j, c->name, row->currency);
		break;
	}
}

static enum tb_status put_row(void *ctx, const struct tb_report_row *row)
{
	struct json *j = ctx;

	done(j, yajl_gen_map_open(j->gen));
	for (size_t i = 0; i < j->report->column_count; i++)
		put_column(j, &j->report->columns[i], row);
	done(j, yajl_gen_map_close(j->gen));
	return j->failed ? TB_NOMEM : TB_OK;
}

/* A total has no date, model and so on. */
static void put_total(struct json *j, const struct tb_report_row *total)
{
	done(j, yajl_gen_map_open(j->gen));
	for (size_t i = 0; i < j->report->column_count; i++) {
		const struct tb_report_column *c = &j->report->columns[i];

		if (c->kind != TB_KIND_TEXT && c->kind != TB_KIND_DATE)
			put_column(j, c, total);
	}
	done(j, yajl_gen_map_close(j->gen));
}

static void put_names(struct json *j, const char *key, const char *const *names, size_t n)
{
	put_key(j, key);
	done(j, yajl_gen_array_open(j->gen));
	for (size_t i = 0; i < n; i++)
		put_text(j, tb_span_of(names[i]));
	done(j, yajl_gen_array_close(j->gen));
}

static void put_facts(struct json *j)
{
	const struct tb_report *r = j->report;
	const struct tb_facts *f = &r->facts;
	const struct {
		const char *key;
		uint64_t value;
	} counts[] = {
		{"rows_read", f->rows},
		{"rows_billed", f->billed},
		{"rows_set_aside", f->set_aside},
		{"rows_outside_period", f->outside},
		{"rows_duplicate", f->duplicates},
		{"blank_lines", f->blank_lines},
		{"rows_context_by_average", f->by_average},
		{"rows_peak_by_midnight", f->by_midnight},
		{"rows_local_time_twice", f->twice},
	};

	put_key(j, "run");
	done(j, yajl_gen_map_open(j->gen));
	put_string(j, "period", tb_period_names[r->grouping->period]);
	put_string(j, "time_zone", tb_zone_name(r->grouping->zone));
	put_key(j, "round");
	done(j, r->round < 0 ? yajl_gen_null(j->gen) : yajl_gen_integer(j->gen, r->round));
	put_names(j, "inputs", f->inputs, f->input_count);
	put_names(j, "rates", f->rate_files, f->rate_file_count);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		put_count(j, counts[i].key, counts[i].value);
	done(j, yajl_gen_map_close(j->gen));
}

static void print(void *ctx, const char *p, size_t n)
{
	fwrite(p, 1, n, ctx);
}

static void put_report(struct json *j)
{
	done(j, yajl_gen_map_open(j->gen));
	put_facts(j);
	put_key(j, "rows");
	done(j, yajl_gen_array_open(j->gen));
	if (tb_report_each(j->report, put_row, j) != TB_OK)
		return;
	done(j, yajl_gen_array_close(j->gen));
	put_key(j, "totals");
	done(j, yajl_gen_array_open(j->gen));
	for (size_t i = 0; i < j->report->total_count; i++)
		put_total(j, &j->report->totals[i]);
	done(j, yajl_gen_array_close(j->gen));
	done(j, yajl_gen_map_close(j->gen));
}

/*
 * yajl does not look whether its allocations succeed. A generator that prints as it goes needs
 * but a few kilobytes, once, which are taken from here.
 */
struct pool {
	max_align_t bytes[8192 / sizeof(max_align_t)];
	size_t used;
};

static void *pool_take(void *ctx, size_t n)
{
	struct pool *p = ctx;
	char *at = (char *)p->bytes + p->used;

	n = (n + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
	if (sizeof(p->bytes) - p->used < n)
		return NULL;
	p->used += n;
	return at;
}

static void *pool_grow(void *ctx, void *old, size_t n)
{
	void *p = pool_take(ctx, n);

	if (p && old)
		memcpy(p, old, n); /* of an older, smaller block: what lies behind it is ours too */
	return p;
}

static void pool_drop(void *ctx, void *old)
{
	(void)ctx;
	(void)old;
}

enum tb_status tb_write_json(const struct tb_report *r, const struct tb_write_options *o, FILE *out,
			     struct tb_err *err)
{
	struct pool pool = {.used = 0};
	const yajl_alloc_funcs funcs = {pool_take, pool_grow, pool_drop, &pool};
	struct json j = {.report = r, .visible = o->visible, .gen = yajl_gen_alloc(&funcs)};

	if (!j.gen)
		return tb_fail_nomem(err);
	yajl_gen_config(j.gen, yajl_gen_beautify, 1);
	yajl_gen_config(j.gen, yajl_gen_indent_string, "  ");
	yajl_gen_config(j.gen, yajl_gen_print_callback, print, out);
	put_report(&j);
	yajl_gen_free(j.gen);
	return j.failed ? tb_fail_nomem(err) : TB_OK;
}
