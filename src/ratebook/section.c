#include "ratebook/section.h"

#include "base/civil.h"
#include "ratebook/prices.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const tb_card_names[TB_CARDS] = {
	[TB_CARD_NAME] = "name",
	[TB_CARD_SUMMARY] = "summary",
	[TB_CARD_MODALITIES] = "modalities",
	[TB_CARD_CAPABILITIES] = "capabilities",
	[TB_CARD_STRENGTHS] = "strengths",
	[TB_CARD_TRADEOFFS] = "tradeoffs",
	[TB_CARD_CONTEXT_WINDOW] = "context_window",
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

/* ---- keys ---- */

struct reading;

struct tb_rate_key {
	/* Takes one value; has named the problem when it returns false. */
	bool (*take)(struct reading *r, const struct tb_rate_key *key,
		     const struct tb_ini_entry *e);
	bool repeatable;
	enum tb_tier tier;
	enum tb_context context;
	enum tb_meter meter;
	int which; /* a tb_card or a tb_threshold */
};

enum { KEYS_MAX = 128 };

/* One section on its way from text to prices. */
struct reading {
	const struct tb_rate_keys *keys;
	const char *file;
	struct tb_arena *arena;
	struct tb_problems *problems;
	struct tb_section *out;
	uint64_t seen[KEYS_MAX]; /* line of each key, 0 when absent */
	struct tb_raw_prices raw;
	struct tb_buf notes;
	struct tb_keytab aliases; /* those of this section */
	bool nomem;
};

static bool refuse(struct reading *r, uint64_t line, const char *column, struct tb_span value,
		   const char *why)
{
	struct tb_problem p;

	tb_problem_set(&p, column, value, "%s", why);
	tb_problems_add(r->problems, r->file, line, &p);
	return false;
}

static bool refuse_value(struct reading *r, const struct tb_ini_entry *e, const char *why)
{
	return refuse(r, e->line, e->key.p, e->value, why);
}

static bool take_price(struct reading *r, const struct tb_rate_key *key,
		       const struct tb_ini_entry *e)
{
	struct tb_raw_price *raw = &r->raw.cells[key->tier][key->context][key->meter];
	const char *why;

	raw->line = e->line;
	raw->meter = tb_meter_find(e->value);
	if (raw->meter != TB_METERS) {
		raw->kind = TB_RAW_METER;
		return true;
	}
	why = tb_price_parse(e->value, &raw->number);
	if (why)
		return refuse_value(r, e, why);
	raw->kind = TB_RAW_NUMBER;
	return true;
}

static bool take_discount(struct reading *r, const struct tb_rate_key *key,
			  const struct tb_ini_entry *e)
{
	const char *why = tb_percent_parse(e->value, &r->raw.discount[key->tier]);

	return why ? refuse_value(r, e, why) : true;
}

static bool take_threshold(struct reading *r, const struct tb_rate_key *key,
			   const struct tb_ini_entry *e)
{
	struct tb_era *era = &r->out->era;
	const char *why = tb_count_parse(e->value, &era->long_tokens);

	if (era->threshold != TB_NO_THRESHOLD)
		return refuse_value(r, e,
				    "long_context_over and long_context_from exclude each "
				    "other");
	era->threshold = (enum tb_threshold)key->which;
	if (why)
		return refuse_value(r, e, why);
	if (era->long_tokens == 0)
		return refuse_value(r, e, "a long context begins above 0 tokens");
	return true;
}

static bool keep_text(struct reading *r, const char **to, struct tb_span value)
{
	*to = tb_arena_text(r->arena, value.p, value.n);
	r->nomem |= !*to;
	return *to != NULL;
}

static bool is_separator(char c)
{
	return c == ',' || c == ' ' || c == '\t';
}

static bool add_alias(struct reading *r, const struct tb_ini_entry *e, struct tb_span name)
{
	struct tb_section *s = r->out;
	const char *copy;
	bool added;

	if (name.p[0] == '#')
		return refuse(r, e->line, e->key.p, name, "a comment begins with ; behind a value");
	if (tb_keytab_put(&r->aliases, name.p, name.n, &added) == TB_KEYTAB_NONE) {
		r->nomem = true;
		return false;
	}
	if (!added)
		return refuse(r, e->line, e->key.p, name, "listed twice in this section");
	if (!tb_grow(&s->aliases, &s->alias_cap, s->alias_count + 1, sizeof(*s->aliases))) {
		r->nomem = true;
		return false;
	}
	if (!keep_text(r, &copy, name))
		return false;
	s->aliases[s->alias_count++] = (struct tb_span){copy, name.n};
	return true;
}

