#include "ratebook/keys.h"

#include "base/encoding.h"
#include "ratebook/float_noise.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char uplift_prefix[] = "uplift_";

const char *const tb_card_names[TB_CARDS] = {
	[TB_CARD_NAME] = "name",
	[TB_CARD_SUMMARY] = "summary",
	[TB_CARD_MODALITIES] = "modalities",
	[TB_CARD_CAPABILITIES] = "capabilities",
	[TB_CARD_STRENGTHS] = "strengths",
	[TB_CARD_TRADEOFFS] = "tradeoffs",
	[TB_CARD_CONTEXT_WINDOW] = "context_window",
	[TB_CARD_TOKENIZER] = "tokenizer",
	[TB_CARD_LIFECYCLE] = "lifecycle",
	[TB_CARD_RELEASED] = "released",
	[TB_CARD_DEPRECATED] = "deprecated",
	[TB_CARD_SHUTDOWN] = "shutdown",
	[TB_CARD_REPLACEMENT] = "replacement",
	[TB_CARD_HOSTS] = "hosts",
	[TB_CARD_BENCHMARK] = "benchmark",
	[TB_CARD_SOURCE] = "source",
	[TB_CARD_VERIFIED] = "verified",
	[TB_CARD_CONFIDENCE] = "confidence",
	[TB_CARD_NOTE] = "note",
};

static bool refuse_part(struct tb_section_reader *r, const struct tb_ini_entry *e,
			struct tb_span part, const char *why)
{
	struct tb_problem p;

	tb_problem_set(&p, e->key.p, part, "%s", why);
	tb_problems_add(r->problems, r->file, e->line, &p);
	return false;
}

bool tb_section_refuse(struct tb_section_reader *r, const struct tb_ini_entry *e, const char *why)
{
	return refuse_part(r, e, e->value, why);
}

/* 0.18000000000000002 was 0.18 before a program counted in binary. */
static bool refuse_price(struct tb_section_reader *r, const struct tb_ini_entry *e, const char *why)
{
	char likely[TB_LIKELY_TEXT], text[192];

	if (!tb_likely_price(e->value, likely))
		return tb_section_refuse(r, e, why);
	snprintf(text, sizeof(text), "%s; looks like %s with the noise of binary arithmetic", why,
		 likely);
	return tb_section_refuse(r, e, text);
}

static bool take_price(struct tb_section_reader *r, const struct tb_rate_key *key,
		       const struct tb_ini_entry *e)
{
	struct tb_raw_price *raw = &r->raw.cells[key->tier][key->context][key->meter];
	const char *why;

	r->raw.contexts[key->tier] |= 1u << key->context;
	raw->line = e->line;
	raw->meter = tb_meter_find(e->value);
	if (raw->meter != TB_METERS) {
		if (raw->meter >= TB_TOKEN_METERS || key->meter >= TB_TOKEN_METERS)
			return tb_section_refuse(r, e, "a fee and a price of tokens differ");
		raw->kind = TB_RAW_METER;
		return true;
	}
	why = tb_price_parse(e->value, &raw->number);
	if (why)
		return refuse_price(r, e, why);
	raw->number.units *= TB_PRICE_PER / tb_meters[key->meter].per;
	raw->kind = TB_RAW_NUMBER;
	return true;
}

static bool take_discount(struct tb_section_reader *r, const struct tb_rate_key *key,
			  const struct tb_ini_entry *e)
{
	const char *why = tb_percent_parse(e->value, &r->raw.discount[key->tier]);

	return why ? tb_section_refuse(r, e, why) : true;
}

static bool take_threshold(struct tb_section_reader *r, const struct tb_rate_key *key,
			   const struct tb_ini_entry *e)
{
	struct tb_era *era = &r->out->era;
	const char *why = tb_count_parse(e->value, &era->long_tokens);

	if (era->threshold != TB_NO_THRESHOLD)
		return tb_section_refuse(r, e,
					 "long_context_over and long_context_from exclude each "
					 "other");
	era->threshold = (enum tb_threshold)key->which;
	if (why)
		return tb_section_refuse(r, e, why);
	if (era->long_tokens == 0)
		return tb_section_refuse(r, e, "a long context begins above 0 tokens");
	return true;
}

bool tb_section_keep(struct tb_section_reader *r, const char **to, struct tb_span value)
{
	*to = tb_arena_text(r->arena, value.p, value.n);
	r->nomem |= !*to;
	return *to != NULL;
}

bool tb_rate_separator(char c)
{
	return c == ',' || c == ' ' || c == '\t';
}

static bool add_alias(struct tb_section_reader *r, const struct tb_ini_entry *e,
		      struct tb_span name)
{
	struct tb_section *s = r->out;
	const char *copy;
	bool added;

