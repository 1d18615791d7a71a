#include "usage/convert.h"

#include "base/civil.h"
#include "usage/count.h"
#include "usage/jsonpath.h"
#include "usage/reported.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct row {
	const struct tb_columns *columns;
	const struct tb_span *cells;
	struct tb_row_rules *rules;
	struct tb_usage *out;
	struct tb_problem *why;

	const struct tb_bound *from[TB_ALL_FIELDS]; /* where a field was found; NULL: nowhere */
	uint64_t n[TB_ALL_FIELDS];                  /* counts, and the values of words */
	struct tb_money reported, unit_price;
	bool unheld; /* an amount was given that cannot be held */
};

static bool has_convention(const struct row *r, unsigned convention)
{
	return r->columns->conventions & convention;
}

static struct tb_span text_at(const struct row *r, const struct tb_bound *at)
{
	return at ? r->cells[at->column] : (struct tb_span){"", 0};
}

/* The column that the field was found in, or might have been. */
static const struct tb_bound *place_of(const struct row *r, enum tb_field f)
{
	for (size_t i = 0; i < r->columns->bound_count && !r->from[f]; i++)
		if (r->columns->bound[i].as->field == f)
			return &r->columns->bound[i];
	return r->from[f];
}

static const char *label(const struct row *r, enum tb_field f)
{
	const struct tb_bound *at = place_of(r, f);

	return at ? r->columns->name[at->column] : tb_fields[f].name;
}

static bool refuse(struct row *r, enum tb_field f, const char *why)
{
	return tb_problem_set(r->why, label(r, f), text_at(r, r->from[f]), "%s", why);
}

static bool repeats_header(const struct row *r)
{
	for (size_t i = 0; i < r->columns->bound_count; i++) {
		int column = r->columns->bound[i].column;

		if (!tb_span_is(r->cells[column], r->columns->name[column]))
			return false;
	}
	return true;
}

/* ---- texts, by the kind of their field ---- */

static bool read_time(struct row *r, enum tb_field f, struct tb_span text)
{
	const char *why = tb_row_time(text, r->rules, r->out);

	return why ? refuse(r, f, why) : true;
}

static bool read_text(struct row *r, enum tb_field f, struct tb_span text)
{
	const char *why = f == TB_FIELD_MODEL && !r->rules->printable ? tb_row_model(text) : NULL;
	const struct tb_logword *none = r->from[f]->as->words;

	if (f == TB_FIELD_MODEL)
		r->out->model = text;
	else if (f == TB_FIELD_ID)
		r->out->id = text;
	else if (f == TB_FIELD_REGION && !(none && tb_logword_find(none, text)))
		r->out->region = text;
	return why ? refuse(r, f, why) : true;
}

/* "59200.0" is what a table of numbers makes of 59200. */
static const char *parse_count(struct tb_span text, uint64_t *out)
{
	const char *point = memchr(text.p, '.', text.n);
	size_t whole = point ? (size_t)(point - text.p) : text.n;

	for (size_t i = whole + 1; i < text.n; i++)
		if (text.p[i] != '0')
			return "not a whole number in plain digits";
	if (point && whole + 1 == text.n)
		return "not a whole number in plain digits";
	return tb_count_parse((struct tb_span){text.p, whole}, out);
}

static bool read_count(struct row *r, enum tb_field f, struct tb_span text)
{
	const char *why;

	if (!tb_short_count(text, &r->n[f]) && (why = parse_count(text, &r->n[f])) != NULL)
		return refuse(r, f, why);
	if (f == TB_FIELD_UNPRICED && r->n[f])
		return refuse(r, f,
			      "tokens that no rate file has a price for; bill such rows "
			      "apart");
	return true;
}

static bool refuse_word(struct row *r, enum tb_field f, const struct tb_logword *words)
{
	char list[256] = "";
	size_t n = 0;

	for (const struct tb_logword *w = words; w->text && n < sizeof(list); w++)
		n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s", n ? ", " : "", w->text);
	return tb_problem_set(r->why, label(r, f), text_at(r, r->from[f]), "not one of %s", list);
}

static bool read_word(struct row *r, enum tb_field f, struct tb_span text)
{
	const struct tb_logword *words = r->from[f]->as->words, *w = tb_logword_find(words, text);

	if (!w)
		return refuse_word(r, f, words);
	if (w->value == TB_WORD_UNPRICED)
		return refuse(r, f,
			      "has a price of its own, which is not published; bill such "
			      "rows apart");
	r->n[f] = (uint64_t)w->value;
	return true;
}

