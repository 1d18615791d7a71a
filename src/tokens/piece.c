#include "tokens/piece.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

bool tb_split(struct tb_splitter *s, const char *p, size_t n, size_t *count)
{
	*count = 1;
	return tb_vocabulary_rank(&s->vocabulary, p, n) != TB_TOKEN_NONE ||
	       tb_merge(&s->merger, &s->vocabulary, p, n, count);
}

void tb_piece_clear(struct tb_piece *x)
{
	x->n = x->window = x->place_count = 0;
	x->cut = false;
}

void tb_piece_release(struct tb_piece *x)
{
	free(x->bytes);
	*x = (struct tb_piece){0};
}

enum tb_status tb_piece_copy(struct tb_piece *to, const struct tb_piece *from, struct tb_err *err)
{
	char *bytes;
	size_t cap;

	if (!tb_grow(&to->bytes, &to->cap, from->n, 1))
		return tb_fail_nomem(err);
	bytes = to->bytes;
	cap = to->cap;
	*to = *from;
	to->bytes = bytes;
	to->cap = cap;
	if (from->n)
		memcpy(to->bytes, from->bytes, from->n);
	return TB_OK;
}

static size_t window_of(const struct tb_piece *x, const struct tb_splitter *s)
{
	return x->window ? x->window : s->window;
}

static struct tb_place last_place(const struct tb_piece *x)
{
	return x->place_count ? x->places[x->place_count - 1] : (struct tb_place){0};
}

/* Splits what follows the last place whose token is still the same, which then is *from. */
static enum tb_status split_kept(struct tb_piece *x, struct tb_splitter *s, struct tb_place *from,
				 size_t *count, struct tb_err *err)
{
	for (;; x->place_count--) {
		*from = last_place(x);
		if (!tb_merge(&s->merger, &s->vocabulary, x->bytes + from->at, x->n - from->at,
			      count))
			return tb_fail_nomem(err);
		if (from->length == 0 || s->merger.starts[1] == from->length)
			return TB_OK;
		x->window = window_of(x, s) * 2;
		if (x->n > TB_PIECE_KEPT_MAX || (x->cut && x->place_count == 1))
			return tb_fail(err, TB_DATA,
				       "a word that is made so that its tokens all depend on its "
				       "end, and is too long for that; put a blank into it");
	}
}

/* Every second place is enough. */
static void thin_out(struct tb_piece *x)
{
	x->place_count /= 2;
	for (size_t i = 0; i < x->place_count; i++)
		x->places[i] = x->places[2 * i];
}

/* What is before the second place will not be needed. */
static void forget_first(struct tb_piece *x)
{
	size_t gone = x->places[1].at;

	x->place_count--;
	x->n -= gone;
	memmove(x->bytes, x->bytes + gone, x->n);
	memmove(x->places, x->places + 1, x->place_count * sizeof(*x->places));
	for (size_t i = 0; i < x->place_count; i++)
		x->places[i].at -= gone;
	x->cut = true;
}

/* At the last token that begins a quarter of a window before the end, or earlier. */
static void remember_place(struct tb_piece *x, const struct tb_splitter *s, struct tb_place from,
			   size_t count)
{
	const uint32_t *starts = s->merger.starts;
	size_t look_ahead = window_of(x, s) / 4, i = count - 1;

	while (i > 0 && from.at + starts[i] + look_ahead > x->n)
		i--;
	if (x->place_count == TB_PIECE_PLACES)
		thin_out(x);
	if (i > 0)
		x->places[x->place_count++] = (struct tb_place){
			from.at + starts[i], starts[i + 1] - starts[i], from.tokens + i};
	while (x->place_count > 2 && x->n - x->places[1].at > TB_PIECE_KEPT)
		forget_first(x);
	while (last_place(x).at + window_of(x, s) <= x->n)
		x->window = window_of(x, s) * 2;
}

static enum tb_status settle(struct tb_piece *x, struct tb_splitter *s, struct tb_err *err)
{
	struct tb_place from;
	size_t count;

	TB_TRY(split_kept(x, s, &from, &count, err));
	remember_place(x, s, from, count);
	return TB_OK;
}

enum tb_status tb_piece_add(struct tb_piece *x, struct tb_splitter *s, const char *p, size_t n,
			    struct tb_err *err)
{
	while (n > 0) {
		size_t full = last_place(x).at + window_of(x, s);
		size_t part = n < full - x->n ? n : full - x->n;

		if (!tb_grow(&x->bytes, &x->cap, full, 1))
			return tb_fail_nomem(err);
		memcpy(x->bytes + x->n, p, part);
		x->n += part;
		p += part;
		n -= part;
		if (x->n == full)
			TB_TRY(settle(x, s, err));
	}
	return TB_OK;
}

void tb_piece_shorten(struct tb_piece *x, size_t n)
{
	x->n -= n;
	while (x->place_count > 0 && last_place(x).at >= x->n)
		x->place_count--;
}

enum tb_status tb_piece_finish(struct tb_piece *x, struct tb_splitter *s, uint64_t *count,
			       struct tb_err *err)
{
	struct tb_place from = {0};
	size_t tokens = 0;

	if (x->n > 0 && !x->cut &&
	    tb_vocabulary_rank(&s->vocabulary, x->bytes, x->n) != TB_TOKEN_NONE)
		tokens = 1;
	else if (x->n > 0)
		TB_TRY(split_kept(x, s, &from, &tokens, err));
	*count += from.tokens + tokens;
	tb_piece_clear(x);
	return TB_OK;
}
