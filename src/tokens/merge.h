/*
 * merge - byte pair encoding, exactly: of all neighbours whose bytes together are a token, the two
 * of the lowest rank are joined, of equal ones the first two, until there are none.
 */
#ifndef TB_MERGE_H
#define TB_MERGE_H

#include "tokens/vocabulary.h"

/* Working memory; zeroed is empty. It grows to about 20 bytes for each byte of the longest piece.
 */
struct tb_merger {
	uint32_t *starts; /* of the tokens last found, and behind them where the last one ends */
	uint32_t *next, *before;
	uint32_t *lowest;
	size_t starts_cap, next_cap, before_cap, lowest_cap;
};

void tb_merger_release(struct tb_merger *m);

/*
 * Splits `n` bytes, at least one and at most TB_MERGE_MAX, into tokens: *count of them, which
 * begin where m->starts says. False when memory is out.
 */
TB_MUST_CHECK bool tb_merge(struct tb_merger *m, const struct tb_vocabulary *v, const char *p,
			    size_t n, size_t *count);

enum { TB_MERGE_MAX = 1 << 27 };

#endif
