#include "billing/doubts.h"

#include <stdlib.h>
#include <string.h>

bool tb_doubts_init(struct tb_doubts *l, const struct tb_book *book)
{
	l->eras = tb_book_era_count(book);
	l->of = calloc(l->eras + 1, sizeof(*l->of));
	return l->of != NULL;
}

void tb_doubts_release(struct tb_doubts *l)
{
	free(l->of);
	*l = (struct tb_doubts){0};
}

void tb_doubts_clear(struct tb_doubts *l)
{
	memset(l->of, 0, l->eras * sizeof(*l->of));
}

bool tb_doubts_clear_of_doubt(const struct tb_rated *rated, int64_t end)
{
	const struct tb_era *era = rated->era;

	return end <= era->closed && !(era->lacks_batch && rated->terms.tier == TB_BATCH) &&
	       !rated->other_seller;
}

/* Whichever row comes first, and whichever thread it falls to. */
static void keep_seller(struct tb_model_doubts *d, struct tb_span seller)
{
	char name[TB_RESELLER_TEXT] = "";

	memcpy(name, seller.p, seller.n < sizeof(name) ? seller.n : sizeof(name) - 1);
	if (!d->seller[0] || strcmp(name, d->seller) < 0)
		memcpy(d->seller, name, sizeof(name));
}

void tb_doubts_note(struct tb_doubts *l, const struct tb_usage *u, const struct tb_rated *rated)
{
	const struct tb_era *era = rated->era;
	struct tb_model_doubts *d = &l->of[era->number];

	if (u->instant >= era->closed)
		d->rows[TB_AFTER_SHUTDOWN]++;
	if (era->lacks_batch && u->tier == TB_BATCH)
		d->rows[TB_WITHOUT_BATCH]++;
	if (rated->other_seller) {
		d->rows[TB_OTHER_SELLER]++;
		keep_seller(d, tb_reseller_of(u->model));
	}
}

static void add(struct tb_model_doubts *sum, const struct tb_model_doubts *d)
{
	for (int i = 0; i < TB_DOUBTS; i++)
		sum->rows[i] += d->rows[i];
	if (d->seller[0])
		keep_seller(sum, tb_span_of(d->seller));
}

void tb_doubts_merge(struct tb_doubts *l, const struct tb_doubts *other)
{
	for (size_t i = 0; i < l->eras; i++)
		add(&l->of[i], &other->of[i]);
}

void tb_doubts_take_out(struct tb_doubts *l, const struct tb_doubts *other)
{
	for (size_t i = 0; i < l->eras; i++)
		for (int k = 0; k < TB_DOUBTS; k++)
			l->of[i].rows[k] -= other->of[i].rows[k];
}

struct tb_model_doubts tb_doubts_of_model(const struct tb_doubts *l, const struct tb_book *book,
					  const struct tb_era *first)
{
	struct tb_model_doubts sum = {0};

	for (uint32_t i = first->number;
	     i < l->eras && strcmp(tb_book_era(book, i)->model, first->model) == 0; i++)
		add(&sum, &l->of[i]);
	return sum;
}
