#include "run/format_file.h"

#include "base/ini.h"
#include "usage/recognise.h"
#include "logs/source.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 1 << 20 }; /* bytes */

struct tb_user_format *tb_user_formats_add(struct tb_user_formats *all)
{
	struct tb_user_format *u = calloc(1, sizeof(*u));

	if (!u || !tb_grow(&all->made, &all->made_cap, all->made_count + 1, sizeof(u))) {
		free(u);
		return NULL;
	}
	all->made[all->made_count++] = u;
	return u;
}

void tb_user_formats_release(struct tb_user_formats *all)
{
	for (size_t i = 0; i < all->made_count; i++) {
		tb_user_format_release(all->made[i]);
		free(all->made[i]);
	}
	for (size_t i = 0; i < all->zone_count; i++)
		tb_zone_free(all->zones[i]);
	free(all->made);
	free((void *)all->named);
	free(all->zones);
	tb_arena_release(&all->arena);
	*all = (struct tb_user_formats){0};
}

/* A file being read. */
struct reading {
	struct tb_user_formats *all;
	const char *path;
	const struct tb_ini *ini;
	struct tb_problems *problems;
	struct tb_err *err;
	struct tb_user_format *format;
	const struct tb_logformat *base;
};

static void refuse(struct reading *r, uint64_t line, const char *key, struct tb_span value,
		   const char *why)
{
	struct tb_problem p;

	tb_problem_set(&p, key, value, "%s", why);
	tb_problems_add(r->problems, r->path, line, &p);
}

static enum tb_status take_zone(struct reading *r, const struct tb_ini_entry *e)
{
	struct tb_err why = {0};
	struct tb_zone *zone;

	if (r->format->format.zone) {
		refuse(r, e->line, e->key.p, e->value, "given twice");
		return TB_OK;
	}
	if (!tb_grow(&r->all->zones, &r->all->zone_cap, r->all->zone_count + 1, sizeof(zone)))
		return tb_fail_nomem(r->err);
	if (tb_zone_open(e->value.p, &zone, &why) != TB_OK) {
		refuse(r, e->line, e->key.p, TB_NO_SPAN, why.text);
		return TB_OK;
	}
	r->all->zones[r->all->zone_count++] = zone;
	r->format->format.zone = zone;
	return TB_OK;
}

static void take_base(struct reading *r, const struct tb_ini_entry *e)
{
	r->base = tb_logformat_named(e->value.p, r->all->named);
	if (r->base && !(r->base->conventions & TB_LOG_NO_USAGE))
		return;
	r->base = &tb_log_tokbill;
	refuse(r, e->line, e->key.p, e->value, "no such log format; `tokbill formats` lists them");
}

static void refuse_key(struct reading *r, const struct tb_ini_entry *e, const char *why)
{
	const char *near =
		tb_field_named(e->key) == TB_FIELD_NONE ? tb_field_nearest(e->key) : NULL;
	struct tb_problem p;

	if (near)
		tb_problem_set(&p, e->key.p, TB_NO_SPAN, "%s; did you mean '%s'?", why, near);
	else
		tb_problem_set(&p, e->key.p, TB_NO_SPAN, "%s", why);
	tb_problems_add(r->problems, r->path, e->line, &p);
}

static enum tb_status take_entry(struct reading *r, const struct tb_ini_entry *e)
{
	const char *why;
	bool known;

	if (tb_span_is(e->key, "time_zone"))
		return take_zone(r, e);
	if (tb_span_is(e->key, "base")) {
		take_base(r, e);
		return TB_OK;
	}
	why = tb_user_format_convention(r->format, e->key, e->value, &known);
	if (known) {
		if (why)
			refuse(r, e->line, e->key.p, e->value, why);
		return TB_OK;
	}
	why = tb_user_format_add(r->format, e->key, e->value);
	if (why && !*why)
		return tb_fail_nomem(r->err);
	if (why)
		refuse_key(r, e, why);
	return TB_OK;
}

