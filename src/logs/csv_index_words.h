/*
 * csv_index_words - from masks of 64 bytes to an index: what all implementations of csv_index have
 * in common; each compiles it into its own functions. Internal to logs.
 */
#ifndef TB_CSV_INDEX_WORDS_H
#define TB_CSV_INDEX_WORDS_H

#include "base/err.h"
#include "base/short_count.h"
#include "logs/csv_index.h"

/* One bit for each of 64 bytes. */
struct masks {
	uint64_t comma, feed, quote;
	uint64_t odd; /* not printable ASCII: below 0x20 (so line feeds too), 0x7f and above */
};

/* As much as there is to know of 64 bytes when nothing but plain text and line ends is among them.
 */
struct plain_masks {
	uint64_t separators, feed;
	bool strange; /* a quote or an odd byte that is no line feed: to be looked at again */
};

/* What the odd bytes are; looked at only where there are any but line feeds. */
struct odd_masks {
	uint64_t cr, nul, high;
};

/* What the implementations do each in their own way. */
struct ways {
	struct plain_masks (*look_plain)(const char *p);
	struct masks (*look)(const char *p);
	struct odd_masks (*look_odd)(const char *p);
	uint64_t (*prefix_xor)(uint64_t x); /* bit i becomes the parity of the bits up to it */
	uint32_t (*lowest)(uint64_t bits);  /* its place; any where there is none */
};

/* ---- from masks to separators and rows ---- */

struct state {
	struct tb_csv_index *out;
	const char *window;
	uint32_t seps;                /* written so far */
	struct tb_csv_index_row *row; /* the next to be written */
	uint64_t quoted;              /* all ones inside quotes, at the start of the 64 bytes */
	struct tb_csv_index_row part; /* what is known of the row being read */
	bool open;                    /* that is something */
};

/*
 * Writes eight at a time, as many as there mostly are, whether or not there are as many: a loop
 * for each bit would end at another count each time, which no processor foresees.
 */
static inline TB_ALWAYS_INLINE void put_separators(struct state *s, const struct ways *w,
						   uint64_t bits, uint32_t at)
{
	uint32_t *sep = s->out->sep + 1 + s->seps;

	s->seps += (uint32_t)__builtin_popcountll(bits);
	do {
		for (int i = 0; i < TB_INDEX_SPARE; i++) {
			sep[i] = at + w->lowest(bits);
			bits &= bits - 1;
		}
		sep += TB_INDEX_SPARE;
	} while (bits);
}

static inline TB_ALWAYS_INLINE uint64_t upto_lowest(uint64_t bits)
{
	return bits ^ (bits - 1);
}

/* Rows that hold nothing but plain text end here: mostly one, often none or two, rarely more. */
static inline TB_ALWAYS_INLINE void end_plain_rows(struct state *s, uint64_t feeds,
						   uint64_t separators)
{
	struct tb_csv_index_row *row = s->row;

	s->row += __builtin_popcountll(feeds);
	do {
		for (int i = 0; i < 2; i++) {
			uint64_t upto = separators & upto_lowest(feeds);

			*row++ = (struct tb_csv_index_row){
				.seps = s->seps + (uint32_t)__builtin_popcountll(upto)};
			feeds &= feeds - 1;
		}
	} while (feeds);
}

/* The same with quotes. */
static inline TB_ALWAYS_INLINE void end_quoted_rows(struct state *s, uint64_t feeds,
						    uint64_t separators, uint64_t quotes)
{
	for (; feeds; feeds &= feeds - 1) {
		uint64_t upto = upto_lowest(feeds);

		s->part.quotes = (uint16_t)(s->part.quotes + __builtin_popcountll(quotes & upto));
		s->part.seps = s->seps + (uint32_t)__builtin_popcountll(separators & upto);
		*s->row++ = s->part;
		s->part = (struct tb_csv_index_row){0};
		quotes &= ~upto;
	}
	s->part.quotes = (uint16_t)(s->part.quotes + __builtin_popcountll(quotes));
}

/* What 64 bytes hold besides plain text and line ends. */
struct strange {
	struct odd_masks odd;
	uint64_t control, inner;
};

static unsigned flags_of(const struct strange *x, uint64_t part)
{
	return (x->odd.high & part ? TB_INDEX_HIGH : 0) | (x->odd.cr & part ? TB_INDEX_CR : 0) |
	       (x->odd.nul & part ? TB_INDEX_NUL : 0) | (x->inner & part ? TB_INDEX_LINES : 0) |
	       (x->control & part ? TB_INDEX_CONTROL : 0);
}

