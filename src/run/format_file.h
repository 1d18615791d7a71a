/*
 * format_file - log formats of the user's own, from INI files: one [format NAME] section each, with
 * `FIELD = COLUMN` lines and conventions.
 */
#ifndef TB_FORMAT_FILE_H
#define TB_FORMAT_FILE_H

#include "base/problems.h"
#include "base/zone.h"
#include "usage/userformat.h"

/* All of a run. Zeroed is empty. */
struct tb_user_formats {
	const struct tb_logformat **named; /* those of files; ends with NULL, or is it */
	size_t named_count, named_cap;
	struct tb_user_format **made; /* what they live in */
	size_t made_count, made_cap;
	struct tb_zone **zones;
	size_t zone_count, zone_cap;
	struct tb_arena arena;
};

/* One more, empty, that is released with all; NULL when memory is out. */
struct tb_user_format *tb_user_formats_add(struct tb_user_formats *all);

/* Adds the formats of a file. What is wrong with it goes to `problems` (status TB_CONFIG). */
TB_MUST_CHECK enum tb_status tb_format_file_read(struct tb_user_formats *all, const char *path,
						 struct tb_problems *problems, struct tb_err *err);

void tb_user_formats_release(struct tb_user_formats *all);

#endif
