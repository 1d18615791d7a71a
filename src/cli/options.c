#include "cli/options.h"

#include "base/text.h"
#include "cli/messages.h"

#include <popt.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The i-th option, with *at the place of its ctx; NULL after the last. */
static const struct tb_option *option_at(const struct tb_command *c, size_t i, size_t *at)
{
	for (const struct tb_option_group *g = c->options; g->rows; g++) {
		*at = g->at;
		for (const struct tb_option *o = g->rows; o->name; o++)
			if (i-- == 0)
				return o;
	}
	return NULL;
}

const struct tb_option *tb_command_option(const struct tb_command *c, size_t i)
{
	size_t at;

	return option_at(c, i, &at);
}

static size_t option_count(const struct tb_command *c)
{
	size_t n = 0;

	while (tb_command_option(c, n))
		n++;
	return n;
}

const struct tb_command *tb_command_named(const struct tb_command *const *list, const char *name)
{
	for (; *list; list++)
		if (strcmp((*list)->name, name) == 0)
			return *list;
	return NULL;
}

static const char *command_candidate(const void *ctx, size_t i)
{
	const struct tb_command *const *list = ctx;

	return list[i] ? list[i]->name : NULL;
}

const char *tb_command_nearest(const struct tb_command *const *list, const char *name)
{
	return tb_nearest(tb_span_of(name), command_candidate, list);
}

const struct tb_command *tb_command_leaf(size_t n)
{
	for (const struct tb_command *const *c = tb_commands; *c; c++) {
		const struct tb_command *const alone[] = {*c, NULL};
		const struct tb_command *const *list =
			(*c)->subcommands ? (*c)->subcommands : alone;

		for (; *list; list++)
			if (n-- == 0)
				return *list;
	}
	return NULL;
}

const char *tb_command_title(const struct tb_command *c, char text[TB_COMMAND_TITLE])
{
	snprintf(text, TB_COMMAND_TITLE, "%s%s%s", c->group ? c->group : "", c->group ? " " : "",
		 c->name);
	return text;
}

const char *tb_command_page(const struct tb_command *c, char text[TB_COMMAND_TITLE])
{
	snprintf(text, TB_COMMAND_TITLE, "tokbill-%s%s%s", c->group ? c->group : "",
		 c->group ? "-" : "", c->name);
	return text;
}

/* ---- parsing ---- */

enum { HELP = 10000 }; /* popt's number for --help; the others are their place + 1 */

static struct poptOption *popt_table(const struct tb_command *c)
{
	size_t n = option_count(c);
	struct poptOption *table = calloc(n + 2, sizeof(*table));

	for (size_t i = 0; table && i < n; i++) {
		const struct tb_option *o = tb_command_option(c, i);

		table[i].longName = o->name;
		table[i].shortName = o->letter;
		table[i].argInfo = o->value ? POPT_ARG_STRING : POPT_ARG_NONE;
		table[i].val = (int)i + 1;
	}
	if (table) {
		table[n].longName = "help";
		table[n].shortName = 'h';
		table[n].val = HELP;
	}
	return table;
}

static const char *option_candidate(const void *ctx, size_t i)
{
	const struct tb_option *o = tb_command_option(ctx, i);

	if (o)
		return o->name;
	return i == option_count(ctx) ? "help" : NULL;
}

static enum tb_status bad_option(const struct tb_command *c, poptContext popt, int rc,
				 struct tb_err *err)
{
	const char *given = poptBadOption(popt, POPT_BADOPTION_NOALIAS);
	const char *name = given + strspn(given, "-"), *near;
	struct tb_span bare = {name, strcspn(name, "=")};
	char title[TB_COMMAND_TITLE];

	near = rc == POPT_ERROR_BADOPT && strncmp(given, "--", 2) == 0
		       ? tb_nearest(bare, option_candidate, c)
		       : NULL;
	if (near)
		return tb_fail(err, TB_USAGE, "%s: unknown option; did you mean --%s?", given,
			       near);
	return tb_fail(err, TB_USAGE, "%s: %s; see `tokbill %s --help`", given,
		       rc == POPT_ERROR_NOARG         ? "needs a value"
		       : rc == POPT_ERROR_UNWANTEDARG ? "takes no value"
		       : rc == POPT_ERROR_BADOPT      ? "unknown option"
						      : poptStrerror(rc),
		       tb_command_title(c, title));
}

