/*
 * csv_strict - RFC 4180 records through libcsv, one physical line at a time.
 *
 * The reader cuts the lines (so that it can count them) and hands over bytes that are free of
 * NUL, bare CR and broken UTF-8.
 */
#ifndef TB_CSV_STRICT_H
#define TB_CSV_STRICT_H

#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>

struct tb_csv_strict;

enum tb_csv_result {
	TB_CSV_MORE,   /* the line ended inside quotes: the record goes on in the next one */
	TB_CSV_RECORD, /* a record is complete */
	TB_CSV_BROKEN, /* tb_csv_strict_fault() says why */
	TB_CSV_NOMEM,
};

struct tb_csv_strict *tb_csv_strict_new(void); /* NULL when memory is out */
void tb_csv_strict_free(struct tb_csv_strict *lane);

/* Only columns with wanted[column] != 0 are kept; all of them while `wanted` is NULL. */
void tb_csv_strict_want(struct tb_csv_strict *lane, const unsigned char *wanted, size_t columns);

/* Forgets a record that was begun, whatever state it is in. To be called before each record. */
void tb_csv_strict_begin(struct tb_csv_strict *lane);

/* One line with its line feed. */
enum tb_csv_result tb_csv_strict_feed(struct tb_csv_strict *lane, const char *line, size_t n);

/* Fields of the record so far. */
size_t tb_csv_strict_count(const struct tb_csv_strict *lane);

/* Empty fields behind those of a complete record, up to `n`, which is at most TB_COLUMNS_MAX. */
void tb_csv_strict_fill_up(struct tb_csv_strict *lane, size_t n);

/* The kept fields of a complete record, by column; valid until the next begin. */
const struct tb_span *tb_csv_strict_cells(const struct tb_csv_strict *lane);

/* Why the record is broken, and in which column (counted from 0). */
const char *tb_csv_strict_fault(const struct tb_csv_strict *lane, size_t *column);

/* How far into the last line the lane got before it broke. */
size_t tb_csv_strict_broke_at(const struct tb_csv_strict *lane);

#endif
