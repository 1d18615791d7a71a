/*
 * parallel_for - pieces of work that threads take in turns.
 */
#ifndef TB_PARALLEL_FOR_H
#define TB_PARALLEL_FOR_H

#include <stddef.h>

/*
 * Calls work(ctx, i) for each i below `pieces`, on at most `threads` threads, this one among them.
 * A piece is begun after all before it were, so one may wait for an earlier one to be done.
 * Returns when all are done. Where the system grants fewer threads, there are fewer.
 */
void tb_parallel_for(size_t threads, size_t pieces, void (*work)(void *ctx, size_t i), void *ctx);

#endif
