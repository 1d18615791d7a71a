#include "usage/convert.h"

#include "base/short_count.h"
#include "usage/jsonpath.h"
#include "usage/reported.h"
#include "usage/rules.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool repeats_header(const struct tb_given *r)
{
	for (size_t i = 0; i < r->columns->bound_count; i++) {
		int column = r->columns->bound[i].column;

		if (!tb_span_is(r->cells[column], r->columns->name[column]))
			return false;
	}
	return true;
}

/* ---- texts, by the kind of their field ---- */

/* The digits of "59200.0", which is what a table of numbers makes of 59200; else the text. */
static struct tb_span without_zeros(struct tb_span text)
{
	const char *point = text.n ? memchr(text.p, '.', text.n) : NULL;
	size_t whole = point ? (size_t)(point - text.p) : text.n;

	for (size_t i = whole + 1; i < text.n; i++)
		if (text.p[i] != '0')
			return text;
	return whole && whole + 1 < text.n ? (struct tb_span){text.p, whole} : text;
}

static bool read_time(struct tb_given *r, enum tb_field f, struct tb_span text)
{
	/* Dates have a hyphen, and clocks a date. */
	bool is_number = tb_given_has(r, TB_LOG_FLOAT_TIMES) && !memchr(text.p, '-', text.n);
	const char *why = tb_row_time(is_number ? without_zeros(text) : text, r->rules, r->out);

	return why ? tb_given_refuse(r, f, why) : true;
}

static bool read_text(struct tb_given *r, enum tb_field f, struct tb_span text)
{
	const char *why = f == TB_FIELD_MODEL && !r->rules->printable ? tb_row_model(text) : NULL;
	const struct tb_logword *none = r->from[f]->as->words;

	if (f == TB_FIELD_MODEL)
		r->out->model = text;
	else if (f == TB_FIELD_ID)
		r->out->id = text;
	else if (f == TB_FIELD_REGION && !(none && tb_logword_find(f, none, text)))
		r->out->region = text;
	return why ? tb_given_refuse(r, f, why) : true;
}

enum { GROUPED_MAX = 32 };

/* "1200" of "1,200", where the format has such; else the text. */
static struct tb_span without_commas(const struct tb_given *r, struct tb_span text,
				     char room[GROUPED_MAX])
{
	size_t n = 0;

	if (!tb_given_has(r, TB_LOG_GROUPED) || text.n >= GROUPED_MAX || text.n % 4 == 0 ||
	    !memchr(text.p, ',', text.n))
		return text;
	for (size_t i = 0; i < text.n; i++) {
		if ((text.p[i] == ',') != ((text.n - i) % 4 == 0))
			return text;
		if (text.p[i] != ',')
			room[n++] = text.p[i];
	}
	return (struct tb_span){room, n};
}

static bool read_count(struct tb_given *r, enum tb_field f, struct tb_span text)
{
	char room[GROUPED_MAX];
	const char *why;

	if (!tb_short_count(text, &r->n[f]) &&
	    (why = tb_count_parse(without_commas(r, without_zeros(text), room), &r->n[f])) != NULL)
		return tb_given_refuse(r, f, why);
	if (f == TB_FIELD_UNPRICED && r->n[f])
		return tb_given_refuse(r, f,
				       "tokens that no rate file has a price for; bill such rows "
				       "apart");
	return true;
}

static bool refuse_word(struct tb_given *r, enum tb_field f, const struct tb_logword *words)
{
	char list[256] = "";
	size_t n = 0;

	for (const struct tb_logword *w = words; w->text && n < sizeof(list); w++)
		n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s", n ? ", " : "", w->text);
	return tb_problem_set(r->why, tb_given_label(r, f), tb_given_text_at(r, r->from[f]),
			      "not one of %s", list);
}

static bool read_word(struct tb_given *r, enum tb_field f, struct tb_span text)
{
	const struct tb_logword *words = tb_logcolumn_words(r->from[f]->as),
				*w = tb_logword_find(f, words, text);

	if (!w && tb_fields[f].flags & TB_FIELD_LENIENT)
		return true;
	if (!w)
		return refuse_word(r, f, words);
	if (w->value == TB_WORD_UNPRICED)
		return tb_given_refuse(r, f,
				       "has a price of its own, which is not published; bill such "
				       "rows apart");
	r->n[f] = (uint64_t)w->value;
	return true;
}

