/*
 * rejects - the rows set aside: one file per input, byte for byte under the input's own header,
 * with the columns reject_line and reject_reason behind. Such a file can be fed back to report.
 */
#ifndef TB_REJECTS_H
#define TB_REJECTS_H

#include "base/outfile.h"
#include "logs/reader.h"

struct tb_rejects;

/*
 * Rejects of `sources` go to files in `dir`, which is made when it is missing: those of usage.csv
 * to usage.rejects.csv, of logs/usage.csv to logs+usage.rejects.csv, and of a log outside the
 * current directory to the whole of its path. A file takes the place of an earlier run's for the
 * same log, and of no other's.
 */
TB_MUST_CHECK enum tb_status tb_rejects_new(const char *dir, const struct tb_source *sources,
					    size_t n, struct tb_rejects **out, struct tb_err *err);

/* Takes back what is not settled. */
void tb_rejects_free(struct tb_rejects *r);

/* Drops what was written so far of an input, to begin it again. */
void tb_rejects_restart(struct tb_rejects *r, size_t file);

/* The header of an input: its bytes, and whether its lines end in CRLF. */
TB_MUST_CHECK enum tb_status tb_rejects_header(struct tb_rejects *r, size_t file,
					       struct tb_span raw, bool crlf, struct tb_err *err);

TB_MUST_CHECK enum tb_status tb_rejects_put(struct tb_rejects *r, size_t file,
					    const struct tb_reject *reject, struct tb_err *err);

/* Brings all files to the disk; place then gives them their names. */
TB_MUST_CHECK enum tb_status tb_rejects_prepare(struct tb_rejects *r, struct tb_err *err);

/*
 * An input without rejects has no rejects file: one left from an earlier run is removed, lest it
 * be billed again. Until tb_rejects_keep() all of it is taken back by tb_rejects_free().
 */
TB_MUST_CHECK enum tb_status tb_rejects_place(struct tb_rejects *r, struct tb_err *err);
void tb_rejects_keep(struct tb_rejects *r);

/* How many inputs there are. */
size_t tb_rejects_count(const struct tb_rejects *r);

/* Between place and keep: whether a file of an earlier run goes away, because this one has none. */
bool tb_rejects_stale(const struct tb_rejects *r, size_t file);

/* Whether rows of an input were set aside, and the name of the file they are in. */
bool tb_rejects_written(const struct tb_rejects *r, size_t file);
const char *tb_rejects_path(const struct tb_rejects *r, size_t file);

#endif