	if (name.p[0] == '#')
		return refuse_part(r, e, name, "a comment begins with ; behind a value");
	if (tb_keytab_put(&r->aliases, name.p, name.n, &added) == TB_KEYTAB_NONE) {
		r->nomem = true;
		return false;
	}
	if (!added)
		return refuse_part(r, e, name, "listed twice in this section");
	if (!tb_grow(&s->aliases, &s->alias_cap, s->alias_count + 1, sizeof(*s->aliases))) {
		r->nomem = true;
		return false;
	}
	if (!tb_section_keep(r, &copy, name))
		return false;
	s->aliases[s->alias_count++] = (struct tb_span){copy, name.n};
	return true;
}

static bool take_aliases(struct tb_section_reader *r, const struct tb_rate_key *key,
			 const struct tb_ini_entry *e)
{
	struct tb_span left = e->value;
	bool ok = true;

	(void)key;
	while (left.n) {
		size_t n = 0;

		while (n < left.n && !tb_rate_separator(left.p[n]))
			n++;
		if (n && !add_alias(r, e, (struct tb_span){left.p, n}))
			ok = false;
		n += n < left.n;
		left.p += n;
		left.n -= n;
	}
	return ok;
}

static bool take_peak_hours(struct tb_section_reader *r, const struct tb_rate_key *key,
			    const struct tb_ini_entry *e)
{
	struct tb_peak *peak = tb_arena_take(r->arena, sizeof(*peak));
	const char *why;

	(void)key;
	if (!peak) {
		r->nomem = true;
		return false;
	}
	r->out->era.peak_hours = e->value.p;
	why = tb_peak_parse(e->value, peak);
	r->nomem |= why == tb_peak_no_memory;
	if (why)
		return !r->nomem && tb_section_refuse(r, e, why);
	r->out->era.peak = peak;
	return true;
}

static bool take_peak_multiplier(struct tb_section_reader *r, const struct tb_rate_key *key,
				 const struct tb_ini_entry *e)
{
	const char *why = tb_multiplier_parse(e->value, &r->raw.peak_multiplier);

	(void)key;
	r->raw.peak_multiplier_line = e->line;
	return why ? tb_section_refuse(r, e, why) : true;
}

static bool take_uplift(struct tb_section_reader *r, const struct tb_rate_key *key,
			const struct tb_ini_entry *e)
{
	struct tb_era *era = &r->out->era;
	struct tb_span region = {e->key.p + sizeof(uplift_prefix) - 1,
				 e->key.n - (sizeof(uplift_prefix) - 1)};
	struct tb_uplift *u = &r->uplifts[era->uplift_count];
	const char *why;

	(void)key;
	if (region.n == 0)
		return tb_section_refuse(r, e, "a region is missing; write it like uplift_us");
	if (tb_era_uplift(era, region))
		return tb_section_refuse(r, e, "the region has an uplift in this section already");
	if (era->uplift_count == TB_UPLIFTS_MAX)
		return tb_section_refuse(r, e, "more than 16 regions with an uplift");
	why = tb_percent_parse(e->value, &u->percent);
	if (why)
		return tb_section_refuse(r, e, why);
	if (!tb_section_keep(r, &u->region, region))
		return false;
	era->uplift_count++;
	return true;
}

static bool take_provider(struct tb_section_reader *r, const struct tb_rate_key *key,
			  const struct tb_ini_entry *e)
{
	(void)key;
	r->out->era.provider = e->value.p;
	return true;
}

static bool take_currency(struct tb_section_reader *r, const struct tb_rate_key *key,
			  const struct tb_ini_entry *e)
{
	bool letters = e->value.n == 3;

	(void)key;
	for (size_t i = 0; i < e->value.n && letters; i++)
		letters = e->value.p[i] >= 'A' && e->value.p[i] <= 'Z';
	if (!letters)
		return tb_section_refuse(r, e,
					 "not a currency; write its three capital letters "
					 "(ISO 4217), such as USD");
	memcpy(r->out->era.currency, e->value.p, 4); /* with its NUL */
	return true;
}

static bool take_card(struct tb_section_reader *r, const struct tb_rate_key *key,
		      const struct tb_ini_entry *e)
{
	r->out->era.card[key->which] = e->value.p;
	return true;
}

static bool take_tokenizer(struct tb_section_reader *r, const struct tb_rate_key *key,
			   const struct tb_ini_entry *e)
{
	if (tb_encoding_named(e->value) == TB_ENCODINGS)
		return tb_section_refuse(r, e,
					 "not o200k_base or cl100k_base; leave the line out of a "
					 "model whose tokenizer is not published");
	return take_card(r, key, e);
}

/* Notes may be many; they are put together when the section is complete. */
static bool take_note(struct tb_section_reader *r, const struct tb_rate_key *key,
		      const struct tb_ini_entry *e)
{
	(void)key;
	if (r->notes.n)
		tb_buf_puts(&r->notes, "\n");
	tb_buf_add(&r->notes, e->value.p, e->value.n);
	r->nomem |= r->notes.failed;
	return !r->notes.failed;
}

