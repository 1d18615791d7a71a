/* complete - the script for zsh. */
#include "cli/complete.h"

#include "cli/messages.h"

static const char functions[] =
	"#compdef tokbill\n"
	"# What tokbill lists, with the rates that the line names; in a list the last item is typed.\n"
	"_tokbill_list() { # WHAT [SEPARATOR]\n"
	"\tlocal -a found rates\n"
	"\tlocal i\n"
	"\t[[ -z $2 ]] || compset -P \"*$2\"\n"
	"\tfor ((i = 2; i < CURRENT; i++)); do\n"
	"\t\tcase $words[i] in\n"
	"\t\t--rates) rates+=(${(Q)words[i+1]/#\\~\\//$HOME/}) ;;\n"
	"\t\t--rates=*) rates+=(${(Q)words[i]#--rates=}) ;;\n"
	"\t\tesac\n"
	"\tdone\n"
	"\tfound=(${(f)\"$(tokbill --generate $1 $rates 2>/dev/null)\"})\n"
	"\tcompadd -a found\n"
	"}\n"
	"_tokbill_choose() { # SEPARATOR WORD...\n"
	"\tcompset -P \"*$1\"\n"
	"\tcompadd -- ${@:2}\n"
	"}\n"
	"_tokbill() {\n"
	"\tlocal command=$words[2] first=3\n";

static void put_description(const struct tb_command *const *list, const char *indent)
{
	printf("%slocal -a commands=(\n", indent);
	for (; *list; list++) {
		printf("%s\t'%s:", indent, (*list)->name);
		tb_complete_put_plain((*list)->summary);
		puts("'");
	}
}

static void put_commands(void)
{
	puts("\tif ((CURRENT == 2)); then");
	put_description(tb_commands, "\t\t");
	puts("\t\t\t'help:What a command does'\n\t\t)\n"
	     "\t\t_describe command commands\n\t\treturn\n\tfi\n"
	     "\tif [[ $command == help ]]; then\n\t\tcommand=$words[3] first=4\n"
	     "\t\tif ((CURRENT == 3)); then");
	put_description(tb_commands, "\t\t\t");
	puts("\t\t\t)\n\t\t\t_describe command commands\n\t\t\treturn\n\t\tfi\n\tfi");
}

static void put_groups(void)
{
	puts("\tcase $command in");
	for (const struct tb_command *const *c = tb_commands; *c; c++) {
		if (!(*c)->subcommands)
			continue;
		printf("\t%s)\n\t\tif ((CURRENT == first)); then\n", (*c)->name);
		put_description((*c)->subcommands, "\t\t\t");
		puts("\t\t\t)\n\t\t\t_describe command commands\n\t\t\treturn\n\t\tfi\n"
		     "\t\tcommand+=\" $words[first]\"\n\t\t((first++))\n\t\t;;");
	}
	puts("\tesac\n\t[[ $words[2] != help ]] || return");
}

/*
 * ":NAME:ACTION". A blank before an action keeps _arguments from putting words of its own into it.
 */
static void put_action(const struct tb_option *o)
{
	const char *listing = tb_complete_listing(o);
	char separator = tb_complete_separator(o);

	printf(":%s:", o->value);
	if (listing) {
		printf(" _tokbill_list %s", listing);
		if (separator)
			printf(" %c", separator);
	} else if (tb_complete_has_words(o)) {
		if (separator)
			printf(" _tokbill_choose %c ", separator);
		else
			putchar('(');
		tb_complete_put_words(o);
		if (!separator)
			putchar(')');
	} else
		fputs(o->choices ? "_files" : " ", stdout);
}

/* An option with a letter is given once for both names; unless it may be repeated they exclude each
 * other. */
static void put_option(const struct tb_option *o)
{
	const char *value = o->value ? "=" : "", *letter = o->value ? "+" : "";

	if (o->letter && o->repeatable)
		printf(" \\\n\t\t\t'*'{-%c%s,--%s%s}'[", o->letter, letter, o->name, value);
	else if (o->letter)
		printf(" \\\n\t\t\t'(-%c --%s)'{-%c%s,--%s%s}'[", o->letter, o->name, o->letter,
		       letter, o->name, value);
	else
		printf(" \\\n\t\t\t'%s--%s%s[", o->repeatable ? "*" : "", o->name, value);
	tb_complete_put_plain(o->help);
	putchar(']');
	if (o->value)
		put_action(o);
	putchar('\'');
}

static void put_leaf(const struct tb_command *c)
{
	char title[TB_COMMAND_TITLE];
	const struct tb_option *o;

	printf("\t\"%s\")\n", tb_command_title(c, title));
	if (c->first_operand_model)
		puts("\t\tif ((CURRENT == first)) && [[ $words[CURRENT] != -* ]]; then\n"
		     "\t\t\t_tokbill_list models\n\t\t\treturn\n\t\tfi");
	fputs("\t\t_arguments '*:file:_files'", stdout);
	for (size_t i = 0; (o = tb_command_option(c, i)); i++)
		put_option(o);
	puts("\n\t\t;;");
}

int tb_complete_zsh(void)
{
	const struct tb_command *c;

	fputs(functions, stdout);
	put_commands();
	put_groups();
	puts("\tcase $command in");
	for (size_t i = 0; (c = tb_command_leaf(i)); i++)
		put_leaf(c);
	puts("\tesac\n}\n_tokbill \"$@\"");
	return TB_EXIT_OK;
}
