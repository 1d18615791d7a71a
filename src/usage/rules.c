/* What the fields of a row mean together. */
#include "usage/rules.h"

#include "base/civil.h"
#include "usage/reported.h"

#include <inttypes.h>
#include <string.h>

bool tb_given_has(const struct tb_given *r, unsigned convention)
{
	return r->columns->conventions & convention;
}

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

/* A row of a bucket in which nothing was used, or that a cache answered. */
static bool is_idle(const struct tb_given *r)
{
	if (r->n[TB_FIELD_ANSWERED])
		return true;
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

	for (int f = 0; f < TB_FIELDS; f++) {
		if (!tb_fields[f].required || tb_fields[f].kind != TB_READ_COUNT || r->from[f])
			continue;
		if (!lenient)
			return tb_given_refuse(r, (enum tb_field)f, "empty");
		blank = true;
	}
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

static bool split_input(struct tb_given *r)
{
	uint64_t *t = r->out->tokens;

	t[TB_INPUT] = r->n[TB_FIELD_INPUT] + r->n[TB_FIELD_MORE_INPUT];
	t[TB_CACHED_READ] = r->n[TB_FIELD_CACHED_READ];
	t[TB_CACHE_WRITE] = r->n[TB_FIELD_CACHE_WRITE];
	t[TB_CACHE_WRITE_1H] = r->n[TB_FIELD_CACHE_WRITE_1H];
	if (tb_given_has(r, TB_LOG_CACHED_APART) ||
	    (tb_take_out(&t[TB_INPUT], t[TB_CACHED_READ]) &&
	     tb_take_out(&t[TB_INPUT], t[TB_CACHE_WRITE]) &&
	     tb_take_out(&t[TB_INPUT], t[TB_CACHE_WRITE_1H])))
		return true;
	return tb_problem_set(r->why, tb_given_label(r, TB_FIELD_INPUT),
			      tb_given_text_at(r, r->from[TB_FIELD_INPUT]),
			      "%" PRIu64 " is less than its parts: %" PRIu64
			      " cached read, %" PRIu64 " cache write, %" PRIu64 " cache write 1h",
			      r->n[TB_FIELD_INPUT] + r->n[TB_FIELD_MORE_INPUT], t[TB_CACHED_READ],
			      t[TB_CACHE_WRITE], t[TB_CACHE_WRITE_1H]);
}

static bool split_output(struct tb_given *r)
{
	uint64_t *t = r->out->tokens;

	t[TB_OUTPUT] = r->n[TB_FIELD_OUTPUT];
	t[TB_REASONING] = r->n[TB_FIELD_REASONING];
	if (tb_given_has(r, TB_LOG_REASONING_ADDED) || tb_take_out(&t[TB_OUTPUT], t[TB_REASONING]))
		return true;
	return tb_problem_set(r->why, tb_given_label(r, TB_FIELD_OUTPUT),
			      tb_given_text_at(r, r->from[TB_FIELD_OUTPUT]),
			      "%" PRIu64 " is less than its part: %" PRIu64 " reasoning tokens",
			      r->n[TB_FIELD_OUTPUT], t[TB_REASONING]);
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

/* What is told twice must be told alike; whether written input is uncached, nobody says. */
static bool check_told_again(struct tb_given *r)
{
	const uint64_t *t = r->out->tokens;
	tb_u128 written = (tb_u128)t[TB_CACHE_WRITE] + t[TB_CACHE_WRITE_1H];
	tb_u128 input = t[TB_CACHED_READ] + written + t[TB_INPUT];
	tb_u128 output = (tb_u128)t[TB_OUTPUT] + t[TB_REASONING];

	return check_again(r, TB_FIELD_ALL_INPUT, input, input) &&
	       check_again(r, TB_FIELD_ALL_OUTPUT, output, output) &&
	       check_again(r, TB_FIELD_UNCACHED, t[TB_INPUT], t[TB_INPUT] + written);
}

/* Nobody behind has to fear that the counts of a row wrap, and a total that is given is right. */
static bool check_total(struct tb_given *r)
{
	tb_u128 sum = 0;

	for (int m = 0; m < TB_TOKEN_METERS; m++)
		sum += r->out->tokens[m];
	if (sum > INT64_MAX)
		return tb_given_refuse(r, TB_FIELD_INPUT,
				       "out of range: the counts of the row add up to "
				       "more than 9223372036854775807");
	if (!r->from[TB_FIELD_TOTAL] || sum == r->n[TB_FIELD_TOTAL])
		return true;
	return tb_problem_set(r->why, tb_given_label(r, TB_FIELD_TOTAL),
			      tb_given_text_at(r, r->from[TB_FIELD_TOTAL]),
			      "the total is %" PRIu64 ", but the counts add up to %" PRIu64,
			      r->n[TB_FIELD_TOTAL], (uint64_t)sum);
}

static bool settle_tier(struct tb_given *r)
{
	if (r->from[TB_FIELD_SERVICE_TIER])
		r->out->tier = (enum tb_tier)r->n[TB_FIELD_SERVICE_TIER];
	if (!r->n[TB_FIELD_BATCH])
		return true;
	if (r->out->tier == TB_FLEX || r->out->tier == TB_PRIORITY)
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
	r->out->tokens[TB_WEB_SEARCH] = r->n[TB_FIELD_WEB_SEARCHES];
	r->out->sums = tb_given_has(r, TB_LOG_SUMS) &&
		       (!r->from[TB_FIELD_REQUESTS] || r->from[TB_FIELD_CLASS]);
	r->out->has_reported = r->from[TB_FIELD_REPORTED];
	r->out->reported = r->reported;
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
	if (!settle_with_writes(r) || !settle_writes(r) || !split_input(r) || !split_output(r) ||
	    !check_total(r) || !check_told_again(r) || !settle_tier(r))
		return false;
	settle_context(r);
	settle_bare_name(r);
	settle_rest(r);
	return true;
}
