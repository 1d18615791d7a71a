/*
 * html - the parts of a page. Internal to html, html_chart and html_style.
 */
#ifndef TB_HTML_H
#define TB_HTML_H

#include "report/sheet.h"

#include <stdio.h>

/* The style and the script of every page, line by line, up to NULL. */
extern const char *const tb_html_style[];
extern const char *const tb_html_script[];

/* Of the bytes of the script, for the page's policy: no other may run. */
#define TB_HTML_SCRIPT_SUM "sha256-N9iDcHw+vcEmfjEP6Ur99VAqaY/7XU9fqpUynXRIpz8="

/* A text as content or attribute, with hidden characters shown. False when memory is out. */
TB_MUST_CHECK bool tb_html_text(FILE *out, struct tb_span text);

/* The charts of a sheet, each with the same in words; `number` makes their names on the page. */
TB_MUST_CHECK enum tb_status tb_html_charts(const struct tb_sheet *s, size_t number, FILE *out,
					    struct tb_err *err);

#endif
