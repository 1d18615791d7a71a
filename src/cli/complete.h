/*
 * complete - the shell completions, from the tables that the commands use.
 */
#ifndef TB_COMPLETE_H
#define TB_COMPLETE_H

/* Each prints to standard output and returns the exit code. */
int tb_complete_bash(void);
int tb_complete_zsh(void);
int tb_complete_fish(void);

#endif
