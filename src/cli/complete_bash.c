/* complete - the script for bash. */
#include "cli/complete.h"

#include "cli/messages.h"

/*
 * Bash cuts words at = and : too, and replaces the last piece alone. So the words are put together
 * again: `cur` is what a candidate must begin with, `head` what stands before it in its word, and
 * `keep` the part of both that bash leaves as it is.
 */
static const char functions[] =
	"# bash completion for tokbill\n"
	"\n"
	"_tokbill_words() {\n"
	"\tlocal i last\n"
	"\twords=(\"${COMP_WORDS[0]}\")\n"
	"\tfor ((i = 1; i <= COMP_CWORD; i++)); do\n"
	"\t\tif ((i > 1)) && [[ ${COMP_WORDS[i]} == [:=] || ${COMP_WORDS[i - 1]} == [:=] ]]; then\n"
	"\t\t\twords[${#words[@]} - 1]+=${COMP_WORDS[i]}\n"
	"\t\telse\n"
	"\t\t\twords+=(\"${COMP_WORDS[i]}\")\n"
	"\t\tfi\n"
	"\tdone\n"
	"\tcword=$((${#words[@]} - 1)) cur=${words[${#words[@]} - 1]} prev=${words[${#words[@]} - 2]}\n"
	"\tlast=${COMP_WORDS[COMP_CWORD]}\n"
	"\t[[ $last != [:=] ]] || last=''\n"
	"\tkeep=${cur%\"$last\"}\n"
	"\tif [[ $cur == --*=* ]]; then\n"
	"\t\thead=${cur%%=*}= prev=${cur%%=*} cur=${cur#*=}\n"
	"\tfi\n"
	"}\n"
	"\n"
	"# Offers the lines of standard input that go on what is typed; quoted when asked.\n"
	"_tokbill_offer() {\n"
	"\tlocal line\n"
	"\twhile IFS= read -r line; do\n"
	"\t\t[[ $line == \"$cur\"* ]] || continue\n"
	"\t\t[[ -z $1 ]] || printf -v line %q \"$line\"\n"
	"\t\tline=$head$line\n"
	"\t\tCOMPREPLY+=(\"${line#\"$keep\"}\")\n"
	"\tdone\n"
	"}\n"
	"\n"
	"_tokbill_choose() { # WORD...\n"
	"\t_tokbill_offer < <(printf '%s\\n' \"$@\")\n"
	"}\n"
	"\n"
	"# What tokbill lists, with the rates that the line names.\n"
	"_tokbill_list() { # WHAT\n"
	"\tlocal i rates=()\n"
	"\tfor ((i = 1; i < cword; i++)); do\n"
	"\t\tcase ${words[i]} in\n"
	"\t\t--rates) rates+=(\"${words[i + 1]/#\\~\\//$HOME/}\") ;;\n"
	"\t\t--rates=*) rates+=(\"${words[i]#--rates=}\") ;;\n"
	"\t\tesac\n"
	"\tdone\n"
	"\tcompopt +o filenames 2>/dev/null\n"
	"\t_tokbill_offer quoted < <(tokbill --generate \"$1\" \"${rates[@]}\" 2>/dev/null)\n"
	"}\n"
	"\n"
	"# In a list the last item is what is typed.\n"
	"_tokbill_behind() { # SEPARATOR\n"
	"\t[[ $cur != *\"$1\"* ]] || { head+=${cur%\"$1\"*}$1 cur=${cur##*\"$1\"}; }\n"
	"}\n"
	"\n"
	"_tokbill() {\n"
	"\tlocal words=() cword cur prev head='' keep='' command first=2\n"
	"\tCOMPREPLY=()\n"
	"\t_tokbill_words\n"
	"\tcommand=${words[1]}\n";

static void put_commands(void)
{
	fputs("\tif ((cword == 1)); then\n\t\t_tokbill_choose ", stdout);
	tb_complete_put_names(tb_commands);
	puts("help --help --version\n\t\treturn\n\tfi\n"
	     "\tif [[ $command == help ]]; then\n"
	     "\t\tcommand=${words[2]} first=3\n"
	     "\t\t((cword > 2)) || {");
	fputs("\t\t\t_tokbill_choose ", stdout);
	tb_complete_put_names(tb_commands);
	puts("\n\t\t\treturn\n\t\t}\n\tfi");
}

static void put_groups(void)
{
	puts("\tcase $command in");
	for (const struct tb_command *const *c = tb_commands; *c; c++) {
		if (!(*c)->subcommands)
			continue;
		printf("\t%s)\n\t\tif ((cword == first)); then\n\t\t\t_tokbill_choose ",
		       (*c)->name);
		tb_complete_put_names((*c)->subcommands);
		puts("--help\n\t\t\treturn\n\t\tfi\n"
		     "\t\tcommand+=\" ${words[first++]}\"\n\t\t;;");
	}
	puts("\tesac\n\t[[ ${words[1]} != help ]] || return");
}

/* What an option takes, when it is known. */
static void put_value(const char *title, const struct tb_option *o)
{
	const char *listing = tb_complete_listing(o);
	char separator = tb_complete_separator(o);

	if (!listing && !tb_complete_has_words(o))
		return;
	printf("\t\"%s:--%s\"", title, o->name);
	if (o->letter)
		printf(" | \"%s:-%c\"", title, o->letter);
	puts(")");
	if (separator)
		printf("\t\t_tokbill_behind '%c'\n", separator);
	if (listing)
		printf("\t\t_tokbill_list %s", listing);
	else {
		fputs("\t\t_tokbill_choose ", stdout);
		tb_complete_put_words(o);
	}
	puts("\n\t\treturn\n\t\t;;");
}

static void put_values(void)
{
	char title[TB_COMMAND_TITLE];
	const struct tb_command *c;
	const struct tb_option *o;

	puts("\tcase $command:$prev in");
	for (size_t i = 0; (c = tb_command_leaf(i)); i++)
		for (size_t n = 0; (o = tb_command_option(c, n)); n++)
			put_value(tb_command_title(c, title), o);
	puts("\tesac");
}

static void put_options(void)
{
	char title[TB_COMMAND_TITLE];
	const struct tb_command *c;

	puts("\tif [[ -z $head && $cur == -* ]]; then\n\t\tcase $command in");
	for (size_t i = 0; (c = tb_command_leaf(i)); i++) {
		printf("\t\t\"%s\") _tokbill_choose ", tb_command_title(c, title));
		for (size_t n = 0; tb_command_option(c, n); n++)
			printf("--%s ", tb_command_option(c, n)->name);
		puts("--help ;;");
	}
	puts("\t\tesac\n\t\treturn\n\tfi");
}

static void put_operands(void)
{
	char title[TB_COMMAND_TITLE];
	const struct tb_command *c;

	puts("\tcase $command:$((cword - first)) in");
	for (size_t i = 0; (c = tb_command_leaf(i)); i++)
		if (c->first_operand_model)
			printf("\t\"%s:0\")\n\t\t_tokbill_list models\n\t\treturn\n\t\t;;\n",
			       tb_command_title(c, title));
	puts("\tesac\n\t_tokbill_offer < <(compgen -f -- \"$cur\")\n}\n\n"
	     "complete -o filenames -F _tokbill tokbill");
}

int tb_complete_bash(void)
{
	fputs(functions, stdout);
	put_commands();
	put_groups();
	put_values();
	put_options();
	put_operands();
	return TB_EXIT_OK;
}
