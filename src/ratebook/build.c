/* From rate files to a book: sections, eras that inherit from each other, names. */
#include "ratebook/bookdata.h"

#include "base/civil.h"
#include "base/quantity.h"
#include "ratebook/section.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A section of one of the sources, while the book is put together. */
struct draft {
	struct tb_section section;
	size_t source;
	const char *file_currency; /* of the source's [defaults], or NULL */
	bool replaced;             /* a later source has the model's [MODEL] */
};

struct building {
	struct tb_book *book;
	struct tb_rate_keys keys;
	struct tb_problems *problems;
	struct draft *drafts;
	size_t count, cap;
	const struct tb_section **aliases; /* by era number: the section whose aliases hold in it */
	struct tb_err *err;
};

/* ---- reading the sources ---- */

static enum tb_status add_draft(struct building *b, struct tb_section section, size_t source)
{
	if (!tb_grow(&b->drafts, &b->cap, b->count + 1, sizeof(*b->drafts))) {
		tb_section_release(&section);
		return tb_fail_nomem(b->err);
	}
	b->drafts[b->count++] = (struct draft){.section = section, .source = source};
	return TB_OK;
}

static enum tb_status read_sections(struct building *b, const struct tb_ini *ini, const char *file,
				    size_t source)
{
	size_t first = b->count;
	const char *currency = NULL;

	for (size_t i = 0; i < ini->section_count; i++) {
		struct tb_section s;
		enum tb_status st = tb_section_read(&b->keys, ini, i, file, &b->book->arena,
						    b->problems, &s, b->err);

		if (st != TB_OK) {
			tb_section_release(&s);
			return st;
		}
		TB_TRY(add_draft(b, s, source));
		if (s.defaults && s.era.currency[0]) {
			currency = tb_arena_text(&b->book->arena, s.era.currency, 3);
			if (!currency)
				return tb_fail_nomem(b->err);
		}
	}
	for (size_t i = first; i < b->count; i++)
		b->drafts[i].file_currency = currency;
	return TB_OK;
}

static enum tb_status refuse_repeated_sections(struct building *b, const struct tb_ini *ini,
					       const char *file)
{
	struct tb_keytab names;
	enum tb_status st = TB_OK;
	size_t *first = calloc(ini->section_count + 1, sizeof(*first));

	tb_keytab_init(&names);
	for (size_t i = 0; first && i < ini->section_count && st == TB_OK; i++) {
		const struct tb_ini_section *s = &ini->sections[i];
		bool added;
		uint32_t n = tb_keytab_put(&names, s->name.p, s->name.n, &added);

		if (n == TB_KEYTAB_NONE)
			st = tb_fail_nomem(b->err);
		else if (added)
			first[n] = i;
		else
			tb_problems_note(b->problems, file, s->line,
					 "section [%s] was already given in line %" PRIu64,
					 s->name.p, ini->sections[first[n]].line);
	}
	tb_keytab_release(&names);
	free(first);
	return first ? st : tb_fail_nomem(b->err);
}

static enum tb_status read_source(struct building *b, const struct tb_rate_source *source,
				  size_t number)
{
	struct tb_ini ini = {0};
	const char *file = tb_arena_text(&b->book->arena, source->name, strlen(source->name));
	enum tb_status st = file ? TB_OK : tb_fail_nomem(b->err);

	ini.arena = b->book->arena; /* the book keeps the texts, which its eras point into */
	if (st == TB_OK)
		st = tb_ini_read(&ini, file, source->bytes, b->problems, b->err);
	b->book->arena = ini.arena;
	ini.arena = (struct tb_arena){0};
	if (st == TB_OK)
		st = refuse_repeated_sections(b, &ini, file);
	if (st == TB_OK)
		st = read_sections(b, &ini, file, number);
	tb_ini_release(&ini);
	return st;
}

/* ---- from sections to eras ---- */

static int compare_drafts(const void *pa, const void *pb)
{
	const struct draft *a = pa, *b = pb;
	int c = strcmp(a->section.era.model, b->section.era.model);

	if (c != 0)
		return c;
	if (a->section.era.start != b->section.era.start)
		return a->section.era.start < b->section.era.start ? -1 : 1;
	return (a->source > b->source) - (a->source < b->source);
}

static bool same_model(const struct draft *a, const struct draft *b)
{
	return strcmp(a->section.era.model, b->section.era.model) == 0;
}

