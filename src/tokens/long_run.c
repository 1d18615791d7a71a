#include "tokens/long_run.h"

/* One call of tb_long_run_take(). */
struct step {
	struct tb_long_run *run;
	const struct tb_scan *scan;
	struct tb_splitter *splitter;
	const char *p, *end;
	bool last;
	uint64_t *count;
};

void tb_long_run_release(struct tb_long_run *r)
{
	tb_piece_release(&r->all);
	tb_piece_release(&r->kept);
	tb_piece_release(&r->rest);
	*r = (struct tb_long_run){0};
}

void tb_long_run_begin(struct tb_long_run *r, const struct tb_scan *scan, const char *p,
		       const char *end)
{
	const bool cased = scan->encoding == TB_O200K_BASE;
	const unsigned letters = cased ? TB_CLASS_LETTER | TB_CLASS_MARK : TB_CLASS_LETTER;
	size_t len;
	unsigned first = tb_class_at(scan->classes, p, &len), second = 0;

	if (p + len < end)
		second = tb_class_at(scan->classes, p + len, &len);
	r->marked = r->saved = false;
	r->since_mark = 0;
	if (first & letters || second & letters)
		r->kind = cased ? TB_RUN_HEADS : TB_RUN_LETTERS;
	else if (first & TB_CLASS_BLANK && second & TB_CLASS_BLANK)
		r->kind = TB_RUN_BLANKS;
	else
		r->kind = TB_RUN_SIGNS;
}

/* ---- kinds with one end ---- */

static enum tb_status take_bytes(struct step *t, struct tb_piece *to, const char *until,
				 struct tb_err *err)
{
	const char *p = t->p;

	t->p = until;
	return tb_piece_add(to, t->splitter, p, (size_t)(until - p), err);
}

/* What stands before letters or signs and belongs to them is taken whatever it is. */
static enum tb_status take_prefix(struct step *t, unsigned classes, struct tb_err *err)
{
	size_t len;
	bool begun = t->run->all.n > 0;

	if (begun || tb_class_at(t->scan->classes, t->p, &len) & classes)
		return TB_OK;
	return take_bytes(t, &t->run->all, t->p + len, err);
}

static enum tb_status take_all_of(struct step *t, unsigned classes, struct tb_err *err)
{
	const char *q = t->p;
	size_t len;

	while (q < t->end && tb_class_at(t->scan->classes, q, &len) & classes)
		q += len;
	return take_bytes(t, &t->run->all, q, err);
}

static enum tb_status finish(struct step *t, struct tb_piece *x, struct tb_err *err)
{
	return tb_piece_finish(x, t->splitter, t->count, err);
}

/* The piece has ended unless all bytes that are here belong to it. */
static bool has_ended(const struct step *t)
{
	return t->p < t->end || t->last;
}

static enum tb_status take_letters(struct step *t, struct tb_err *err)
{
	TB_TRY(take_prefix(t, TB_CLASS_LETTER, err));
	TB_TRY(take_all_of(t, TB_CLASS_LETTER, err));
	if (!has_ended(t))
		return TB_OK;
	t->run->kind = TB_RUN_NONE;
	return finish(t, &t->run->all, err);
}

static enum tb_status take_tails(struct step *t, struct tb_err *err)
{
	TB_TRY(take_all_of(t, TB_CLASS_LOWER | TB_CLASS_UNCASED | TB_CLASS_MARK, err));
	if (has_ended(t))
		t->run->kind = TB_RUN_ENDING;
	return TB_OK;
}

static enum tb_status take_ending(struct step *t, struct tb_err *err)
{
	bool more = false;
	size_t n = tb_scan_ending(t->p, t->end, t->last, &more);

	if (more)
		return TB_OK;
	TB_TRY(take_bytes(t, &t->run->all, t->p + n, err));
	t->run->kind = TB_RUN_NONE;
	return finish(t, &t->run->all, err);
}

static enum tb_status take_signs(struct step *t, struct tb_err *err)
{
	TB_TRY(take_prefix(t, TB_CLASS_SIGN, err));
	TB_TRY(take_all_of(t, TB_CLASS_SIGN, err));
	if (has_ended(t))
		t->run->kind = TB_RUN_LINES;
	return TB_OK;
}

static enum tb_status take_lines(struct step *t, struct tb_err *err)
{
	const bool slashes = t->scan->encoding == TB_O200K_BASE;
	const char *q = t->p;

	while (q < t->end && (*q == '\n' || *q == '\r' || (slashes && *q == '/')))
		q++;
	TB_TRY(take_bytes(t, &t->run->all, q, err));
	if (!has_ended(t))
		return TB_OK;
	t->run->kind = TB_RUN_NONE;
	return finish(t, &t->run->all, err);
}

/* ---- kinds that may have ended earlier ---- */

/* Of a mark that is soon too far back to be found in `all` a copy is kept. */
enum { SAVED_AFTER = TB_PIECE_KEPT / 4 };

