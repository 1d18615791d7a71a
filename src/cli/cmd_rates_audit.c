/* tokbill rates audit - the price book beside other price lists. */
#include "cli/cmd_rates.h"

#include "base/ini.h"
#include "cli/rates_run.h"
#include "ratebook/import.h"
#include "ratebook/load.h"
#include "report/rateaudit.h"
#include "report/ratetext.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

enum { LISTS_MAX = 16 };

struct audit {
	struct tb_rates_run *run;
	const char *names[LISTS_MAX];
	struct tb_book *lists[LISTS_MAX];
	size_t n;
	struct tb_ini accepted;
	bool *used; /* by entry of `accepted`: it accepts something */
	size_t counts[TB_AUDIT_STATUSES], accepted_count;
	struct tb_sheet sheet;
};

TB_FLAG_TAKER(take_all, struct tb_rates_run, all)

static enum tb_status take_accepted(void *ctx, const char *value, struct tb_err *err)
{
	(void)err;
	((struct tb_rates_run *)ctx)->accept_path = value;
	return TB_OK;
}

static const struct tb_option rows[] = {
	{'\0', "accept", "FILE",
	 "differences that are known: [MODEL] sections (or patterns) with|"
	 "PRICE = REASON lines, where * is every price of the model",
	 "FILE", false, take_accepted},
	{'\0', "all", NULL, "also what agrees, what no list has, and what is accepted", NULL, false,
	 take_all},
	{'\0', "as-of", "DATE", "prices in force then (default: now)", NULL, false,
	 tb_rates_take_as_of},
	{'q', "quiet", NULL, "no summary; errors stay", NULL, false, tb_rates_take_quiet},
	{0},
};

static const struct tb_option_group options[] = {
	{rows, 0, NULL}, TB_RATES_RUN_SOURCE, TB_RATES_RUN_OUTPUT, {0}};

static const struct tb_example examples[] = {
	{"the built-in rates beside LiteLLM's list and a rate file (exit code 1 on a difference)",
	 "tokbill rates audit model_prices_and_context_window.json negotiated.ini"},
	{"one's own rates, every price of them",
	 "tokbill rates audit --all --rates old.ini new.ini"},
	{0},
};

/* ---- lists ---- */

/* "lists/litellm.json" is called litellm. */
static enum tb_status name_list(struct audit *a, const char *path, struct tb_err *err)
{
	const char *base = strrchr(path, '/'), *end;

	base = base ? base + 1 : path;
	end = strrchr(base, '.');
	a->names[a->n] = tb_arena_text(&a->run->arena, base,
				       end && end > base ? (size_t)(end - base) : strlen(base));
	if (!a->names[a->n])
		return tb_fail_nomem(err);
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->names[i], a->names[a->n]) == 0)
			return tb_fail(err, TB_USAGE, "%s: another list is called %s too", path,
				       a->names[i]);
	return TB_OK;
}

static bool is_json(struct tb_span bytes)
{
	bytes = tb_span_trim(bytes);
	return bytes.n && bytes.p[0] == '{';
}

static enum tb_status read_json(struct audit *a, const char *path, struct tb_span bytes,
				struct tb_err *err)
{
	struct tb_import import = {0};
	enum tb_status st = tb_import_litellm(&import, path, bytes, err);
	struct tb_rate_source source = {path, {import.ini.p, import.ini.n}};

	if (st == TB_OK && !import.carried)
		st = tb_fail(err, TB_DATA, "%s: %s%s", path,
			     import.shape ? "is " : "holds no model that can be carried over",
			     import.shape ? import.shape : "");
	if (st == TB_OK)
		st = tb_book_read(&source, 1, &a->lists[a->n], &a->run->problems, err);
	tb_import_release(&import);
	return st;
}

static enum tb_status read_list(struct audit *a, const char *path, struct tb_err *err)
{
	struct tb_rate_source source = {.name = path};
	const char *why = tb_file_read(path, &source.bytes);
	enum tb_status st;

	if (why == tb_file_no_memory)
		return tb_fail_nomem(err);
	if (why)
		return tb_fail(err, TB_NOINPUT, "%s: %s", path, why);
	st = is_json(source.bytes)
		     ? read_json(a, path, source.bytes, err)
		     : tb_book_read(&source, 1, &a->lists[a->n], &a->run->problems, err);
	free((void *)(uintptr_t)source.bytes.p);
	return st;
}

static enum tb_status read_lists(struct audit *a, struct tb_err *err)
{
	const struct tb_operands *paths = &a->run->operands;

	if (paths->count == 0 || paths->count > LISTS_MAX)
		return tb_fail(err, TB_USAGE,
			       "%zu lists given; name 1 to 16: rate files, or LiteLLM's "
			       "model_prices_and_context_window.json",
			       paths->count);
	for (; a->n < paths->count; a->n++) {
		TB_TRY(name_list(a, paths->items[a->n], err));
		TB_TRY(read_list(a, paths->items[a->n], err));
	}
	return tb_output_spare(a->run->output.path, paths->items, paths->count, "a list", "-o",
			       err);
}

/* ---- what is accepted ---- */

static enum tb_status read_accepted(struct audit *a, struct tb_err *err)
{
	const char *path = a->run->accept_path, *why;
	struct tb_span bytes;
	enum tb_status st;

