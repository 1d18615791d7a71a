/*
 * budget - an amount that must not be exceeded.
 */
#ifndef TB_BUDGET_H
#define TB_BUDGET_H

#include "base/money.h"

/* The value of --budget, such as 500 or 99.50. */
TB_MUST_CHECK enum tb_status tb_take_budget(const char *value, struct tb_money *out,
					    struct tb_err *err);

#endif