static bool take_aliases(struct reading *r, const struct tb_rate_key *key,
			 const struct tb_ini_entry *e)
{
	struct tb_span left = e->value;
	bool ok = true;

	(void)key;
	while (left.n) {
		size_t n = 0;

		while (n < left.n && !is_separator(left.p[n]))
			n++;
		if (n && !add_alias(r, e, (struct tb_span){left.p, n}))
			ok = false;
		n += n < left.n;
		left.p += n;
		left.n -= n;
	}
	return ok;
}

static bool take_provider(struct reading *r, const struct tb_rate_key *key,
			  const struct tb_ini_entry *e)
{
	(void)key;
	return keep_text(r, &r->out->era.provider, e->value);
}

static bool take_currency(struct reading *r, const struct tb_rate_key *key,
			  const struct tb_ini_entry *e)
{
	bool letters = e->value.n == 3;

	(void)key;
	for (size_t i = 0; i < e->value.n && letters; i++)
		letters = e->value.p[i] >= 'A' && e->value.p[i] <= 'Z';
	if (!letters)
		return refuse_value(r, e,
				    "not a currency; write its three capital letters "
				    "(ISO 4217), such as USD");
	memcpy(r->out->era.currency, e->value.p, 4); /* with its NUL */
	return true;
}

static bool take_card(struct reading *r, const struct tb_rate_key *key,
		      const struct tb_ini_entry *e)
{
	return keep_text(r, &r->out->era.card[key->which], e->value);
}

/* Notes may be many; they are put together when the section is complete. */
static bool take_note(struct reading *r, const struct tb_rate_key *key,
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
	{"currency", {.take = take_currency}},
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
	assert(added && number < KEYS_MAX);
	k->keys[number] = key;
	return true;
}

