/*
 * line_marks - a set of lines in numbered files, a bit each; threads may add to it together.
 */
#ifndef TB_LINE_MARKS_H
#define TB_LINE_MARKS_H

#include "base/err.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tb_line_file {
	uint64_t lines;                       /* are below this */
	atomic_uint_least64_t *_Atomic words; /* NULL while no line is in the set */
};

/* Zeroed is the empty set of no files. */
struct tb_line_marks {
	struct tb_line_file *files;
	size_t count;
	pthread_mutex_t lock;
	atomic_uint_least64_t marked;
};

/* An empty set for that many files, whose `lines` the caller sets next. False: memory is out. */
TB_MUST_CHECK bool tb_line_marks_init(struct tb_line_marks *m, size_t files);
void tb_line_marks_release(struct tb_line_marks *m);

/* Adds a line; false when memory is out. */
TB_MUST_CHECK bool tb_line_marks_add(struct tb_line_marks *m, size_t file, uint64_t line);

/* Whether any line of the file is in the set. */
static inline bool tb_line_marks_any(const struct tb_line_marks *m, size_t file)
{
	return file < m->count && m->files[file].words;
}

static inline bool tb_line_marks_has(const struct tb_line_marks *m, size_t file, uint64_t line)
{
	return tb_line_marks_any(m, file) && line < m->files[file].lines &&
	       m->files[file].words[line / 64] >> line % 64 & 1;
}

/* The first line of the set from `line` on and below `end`; `end` where there is none. */
uint64_t tb_line_marks_next(const struct tb_line_marks *m, size_t file, uint64_t line,
			    uint64_t end);

#endif
