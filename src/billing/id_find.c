/* Which fingerprints of ids come twice. */
#include "billing/id_notes.h"

#include <stdlib.h>
#include <string.h>

/* ---- places ---- */

static int compare_codes(const void *a, const void *b)
{
	const struct tb_id_segment *x = a, *y = b;

	return (x->code > y->code) - (x->code < y->code);
}

static enum tb_status gather_segments(struct tb_duplicates *d, struct tb_err *err)
{
	size_t n = 0, cap = 0;

	for (size_t i = 0; i < d->notes_count; i++) {
		struct tb_id_notes *notes = d->notes[i];

		tb_id_notes_end_segment(notes);
		if (!tb_grow(&d->segments, &cap, n + notes->segment_count, sizeof(*d->segments)))
			return tb_fail_nomem(err);
		if (notes->segment_count)
			memcpy(d->segments + n, notes->segments,
			       notes->segment_count * sizeof(*d->segments));
		n += notes->segment_count;
		free(notes->segments);
		notes->segments = NULL;
		notes->segment_count = notes->segment_cap = 0;
	}
	d->segment_count = n;
	if (n)
		qsort(d->segments, n, sizeof(*d->segments), compare_codes);
	return TB_OK;
}

/* The suspects' files, with as many lines as have been seen of each. */
static enum tb_status make_marks(struct tb_duplicates *d, struct tb_line_marks *m,
				 struct tb_err *err)
{
	size_t files = 0;

	for (size_t i = 0; i < d->segment_count; i++)
		if (d->segments[i].file != TB_ID_FORGOTTEN && d->segments[i].file >= files)
			files = d->segments[i].file + 1;
	if (!tb_line_marks_init(m, files))
		return tb_fail_nomem(err);
	for (size_t i = 0; i < d->segment_count; i++) {
		const struct tb_id_segment *s = &d->segments[i];

		if (s->file != TB_ID_FORGOTTEN && s->line + s->n > m->files[s->file].lines)
			m->files[s->file].lines = s->line + s->n;
	}
	return TB_OK;
}

/* The segment that a code is of. */
static const struct tb_id_segment *segment_of(const struct tb_duplicates *d, uint64_t code)
{
	size_t low = 0, high = d->segment_count;

	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (d->segments[mid].code <= code)
			low = mid;
		else
			high = mid;
	}
	return &d->segments[low];
}

/* ---- finding ---- */

/* A noted row, taken apart. */
struct noted {
	uint64_t print, code;
};

/* What a thread needs to look through a part. */
struct finder {
	struct tb_duplicates *d;
	uint64_t *seen, *twice; /* filters: by some bits of a fingerprint */
	size_t cap;             /* words of each */
	unsigned bits;          /* 2^bits are in use */
	struct noted *left;     /* rows that a filter has left */
	size_t left_n, left_cap;
	bool overflow; /* they are too many to be kept: each is a suspect */
};

enum {
	BITS_MIN = 10,
	BITS_MAX = 28,
	ROOM = 16,          /* bits of a filter for each row: so many rows in one pass it */
	LEFT_MAX = 1 << 20, /* rows kept */
	MANY = 64,          /* where one row in so many has passed both filters, all are suspects */
};

static bool size_filters(struct finder *f, uint64_t rows)
{
	size_t words, cap = f->cap;

	f->bits = BITS_MIN;
	while (f->bits < BITS_MAX && UINT64_C(1) << f->bits < rows * ROOM)
		f->bits++;
	words = (size_t)1 << (f->bits - 6);
	if (!tb_grow(&f->seen, &cap, words, sizeof(*f->seen)) ||
	    !tb_grow(&f->twice, &f->cap, words, sizeof(*f->twice)))
		return false;
	memset(f->seen, 0, words * sizeof(*f->seen));
	memset(f->twice, 0, words * sizeof(*f->twice));
	return true;
}

static inline void put_in_filter(struct finder *f, uint64_t slot)
{
	uint64_t bit = UINT64_C(1) << slot % 64;

	f->twice[slot / 64] |= f->seen[slot / 64] & bit;
	f->seen[slot / 64] |= bit;
}

static inline bool passes_filter(const struct finder *f, uint64_t slot)
{
	return f->twice[slot / 64] >> slot % 64 & 1;
}

/* The first filter goes by the upper bits, the second by the lower. */
static inline uint64_t upper_slot(const struct finder *f, uint64_t print)
{
	return print >> (TB_ID_PRINT_BITS - f->bits);
}

static inline uint64_t lower_slot(const struct finder *f, uint64_t print)
{
	return print & ((UINT64_C(1) << f->bits) - 1);
}

static enum tb_status suspect(struct finder *f, uint64_t code, struct tb_err *err)
{
	const struct tb_id_segment *s = segment_of(f->d, code);
	bool good = s->file == TB_ID_FORGOTTEN ||
		    tb_line_marks_add(&f->d->suspects, s->file, s->line + (code - s->code));

	return good ? TB_OK : tb_fail_nomem(err);
}

static enum tb_status fill_filter(struct finder *f, const struct noted *x, struct tb_err *err)
{
	(void)err;
	put_in_filter(f, upper_slot(f, x->print));
	return TB_OK;
}

static enum tb_status keep_what_passes(struct finder *f, const struct noted *x, struct tb_err *err)
{
	if (!passes_filter(f, upper_slot(f, x->print)))
		return TB_OK;
	if (f->left_n == LEFT_MAX) {
		f->overflow = true;
		return suspect(f, x->code, err);
	}
	if (!tb_grow(&f->left, &f->left_cap, f->left_n + 1, sizeof(*f->left)))
		return tb_fail_nomem(err);
	f->left[f->left_n++] = *x;
	return TB_OK;
}

