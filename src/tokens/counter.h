/*
 * counter - how many tokens a text has. The face of this station.
 *
 *	struct tb_counter *c = tb_counter_new(TB_O200K_BASE);
 *	while ((n = read(fd, block, sizeof(block))) > 0)
 *		TB_TRY(tb_counter_add(c, block, n, err));
 *	TB_TRY(tb_counter_finish(c, &tokens, err));
 *	tb_counter_free(c);
 *
 * The count is the one that tiktoken's encode_ordinary() gives, wherever the text is cut into
 * blocks. What looks like a special token (<|endoftext|>) is text like any other. Memory does not
 * grow with the text.
 */
#ifndef TB_COUNTER_H
#define TB_COUNTER_H

#include "base/err.h"
#include "base/encoding.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tb_counter;

/* Whether this build has the vocabularies; without them there are no counters. */
bool tb_counter_available(void);

/* NULL when memory is out. Counters are not shared between threads. */
struct tb_counter *tb_counter_new(enum tb_encoding encoding);

/*
 * The next bytes of the text. TB_DATA when they are not UTF-8; the message says where, as
 * "byte 17: ...", but not in which file.
 */
TB_MUST_CHECK enum tb_status tb_counter_add(struct tb_counter *c, const char *p, size_t n,
					    struct tb_err *err);

/* The text is complete: stores its tokens; the counter is ready for another. */
TB_MUST_CHECK enum tb_status tb_counter_finish(struct tb_counter *c, uint64_t *tokens,
					       struct tb_err *err);

/* Forgets the text so far, as after a failure. */
void tb_counter_reset(struct tb_counter *c);

void tb_counter_free(struct tb_counter *c);

/* For tests: with a buffer and windows of the given sizes. None of them changes a count. */
struct tb_counter *tb_counter_new_sized(enum tb_encoding encoding, size_t buffer, size_t window);

enum { TB_COUNTER_BUFFER_MIN = 16 };

#endif
