/*
 * ratediff - the differences of two price books as rows.
 */
#ifndef TB_RATEDIFF_H
#define TB_RATEDIFF_H

#include "ratebook/diff.h"
#include "report/sheet.h"

/* A sheet with a row for each difference. The caller releases it either way. */
TB_MUST_CHECK enum tb_status tb_ratediff_init(struct tb_sheet *s, const struct tb_book *a,
					      const struct tb_book *b, struct tb_err *err);

#endif
