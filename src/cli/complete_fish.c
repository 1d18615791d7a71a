/* complete - the script for fish. */
#include "cli/complete.h"

#include "cli/messages.h"

enum { CONDITION_TEXT = 512 };

static const char functions[] =
	"# fish completion for tokbill\n"
	"# What tokbill lists, with the rates that the line names.\n"
	"function __tokbill_list # WHAT\n"
	"\tset -l words (commandline -opc)\n"
	"\tset -l rates\n"
	"\tfor i in (seq (count $words))\n"
	"\t\tif string match -q -- '--rates=*' $words[$i]\n"
	"\t\t\tset -a rates (string replace -- --rates= '' $words[$i])\n"
	"\t\telse if test $words[$i] = --rates -a $i -lt (count $words)\n"
	"\t\t\tset -a rates $words[(math $i + 1)]\n"
	"\t\tend\n"
	"\tend\n"
	"\ttokbill --generate $argv[1] $rates 2>/dev/null\n"
	"end\n"
	"# The lines of standard input, after what is typed of a list or a move.\n"
	"function __tokbill_behind # SEPARATOR\n"
	"\tset -l head (string match -r -- \"^(?:--[a-z0-9-]*=)?(.*$argv[1])\" (commandline -ct))[2]\n"
	"\twhile read -l line\n"
	"\t\techo $head$line\n"
	"\tend\n"
	"end\n"
	"complete -c tokbill -n __fish_use_subcommand -f\n";

static void put_command(const struct tb_command *c, const char *condition)
{
	printf("complete -c tokbill -n '%s' -f -a %s -d '", condition, c->name);
	tb_complete_put_plain(c->summary);
	puts("'");
}

static void put_group(const struct tb_command *group)
{
	char condition[CONDITION_TEXT];
	int n = snprintf(condition, sizeof(condition),
			 "__fish_seen_subcommand_from %s; and not __fish_seen_subcommand_from",
			 group->name);

	for (const struct tb_command *const *c = group->subcommands; *c; c++)
		n += snprintf(condition + n, sizeof(condition) - (size_t)n, " %s", (*c)->name);
	for (const struct tb_command *const *c = group->subcommands; *c; c++)
		put_command(*c, condition);
}

static void put_help(void)
{
	char condition[CONDITION_TEXT];
	int n = snprintf(condition, sizeof(condition),
			 "__fish_seen_subcommand_from help; and not __fish_seen_subcommand_from");

	puts("complete -c tokbill -n __fish_use_subcommand -f -a help -d 'What a command does'");
	for (const struct tb_command *const *c = tb_commands; *c; c++)
		n += snprintf(condition + n, sizeof(condition) - (size_t)n, " %s", (*c)->name);
	for (const struct tb_command *const *c = tb_commands; *c; c++)
		put_command(*c, condition);
}

/* What an option takes, as a list of words. */
static void put_value(const struct tb_option *o)
{
	const char *listing = tb_complete_listing(o);
	char separator = tb_complete_separator(o);

	if (!listing && !tb_complete_has_words(o)) {
		fputs(o->choices ? " -r -F" : " -x", stdout);
		return;
	}
	fputs(" -x -a '", stdout);
	if (separator || listing)
		putchar('(');
	if (listing)
		printf("__tokbill_list %s", listing);
	else {
		fputs(separator ? "string split \" \" \"" : "", stdout);
		tb_complete_put_words(o);
		fputs(separator ? "\"" : "", stdout);
	}
	if (separator)
		printf(" | __tokbill_behind %c", separator);
	if (separator || listing)
		putchar(')');
	putchar('\'');
}

static void put_leaf(const struct tb_command *c)
{
	char condition[CONDITION_TEXT];
	const struct tb_option *o;

	snprintf(condition, sizeof(condition), "%s%s%s__fish_seen_subcommand_from %s",
		 c->group ? "__fish_seen_subcommand_from " : "", c->group ? c->group : "",
		 c->group ? "; and " : "", c->name);
	if (c->first_operand_model)
		printf("complete -c tokbill -n '%s' -a '(__tokbill_list models)'\n", condition);
	for (size_t i = 0; (o = tb_command_option(c, i)); i++) {
		printf("complete -c tokbill -n '%s' -l %s", condition, o->name);
		if (o->letter)
			printf(" -s %c", o->letter);
		if (o->value)
			put_value(o);
		fputs(" -d '", stdout);
		tb_complete_put_plain(o->help);
		puts("'");
	}
}

int tb_complete_fish(void)
{
	const struct tb_command *c;

	fputs(functions, stdout);
	for (const struct tb_command *const *t = tb_commands; *t; t++) {
		put_command(*t, "__fish_use_subcommand");
		if ((*t)->subcommands)
			put_group(*t);
	}
	put_help();
	for (size_t i = 0; (c = tb_command_leaf(i)); i++)
		put_leaf(c);
	return TB_EXIT_OK;
}
