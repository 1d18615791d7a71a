/*
 * read_ahead - a source that one thread reads, and decodes, while another works on what it read
 * before.
 *
 * For what a single thread has to parse: pipes, and files in which quotes are not in order.
 */
#ifndef TB_READ_AHEAD_H
#define TB_READ_AHEAD_H

#include "logs/source.h"

struct tb_read_ahead;

/*
 * Begins to read on, up to so many bytes at once and a few times that in advance. Until
 * tb_read_ahead_end() nobody else may read the source, or ask it for anything but `raw`. NULL when
 * memory or threads are out: then without.
 */
struct tb_read_ahead *tb_read_ahead_begin(struct tb_source *source, size_t bytes);

/* As tb_source_read(), in the order of the source; p has room for the bytes of
 * tb_read_ahead_begin(). */
TB_MUST_CHECK enum tb_status tb_read_ahead_read(struct tb_read_ahead *a, char *p, size_t *got,
						struct tb_err *err);

/* At any time; NULL is nothing. */
void tb_read_ahead_end(struct tb_read_ahead *a);

#endif
