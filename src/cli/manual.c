#include "cli/manual.h"

#include "cli/messages.h"
#include "cli/options.h"

#include "base/meter.h"
#include "ratebook/book.h"
#include "usage/logformat.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* A part of a page: prints what `args` asks for; false when there is nothing of that name. */
typedef bool part(const char *args, FILE *out);

/* ---- text ---- */

/* A text of the tables, in which only backticks are markup. A bar is a line break there. */
static void put_text(const char *s, const char *after_break, FILE *out)
{
	for (; *s; s++)
		if (*s == '|')
			fprintf(out, "\n%s", after_break);
		else
			fprintf(out, "%s%c", *s == '*' || *s == '\\' ? "\\" : "", *s);
}

static void put_definition(const char *text, FILE *out)
{
	fputs(":   ", out);
	put_text(text, "    ", out);
	fputs("\n\n", out);
}

/* A comma between the members of a list, none before the first. */
static void put_bold(const char *prefix, const char *name, bool *first, FILE *out)
{
	fprintf(out, "%s**%s%s**", *first ? "" : ", ", prefix, name);
	*first = false;
}

/* ---- commands ---- */

/* "report", "rates", "rates show". */
static const struct tb_command *command_of(const char *title)
{
	size_t n = strcspn(title, " ");
	const struct tb_command *c;
	char name[TB_COMMAND_TITLE];

	snprintf(name, sizeof(name), "%.*s", (int)n, title);
	c = tb_command_named(tb_commands, name);
	if (c && title[n])
		c = c->subcommands ? tb_command_named(c->subcommands, title + n + 1) : NULL;
	return c;
}

static bool put_name(const char *args, FILE *out)
{
	const struct tb_command *c = command_of(args);
	char page[TB_COMMAND_TITLE];

	if (!c)
		return false;
	fprintf(out, "%s - %c", tb_command_page(c, page), tolower((unsigned char)c->summary[0]));
	put_text(c->summary + 1, "", out);
	putc('\n', out);
	return true;
}

static bool put_synopsis(const char *args, FILE *out)
{
	const struct tb_command *c = command_of(args);

	if (!c)
		return false;
	if (c->subcommands)
		fprintf(out, "**tokbill %s** *COMMAND* [*options*] ...\n", args);
	else
		fprintf(out, "**tokbill %s** [*options*]%s%s%s\n", args, *c->operands ? " *" : "",
			c->operands, *c->operands ? "*" : "");
	return true;
}

static bool put_commands(const char *args, FILE *out)
{
	const struct tb_command *group = *args ? command_of(args) : NULL;
	const struct tb_command *const *c = group ? group->subcommands : tb_commands;
	char page[TB_COMMAND_TITLE];

	if (!c || (*args && !group))
		return false;
	for (; *c; c++) {
		fprintf(out, "**%s**(1)\n", tb_command_page(*c, page));
		put_definition((*c)->summary, out);
	}
	return true;
}

static void put_option(const struct tb_option *o, FILE *out)
{
	if (o->letter)
		fprintf(out, "**-%c**, ", o->letter);
	fprintf(out, "**--%s**", o->name);
	if (o->value)
		fprintf(out, " *%s*", o->value);
	putc('\n', out);
	put_definition(o->help, out);
}

static bool put_options(const char *args, FILE *out)
{
	const struct tb_command *c = command_of(args);

	if (!c || c->subcommands)
		return false;
	for (const struct tb_option_group *g = c->options; g->rows; g++) {
		if (g->title)
			fprintf(out, "### %s\n\n", g->title);
		for (const struct tb_option *o = g->rows; o->name; o++)
			put_option(o, out);
	}
	if (c->options->title)
		fputs("### Help\n\n", out);
	put_option(&tb_help_option, out);
	return true;
}

/* " fails=N" of an example that ends with exit code N, as its text says. */
static void put_expected_exit(const char *what, FILE *out)
{
	static const char begin[] = "(exit code ";
	const char *code = strstr(what, begin);

	if (code) {
		code += sizeof(begin) - 1;
		fprintf(out, " fails=%.*s", (int)strspn(code, "0123456789"), code);
	}
}

/* Each a block that the tests run. */
static bool put_examples(const char *args, FILE *out)
{
	const struct tb_command *c = command_of(args);

	if (!c || c->subcommands)
		return false;
	for (const struct tb_example *e = c->examples; e->command; e++) {
		putc(toupper((unsigned char)e->what[0]), out);
		put_text(e->what + 1, "", out);
		fputs(":\n\n```sh", out);
		put_expected_exit(e->what, out);
		fprintf(out, "\n%s\n```\n\n", e->command);
	}
	return true;
}

/* ---- exit codes, environment ---- */

/* Whether a word stands in a list of words with blanks between them; an empty list has them all. */
static bool in_list(const char *list, const char *word)
{
	size_t n = strlen(word);
	bool any = *list != '\0';

	for (; *list; list += strspn(list, " ")) {
		size_t len = strcspn(list, " ");

		if (len == n && memcmp(list, word, n) == 0)
			return true;
		list += len;
	}
	return !any;
}

