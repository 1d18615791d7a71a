#include "ratebook/bookdata.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const struct tb_price *tb_era_price(const struct tb_era *era, enum tb_tier tier,
				    enum tb_context context, enum tb_meter meter)
{
	if (!(era->priced[tier][context] & TB_METER_BIT(meter)))
		return NULL;
	return &era->prices[tier][context][meter];
}

struct tb_price tb_era_standard_price(const struct tb_era *era, enum tb_context context,
				      enum tb_meter meter)
{
	const struct tb_price *p = tb_era_price(era, TB_STANDARD, context, meter);

	if (!p)
		p = tb_era_price(era, TB_STANDARD, context, tb_meters[meter].whole);
	assert(p); /* input, output and with it reasoning are required */
	return *p;
}

bool tb_era_is_long(const struct tb_era *era, tb_u128 input, uint64_t requests)
{
	tb_u128 limit = (tb_u128)era->long_tokens * (requests ? requests : 1);

	switch (era->threshold) {
	case TB_LONG_OVER:
		return input > limit;
	case TB_LONG_FROM:
		return input >= limit;
	case TB_NO_THRESHOLD:
		break;
	}
	return false;
}

unsigned tb_era_uplift(const struct tb_era *era, struct tb_span region)
{
	for (size_t i = 0; i < era->uplift_count; i++)
		if (tb_span_equal_nocase(tb_span_of(era->uplifts[i].region), region))
			return (unsigned)i + 1;
	return 0;
}

struct tb_price tb_era_uplifted(const struct tb_era *era, unsigned uplift, enum tb_meter meter,
				struct tb_price price)
{
	bool exact = true;

	if (uplift && meter < TB_TOKEN_METERS)
		exact = tb_price_scale(price, TB_PERCENT_WHOLE + era->uplifts[uplift - 1].percent,
				       TB_PERCENT_WHOLE, &price);
	assert(exact);
	(void)exact;
	return price;
}

/* The last era that begins at or before the instant; the first does. */
static size_t era_at(const struct tb_book *book, const struct tb_model *m, int64_t instant)
{
	size_t lo = 0, hi = m->count;

	while (hi - lo > 1) {
		size_t middle = lo + (hi - lo) / 2;

		if (book->eras[m->first + middle].start <= instant)
			lo = middle;
		else
			hi = middle;
	}
	return lo;
}

enum tb_lookup tb_book_find(const struct tb_book *book, struct tb_span name, int64_t instant,
			    const struct tb_era **era)
{
	uint32_t number = tb_keytab_find(&book->names, name.p, name.n);
	const struct tb_model *m;
	size_t i;

	if (number == TB_KEYTAB_NONE)
		return TB_LOOKUP_NO_MODEL;
	m = &book->models[book->by_name[number].model];
	*era = &book->eras[m->first];
	if (instant < (*era)->start)
		return TB_LOOKUP_TOO_EARLY;
	i = era_at(book, m, instant);
	*era = &book->eras[m->first + i];
	return book->by_name[number].in_force[i] ? TB_LOOKUP_FOUND : TB_LOOKUP_NOT_NAMED;
}

size_t tb_book_era_count(const struct tb_book *book)
{
	return book->era_count;
}

const struct tb_era *tb_book_era(const struct tb_book *book, uint32_t number)
{
	return &book->eras[number];
}

int64_t tb_book_era_end(const struct tb_book *book, const struct tb_era *era)
{
	const struct tb_era *next = era + 1; /* eras stand by model, then start */

	if (era->number + 1 == book->era_count || strcmp(next->model, era->model) != 0)
		return INT64_MAX;
	return next->start;
}

const struct tb_written *tb_era_written(const struct tb_era *era, const char *key)
{
	for (size_t i = 0; i < era->written_count; i++)
		if (strcmp(era->written[i].key, key) == 0)
			return &era->written[i];
	return NULL;
}

const char *tb_book_name(const struct tb_book *book, size_t number, const char **model)
{
	if (number >= book->names.n)
		return NULL;
	*model = book->eras[book->models[book->by_name[number].model].first].model;
	return tb_keytab_key(&book->names, (uint32_t)number).p;
}

const char *tb_era_alias(const struct tb_book *book, const struct tb_era *era, size_t i,
			 bool *holds)
{
	uint32_t own = tb_keytab_find(&book->names, era->model, strlen(era->model));
	size_t model = book->by_name[own].model;
	const struct tb_model *m = &book->models[model];
	size_t number = m->first_alias + i;

	*holds = false;
	if (number >= book->names.n || book->by_name[number].model != model)
		return NULL;
	*holds = book->by_name[number].in_force[era->number - m->first];
	return tb_keytab_key(&book->names, (uint32_t)number).p;
}

struct candidates {
	const struct tb_book *book;
	uint64_t letters; /* of the name that is looked for */
};

/* Logs can hold millions of unknown names: most candidates are seen to be far at a glance. */
static const char *name_candidate(const void *ctx, size_t i)
{
	const struct candidates *c = ctx;

	if (i >= c->book->names.n)
		return NULL;
	return tb_letters_far(c->letters, c->book->by_name[i].letters)
		       ? ""
		       : tb_keytab_key(&c->book->names, (uint32_t)i).p;
}

const char *tb_book_nearest(const struct tb_book *book, struct tb_span name)
{
	const struct candidates candidates = {book, tb_letters(name)};

	return tb_nearest(name, name_candidate, &candidates);
}

void tb_book_free(struct tb_book *book)
{
	if (!book)
		return;
	for (size_t i = 0; i < book->era_count; i++)
		if (book->eras[i].peak)
			tb_zone_free(book->eras[i].peak->zone);
	tb_arena_release(&book->arena);
	tb_keytab_release(&book->names);
	free(book->eras);
	free(book->models);
	free(book->by_name);
	free(book);
}
