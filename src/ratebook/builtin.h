/*
 * builtin - the rate files of rates/, compiled in (see the Makefile).
 */
#ifndef TB_BUILTIN_H
#define TB_BUILTIN_H

#include "ratebook/book.h"

extern const struct tb_rate_source tb_builtin_rates[];
extern const struct tb_rate_source tb_builtin_texts[]; /* the files as they are, comments and all */
extern const size_t tb_builtin_rates_count;

#endif