static const struct {
	const char *name;
	struct tb_rate_key key;
} other_keys[] = {
	{"long_context_over", {.take = take_threshold, .which = TB_LONG_OVER}},
	{"long_context_from", {.take = take_threshold, .which = TB_LONG_FROM}},
	{"aliases", {.take = take_aliases, .repeatable = true}},
	{"note", {.take = take_note, .repeatable = true}},
	{"provider", {.take = take_provider}},
	{"currency", {.take = take_currency, .in_defaults = true}},
	{"peak_hours", {.take = take_peak_hours}},
	{"peak_multiplier", {.take = take_peak_multiplier}},
	{uplift_prefix, {.take = take_uplift, .repeatable = true}}, /* and a region behind it */
};

static bool add_key(struct tb_rate_keys *k, struct tb_rate_key key, const char *a, const char *b,
		    const char *c)
{
	char name[64];
	int n = snprintf(name, sizeof(name), "%s%s%s", a, b, c);
	bool added;
	uint32_t number = tb_keytab_put(&k->names, name, (size_t)n, &added);

	if (number == TB_KEYTAB_NONE)
		return false;
	assert(added && number < TB_RATE_KEYS_MAX);
	k->keys[number] = key;
	return true;
}

static bool add_tier_keys(struct tb_rate_keys *k, enum tb_tier tier)
{
	const char *prefix = tb_tiers[tier].prefix;
	bool ok = true;

	for (int c = 0; c < TB_CONTEXTS; c++)
		for (int m = 0; m < TB_TOKEN_METERS; m++)
			ok = ok && add_key(k,
					   (struct tb_rate_key){.take = take_price,
								.tier = tier,
								.context = (enum tb_context)c,
								.meter = (enum tb_meter)m},
					   prefix, tb_contexts[c].prefix, tb_meters[m].name);
	if (tier != TB_STANDARD)
		ok = ok && add_key(k, (struct tb_rate_key){.take = take_discount, .tier = tier},
				   prefix, "discount", "");
	return ok;
}

/* A fee has one price, whatever the tier and the context. */
static bool add_fee_keys(struct tb_rate_keys *k)
{
	bool ok = true;

	for (int m = TB_TOKEN_METERS; m < TB_METERS; m++)
		ok = ok &&
		     add_key(k, (struct tb_rate_key){.take = take_price, .meter = (enum tb_meter)m},
			     "", "", tb_meters[m].name);
	return ok;
}

static bool add_all_keys(struct tb_rate_keys *k)
{
	bool ok = add_fee_keys(k);

	for (int t = 0; t < TB_TIERS; t++)
		ok = ok && add_tier_keys(k, (enum tb_tier)t);
	for (size_t i = 0; i < sizeof(other_keys) / sizeof(other_keys[0]); i++)
		ok = ok && add_key(k, other_keys[i].key, other_keys[i].name, "", "");
	for (int c = 0; c < TB_CARDS; c++)
		if (c != TB_CARD_NOTE)
			ok = ok && add_key(k,
					   (struct tb_rate_key){.take = c == TB_CARD_TOKENIZER
										? take_tokenizer
										: take_card,
								.which = c},
					   tb_card_names[c], "", "");
	return ok;
}

enum tb_status tb_rate_keys_init(struct tb_rate_keys *k, struct tb_err *err)
{
	tb_keytab_init(&k->names);
	k->keys = calloc(TB_RATE_KEYS_MAX, sizeof(*k->keys));
	if (k->keys && add_all_keys(k))
		return TB_OK;
	tb_rate_keys_release(k);
	return tb_fail_nomem(err);
}

void tb_rate_keys_release(struct tb_rate_keys *k)
{
	tb_keytab_release(&k->names);
	free(k->keys);
	k->keys = NULL;
}

const struct tb_rate_key *tb_rate_key_find(const struct tb_rate_keys *k, struct tb_span name,
					   uint32_t *number)
{
	*number = tb_keytab_find(&k->names, name.p, name.n);
	if (*number == TB_KEYTAB_NONE && tb_span_starts(name, uplift_prefix))
		*number = tb_keytab_find(&k->names, uplift_prefix, sizeof(uplift_prefix) - 1);
	return *number == TB_KEYTAB_NONE ? NULL : &k->keys[*number];
}

static const char *key_candidate(const void *ctx, size_t i)
{
	const struct tb_keytab *names = ctx;

	return i < names->n ? tb_keytab_key(names, (uint32_t)i).p : NULL;
}

const char *tb_rate_key_nearest(const struct tb_rate_keys *k, struct tb_span name)
{
	return tb_nearest(name, key_candidate, &k->names);
}
