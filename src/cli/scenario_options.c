#include "cli/scenario_options.h"

#include "base/civil.h"
#include "base/ini.h"
#include "ratebook/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void tb_asked_init(struct tb_asked *a, const char *name)
{
	*a = (struct tb_asked){.wish = {.name = name, .scale = TB_PERCENT_WHOLE}};
}

/* ---- values ---- */

const char *tb_part_parse(struct tb_span text, int max, int *out, char why[TB_WHY_TEXT])
{
	struct tb_span number = {text.p, text.n ? text.n - 1 : 0};
	uint64_t parts;
	struct tb_decimal d;

	if (!text.n || text.p[text.n - 1] != '%' ||
	    !tb_decimal_read(number, TB_DECIMAL_PLAIN, &d)) {
		snprintf(why, TB_WHY_TEXT, "not a percentage; type it like %s",
			 max > TB_PERCENT_WHOLE ? "120%" : "40%");
		return why;
	}
	if (d.exponent < -TB_PERCENT_DECIMALS)
		return "more than 2 decimals of a percent";
	if (!tb_decimal_whole(&d, TB_PERCENT_DECIMALS, &parts) || parts > (uint64_t)max) {
		snprintf(why, TB_WHY_TEXT, "more than %d%%; type a percentage from 0%% to %d%%",
			 max / 100, max / 100);
		return why;
	}
	*out = (int)parts;
	return NULL;
}

static const char *take_move(struct tb_asked *a, const char *value, struct tb_arena *arena,
			     char why[TB_WHY_TEXT])
{
	const char *equals = strchr(value, '=');
	struct tb_move *m = &a->moves[a->wish.move_count];

	(void)why;
	if (!equals || equals == value || !equals[1])
		return "not a move; type it like gpt-4o=gpt-4.1-nano or 'gpt-4*=gpt-5'";
	if (a->wish.move_count == TB_KNOBS_MAX)
		return "more than 256 moves; type patterns such as 'gpt-4*=gpt-5'";
	m->from = tb_arena_text(arena, value, (size_t)(equals - value));
	m->to = equals + 1;
	a->wish.moves = a->moves;
	a->wish.move_count++;
	return m->from ? NULL : "out of memory";
}

/* "40%", or "MODEL=40%". */
static const char *take_share(struct tb_share *shares, size_t *n, const char *value,
			      struct tb_arena *arena, char why[TB_WHY_TEXT])
{
	const char *equals = strrchr(value, '=');
	struct tb_share *s = &shares[*n];

	if (*n == TB_KNOBS_MAX)
		return "more than 256 of them; type patterns such as 'gpt-4*=40%'";
	*s = (struct tb_share){0};
	if (equals) {
		s->model = tb_arena_text(arena, value, (size_t)(equals - value));
		if (!s->model)
			return "out of memory";
		if (equals == value)
			return "no model before the =; type it like gpt-4o=40%, or 40% for all";
		value = equals + 1;
	}
	for (size_t i = 0; i < *n; i++)
		if (!s->model && !shares[i].model)
			return "given for all models already; type MODEL=40% for one of them";
	(*n)++;
	return tb_part_parse(tb_span_of(value), TB_PERCENT_WHOLE, &s->percent, why);
}

static const char *take_batch(struct tb_asked *a, const char *value, struct tb_arena *arena,
			      char why[TB_WHY_TEXT])
{
	a->wish.batch = a->batch;
	return take_share(a->batch, &a->wish.batch_count, value, arena, why);
}

static const char *take_hits(struct tb_asked *a, const char *value, struct tb_arena *arena,
			     char why[TB_WHY_TEXT])
{
	a->wish.hits = a->hits;
	return take_share(a->hits, &a->wish.hit_count, value, arena, why);
}

static const char *take_scale(struct tb_asked *a, const char *value, struct tb_arena *arena,
			      char why[TB_WHY_TEXT])
{
	(void)arena;
	if (a->has_scale)
		return "given twice";
	a->has_scale = true;
	return tb_part_parse(tb_span_of(value), TB_SCALE_MAX, &a->wish.scale, why);
}

static const char *take_replacements(struct tb_asked *a, const char *value, struct tb_arena *arena,
				     char why[TB_WHY_TEXT])
{
	(void)arena;
	(void)why;
	a->wish.replacements = strcmp(value, "yes") == 0;
	return a->wish.replacements || strcmp(value, "no") == 0 ? NULL : "not one of yes, no";
}

static const char *take_rates_b(struct tb_asked *a, const char *value, struct tb_arena *arena,
				char why[TB_WHY_TEXT])
{
	(void)arena;
	(void)why;
	if (a->rates_b_count == TB_RATES_B_MAX)
		return "more than 16 rate files";
	a->rates_b[a->rates_b_count++] = value;
	return NULL;
}

