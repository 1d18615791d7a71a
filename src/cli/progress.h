/*
 * progress - a bar on standard error while a terminal watches a long run.
 */
#ifndef TB_PROGRESS_H
#define TB_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct tb_progress {
	bool on;
	uint64_t total; /* bytes; 0 when unknown */
	uint64_t done;
	struct timespec began, shown;
	bool visible; /* something stands on the line */
};

void tb_progress_start(struct tb_progress *p, bool quiet, uint64_t total);
void tb_progress_set(struct tb_progress *p, uint64_t done); /* bytes done by now */
void tb_progress_stop(struct tb_progress *p);               /* clears the line */

#endif
