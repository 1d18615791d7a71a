/*
 * reader - one log, from its source to the records that a sink takes.
 *
 * Memory does not grow with the log. What the records mean is the sink's to know; struct tb_sink is
 * the contract between the two.
 */
#ifndef TB_READER_H
#define TB_READER_H

#include "logs/read_options.h"
#include "logs/sink.h"
#include "logs/source.h"

/*
 * Reads a whole source. Records come in no certain order when there are several threads. What keeps
 * all of it from being read as CSV goes to `problems` (status TB_DATA), single bad records to
 * sink->reject. `counts` are added to.
 */
TB_MUST_CHECK enum tb_status tb_reader_run(struct tb_source *source,
					   const struct tb_read_options *options,
					   const struct tb_sink *sink,
					   struct tb_read_counts *counts,
					   struct tb_problems *problems, struct tb_err *err);

/* Reads no further than the header: sink->header and sink->progress are called, nothing else. */
TB_MUST_CHECK enum tb_status tb_reader_look(struct tb_source *source,
					    const struct tb_read_options *options,
					    const struct tb_sink *sink,
					    struct tb_problems *problems, struct tb_err *err);

#endif