/* "format NAME"; NULL, with the problem told, when the section is called otherwise. */
static const char *name_of(struct reading *r, const struct tb_ini_section *s)
{
	static const char prefix[] = "format ";
	const char *name = s->name.p + sizeof(prefix) - 1;

	if (!tb_span_starts(s->name, prefix) || s->name.n == sizeof(prefix) - 1) {
		refuse(r, s->line, NULL, s->name,
		       "a section of a format file is called [format NAME]");
		return NULL;
	}
	if (tb_logformat_named(name, r->all->named)) {
		refuse(r, s->line, NULL, s->name, "there is a format of that name already");
		return NULL;
	}
	return name;
}

static enum tb_status add_named(struct reading *r, const char *name, const char *title)
{
	struct tb_user_formats *all = r->all;

	if (!tb_grow(&all->named, &all->named_cap, all->named_count + 2, sizeof(*all->named)) ||
	    !tb_user_format_finish(r->format, name, title, r->base))
		return tb_fail_nomem(r->err);
	all->named[all->named_count++] = &r->format->format;
	all->named[all->named_count] = NULL;
	return TB_OK;
}

static enum tb_status take_section(struct reading *r, size_t number)
{
	const struct tb_ini_section *s = &r->ini->sections[number];
	const char *name = name_of(r, s), *own_name, *title;

	if (!name)
		return TB_OK;
	r->format = tb_user_formats_add(r->all);
	r->base = &tb_log_tokbill;
	own_name = tb_arena_text(&r->all->arena, name, strlen(name));
	title = tb_arena_text(&r->all->arena, r->path, strlen(r->path));
	if (!r->format || !own_name || !title)
		return tb_fail_nomem(r->err);
	for (size_t i = s->first_entry;
	     i < r->ini->entry_count && r->ini->entries[i].section == number; i++)
		TB_TRY(take_entry(r, &r->ini->entries[i]));
	if (!r->format->count && !(r->format->said && r->base != &tb_log_tokbill) && !s->damaged)
		refuse(r, s->line, NULL, s->name, "names no column");
	return add_named(r, own_name, title);
}

static enum tb_status read_bytes(const char *path, char *bytes, size_t *n, struct tb_err *err)
{
	struct tb_source source;
	enum tb_status st = tb_source_open(&source, path, err);
	size_t got = 1;

	for (*n = 0; st == TB_OK && got && *n < FILE_MAX; *n += got)
		st = tb_source_read(&source, bytes + *n, FILE_MAX - *n, &got, err);
	tb_source_release(&source);
	if (st == TB_DATA) /* it is compressed, and corrupt */
		st = err->code = TB_CONFIG;
	if (st == TB_OK && *n == FILE_MAX)
		st = tb_fail(err, TB_CONFIG, "%s: is larger than a format file may be (1 MiB)",
			     path);
	return st;
}

static enum tb_status take_file(struct reading *r)
{
	for (size_t i = 0; i < r->ini->section_count; i++)
		TB_TRY(take_section(r, i));
	return TB_OK;
}

enum tb_status tb_format_file_read(struct tb_user_formats *all, const char *path,
				   struct tb_problems *problems, struct tb_err *err)
{
	struct tb_ini ini = {0};
	struct reading r = {
		.all = all, .path = path, .ini = &ini, .problems = problems, .err = err};
	uint64_t before = problems->total;
	char *bytes = malloc(FILE_MAX);
	enum tb_status st;
	size_t n = 0;

	st = bytes ? read_bytes(path, bytes, &n, err) : tb_fail_nomem(err);
	if (st == TB_OK)
		st = tb_ini_read(&ini, path, (struct tb_span){bytes, n}, problems, err);
	if (st == TB_OK)
		st = take_file(&r);
	if (st == TB_OK && problems->total != before)
		st = tb_fail(err, TB_CONFIG, "%s: the format file cannot be used", path);
	tb_ini_release(&ini);
	free(bytes);
	return st;
}
