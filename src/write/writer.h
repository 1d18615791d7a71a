/*
 * writer - the formats a report can be written in. One file each; this is their list.
 */
#ifndef TB_WRITER_H
#define TB_WRITER_H

#include "report/grid.h"
#include "report/model.h"
#include "report/comparison.h"

#include <stdio.h>

struct tb_json;

struct tb_write_options {
	bool color;
	size_t width; /* columns of the terminal; 0 is no limit */
	bool utf8;    /* the locale can show more than ASCII */
	bool visible; /* control characters in texts are shown, not passed on: a terminal reads */
};

struct tb_writer {
	const char *name;   /* for -f */
	const char *ending; /* of file names, with its dot */
	/* Failures of the stream are left for the caller to check; others are memory. */
	enum tb_status (*write)(const struct tb_report *r, const struct tb_write_options *o,
				FILE *out, struct tb_err *err);
	enum tb_status (*write_grid)(const struct tb_grid *g, const struct tb_write_options *o,
				     FILE *out, struct tb_err *err);
	enum tb_status (*write_comparison)(const struct tb_comparison *v,
					   const struct tb_write_options *o, FILE *out,
					   struct tb_err *err);
};

extern const struct tb_writer tb_writers[];
extern const size_t tb_writer_count;

/* By name, or by the ending of a file name; NULL when there is none. */
const struct tb_writer *tb_writer_named(const char *name);
const struct tb_writer *tb_writer_for_file(const char *path);

enum tb_status tb_write_csv(const struct tb_report *r, const struct tb_write_options *o, FILE *out,
			    struct tb_err *err);
enum tb_status tb_write_json(const struct tb_report *r, const struct tb_write_options *o, FILE *out,
			     struct tb_err *err);
enum tb_status tb_write_table(const struct tb_report *r, const struct tb_write_options *o,
			      FILE *out, struct tb_err *err);
enum tb_status tb_write_grid_csv(const struct tb_grid *g, const struct tb_write_options *o,
				 FILE *out, struct tb_err *err);
enum tb_status tb_write_grid_json(const struct tb_grid *g, const struct tb_write_options *o,
				  FILE *out, struct tb_err *err);
enum tb_status tb_write_grid_table(const struct tb_grid *g, const struct tb_write_options *o,
				   FILE *out, struct tb_err *err);

enum tb_status tb_write_comparison_csv(const struct tb_comparison *v,
				       const struct tb_write_options *o, FILE *out,
				       struct tb_err *err);
enum tb_status tb_write_comparison_json(const struct tb_comparison *v,
					const struct tb_write_options *o, FILE *out,
					struct tb_err *err);
enum tb_status tb_write_comparison_table(const struct tb_comparison *v,
					 const struct tb_write_options *o, FILE *out,
					 struct tb_err *err);

/* The facts of a run, as "run": {...}. */
void tb_json_facts(struct tb_json *j, const struct tb_grouping *grouping,
		   const struct tb_facts *facts, int round);

/*
 * One CSV field: quoted where it must be, and with ' before what a spreadsheet would calculate.
 * False when there was no memory to make all of it visible, where that is asked.
 */
TB_MUST_CHECK bool tb_csv_put_text(FILE *out, struct tb_span s, bool visible);

#endif
