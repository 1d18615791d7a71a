/*
 * recognise - which format a log has, by the names in its header and nothing else.
 *
 * A format fits when the header has all columns of one set of its signature. What fits none is
 * tokbill's own log.
 */
#ifndef TB_RECOGNISE_H
#define TB_RECOGNISE_H

#include "usage/logformat.h"

struct tb_recognition {
	const struct tb_logformat *format;  /* the one that fits best */
	const struct tb_logformat *rival;   /* another that fits as well, or NULL */
	const struct tb_logformat *nearest; /* where none fits: the one that most is there of, if
					     * more than of tokbill's own log; else NULL */
};

/* `own` are the user's formats, which come before the built-in ones; it ends with NULL, or is it.
 */
struct tb_recognition tb_recognise(const char *const *names, size_t n,
				   const struct tb_logformat *const *own);

/* Appends the names of the columns that the format's signature needs and the header lacks. */
void tb_recognise_missing(const struct tb_logformat *format, const char *const *names, size_t n,
			  struct tb_buf *out);

/* Among the built-in formats and `own`; NULL when there is none. */
const struct tb_logformat *tb_logformat_named(const char *name,
					      const struct tb_logformat *const *own);
const char *tb_logformat_nearest(const char *name, const struct tb_logformat *const *own);

#endif
