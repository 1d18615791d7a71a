/*
 * zones - the names of the time zones that there are, for the completions.
 */
#ifndef TB_ZONES_H
#define TB_ZONES_H

/* Prints them, one to a line and in the order of their bytes; returns the exit code. */
int tb_zones_print(void);

#endif
