/*
 * piece - the tokens of a piece that arrives in parts and may be longer than memory.
 *
 * Why that is exact: a row of tokens is what byte pair encoding makes of a text if, and only if,
 * each two neighbours are what it makes of the bytes of these two alone. So a text may be split
 * from a place on where a token began, as long as the first token there is still the one that was
 * there when its left neighbour was found. Such places are kept, with what follows them; where the
 * token at the last one has changed, for more bytes follow now, the text is split from the one
 * before it on.
 */
#ifndef TB_PIECE_H
#define TB_PIECE_H

#include "base/err.h"
#include "tokens/merge.h"

enum {
	TB_PIECE_WINDOW = 2048,      /* bytes split at once */
	TB_PIECE_PLACES = 16,        /* where tokens began that are remembered */
	TB_PIECE_KEPT = 1 << 14,     /* bytes kept at least, to go back to */
	TB_PIECE_KEPT_MAX = 1 << 22, /* and at most */
};

/* What pieces are split with. */
struct tb_splitter {
	struct tb_vocabulary vocabulary;
	struct tb_merger merger;
	size_t window; /* bytes */
};

/* The tokens of a piece that lies in memory; false when memory is out. */
TB_MUST_CHECK bool tb_split(struct tb_splitter *s, const char *p, size_t n, size_t *count);

/* Where a token began. */
struct tb_place {
	size_t at;       /* in the bytes that are kept */
	size_t length;   /* of the token; 0: of any length, for the piece begins there */
	uint64_t tokens; /* before it */
};

/* Zeroed is empty. */
struct tb_piece {
	char *bytes; /* those that are kept */
	size_t n, cap;
	size_t window; /* of this piece; 0: the splitter's */
	struct tb_place places[TB_PIECE_PLACES];
	size_t place_count;
	bool cut; /* its first bytes are not kept any more, and the first place is at 0 */
};

/*
 * Adds bytes. Fails when memory is out, and with TB_DATA in a text made so that no token of
 * TB_PIECE_KEPT bytes is certain until its end is seen.
 */
TB_MUST_CHECK enum tb_status tb_piece_add(struct tb_piece *x, struct tb_splitter *s, const char *p,
					  size_t n, struct tb_err *err);

/* Makes `to` what `from` is. */
TB_MUST_CHECK enum tb_status tb_piece_copy(struct tb_piece *to, const struct tb_piece *from,
					   struct tb_err *err);

/* Takes back the last `n` bytes, of at most TB_PIECE_KEPT. The piece can only be finished then. */
void tb_piece_shorten(struct tb_piece *x, size_t n);

/* The piece is complete: adds its tokens to *count and empties it. */
TB_MUST_CHECK enum tb_status tb_piece_finish(struct tb_piece *x, struct tb_splitter *s,
					     uint64_t *count, struct tb_err *err);

void tb_piece_clear(struct tb_piece *x); /* keeps the memory */
void tb_piece_release(struct tb_piece *x);

#endif