/* A [MODEL] section drops the model's sections of earlier sources. */
static void replace_models(struct building *b, size_t first, size_t end)
{
	size_t newest = 0;

	for (size_t i = first; i < end; i++)
		if (b->drafts[i].section.era.start == INT64_MIN && b->drafts[i].source > newest)
			newest = b->drafts[i].source;
	for (size_t i = first; i < end; i++)
		b->drafts[i].replaced = b->drafts[i].source < newest;
}

static void refuse_equal_starts(struct building *b, const struct draft *before,
				const struct draft *d)
{
	if (before && before->section.era.start == d->section.era.start &&
	    strcmp(before->section.era.section, d->section.era.section) == 0 &&
	    before->source == d->source)
		return; /* named already as a repeated section */
	if (before && before->section.era.start == d->section.era.start)
		tb_problems_note(b->problems, d->section.era.file, d->section.era.line,
				 "[%s] begins at the same time as [%s] in %s:%" PRIu64,
				 d->section.era.section, before->section.era.section,
				 before->section.era.file, before->section.era.line);
}

/* A model's own currency holds on; a file's [defaults] is nearer than an era of another file. */
static void inherit_currency(struct draft *d, const struct draft *before)
{
	struct tb_era *era = &d->section.era;
	const char *nearest = before && before->source == d->source ? before->section.era.currency
								    : d->file_currency;

	if (!nearest)
		nearest = before ? before->section.era.currency : "USD";
	if (!era->currency[0])
		memcpy(era->currency, nearest, sizeof(era->currency));
}

/* What an era does not say itself holds on from the era before; prices never do. */
static void inherit(struct draft *d, const struct draft *before)
{
	struct tb_era *era = &d->section.era;
	const struct tb_era *old = before ? &before->section.era : NULL;

	if (!era->provider)
		era->provider = old ? old->provider : "";
	inherit_currency(d, before);
	for (int c = 0; old && c < TB_CARDS; c++)
		if (!era->card[c])
			era->card[c] = old->card[c];
}

/* "imageInput batchSupport" lists it; commas separate as blanks do. */
static bool lists_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; *p; p += strspn(p, ", \t")) {
		size_t len = strcspn(p, ", \t");

		if (len == n && memcmp(p, word, n) == 0)
			return true;
		p += len;
	}
	return false;
}

/* What the card says about when and how the model may be used. */
static void read_lifecycle(struct tb_era *era)
{
	const char *shutdown = era->card[TB_CARD_SHUTDOWN];
	const char *capabilities = era->card[TB_CARD_CAPABILITIES];
	const char *window = era->card[TB_CARD_CONTEXT_WINDOW];
	int32_t day;

	era->closed = INT64_MAX;
	if (shutdown && tb_date_parse(tb_span_of(shutdown), &day))
		era->closed = ((int64_t)day + 1) * TB_DAY_SECONDS;
	if (!window || tb_quantity_parse(tb_span_of(window), &era->window))
		era->window = 0;
	era->lacks_batch = capabilities && !lists_word(capabilities, "batchSupport");
}

static void add_era(struct building *b, struct draft *d, const struct draft *before)
{
	struct tb_book *book = b->book;
	size_t n = book->era_count++;

	refuse_equal_starts(b, before, d);
	inherit(d, before);
	read_lifecycle(&d->section.era);
	d->section.era.number = (uint32_t)n;
	book->eras[n] = d->section.era;
	d->section.era.peak = NULL; /* the book's now */
	b->aliases[n] = before && !d->section.alias_count ? b->aliases[n - 1] : &d->section;
}

static enum tb_status add_model(struct building *b, size_t first_draft, size_t end)
{
	struct tb_book *book = b->book;
	const struct draft *before = NULL;
	size_t first = book->era_count;

	replace_models(b, first_draft, end);
	for (size_t i = first_draft; i < end; i++) {
		if (b->drafts[i].replaced)
			continue;
		add_era(b, &b->drafts[i], before);
		before = &b->drafts[i];
	}
	if (!tb_grow(&book->models, &book->model_cap, book->model_count + 1, sizeof(*book->models)))
		return tb_fail_nomem(b->err);
	book->models[book->model_count++] = (struct tb_model){first, book->era_count - first, 0};
	return TB_OK;
}

