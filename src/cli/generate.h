/*
 * generate - the manual page and the shell completions, from the tables that the commands use.
 */
#ifndef TB_GENERATE_H
#define TB_GENERATE_H

/* Prints what `what` names (man, bash, zsh, fish, models); returns the exit code. */
int tb_generate(const char *what);

#endif
