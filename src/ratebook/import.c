#include "ratebook/import.h"

#include "base/civil.h"
#include "base/keytab.h"
#include "ratebook/book.h"
#include "ratebook/import_draft.h"
#include "ratebook/import_keys.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct importing {
	struct tb_import *out;
	const struct tb_litellm *list;
	struct tb_keytab names; /* sections and aliases so far */
	struct tb_err *err;
	bool nomem;
};

/* ---- what is left out ---- */

static void leave_out(struct importing *im, enum tb_left_kind kind,
		      const struct tb_litellm_model *m, const struct tb_litellm_entry *e,
		      const char *reason)
{
	struct tb_import *out = im->out;
	const char *texts[] = {m->name, e ? e->key : NULL, e ? e->value : NULL, reason};

	for (size_t i = 0; i < 4; i++)
		if (texts[i]) {
			texts[i] = tb_arena_text(&out->arena, texts[i], strlen(texts[i]));
			im->nomem |= !texts[i];
		}
	if (im->nomem ||
	    !tb_grow(&out->left, &out->left_cap, out->left_count + 1, sizeof(*out->left))) {
		im->nomem = true;
		return;
	}
	out->left[out->left_count++] = (struct tb_left_out){.kind = kind,
							    .model = texts[0],
							    .line = e ? e->line : m->line,
							    .key = texts[1],
							    .value = texts[2],
							    .reason = texts[3]};
}

/* ---- reading a model's keys ---- */

static void refuse(struct tb_import_draft *d, uint64_t line, const char *why)
{
	if (d->refused)
		return;
	d->refused = why;
	d->refused_line = line;
}

static const char *keep(struct importing *im, const char *text)
{
	const char *copy = tb_arena_text(&im->out->arena, text, strlen(text));

	im->nomem |= !copy;
	return copy;
}

/* Without such a price, usage would be priced by another one, or not at all. */
static bool is_needed(const struct tb_import_key *k)
{
	return k->tier == TB_STANDARD &&
	       (tb_meters[k->meter].required || tb_contexts[k->context].is_long);
}

static void take_price(struct importing *im, struct tb_import_draft *d,
		       const struct tb_litellm_entry *e, const struct tb_import_key *k)
{
	char price[TB_IMPORT_PRICE_TEXT], note[256];
	bool mended = false;
	const char *why = e->kind == TB_LITELLM_NUMBER
				  ? tb_import_price(tb_span_of(e->value), price, &mended)
				  : "not a number";

	if (k->long_tokens && d->long_tokens && k->long_tokens != d->long_tokens)
		refuse(d, e->line, "prices by several steps of input; a rate file has one");
	if (why) {
		if (is_needed(k))
			refuse(d, e->line, why);
		leave_out(im, TB_LEFT_PRICE, d->model, e, why);
		tb_import_put_comment(&d->lines, "left out", e->key, e->value, why);
		return;
	}
	if (k->long_tokens)
		d->long_tokens = k->long_tokens;
	if (mended) {
		im->out->mended++;
		snprintf(note, sizeof(note),
			 "derived: %s%s%s is the likely value of %.60s per token, which has the "
			 "noise of binary arithmetic",
			 tb_tiers[k->tier].prefix, tb_contexts[k->context].prefix,
			 tb_meters[k->meter].name, e->value);
		tb_import_put_lines(&d->lines, "note", note);
	}
	d->prices[k->tier][k->context][k->meter] = keep(im, price);
}

