/*
 * csvlane - RFC 4180 records through libcsv, one physical line at a time.
 *
 * The reader cuts the lines (so that it can count them) and hands over bytes that are free of
 * NUL, bare CR and broken UTF-8.
 */
#ifndef TB_CSVLANE_H
#define TB_CSVLANE_H

#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>

struct tb_csvlane;

enum tb_csv_result {
	TB_CSV_MORE,   /* the line ended inside quotes: the record goes on in the next one */
	TB_CSV_RECORD, /* a record is complete */
	TB_CSV_BROKEN, /* tb_csvlane_fault() says why */
	TB_CSV_NOMEM,
};

struct tb_csvlane *tb_csvlane_new(void); /* NULL when memory is out */
void tb_csvlane_free(struct tb_csvlane *lane);

/* Only columns with wanted[column] != 0 are kept; all of them while `wanted` is NULL. */
void tb_csvlane_want(struct tb_csvlane *lane, const unsigned char *wanted, size_t columns);

/* Forgets a record that was begun, whatever state it is in. To be called before each record. */
void tb_csvlane_begin(struct tb_csvlane *lane);

/* One line with its line feed. */
enum tb_csv_result tb_csvlane_feed(struct tb_csvlane *lane, const char *line, size_t n);

/* Fields of the record so far. */
size_t tb_csvlane_count(const struct tb_csvlane *lane);

/* Empty fields behind those of a complete record, up to `n`, which is at most TB_COLUMNS_MAX. */
void tb_csvlane_fill_up(struct tb_csvlane *lane, size_t n);

/* The kept fields of a complete record, by column; valid until the next begin. */
const struct tb_span *tb_csvlane_cells(const struct tb_csvlane *lane);

/* Why the record is broken, and in which column (counted from 0). */
const char *tb_csvlane_fault(const struct tb_csvlane *lane, size_t *column);

/* How far into the last line the lane got before it broke. */
size_t tb_csvlane_broke_at(const struct tb_csvlane *lane);

#endif
