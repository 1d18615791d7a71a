/*
 * long_run - a piece that is longer than the buffer, taken character by character.
 *
 * What ends a piece may decide where it ended: blanks belong together up to their last line end,
 * letters up to the last that can be a small one. So the piece up to that place and what follows it
 * are counted beside the whole. scan.c finds the same ends in one look.
 */
#ifndef TB_LONG_RUN_H
#define TB_LONG_RUN_H

#include "tokens/piece.h"
#include "tokens/scan.h"

enum tb_run_kind {
	TB_RUN_NONE,
	TB_RUN_LETTERS, /* of cl100k_base */
	TB_RUN_HEADS,   /* of o200k_base: capitals and what can be either */
	TB_RUN_TAILS,   /* small letters and what can be either */
	TB_RUN_ENDING,  /* 's and alike */
	TB_RUN_SIGNS,
	TB_RUN_LINES, /* line ends behind signs */
	TB_RUN_BLANKS,
};

/* Zeroed is none. */
struct tb_long_run {
	enum tb_run_kind kind;
	struct tb_piece all;  /* what has been read */
	struct tb_piece kept; /* up to the last mark and a little further, once `rest` is long */
	struct tb_piece rest; /* what follows the mark */
	bool marked, saved;   /* there is a mark; it is in `kept` */
	size_t since_mark;    /* bytes in `all`, or once it is saved in `kept` */
};

/* Begins with the piece at `p`, of which tb_scan_piece() does not see the end. */
void tb_long_run_begin(struct tb_long_run *r, const struct tb_scan *scan, const char *p,
		       const char *end);

/*
 * Takes what belongs to the piece; *taken is how many bytes. Once the kind is TB_RUN_NONE its
 * tokens have been added to *count.
 */
TB_MUST_CHECK enum tb_status tb_long_run_take(struct tb_long_run *r, const struct tb_scan *scan,
					      struct tb_splitter *s, const char *p, const char *end,
					      bool last, size_t *taken, uint64_t *count,
					      struct tb_err *err);

void tb_long_run_release(struct tb_long_run *r);

#endif
