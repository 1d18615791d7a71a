/*
 * output - where a result goes and in which format: -f and -o, and what they mean together.
 */
#ifndef TB_OUTPUT_H
#define TB_OUTPUT_H

#include "base/outfile.h"
#include "cli/options.h"
#include "run/rejects.h"
#include "write/writer.h"

#include <sys/stat.h>

/* Zeroed: to standard output, as a table on a terminal and as CSV elsewhere. */
struct tb_output {
	const struct tb_writer *format; /* NULL: by the file's ending, or by what reads it */
	const char *path;               /* NULL: standard output */
	int round;                      /* decimals of amounts, or TB_MONEY_ROUND_NONE */
	bool quiet;
};

/* --output-format, --output, --round and --quiet; the ctx is a struct tb_output. */
extern const struct tb_option tb_output_option_rows[];

/* --output-format and --output alone. */
extern const struct tb_option tb_output_place_rows[];

/* -f and -o as they were typed. */
TB_MUST_CHECK enum tb_status tb_output_take_format(struct tb_output *o, const char *value,
						   struct tb_err *err);
void tb_output_take_path(struct tb_output *o, const char *value);

/* The regular file that would be written over; false where there is none, as without a path. */
bool tb_output_old(const char *path, struct stat *old);

/*
 * Refuses to write over one of the files that a run reads. `what` says what they are ("a rate
 * file"), `instead` what to choose otherwise ("-o").
 */
TB_MUST_CHECK enum tb_status tb_output_spare(const char *path, const char *const *read, size_t n,
					     const char *what, const char *instead,
					     struct tb_err *err);

/* TB_USAGE when -o has an ending that no format has, and -f does not say which it is to be. */
TB_MUST_CHECK enum tb_status tb_output_check(const struct tb_output *o, struct tb_err *err);

const struct tb_writer *tb_output_format(const struct tb_output *o);

/* What a writer has to know about the stream. */
struct tb_write_options tb_output_options(FILE *out);

/* Calls `write` with the stream; a file appears whole or not at all. */
TB_MUST_CHECK enum tb_status tb_output_write(const struct tb_output *o,
					     enum tb_status (*write)(void *ctx, FILE *out,
								     struct tb_err *err),
					     void *ctx, struct tb_err *err);

/* Other outputs of a run, prepared. Who made them settles them, or takes them back. */
struct tb_output_beside {
	enum tb_status (*place)(void *ctx, struct tb_err *err);
	void *ctx;
};

/*
 * The same; the others, unless NULL, get their names just before the file. To sweep what killed
 * processes have left is for the caller, who does it before any output is opened.
 */
TB_MUST_CHECK enum tb_status tb_output_write_beside(
	const struct tb_output *o,
	enum tb_status (*write)(void *ctx, FILE *out, struct tb_err *err), void *ctx,
	const struct tb_output_beside *others, struct tb_err *err);

/* The same with the rejects of the run, unless NULL, which are settled. */
TB_MUST_CHECK enum tb_status tb_output_with_rejects(const struct tb_output *o,
						    enum tb_status (*write)(void *ctx, FILE *out,
									    struct tb_err *err),
						    void *ctx, struct tb_rejects *rejects,
						    struct tb_err *err);

/* Who reads the result, by its format. */
enum tb_sheet_reader tb_output_reader(const struct tb_output *o);

/* The sheet, in the format that fits, with the rejects of the run, unless NULL. */
TB_MUST_CHECK enum tb_status tb_output_sheet(const struct tb_output *o,
					     const struct tb_sheet *sheet,
					     struct tb_rejects *rejects, struct tb_err *err);

/* Into a file that is prepared, and released when that fails; its name it gets from the caller. */
TB_MUST_CHECK enum tb_status tb_output_prepare_sheet(const struct tb_output *o,
						     const struct tb_sheet *sheet,
						     struct tb_outfile *file, struct tb_err *err);

#endif