	if (!path)
		return TB_OK;
	why = tb_file_read(path, &bytes);
	if (why)
		return tb_fail(err, TB_NOINPUT, "%s: %s", path, why);
	st = tb_ini_read(&a->accepted, path, bytes, &a->run->problems, err);
	free((void *)(uintptr_t)bytes.p);
	if (st == TB_OK && a->run->problems.total)
		return tb_fail(err, TB_CONFIG, "%s cannot be used", path);
	if (st == TB_OK && !(a->used = calloc(a->accepted.entry_count + 1, sizeof(*a->used))))
		return tb_fail_nomem(err);
	return st;
}

/* The reason why the finding is no fault; NULL when none is given. */
static const char *reason_for(struct audit *a, const struct tb_audit_finding *f)
{
	char key[TB_RATE_KEY_TEXT];

	tb_rate_key_text(f->tier, f->context, f->meter, key);
	for (size_t i = 0; i < a->accepted.entry_count; i++) {
		const struct tb_ini_entry *e = &a->accepted.entries[i];

		if (fnmatch(a->accepted.sections[e->section].name.p, f->era->model, 0) == 0 &&
		    (tb_span_is(e->key, key) || tb_span_is(e->key, "*"))) {
			a->used[i] = true;
			return e->value.p;
		}
	}
	return NULL;
}

static size_t unused_reasons(const struct audit *a)
{
	size_t n = 0;

	for (size_t i = 0; i < a->accepted.entry_count; i++)
		if (!a->used[i]) {
			const struct tb_ini_entry *e = &a->accepted.entries[i];

			tb_say("%s:%zu: [%s] %s: is no difference any more; take the line out",
			       a->run->accept_path, (size_t)e->line,
			       a->accepted.sections[e->section].name.p, e->key.p);
			n++;
		}
	return n;
}

/* ---- the audit ---- */

static bool is_difference(enum tb_audit_status status)
{
	return status == TB_AUDIT_DISAGREES || status == TB_AUDIT_MISSING ||
	       status == TB_AUDIT_ANNOUNCED;
}

static enum tb_status take_finding(void *ctx, const struct tb_audit_finding *f, struct tb_err *err)
{
	struct audit *a = ctx;
	const char *reason = is_difference(f->status) ? reason_for(a, f) : NULL;

	if (reason)
		a->accepted_count++;
	else
		a->counts[f->status]++;
	if (!a->run->all && (reason || !is_difference(f->status)))
		return TB_OK;
	return tb_rateaudit_add(&a->sheet, f, a->n, reason, err);
}

static void say_summary(const struct audit *a)
{
	tb_say("%zu prices agree; %zu disagree, %zu missing, %zu announced; %zu accepted; "
	       "%zu in one list alone, %zu in none; %zu models in no list",
	       a->counts[TB_AUDIT_AGREES], a->counts[TB_AUDIT_DISAGREES],
	       a->counts[TB_AUDIT_MISSING], a->counts[TB_AUDIT_ANNOUNCED], a->accepted_count,
	       a->counts[TB_AUDIT_ALONE], a->counts[TB_AUDIT_UNLISTED],
	       a->counts[TB_AUDIT_UNKNOWN]);
}

static enum tb_status write_findings(struct audit *a, struct tb_err *err)
{
	struct tb_rates_run *r = a->run;

	TB_TRY(tb_output_sheet(&r->output, &a->sheet, NULL, err));
	for (size_t s = 0; s < TB_AUDIT_STATUSES; s++)
		if (a->counts[s] && is_difference((enum tb_audit_status)s))
			r->code = TB_EXIT_DIFFERENCES;
	if (unused_reasons(a))
		r->code = TB_EXIT_DIFFERENCES;
	if (!r->output.quiet)
		say_summary(a);
	return TB_OK;
}

static enum tb_status run_audit(struct audit *a, struct tb_err *err)
{
	struct tb_rates_run *r = a->run;
	enum tb_status st;

	TB_TRY(tb_rates_load(&r->source, &r->arena, &r->book, &r->problems, err));
	TB_TRY(tb_rates_check_output(r, err));
	TB_TRY(read_lists(a, err));
	TB_TRY(read_accepted(a, err));
	tb_rateaudit_init(&a->sheet, a->names, a->n);
	st = tb_audit(r->book, (const struct tb_book *const *)a->lists, a->n, tb_rates_instant(r),
		      take_finding, a, err);
	if (st == TB_OK)
		st = write_findings(a, err);
	tb_sheet_release(&a->sheet);
	return st;
}

static enum tb_status audit(struct tb_rates_run *r, struct tb_err *err)
{
	struct audit a = {.run = r};
	enum tb_status st = run_audit(&a, err);

	for (size_t i = 0; i < LISTS_MAX; i++)
		tb_book_free(a.lists[i]);
	tb_ini_release(&a.accepted);
	free(a.used);
	return st;
}

static int run(const struct tb_command *self, int argc, const char *const *argv)
{
	return tb_rates_run(self, argc, argv, audit);
}

const struct tb_command tb_cmd_rates_audit = {
	.name = "audit",
	.group = "rates",
	.summary = "Put the price book beside other price lists, price by price",
	.operands = "LIST...",
	.options = options,
	.examples = examples,
	.run = run,
};
