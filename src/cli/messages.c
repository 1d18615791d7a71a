#include "cli/messages.h"

#include "cli/interrupt.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

const struct tb_exit_info tb_exit_table[] = {
	{TB_EXIT_OK, "everything billed"},
	{TB_EXIT_DIFFERENCES, "a comparison found differences, a budget is exceeded"},
	{TB_EXIT_SET_ASIDE, "finished, but rows were set aside (--rejects)"},
	{TB_EXIT_USAGE, "wrong command line"},
	{TB_EXIT_DATA, "bad usage data; nothing was written"},
	{TB_EXIT_NOINPUT, "an input is missing or cannot be read; nothing was written"},
	{TB_EXIT_INTERNAL, "an internal check failed; nothing was written"},
	{TB_EXIT_CANTCREATE, "an output cannot be created"},
	{TB_EXIT_IO, "reading or writing failed, for example on a full disk"},
	{TB_EXIT_CONFIG, "bad rate file or configuration; nothing was written"},
};

const size_t tb_exit_count = sizeof(tb_exit_table) / sizeof(tb_exit_table[0]);

int tb_exit_code(enum tb_status st)
{
	static const int codes[] = {
		[TB_OK] = TB_EXIT_OK,
		[TB_USAGE] = TB_EXIT_USAGE,
		[TB_DATA] = TB_EXIT_DATA,
		[TB_NOINPUT] = TB_EXIT_NOINPUT,
		[TB_CONFIG] = TB_EXIT_CONFIG,
		[TB_CANTCREATE] = TB_EXIT_CANTCREATE,
		[TB_IO] = TB_EXIT_IO,
		[TB_NOMEM] = TB_EXIT_INTERNAL,
		[TB_INTERNAL] = TB_EXIT_INTERNAL,
		[TB_INTERRUPTED] = TB_EXIT_INTERNAL,
	};

	return codes[st];
}

/* Without memory what cannot be printed as it is becomes a question mark. */
static void say_plain(const char *prefix, const char *text)
{
	fputs(prefix, stderr);
	for (; *text; text++)
		putc(*text >= ' ' && *text <= '~' ? *text : '?', stderr);
	putc('\n', stderr);
}

static void say_line(const char *prefix, const char *text)
{
	struct tb_buf visible = {0};

	tb_buf_visible(&visible, tb_span_of(text), 0);
	if (visible.failed)
		say_plain(prefix, text);
	else
		fprintf(stderr, "%s%s\n", prefix, visible.n ? visible.p : "");
	tb_buf_release(&visible);
}

TB_PRINTF(2, 0) static void say(const char *prefix, const char *fmt, va_list ap)
{
	char text[TB_ERR_TEXT + 256];

	if (tb_interrupt_silent())
		return;
	vsnprintf(text, sizeof(text), fmt, ap);
	say_line(prefix, text);
}

void tb_say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say("tokbill: ", fmt, ap);
	va_end(ap);
}

void tb_warn(struct tb_warnings *warnings, enum tb_warning kind, const char *fmt, ...)
{
	va_list ap;

	warnings->total++;
	warnings->of[kind]++;
	va_start(ap, fmt);
	say("tokbill: ", fmt, ap);
	va_end(ap);
}

void tb_say_problem(const struct tb_problems *ps, size_t i)
{
	say_line("", ps->text[i].failed ? "out of memory" : ps->text[i].p);
}

void tb_say_problems(const struct tb_problems *ps)
{
	for (size_t i = 0; i < ps->kept; i++)
		tb_say_problem(ps, i);
	if (ps->total > ps->kept)
		tb_say("and %" PRIu64 " more", ps->total - ps->kept);
}
