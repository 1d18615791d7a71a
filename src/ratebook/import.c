#include "ratebook/import.h"

#include "base/keytab.h"
#include "ratebook/book.h"
#include "ratebook/import_draft.h"
#include "ratebook/import_take.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- other names of a model ---- */

/* The model of which this is another name, or NULL. */
static const char *alias_of(const struct tb_importing *im, const struct tb_litellm_model *m)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct tb_litellm_entry *e = &im->list->entries[m->first + i];

		if (strcmp(e->key, "alias_of") == 0 && e->kind == TB_LITELLM_STRING)
			return e->value;
	}
	return NULL;
}

static int compare_aliases(const void *pa, const void *pb)
{
	const struct tb_import_alias *a = pa, *b = pb;
	int c = strcmp(a->of, b->of);

	return c != 0 ? c : strcmp(a->name, b->name);
}

/* What a rate file takes as one name of a list of them. */
static bool can_be_alias(const char *name)
{
	enum { NAME_MAX_BYTES = 150 };

	return *name && *name != '#' && strlen(name) <= NAME_MAX_BYTES &&
	       !name[strcspn(name, " \t,;\"")];
}

static void collect_aliases(struct tb_importing *im)
{
	for (size_t i = 0; i < im->list->model_count && !im->nomem; i++) {
		const struct tb_litellm_model *m = &im->list->models[i];
		const char *of = alias_of(im, m);

		if (!of || !can_be_alias(m->name))
			continue;
		if (!tb_grow(&im->aliases, &im->alias_cap, im->alias_count + 1,
			     sizeof(*im->aliases)))
			im->nomem = true;
		else
			im->aliases[im->alias_count++] = (struct tb_import_alias){of, m->name};
	}
	if (im->alias_count)
		qsort(im->aliases, im->alias_count, sizeof(*im->aliases), compare_aliases);
}

