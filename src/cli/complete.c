#include "cli/complete.h"

#include "cli/messages.h"
#include "cli/options.h"
#include "usage/logformat.h"

#include <string.h>

/* What prints the names of models; the rates may have changed since the completion was made. */
static const char models[] = "tokbill --generate models 2>/dev/null";

/* Whether the words an option takes are known. */
static bool has_words(const struct tb_option *o)
{
	return o->value && o->choices && strcmp(o->choices, "FILE") != 0;
}

/* The words; those of LOGFORMAT are the formats of logs that hold usage. */
static void put_words(const struct tb_option *o)
{
	if (strcmp(o->choices, "LOGFORMAT") != 0) {
		fputs(o->choices, stdout);
		return;
	}
	for (const struct tb_logformat *const *f = tb_logformats; *f; f++)
		if (!((*f)->conventions & TB_LOG_NO_USAGE))
			printf("%s%s", f == tb_logformats ? "" : " ", (*f)->name);
}

static void put_names(const struct tb_command *const *list)
{
	for (; *list; list++)
		printf("%s ", (*list)->name);
}

/* The first line of a help text, without the marks that would end a quoted word. */
static void put_plain(const char *help)
{
	for (; *help && *help != '|'; help++)
		if (!strchr("'[]:", *help))
			putchar(*help);
}

/* ---- bash ---- */

static void bash_groups(void)
{
	puts("\tcase $command in");
	for (const struct tb_command *const *c = tb_commands; *c; c++) {
		if (!(*c)->subcommands)
			continue;
		printf("\t%s)\n\t\tif ((COMP_CWORD == 2)); then\n\t\t\tmapfile -t COMPREPLY < "
		       "<(compgen -W \"",
		       (*c)->name);
		put_names((*c)->subcommands);
		puts("--help\" -- \"$cur\")\n\t\t\treturn\n\t\tfi\n"
		     "\t\tcommand+=\" ${COMP_WORDS[2]}\"\n\t\tfirst=3\n\t\t;;");
	}
	puts("\tesac");
}

static void bash_choices(const char *title, const struct tb_option *o)
{
	printf("\t\"%s:--%s\"", title, o->name);
	if (o->letter)
		printf(" | \"%s:-%c\"", title, o->letter);
	puts(")");
	fputs("\t\tmapfile -t COMPREPLY < <(compgen -W \"", stdout);
	put_words(o);
	puts("\" -- \"$cur\")\n\t\treturn\n\t\t;;");
}

static void bash_options(const struct tb_command *c, const char *title)
{
	printf("\t\t\"%s\")\n\t\t\tmapfile -t COMPREPLY < <(compgen -W \"", title);
	for (size_t i = 0; tb_command_option(c, i); i++)
		printf("--%s ", tb_command_option(c, i)->name);
	puts("--help\" -- \"$cur\")\n\t\t\t;;");
}

int tb_complete_bash(void)
{
	char title[TB_COMMAND_TITLE];
	const struct tb_command *c;
	const struct tb_option *o;

	puts("# bash completion for tokbill\n_tokbill()\n{\n\tlocal cur=${COMP_WORDS[COMP_CWORD]} "
	     "prev=${COMP_WORDS[COMP_CWORD-1]}\n\tlocal command=${COMP_WORDS[1]} first=2\n"
	     "\tCOMPREPLY=()\n\tif ((COMP_CWORD == 1)); then");
	fputs("\t\tmapfile -t COMPREPLY < <(compgen -W \"", stdout);
	put_names(tb_commands);
	puts("help --help --version\" -- \"$cur\")\n\t\treturn\n\tfi");
	bash_groups();
	puts("\tcase $command:$prev in");
	for (size_t i = 0; (c = tb_command_leaf(i)); i++)
		for (size_t n = 0; (o = tb_command_option(c, n)); n++)
			if (has_words(o))
				bash_choices(tb_command_title(c, title), o);
	puts("\tesac\n\tif [[ $cur == -* ]]; then\n\t\tcase $command in");
	for (size_t i = 0; (c = tb_command_leaf(i)); i++)
		bash_options(c, tb_command_title(c, title));
	puts("\t\tesac\n\t\treturn\n\tfi\n\tcase $command:$((COMP_CWORD - first)) in");
	for (size_t i = 0; (c = tb_command_leaf(i)); i++)
		if (c->first_operand_model)
			printf("\t\"%s:0\")\n\t\tmapfile -t COMPREPLY < <(compgen -W \"$(%s)\" -- "
			       "\"$cur\")\n\t\treturn\n\t\t;;\n",
			       tb_command_title(c, title), models);
	puts("\tesac\n\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n}\n"
	     "complete -o filenames -F _tokbill tokbill");
	return TB_EXIT_OK;
}

