/*
 * import - LiteLLM's list of models (litellm.h) as a rate file.
 *
 * Prices per token become prices per 1,000,000 tokens, digit by digit. What a rate file cannot
 * hold is in `left`, each with its reason, and prices are named in the file as comments too.
 */
#ifndef TB_IMPORT_H
#define TB_IMPORT_H

#include "base/mem.h"
#include "base/text.h"

#include <stdint.h>

enum tb_left_kind {
	TB_LEFT_MODEL, /* not carried over at all */
	TB_LEFT_PRICE,
	TB_LEFT_FACT,
	TB_LEFT_KINDS
};

struct tb_left_out {
	enum tb_left_kind kind;
	const char *model;
	uint64_t line;
	const char *key, *value; /* NULL when the whole model is meant */
	const char *reason;
};

/* Zeroed is empty. */
struct tb_import {
	struct tb_buf
		ini; /* models by name (bytes); loads as it is, unless none was carried over */
	struct tb_left_out *left; /* by model, then line; names that stand for models at the end */
	size_t left_count, left_cap;
	size_t models, carried; /* other names of models are counted as such */
	const char *shape;      /* what the file is, when it looks like another list; else NULL */
	size_t mended;          /* prices with binary noise, whose likely value was taken */
	struct tb_arena arena;
};

/* `name` is only used in messages. TB_DATA when the bytes are no such list. */
TB_MUST_CHECK enum tb_status tb_import_litellm(struct tb_import *import, const char *name,
					       struct tb_span json, struct tb_err *err);
void tb_import_release(struct tb_import *import);

enum { TB_IMPORT_PRICE_TEXT = 128 };

/*
 * A JSON number per token as the price per 1,000,000 in a rate file. NULL, or why it is none.
 * *mended: it had float noise, and `price` is its likely value.
 */
const char *tb_import_price(struct tb_span number, char price[TB_IMPORT_PRICE_TEXT], bool *mended);

/* The same of a fee: a number for each as the price of 1,000. */
const char *tb_import_fee(struct tb_span number, char price[TB_IMPORT_PRICE_TEXT], bool *mended);

/* Whether a text is a number as JSON writes it: such stand there in quotes too. */
bool tb_import_is_number(struct tb_span text);

/* A JSON number such as 1.1 as the percentage on top, 10%; NULL, or why it is none. */
const char *tb_import_uplift(struct tb_span number, char percent[TB_IMPORT_PRICE_TEXT]);

#endif
