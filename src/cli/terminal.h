/*
 * terminal - what the output goes to.
 */
#ifndef TB_TERMINAL_H
#define TB_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Columns of the terminal behind the stream; 0 when it is none. */
size_t tb_terminal_width(FILE *stream);

/* Whether to colour what goes there: a terminal that can, and NO_COLOR is not set. */
bool tb_terminal_color(FILE *stream);

/* Whether the locale's characters are UTF-8, so that more than ASCII can be shown. */
bool tb_terminal_utf8(void);

#endif
