/*
 * lifecycle - usage that a model's section of the rates speaks against: after its shutdown; in
 * batch where the card lists capabilities and batch is not among them; bought, as the log calls the
 * model, from another seller than the section's provider.
 */
#ifndef TB_LIFECYCLE_H
#define TB_LIFECYCLE_H

#include "billing/rating.h"
#include "billing/seller.h"

enum tb_doubt { TB_AFTER_SHUTDOWN, TB_WITHOUT_BATCH, TB_OTHER_SELLER, TB_DOUBTS };

/* Rows in doubt, counted by era. One for each thread. */
struct tb_lifecycle {
	struct tb_doubts {
		uint64_t rows[TB_DOUBTS];
		char seller[TB_SELLER_TEXT]; /* the first of the others by name, cut to that */
	} * of;                              /* by the era's number */
	size_t eras;
};

/* False when memory is out. */
TB_MUST_CHECK bool tb_lifecycle_init(struct tb_lifecycle *l, const struct tb_book *book);
void tb_lifecycle_release(struct tb_lifecycle *l);
void tb_lifecycle_clear(struct tb_lifecycle *l);

/* Whether no row that is called and rated as this one can be in doubt, if it lies before `end`. */
bool tb_lifecycle_clear_of_doubt(const struct tb_rated *rated, int64_t end);

/* A row that is billed. */
void tb_lifecycle_note(struct tb_lifecycle *l, const struct tb_usage *u,
		       const struct tb_rated *rated);

/* Adds all of `other`, which is of the same book. */
void tb_lifecycle_merge(struct tb_lifecycle *l, const struct tb_lifecycle *other);

/* The doubts about a model, all its eras together; `first` is the model's first era. */
struct tb_doubts tb_lifecycle_doubts(const struct tb_lifecycle *l, const struct tb_book *book,
				     const struct tb_era *first);

#endif