static enum tb_status save_mark(struct tb_long_run *r, struct tb_err *err)
{
	r->saved = true;
	return tb_piece_copy(&r->kept, &r->all, err);
}

static enum tb_status take_character(struct step *t, size_t len, bool mark, struct tb_err *err)
{
	struct tb_long_run *r = t->run;
	const char *p = t->p;

	TB_TRY(take_bytes(t, &r->all, p + len, err));
	if (mark) {
		r->marked = true;
		r->saved = false;
		r->since_mark = 0;
		tb_piece_clear(&r->rest);
		return TB_OK;
	}
	if (!r->marked)
		return TB_OK;
	if (!r->saved)
		r->since_mark += len;
	if (!r->saved && r->since_mark > SAVED_AFTER)
		TB_TRY(save_mark(r, err));
	return tb_piece_add(&r->rest, t->splitter, p, len, err);
}

/* The piece ends with the mark: counts it, and has what follows it in `all`. */
static enum tb_status end_at_mark(struct step *t, struct tb_err *err)
{
	struct tb_long_run *r = t->run;

	if (!r->marked || r->since_mark == 0)
		return TB_OK;
	if (!r->saved)
		TB_TRY(save_mark(r, err));
	tb_piece_shorten(&r->kept, r->since_mark);
	TB_TRY(finish(t, &r->kept, err));
	TB_TRY(tb_piece_copy(&r->all, &r->rest, err));
	tb_piece_clear(&r->rest);
	return TB_OK;
}

static enum tb_status take_heads(struct step *t, struct tb_err *err)
{
	const unsigned tails = TB_CLASS_UNCASED | TB_CLASS_MARK;
	unsigned class = 0;
	size_t len;

	TB_TRY(take_prefix(t, TB_CLASS_LETTER | TB_CLASS_MARK, err));
	while (t->p < t->end) {
		class = tb_class_at(t->scan->classes, t->p, &len);
		if (!(class & (TB_CLASS_UPPER | tails)))
			break;
		TB_TRY(take_character(t, len, class & tails, err));
	}
	if (!has_ended(t))
		return TB_OK;
	if (t->p < t->end && class == TB_CLASS_LOWER) {
		t->run->kind = TB_RUN_TAILS;
		return TB_OK;
	}
	t->run->kind = TB_RUN_ENDING;
	return end_at_mark(t, err);
}

/* Whether the blank at the current place is the last of its run, which then is left where it is. */
static bool is_last_blank(const struct step *t, size_t len)
{
	size_t next;

	return t->p + len < t->end &&
	       !(tb_class_at(t->scan->classes, t->p + len, &next) & TB_CLASS_BLANK);
}

static enum tb_status end_blanks(struct step *t, bool whole, struct tb_err *err)
{
	t->run->kind = TB_RUN_NONE;
	if (!whole)
		TB_TRY(end_at_mark(t, err));
	return finish(t, &t->run->all, err);
}

static enum tb_status take_blanks(struct step *t, struct tb_err *err)
{
	while (t->p < t->end) {
		size_t len;
		unsigned class = tb_class_at(t->scan->classes, t->p, &len);

		if (!(class & TB_CLASS_BLANK))
			return end_blanks(t, false, err);
		if (class == TB_CLASS_SPACE && is_last_blank(t, len))
			return end_blanks(t, false, err);
		if (class == TB_CLASS_SPACE && t->p + len == t->end && !t->last)
			return TB_OK; /* what follows says whether it is the last */
		TB_TRY(take_character(t, len, class == TB_CLASS_NEWLINE, err));
	}
	if (!t->last)
		return TB_OK;
	return end_blanks(t, t->scan->encoding == TB_CL100K_BASE, err);
}

/* ---- all ---- */

static enum tb_status take_kind(struct step *t, struct tb_err *err)
{
	switch (t->run->kind) {
	case TB_RUN_LETTERS:
		return take_letters(t, err);
	case TB_RUN_HEADS:
		return take_heads(t, err);
	case TB_RUN_TAILS:
		return take_tails(t, err);
	case TB_RUN_ENDING:
		return take_ending(t, err);
	case TB_RUN_SIGNS:
		return take_signs(t, err);
	case TB_RUN_LINES:
		return take_lines(t, err);
	case TB_RUN_BLANKS:
		return take_blanks(t, err);
	case TB_RUN_NONE:
		break;
	}
	return TB_OK;
}

enum tb_status tb_long_run_take(struct tb_long_run *r, const struct tb_scan *scan,
				struct tb_splitter *s, const char *p, const char *end, bool last,
				size_t *taken, uint64_t *count, struct tb_err *err)
{
	struct step t = {.run = r,
			 .scan = scan,
			 .splitter = s,
			 .p = p,
			 .end = end,
			 .last = last,
			 .count = count};
	enum tb_run_kind before;

	do {
		before = r->kind;
		TB_TRY(take_kind(&t, err));
	} while (r->kind != before && r->kind != TB_RUN_NONE);
	*taken = (size_t)(t.p - p);
	return TB_OK;
}