static bool add_tier_keys(struct tb_rate_keys *k, enum tb_tier tier)
{
	const char *prefix = tb_tiers[tier].prefix;
	bool ok = true;

	for (int c = 0; c < TB_CONTEXTS; c++)
		for (int m = 0; m < TB_METERS; m++)
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

static bool add_all_keys(struct tb_rate_keys *k)
{
	bool ok = true;

	for (int t = 0; t < TB_TIERS; t++)
		ok = ok && add_tier_keys(k, (enum tb_tier)t);
	for (size_t i = 0; i < sizeof(other_keys) / sizeof(other_keys[0]); i++)
		ok = ok && add_key(k, other_keys[i].key, other_keys[i].name, "", "");
	for (int c = 0; c < TB_CARDS; c++)
		if (c != TB_CARD_NOTE)
			ok = ok && add_key(k, (struct tb_rate_key){.take = take_card, .which = c},
					   tb_card_names[c], "", "");
	return ok;
}

enum tb_status tb_rate_keys_init(struct tb_rate_keys *k, struct tb_err *err)
{
	tb_keytab_init(&k->names);
	k->keys = calloc(KEYS_MAX, sizeof(*k->keys));
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

static const char *key_candidate(const void *ctx, size_t i)
{
	const struct tb_keytab *names = ctx;

	return i < names->n ? tb_keytab_key(names, (uint32_t)i).p : NULL;
}

static void refuse_unknown_key(struct reading *r, const struct tb_ini_entry *e)
{
	const char *near = tb_nearest(e->key, key_candidate, &r->keys->names);

	if (near)
		tb_problems_note(r->problems, r->file, e->line,
				 "unknown key '%s'; did you mean '%s'?", e->key.p, near);
	else
		tb_problems_note(r->problems, r->file, e->line,
				 "unknown key '%s'; `man tokbill` lists the keys of a rate file",
				 e->key.p);
}

/* "openai # since May": inih knows only ; as a comment behind a value, people know both. */
static bool holds_hash_comment(struct tb_span value)
{
	for (size_t i = 1; i + 1 < value.n; i++)
		if (value.p[i] == '#' && is_separator(value.p[i - 1]) &&
		    is_separator(value.p[i + 1]))
			return true;
	return false;
}

static void take_entry(struct reading *r, const struct tb_ini_entry *e)
{
	uint32_t number = tb_keytab_find(&r->keys->names, e->key.p, e->key.n);
	const struct tb_rate_key *key;

	if (number == TB_KEYTAB_NONE) {
		refuse_unknown_key(r, e);
		return;
	}
	key = &r->keys->keys[number];
	if (r->seen[number] && !key->repeatable) {
		tb_problems_note(r->problems, r->file, e->line,
				 "key '%s' was already given in line %" PRIu64 " of this section",
				 e->key.p, r->seen[number]);
		return;
	}
	r->seen[number] = e->line;
	if (r->out->defaults && key->take != take_currency)
		refuse(r, e->line, e->key.p, e->value, "[defaults] holds only currency");
	else if (holds_hash_comment(e->value))
		refuse_value(r, e, "a comment behind a value begins with ; and not with #");
	else if (e->value.n) /* an empty value was named already */
		key->take(r, key, e);
}

/* ---- the section's name ---- */

static bool name_fault(struct reading *r, const char *why)
{
	tb_problems_note(r->problems, r->file, r->out->era.line, "[%s]: %s", r->out->era.section,
			 why);
	return false;
}

static bool parse_start(struct reading *r, struct tb_span start)
{
	struct tb_time t = tb_time_parse(start);

	if (t.form == TB_TIME_LOCAL)
		return name_fault(r, "the start has a time of day but no zone; write it like "
				     "2026-08-16T16:00:00Z");
	if (t.form == TB_TIME_BAD || start.n < sizeof("2026-08-16") - 1 || start.p[4] != '-')
		return name_fault(r, "behind the @ must stand a date such as 2026-09-01 or an "
				     "instant such as 2026-08-16T16:00:00Z");
	r->out->era.start = t.seconds;
	return true;
}

static bool is_digits(const char *p, size_t n)
{
	while (n && p[n - 1] >= '0' && p[n - 1] <= '9')
		n--;
	return n == 0;
}

/* [m@2026-09-01] would be a model of that name: surely an era was meant. */
static bool looks_like_era(struct tb_span model)
{
	enum { MONTH = sizeof("2026-09") - 1 };

	for (size_t i = 0; i < model.n; i++) {
		struct tb_span behind =
			tb_span_trim((struct tb_span){model.p + i + 1, model.n - i - 1});

		if (model.p[i] == '@' &&
		    (behind.n == 0 || (behind.n >= MONTH && behind.p[4] == '-' &&
				       is_digits(behind.p, 4) && is_digits(behind.p + 5, 2))))
			return true;
	}
	return false;
}

/* "model @ 2026-09-01": the last " @ " counts, for names may hold the sign themselves. */
static bool parse_name(struct reading *r, struct tb_span name)
{
	struct tb_era *era = &r->out->era;
	struct tb_span model = name, start = {0};

	for (size_t i = 0; i + 2 < name.n; i++)
		if (memcmp(name.p + i, " @ ", 3) == 0) {
			model = tb_span_trim((struct tb_span){name.p, i});
			start = tb_span_trim((struct tb_span){name.p + i + 3, name.n - i - 3});
		}
	era->start = INT64_MIN;
	if (model.n == 0)
		return name_fault(r, "no model name before the @");
	if (!keep_text(r, &era->model, model))
		return false;
	if (start.p && !parse_start(r, start))
		return false;
	if (looks_like_era(model))
		return name_fault(r, "write the start of an era with a blank on both sides of "
				     "the @: [model @ 2026-09-01]");
	r->out->defaults = tb_span_is(model, "defaults");
	if (r->out->defaults && start.p)
		return name_fault(r, "[defaults] has no start");
	return true;
}

enum tb_status tb_section_read(const struct tb_rate_keys *keys, const struct tb_ini *ini,
			       size_t index, const char *file, struct tb_arena *arena,
			       struct tb_problems *problems, struct tb_section *out,
			       struct tb_err *err)
{
	const struct tb_ini_section *s = &ini->sections[index];
	struct reading r = {
		.keys = keys, .file = file, .arena = arena, .problems = problems, .out = out};

	*out = (struct tb_section){.era = {.file = file, .line = s->line}};
	tb_keytab_init(&r.aliases);
	for (int t = 0; t < TB_TIERS; t++)
		r.raw.discount[t] = TB_NO_DISCOUNT;
	if (!keep_text(&r, &out->era.section, s->name)) {
		tb_keytab_release(&r.aliases);
		return tb_fail_nomem(err);
	}
	out->era.model = out->era.section;
	parse_name(&r, s->name);
	for (size_t i = s->first_entry; i < ini->entry_count && ini->entries[i].section == index;
	     i++)
		take_entry(&r, &ini->entries[i]);
	if (!out->defaults && !s->damaged)
		tb_prices_work_out(&r.raw, &out->era, problems);
	if (r.notes.n)
		keep_text(&r, &out->era.card[TB_CARD_NOTE], (struct tb_span){r.notes.p, r.notes.n});
	tb_buf_release(&r.notes);
	tb_keytab_release(&r.aliases);
	return r.nomem ? tb_fail_nomem(err) : TB_OK;
}

void tb_section_release(struct tb_section *s)
{
	free(s->aliases);
	*s = (struct tb_section){0};
}