static const char region_letters[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

static void take_uplift(struct importing *im, struct tb_import_draft *d,
			const struct tb_litellm_entry *e, const struct tb_import_key *k)
{
	char percent[TB_IMPORT_PRICE_TEXT];
	const char *why = e->kind == TB_LITELLM_NUMBER
				  ? tb_import_uplift(tb_span_of(e->value), percent)
				  : "not a number";

	if (!why && (!*k->rest || k->rest[strspn(k->rest, region_letters)]))
		why = "not a name of a region";
	if (!why && d->uplift_count == TB_IMPORT_UPLIFTS_MAX)
		why = "more than 16 regions";
	if (why) {
		leave_out(im, TB_LEFT_PRICE, d->model, e, why);
		tb_import_put_comment(&d->lines, "left out", e->key, e->value, why);
		return;
	}
	d->uplifts[d->uplift_count].region = k->rest;
	d->uplifts[d->uplift_count++].percent = keep(im, percent);
}

static void take_capability(struct tb_import_draft *d, const struct tb_litellm_entry *e,
			    const char *name)
{
	if (strcmp(e->value, "true") != 0)
		return;
	tb_buf_printf(&d->capabilities, "%s%s", d->capabilities.n ? " " : "", name);
}

static void take_mode(struct tb_import_draft *d, const struct tb_litellm_entry *e)
{
	static const char *const modes[] = {"chat", "completion", "responses"};
	static const char *const known[][2] = {
		{"embedding", "mode embedding"},
		{"image_generation", "mode image_generation"},
		{"image_edit", "mode image_edit"},
		{"audio_transcription", "mode audio_transcription"},
		{"audio_speech", "mode audio_speech"},
		{"video_generation", "mode video_generation"},
		{"rerank", "mode rerank"},
		{"realtime", "mode realtime"},
		{"moderation", "mode moderation"},
		{"search", "mode search"},
		{"ocr", "mode ocr"},
	};

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(e->value, modes[i]) == 0)
			return;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(e->value, known[i][0]) == 0)
			refuse(d, e->line, known[i][1]);
	refuse(d, e->line, "a mode that is neither chat nor completion nor responses");
}

/* A fact that has to be of a form. */
static void take_checked(struct importing *im, struct tb_import_draft *d,
			 const struct tb_litellm_entry *e, enum tb_import_use use)
{
	struct tb_span value = tb_span_of(e->value);
	uint64_t tokens;
	int32_t day;

	if (use == TB_USE_WINDOW && !tb_count_parse(value, &tokens))
		d->window = e->value;
	else if (use == TB_USE_DEPRECATED && tb_date_parse(value, &day))
		d->deprecated = e->value;
	else
		leave_out(im, TB_LEFT_FACT, d->model, e,
			  use == TB_USE_WINDOW ? "not a whole number" : "not a date");
}

static void take_text(struct tb_import_draft *d, const struct tb_litellm_entry *e,
		      enum tb_import_use use)
{
	switch (use) {
	case TB_USE_PROVIDER:
		d->provider = e->value;
		break;
	case TB_USE_SOURCE:
		d->source = e->value;
		break;
	case TB_USE_MODALITIES_IN:
		d->in = e->value;
		break;
	case TB_USE_MODALITIES_OUT:
		d->out = e->value;
		break;
	default:
		d->notes = e->value;
		break;
	}
}

static void take_unusable(struct importing *im, struct tb_import_draft *d,
			  const struct tb_litellm_entry *e, const struct tb_import_key *k)
{
	bool is_price = k->use != TB_USE_NONE;

	leave_out(im, is_price ? TB_LEFT_PRICE : TB_LEFT_FACT, d->model, e, k->reason);
	if (is_price)
		tb_import_put_comment(&d->lines, "left out", e->key, e->value, k->reason);
	if (k->use == TB_USE_FORBIDS)
		refuse(d, e->line, k->reason);
}

static void take_entry(struct importing *im, struct tb_import_draft *d,
		       const struct tb_litellm_entry *e)
{
	struct tb_import_key k = tb_import_key_of(e->key);

	if (e->kind == TB_LITELLM_NULL)
		return; /* not known there, absent here */
	switch (k.use) {
	case TB_USE_PRICE:
		take_price(im, d, e, &k);
		break;
	case TB_USE_UPLIFT:
		take_uplift(im, d, e, &k);
		break;
	case TB_USE_CAPABILITY:
		take_capability(d, e, k.rest);
		break;
	case TB_USE_MODE:
		take_mode(d, e);
		break;
	case TB_USE_WINDOW:
	case TB_USE_DEPRECATED:
		take_checked(im, d, e, k.use);
		break;
	case TB_USE_NONE:
	case TB_USE_NONE_PRICE:
	case TB_USE_FORBIDS:
		take_unusable(im, d, e, &k);
		break;
	default:
		take_text(d, e, k.use);
		break;
	}
}

/* Whether a later line of the model has the key again. */
static bool is_repeated(const struct tb_litellm *list, const struct tb_litellm_model *m, size_t i)
{
	for (size_t k = i + 1; k < m->count; k++)
		if (strcmp(list->entries[m->first + k].key, list->entries[m->first + i].key) == 0)
			return true;
	return false;
}

static void take_entries(struct importing *im, struct tb_import_draft *d)
{
	const struct tb_litellm_model *m = d->model;

	for (size_t i = 0; i < m->count; i++) {
		const struct tb_litellm_entry *e = &im->list->entries[m->first + i];

		if (is_repeated(im->list, m, i))
			leave_out(im, TB_LEFT_FACT, m, e,
				  "given again below, which is what readers of JSON take");
		else
			take_entry(im, d, e);
	}
}

