/*
 * Rows as most logs have them, read fast. What is not one of the few forms that are known here, and
 * what is wrong, is left: tb_convert_row() then reads the row by the rules, or says why not. So
 * nothing here may accept a row that the rules refuse, or read it as anything else.
 */
#include "usage/row.h"

#include "base/civil.h"
#include "base/money.h"
#include "base/short_count.h"
#include "usage/convert.h"

#include <string.h>

const char tb_row_header_again[] = "the header line again; were files joined with cat?";

struct row {
	const struct tb_columns *columns;
	const struct tb_span *cells; /* by column; INDEXED has the two below instead */
	const char *window;
	const uint32_t *sep;
	const uint64_t *counts; /* COUNTED: three of them, apart by TB_RUN_MAX */
	struct tb_row_rules *rules;
	struct tb_usage *out;
};

/* Columns that most logs lack. Rows without any are parsed by code that does not ask for them. */
enum {
	REQUIRED = TB_FIELD_BIT(TB_FIELD_TIME) | TB_FIELD_BIT(TB_FIELD_MODEL) |
		   TB_FIELD_BIT(TB_FIELD_INPUT) | TB_FIELD_BIT(TB_FIELD_OUTPUT),
	COMMON = REQUIRED | TB_FIELD_BIT(TB_FIELD_CACHED_READ) | TB_FIELD_BIT(TB_FIELD_BATCH),
	ALL = (TB_FIELD_BIT(TB_FIELDS) - 1) | TB_UNREAD_BIT,
};

#define TB_NONE TB_METERS /* what a count is part of that is part of none */

/* Where the texts are, told beside the columns: between separators, and there in quotes; and the
 * counts that most logs have, as numbers. */
#define PAIRED  (1u << 27)
#define COUNTED (1u << 29)
#define INDEXED (1u << 30)
#define QUOTED  (1u << 31)

_Static_assert(!(ALL & (PAIRED | COUNTED | INDEXED | QUOTED)) &&
		       TB_FIELD_BIT(TB_FIELDS) <= TB_UNREAD_BIT,
	       "bits of the fields and of their places are apart");

/* The text in a column. Places wrap: what stands before the first byte of a window is -1. */
static inline TB_ALWAYS_INLINE struct tb_span text_in(const struct row *r, unsigned may, int column)
{
	uint32_t quote = may & QUOTED ? 1u : 0, from;

	if (!(may & INDEXED))
		return r->cells[column];
	if (may & PAIRED)
		column *= 2;
	from = r->sep[column] + 1 + quote;
	return (struct tb_span){r->window + from, r->sep[column + 1] - quote - from};
}

/* The field's text; empty when the log has no such column. */
static inline TB_ALWAYS_INLINE struct tb_span cell(const struct row *r, unsigned may,
						   enum tb_field f)
{
	static const struct tb_span empty = {"", 0};
	bool required = REQUIRED & TB_FIELD_BIT(f);

	if (!(may & TB_FIELD_BIT(f)) || (!required && r->columns->field[f] == TB_COLUMN_NONE))
		return empty;
	return text_in(r, may, r->columns->field[f]);
}

/* A time without a zone, on the clock of --log-tz. */
static const char *local_time(struct tb_row_rules *rules, int64_t local, struct tb_usage *out)
{
	switch (tb_zone_instant(rules->log_zone, local, &out->instant)) {
	case TB_LOCAL_NEVER:
		return "the clock of --log-tz was set forward over this time";
	case TB_LOCAL_TWICE:
		rules->twice++;
		break;
	case TB_LOCAL_ONCE:
		break;
	}
	if (out->instant < 0 || out->instant >= TB_TIME_END)
		return "outside the years 1970 to 9999 in UTC";
	return NULL;
}

enum { DATE_LEN = 10, UTC_LEN = 20 }; /* 2026-04-01 and 2026-04-01T10:15:00Z */

/* The days of a month have slots of their own. */
static inline size_t date_slot(const char *p)
{
	return ((unsigned)(unsigned char)p[DATE_LEN - 2] << 4 ^ (unsigned char)p[DATE_LEN - 1]) %
	       (unsigned)TB_KNOWN_DATES;
}

static TB_COLD bool recall_date(const char *date, struct tb_row_rules *rules)
{
	const struct tb_known_date *known = &rules->dates[date_slot(date)];

	if (memcmp(date, known->text, DATE_LEN) != 0)
		return false;
	rules->date = *known;
	return true;
}

