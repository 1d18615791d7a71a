/*
 * window - the bytes of a log that are in memory, and the record being read in them.
 *
 * What lies before `begin` is done with; bytes from there on stay for the next window. Internal to
 * logs.
 */
#ifndef TB_WINDOW_H
#define TB_WINDOW_H

#include "base/text.h"

struct tb_window {
	/* The record being read begins at buf[begin], its next line at buf[next].
	 * TB_INDEX_PADDING bytes after the end are readable, and one is writable. */
	char *buf;
	size_t begin, next, end;
	bool at_end; /* the source has no more bytes */

	uint64_t line;        /* number of the next line */
	uint64_t end_line;    /* no line of the window has this number; UINT64_MAX: not known */
	uint64_t record_line; /* number of the record's first line */
	uint64_t field_line;  /* number of the line its latest field ended in */
};

/* What comes next begins a record. */
static inline void tb_window_begin_record(struct tb_window *w)
{
	w->begin = w->next;
	w->record_line = w->field_line = w->line;
}

#endif
