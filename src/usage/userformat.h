/*
 * userformat - a log format that the user describes, by a format file or --map: the columns of
 * tokbill's own log (or of another format) under other names, and with other conventions.
 */
#ifndef TB_USERFORMAT_H
#define TB_USERFORMAT_H

#include "base/mem.h"
#include "usage/logformat.h"

/* Zeroed is empty. The format lives as long as the struct, which must not be moved meanwhile. */
struct tb_user_format {
	struct tb_arena arena;
	struct tb_logcolumn *columns;
	size_t count, cap;
	struct tb_logformat format;
	unsigned said; /* conventions that were given, one way or the other */
};

/* The field is read from that column. NULL, or why not ("" when memory is out). */
TB_MUST_CHECK const char *tb_user_format_add(struct tb_user_format *u, struct tb_span field,
					     struct tb_span column);

/*
 * `cached = apart` and the like. NULL, or what is wrong with the value; "" when memory is out.
 * *known is false when there is no convention of that name.
 */
TB_MUST_CHECK const char *tb_user_format_convention(struct tb_user_format *u, struct tb_span name,
						    struct tb_span value, bool *known);

/* Completes u->format; what it does not name is read as in `base`. False when memory is out. */
TB_MUST_CHECK bool tb_user_format_finish(struct tb_user_format *u, const char *name,
					 const char *title, const struct tb_logformat *base);

void tb_user_format_release(struct tb_user_format *u);

#endif