static enum tb_status take_option(const struct tb_command *c, size_t i, bool *seen,
				  const char *value, void *ctx, struct tb_err *err)
{
	size_t at = 0;
	const struct tb_option *o = option_at(c, i, &at);

	assert(o); /* popt has its numbers from the same rows */
	if (*seen && !o->repeatable)
		return tb_fail(err, TB_USAGE, "--%s: given twice", o->name);
	*seen = true;
	if (value && !*value)
		return tb_fail(err, TB_USAGE, "--%s: empty value", o->name);
	return o->take((char *)ctx + at, value, err);
}

static enum tb_status take_all(const struct tb_command *c, poptContext popt, bool *seen, void *ctx,
			       struct tb_arena *arena, struct tb_operands *out, struct tb_err *err)
{
	int rc;

	while ((rc = poptGetNextOpt(popt)) > 0 && rc != HELP) {
		const struct tb_option *o = tb_command_option(c, (size_t)rc - 1);
		char *given = poptGetOptArg(popt), *value = NULL;

		assert(o);
		if (given)
			value = tb_arena_text(arena, given, strlen(given));
		free(given);
		if (o->value && !value)
			return tb_fail_nomem(err);
		TB_TRY(take_option(c, (size_t)rc - 1, &seen[rc - 1], value, ctx, err));
	}
	out->help = rc == HELP;
	return rc < -1 ? bad_option(c, popt, rc, err) : TB_OK;
}

static enum tb_status take_operands(poptContext popt, struct tb_arena *arena,
				    struct tb_operands *out, struct tb_err *err)
{
	const char **rest = poptGetArgs(popt);

	/* The command's own name stands first; without memory popt forgets all of them. */
	if (!rest || !*rest)
		return tb_fail_nomem(err);
	rest++;
	while (rest[out->count])
		out->count++;
	out->items = tb_arena_take(arena, (out->count + 1) * sizeof(*out->items));
	if (!out->items)
		return tb_fail_nomem(err);
	for (size_t i = 0; i < out->count; i++) {
		out->items[i] = tb_arena_text(arena, rest[i], strlen(rest[i]));
		if (!out->items[i])
			return tb_fail_nomem(err);
	}
	out->items[out->count] = NULL;
	return TB_OK;
}

/* Where memory is out popt says so and exits with 1, which is to mean something else. */
static bool popt_at_work;

static void leave_popt(void)
{
	if (popt_at_work)
		_exit(TB_EXIT_INTERNAL);
}

static enum tb_status parse(const struct tb_command *c, poptContext popt, bool *seen, void *ctx,
			    struct tb_arena *arena, struct tb_operands *out, struct tb_err *err)
{
	TB_TRY(take_all(c, popt, seen, ctx, arena, out, err));
	return take_operands(popt, arena, out, err);
}

enum tb_status tb_options_parse(const struct tb_command *c, int argc, const char *const *argv,
				void *ctx, struct tb_arena *arena, struct tb_operands *out,
				struct tb_err *err)
{
	struct poptOption *table = popt_table(c);
	bool *seen = calloc(option_count(c) + 1, sizeof(*seen));
	poptContext popt = NULL;
	enum tb_status st;

	*out = (struct tb_operands){0};
	popt_at_work = table && seen && atexit(leave_popt) == 0;
	if (popt_at_work)
		popt = poptGetContext(NULL, argc, (const char **)(uintptr_t)argv, table,
				      POPT_CONTEXT_KEEP_FIRST);
	st = popt && seen ? parse(c, popt, seen, ctx, arena, out, err) : tb_fail_nomem(err);
	poptFreeContext(popt);
	popt_at_work = false;
	free(seen);
	free(table);
	return st;
}

enum tb_status tb_bad_value(const char *option, const char *value, const char *why,
			    struct tb_err *err)
{
	return tb_fail(err, TB_USAGE, "--%s: '%s': %s", option, value, why);
}