static const char *take_as_of(struct tb_asked *a, const char *value, struct tb_arena *arena,
			      char why[TB_WHY_TEXT])
{
	struct tb_time t = tb_time_parse(tb_span_of(value));

	(void)arena;
	(void)why;
	if (a->wish.has_as_of)
		return "given twice";
	a->wish.has_as_of = true;
	a->wish.as_of = t.seconds;
	return t.form == TB_TIME_BAD
		       ? "not a date such as 2027-01-01, nor an instant such as 2027-01-01T16:00:00Z"
		       : NULL;
}

static const struct key {
	const char *name;
	const char *(*take)(struct tb_asked *a, const char *value, struct tb_arena *arena,
			    char why[TB_WHY_TEXT]);
} keys[] = {
	{"move", take_move},         {"replacements", take_replacements},
	{"batch-share", take_batch}, {"cache-hit", take_hits},
	{"scale", take_scale},       {"rates-b", take_rates_b},
	{"as-of", take_as_of},
};

enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

static const char *key_candidate(const void *ctx, size_t i)
{
	(void)ctx;
	return i < KEYS ? keys[i].name : NULL;
}

const char *tb_asked_take(struct tb_asked *a, const char *name, const char *value,
			  struct tb_arena *arena, char why[TB_WHY_TEXT])
{
	const char *near;

	for (size_t i = 0; i < KEYS; i++)
		if (strcmp(keys[i].name, name) == 0) {
			a->any = true;
			return keys[i].take(a, value, arena, why);
		}
	near = tb_nearest(tb_span_of(name), key_candidate, NULL);
	if (near)
		snprintf(why, TB_WHY_TEXT, "unknown key; did you mean '%s'?", near);
	else
		snprintf(why, TB_WHY_TEXT,
			 "unknown key; a scenario has move, replacements, batch-share, cache-hit, "
			 "scale, rates-b and as-of");
	return why;
}

/* ---- files ---- */

static void refuse(struct tb_problems *problems, const char *path, const struct tb_ini_entry *e,
		   const char *why)
{
	struct tb_problem p;

	tb_problem_set(&p, e->key.p, e->value, "%s", why);
	tb_problems_add(problems, path, e->line, &p);
}

static void take_section(const char *path, const struct tb_ini *ini, size_t section,
			 struct tb_asked *a, struct tb_arena *arena, struct tb_problems *problems)
{
	char why[TB_WHY_TEXT];

	for (size_t i = 0; i < ini->entry_count; i++) {
		const struct tb_ini_entry *e = &ini->entries[i];
		const char *value, *fault;

		if (e->section != section)
			continue;
		value = tb_arena_text(arena, e->value.p, e->value.n);
		fault = value ? tb_asked_take(a, e->key.p, value, arena, why) : "out of memory";
		if (fault)
			refuse(problems, path, e, fault);
	}
}

static void take_sections(const char *path, const struct tb_ini *ini, struct tb_asked *all,
			  size_t *count, struct tb_arena *arena, struct tb_problems *problems)
{
	for (size_t i = 0; i < ini->section_count; i++) {
		const struct tb_ini_section *s = &ini->sections[i];

		if (*count == TB_SCENARIOS_MAX) {
			tb_problems_note(problems, path, s->line, "more than 16 scenarios");
			return;
		}
		for (size_t k = 0; k < *count; k++)
			if (tb_span_is(s->name, all[k].wish.name))
				tb_problems_note(problems, path, s->line,
						 "a second scenario [%s]; give it another name",
						 all[k].wish.name);
		tb_asked_init(&all[*count], tb_arena_text(arena, s->name.p, s->name.n));
		all[*count].file = path;
		all[*count].line = s->line;
		if (!all[*count].wish.name)
			tb_problems_note(problems, path, s->line, "out of memory");
		take_section(path, ini, i, &all[(*count)++], arena, problems);
	}
}

enum tb_status tb_asked_read(const char *path, struct tb_asked *all, size_t *count,
			     struct tb_arena *arena, struct tb_problems *problems,
			     struct tb_err *err)
{
	struct tb_span bytes = {0};
	struct tb_ini ini = {0};
	const char *why = tb_file_read(path, &bytes);
	enum tb_status st;

	if (why == tb_file_no_memory)
		return tb_fail_nomem(err);
	if (why)
		return tb_fail(err, TB_CONFIG, "%s: cannot be read: %s", path, why);
	st = tb_ini_read(&ini, path, bytes, problems, err);
	if (st == TB_OK && problems->total == 0)
		take_sections(path, &ini, all, count, arena, problems);
	tb_ini_release(&ini);
	free((void *)(uintptr_t)bytes.p);
	if (st == TB_OK && problems->total)
		return tb_fail(err, TB_CONFIG, "the scenarios cannot be used");
	return st;
}
