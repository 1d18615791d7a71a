#include "ratebook/audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_TEXT = 512 };

const char *const tb_audit_words[TB_AUDIT_STATUSES] = {
	[TB_AUDIT_AGREES] = "agrees",       [TB_AUDIT_UNLISTED] = "unlisted",
	[TB_AUDIT_DISAGREES] = "disagrees", [TB_AUDIT_MISSING] = "missing",
	[TB_AUDIT_ALONE] = "alone",         [TB_AUDIT_ANNOUNCED] = "announced",
	[TB_AUDIT_UNKNOWN] = "unknown",
};

/* How lists call a seller: in `provider`, and before the names of what it sells. */
static const struct {
	const char *provider, *word, *prefix;
} sellers[] = {
	{"alibaba", "dashscope", "dashscope/"},
	{"amazon", "bedrock", ""},
	{"amazon", "bedrock_converse", ""},
	{"cerebras", "cerebras", "cerebras/"},
	{"cohere", "cohere_chat", ""},
	{"deepseek", "deepseek", "deepseek/"},
	{"fireworks", "fireworks_ai", "fireworks_ai/"},
	{"google", "gemini", "gemini/"},
	{"groq", "groq", "groq/"},
	{"meta", "meta", "meta/"},
	{"minimax", "minimax", "minimax/"},
	{"mistral", "mistral", "mistral/"},
	{"moonshot", "moonshot", "moonshot/"},
	{"perplexity", "perplexity", "perplexity/"},
	{"together", "together_ai", "together_ai/"},
	{"xai", "xai", "xai/"},
	{"xiaomi", "xiaomi_mimo", "xiaomi_mimo/"},
	{"zai", "zai", "zai/"},
};

struct auditing {
	const struct tb_book *book;
	const struct tb_book *const *lists;
	size_t n;
	int64_t as_of;
	const struct tb_era **found;   /* of each list: the era of the model, or NULL */
	const struct tb_price **their; /* of each list: the price of the cell */
	enum tb_status (*each)(void *ctx, const struct tb_audit_finding *f, struct tb_err *err);
	void *ctx;
	struct tb_err *err;
};

/* ---- finding a model in a list ---- */

static bool is_sold_by(const struct tb_era *theirs, const char *provider)
{
	if (!*theirs->provider || strcmp(theirs->provider, provider) == 0)
		return true;
	for (size_t i = 0; i < sizeof(sellers) / sizeof(sellers[0]); i++)
		if (strcmp(sellers[i].provider, provider) == 0 &&
		    strcmp(sellers[i].word, theirs->provider) == 0)
			return true;
	return false;
}

static const struct tb_era *find_as(const struct tb_book *list, const char *prefix,
				    const char *name, const char *provider, int64_t at)
{
	const struct tb_era *era;
	char text[NAME_TEXT];

	if ((size_t)snprintf(text, sizeof(text), "%s%s", prefix, name) >= sizeof(text) ||
	    tb_book_find(list, tb_span_of(text), at, &era) != TB_LOOKUP_FOUND)
		return NULL;
	return is_sold_by(era, provider) ? era : NULL;
}

static const struct tb_era *find_name(const struct tb_book *list, const char *name,
				      const char *provider, int64_t at)
{
	const struct tb_era *era = NULL;

	for (size_t i = 0; i < sizeof(sellers) / sizeof(sellers[0]) && !era; i++)
		if (strcmp(sellers[i].provider, provider) == 0)
			era = find_as(list, sellers[i].prefix, name, provider, at);
	return era ? era : find_as(list, "", name, provider, at);
}

static const struct tb_era *find_model(const struct auditing *a, const struct tb_book *list,
				       const struct tb_era *era, int64_t at)
{
	const struct tb_era *theirs = find_name(list, era->model, era->provider, at);
	const char *alias;
	bool holds;

	for (size_t i = 0; !theirs && (alias = tb_era_alias(a->book, era, i, &holds)); i++)
		if (holds)
			theirs = find_name(list, alias, era->provider, at);
	return theirs;
}

/* ---- comparing ---- */

/* Reasoning without a price of its own is output, and so no price more. */
static const struct tb_price *price_of(const struct tb_era *era, const struct tb_audit_finding *f)
{
	const struct tb_price *p = era ? tb_era_price(era, f->tier, f->context, f->meter) : NULL;

	if (p && f->meter == TB_REASONING) {
		const struct tb_price *out = tb_era_price(era, f->tier, f->context, TB_OUTPUT);

		return out && out->units == p->units ? NULL : p;
	}
	return p;
}

static enum tb_audit_status compare(struct auditing *a, const struct tb_audit_finding *f)
{
	size_t have = 0, differ = 0, both = 0;

	for (size_t i = 0; i < a->n; i++) {
		a->their[i] = price_of(a->found[i], f);
		have += a->their[i] != NULL;
		differ += a->their[i] && f->price && a->their[i]->units != f->price->units;
		for (size_t k = 0; k < i; k++)
			both += a->their[i] && a->their[k] &&
				a->their[i]->units == a->their[k]->units;
	}
	if (!have)
		return TB_AUDIT_UNLISTED;
	if (!f->price)
		return both || a->n == 1 ? TB_AUDIT_MISSING : TB_AUDIT_ALONE;
	return differ ? TB_AUDIT_DISAGREES : TB_AUDIT_AGREES;
}