/* ---- whether the loader agrees ---- */

/* NULL, or why the section would not be that model and nothing else. */
static const char *section_fault(struct importing *im, const struct tb_buf *text,
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
		why = problems.kept ? keep(im, strrchr(problems.text[0].p, ':') + 2) : "";
	else if (tb_book_era_count(book) != 1 ||
		 strcmp(tb_book_era(book, 0)->model, section) != 0 ||
		 tb_book_find(book, tb_span_of(name), 0, &era) != TB_LOOKUP_FOUND)
		why = "a name that a rate file cannot hold";
	tb_problems_release(&problems);
	tb_book_free(book);
	return why;
}

static bool claim(struct importing *im, const char *name)
{
	bool added = false;

	im->nomem |= tb_keytab_put(&im->names, name, strlen(name), &added) == TB_KEYTAB_NONE;
	return added;
}

static void carry_over(struct importing *im, struct tb_import_draft *d)
{
	struct tb_import *out = im->out;
	const char *name = d->model->name;
	char section[TB_IMPORT_NAME_TEXT];
	struct tb_buf text = {0};

	tb_import_section_name(name, section);
	tb_import_put_section(&text, d, section);
	if (!text.failed)
		refuse(d, d->model->line, section_fault(im, &text, section, name));
	if (!d->refused &&
	    (!claim(im, section) || (strcmp(section, name) != 0 && !claim(im, name))))
		refuse(d, d->model->line, "its short name belongs to another model");
	if (!d->refused) {
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
			refuse(d, d->model->line,
			       m == TB_INPUT ? "no input price per token"
					     : "no output price per token");
}

static void import_model(struct importing *im, const struct tb_litellm_model *m, bool again)
{
	struct tb_import_draft d = {.model = m};

	im->out->models++;
	if (!m->is_map)
		refuse(&d, m->line, "not an object of keys");
	else if (again)
		refuse(&d, m->line, "given again below, which is what readers of JSON take");
	else if (strcmp(m->name, "sample_spec") == 0)
		refuse(&d, m->line, "describes the list, and is no model");
	if (!d.refused) {
		take_entries(im, &d);
		refuse_unpriced(&d);
	}
	if (!d.refused)
		carry_over(im, &d);
	if (d.refused) {
		struct tb_litellm_model at = *m;

		at.line = d.refused_line;
		leave_out(im, TB_LEFT_MODEL, &at, NULL, d.refused);
		tb_buf_puts(&im->out->ini, "\n");
		tb_import_put_comment(&im->out->ini, "not carried over", m->name, NULL, d.refused);
	}
	im->nomem |= d.capabilities.failed || d.lines.failed;
	tb_buf_release(&d.capabilities);
	tb_buf_release(&d.lines);
}

static int compare_models(const void *pa, const void *pb)
{
	const struct tb_litellm_model *a = pa, *b = pb;
	int c = strcmp(a->name, b->name);

	return c != 0 ? c : (a->line > b->line) - (a->line < b->line);
}

static enum tb_status import_models(struct importing *im, struct tb_litellm *list)
{
	if (list->model_count)
		qsort(list->models, list->model_count, sizeof(*list->models), compare_models);
	tb_buf_puts(&im->out->ini,
		    "; Made by `tokbill rates import` from LiteLLM's list of models: what a token\n"
		    "; costs there, per 1,000,000 tokens in USD. Compare with the vendors' own\n"
		    "; pages, then add verified = DATE (of the list).\n");
	for (size_t i = 0; i < list->model_count && !im->nomem; i++)
		import_model(im, &list->models[i],
			     i + 1 < list->model_count &&
				     strcmp(list->models[i].name, list->models[i + 1].name) == 0);
	return im->nomem || im->out->ini.failed ? tb_fail_nomem(im->err) : TB_OK;
}

enum tb_status tb_import_litellm(struct tb_import *import, const char *name, struct tb_span json,
				 struct tb_err *err)
{
	struct tb_litellm list = {0};
	struct importing im = {.out = import, .list = &list, .err = err};
	enum tb_status st = tb_litellm_read(&list, name, json, err);

	tb_keytab_init(&im.names);
	if (st == TB_OK)
		st = import_models(&im, &list);
	tb_keytab_release(&im.names);
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
