/*
 * format_options - what is said on the command line of the logs' format: --format, --map, --ignore,
 * --format-file and --on-date.
 */
#ifndef TB_FORMAT_OPTIONS_H
#define TB_FORMAT_OPTIONS_H

#include "run/format_file.h"
#include "cli/options.h"
#include "usage/columns.h"

enum { TB_FORMAT_FILES_MAX = 16, TB_MAPS_MAX = 64, TB_IGNORED_MAX = 64 };

/* Zeroed says nothing. */
struct tb_format_options {
	const char *name; /* --format */
	const char *files[TB_FORMAT_FILES_MAX];
	size_t file_count;
	const char *maps[TB_MAPS_MAX]; /* each F=C,... */
	size_t map_count;
	const char *ignored[TB_IGNORED_MAX]; /* columns */
	size_t ignored_count;

	/* Made by load. */
	struct tb_format_choice choice;
	struct tb_user_formats own;
};

/* The ctx is a struct tb_format_options. */
extern const struct tb_option tb_format_option_rows[];

/* Reads the format files and works out the choice. Faults of the files go to `problems`. */
TB_MUST_CHECK enum tb_status tb_format_options_load(struct tb_format_options *o,
						    struct tb_problems *problems,
						    struct tb_err *err);

void tb_format_options_release(struct tb_format_options *o);

#endif