/* Several columns may hold fees; what cannot be held is unheld. */
static bool add_amount(struct tb_given *r, enum tb_field f, struct tb_money amount)
{
	struct tb_money *to = f == TB_FIELD_UNIT_PRICE      ? &r->unit_price
			      : f == TB_FIELD_MORE_REPORTED ? &r->more_reported
			      : f == TB_FIELD_FEES          ? &r->fees
							    : &r->reported;

	r->unheld |= !tb_money_add(to, amount);
	return true;
}

static bool read_amount(struct tb_given *r, enum tb_field f, struct tb_span text)
{
	struct tb_money amount;

	switch (tb_reported_parse(text, &amount)) {
	case TB_REPORTED_AMOUNT:
		return add_amount(r, f, amount);
	case TB_REPORTED_BAD:
		return tb_given_refuse(r, f, "not an amount of money such as 0.15");
	case TB_REPORTED_FOREIGN:
	case TB_REPORTED_INEXACT:
		r->unheld = true;
		break;
	case TB_REPORTED_NONE:
		break;
	}
	r->from[f] = NULL;
	return true;
}

static bool read_cell(struct tb_given *r, const struct tb_bound *at, struct tb_span text)
{
	static bool (*const read[])(struct tb_given * r, enum tb_field f, struct tb_span text) = {
		[TB_READ_TIME] = read_time,     [TB_READ_TEXT] = read_text,
		[TB_READ_COUNT] = read_count,   [TB_READ_WORD] = read_word,
		[TB_READ_AMOUNT] = read_amount,
	};
	enum tb_field f = at->as->field;

	r->from[f] = at;
	return read[tb_fields[f].kind](r, f, text);
}

/* ---- JSON ---- */

struct json {
	struct tb_given *row;
	const struct tb_bound *first, *end; /* the paths of one column */
	struct tb_span text;
	bool ok;
};

static bool is_count(const struct tb_bound *at)
{
	return tb_fields[at->as->field].kind == TB_READ_COUNT;
}

/* A path that stands behind a 0 counts as well: exports fill in zeros for what they do not know. */
static bool is_free(const struct tb_given *r, const struct tb_bound *at)
{
	const struct tb_bound *taken = r->from[at->as->field];

	return !taken || at->as->field == TB_FIELD_UNPRICED ||
	       (is_count(at) && taken->column == at->column && r->n[at->as->field] == 0);
}

static bool agrees(const struct tb_given *r, const struct tb_bound *at, struct tb_span value)
{
	uint64_t here, taken = r->n[at->as->field];
	const struct tb_logword *w;

	switch (tb_fields[at->as->field].kind) {
	case TB_READ_COUNT:
		return tb_count_parse(value, &here) || here == 0 || here == taken;
	case TB_READ_WORD:
		w = tb_logword_find(at->as->field, tb_logcolumn_words(at->as), value);
		return w && (uint64_t)w->value == taken;
	default:
		return tb_span_equal_nocase(value, r->out->region);
	}
}

/* What is written with escapes is decoded in memory that the parser of JSON takes back. */
static bool stays(const struct json *j, struct tb_span value)
{
	return value.p >= j->text.p && value.p < j->text.p + j->text.n;
}

static bool refuse_value(const struct json *j, const struct tb_bound *at, struct tb_span value,
			 struct tb_span path, const char *why)
{
	return tb_problem_set(j->row->why, j->row->columns->name[at->column],
			      stays(j, value) ? value : j->text, "%.*s %s", (int)path.n, path.p,
			      why);
}

/* Places that say the same thing must agree, where they say anything. */
static bool check_agreement(const struct json *j, const struct tb_bound *at, struct tb_span path,
			    struct tb_span value)
{
	const struct tb_given *r = j->row;
	char why[80] = "contradicts another place in the object";

