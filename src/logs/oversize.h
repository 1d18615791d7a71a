/*
 * oversize - the lane of records that are longer than a record may be: told apart, and set aside in
 * pieces as they come, so that none is ever kept. Internal to logs.
 */
#ifndef TB_OVERSIZE_H
#define TB_OVERSIZE_H

#include "logs/intake.h"
#include "logs/window.h"

/* Zeroed is none. */
struct tb_oversize {
	bool on;
	size_t bytes; /* handed on */
	enum { TB_AT_FIELD, TB_IN_PLAIN, TB_IN_QUOTES, TB_AFTER_QUOTE } place;
};

/* The record being read is one; without a header nothing can be read: TB_DATA. */
TB_MUST_CHECK enum tb_status tb_oversize_begin(struct tb_oversize *o, const struct tb_window *w,
					       struct tb_intake *in);

/* Hands on what the window holds of it, up to the first line end outside quotes. */
TB_MUST_CHECK enum tb_status tb_oversize_take(struct tb_oversize *o, struct tb_window *w,
					      struct tb_intake *in, enum tb_lane *answer);

#endif
