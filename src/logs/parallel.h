/*
 * parallel - one log on several threads.
 *
 * The file is cut into blocks of whole records. One thread at a time fills a block, any of them
 * parse; what they count is merged by the caller, so the order does not matter. Only rows that are
 * set aside keep to it: a thread that meets one waits until all blocks before its own are done.
 * Where reading fails, what was read before is parsed first, as on one thread.
 *
 * Where a record ends is told by the quotes before it, beginning at the start of its block. When
 * quotes are not in order this can be wrong, which shows: the block's last record is then not
 * complete, or no record ends in a whole block. *regular is then false, nothing counts, and the
 * log must be read on one thread. Internal to logs.
 */
#ifndef TB_PARALLEL_H
#define TB_PARALLEL_H

#include "logs/parser.h"
#include "logs/source.h"

/* Reads on after the header that `head` has read; its counts get those of all threads. */
TB_MUST_CHECK enum tb_status tb_parallel_read(struct tb_source *source,
					      const struct tb_read_options *options,
					      struct tb_parser *head, bool *regular);

#endif
