/*
 * confidence_shares - how much of a report's cost rests on prices of which confidence.
 */
#ifndef TB_CONFIDENCE_SHARES_H
#define TB_CONFIDENCE_SHARES_H

#include "ratebook/confidence.h"
#include "report/model.h"

struct tb_confidence_share {
	struct tb_money cost[TB_CONFIDENCES]; /* exact; they add up to the total's cost */
};

/* Fills `shares`, of which there are as many as totals, in their order. */
TB_MUST_CHECK enum tb_status tb_confidence_shares(const struct tb_report *r,
						  struct tb_confidence_share *shares,
						  struct tb_err *err);

#endif
