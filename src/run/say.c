#include "run/say.h"

#include <stdarg.h>
#include <stdio.h>

static void call(void (*with)(void *ctx, const char *text), void *ctx, const char *fmt, va_list ap)
	TB_PRINTF(3, 0);

static void call(void (*with)(void *ctx, const char *text), void *ctx, const char *fmt, va_list ap)
{
	char text[TB_ERR_TEXT + 256];

	vsnprintf(text, sizeof(text), fmt, ap);
	if (with)
		with(ctx, text);
}

void tb_run_warn(const struct tb_run_calls *calls, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	call(calls->warn, calls->ctx, fmt, ap);
	va_end(ap);
}

void tb_run_notice(const struct tb_run_calls *calls, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	call(calls->notice, calls->ctx, fmt, ap);
	va_end(ap);
}
