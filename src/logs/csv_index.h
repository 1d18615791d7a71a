/*
 * csv_index - finds the separators of ordinary records, 64 bytes at a time.
 *
 * It only looks; what a record means is decided elsewhere, and whatever is not ordinary is left
 * to csv_strict. Every implementation (AVX2, NEON, plain C) finds the same.
 */
#ifndef TB_CSV_INDEX_H
#define TB_CSV_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TB_INDEX_WINDOW = 8 << 10, /* bytes looked at in one go */
	TB_INDEX_PADDING = 64, /* bytes behind the window that may be read, whatever they hold */
};

/* What a record holds that needs a second look; without any it is printable ASCII. */
enum {
	TB_INDEX_HIGH = 1, /* a byte of 0x80 or more */
	TB_INDEX_CR = 2,
	TB_INDEX_NUL = 4,
	TB_INDEX_LINES = 8,    /* a line feed inside quotes */
	TB_INDEX_CONTROL = 16, /* a control character that is neither CR nor NUL */
};

struct tb_csv_index_row {
	uint32_t seps;   /* separators up to and including the row's line feed, since the start */
	uint16_t quotes; /* how many */
	uint16_t flags;
};

enum { TB_INDEX_SPARE = 8 }; /* entries that are written ahead of what is known */

/* Where a column's fields are in rows that follow each other. */
struct tb_csv_index_column {
	const char *window;
	const uint32_t *sep; /* the first lies between the places sep[0] and sep[1], */
	size_t step;         /* the next between sep[step] and sep[step + 1] */
	uint32_t quote;      /* so many bytes at both ends are quotes, and not of the field */
};

/*
 * Separators are commas and line feeds outside quotes. sep[0] is the byte before the window, as
 * if a line ended there (it wraps to 0 when one is added), and sep[n] the n-th separator: when
 * `first` separators stand before a row, its field c lies between sep[first + c] and the next.
 */
struct tb_csv_index {
	uint32_t sep[1 + TB_INDEX_WINDOW + TB_INDEX_SPARE];
	struct tb_csv_index_row row[TB_INDEX_WINDOW + TB_INDEX_SPARE];
	size_t rows;
};

struct tb_csv_indexer {
	const char *name;
	/*
	 * Indexes the complete rows among the n <= TB_INDEX_WINDOW bytes at p, which must be the
	 * start of a record. Quotes are taken at face value: a row with quotes must be checked by
	 * the caller, and behind one that is not in order the index means nothing.
	 */
	void (*index)(const char *p, size_t n, struct tb_csv_index *out);
	/* Counts line feeds and quotes among any number of bytes. */
	void (*count)(const char *p, size_t n, size_t *feeds, size_t *quotes);
	/*
	 * Reads the numbers that stand in a column of n rows. False, and out means nothing, when
	 * one is not of 1 to 8 digits; where they may be empty, that is 0.
	 */
	bool (*numbers)(const struct tb_csv_index_column *c, size_t n, bool may_be_empty,
			uint64_t *out);
};

/* The fastest one on this machine. */
const struct tb_csv_indexer *tb_csv_indexer_best(void);

/* All that this machine can run, the fastest first; how many. */
size_t tb_csv_indexer_all(const struct tb_csv_indexer *all[], size_t max);

/* ---- what there is to choose from ---- */

/* The one with this processor's own vectors, or NULL. */
const struct tb_csv_indexer *tb_csv_indexer_native(void);

extern const struct tb_csv_indexer tb_csv_indexer_portable;

#endif