static enum tb_status add_models(struct building *b)
{
	b->book->eras = calloc(b->count + 1, sizeof(*b->book->eras));
	b->aliases = calloc(b->count + 1, sizeof(*b->aliases));
	if (!b->book->eras || !b->aliases)
		return tb_fail_nomem(b->err);
	if (b->count)
		qsort(b->drafts, b->count, sizeof(*b->drafts), compare_drafts);
	for (size_t i = 0, end; i < b->count; i = end) {
		for (end = i + 1; end < b->count && same_model(&b->drafts[i], &b->drafts[end]);)
			end++;
		if (!b->drafts[i].section.defaults)
			TB_TRY(add_model(b, i, end));
	}
	return TB_OK;
}

/* ---- names ---- */

static void refuse_claim(struct building *b, const struct tb_era *era, struct tb_span name,
			 size_t owner)
{
	const struct tb_era *other = &b->book->eras[b->book->models[owner].first];

	if (tb_span_is(name, era->model))
		tb_problems_note(b->problems, era->file, era->line,
				 "[%s]: alias '%s' is the model's own name", era->section, name.p);
	else
		tb_problems_note(b->problems, era->file, era->line,
				 "[%s]: the name '%s' already belongs to [%s] in %s:%" PRIu64,
				 era->section, name.p, other->section, other->file, other->line);
}

/* Lets a name stand for a model in era number `i` of it, unless it stands for something else. */
static enum tb_status claim(struct building *b, struct tb_span text, size_t model, size_t i,
			    bool alias)
{
	struct tb_book *book = b->book;
	const struct tb_model *m = &book->models[model];
	struct tb_model_name *name;
	bool added;
	uint32_t n = tb_keytab_put(&book->names, text.p, text.n, &added);

	if (n == TB_KEYTAB_NONE ||
	    !tb_grow(&book->by_name, &book->by_name_cap, (size_t)n + 1, sizeof(*book->by_name)))
		return tb_fail_nomem(b->err);
	name = &book->by_name[n];
	if (added) {
		*name = (struct tb_model_name){model, tb_arena_take(&book->arena, m->count),
					       tb_letters(text)};
		if (!name->in_force)
			return tb_fail_nomem(b->err);
		memset(name->in_force, 0, m->count);
	}
	if (name->model != model || (alias && tb_span_is(text, book->eras[m->first].model)))
		refuse_claim(b, &book->eras[m->first + i], text, name->model);
	else
		name->in_force[i] = true;
	return TB_OK;
}

static enum tb_status claim_model_names(struct building *b)
{
	for (size_t m = 0; m < b->book->model_count; m++)
		for (size_t i = 0; i < b->book->models[m].count; i++) {
			const char *name = b->book->eras[b->book->models[m].first].model;

			TB_TRY(claim(b, tb_span_of(name), m, i, false));
		}
	return TB_OK;
}

/* All models have their own names by then, so that the aliases of each stand together. */
static enum tb_status claim_aliases(struct building *b)
{
	for (size_t m = 0; m < b->book->model_count; m++) {
		b->book->models[m].first_alias = b->book->names.n;
		for (size_t i = 0; i < b->book->models[m].count; i++) {
			const struct tb_section *s = b->aliases[b->book->models[m].first + i];

			for (size_t a = 0; a < s->alias_count; a++)
				TB_TRY(claim(b, s->aliases[a], m, i, true));
		}
	}
	return TB_OK;
}

/* ---- the whole ---- */

static enum tb_status build(struct building *b, const struct tb_rate_source *sources, size_t n)
{
	TB_TRY(tb_rate_keys_init(&b->keys, b->err));
	for (size_t i = 0; i < n; i++)
		TB_TRY(read_source(b, &sources[i], i));
	TB_TRY(add_models(b));
	TB_TRY(claim_model_names(b));
	TB_TRY(claim_aliases(b));
	if (b->problems->total)
		return tb_fail(b->err, TB_CONFIG, "the rates cannot be used");
	return TB_OK;
}

enum tb_status tb_book_read(const struct tb_rate_source *sources, size_t n, struct tb_book **out,
			    struct tb_problems *problems, struct tb_err *err)
{
	struct building b = {.problems = problems, .err = err};
	enum tb_status st;

	*out = NULL;
	b.book = calloc(1, sizeof(*b.book));
	if (!b.book)
		return tb_fail_nomem(err);
	tb_keytab_init(&b.book->names);
	st = build(&b, sources, n);
	for (size_t i = 0; i < b.count; i++)
		tb_section_release(&b.drafts[i].section);
	free(b.drafts);
	free(b.aliases);
	tb_rate_keys_release(&b.keys);
	if (st == TB_OK)
		*out = b.book;
	else
		tb_book_free(b.book);
	return st;
}
