/*
 * agree - the ways of reading a log, held against each other.
 */
#ifndef TB_FUZZ_AGREE_H
#define TB_FUZZ_AGREE_H

#include "logs/csv_index.h"
#include "usage/row_reader.h"

enum { FUZZ_LANES_MAX = 4, FUZZ_THREADS_MAX = 3 };

/* How a log is read, none of which changes a result; the numbers come from the input. */
struct fuzz_ways {
	const struct tb_csv_indexer *lanes[FUZZ_LANES_MAX]; /* all that this machine has */
	size_t lane_count;
	size_t block, threads;
};

struct fuzz_ways fuzz_ways(unsigned choice);

/* Each lane, in such blocks on such threads, gives what csv_strict alone gives of the whole file.
 */
void fuzz_lanes_agree(const char *path, struct tb_row_options options, unsigned choice);

#endif