typedef enum tb_status on_noted(struct finder *f, const struct noted *x, struct tb_err *err);

/* Calls `take` for each row that one thread noted in a part. */
static inline __attribute__((always_inline)) enum tb_status each_of(struct finder *f,
								    const struct tb_id_notes *n,
								    size_t part, on_noted *take,
								    struct tb_err *err)
{
	struct tb_spill_reader reader = tb_spill_begin(n->ids, part);
	uint64_t words[512], page = 0;
	size_t got = 1;

	while (got) {
		TB_TRY(tb_spill_read(&reader, words, sizeof(words), &got, err));
		for (size_t i = 0; i < got / sizeof(*words); i++) {
			struct noted x = {words[i] >> TB_ID_CODE_BITS,
					  page | (words[i] & TB_ID_PAGE_MARK)};

			if ((words[i] & TB_ID_PAGE_MARK) == TB_ID_PAGE_MARK)
				page = words[i] & ~(uint64_t)TB_ID_PAGE_MARK;
			else if (!f->d->forgotten ||
				 segment_of(f->d, x.code)->file != TB_ID_FORGOTTEN)
				TB_TRY(take(f, &x, err));
		}
	}
	return TB_OK;
}

static inline __attribute__((always_inline)) enum tb_status each(struct finder *f, size_t part,
								 on_noted *take, struct tb_err *err)
{
	for (size_t i = 0; i < f->d->notes_count; i++)
		TB_TRY(each_of(f, f->d->notes[i], part, take, err));
	return TB_OK;
}

static int compare_prints(const void *a, const void *b)
{
	const struct noted *x = a, *y = b;

	return (x->print > y->print) - (x->print < y->print);
}

/* Drops those kept that the second filter stops. */
static bool filter_again(struct finder *f)
{
	size_t n = f->left_n;

	if (!size_filters(f, n))
		return false;
	for (size_t i = 0; i < n; i++)
		put_in_filter(f, lower_slot(f, f->left[i].print));
	f->left_n = 0;
	for (size_t i = 0; i < n; i++)
		if (passes_filter(f, lower_slot(f, f->left[i].print)))
			f->left[f->left_n++] = f->left[i];
	return true;
}

static enum tb_status suspect_all(struct finder *f, struct tb_err *err)
{
	for (size_t i = 0; i < f->left_n; i++)
		TB_TRY(suspect(f, f->left[i].code, err));
	return TB_OK;
}

static enum tb_status suspect_equal(struct finder *f, struct tb_err *err)
{
	const struct noted *x = f->left;

	if (f->left_n)
		qsort(f->left, f->left_n, sizeof(*f->left), compare_prints);
	for (size_t i = 0; i < f->left_n; i++)
		if ((i > 0 && x[i - 1].print == x[i].print) ||
		    (i + 1 < f->left_n && x[i + 1].print == x[i].print))
			TB_TRY(suspect(f, x[i].code, err));
	return TB_OK;
}

/*
 * Of rows that all differ, one in sixteen passes the first filter and hardly any the second; those
 * are sorted. Where many pass both, they are no accident, and a few rows more cost nothing.
 */
static enum tb_status find_in_part(struct tb_id_crew *c, void *member, size_t part,
				   struct tb_err *err)
{
	struct finder *f = member;
	uint64_t rows = 0;

	f->d = c->d;
	f->left_n = 0;
	f->overflow = false;
	for (size_t i = 0; i < f->d->notes_count; i++)
		rows += tb_spill_bytes(f->d->notes[i]->ids, part) / sizeof(uint64_t);
	if (rows < 2)
		return TB_OK;
	if (!size_filters(f, rows))
		return tb_fail_nomem(err);
	TB_TRY(each(f, part, fill_filter, err));
	TB_TRY(each(f, part, keep_what_passes, err));
	if (f->overflow)
		return suspect_all(f, err);
	if (!filter_again(f))
		return tb_fail_nomem(err);
	return f->left_n > rows / MANY + MANY ? suspect_all(f, err) : suspect_equal(f, err);
}

static enum tb_status find(struct tb_duplicates *d, size_t threads, struct tb_err *err)
{
	struct finder *finders = calloc(threads, sizeof(*finders));
	struct tb_id_crew crew = {.d = d,
				  .parts = TB_ID_PARTS,
				  .members = finders,
				  .size = sizeof(*finders),
				  .look = find_in_part};
	enum tb_status st = finders ? tb_id_crew_run(&crew, threads, err) : tb_fail_nomem(err);

	for (size_t i = 0; finders && i < threads; i++) {
		free(finders[i].seen);
		free(finders[i].twice);
		free(finders[i].left);
	}
	free(finders);
	return st;
}

enum tb_status tb_duplicates_find(struct tb_duplicates *d, size_t threads, uint64_t *suspects,
				  struct tb_err *err)
{
	TB_TRY(tb_duplicates_check(d, err));
	TB_TRY(gather_segments(d, err));
	TB_TRY(make_marks(d, &d->suspects, err));
	TB_TRY(find(d, threads, err));
	for (size_t i = 0; i < d->notes_count; i++) {
		tb_spill_free(d->notes[i]->ids);
		d->notes[i]->ids = NULL;
	}
	*suspects = d->suspects.marked;
	d->row_parts = tb_id_row_parts(*suspects);
	return *suspects ? make_marks(d, &d->found, err) : TB_OK;
}

const struct tb_line_marks *tb_duplicates_suspects(const struct tb_duplicates *d)
{
	return &d->suspects;
}