/* The first other name of the model; those behind it follow. */
static size_t first_alias(const struct tb_importing *im, const char *name)
{
	size_t low = 0, high = im->alias_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(im->aliases[middle].of, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_alias_of(const struct tb_importing *im, size_t i, const char *name)
{
	return i < im->alias_count && strcmp(im->aliases[i].of, name) == 0;
}

static void put_names(struct tb_importing *im, struct tb_import_draft *d)
{
	const char *name = d->model->name;

	for (size_t i = first_alias(im, name); is_alias_of(im, i, name); i++)
		if (i == 0 || strcmp(im->aliases[i].name, im->aliases[i - 1].name) != 0)
			tb_buf_printf(&d->names, "aliases = %s\n", im->aliases[i].name);
}

/* ---- whether the loader agrees ---- */

/* NULL, or why the section would not be that model and nothing else. */
static const char *section_fault(struct tb_importing *im, const struct tb_buf *text,
				 const char *section, const char *name)
{
	struct tb_rate_source source = {"", {text->p, text->n}};
	struct tb_problems problems = {0};
	struct tb_book *book;
	struct tb_err err = {0};
	const struct tb_era *era;
	const char *why = NULL;
	enum tb_status st = tb_book_read(&source, 1, &book, &problems, &err);

	im->nomem |= st == TB_NOMEM;
	if (st != TB_OK)
		why = !problems.kept ? ""
		      : strstr(problems.text[0].p, "]: ")
			      ? "a name that a rate file cannot hold"
			      : tb_import_keep(im, strrchr(problems.text[0].p, ':') + 2);
	else if (tb_book_era_count(book) != 1 ||
		 strcmp(tb_book_era(book, 0)->model, section) != 0 ||
		 tb_book_find(book, tb_span_of(name), 0, &era) != TB_LOOKUP_FOUND)
		why = "a name that a rate file cannot hold";
	tb_problems_release(&problems);
	tb_book_free(book);
	return why;
}

static bool claim(struct tb_importing *im, const char *name)
{
	bool added = false;

	im->nomem |= tb_keytab_put(&im->names, name, strlen(name), &added) == TB_KEYTAB_NONE;
	return added;
}

static void claim_names(struct tb_importing *im, const char *name)
{
	for (size_t i = first_alias(im, name); is_alias_of(im, i, name); i++)
		claim(im, im->aliases[i].name);
}

static void carry_over(struct tb_importing *im, struct tb_import_draft *d)
{
	struct tb_import *out = im->out;
	const char *name = d->model->name;
	char section[TB_IMPORT_NAME_TEXT];
	struct tb_buf text = {0};

	tb_import_section_name(name, section);
	put_names(im, d);
	tb_import_put_section(&text, d, section);
	if (!text.failed)
		tb_import_refuse(d, d->model->line, section_fault(im, &text, section, name));
	if (!d->refused &&
	    (!claim(im, section) || (strcmp(section, name) != 0 && !claim(im, name))))
		tb_import_refuse(d, d->model->line, "its short name belongs to another model");
	if (!d->refused) {
		claim_names(im, name);
		tb_buf_puts(&out->ini, "\n");
		tb_buf_add(&out->ini, text.p ? text.p : "", text.n);
		out->carried++;
	}
	im->nomem |= text.failed;
	tb_buf_release(&text);
}

/* ---- models ---- */

static void refuse_unpriced(struct tb_import_draft *d)
{
	for (int m = 0; m < TB_METERS; m++)
		if (tb_meters[m].required && !d->prices[TB_STANDARD][TB_BASE][m])
			tb_import_refuse(d, d->model->line,
					 m == TB_INPUT ? "no input price per token"
						       : "no output price per token");
}

static void leave_model_out(struct tb_importing *im, const struct tb_litellm_model *m,
			    uint64_t line, const char *why)
{
	struct tb_litellm_model at = *m;

	at.line = line;
	tb_import_leave_out(im, TB_LEFT_MODEL, &at, NULL, why);
	tb_buf_puts(&im->out->ini, "\n");
	tb_import_put_comment(&im->out->ini, "not carried over", m->name, NULL, why);
}

static bool describes_the_list(const char *name)
{
	return name[0] == '$' || strcmp(name, "sample_spec") == 0 ||
	       strcmp(name, "fallback_generalizations") == 0;
}

static void import_model(struct tb_importing *im, const struct tb_litellm_model *m, bool again)
{
	struct tb_import_draft d = {.model = m};

	im->out->models++;
	if (!m->is_map && !describes_the_list(m->name))
		tb_import_refuse(&d, m->line, "not an object of keys");
	else if (again)
		tb_import_refuse(&d, m->line,
				 "given again below, which is what readers of JSON take");
	else if (describes_the_list(m->name))
		tb_import_refuse(&d, m->line, "describes the list, and is no model");
	if (!d.refused) {
		tb_import_take_entries(im, &d);
		refuse_unpriced(&d);
	}
	if (!d.refused)
		carry_over(im, &d);
	if (d.refused)
		leave_model_out(im, m, d.refused_line, d.refused);
	im->nomem |= d.capabilities.failed || d.lines.failed || d.names.failed;
	tb_buf_release(&d.capabilities);
	tb_buf_release(&d.lines);
	tb_buf_release(&d.names);
}

/* By then its model is carried over with all its names, or it is not. */
static void import_alias(struct tb_importing *im, const struct tb_litellm_model *m)
{
	im->out->models++;
	if (tb_keytab_find(&im->names, m->name, strlen(m->name)) != TB_KEYTAB_NONE)
		im->out->carried++;
	else
		leave_model_out(im, m, m->line, "another name of a model that is not carried over");
}

static int compare_models(const void *pa, const void *pb)
{
	const struct tb_litellm_model *a = pa, *b = pb;
	int c = strcmp(a->name, b->name);

	return c != 0 ? c : (a->line > b->line) - (a->line < b->line);
}

/* Other lists of prices, told by keys of the file ("NAME") or of what stands there (".NAME"). */
static const struct {
	const char *key, *shape;
} shapes[] = {
	{"data",
	 "a list in \"data\", as OpenRouter's API and the /model/info of a LiteLLM proxy give it"},
	{"prices", "the snapshot of model-prices"},
	{".models", "the list of models.dev, by provider"},
};

static bool has_key(const struct tb_litellm *list, const char *key)
{
	if (key[0] != '.') {
		for (size_t i = 0; i < list->model_count; i++)
			if (strcmp(list->models[i].name, key) == 0)
				return true;
		return false;
	}
	for (size_t i = 0; i < list->entry_count; i++)
		if (strcmp(list->entries[i].key, key + 1) == 0 &&
		    list->entries[i].kind == TB_LITELLM_MAP)
			return true;
	return false;
}

static const char *other_shape(const struct tb_litellm *list)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (has_key(list, shapes[i].key))
			return shapes[i].shape;
	return NULL;
}

static enum tb_status import_models(struct tb_importing *im, struct tb_litellm *list)
{
	if (list->model_count)
		qsort(list->models, list->model_count, sizeof(*list->models), compare_models);
	tb_buf_puts(&im->out->ini,
		    "; Made by `tokbill rates import` from LiteLLM's list of models: what a token\n"
		    "; costs there, per 1,000,000 tokens in USD. Compare with the vendors' own\n"
		    "; pages, then add verified = DATE (of the list).\n");
	collect_aliases(im);
	for (size_t i = 0; i < list->model_count && !im->nomem; i++)
		if (!alias_of(im, &list->models[i]))
			import_model(im, &list->models[i],
				     i + 1 < list->model_count &&
					     strcmp(list->models[i].name,
						    list->models[i + 1].name) == 0);
	for (size_t i = 0; i < list->model_count && !im->nomem; i++)
		if (alias_of(im, &list->models[i]))
			import_alias(im, &list->models[i]);
	im->out->shape = other_shape(list);
	return im->nomem || im->out->ini.failed ? tb_fail_nomem(im->err) : TB_OK;
}

enum tb_status tb_import_litellm(struct tb_import *import, const char *name, struct tb_span json,
				 struct tb_err *err)
{
	struct tb_litellm list = {0};
	struct tb_importing im = {.out = import, .list = &list, .err = err};
	enum tb_status st = tb_litellm_read(&list, name, json, err);

	tb_keytab_init(&im.names);
	if (st == TB_OK)
		st = import_models(&im, &list);
	tb_keytab_release(&im.names);
	free(im.aliases);
	tb_litellm_release(&list);
	return st;
}

void tb_import_release(struct tb_import *import)
{
	tb_buf_release(&import->ini);
	free(import->left);
	tb_arena_release(&import->arena);
	*import = (struct tb_import){0};
}