/* By far the most common form, on a date that was parsed before. */
static inline bool familiar_time(struct tb_span s, struct tb_row_rules *rules, struct tb_usage *out)
{
	int32_t second;

	if (s.n != UTC_LEN || s.p[UTC_LEN - 1] != 'Z' ||
	    (s.p[DATE_LEN] != 'T' && s.p[DATE_LEN] != ' ') ||
	    (memcmp(s.p, rules->date.text, DATE_LEN) != 0 && !recall_date(s.p, rules)))
		return false;
	second = tb_clock_parse(s.p + DATE_LEN + 1);
	if (second < 0)
		return false;
	out->instant = rules->date.seconds + second;
	out->date_only = false;
	return true;
}

static void remember_date(struct tb_span s, struct tb_row_rules *rules)
{
	int32_t day;

	if (s.n >= DATE_LEN && tb_date_parse((struct tb_span){s.p, DATE_LEN}, &day)) {
		memcpy(rules->date.text, s.p, DATE_LEN);
		rules->date.seconds = (int64_t)day * TB_DAY_SECONDS;
		rules->dates[date_slot(s.p)] = rules->date;
	}
}

const char *tb_row_time(struct tb_span s, struct tb_row_rules *rules, struct tb_usage *out)
{
	struct tb_time t = tb_time_parse(s);

	remember_date(s, rules);
	out->instant = t.seconds;
	out->date_only = t.form == TB_TIME_DATE;
	if (t.form == TB_TIME_LOCAL && rules->log_zone)
		return local_time(rules, t.seconds, out);
	return t.form == TB_TIME_BAD ? t.fault : NULL;
}

static inline TB_ALWAYS_INLINE bool parse_time(struct row *r, unsigned may)
{
	struct tb_span s = cell(r, may, TB_FIELD_TIME);

	return familiar_time(s, r->rules, r->out) || !tb_row_time(s, r->rules, r->out);
}

const char *tb_row_model(struct tb_span m)
{
	if (m.n == 0)
		return "empty";
	if (tb_text_plain(m))
		return NULL;
	for (size_t i = 0, len; i < m.n; i += len) {
		uint32_t c = tb_utf8_next(m.p + i, m.n - i, &len);

		if (c < 0x20 || (c >= 0x7f && c <= 0x9f))
			return "holds a control character";
	}
	return NULL;
}

static inline TB_ALWAYS_INLINE bool parse_model(struct row *r, unsigned may)
{
	bool printable = may & PAIRED ? false : may & INDEXED || r->rules->printable;

	r->out->model = cell(r, may, TB_FIELD_MODEL);
	return (printable && r->out->model.n) || !tb_row_model(r->out->model);
}

/* The counts of COUNTED rows. */
static const enum tb_field counted[] = {TB_FIELD_INPUT, TB_FIELD_CACHED_READ, TB_FIELD_OUTPUT};
enum { COUNTS = sizeof(counted) / sizeof(counted[0]) };

static inline TB_ALWAYS_INLINE bool parse_count(struct row *r, unsigned may, enum tb_field f,
						uint64_t absent, uint64_t *out)
{
	struct tb_span text;

	for (size_t i = 0; may & COUNTED && i < COUNTS; i++)
		if (counted[i] == f) {
			*out = r->counts[i * TB_RUN_MAX];
			return true;
		}
	text = cell(r, may, f);
	*out = absent;
	if (text.n == 0 && !(REQUIRED & TB_FIELD_BIT(f)))
		return true;
	return tb_short_count(text, out) || !tb_count_parse(text, out);
}

/* A count that has a meter; what is part of another is taken out later. */
static inline TB_ALWAYS_INLINE bool parse_metered(struct row *r, unsigned may, enum tb_field f,
						  enum tb_field_kind kind, enum tb_meter meter)
{
	return kind != TB_READ_COUNT || meter == TB_METERS ||
	       parse_count(r, may, f, 0, &r->out->tokens[meter]);
}

/* The input and output as they are told, with all that is part of them. */
static inline TB_ALWAYS_INLINE bool is_total(struct row *r, unsigned may)
{
	tb_u128 sum = (tb_u128)r->out->tokens[TB_INPUT] + r->out->tokens[TB_OUTPUT];
	uint64_t total = 0;

	if (!(may & TB_FIELD_BIT(TB_FIELD_TOTAL)) || cell(r, may, TB_FIELD_TOTAL).n == 0)
		return true;
	return parse_count(r, may, TB_FIELD_TOTAL, 0, &total) && total == sum;
}

static inline TB_ALWAYS_INLINE bool take_out(struct row *r, enum tb_meter part, enum tb_meter whole)
{
	return whole == TB_NONE || tb_take_out(&r->out->tokens[whole], r->out->tokens[part]);
}

