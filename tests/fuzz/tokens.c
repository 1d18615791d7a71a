/*
 * tokens - wherever a text is cut, and however small the buffer and the windows, its tokens are
 * those of the whole; and what is no UTF-8 is refused at the same place.
 *
 * The first bytes choose encoding, buffer, window and block; the rest is the text, each byte of
 * which from 0xf8 on repeats what stands before it, so that runs of any length are short to write.
 */
#include "fuzz.h"

#include "tokens/counter.h"

#include <stdlib.h>
#include <string.h>

enum { REPEATS = 0xf8, TEXT_MAX = 1 << 15, WHOLE = 1 << 16 };

/* What the bytes stand for. */
static void unfold(struct tb_span from, struct tb_buf *to)
{
	for (size_t i = 0; i < from.n && to->n < TEXT_MAX; i++) {
		unsigned char c = (unsigned char)from.p[i];
		size_t back = c < REPEATS ? 0 : (size_t)1 << (c - REPEATS);

		if (c < REPEATS)
			tb_buf_add(to, &from.p[i], 1);
		for (size_t times = 0; back && back <= to->n && times < 16; times++) {
			char part[1 << 7];

			memcpy(part, to->p + to->n - back, back);
			tb_buf_add(to, part, back);
		}
	}
}

static enum tb_status count(struct tb_counter *c, const struct tb_buf *text, size_t block,
			    uint64_t *tokens, struct tb_err *err)
{
	for (size_t i = 0; i < text->n; i += block)
		TB_TRY(tb_counter_add(c, text->p + i, text->n - i < block ? text->n - i : block,
				      err));
	return tb_counter_finish(c, tokens, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tb_span rest = {(const char *)data, size};
	enum tb_encoding e = (enum tb_encoding)(fuzz_byte(&rest) % TB_ENCODINGS);
	size_t buffer = TB_COUNTER_BUFFER_MIN + fuzz_byte(&rest), window = fuzz_byte(&rest);
	size_t block = 1 + fuzz_byte(&rest);
	static struct tb_counter *wholes[TB_ENCODINGS];
	struct tb_counter *whole = wholes[e] ? wholes[e] : tb_counter_new_sized(e, WHOLE, TEXT_MAX);
	struct tb_counter *cut = tb_counter_new_sized(e, buffer, window);
	uint64_t all = 0, parts = 0;
	struct tb_err err = {0}, cut_err = {0};
	struct tb_buf text = {0};

	EXPECT(whole && cut);
	wholes[e] = whole;
	unfold(rest, &text);
	EXPECT(count(whole, &text, WHOLE, &all, &err) ==
	       count(cut, &text, block, &parts, &cut_err));
	EXPECT(all == parts);
	EXPECT(strcmp(err.text, cut_err.text) == 0);
	tb_buf_release(&text);
	if (err.code != TB_OK)
		tb_counter_reset(whole);
	tb_counter_free(cut);
	return 0;
}
