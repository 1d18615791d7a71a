#include "tokens/counter.h"

#include "tokens/long_run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER = 1 << 17, MEMO_BITS = 14, MEMO = 1 << MEMO_BITS, UTF8_MAX = 4 };

/* A short piece and its tokens: text repeats itself, and most of it is words that were seen. */
struct memo {
	uint64_t head, tail;
	uint32_t n; /* 0: none */
	uint32_t tokens;
};

struct tb_counter {
	struct tb_scan scan;
	struct tb_splitter splitter;
	struct tb_long_run run;
	uint8_t *classes;
	struct memo *memo;
	char *buffer;
	size_t cap, n;
	size_t good;     /* bytes of the buffer that are UTF-8 */
	uint64_t offset; /* of the buffer in the text */
	uint64_t tokens;
};

/* ---- one piece ---- */

static enum tb_status count_piece(struct tb_counter *c, const char *p, size_t n, struct tb_err *err)
{
	size_t tokens;

	if (!tb_split(&c->splitter, p, n, &tokens))
		return tb_fail_nomem(err);
	c->tokens += tokens;
	return TB_OK;
}

static enum tb_status count_short(struct tb_counter *c, const char *p, size_t n, struct tb_err *err)
{
	struct tb_ends e = tb_token_ends(p, n);
	uint64_t hash = tb_token_fold(0, e, n);
	struct memo *m = &c->memo[hash >> (64 - MEMO_BITS)];
	uint64_t before = c->tokens;

	if (m->head == e.head && m->tail == e.tail && m->n == n) {
		c->tokens += m->tokens;
		return TB_OK;
	}
	TB_TRY(count_piece(c, p, n, err));
	*m = (struct memo){e.head, e.tail, (uint32_t)n, (uint32_t)(c->tokens - before)};
	return TB_OK;
}

/* ---- the buffer ---- */

static enum tb_status check_utf8(struct tb_counter *c, bool last, struct tb_err *err)
{
	c->good += tb_utf8_prefix(c->buffer + c->good, c->n - c->good);
	if (c->good == c->n || (!last && c->n - c->good < UTF8_MAX))
		return TB_OK;
	return tb_fail(err, TB_DATA,
		       "byte %" PRIu64 ": not UTF-8, in which the tokenizers are defined; convert "
		       "the text first",
		       c->offset + c->good);
}

/* Counts all pieces whose end is known; *done is where the first other one begins. */
static enum tb_status count_pieces(struct tb_counter *c, size_t *done, bool last,
				   struct tb_err *err)
{
	const char *p = c->buffer + *done, *end = c->buffer + c->good;

	while (p < end) {
		size_t n = tb_scan_piece(&c->scan, p, end, last);

		if (n == 0)
			break;
		TB_TRY(n <= TB_TOKEN_ENDS_MAX ? count_short(c, p, n, err)
					      : count_piece(c, p, n, err));
		p += n;
	}
	*done = (size_t)(p - c->buffer);
	return TB_OK;
}

static enum tb_status take_long(struct tb_counter *c, size_t *done, bool last, struct tb_err *err)
{
	size_t taken;

	TB_TRY(tb_long_run_take(&c->run, &c->scan, &c->splitter, c->buffer + *done,
				c->buffer + c->good, last, &taken, &c->tokens, err));
	*done += taken;
	return TB_OK;
}

/* Counts what can be counted and makes room. */
static enum tb_status drain(struct tb_counter *c, bool last, struct tb_err *err)
{
	size_t done = 0;

	TB_TRY(check_utf8(c, last, err));
	if (c->run.kind != TB_RUN_NONE)
		TB_TRY(take_long(c, &done, last, err));
	if (c->run.kind == TB_RUN_NONE)
		TB_TRY(count_pieces(c, &done, last, err));
	if (done == 0 && c->n == c->cap && c->run.kind == TB_RUN_NONE) {
		tb_long_run_begin(&c->run, &c->scan, c->buffer, c->buffer + c->good);
		TB_TRY(take_long(c, &done, last, err));
	}
	memmove(c->buffer, c->buffer + done, c->n - done);
	c->n -= done;
	c->good -= done;
	c->offset += done;
	return TB_OK;
}

enum tb_status tb_counter_add(struct tb_counter *c, const char *p, size_t n, struct tb_err *err)
{
	while (n > 0) {
		size_t part = n < c->cap - c->n ? n : c->cap - c->n;

		memcpy(c->buffer + c->n, p, part);
		c->n += part;
		p += part;
		n -= part;
		if (c->n == c->cap)
			TB_TRY(drain(c, false, err));
	}
	return TB_OK;
}

enum tb_status tb_counter_finish(struct tb_counter *c, uint64_t *tokens, struct tb_err *err)
{
	do
		TB_TRY(drain(c, true, err));
	while (c->n > 0 || c->run.kind != TB_RUN_NONE);
	*tokens = c->tokens;
	tb_counter_reset(c);
	return TB_OK;
}

/* ---- life ---- */

void tb_counter_reset(struct tb_counter *c)
{
	tb_piece_clear(&c->run.all);
	tb_piece_clear(&c->run.kept);
	tb_piece_clear(&c->run.rest);
	c->run.kind = TB_RUN_NONE;
	c->n = c->good = 0;
	c->offset = c->tokens = 0;
}

bool tb_counter_available(void)
{
	struct tb_vocabulary v;

	return tb_vocabulary_get(TB_O200K_BASE, &v) && tb_vocabulary_get(TB_CL100K_BASE, &v);
}

struct tb_counter *tb_counter_new_sized(enum tb_encoding encoding, size_t buffer, size_t window)
{
	struct tb_counter *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->cap = buffer < TB_COUNTER_BUFFER_MIN ? TB_COUNTER_BUFFER_MIN : buffer;
	c->buffer = malloc(c->cap);
	c->classes = tb_classes_new();
	c->memo = calloc(MEMO, sizeof(*c->memo));
	c->scan = (struct tb_scan){.classes = c->classes, .encoding = encoding};
	c->splitter.window = window ? window : 1;
	if (!c->buffer || !c->classes || !c->memo ||
	    !tb_vocabulary_get(encoding, &c->splitter.vocabulary)) {
		tb_counter_free(c);
		return NULL;
	}
	return c;
}

struct tb_counter *tb_counter_new(enum tb_encoding encoding)
{
	return tb_counter_new_sized(encoding, BUFFER, TB_PIECE_WINDOW);
}

void tb_counter_free(struct tb_counter *c)
{
	if (!c)
		return;
	tb_long_run_release(&c->run);
	tb_merger_release(&c->splitter.merger);
	free(c->classes);
	free(c->memo);
	free(c->buffer);
	free(c);
}