	if (r->from[at->as->field]->column != at->column || agrees(r, at, value))
		return true;
	if (is_count(at))
		snprintf(why, sizeof(why),
			 "contradicts another place in the object, which says %" PRIu64,
			 r->n[at->as->field]);
	return refuse_value(j, at, value, path, why);
}

static bool says_nothing(struct tb_span value)
{
	uint64_t n;

	return !tb_count_parse(value, &n) && n == 0;
}

static bool take_at(const struct json *j, const struct tb_bound *at, struct tb_span path,
		    struct tb_span value)
{
	if (value.n == 0 && !is_count(at))
		return true;
	if (strcmp(at->as->path, "*") == 0)
		return says_nothing(value) ||
		       refuse_value(j, at, value, path,
				    "is no usage that is known here; bill such rows apart");
	if (!is_free(j->row, at))
		return check_agreement(j, at, path, value);
	if (tb_fields[at->as->field].kind == TB_READ_TEXT && !stays(j, value))
		return refuse_value(j, at, value, path,
				    "is written with escapes, where a plain word is expected");
	return read_cell(j->row, at, value);
}

static bool take_number(void *ctx, struct tb_span path, struct tb_span number)
{
	struct json *j = ctx;

	for (const struct tb_bound *b = j->first; b < j->end; b++)
		if (tb_span_is(path, b->as->path) || strcmp(b->as->path, "*") == 0) {
			j->ok = take_at(j, b, path, number);
			return j->ok;
		}
	return true;
}

static bool read_json(struct tb_given *r, const struct tb_bound *first, const struct tb_bound *end,
		      struct tb_span text)
{
	struct json j = {r, first, end, text, true};
	const char *why = tb_json_numbers(text, take_number, &j);

	if (why)
		return tb_problem_set(r->why, r->columns->name[first->column], text, "%s", why);
	return j.ok;
}

/* ---- the cells ---- */

static bool same_json(const struct tb_bound *a, const struct tb_bound *b)
{
	return a->as->path && b->as->path && a->column == b->column;
}

/* "gpt-5" in quotes that belong to the text, where the format writes texts as JSON. */
static struct tb_span cell_at(const struct tb_given *r, int column)
{
	struct tb_span text = r->cells[column];

	if (tb_given_has(r, TB_LOG_JSON_TEXTS) && text.n > 1 && text.p[0] == '"' &&
	    text.p[text.n - 1] == '"')
		return (struct tb_span){text.p + 1, text.n - 2};
	return text;
}

/* Fields that every column of theirs feeds, not the first that is filled. */
static bool takes_all(enum tb_field f)
{
	return f == TB_FIELD_UNPRICED || f == TB_FIELD_FEES;
}

static bool read_cells(struct tb_given *r)
{
	const struct tb_bound *b = r->columns->bound, *end = b + r->columns->bound_count, *next;

	for (; b < end; b = next) {
		struct tb_span text = cell_at(r, b->column);

		for (next = b + 1; next < end && same_json(b, next);)
			next++;
		if (text.n == 0)
			continue;
		if (b->as->path) {
			if (!read_json(r, b, next, text))
				return false;
		} else if (!r->from[b->as->field] || takes_all(b->as->field)) {
			if (!read_cell(r, b, text))
				return false;
		}
	}
	return true;
}

bool tb_convert_row(const struct tb_columns *columns, const struct tb_span *cells,
		    struct tb_row_rules *rules, struct tb_usage *out, struct tb_problem *why)
{
	struct tb_given r = {
		.columns = columns, .cells = cells, .rules = rules, .out = out, .why = why};
	size_t file = out->file;
	uint64_t line = out->line;

	*out = (struct tb_usage){.file = file, .line = line, .tier = TB_STANDARD, .requests = 1};
	if (!read_cells(&r))
		return repeats_header(&r) ? tb_given_refuse(&r, TB_FIELD_TIME, tb_row_header_again)
					  : false;
	if (!tb_row_resolve(&r))
		return false;
	if (columns->unread_count)
		tb_unread_note(columns, cells, line, &rules->unread);
	return true;
}