static bool put_exit_status(const char *args, FILE *out)
{
	for (size_t i = 0; i < tb_exit_count; i++) {
		char code[16];

		snprintf(code, sizeof(code), "%d", tb_exit_table[i].code);
		if (!in_list(args, code))
			continue;
		fprintf(out, "**%s**\n", code);
		put_definition(tb_exit_table[i].meaning, out);
	}
	return true;
}

static bool put_environment(const char *args, FILE *out)
{
	static const struct {
		const char *name, *meaning;
	} variables[] = {
		{"TOKBILL_RATES",
		 "Rate files as for `--rates`, with colons between them; `--rates` "
		 "on the command line|wins over it."},
		{"NO_COLOR", "Set to anything: no colours."},
		{"LANG", "With `LC_ALL` and `LC_CTYPE`: whether the terminal shows UTF-8. Nothing "
			 "else depends|on the locale."},
		{"TMPDIR", "Where temporary files go; default `/tmp`."},
	};

	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		if (in_list(args, variables[i].name)) {
			fprintf(out, "**%s**\n", variables[i].name);
			put_definition(variables[i].meaning, out);
		}
	return true;
}

/* ---- logs and rates ---- */

/* All names that a field of tokbill's own log is found by. */
static bool put_field(const char *args, FILE *out)
{
	struct tb_span name = {args, strlen(args)};
	enum tb_field field = tb_field_named(name);
	const struct tb_logcolumn *c;
	bool first = true;

	for (size_t i = 0; (c = tb_logformat_column(&tb_log_tokbill, i)); i++)
		if (c->field == field)
			put_bold("", c->name, &first, out);
	if (!first)
		fputs(tb_fields[field].required ? " (required)\n" : "\n", out);
	return !first;
}

static void put_format(const struct tb_logformat *f, FILE *out)
{
	struct tb_buf signature = {0};

	tb_logformat_signature(f, &signature);
	fprintf(out, "**%s**\n:   %s", f->name, f->title);
	fprintf(out, ". Recognised by: %s.", signature.failed ? "" : signature.p);
	if (!(f->conventions & TB_LOG_NO_USAGE))
		fprintf(out, " Cached: %s. Reasoning: %s.",
			f->conventions & TB_LOG_CACHED_APART ? "apart" : "included",
			f->conventions & TB_LOG_REASONING_ADDED ? "added" : "included");
	if (f->note)
		fprintf(out, " Note: %s.", f->note);
	fputs("\n\n", out);
	tb_buf_release(&signature);
}

static bool put_formats(const char *args, FILE *out)
{
	(void)args;
	for (const struct tb_logformat *const *f = tb_logformats; *f; f++)
		put_format(*f, out);
	return true;
}

static bool put_meters(const char *args, FILE *out)
{
	bool tokens = strcmp(args, "fees") != 0, first = true;

	for (int m = tokens ? 0 : TB_TOKEN_METERS; m < (tokens ? TB_TOKEN_METERS : TB_METERS); m++)
		put_bold("", tb_meters[m].name, &first, out);
	putc('\n', out);
	return true;
}

/* The keys of all tiers but standard: their prefix, and METER or another ending. */
static bool put_tiers(const char *args, FILE *out)
{
	bool first = true;

	for (int t = TB_STANDARD + 1; t < TB_TIERS; t++)
		put_bold(tb_tiers[t].prefix, args, &first, out);
	putc('\n', out);
	return true;
}

static bool put_facts(const char *args, FILE *out)
{
	bool first = true;

	(void)args;
	for (int c = 0; c < TB_CARDS; c++)
		put_bold("", tb_card_names[c], &first, out);
	putc('\n', out);
	return true;
}

/* ---- the page ---- */

static const struct {
	const char *name;
	part *put;
} parts[] = {
	{"name", put_name},
	{"synopsis", put_synopsis},
	{"commands", put_commands},
	{"options", put_options},
	{"examples", put_examples},
	{"exit-status", put_exit_status},
	{"environment", put_environment},
	{"field", put_field},
	{"formats", put_formats},
	{"meters", put_meters},
	{"tiers", put_tiers},
	{"facts", put_facts},
};

/* "options: rates show", without the marks of a comment; false when nothing is called so. */
static bool put_part(char *text, FILE *out)
{
	char *args = text + strcspn(text, ":");

	if (*args) {
		*args++ = '\0';
		args += strspn(args, " ");
	}
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strcmp(parts[i].name, text) == 0)
			return parts[i].put(args, out);
	return false;
}

static bool put_line(char *line, FILE *out)
{
	static const char begin[] = "<!-- ", end[] = " -->\n";
	size_t n = strlen(line), head = sizeof(begin) - 1, tail = sizeof(end) - 1;

	if (n < head + tail || strncmp(line, begin, head) != 0 ||
	    strcmp(line + n - tail, end) != 0) {
		fputs(line, out);
		return true;
	}
	line[n - tail] = '\0';
	return put_part(line + head, out);
}

int tb_manual_page(FILE *in, FILE *out)
{
	char *line = NULL;
	size_t size = 0, number = 0;
	bool ok = true;

	while (ok && getline(&line, &size, in) > 0) {
		number++;
		ok = put_line(line, out);
	}
	free(line);
	if (!ok)
		tb_say("line %zu of the page: asks for what no table has", number);
	return ok ? TB_EXIT_OK : TB_EXIT_USAGE;
}