/* Flags the rows that were just ended, from `row` on; gives the flags of what is behind them. */
static unsigned note_strange(struct tb_csv_index_row *row, const struct strange *x, uint64_t feeds)
{
	uint64_t from = 0;

	for (; feeds; feeds &= feeds - 1) {
		uint64_t upto = upto_lowest(feeds);

		row->flags |= (uint16_t)flags_of(x, upto & ~from);
		row++;
		from = upto;
	}
	return flags_of(x, ~from);
}

/* 64 bytes, whatever they are. */
static inline TB_ALWAYS_INLINE void take_any(struct state *s, const struct ways *w, const char *p,
					     const struct masks *m)
{
	uint64_t odd = m->odd ^ m->feed, quoted = w->prefix_xor(m->quote) ^ s->quoted;
	uint64_t separators = (m->comma | m->feed) & ~quoted, inner = m->feed & quoted;
	struct tb_csv_index_row *row = s->row;

	end_quoted_rows(s, m->feed & ~quoted, separators, m->quote);
	if (odd | inner) {
		struct strange x = {.odd = w->look_odd(p), .inner = inner};

		x.control = odd & ~(x.odd.cr | x.odd.nul | x.odd.high);
		x.odd.cr &= m->odd;
		x.odd.nul &= m->odd;
		x.odd.high &= m->odd;
		s->part.flags |= (uint16_t)note_strange(row, &x, m->feed & ~quoted);
	}
	put_separators(s, w, separators, (uint32_t)(p - s->window));
	s->quoted = quoted >> 63 ? ~(uint64_t)0 : 0;
	s->open = s->quoted || s->part.quotes || s->part.flags;
}

/* 64 bytes, if they are plain text and line ends and so is what the row before has left open. */
static inline TB_ALWAYS_INLINE bool take_plain(struct state *s, const struct ways *w, const char *p)
{
	struct plain_masks m = w->look_plain(p);

	if (m.strange | s->open)
		return false;
	end_plain_rows(s, m.feed, m.separators);
	put_separators(s, w, m.separators, (uint32_t)(p - s->window));
	return true;
}

/* What lies behind the n bytes is not looked at. */
static inline TB_ALWAYS_INLINE void cut(struct masks *m, size_t n)
{
	uint64_t keep = ((uint64_t)1 << n) - 1;

	m->comma &= keep;
	m->feed &= keep;
	m->quote &= keep;
	m->odd &= keep;
}

static inline TB_ALWAYS_INLINE void index_with(const struct ways *w, const char *p, size_t n,
					       struct tb_csv_index *out)
{
	struct state s = {.out = out, .window = p, .row = out->row};
	struct masks m;
	size_t at = 0;

	out->sep[0] = UINT32_MAX;
	for (; at < n - n % 64; at += 64)
		if (!take_plain(&s, w, p + at)) {
			m = w->look(p + at);
			take_any(&s, w, p + at, &m);
		}
	if (at < n) {
		m = w->look(p + at);
		cut(&m, n - at);
		take_any(&s, w, p + at, &m);
	}
	out->rows = (size_t)(s.row - out->row);
}

static inline TB_ALWAYS_INLINE void count_with(const struct ways *w, const char *p, size_t n,
					       size_t *feeds, size_t *quotes)
{
	*feeds = *quotes = 0;
	for (size_t at = 0; at < n; at += 64) {
		struct masks m = w->look(p + at);

		if (n - at < 64)
			cut(&m, n - at);
		*feeds += (size_t)__builtin_popcountll(m.feed);
		*quotes += (size_t)__builtin_popcountll(m.quote);
	}
}

/* Where an implementation has nothing quicker. */

static inline TB_ALWAYS_INLINE bool numbers_one_by_one(const struct tb_csv_index_column *c,
						       size_t n, bool may_be_empty, uint64_t *out)
{
	for (size_t i = 0; i < n; i++) {
		const uint32_t *sep = c->sep + i * c->step;
		uint32_t from = sep[0] + 1 + c->quote;
		struct tb_span s = {c->window + from, sep[1] - c->quote - from};

		out[i] = 0;
		if (!(s.n == 0 && may_be_empty) && !tb_short_count(s, &out[i]))
			return false;
	}
	return true;
}

static inline TB_ALWAYS_INLINE struct plain_masks plain_of(const struct masks *m)
{
	return (struct plain_masks){m->comma | m->feed, m->feed,
				    (m->quote | (m->odd ^ m->feed)) != 0};
}

static inline TB_ALWAYS_INLINE uint64_t prefix_xor(uint64_t x)
{
	for (int by = 1; by < 64; by *= 2)
		x ^= x << by;
	return x;
}

static inline TB_ALWAYS_INLINE uint32_t lowest(uint64_t bits)
{
	return (uint32_t)__builtin_ctzll(bits | (uint64_t)1 << 63);
}

#endif
