#include "agree.h"

#include "../unit/reading.h"
#include "fuzz.h"

#include <stdio.h>

_Static_assert((int)FUZZ_THREADS_MAX == (int)READING_THREADS_MAX, "as many threads as are read");

struct fuzz_ways fuzz_ways(unsigned choice)
{
	static const size_t blocks[] = {7, 63, 64, 65, 200, 1000, 0};
	struct fuzz_ways w = {.block = blocks[choice % LENGTH(blocks)],
			      .threads = choice / LENGTH(blocks) % FUZZ_THREADS_MAX + 1};

	w.lane_count = tb_csv_indexer_all(w.lanes, LENGTH(w.lanes));
	return w;
}

static void compare(const char *path, const struct tb_buf *whole,
		    const struct tb_row_options *options)
{
	struct tb_buf other = {0};

	read_as_text(path, options, &other);
	if (strcmp(whole->p, other.p) != 0)
		fprintf(stderr,
			"%s lane, block %zu, %zu threads gave\n%s\nand csv_strict alone\n%s\n",
			options->reading.lane->name, options->reading.block,
			options->reading.threads, other.p, whole->p);
	EXPECT(strcmp(whole->p, other.p) == 0);
	tb_buf_release(&other);
}

void fuzz_lanes_agree(const char *path, struct tb_row_options options, unsigned choice)
{
	struct fuzz_ways ways = fuzz_ways(choice);
	struct tb_buf whole = {0};

	options.reading.strict = true;
	read_as_text(path, &options, &whole);
	options.reading.strict = false;
	options.reading.block = ways.block;
	options.reading.threads = ways.threads;
	for (size_t l = 0; l < ways.lane_count; l++) {
		options.reading.lane = ways.lanes[l];
		compare(path, &whole, &options);
	}
	tb_buf_release(&whole);
}
