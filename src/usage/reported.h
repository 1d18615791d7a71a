/*
 * reported - amounts as vendors write them into their exports.
 *
 * A decimal, perhaps with an exponent (1.5e-05), a dollar sign, and commas between thousands. Read
 * exactly or not at all.
 */
#ifndef TB_REPORTED_H
#define TB_REPORTED_H

#include "base/money.h"

enum tb_reported {
	TB_REPORTED_BAD,     /* no amount */
	TB_REPORTED_AMOUNT,  /* given in *out */
	TB_REPORTED_NONE,    /* a word that says there is none: NaN, Included, Free, - */
	TB_REPORTED_FOREIGN, /* in another currency than dollars */
	TB_REPORTED_INEXACT, /* more than 42 decimals, or too large: it cannot be held */
};

enum tb_reported tb_reported_parse(struct tb_span text, struct tb_money *out);

/* count x amount; false when it passes what an amount can hold. */
TB_MUST_CHECK bool tb_reported_times(struct tb_money *amount, uint64_t count);

#endif
