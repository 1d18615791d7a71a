/* What the fields of a row mean together. */
#include "usage/rules.h"

#include "base/civil.h"
#include "usage/reported.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct tb_span tb_given_text_at(const struct tb_given *r, const struct tb_bound *at)
{
	return at ? r->cells[at->column] : (struct tb_span){"", 0};
}

/* The column that the field was found in, or might have been. */
static const struct tb_bound *place_of(const struct tb_given *r, enum tb_field f)
{
	for (size_t i = 0; i < r->columns->bound_count && !r->from[f]; i++)
		if (r->columns->bound[i].as->field == f)
			return &r->columns->bound[i];
	return r->from[f];
}

const char *tb_given_label(const struct tb_given *r, enum tb_field f)
{
	const struct tb_bound *at = place_of(r, f);

	return at ? r->columns->name[at->column] : tb_fields[f].name;
}

bool tb_given_refuse(struct tb_given *r, enum tb_field f, const char *why)
{
	return tb_problem_set(r->why, tb_given_label(r, f), tb_given_text_at(r, r->from[f]), "%s",
			      why);
}

/* How many counts a row gives, and how many of them are not 0. */
static void count_counts(const struct tb_given *r, int *given, int *above)
{
	*given = *above = 0;
	for (int f = 0; f < TB_ALL_FIELDS; f++)
		if (tb_fields[f].kind == TB_READ_COUNT) {
			*given += r->from[f] != NULL;
			*above += r->n[f] != 0;
		}
}

/*
 * A row of a bucket in which nothing was used, that a cache answered, or whose tokens nobody
 * charges; one that is not charged and has counts of 0 is a request that costs nothing.
 */
static bool is_idle(const struct tb_given *r)
{
	int given, above;

	if (r->n[TB_FIELD_ANSWERED])
		return true;
	if (tb_given_has(r, TB_LOG_EMPTY_ROWS)) {
		count_counts(r, &given, &above);
		return !given || (r->n[TB_FIELD_NOT_CHARGED] && above);
	}
	if (!tb_given_has(r, TB_LOG_IDLE_ROWS) || r->out->model.n)
		return false;
	for (int f = 0; f < TB_ALL_FIELDS; f++)
		if (tb_fields[f].kind == TB_READ_COUNT && r->n[f])
			return false;
	return true;
}

/* Where counts that are left out are 0, that is told, unless there is a total to hold it against.
 */
