/*
 * manual - what the manual pages say of commands, options, exit codes, log columns and rate keys,
 * taken from the tables that the commands themselves use.
 *
 * The pages are Markdown in src/cli/man. A line there such as
 *
 *	<!-- options: rates show -->
 *
 * asks for a part of a table; tb_manual_page() puts it in its place. man.awk, beside the pages,
 * makes roff of the result.
 */
#ifndef TB_MANUAL_H
#define TB_MANUAL_H

#include <stdio.h>

/* Copies a page from `in` to `out`, with its tables filled in; returns the exit code. */
int tb_manual_page(FILE *in, FILE *out);

#endif
