/*
 * record - one row of a usage log, whatever the log looked like.
 *
 * The one type that `usage` hands on. Texts are borrowed: valid until the callback returns.
 */
#ifndef TB_RECORD_H
#define TB_RECORD_H

#include "base/meter.h"
#include "base/money.h"
#include "base/text.h"

#include <stdint.h>

enum tb_context_told { TB_CONTEXT_UNTOLD, TB_CONTEXT_BASE, TB_CONTEXT_LONG };

struct tb_usage {
	int64_t instant; /* a date alone: its 00:00 UTC */
	bool date_only;  /* the row gave a day, which is that day in every zone */
	enum tb_tier tier;
	enum tb_context_told context;
	struct tb_span model;      /* as the log has it */
	struct tb_span model_bare; /* without the vendor's prefix, for when the whole name is
				    * unknown; empty where the log's names carry none */
	struct tb_span id;         /* empty when the row has none */
	struct tb_span region;     /* where it was processed; empty when the row does not say */
	uint64_t requests;
	uint64_t tokens[TB_METERS]; /* disjoint; fees are counted in their own units */
	bool idle; /* holds no usage at all: to be skipped; only file, line and columns are set */
	bool sums; /* several requests, and the log does not say how many */
	bool has_reported;
	struct tb_money reported;      /* dollars that the log itself says the row costs */
	const struct tb_span *columns; /* texts of the columns asked for, in the order asked */

	size_t file;   /* which of the inputs, from 0 */
	uint64_t line; /* where the record begins */
};

#endif
