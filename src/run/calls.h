/*
 * calls - what a run has to say while it works: progress, warnings, notices. It prints nothing
 * itself.
 */
#ifndef TB_RUN_CALLS_H
#define TB_RUN_CALLS_H

#include "run/warning.h"

#include <stdint.h>

/* How far a pass has come. */
struct tb_run_progress {
	enum { TB_RUN_BEGINS, TB_RUN_READS, TB_RUN_ENDS } stage;
	uint64_t done;  /* bytes, as they are stored */
	uint64_t total; /* of all inputs; 0 when a pipe is among them */
};

/* What a run has to say while it works. Each may be NULL; texts are complete, without line end. */
struct tb_run_calls {
	/* A pass begins, reads on, or ends, well or not. There may be a second one. */
	void (*progress)(void *ctx, const struct tb_run_progress *p);
	/* What a person should look into, for it may change the bill. */
	void (*warn)(void *ctx, enum tb_warning kind, const char *text);
	/* What a reader of the bill should know; nothing is wrong. */
	void (*notice)(void *ctx, const char *text);
	void *ctx;
};

#endif