static enum tb_status audit_cell(struct auditing *a, struct tb_audit_finding *f)
{
	enum tb_audit_status status;

	f->price = price_of(f->era, f);
	f->theirs = a->their;
	status = compare(a, f);
	if (!f->price && status == TB_AUDIT_UNLISTED)
		return TB_OK;
	f->status = status;
	return a->each(a->ctx, f, a->err);
}

/* A fee has one price, whatever the tier and the context. */
static enum tb_status audit_cells(struct auditing *a, struct tb_audit_finding f)
{
	for (int t = 0; t < TB_TIERS; t++)
		for (int c = 0; c < TB_CONTEXTS; c++)
			for (int m = 0; m < TB_METERS; m++) {
				if (m >= TB_TOKEN_METERS && (t != TB_STANDARD || c != TB_BASE))
					continue;
				f.tier = (enum tb_tier)t;
				f.context = (enum tb_context)c;
				f.meter = (enum tb_meter)m;
				TB_TRY(audit_cell(a, &f));
			}
	return TB_OK;
}

/* ---- what lists have for a later day ---- */

static bool same_prices(const struct tb_era *ours, const struct tb_era *theirs)
{
	struct tb_audit_finding f = {.tier = TB_STANDARD, .context = TB_BASE};

	for (int m = 0; m < TB_TOKEN_METERS; m++) {
		const struct tb_price *a, *b;

		f.meter = (enum tb_meter)m;
		a = price_of(ours, &f);
		b = price_of(theirs, &f);
		if (b && (!a || a->units != b->units))
			return false;
	}
	return true;
}

/* A later era of list number `i` that the book's era of that day does not have. */
static enum tb_status audit_later(struct auditing *a, size_t i, const struct tb_era *era,
				  const struct tb_era *theirs)
{
	const struct tb_era *ours = era;
	struct tb_audit_finding f = {.status = TB_AUDIT_ANNOUNCED, .from = theirs->start};

	if (tb_book_find(a->book, tb_span_of(era->model), theirs->start, &ours) !=
		    TB_LOOKUP_FOUND ||
	    same_prices(ours, theirs))
		return TB_OK;
	for (size_t k = 0; k < a->n; k++)
		a->found[k] = k == i ? theirs : NULL;
	f.era = ours;
	f.tier = TB_STANDARD;
	f.context = TB_BASE;
	for (int m = 0; m < TB_TOKEN_METERS; m++) {
		f.meter = (enum tb_meter)m;
		f.price = price_of(ours, &f);
		a->their[i] = price_of(theirs, &f);
		f.theirs = a->their;
		if (a->their[i] && (!f.price || f.price->units != a->their[i]->units)) {
			for (size_t k = 0; k < a->n; k++)
				a->their[k] = k == i ? a->their[k] : NULL;
			TB_TRY(a->each(a->ctx, &f, a->err));
		}
	}
	return TB_OK;
}

static enum tb_status audit_announced(struct auditing *a, const struct tb_era *era)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct tb_era *now = find_model(a, a->lists[i], era, a->as_of);
		size_t count = tb_book_era_count(a->lists[i]);

		for (size_t k = now ? now->number + 1 : count; k < count; k++) {
			const struct tb_era *later = tb_book_era(a->lists[i], (uint32_t)k);

			if (strcmp(later->model, now->model) != 0)
				break;
			TB_TRY(audit_later(a, i, era, later));
		}
	}
	return TB_OK;
}

/* ---- the whole ---- */

static enum tb_status audit_era(struct auditing *a, const struct tb_era *era)
{
	struct tb_audit_finding f = {.era = era, .from = era->start, .theirs = a->their};
	size_t have = 0;

	for (size_t i = 0; i < a->n; i++) {
		a->found[i] = find_model(a, a->lists[i], era, a->as_of);
		a->their[i] = NULL;
		have += a->found[i] != NULL;
	}
	if (!have) {
		f.status = TB_AUDIT_UNKNOWN;
		return a->each(a->ctx, &f, a->err);
	}
	TB_TRY(audit_cells(a, f));
	return audit_announced(a, era);
}

enum tb_status tb_audit(const struct tb_book *book, const struct tb_book *const *lists, size_t n,
			int64_t as_of,
			enum tb_status (*each)(void *ctx, const struct tb_audit_finding *f,
					       struct tb_err *err),
			void *ctx, struct tb_err *err)
{
	struct auditing a = {.book = book,
			     .lists = lists,
			     .n = n,
			     .as_of = as_of,
			     .found = calloc(n + 1, sizeof(*a.found)),
			     .their = calloc(n + 1, sizeof(*a.their)),
			     .each = each,
			     .ctx = ctx,
			     .err = err};
	enum tb_status st = a.found && a.their ? TB_OK : tb_fail_nomem(err);

	for (uint32_t i = 0; i < tb_book_era_count(book) && st == TB_OK; i++) {
		const struct tb_era *era = tb_book_era(book, i);

		if (era->start <= as_of && tb_book_era_end(book, era) > as_of)
			st = audit_era(&a, era);
	}
	free(a.found);
	free(a.their);
	return st;
}
