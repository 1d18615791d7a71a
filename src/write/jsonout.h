/*
 * jsonout - writing JSON to a stream: what yajl generates, with the care it leaves to others.
 */
#ifndef TB_JSONOUT_H
#define TB_JSONOUT_H

#include "base/money.h"

#include <stddef.h>
#include <stdio.h>

struct tb_json {
	struct yajl_gen_t *gen;
	bool visible; /* a terminal reads: control characters are shown, not passed on */
	bool failed;  /* the only way is memory: what is generated is always well-formed */

	/*
	 * yajl does not look whether its allocations succeed. A generator that prints as it goes
	 * needs but a few kilobytes, once, which are taken from here.
	 */
	max_align_t pool[8192 / sizeof(max_align_t)];
	size_t used;
};

/* Indented by two blanks. Failures of the stream are left for the caller to check. */
TB_MUST_CHECK enum tb_status tb_json_begin(struct tb_json *j, FILE *out, bool visible,
					   struct tb_err *err);
TB_MUST_CHECK enum tb_status tb_json_end(struct tb_json *j, struct tb_err *err);

void tb_json_open_map(struct tb_json *j);
void tb_json_close_map(struct tb_json *j);
void tb_json_open_array(struct tb_json *j);
void tb_json_close_array(struct tb_json *j);

void tb_json_key(struct tb_json *j, const char *key);
void tb_json_text(struct tb_json *j, struct tb_span s); /* names of files may hold any bytes */
void tb_json_null(struct tb_json *j);
void tb_json_bool(struct tb_json *j, bool b);

/* A number in its decimal digits; an amount is a string: JSON numbers are doubles to most. */
void tb_json_count(struct tb_json *j, tb_u128 n);
void tb_json_digits(struct tb_json *j, const char *digits); /* a number that is text already */

/* "key": "value". */
void tb_json_string(struct tb_json *j, const char *key, const char *value);

#endif
