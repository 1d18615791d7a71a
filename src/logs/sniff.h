/*
 * sniff - what a file is, by its first bytes.
 */
#ifndef TB_SNIFF_H
#define TB_SNIFF_H

#include <stdbool.h>
#include <stddef.h>

enum { TB_SNIFF_BYTES = 512 }; /* enough to tell */

/* Whether fewer will do: a line of text, which a pipe may give long before the next one. */
bool tb_sniff_is_line(const char *p, size_t n);

/* NULL when it may be a CSV log, else what it is instead and what to do: "is UTF-16, ...". */
const char *tb_sniff_fault(const char *p, size_t n);

/* Length of the byte order mark in front, which is no part of the text. */
size_t tb_sniff_mark(const char *p, size_t n);

#endif
