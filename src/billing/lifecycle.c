#include "billing/lifecycle.h"

#include <stdlib.h>
#include <string.h>

bool tb_lifecycle_init(struct tb_lifecycle *l, const struct tb_book *book)
{
	l->eras = tb_book_era_count(book);
	l->rows = calloc(l->eras + 1, sizeof(*l->rows));
	return l->rows != NULL;
}

void tb_lifecycle_release(struct tb_lifecycle *l)
{
	free(l->rows);
	*l = (struct tb_lifecycle){0};
}

void tb_lifecycle_clear(struct tb_lifecycle *l)
{
	memset(l->rows, 0, l->eras * sizeof(*l->rows));
}

bool tb_lifecycle_clear_of_doubt(const struct tb_era *era, enum tb_tier tier, int64_t end)
{
	return end <= era->closed && !(era->lacks_batch && tier == TB_BATCH);
}

void tb_lifecycle_note(struct tb_lifecycle *l, const struct tb_usage *u,
		       const struct tb_rated *rated)
{
	const struct tb_era *era = rated->era;

	if (u->instant >= era->closed)
		l->rows[era->number][TB_AFTER_SHUTDOWN]++;
	if (era->lacks_batch && u->tier == TB_BATCH)
		l->rows[era->number][TB_WITHOUT_BATCH]++;
}

void tb_lifecycle_merge(struct tb_lifecycle *l, const struct tb_lifecycle *other)
{
	for (size_t i = 0; i < l->eras; i++)
		for (int d = 0; d < TB_DOUBTS; d++)
			l->rows[i][d] += other->rows[i][d];
}

uint64_t tb_lifecycle_rows(const struct tb_lifecycle *l, const struct tb_book *book,
			   const struct tb_era *first, enum tb_doubt doubt)
{
	uint64_t sum = 0;

	for (uint32_t i = first->number; i < l->eras; i++) {
		if (strcmp(tb_book_era(book, i)->model, first->model) != 0)
			break;
		sum += l->rows[i][doubt];
	}
	return sum;
}