/* By the rows of TB_OWN_FIELD_ROWS, which the compiler unrolls. */
static inline TB_ALWAYS_INLINE bool parse_counts(struct row *r, unsigned may)
{
#define PARSE(id, name, kind, flags, meter, ...)                                                   \
	&&parse_metered(r, may, TB_FIELD_##id, TB_READ_##kind, meter)
#define TAKE(id, name, kind, flags, meter, part_of, ...) &&take_out(r, meter, TB_##part_of)

	return true TB_OWN_FIELD_ROWS(PARSE, TB_NO_ROW) &&
	       is_total(r, may) TB_OWN_FIELD_ROWS(TAKE, TB_NO_ROW);
}

/* A word of up to eight letters, in any case, and what it means. */
struct word {
	char text[9]; /* NUL up to its end, to be compared as a number */
	uint8_t n;
	uint8_t value;
};

#define WORD(id, text) {text, sizeof(text) - 1, TB_##id},

/* Letters alone: a bit is all that tells their cases apart. Relies on the bytes behind the text
 * being readable. */
static inline const struct word *find_word(struct tb_span s, const struct word *words, size_t n)
{
	uint64_t mask, text;

	if (s.n - 1 >= sizeof(text))
		return NULL;
	mask = ~(uint64_t)0 >> (8 * (sizeof(text) - s.n));
	text = (tb_load_word(s.p) | UINT64_C(0x2020202020202020)) & mask;
	for (const struct word *w = words; w < words + n; w++)
		if (w->n == s.n && text == tb_load_word(w->text))
			return w;
	return NULL;
}

/* The two words that most logs have. Which of them comes next no processor foresees, so it must
 * not matter where the code goes on. Numbers, not bools, because those would go through memory. */
static inline TB_ALWAYS_INLINE bool is_true_or_false(struct tb_span s, unsigned *is_true)
{
	uint64_t text;

	if (s.n - 1 >= sizeof(text))
		return false;
	text = (tb_load_word(s.p) | UINT64_C(0x2020202020202020)) &
	       ~(uint64_t)0 >> (8 * (sizeof(text) - s.n));
	*is_true = text == UINT64_C(0x65757274);
	return *is_true | (text == UINT64_C(0x65736c6166));
}

static inline TB_ALWAYS_INLINE bool parse_batch(struct row *r, unsigned may, unsigned *batch)
{
	struct tb_span s = cell(r, may, TB_FIELD_BATCH);
	const struct tb_logword *w;

	*batch = 0;
	if (s.n == 0 || is_true_or_false(s, batch))
		return true;
	w = tb_logword_find(TB_FIELD_BATCH, tb_yes_no_words, s);
	*batch = w && w->value;
	return w;
}

static inline TB_ALWAYS_INLINE bool parse_service_tier(struct row *r, unsigned may,
						       enum tb_tier *tier)
{
	static const struct word words[] = {TB_TIER_ROWS(WORD, WORD)};
	struct tb_span s = cell(r, may, TB_FIELD_SERVICE_TIER);
	const struct word *w;

	*tier = TB_STANDARD;
	if (s.n == 0)
		return true;
	w = find_word(s, words, sizeof(words) / sizeof(words[0]));
	if (w)
		*tier = (enum tb_tier)w->value;
	return w;
}

static inline TB_ALWAYS_INLINE bool parse_tier(struct row *r, unsigned may)
{
	unsigned batch = 0;
	enum tb_tier tier;

	if (!parse_batch(r, may, &batch) || !parse_service_tier(r, may, &tier) ||
	    (batch && tier != TB_STANDARD && tier != TB_BATCH))
		return false;
	r->out->tier = batch ? TB_BATCH : tier;
	return true;
}

static inline TB_ALWAYS_INLINE bool parse_context(struct row *r, unsigned may)
{
	struct tb_span s = cell(r, may, TB_FIELD_CONTEXT);

	r->out->context = TB_CONTEXT_UNTOLD;
	if (s.n == 0)
		return true;
	if (tb_span_is(s, tb_contexts[TB_BASE].name))
		r->out->context = TB_CONTEXT_BASE;
	else if (tb_span_is(s, tb_contexts[TB_LONG].name))
		r->out->context = TB_CONTEXT_LONG;
	else
		return false;
	return true;
}

/* Whether columns that nobody reads hold no usage, or are known to: the first is noted elsewhere.
 */
static inline TB_ALWAYS_INLINE bool passes_unread(const struct row *r, unsigned may)
{
	if (!(may & TB_UNREAD_BIT))
		return true;
	for (size_t i = 0; i < r->columns->unread_count; i++)
		if (!r->rules->unread.line[i] &&
		    tb_unread_holds(r->columns->unread[i].kinds,
				    text_in(r, may, r->columns->unread[i].column)))
			return false;
	return true;
}

static inline TB_ALWAYS_INLINE bool parse_fields(struct row *r, unsigned may)
{
	struct tb_usage *u = r->out;

	u->id = cell(r, may, TB_FIELD_ID);
	u->model_bare = TB_NO_SPAN;
	u->has_reported = u->idle = u->sums = false;
	u->region = cell(r, may, TB_FIELD_REGION);
	return parse_time(r, may) && parse_model(r, may) && parse_counts(r, may) &&
	       parse_tier(r, may) && parse_context(r, may) &&
	       parse_count(r, may, TB_FIELD_REQUESTS, 1, &u->requests) && passes_unread(r, may);
}

bool tb_row_parse(const struct tb_columns *columns, const struct tb_span *cells,
		  struct tb_row_rules *rules, struct tb_usage *out, struct tb_problem *why)
{
	struct row r = {.columns = columns, .cells = cells, .rules = rules, .out = out};
	uint64_t twice = rules->twice;

	if (columns->present & ~(unsigned)COMMON ? parse_fields(&r, ALL) : parse_fields(&r, COMMON))
		return true;
	rules->twice = twice; /* it is read again */
	return tb_convert_row(columns, cells, rules, out, why);
}

/* How many rows of a run, from the first on, have every field in quotes. */
static size_t quoted_rows(const struct tb_columns *columns, const struct tb_row_run *run, size_t n)
{
	for (size_t i = 0; i < n * columns->count; i++) { /* the step is as many */
		uint32_t from = run->sep[i] + 1, to = run->sep[i + 1];

		if (to - from < 2 || run->window[from] != '"' || run->window[to - 1] != '"')
			return i / columns->count;
	}
	return n;
}

/* Reads the columns of counts that most logs have; false when one holds anything uncommon. */
static bool read_counts(const struct tb_columns *columns, const struct tb_row_run *run, size_t n,
			uint64_t counts[COUNTS][TB_RUN_MAX])
{
	for (size_t i = 0; i < COUNTS; i++) {
		int column = columns->field[counted[i]];
		struct tb_csv_index_column c = {.window = run->window,
						.sep = run->sep +
						       (run->paired ? 2 * column : column),
						.step = run->step,
						.quote = run->quoted};

		if (column == TB_COLUMN_NONE)
			memset(counts[i], 0, sizeof(counts[i]));
		else if (!run->lane->numbers(&c, n, !(REQUIRED & TB_FIELD_BIT(counted[i])),
					     counts[i]))
			return false;
	}
	return true;
}

static inline TB_ALWAYS_INLINE size_t parse_run(const struct tb_columns *columns,
						const struct tb_row_run *run, size_t n,
						struct tb_row_rules *rules, struct tb_usage *out,
						uint64_t counts[COUNTS][TB_RUN_MAX], unsigned may)
{
	/* Copies, which what is written to `out` cannot change. */
	const char *window = run->window;
	const uint32_t *sep = run->sep;
	size_t step = run->step;

	for (size_t i = 0; i < n; i++, sep += step) {
		struct row r = {.columns = columns,
				.window = window,
				.sep = sep,
				.counts = counts[0] + i,
				.rules = rules,
				.out = &out[i]};
		uint64_t twice = rules->twice;

		if (!parse_fields(&r, may)) {
			rules->twice = twice; /* it will be read again */
			return i;
		}
	}
	return n;
}

/* By the columns that the log has: rows without any beyond the common ones do not ask for them. */
static inline TB_ALWAYS_INLINE size_t parse_kind(const struct tb_columns *columns,
						 const struct tb_row_run *run, size_t n,
						 struct tb_row_rules *rules, struct tb_usage *out,
						 bool have_counts,
						 uint64_t counts[COUNTS][TB_RUN_MAX], unsigned how)
{
	unsigned more = columns->present & ~(unsigned)COMMON;

	if (!have_counts)
		return parse_run(columns, run, n, rules, out, counts, ALL | how);
	if (!more)
		return parse_run(columns, run, n, rules, out, counts, COMMON | COUNTED | how);
	if (more == TB_FIELD_BIT(TB_FIELD_ID))
		return parse_run(columns, run, n, rules, out, counts,
				 COMMON | TB_FIELD_BIT(TB_FIELD_ID) | COUNTED | how);
	return parse_run(columns, run, n, rules, out, counts, ALL | COUNTED | how);
}

size_t tb_row_parse_run(const struct tb_columns *columns, const struct tb_row_run *run, size_t n,
			struct tb_row_rules *rules, struct tb_usage *out)
{
	uint64_t counts[COUNTS][TB_RUN_MAX];
	bool have_counts;

	if (run->quoted)
		n = quoted_rows(columns, run, n);
	have_counts = read_counts(columns, run, n, counts);
	if (run->paired)
		return parse_kind(columns, run, n, rules, out, have_counts, counts,
				  INDEXED | PAIRED);
	return run->quoted ? parse_kind(columns, run, n, rules, out, have_counts, counts,
					INDEXED | QUOTED)
			   : parse_kind(columns, run, n, rules, out, have_counts, counts, INDEXED);
}
