/*
 * generate - what others are made of: manual pages, shell completions, and the lists that these
 * ask for. `tokbill --generate WHAT` is for the Makefile and for completions, not for people.
 */
#ifndef TB_GENERATE_H
#define TB_GENERATE_H

/*
 * args: what to print, then what that takes; ends with NULL. Returns the exit code.
 *
 *	page             standard input, a page of src/cli/man, with its tables filled in
 *	bash, zsh, fish  the completion for that shell
 *	models [FILE...], providers [FILE...]  what the rate files, else the rates in use, hold
 *	zones            the time zones that there are
 */
int tb_generate(const char *const *args);

#endif
