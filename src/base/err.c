#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

enum tb_status tb_fail(struct tb_err *err, enum tb_status code, const char *fmt, ...)
{
	va_list ap;

	if (err->code != TB_OK)
		return code;
	err->code = code;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return code;
}
