/*
 * count - whole numbers of tokens, requests and rows: in a row up to 2^63-1, in a sum up to 2^128.
 */
#ifndef TB_BASE_COUNT_H
#define TB_BASE_COUNT_H

#include "base/err.h"
#include "base/text.h"

#include <stdint.h>

__extension__ typedef __int128 tb_i128;
__extension__ typedef unsigned __int128 tb_u128;

enum { TB_COUNT_TEXT = 56 /* room for any count, with separators and NUL */ };

/* 1 to 19 digits up to 2^63-1 and nothing else; NULL or why not (a constant text). */
TB_MUST_CHECK const char *tb_count_parse(struct tb_span text, uint64_t *out);

/* Digits of a count; with `separator` between groups of three unless it is NUL. */
const char *tb_count_text(tb_u128 n, char separator, char text[TB_COUNT_TEXT]);

/* The digits alone; returns the end of the text, where its NUL is. */
char *tb_count_put(tb_u128 n, char text[TB_COUNT_TEXT]);

/* Writes the digits of n backwards from `end`, returns where they begin: at most 39 bytes before.
 */
char *tb_digits_before(char *end, tb_u128 n);

#endif