static bool check_counts(struct tb_given *r)
{
	bool lenient = tb_given_has(r, TB_LOG_BLANK_IS_ZERO) || r->n[TB_FIELD_CANCELLED];
	bool blank = false;

#define LEFT_OUT(id, name, kind, flags, ...)                                                       \
	if ((flags)&TB_FIELD_REQUIRED && TB_READ_##kind == TB_READ_COUNT &&                        \
	    !r->from[TB_FIELD_##id]) {                                                             \
		if (!lenient)                                                                      \
			return tb_given_refuse(r, TB_FIELD_##id, "empty");                         \
		blank = true;                                                                      \
	}

	TB_OWN_FIELD_ROWS(LEFT_OUT, TB_NO_ROW)
	r->rules->blank += blank && !r->n[TB_FIELD_CANCELLED] && !r->from[TB_FIELD_TOTAL];
	return true;
}

static bool check_required(struct tb_given *r)
{
	bool by_class = r->from[TB_FIELD_CLASS];

	if (r->columns->has_day) {
		r->out->instant = (int64_t)r->columns->day * TB_DAY_SECONDS;
		r->out->date_only = true;
	} else if (!r->from[TB_FIELD_TIME]) {
		return tb_given_refuse(r, TB_FIELD_TIME, "empty");
	}
	if (!r->from[TB_FIELD_MODEL])
		return tb_given_refuse(r, TB_FIELD_MODEL, "empty");
	if (!by_class && r->columns->by_class)
		return tb_given_refuse(r, TB_FIELD_CLASS, "empty");
	if (by_class && !r->from[TB_FIELD_AMOUNT])
		return tb_given_refuse(r, TB_FIELD_AMOUNT, "empty");
	return by_class || check_counts(r);
}

/* One class of tokens to a row; requests are a class too. */
static void spread_class(struct tb_given *r)
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
static bool settle_with_writes(struct tb_given *r)
{
	uint64_t with = r->n[TB_FIELD_WITH_WRITES], without = r->n[TB_FIELD_INPUT];
	tb_u128 others = (tb_u128)r->n[TB_FIELD_CACHED_READ] + r->n[TB_FIELD_OUTPUT];
	tb_u128 apart = others + with + without, inside = others + with,
		total = r->n[TB_FIELD_TOTAL];
	bool told = r->from[TB_FIELD_TOTAL];

	if (!r->from[TB_FIELD_WITH_WRITES])
		return true;
	if (!told && with && without)
		return tb_given_refuse(
			r, TB_FIELD_WITH_WRITES,
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
	return tb_problem_set(r->why, tb_given_label(r, TB_FIELD_WITH_WRITES),
			      tb_given_text_at(r, r->from[TB_FIELD_WITH_WRITES]),
			      "the counts add up to %" PRIu64 ", or %" PRIu64
			      " if this contains the %" PRIu64 " without cache writes; the total "
			      "says %" PRIu64,
			      (uint64_t)apart, (uint64_t)inside, without, (uint64_t)total);
}

/* The sum of both kinds of cache writes, where the kinds may be told as well. */
static bool settle_writes(struct tb_given *r)
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
	return tb_problem_set(r->why, tb_given_label(r, TB_FIELD_WRITES),
			      tb_given_text_at(r, r->from[TB_FIELD_WRITES]),
			      "%" PRIu64 " cache writes in all, but %" PRIu64
			      " for 5 minutes and %" PRIu64 " for 1 hour",
			      r->n[TB_FIELD_WRITES], five, hour);
}

/* In tokbill's own log the text of a count is the count; elsewhere it may be one of several. */
static bool is_own_log(const struct tb_columns *c)
{
	const struct tb_logformat *f = c->format;

	return f == &tb_log_tokbill ||
	       (f->conventions & TB_LOG_OVERRIDES && f->base == &tb_log_tokbill);
}

/* "10 cached read, 0 cache write": the usual parts, and those that there are. */
static int list_parts(const struct tb_given *r, enum tb_field whole, struct tb_buf *list)
{
	int n = 0;

	for (int f = 0; f < TB_FIELDS; f++) {
		enum tb_meter m = tb_fields[f].meter;

		if (tb_fields[f].part_of != whole ||
		    !(r->n[f] || tb_meters[m].flags & TB_METER_USUAL))
			continue;
		tb_buf_printf(list, "%s%" PRIu64 " ", n++ ? ", " : "", r->n[f]);
		for (const char *p = tb_meters[m].name; *p; p++)
			tb_buf_add(list, *p == '_' ? " " : p, 1);
	}
	return n;
}

static TB_COLD bool refuse_whole(struct tb_given *r, enum tb_field whole)
{
	uint64_t all = r->n[whole] + (whole == TB_FIELD_INPUT ? r->n[TB_FIELD_MORE_INPUT] : 0);
	char figure[32] = "";
	struct tb_buf list = {0};
	int n = list_parts(r, whole, &list);

	if (!is_own_log(r->columns))
		snprintf(figure, sizeof(figure), "%" PRIu64 " is ", all);
	tb_problem_set(r->why, tb_given_label(r, whole), tb_given_text_at(r, r->from[whole]),
		       n == 1 ? "%sless than its part: %s tokens" : "%sless than its parts: %s",
		       figure, list.failed ? "" : list.p);
	tb_buf_release(&list);
	return false;
}

static inline void spread(struct tb_given *r, enum tb_field f, enum tb_meter meter)
{
	if (meter < TB_METERS)
		r->out->tokens[meter] = r->n[f];
}

/* Counts that have a meter; what is part of others is still counted on both. */
static void spread_counts(struct tb_given *r)
{
#define SPREAD(id, name, kind, flags, its_meter, ...) spread(r, TB_FIELD_##id, its_meter);

	TB_OWN_FIELD_ROWS(SPREAD, TB_NO_ROW)
	r->out->tokens[TB_INPUT] += r->n[TB_FIELD_MORE_INPUT];
}

static tb_u128 sum_of_side(const struct tb_given *r, enum tb_side side)
{
	tb_u128 sum = 0;

	for (int m = 0; m < TB_TOKEN_METERS; m++)
		sum += tb_meters[m].side == side ? r->out->tokens[m] : 0;
	return sum;
}

/* Providers behind one gateway differ in it: the total of the row, where it has one, decides. By
 * now the input is split, and the output is not. */
static bool is_reasoning_apart(const struct tb_given *r)
{
	tb_u128 inside = sum_of_side(r, TB_SIDE_INPUT) + r->n[TB_FIELD_OUTPUT];

	if (r->n[TB_FIELD_TOTAL] == inside + r->n[TB_FIELD_REASONING])
		return true;
	return r->n[TB_FIELD_TOTAL] != inside && tb_given_has(r, TB_LOG_REASONING_ADDED);
}

static inline bool is_apart(const struct tb_given *r, enum tb_field whole)
{
	if (whole == TB_FIELD_OUTPUT && r->n[TB_FIELD_REASONING] && r->from[TB_FIELD_TOTAL] &&
	    tb_given_has(r, TB_LOG_TOTAL_DECIDES))
		return is_reasoning_apart(r);
	return tb_given_has(r, tb_fields[whole].convention);
}

static inline bool take_part(struct tb_given *r, enum tb_meter part, enum tb_field whole)
{
	if (whole == TB_FIELD_NONE || is_apart(r, whole) ||
	    tb_take_out(&r->out->tokens[tb_fields[whole].meter], r->out->tokens[part]))
		return true;
	return refuse_whole(r, whole);
}

/* Every token on one meter: parts are taken out of what contains them. */
static bool split_counts(struct tb_given *r)
{
#define TAKE(id, name, kind, flags, its_meter, whole, ...)                                         \
	&&take_part(r, its_meter, TB_FIELD_##whole)

	spread_counts(r);
	return true TB_OWN_FIELD_ROWS(TAKE, TB_NO_ROW);
}

/* All tokens of a row, by the side of the request. */
struct sums {
	tb_u128 input, output;
};

static struct sums sum_sides(const struct tb_given *r)
{
	struct sums s = {0, 0};

	for (int m = 0; m < TB_TOKEN_METERS; m++)
		*(tb_meters[m].side == TB_SIDE_OUTPUT ? &s.output : &s.input) += r->out->tokens[m];
	return s;
}

static bool check_range(struct tb_given *r, tb_u128 sum, enum tb_field whole)
{
	if (sum <= INT64_MAX)
		return true;
	return tb_given_refuse(r, whole,
			       "out of range: the counts of the row add up to more than "
			       "9223372036854775807");
}

/* Whether the total is that of an input to which cached reads and writes are added. */
static bool cached_says_apart(const struct tb_given *r)
{
	tb_u128 sum = (tb_u128)r->n[TB_FIELD_INPUT] + r->n[TB_FIELD_OUTPUT];

	if (!is_own_log(r->columns) || tb_given_has(r, TB_LOG_CACHED_APART))
		return false;
	for (int f = 0; f < TB_FIELDS; f++)
		sum += tb_fields[f].part_of == TB_FIELD_INPUT ? r->n[f] : 0;
	return sum == r->n[TB_FIELD_TOTAL];
}

/* A total that is given is right. */
static bool check_total(struct tb_given *r, tb_u128 sum)
{
	if (!r->from[TB_FIELD_TOTAL] || sum == r->n[TB_FIELD_TOTAL])
		return true;
	if (tb_given_has(r, TB_LOG_TOTAL_OF_ALL) &&
	    sum + r->n[TB_FIELD_WEB_SEARCHES] == r->n[TB_FIELD_TOTAL])
		return true;
	return tb_problem_set(
		r->why, tb_given_label(r, TB_FIELD_TOTAL),
		tb_given_text_at(r, r->from[TB_FIELD_TOTAL]),
		"the total is %" PRIu64 ", but the counts add up to %" PRIu64 "%s",
		r->n[TB_FIELD_TOTAL], (uint64_t)sum,
		cached_says_apart(r) ? "; it is right if cached counts stand apart from the input: "
				       "say so in a format file (cached = apart)"
				     : "");
}

static bool check_again(struct tb_given *r, enum tb_field f, tb_u128 sum, tb_u128 or_sum)
{
	uint64_t told = r->n[f];

	/* Exports fill in zeros for what they do not know. */
	if (told == 0 || told == sum || told == or_sum)
		return true;
	return tb_problem_set(r->why, tb_given_label(r, f), tb_given_text_at(r, r->from[f]),
			      "%s is %" PRIu64 ", but by the other counts it is %" PRIu64,
			      tb_fields[f].name, told, (uint64_t)sum);
}

/* Whether written input is uncached, nobody says. */
static bool check_uncached(struct tb_given *r)
{
	tb_u128 fresh = r->out->tokens[TB_INPUT], written = 0;

	if (!r->n[TB_FIELD_UNCACHED] || r->n[TB_FIELD_UNCACHED] == fresh)
		return true;
	for (int m = 0; m < TB_TOKEN_METERS; m++)
		written += tb_meters[m].flags & TB_METER_WRITTEN ? r->out->tokens[m] : 0;
	return check_again(r, TB_FIELD_UNCACHED, fresh, fresh + written);
}

/* Sums are in range, and what is stated twice is stated alike. */
static bool check_sums(struct tb_given *r)
{
	struct sums s = sum_sides(r);

	return check_range(r, s.input, TB_FIELD_INPUT) &&
	       check_range(r, s.output, TB_FIELD_OUTPUT) && check_total(r, s.input + s.output) &&
	       check_again(r, TB_FIELD_ALL_INPUT, s.input, s.input) &&
	       check_again(r, TB_FIELD_ALL_OUTPUT, s.output, s.output) && check_uncached(r);
}

static bool settle_tier(struct tb_given *r)
{
	if (r->from[TB_FIELD_SERVICE_TIER])
		r->out->tier = (enum tb_tier)r->n[TB_FIELD_SERVICE_TIER];
	if (!r->n[TB_FIELD_BATCH])
		return true;
	if (r->out->tier != TB_STANDARD && r->out->tier != TB_BATCH)
		return tb_given_refuse(r, TB_FIELD_SERVICE_TIER,
				       "contradicts the batch column, which says yes");
	r->out->tier = TB_BATCH;
	return true;
}

static void settle_context(struct tb_given *r)
{
	if (r->from[TB_FIELD_CONTEXT])
		r->out->context =
			r->n[TB_FIELD_CONTEXT] == TB_LONG ? TB_CONTEXT_LONG : TB_CONTEXT_BASE;
}

static void settle_bare_name(struct tb_given *r)
{
	struct tb_span model = r->out->model;
	const char *slash = memchr(model.p, '/', model.n);

	if (!tb_given_has(r, TB_LOG_VENDOR_PREFIX) || !slash)
		return;
	r->out->model_bare = (struct tb_span){slash + 1, model.n - (size_t)(slash + 1 - model.p)};
}

static void settle_rest(struct tb_given *r)
{
	if (r->from[TB_FIELD_REQUESTS])
		r->out->requests = r->n[TB_FIELD_REQUESTS];
	r->out->sums = tb_given_has(r, TB_LOG_SUMS) &&
		       (!r->from[TB_FIELD_REQUESTS] || r->from[TB_FIELD_CLASS]);
	r->out->has_reported = r->from[TB_FIELD_REPORTED];
	r->out->reported = r->reported;
	if (r->from[TB_FIELD_MORE_REPORTED] && !tb_money_add(&r->out->reported, r->more_reported)) {
		r->out->has_reported = false;
		r->unheld = true;
	}
	r->rules->fees += tb_money_sign(r->fees) > 0;
	r->rules->unheld += r->unheld;
}

bool tb_row_resolve(struct tb_given *r)
{
	r->out->idle = is_idle(r);
	if (r->out->idle)
		return true;
	if (!check_required(r))
		return false;
	spread_class(r);
	if (!settle_with_writes(r) || !settle_writes(r) || !split_counts(r) || !check_sums(r) ||
	    !settle_tier(r))
		return false;
	settle_context(r);
	settle_bare_name(r);
	settle_rest(r);
	return true;
}
