/*
 * reading - everything that reading a log gave, as one text, to hold ways of reading it against
 * each other: rows in the order of their lines, rejects as they came, problems, counts.
 *
 * Rows of the model "refused" are set aside, as if they had no price.
 */
#ifndef TB_TEST_READING_H
#define TB_TEST_READING_H

#include "stations.h"

enum { READING_THREADS_MAX = 3 };

/* Appends to `out`. The file must be there. */
void read_as_text(const char *path, const struct tb_row_options *options, struct tb_buf *out);

#endif
