/*
 * interrupt - SIGINT, SIGTERM, SIGHUP and SIGPIPE end a run in order: temporary files go, then
 * the signal takes its usual effect.
 */
#ifndef TB_INTERRUPT_H
#define TB_INTERRUPT_H

#include <stdatomic.h>
#include <stdbool.h>

void tb_interrupt_install(void);

/* Not 0 once a signal came; any thread may look. */
const atomic_int *tb_interrupt_flag(void);

/* Whether the reader of our output has gone: nobody wants to hear of it. */
bool tb_interrupt_silent(void);

/* Dies of the signal that came; returns when none did. */
void tb_interrupt_finish(void);

#endif
