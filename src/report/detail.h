/*
 * detail - what a detailed row says about its one price: what it is of, and where it is from.
 */
#ifndef TB_DETAIL_H
#define TB_DETAIL_H

#include "report/model.h"

/*
 * Fills the detail texts, the quantity and the surcharges of a row that holds `quantity` of one
 * meter under one era's terms. False when an amount is too large to hold.
 */
TB_MUST_CHECK bool tb_detail_fill(struct tb_report_row *row, const struct tb_era *era,
				  struct tb_terms terms, enum tb_meter meter, tb_u128 quantity);

/* Adds to an extra of the row, which then has it. */
TB_MUST_CHECK bool tb_extra_add(struct tb_report_row *row, enum tb_extra extra,
				struct tb_money amount);

#endif
