/*
 * ratecard - all that the rates know about one model.
 */
#ifndef TB_RATECARD_H
#define TB_RATECARD_H

#include "ratebook/book.h"
#include "report/sheet.h"

struct tb_ratecard {
	const struct tb_book *book;
	const struct tb_era *era; /* the one in force, or the first if that is yet to come */
	const char *asked_for;    /* the name by which it was looked up */
	int64_t instant;
};

/* The outcome of the look-up: but for TB_LOOKUP_NO_MODEL the card is filled. */
enum tb_lookup tb_ratecard_find(struct tb_ratecard *card, const struct tb_book *book,
				const char *name, int64_t instant);

/*
 * The card as a sheet: facts for programs, prose for people, a row for each price of each era. The
 * book must outlive it. Release it either way.
 */
TB_MUST_CHECK enum tb_status tb_ratecard_sheet(struct tb_sheet *s, const struct tb_ratecard *card,
					       struct tb_err *err);

/* Internal to ratecard: the prose. */
void tb_ratecard_write_prose(struct tb_sheet *s, const struct tb_ratecard *card);

/* Whether a price was worked out from another one (a discount, a multiple in peak hours). */
bool tb_rate_is_derived(const struct tb_era *era, enum tb_tier tier, enum tb_context context,
			enum tb_meter meter);

/* The eras of the card's model, by start: their numbers from *first on; returns how many. */
uint32_t tb_ratecard_eras(const struct tb_ratecard *card, uint32_t *first);

#endif
