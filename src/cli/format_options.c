#include "cli/format_options.h"

#include "base/civil.h"
#include "write/writer.h"
#include "usage/recognise.h"

#include <string.h>

/* Before --format named the logs' format it named the output's. */
static enum tb_status take_format(void *ctx, const char *value, struct tb_err *err)
{
	((struct tb_format_options *)ctx)->name = value;
	if (!tb_writer_named(value))
		return TB_OK;
	return tb_fail(err, TB_USAGE,
		       "--format: '%s': names the format of the logs; for that of the output use "
		       "-f %s",
		       value, value);
}

static enum tb_status take_map(void *ctx, const char *value, struct tb_err *err)
{
	struct tb_format_options *o = ctx;

	if (o->map_count == TB_MAPS_MAX)
		return tb_bad_value("map", value, "given more than 64 times", err);
	o->maps[o->map_count++] = value;
	return TB_OK;
}

static enum tb_status take_file(void *ctx, const char *value, struct tb_err *err)
{
	struct tb_format_options *o = ctx;

	if (o->file_count == TB_FORMAT_FILES_MAX)
		return tb_bad_value("format-file", value, "more than 16 format files", err);
	o->files[o->file_count++] = value;
	return TB_OK;
}

static enum tb_status take_day(void *ctx, const char *value, struct tb_err *err)
{
	struct tb_format_choice *c = &((struct tb_format_options *)ctx)->choice;

	c->has_day = true;
	if (tb_date_parse(tb_span_of(value), &c->day))
		return TB_OK;
	return tb_bad_value("on-date", value, "not a date such as 2026-04-01", err);
}

static enum tb_status take_ignore(void *ctx, const char *value, struct tb_err *err)
{
	struct tb_format_options *o = ctx;

	if (!*value)
		return tb_bad_value("ignore", value, "no column is named", err);
	if (o->ignored_count == TB_IGNORED_MAX)
		return tb_bad_value("ignore", value, "more than 64 columns; type '*' for all", err);
	o->ignored[o->ignored_count++] = value;
	return TB_OK;
}

const struct tb_option tb_format_option_rows[] = {
	{'\0', "format", "NAME",
	 "the logs are in format NAME (default: as the header says;|"
	 "`tokbill formats` lists them)",
	 "LOGFORMAT", false, take_format},
	{'\0', "map", "FIELD=COLUMN,...", "read a field from another column of the logs", NULL,
	 true, take_map},
	{'\0', "ignore", "COLUMN",
	 "a column that looks like usage and need not be read;|may be repeated, '*' is all", NULL,
	 true, take_ignore},
	{'\0', "format-file", "FILE", "log formats of your own, in [format NAME] sections", "FILE",
	 true, take_file},
	{'\0', "on-date", "DATE", "the day of the rows of a log that has no times", NULL, false,
	 take_day},
	{0},
};

/* ---- --map ---- */

static enum tb_status bad_map(const char *map, struct tb_span field, const char *why,
			      struct tb_err *err)
{
	const char *near = tb_field_named(field) == TB_FIELD_NONE ? tb_field_nearest(field) : NULL;

	if (near)
		return tb_fail(err, TB_USAGE, "--map: '%s': %.*s: %s; did you mean %s?", map,
			       (int)field.n, field.p, why, near);
	return tb_fail(err, TB_USAGE, "--map: '%s': %.*s: %s", map, (int)field.n, field.p, why);
}

/* "input_tokens=tok_in,output_tokens=tok_out" */
static enum tb_status add_map(struct tb_user_format *u, const char *map, struct tb_err *err)
{
	for (const char *p = map;; p++) {
		size_t n = strcspn(p, ",");
		const char *equals = memchr(p, '=', n), *why;
		struct tb_span field = {p, equals ? (size_t)(equals - p) : n};

		if (!equals)
			return bad_map(map, field, "no = after it; write FIELD=COLUMN", err);
		why = tb_user_format_add(u, field, (struct tb_span){equals + 1, n - field.n - 1});
		if (why)
			return *why ? bad_map(map, field, why, err) : tb_fail_nomem(err);
		p += n;
		if (!*p)
			return TB_OK;
	}
}

static enum tb_status apply_maps(struct tb_format_options *o, struct tb_err *err)
{
	const struct tb_logformat *base = o->choice.forced ? o->choice.forced : &tb_log_tokbill;
	struct tb_user_format *u;

	if (!o->map_count)
		return TB_OK;
	u = tb_user_formats_add(&o->own);
	if (!u)
		return tb_fail_nomem(err);
	for (size_t i = 0; i < o->map_count; i++)
		TB_TRY(add_map(u, o->maps[i], err));
	if (!tb_user_format_finish(u, base->name, "--map", base))
		return tb_fail_nomem(err);
	o->choice.forced = &u->format;
	return TB_OK;
}

/* ---- the choice ---- */

static enum tb_status choose(struct tb_format_options *o, struct tb_err *err)
{
	const char *near;

	if (!o->name)
		return TB_OK;
	o->choice.forced = tb_logformat_named(o->name, o->own.named);
	if (o->choice.forced)
		return TB_OK;
	near = tb_logformat_nearest(o->name, o->own.named);
	if (near)
		return tb_fail(err, TB_USAGE,
			       "--format: '%s': no such log format; did you mean '%s'?", o->name,
			       near);
	return tb_bad_value("format", o->name, "no such log format; `tokbill formats` lists them",
			    err);
}

enum tb_status tb_format_options_load(struct tb_format_options *o, struct tb_problems *problems,
				      struct tb_err *err)
{
	for (size_t i = 0; i < o->file_count; i++)
		TB_TRY(tb_format_file_read(&o->own, o->files[i], problems, err));
	o->choice.own = o->own.named;
	o->choice.ignored = o->ignored;
	o->choice.ignored_count = o->ignored_count;
	TB_TRY(choose(o, err));
	return apply_maps(o, err);
}

void tb_format_options_release(struct tb_format_options *o)
{
	tb_user_formats_release(&o->own);
	*o = (struct tb_format_options){0};
}
