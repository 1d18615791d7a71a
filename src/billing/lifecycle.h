/*
 * lifecycle - usage that a model's card speaks against: after its shutdown, or in batch where the
 * card lists capabilities and batch is not among them.
 */
#ifndef TB_LIFECYCLE_H
#define TB_LIFECYCLE_H

#include "billing/rating.h"

enum tb_doubt { TB_AFTER_SHUTDOWN, TB_WITHOUT_BATCH, TB_DOUBTS };

/* Rows in doubt, counted by era. One for each thread. */
struct tb_lifecycle {
	uint64_t (*rows)[TB_DOUBTS]; /* by the era's number */
	size_t eras;
};

/* False when memory is out. */
TB_MUST_CHECK bool tb_lifecycle_init(struct tb_lifecycle *l, const struct tb_book *book);
void tb_lifecycle_release(struct tb_lifecycle *l);
void tb_lifecycle_clear(struct tb_lifecycle *l);

/* Whether no row of the era in that tier can be in doubt, as long as it lies before `end`. */
bool tb_lifecycle_clear_of_doubt(const struct tb_era *era, enum tb_tier tier, int64_t end);

/* A row that is billed. */
void tb_lifecycle_note(struct tb_lifecycle *l, const struct tb_usage *u,
		       const struct tb_rated *rated);

/* Adds all of `other`, which is of the same book. */
void tb_lifecycle_merge(struct tb_lifecycle *l, const struct tb_lifecycle *other);

/* The rows of a model, all its eras together; `first` is the model's first era. */
uint64_t tb_lifecycle_rows(const struct tb_lifecycle *l, const struct tb_book *book,
			   const struct tb_era *first, enum tb_doubt doubt);

#endif
