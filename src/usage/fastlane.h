/*
 * fastlane - finds the separators of ordinary records, 64 bytes at a time.
 *
 * It only looks; what a record means is decided elsewhere, and whatever is not ordinary is left
 * to csvlane. Every implementation (AVX2, NEON, plain C) finds the same.
 */
#ifndef TB_FASTLANE_H
#define TB_FASTLANE_H

#include <stddef.h>
#include <stdint.h>

enum {
	TB_FAST_WINDOW = 8 << 10, /* bytes looked at in one go */
	TB_FAST_PADDING = 64,     /* bytes behind the window that may be read, whatever they hold */
};

/* What a record holds that needs a second look. */
enum {
	TB_FAST_QUOTE = 1,
	TB_FAST_HIGH = 2, /* a byte of 0x80 or more */
	TB_FAST_CR = 4,
	TB_FAST_NUL = 8,
	TB_FAST_LINES = 16, /* a line feed inside quotes */
};

struct tb_fast_row {
	uint32_t seps;   /* separators up to and including the row's line feed, since the start */
	uint16_t quotes; /* how many */
	uint8_t flags;
};

struct tb_fast_index {
	uint32_t sep[TB_FAST_WINDOW]; /* where commas and line feeds outside quotes are */
	struct tb_fast_row row[TB_FAST_WINDOW];
	size_t rows;
};

struct tb_fastlane {
	const char *name;
	/*
	 * Indexes the complete rows among the n <= TB_FAST_WINDOW bytes at p, which must be the
	 * start of a record. Quotes are taken at face value: a row with quotes must be checked by
	 * the caller, and behind one that is not in order the index means nothing.
	 */
	void (*index)(const char *p, size_t n, struct tb_fast_index *out);
	/* Counts line feeds and quotes among any number of bytes. */
	void (*count)(const char *p, size_t n, size_t *feeds, size_t *quotes);
};

/* The fastest one on this machine. */
const struct tb_fastlane *tb_fastlane_best(void);

/* All that this machine can run, the fastest first; how many. */
size_t tb_fastlane_all(const struct tb_fastlane *all[], size_t max);

#endif