static bool read_amount(struct row *r, enum tb_field f, struct tb_span text)
{
	switch (tb_reported_parse(text, f == TB_FIELD_REPORTED ? &r->reported : &r->unit_price)) {
	case TB_REPORTED_AMOUNT:
		return true;
	case TB_REPORTED_BAD:
		return refuse(r, f, "not an amount of money such as 0.15");
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

static bool read_cell(struct row *r, const struct tb_bound *at, struct tb_span text)
{
	static bool (*const read[])(struct row * r, enum tb_field f, struct tb_span text) = {
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
	struct row *row;
	const struct tb_bound *first, *end; /* the paths of one column */
	bool ok;
};

/* A path that stands behind a 0 counts as well: exports fill in zeros for what they do not know. */
static bool is_free(const struct row *r, const struct tb_bound *at)
{
	const struct tb_bound *taken = r->from[at->as->field];

	return !taken || at->as->field == TB_FIELD_UNPRICED ||
	       (taken->column == at->column && r->n[at->as->field] == 0);
}

/* Places that say the same thing must agree, where they say anything. */
static bool check_agreement(struct row *r, const struct tb_bound *at, struct tb_span number)
{
	uint64_t here, taken = r->n[at->as->field];

	if (r->from[at->as->field]->column != at->column || tb_count_parse(number, &here) ||
	    here == 0 || here == taken)
		return true;
	return tb_problem_set(r->why, r->columns->name[at->column], number,
			      "%s contradicts another place in the object, which says %" PRIu64,
			      at->as->path, taken);
}

static bool take_number(void *ctx, struct tb_span path, struct tb_span number)
{
	struct json *j = ctx;

	for (const struct tb_bound *b = j->first; b < j->end; b++)
		if (tb_span_is(path, b->as->path)) {
			j->ok = is_free(j->row, b) ? read_cell(j->row, b, number)
						   : check_agreement(j->row, b, number);
			return j->ok;
		}
	return true;
}

static bool read_json(struct row *r, const struct tb_bound *first, const struct tb_bound *end,
		      struct tb_span text)
{
	struct json j = {r, first, end, true};
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
static struct tb_span cell_at(const struct row *r, int column)
{
	struct tb_span text = r->cells[column];

	if (has_convention(r, TB_LOG_JSON_TEXTS) && text.n > 1 && text.p[0] == '"' &&
	    text.p[text.n - 1] == '"')
		return (struct tb_span){text.p + 1, text.n - 2};
	return text;
}

static bool read_cells(struct row *r)
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
		} else if (!r->from[b->as->field] || b->as->field == TB_FIELD_UNPRICED) {
			if (!read_cell(r, b, text))
				return false;
		}
	}
	return true;
}

/* ---- what the fields mean together ---- */

/* A row of a bucket in which nothing was used, or that a cache answered. */
static bool is_idle(const struct row *r)
{
	if (r->n[TB_FIELD_ANSWERED])
		return true;
	if (!has_convention(r, TB_LOG_IDLE_ROWS) || r->out->model.n)
		return false;
	for (int f = 0; f < TB_ALL_FIELDS; f++)
		if (tb_fields[f].kind == TB_READ_COUNT && r->n[f])
			return false;
	return true;
}

static bool check_required(struct row *r)
{
	bool by_class = r->from[TB_FIELD_CLASS];
	bool blank_is_zero =
		has_convention(r, TB_LOG_BLANK_IS_ZERO) || r->n[TB_FIELD_CANCELLED] || by_class;

	if (r->columns->has_day) {
		r->out->instant = (int64_t)r->columns->day * TB_DAY_SECONDS;
		r->out->date_only = true;
	} else if (!r->from[TB_FIELD_TIME]) {
		return refuse(r, TB_FIELD_TIME, "empty");
	}
	if (!r->from[TB_FIELD_MODEL])
		return refuse(r, TB_FIELD_MODEL, "empty");
	if (!by_class && r->columns->by_class)
		return refuse(r, TB_FIELD_CLASS, "empty");
	if (by_class && !r->from[TB_FIELD_AMOUNT])
		return refuse(r, TB_FIELD_AMOUNT, "empty");
	for (int f = 0; f < TB_FIELDS && !blank_is_zero; f++)
		if (tb_fields[f].required && !r->from[f] && f != TB_FIELD_TIME)
			return refuse(r, (enum tb_field)f, "empty");
	return true;
}

/* One class of tokens to a row; requests are a class too. */
static void spread_class(struct row *r)
{
	enum tb_field f = (enum tb_field)r->n[TB_FIELD_CLASS];

	if (!r->from[TB_FIELD_CLASS])
		return;
	r->from[TB_FIELD_REQUESTS] = r->from[TB_FIELD_AMOUNT];
	r->n[TB_FIELD_REQUESTS] = 0;
	r->n[f] = r->n[TB_FIELD_AMOUNT];
	if (r->from[TB_FIELD_UNIT_PRICE]) {
		r->reported = r->unit_price;
		if (tb_reported_times(&r->reported, r->n[TB_FIELD_AMOUNT]))
			r->from[TB_FIELD_REPORTED] = r->from[TB_FIELD_UNIT_PRICE];
		else
			r->unheld = true;
	}
}

/*
 * Cursor's input with cache writes: either the writes alone, or the writes and the input. The total
 * tells which; without one it can be told only where one of both is nothing.
 */
static bool settle_with_writes(struct row *r)
{
	uint64_t with = r->n[TB_FIELD_WITH_WRITES], without = r->n[TB_FIELD_INPUT];
	tb_u128 others = (tb_u128)r->n[TB_FIELD_CACHED_READ] + r->n[TB_FIELD_OUTPUT];
	tb_u128 apart = others + with + without, inside = others + with,
		total = r->n[TB_FIELD_TOTAL];
	bool told = r->from[TB_FIELD_TOTAL];

	if (!r->from[TB_FIELD_WITH_WRITES])
		return true;
	if (!told && with && without)
		return refuse(r, TB_FIELD_WITH_WRITES,
			      "may or may not contain the input without cache writes, and no total "
			      "tells");
	r->from[TB_FIELD_TOTAL] = NULL; /* it is accounted for here */
	if (!told || total == apart) {
		r->n[TB_FIELD_CACHE_WRITE] = with;
		r->n[TB_FIELD_INPUT] = without;
		return true;
	}
	if (total == inside && without <= with) {
		r->n[TB_FIELD_CACHE_WRITE] = with - without;
		return true;
	}
	return tb_problem_set(r->why, label(r, TB_FIELD_WITH_WRITES),
			      text_at(r, r->from[TB_FIELD_WITH_WRITES]),
			      "the counts add up to %" PRIu64 ", or %" PRIu64
			      " if this contains the %" PRIu64 " without cache writes; the total "
			      "says %" PRIu64,
			      (uint64_t)apart, (uint64_t)inside, without, (uint64_t)total);
}

/* The sum of both kinds of cache writes, where the kinds may be told as well. */
static bool settle_writes(struct row *r)
{
	uint64_t five = r->n[TB_FIELD_CACHE_WRITE], hour = r->n[TB_FIELD_CACHE_WRITE_1H];

	if (!r->from[TB_FIELD_WRITES])
		return true;
	if (!r->from[TB_FIELD_CACHE_WRITE] && !r->from[TB_FIELD_CACHE_WRITE_1H]) {
		r->n[TB_FIELD_CACHE_WRITE] = r->n[TB_FIELD_WRITES];
		return true;
	}
	if (five + hour == r->n[TB_FIELD_WRITES])
		return true;
	return tb_problem_set(r->why, label(r, TB_FIELD_WRITES),
			      text_at(r, r->from[TB_FIELD_WRITES]),
			      "%" PRIu64 " cache writes in all, but %" PRIu64
			      " for 5 minutes and %" PRIu64 " for 1 hour",
			      r->n[TB_FIELD_WRITES], five, hour);
}

static bool split_input(struct row *r)
{
	uint64_t *t = r->out->tokens;

	t[TB_INPUT] = r->n[TB_FIELD_INPUT] + r->n[TB_FIELD_MORE_INPUT];
	t[TB_CACHED_READ] = r->n[TB_FIELD_CACHED_READ];
	t[TB_CACHE_WRITE] = r->n[TB_FIELD_CACHE_WRITE];
	t[TB_CACHE_WRITE_1H] = r->n[TB_FIELD_CACHE_WRITE_1H];
	if (has_convention(r, TB_LOG_CACHED_APART) ||
	    (tb_take_out(&t[TB_INPUT], t[TB_CACHED_READ]) &&
	     tb_take_out(&t[TB_INPUT], t[TB_CACHE_WRITE]) &&
	     tb_take_out(&t[TB_INPUT], t[TB_CACHE_WRITE_1H])))
		return true;
	return tb_problem_set(r->why, label(r, TB_FIELD_INPUT), text_at(r, r->from[TB_FIELD_INPUT]),
			      "%" PRIu64 " is less than its parts: %" PRIu64
			      " cached read, %" PRIu64 " cache write, %" PRIu64 " cache write 1h",
			      r->n[TB_FIELD_INPUT] + r->n[TB_FIELD_MORE_INPUT], t[TB_CACHED_READ],
			      t[TB_CACHE_WRITE], t[TB_CACHE_WRITE_1H]);
}

static bool split_output(struct row *r)
{
	uint64_t *t = r->out->tokens;

	t[TB_OUTPUT] = r->n[TB_FIELD_OUTPUT];
	t[TB_REASONING] = r->n[TB_FIELD_REASONING];
	if (has_convention(r, TB_LOG_REASONING_ADDED) ||
	    tb_take_out(&t[TB_OUTPUT], t[TB_REASONING]))
		return true;
	return tb_problem_set(r->why, label(r, TB_FIELD_OUTPUT),
			      text_at(r, r->from[TB_FIELD_OUTPUT]),
			      "%" PRIu64 " is less than its part: %" PRIu64 " reasoning tokens",
			      r->n[TB_FIELD_OUTPUT], t[TB_REASONING]);
}

/* Nobody behind has to fear that the counts of a row wrap, and a total that is given is right. */
static bool check_total(struct row *r)
{
	tb_u128 sum = 0;

	for (int m = 0; m < TB_TOKEN_METERS; m++)
		sum += r->out->tokens[m];
	if (sum > INT64_MAX)
		return refuse(r, TB_FIELD_INPUT,
			      "out of range: the counts of the row add up to "
			      "more than 9223372036854775807");
	if (!r->from[TB_FIELD_TOTAL] || sum == r->n[TB_FIELD_TOTAL])
		return true;
	return tb_problem_set(r->why, label(r, TB_FIELD_TOTAL), text_at(r, r->from[TB_FIELD_TOTAL]),
			      "the total is %" PRIu64 ", but the counts add up to %" PRIu64,
			      r->n[TB_FIELD_TOTAL], (uint64_t)sum);
}

static bool settle_tier(struct row *r)
{
	if (r->from[TB_FIELD_SERVICE_TIER])
		r->out->tier = (enum tb_tier)r->n[TB_FIELD_SERVICE_TIER];
	if (!r->n[TB_FIELD_BATCH])
		return true;
	if (r->out->tier == TB_FLEX || r->out->tier == TB_PRIORITY)
		return refuse(r, TB_FIELD_SERVICE_TIER,
			      "contradicts the batch column, which says yes");
	r->out->tier = TB_BATCH;
	return true;
}

static void settle_context(struct row *r)
{
	if (r->from[TB_FIELD_CONTEXT])
		r->out->context =
			r->n[TB_FIELD_CONTEXT] == TB_LONG ? TB_CONTEXT_LONG : TB_CONTEXT_BASE;
}

static void settle_bare_name(struct row *r)
{
	struct tb_span model = r->out->model;
	const char *slash = memchr(model.p, '/', model.n);

	if (!has_convention(r, TB_LOG_VENDOR_PREFIX) || !slash)
		return;
	r->out->model_bare = (struct tb_span){slash + 1, model.n - (size_t)(slash + 1 - model.p)};
}

static void settle_rest(struct row *r)
{
	if (r->from[TB_FIELD_REQUESTS])
		r->out->requests = r->n[TB_FIELD_REQUESTS];
	r->out->tokens[TB_WEB_SEARCH] = r->n[TB_FIELD_WEB_SEARCHES];
	r->out->sums = has_convention(r, TB_LOG_SUMS) &&
		       (!r->from[TB_FIELD_REQUESTS] || r->from[TB_FIELD_CLASS]);
	r->out->has_reported = r->from[TB_FIELD_REPORTED];
	r->out->reported = r->reported;
	r->rules->unheld += r->unheld;
}

bool tb_convert_row(const struct tb_columns *columns, const struct tb_span *cells,
		    struct tb_row_rules *rules, struct tb_usage *out, struct tb_problem *why)
{
	struct row r = {columns, cells, rules, out, why, {0}, {0}, {0}, {0}, false};
	size_t file = out->file;
	uint64_t line = out->line;

	*out = (struct tb_usage){.file = file, .line = line, .tier = TB_STANDARD, .requests = 1};
	if (!read_cells(&r))
		return repeats_header(&r) ? refuse(&r, TB_FIELD_TIME, tb_row_header_again) : false;
	out->idle = is_idle(&r);
	if (out->idle)
		return true;
	if (!check_required(&r))
		return false;
	spread_class(&r);
	if (!settle_with_writes(&r) || !settle_writes(&r) || !split_input(&r) ||
	    !split_output(&r) || !check_total(&r) || !settle_tier(&r))
		return false;
	settle_context(&r);
	settle_bare_name(&r);
	settle_rest(&r);
	return true;
}
