/*
 * convert - the fields of one record in any format but tokbill's own, turned into a struct
 * tb_usage by the format's table: which column feeds what, and what is part of what.
 */
#ifndef TB_CONVERT_H
#define TB_CONVERT_H

#include "usage/row.h"

/* As tb_row_parse() in row.h. A row that holds no usage at all is in order, with `idle` set. */
TB_MUST_CHECK bool tb_convert_row(const struct tb_columns *columns, const struct tb_span *cells,
				  struct tb_row_rules *rules, struct tb_usage *out,
				  struct tb_problem *why);

#endif