enum tb_status tb_take_time(const char *option, const char *value, struct tb_time *out,
			    struct tb_err *err)
{
	*out = tb_time_parse(tb_span_of(value));
	if (out->form != TB_TIME_BAD)
		return TB_OK;
	return tb_bad_value(option, value,
			    "not a date such as 2026-04-01, nor an instant such as "
			    "2026-04-01T16:00:00Z",
			    err);
}

/* ---- help ---- */

enum { HELP_INDENT = 27 };

/* "  -o, --output FILE", then its help from column HELP_INDENT on. */
static void option_help(const struct tb_option *o, FILE *out)
{
	char left[64];
	int n = snprintf(left, sizeof(left), "  %c%c%s --%s%s%s", o->letter ? '-' : ' ',
			 o->letter ? o->letter : ' ', o->letter ? "," : " ", o->name,
			 o->value ? " " : "", o->value ? o->value : "");
	const char *p = o->help;

	fprintf(out, "%-*s", HELP_INDENT, left);
	if (n >= HELP_INDENT)
		fprintf(out, "\n%*s", HELP_INDENT, "");
	for (;;) {
		size_t len = strcspn(p, "|");

		fprintf(out, "%.*s\n", (int)len, p);
		if (!p[len])
			return;
		fprintf(out, "%*s", HELP_INDENT, "");
		p += len + 1;
	}
}

const struct tb_option tb_help_option = {.letter = 'h', .name = "help", .help = "this text"};

static void put_commands(const struct tb_command *const *list, FILE *out)
{
	for (; *list; list++)
		fprintf(out, "  %-10s %s\n", (*list)->name, (*list)->summary);
}

void tb_overview(FILE *out)
{
	fputs("tokbill turns LLM usage logs into money, exactly.\n\n"
	      "Usage: tokbill COMMAND [options] ...\n\nCommands:\n",
	      out);
	put_commands(tb_commands, out);
	fputs("  help       What a command does: tokbill help COMMAND\n\n"
	      "  --version  The version\n\nExit codes:\n",
	      out);
	for (size_t i = 0; i < tb_exit_count; i++)
		fprintf(out, "  %2d  %s\n", tb_exit_table[i].code, tb_exit_table[i].meaning);
	fputs("\nThe first thing to try: tokbill report usage.csv\n\n"
	      "Manual: man tokbill, man tokbill-COMMAND\n"
	      "  man tokbill-logs     what a usage log holds, and which exports are read\n"
	      "  man 5 tokbill-rates  what a rate file holds\n",
	      out);
}

/* Group by group, and --help after the last, apart from it if it has a title. */
static void put_options(const struct tb_command *c, FILE *out)
{
	bool titles = c->options->title != NULL;

	if (!titles)
		fputs("Options:\n", out);
	for (const struct tb_option_group *g = c->options; g->rows; g++) {
		if (g->title)
			fprintf(out, "%s%s:\n", g == c->options ? "" : "\n", g->title);
		for (const struct tb_option *o = g->rows; o->name; o++)
			option_help(o, out);
	}
	fputs(titles ? "\n" : "", out);
	option_help(&tb_help_option, out);
}

static void put_manual(const struct tb_command *c, FILE *out)
{
	char page[TB_COMMAND_TITLE];

	fprintf(out, "\nManual: man %s\n", tb_command_page(c, page));
}

static void group_help(const struct tb_command *c, FILE *out)
{
	fprintf(out, "Usage: tokbill %s COMMAND [options] ...\n\n%s.\n\nCommands:\n", c->name,
		c->summary);
	put_commands(c->subcommands, out);
	fprintf(out, "\nWhat one does: tokbill %s COMMAND --help\n", c->name);
	put_manual(c, out);
}

void tb_command_help(const struct tb_command *c, FILE *out)
{
	char title[TB_COMMAND_TITLE];

	if (c->subcommands) {
		group_help(c, out);
		return;
	}
	fprintf(out, "Usage: tokbill %s [options]%s%s\n\n%s.\n\n", tb_command_title(c, title),
		*c->operands ? " " : "", c->operands, c->summary);
	put_options(c, out);
	fputs("\nExamples:\n", out);
	for (const struct tb_example *e = c->examples; e->command; e++)
		fprintf(out, "  # %s\n  %s\n", e->what, e->command);
	put_manual(c, out);
}
