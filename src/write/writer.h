/*
 * writer - the formats in which a sheet can be written.
 *
 * A format is one file with one function, and one row below; options, help and completion read the
 * rows. A writer knows what a sheet is (report/sheet.h) and not what it is about.
 */
#ifndef TB_WRITER_H
#define TB_WRITER_H

#include "report/sheet.h"

#include <stdio.h>

/*
 * Every format, a row each. Its function is tb_write_NAME.
 *
 *   WRITER(name, ending, reader)
 *
 * name    for -f
 * ending  of file names, with its dot
 * reader  who reads it: amounts are exact for programs, and rounded for people
 */
#define TB_WRITER_ROWS(WRITER)                                                                     \
	WRITER(csv, ".csv", TB_READ_BY_PROGRAMS)                                                   \
	WRITER(json, ".json", TB_READ_BY_PROGRAMS)                                                 \
	WRITER(table, ".txt", TB_READ_BY_PEOPLE)                                                   \
	WRITER(markdown, ".md", TB_READ_BY_PEOPLE)                                                 \
	WRITER(html, ".html", TB_READ_BY_PEOPLE)

struct tb_write_options {
	bool color;
	size_t width; /* columns of the terminal; 0 is no limit */
	bool utf8;    /* the locale can show more than ASCII */
	bool visible; /* control characters in texts are shown, not passed on: a terminal reads */
};

/*
 * Writes the sheets to a stream, whose failures are left for the caller to check; others are
 * memory. What holds one table alone, as CSV does, gets the first sheet.
 */
typedef enum tb_status tb_write(const struct tb_sheets *sheets, const struct tb_write_options *o,
				FILE *out, struct tb_err *err);

struct tb_writer {
	const char *name;
	const char *ending;
	enum tb_sheet_reader reader;
	tb_write *write;
};

extern const struct tb_writer tb_writers[];
extern const size_t tb_writer_count;

/* By name, or by the ending of a file name; NULL when there is none. */
const struct tb_writer *tb_writer_named(const char *name);
const struct tb_writer *tb_writer_for_file(const char *path);

#define TB_WRITER_FUNCTION(name, ...) tb_write tb_write_##name;
TB_WRITER_ROWS(TB_WRITER_FUNCTION)

#endif
