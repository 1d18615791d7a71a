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
