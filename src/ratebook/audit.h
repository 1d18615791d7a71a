/*
 * audit - the book beside other price lists, price by price.
 *
 * Each price in force at an instant is looked up in every list that has the model of that seller,
 * by its names, or by them behind the prefix that the list writes before that seller's models.
 */
#ifndef TB_AUDIT_H
#define TB_AUDIT_H

#include "ratebook/book.h"

enum tb_audit_status {
	TB_AUDIT_AGREES,    /* all lists that have the price have that one */
	TB_AUDIT_UNLISTED,  /* no list that has the model has the price */
	TB_AUDIT_DISAGREES, /* a list has another price */
	TB_AUDIT_MISSING,   /* the book has no price where two lists agree on one, or the only list
			       has one */
	TB_AUDIT_ALONE,     /* it has none where one of several lists has one */
	TB_AUDIT_ANNOUNCED, /* a list has another price from a later day on, of which the book says
			       nothing */
	TB_AUDIT_UNKNOWN,   /* no list has the model */
	TB_AUDIT_STATUSES
};

extern const char *const tb_audit_words[TB_AUDIT_STATUSES];

struct tb_audit_finding {
	enum tb_audit_status status;
	const struct tb_era *era; /* of the book */
	int64_t from;             /* of what is announced, else of the era */
	enum tb_tier tier;
	enum tb_context context;
	enum tb_meter meter;                  /* these three not for TB_AUDIT_UNKNOWN */
	const struct tb_price *price;         /* of the book, or NULL */
	const struct tb_price *const *theirs; /* of each list, NULL where it has none */
};

/*
 * Calls `each` for every price, by model (bytes); stops when it fails. A price that several cells
 * share, as reasoning does with output, is one.
 */
TB_MUST_CHECK enum tb_status tb_audit(
	const struct tb_book *book, const struct tb_book *const *lists, size_t n, int64_t as_of,
	enum tb_status (*each)(void *ctx, const struct tb_audit_finding *f, struct tb_err *err),
	void *ctx, struct tb_err *err);

#endif
