/*
 * rateaudit - the findings of an audit as rows: a price, what the book and each list say, and what
 * that means.
 */
#ifndef TB_RATEAUDIT_H
#define TB_RATEAUDIT_H

#include "ratebook/audit.h"
#include "report/sheet.h"

/* Begins a sheet with a column for each list; the names live as long as the sheet. */
void tb_rateaudit_init(struct tb_sheet *s, const char *const *names, size_t n);

/* A row; `reason` says why a difference is accepted, or is NULL. */
TB_MUST_CHECK enum tb_status tb_rateaudit_add(struct tb_sheet *s, const struct tb_audit_finding *f,
					      size_t n, const char *reason, struct tb_err *err);

#endif
