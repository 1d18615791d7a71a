/*
 * complete - the shell completions, from the tables that the commands use.
 *
 * The scripts hold the names of commands and options and the words that options take; names of
 * models, vendors and time zones they ask `tokbill --generate` for when a key is pressed, for the
 * rates may have changed since, and --rates may name others on the line that is being typed.
 */
#ifndef TB_COMPLETE_H
#define TB_COMPLETE_H

#include "cli/options.h"

/* Each prints to standard output and returns the exit code. */
int tb_complete_bash(void);
int tb_complete_zsh(void);
int tb_complete_fish(void);

/* ---- what the three have in common ---- */

/* What `tokbill --generate` lists that an option takes, such as "models"; else NULL. */
const char *tb_complete_listing(const struct tb_option *option);

/* Whether an option takes words that are known beforehand. */
bool tb_complete_has_words(const struct tb_option *option);

/* Prints them with blanks between them. */
void tb_complete_put_words(const struct tb_option *option);

/*
 * The character after which an option's value begins anew: the comma of a list, the = of a move;
 * '\0' when there is none.
 */
char tb_complete_separator(const struct tb_option *option);

/* Prints the names of commands, each with a blank after it. */
void tb_complete_put_names(const struct tb_command *const *list);

/* Prints the first line of a help text, without the marks that would end a quoted word. */
void tb_complete_put_plain(const char *help);

#endif
