/* The keys of a model of LiteLLM's list, one after another, into a draft. */
#include "ratebook/import_take.h"

#include "base/civil.h"
#include "base/money.h"
#include "ratebook/import_hours.h"
#include "ratebook/import_keys.h"

#include <stdio.h>
#include <string.h>

/* ---- what is left out ---- */

void tb_import_leave_out(struct tb_importing *im, enum tb_left_kind kind,
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

void tb_import_refuse(struct tb_import_draft *d, uint64_t line, const char *why)
{
	if (d->refused)
		return;
	d->refused = why;
	d->refused_line = line;
}

const char *tb_import_keep(struct tb_importing *im, const char *text)
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

static const char not_a_number[] = "not a number";

/* A decimal in quotes is as exact as one without. */
static bool is_number(enum tb_litellm_kind kind, const char *value)
{
	return kind == TB_LITELLM_NUMBER ||
	       (kind == TB_LITELLM_STRING && tb_import_is_number(tb_span_of(value)));
}

static void leave_price_out(struct tb_importing *im, struct tb_import_draft *d,
			    const struct tb_litellm_entry *e, const char *why)
{
	tb_import_leave_out(im, TB_LEFT_PRICE, d->model, e, why);
	tb_import_put_comment(&d->lines, "left out", e->key, e->value, why);
}

static void take_price(struct tb_importing *im, struct tb_import_draft *d,
		       const struct tb_litellm_entry *e, const struct tb_import_key *k)
{
	char price[TB_IMPORT_PRICE_TEXT], note[256];
	bool mended = false;
	const char *why = is_number(e->kind, e->value)
				  ? tb_import_price(tb_span_of(e->value), price, &mended)
				  : not_a_number;

	if (k->long_tokens && d->long_tokens && k->long_tokens != d->long_tokens)
		tb_import_refuse(d, e->line,
				 "prices by several steps of input; a rate file has one");
	if (why) {
		if (is_needed(k))
			tb_import_refuse(d, e->line, why);
		leave_price_out(im, d, e, why);
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
	d->prices[k->tier][k->context][k->meter] = tb_import_keep(im, price);
}

static const char region_letters[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

static void take_uplift(struct tb_importing *im, struct tb_import_draft *d,
			const struct tb_litellm_entry *e, const struct tb_import_key *k)
{
	char percent[TB_IMPORT_PRICE_TEXT];
	const char *why = is_number(e->kind, e->value)
				  ? tb_import_uplift(tb_span_of(e->value), percent)
				  : not_a_number;

	if (!why && (!*k->rest || k->rest[strspn(k->rest, region_letters)]))
		why = "not a name of a region";
	if (!why && d->uplift_count == TB_IMPORT_UPLIFTS_MAX)
		why = "more than 16 regions";
	if (why) {
		leave_price_out(im, d, e, why);
		return;
	}
	d->uplifts[d->uplift_count].region = k->rest;
	d->uplifts[d->uplift_count++].percent = tb_import_keep(im, percent);
}

/* ---- blocks: a key with a list or a map behind it ---- */

static const struct tb_litellm_part *parts_of(const struct tb_importing *im,
					      const struct tb_litellm_entry *e)
{
	return e->part_count ? &im->list->parts[e->first_part] : NULL;
}

/* A value within a block, as if it had a line of its own: "provider_specific_entry.fast". */
static struct tb_litellm_entry part_entry(struct tb_importing *im, const struct tb_litellm_entry *e,
					  const struct tb_litellm_part *part)
{
	struct tb_buf key = {0};
	struct tb_litellm_entry own = {.kind = part->kind, .value = part->value, .line = e->line};

	tb_buf_printf(&key, "%s.%s", e->key, part->path);
	own.key = tb_import_keep(im, key.p ? key.p : "");
	im->nomem |= key.failed;
	tb_buf_release(&key);
	return own;
}

/* {"us": 1.1, "fast": 6}: what is called like a region, in two letters, is the uplift of it. */
static void take_uplifts(struct tb_importing *im, struct tb_import_draft *d,
			 const struct tb_litellm_entry *e)
{
	const struct tb_litellm_part *parts = parts_of(im, e);

	for (size_t i = 0; i < e->part_count && !im->nomem; i++) {
		struct tb_litellm_entry own = part_entry(im, e, &parts[i]);
		struct tb_import_key k = {.rest = parts[i].path};

		if (!is_number(own.kind, own.value))
			tb_import_leave_out(im, TB_LEFT_FACT, d->model, &own, "no field for it");
		else if (strlen(parts[i].path) == 2)
			take_uplift(im, d, &own, &k);
		else
			leave_price_out(im, d, &own, "a multiplier of one vendor's own");
	}
}

static const char *take_off_peak_price(struct tb_importing *im, struct tb_import_draft *d,
				       const struct tb_litellm_part *part)
{
	struct tb_import_key k = tb_import_key_of(part->path);
	char price[TB_IMPORT_PRICE_TEXT];
	bool mended = false;
	const char *why;

	if (k.use != TB_USE_PRICE || k.tier != TB_STANDARD || k.context != TB_BASE)
		return "a price off peak that a rate file has no key for";
	if (!is_number(part->kind, part->value))
		return not_a_number;
	why = tb_import_price(tb_span_of(part->value), price, &mended);
	im->out->mended += mended;
	d->off_peak[k.meter] = tb_import_keep(im, price);
	return why;
}

/* Without its hours a model would be billed at the peak price all day, so it is refused then. */
static void take_off_peak(struct tb_importing *im, struct tb_import_draft *d,
			  const struct tb_litellm_entry *e)
{
	const struct tb_litellm_part *parts = parts_of(im, e);
	char hours[TB_IMPORT_HOURS_TEXT];
	const char *why = tb_import_hours(parts, e->part_count, hours);

	for (size_t i = 0; i < e->part_count && !why; i++)
		if (!tb_import_is_hours(&parts[i]))
			why = take_off_peak_price(im, d, &parts[i]);
	if (why) {
		leave_price_out(im, d, e, why);
		tb_import_refuse(d, e->line, why);
		return;
	}
	d->peak_hours = tb_import_keep(im, hours);
}

/* A search has one price in a rate file: that of all sizes of context, where they are equal. */
static void take_search(struct tb_importing *im, struct tb_import_draft *d,
			const struct tb_litellm_entry *e)
{
	const struct tb_litellm_part *parts = parts_of(im, e);
	char price[TB_IMPORT_PRICE_TEXT], other[TB_IMPORT_PRICE_TEXT];
	const char *why = e->part_count ? NULL : "no price in it";
	bool mended = false;

	for (size_t i = 0; i < e->part_count && !why; i++) {
		why = is_number(parts[i].kind, parts[i].value)
			      ? tb_import_fee(tb_span_of(parts[i].value), i ? other : price,
					      &mended)
			      : not_a_number;
		if (!why && i && strcmp(price, other) != 0)
			why = "web searches priced by the size of their context";
	}
	if (why) {
		leave_price_out(im, d, e, why);
		return;
	}
	im->out->mended += mended;
	d->prices[TB_STANDARD][TB_BASE][TB_WEB_SEARCH] = tb_import_keep(im, price);
}

static void take_search_unit(struct tb_importing *im, struct tb_import_draft *d,
			     const struct tb_litellm_entry *e)
{
	if (strcmp(e->value, "per_query") == 0)
		return;
	d->odd_search_unit = true;
	leave_price_out(im, d, e,
			"searches in a unit that is not known here, so they have no price");
}

/* Whether something in an unknown block is called like a price. */
static bool holds_prices(const struct tb_importing *im, const struct tb_litellm_entry *e)
{
	const struct tb_litellm_part *parts = parts_of(im, e);

	for (size_t i = 0; i < e->part_count; i++)
		if (strstr(parts[i].path, "cost") || strstr(parts[i].path, "price"))
			return true;
	return false;
}

/* ---- other keys ---- */

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
			tb_import_refuse(d, e->line, known[i][1]);
	tb_import_refuse(d, e->line, "a mode that is neither chat nor completion nor responses");
}

/* A fact that has to be of a form. */
static void take_checked(struct tb_importing *im, struct tb_import_draft *d,
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
		tb_import_leave_out(im, TB_LEFT_FACT, d->model, e,
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

static void take_unusable(struct tb_importing *im, struct tb_import_draft *d,
			  const struct tb_litellm_entry *e, const struct tb_import_key *k)
{
	if (k->use != TB_USE_NONE)
		leave_price_out(im, d, e, k->reason);
	else if (holds_prices(im, e))
		leave_price_out(im, d, e, "prices in a block that is not known here");
	else
		tb_import_leave_out(im, TB_LEFT_FACT, d->model, e, k->reason);
	if (k->use == TB_USE_FORBIDS)
		tb_import_refuse(d, e->line, k->reason);
}

static void take_entry(struct tb_importing *im, struct tb_import_draft *d,
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
	case TB_USE_UPLIFTS:
		take_uplifts(im, d, e);
		break;
	case TB_USE_OFF_PEAK:
		take_off_peak(im, d, e);
		break;
	case TB_USE_SEARCH:
		take_search(im, d, e);
		break;
	case TB_USE_SEARCH_UNIT:
		take_search_unit(im, d, e);
		break;
	case TB_USE_CAPABILITY:
		take_capability(d, e, k.rest);
		break;
	case TB_USE_ALIAS:
		break; /* see tb_import_alias */
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

/* What two keys say together. */
static void settle(struct tb_importing *im, struct tb_import_draft *d)
{
	static const char both[] = "hours off peak and prices of long contexts";

	if (d->peak_hours && d->long_tokens) {
		tb_import_refuse(d, d->model->line, both);
		tb_import_leave_out(im, TB_LEFT_PRICE, d->model, NULL, both);
	}
	if (d->odd_search_unit)
		d->prices[TB_STANDARD][TB_BASE][TB_WEB_SEARCH] = NULL;
}

void tb_import_take_entries(struct tb_importing *im, struct tb_import_draft *d)
{
	const struct tb_litellm_model *m = d->model;

	for (size_t i = 0; i < m->count; i++) {
		const struct tb_litellm_entry *e = &im->list->entries[m->first + i];

		if (is_repeated(im->list, m, i))
			tb_import_leave_out(
				im, TB_LEFT_FACT, m, e,
				"given again below, which is what readers of JSON take");
		else
			take_entry(im, d, e);
	}
	settle(im, d);
}
