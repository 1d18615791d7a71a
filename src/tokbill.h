/*
 * tokbill.h - LLM usage logs into money, as a library. For C and C++; compile and link with what
 * `pkg-config --cflags --libs tokbill` says.
 *
 *	tb_error *error = NULL;
 *	tb_book *book = tb_book_open(NULL, 0, &error);         // the built-in prices
 *	tb_run *run = tb_run_open(book, &error);
 *
 *	if (run && tb_run_group_by(run, "model", &error) == TB_DONE &&
 *	    tb_run_add_log(run, "usage.csv", &error) == TB_DONE &&
 *	    tb_run_bill(run, &error) == TB_DONE)
 *		tb_sheet_write(tb_run_sheet(run), tb_writer_find("csv"), stdout, &error);
 *	if (error)
 *		fprintf(stderr, "%s\n", tb_error_text(error));
 *	tb_error_close(error);
 *	tb_run_close(run);
 *	tb_book_close(book);
 *
 * The library prints nothing, ends no process and keeps no state of its own: objects that are not
 * shared may be used on different threads. What is opened is closed by the caller; to close NULL is
 * nothing. Texts that are returned belong to the object that they were asked of.
 */
#ifndef TOKBILL_H
#define TOKBILL_H

#include <stddef.h>
#include <stdio.h>

#define TOKBILL_VERSION_MAJOR 0
#define TOKBILL_VERSION_MINOR 1
#define TOKBILL_VERSION_PATCH 0
#define TOKBILL_VERSION       "0.1.0"

#if defined(__GNUC__)
#define TB_PUBLIC __attribute__((visibility("default")))
#else
#define TB_PUBLIC
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the library that is linked, which may be newer than TOKBILL_VERSION. */
TB_PUBLIC const char *tb_version(void);

/* ---- failures ---- */

/* As the command's exit codes are. */
enum tb_result {
	TB_DONE = 0,
	TB_WRONG_CALL = 64,   /* what was asked for cannot be */
	TB_BAD_DATA = 65,     /* a log has rows that cannot be billed */
	TB_NO_INPUT = 66,     /* a log is missing or cannot be read */
	TB_FAILED_CHECK = 70, /* a check on the library's own work failed, or memory ran out */
	TB_NO_OUTPUT = 74,    /* reading or writing failed half-way */
	TB_BAD_RATES = 78,    /* a rate file cannot be used */
};

/*
 * Why a call failed. Calls fill in *error when they fail, unless `error` is NULL or *error is
 * something already.
 */
typedef struct tb_error tb_error;
TB_PUBLIC int tb_error_code(const tb_error *error);

/* Complete, one or several lines without the last line's end: each names file and line. */
TB_PUBLIC const char *tb_error_text(const tb_error *error);
TB_PUBLIC void tb_error_close(tb_error *error);

/* ---- prices ---- */

typedef struct tb_book tb_book;

/*
 * Rate files in order, of which a later [MODEL] replaces an earlier; "built-in" names the prices
 * that are compiled in, and so does no file at all. NULL when they cannot be used.
 */
TB_PUBLIC tb_book *tb_book_open(const char *const *paths, size_t n, tb_error **error);
TB_PUBLIC void tb_book_close(tb_book *book);

/* ---- a bill ---- */

typedef struct tb_bill tb_run;

/* The book must outlive the bill. A row for each day and model, unless it is grouped otherwise. */
TB_PUBLIC tb_run *tb_run_open(const tb_book *book, tb_error **error);
TB_PUBLIC void tb_run_close(tb_run *run);

/* `column` is date, model, provider, tier, or a column of the logs. The first call replaces what
 * rows are grouped by, the next ones add to it. */
TB_PUBLIC int tb_run_group_by(tb_run *run, const char *column, tb_error **error);

/* A file, a directory or a pattern, as the command takes them. */
TB_PUBLIC int tb_run_add_log(tb_run *run, const char *path, tb_error **error);

/* Gets what a person should know of the logs, a line each without its end. NULL for nobody. */
TB_PUBLIC void tb_run_on_message(tb_run *run, void (*message)(void *ctx, const char *text),
				 void *ctx);

/* Reads the logs, to be called once. A row that cannot be billed makes all of it fail. */
TB_PUBLIC int tb_run_bill(tb_run *run, tb_error **error);

/* ---- the sheet that a bill is, once it was run ---- */

typedef struct tb_sheet tb_sheet;

/* Belongs to the bill; NULL before it was run. */
TB_PUBLIC const tb_sheet *tb_run_sheet(const tb_run *run);

TB_PUBLIC size_t tb_sheet_columns(const tb_sheet *sheet);

/* Its name, as in the header of CSV; columns count from 0. */
TB_PUBLIC const char *tb_sheet_column_name(const tb_sheet *sheet, size_t column);

typedef struct tb_row tb_row;

/*
 * The text of a cell: amounts are exact decimals with a point. Writes as much of it as fits into
 * `size` bytes with a NUL, and returns how long it is, as snprintf() does.
 */
TB_PUBLIC size_t tb_row_text(const tb_row *row, size_t column, char *text, size_t size);

/* Calls `each` for every row in order until it returns other than 0, and returns that, or a code of
 * enum tb_result. A row is gone when the call ends. */
TB_PUBLIC int tb_sheet_walk(const tb_sheet *sheet, int (*each)(void *ctx, const tb_row *row),
			    void *ctx, tb_error **error);

/* ---- formats ---- */

typedef struct tb_writer tb_writer;

/* "csv", "json", "table", "markdown"; NULL when there is none of that name. */
TB_PUBLIC const tb_writer *tb_writer_find(const char *name);

/* Writes and flushes the sheet. */
TB_PUBLIC int tb_sheet_write(const tb_sheet *sheet, const tb_writer *writer, FILE *out,
			     tb_error **error);

#ifdef __cplusplus
}
#endif

#endif
