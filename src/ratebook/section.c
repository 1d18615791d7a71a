#include "ratebook/section.h"

#include "base/civil.h"
#include "ratebook/keys.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- entries ---- */

static void refuse_unknown_key(struct tb_section_reader *r, const struct tb_ini_entry *e)
{
	const char *near = tb_rate_key_nearest(r->keys, e->key);

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
	const char *end = value.p + value.n, *p = value.p;

	while (p < end && (p = memchr(p, '#', (size_t)(end - p))) != NULL) {
		if (p > value.p && p + 1 < end && tb_rate_separator(p[-1]) &&
		    tb_rate_separator(p[1]))
			return true;
		p++;
	}
	return false;
}

static void take_entry(struct tb_section_reader *r, const struct tb_ini_entry *e)
{
	uint32_t number;
	const struct tb_rate_key *key = tb_rate_key_find(r->keys, e->key, &number);

	if (!key) {
		refuse_unknown_key(r, e);
		return;
	}
	if (r->seen[number] && !key->repeatable) {
		tb_problems_note(r->problems, r->file, e->line,
				 "key '%s' was already given in line %" PRIu64 " of this section",
				 e->key.p, r->seen[number]);
		return;
	}
	r->seen[number] = e->line;
	if (r->out->defaults && !key->in_defaults)
		tb_section_refuse(r, e, "[defaults] holds only currency");
	else if (holds_hash_comment(e->value))
		tb_section_refuse(r, e, "a comment behind a value begins with ; and not with #");
	else if (e->value.n) /* an empty value was named already */
		key->take(r, key, e);
}

/* ---- the section's name ---- */

static bool name_fault(struct tb_section_reader *r, const char *why)
{
	tb_problems_note(r->problems, r->file, r->out->era.line, "[%s]: %s", r->out->era.section,
			 why);
	return false;
}

static bool parse_start(struct tb_section_reader *r, struct tb_span start)
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
	while (n && tb_is_digit(p[n - 1]))
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
static bool parse_name(struct tb_section_reader *r, struct tb_span name)
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
	if (!tb_section_keep(r, &era->model, model))
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

/* From the reading to the arena, where the era's texts live. */
static void keep_uplifts(struct tb_section_reader *r)
{
	struct tb_era *era = &r->out->era;
	struct tb_uplift *kept = NULL;

	if (era->uplift_count) {
		kept = tb_arena_take(r->arena, sizeof(r->uplifts));
		if (kept)
			memcpy(kept, r->uplifts, sizeof(r->uplifts));
		r->nomem |= !kept;
	}
	era->uplifts = kept;
}

/* The section's lines as they stand, for whoever explains a price. */
static void keep_written(struct tb_section_reader *r, const struct tb_ini_entry *entries, size_t n)
{
	struct tb_written *written = tb_arena_take(r->arena, (n + 1) * sizeof(*written));

	r->nomem |= !written;
	if (r->nomem)
		return;
	for (size_t i = 0; i < n; i++)
		written[i] = (struct tb_written){.line = entries[i].line,
						 .key = entries[i].key.p,
						 .value = entries[i].value.p};
	r->out->era.written = written;
	r->out->era.written_count = n;
}

enum tb_status tb_section_read(const struct tb_rate_keys *keys, const struct tb_ini *ini,
			       size_t index, const char *file, struct tb_arena *arena,
			       struct tb_problems *problems, struct tb_section *out,
			       struct tb_err *err)
{
	const struct tb_ini_section *s = &ini->sections[index];
	struct tb_section_reader r = {
		.keys = keys, .file = file, .arena = arena, .problems = problems, .out = out};
	size_t end;

	*out = (struct tb_section){.era = {.file = file, .line = s->line}};
	out->era.uplifts = r.uplifts;
	tb_keytab_init(&r.aliases);
	tb_raw_prices_init(&r.raw);
	out->era.section = out->era.model = s->name.p;
	parse_name(&r, s->name);
	for (end = s->first_entry; end < ini->entry_count && ini->entries[end].section == index;
	     end++)
		take_entry(&r, &ini->entries[end]);
	if (end > s->first_entry)
		keep_written(&r, &ini->entries[s->first_entry], end - s->first_entry);
	if (!out->defaults && !s->damaged && !r.nomem)
		r.nomem |= !tb_prices_work_out(&r.raw, &out->era, arena, problems);
	keep_uplifts(&r);
	if (r.notes.n)
		tb_section_keep(&r, &out->era.card[TB_CARD_NOTE],
				(struct tb_span){r.notes.p, r.notes.n});
	tb_buf_release(&r.notes);
	tb_keytab_release(&r.aliases);
	return r.nomem ? tb_fail_nomem(err) : TB_OK;
}

void tb_section_release(struct tb_section *s)
{
	if (s->era.peak)
		tb_zone_free(s->era.peak->zone);
	free(s->aliases);
	*s = (struct tb_section){0};
}