/* ---- zsh ---- */

static void zsh_describe(const struct tb_command *const *list, const char *indent)
{
	printf("%slocal -a commands=(\n", indent);
	for (; *list; list++) {
		printf("%s\t'%s:", indent, (*list)->name);
		put_plain((*list)->summary);
		puts("'");
	}
	printf("%s)\n%s_describe command commands\n%sreturn\n", indent, indent, indent);
}

static void zsh_groups(void)
{
	puts("\tcase $command in");
	for (const struct tb_command *const *c = tb_commands; *c; c++) {
		if (!(*c)->subcommands)
			continue;
		printf("\t%s)\n\t\tif ((CURRENT == 3)); then\n", (*c)->name);
		zsh_describe((*c)->subcommands, "\t\t\t");
		puts("\t\tfi\n\t\tcommand+=\" $words[3]\"\n\t\tfirst=4\n\t\t;;");
	}
	puts("\tesac");
}

static void zsh_leaf(const struct tb_command *c)
{
	char title[TB_COMMAND_TITLE];
	const struct tb_option *o;

	printf("\t\"%s\")\n", tb_command_title(c, title));
	if (c->first_operand_model)
		printf("\t\tif ((CURRENT == first)) && [[ $words[CURRENT] != -* ]]; then\n"
		       "\t\t\tcompadd -- ${(f)\"$(%s)\"}\n\t\t\treturn\n\t\tfi\n",
		       models);
	fputs("\t\t_arguments '*:file:_files'", stdout);
	for (size_t i = 0; (o = tb_command_option(c, i)); i++) {
		printf(" \\\n\t\t\t'%s--%s%s[", o->repeatable ? "*" : "", o->name,
		       o->value ? "=" : "");
		put_plain(o->help);
		fputs("]", stdout);
		if (has_words(o)) {
			printf(":%s:(", o->value);
			put_words(o);
			putchar(')');
		} else if (o->value)
			printf(":%s:_files", o->value);
		putchar('\'');
	}
	puts("\n\t\t;;");
}

int tb_complete_zsh(void)
{
	const struct tb_command *c;

	puts("#compdef tokbill\n_tokbill() {\n\tlocal command=$words[2] first=3\n"
	     "\tif ((CURRENT == 2)); then");
	zsh_describe(tb_commands, "\t\t");
	puts("\tfi");
	zsh_groups();
	puts("\tcase $command in");
	for (size_t i = 0; (c = tb_command_leaf(i)); i++)
		zsh_leaf(c);
	puts("\tesac\n}\n_tokbill \"$@\"");
	return TB_EXIT_OK;
}

/* ---- fish ---- */

static void fish_command(const struct tb_command *c, const char *condition)
{
	printf("complete -c tokbill -n '%s' -a %s -d '", condition, c->name);
	put_plain(c->summary);
	puts("'");
}

static void fish_group(const struct tb_command *group)
{
	char condition[256];
	int n = snprintf(condition, sizeof(condition),
			 "__fish_seen_subcommand_from %s; and not __fish_seen_subcommand_from",
			 group->name);

	for (const struct tb_command *const *c = group->subcommands; *c; c++)
		n += snprintf(condition + n, sizeof(condition) - (size_t)n, " %s", (*c)->name);
	for (const struct tb_command *const *c = group->subcommands; *c; c++)
		fish_command(*c, condition);
}

static void fish_leaf(const struct tb_command *c)
{
	char condition[256];
	const struct tb_option *o;

	snprintf(condition, sizeof(condition), "%s%s%s__fish_seen_subcommand_from %s",
		 c->group ? "__fish_seen_subcommand_from " : "", c->group ? c->group : "",
		 c->group ? "; and " : "", c->name);
	if (c->first_operand_model)
		printf("complete -c tokbill -n '%s' -a '(%s)'\n", condition, models);
	for (size_t i = 0; (o = tb_command_option(c, i)); i++) {
		printf("complete -c tokbill -n '%s' -l %s", condition, o->name);
		if (o->letter)
			printf(" -s %c", o->letter);
		if (o->value)
			fputs(" -r", stdout);
		if (has_words(o)) {
			fputs(" -a '", stdout);
			put_words(o);
			putchar('\'');
		}
		fputs(" -d '", stdout);
		put_plain(o->help);
		puts("'");
	}
}

int tb_complete_fish(void)
{
	const struct tb_command *c;

	for (const struct tb_command *const *t = tb_commands; *t; t++) {
		fish_command(*t, "__fish_use_subcommand");
		if ((*t)->subcommands)
			fish_group(*t);
	}
	for (size_t i = 0; (c = tb_command_leaf(i)); i++)
		fish_leaf(c);
	return TB_EXIT_OK;
}
