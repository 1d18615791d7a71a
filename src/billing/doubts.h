/*
 * doubts - usage that a model's section of the rates speaks against: after its shutdown; in
 * batch where the card lists capabilities and batch is not among them; bought, as the log calls the
 * model, from another seller than the section's provider.
 */
#ifndef TB_DOUBTS_H
#define TB_DOUBTS_H

#include "billing/rating.h"
#include "billing/reseller.h"

enum tb_doubt { TB_AFTER_SHUTDOWN, TB_WITHOUT_BATCH, TB_OTHER_SELLER, TB_DOUBTS };

/* Rows in doubt, counted by era. One for each thread. */
struct tb_doubts {
	struct tb_model_doubts {
		uint64_t rows[TB_DOUBTS];
		char seller[TB_RESELLER_TEXT]; /* the first of the others by name, cut to that */
	} * of;                                /* by the era's number */
	size_t eras;
};

/* False when memory is out. */
TB_MUST_CHECK bool tb_doubts_init(struct tb_doubts *l, const struct tb_book *book);
void tb_doubts_release(struct tb_doubts *l);
void tb_doubts_clear(struct tb_doubts *l);

/* Whether no row that is called and rated as this one can be in doubt, if it lies before `end`. */
bool tb_doubts_clear_of_doubt(const struct tb_rated *rated, int64_t end);

/* A row that is billed. */
void tb_doubts_note(struct tb_doubts *l, const struct tb_usage *u, const struct tb_rated *rated);

/* Adds all of `other`, which is of the same book. */
void tb_doubts_merge(struct tb_doubts *l, const struct tb_doubts *other);

/* Takes out what `other` counted, of rows that are copies of others that stay. */
void tb_doubts_take_out(struct tb_doubts *l, const struct tb_doubts *other);

/* The doubts about a model, all its eras together; `first` is the model's first era. */
struct tb_model_doubts tb_doubts_of_model(const struct tb_doubts *l, const struct tb_book *book,
					  const struct tb_era *first);

#endif
