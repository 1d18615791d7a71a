#include "run/say.h"

#include <stdarg.h>
#include <stdio.h>

enum { TEXT = TB_ERR_TEXT + 256 };

void tb_run_warn(const struct tb_run_calls *calls, enum tb_warning kind, const char *fmt, ...)
{
	char text[TEXT];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (calls->warn)
		calls->warn(calls->ctx, kind, text);
}

void tb_run_notice(const struct tb_run_calls *calls, const char *fmt, ...)
{
	char text[TEXT];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (calls->notice)
		calls->notice(calls->ctx, text);
}

/* ---- of a log, by its columns ---- */

/* An optional column that is misspelt would be ignored like any other, and change the bill. */
static void warn_of_near_misses(const struct tb_run_calls *calls, const char *name,
				const struct tb_columns *columns)
{
	for (size_t i = 0; i < columns->count; i++) {
		const char *near = tb_columns_near_miss(columns, i);

		if (near)
			tb_run_warn(calls, TB_WARN_COLUMN_NOT_READ,
				    "%s: column '%s' is not read; is '%s' meant?", name,
				    columns->name[i], near);
	}
}

/* What a reader of the bill should know of a vendor's export. */
static void tell_format(const struct tb_run_calls *calls, const char *name,
			const struct tb_columns *columns)
{
	const struct tb_logformat *f = columns->format;

	if (f != &tb_log_tokbill)
		tb_run_notice(calls, "%s: read as %s (--format %s)%s%s", name, f->title, f->name,
			      f->note ? "; " : "", f->note ? f->note : "");
}

/* Names that are not as the format has them: one line for all of a log's. */
static void tell_respelled(const struct tb_run_calls *calls, const char *name,
			   const struct tb_columns *columns)
{
	struct tb_buf list = {0};

	tb_columns_respelled(columns, &list);
	if (list.n)
		tb_run_notice(calls, "%s: names of columns as read: %s", name, list.p);
	tb_buf_release(&list);
}

void tb_run_tell_columns(const struct tb_run_calls *calls, const char *name,
			 const struct tb_columns *columns)
{
	warn_of_near_misses(calls, name, columns);
	tell_respelled(calls, name, columns);
	tell_format(calls, name, columns);
}
