/*
 * read_options - how a log is read, and what of it.
 */
#ifndef TB_READ_OPTIONS_H
#define TB_READ_OPTIONS_H

#include "base/line_marks.h"
#include "logs/csv_index.h"

/* Zeroed: all of it, on one thread, in blocks of the usual size, by what is fastest here. */
struct tb_read_options {
	/* None of these changes a result; tests hold them against each other. */
	size_t threads;                    /* 0 and 1 are one */
	size_t block;                      /* bytes to read at once; 0 is the default */
	const struct tb_csv_indexer *lane; /* NULL is the fastest on this machine */
	bool strict;                       /* csv_strict reads every record */

	/* Unless NULL: only the records that begin in the lines marked for this file, each of which
	 * must have been read before. */
	const struct tb_line_marks *only;
	size_t file;
};

#endif
