#include "helpers.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

#define RATES                                                                                      \
	"[m]\ninput = 2\noutput = 10\nbatch_output = 5\naliases = a\n"                             \
	"[m @ 2026-09-01]\ninput = 3\noutput = 15\naliases = b\n"                                  \
	"[late @ 2026-09-01]\ninput = 1\noutput = 1\n"                                             \
	"[l]\ninput = 2\noutput = 10\nlong_context_over = 1000\nlong_input = 4\n"                  \
	"long_output = 20\nbatch_input = 1\nbatch_output = 1\n"                                    \
	"[w]\ninput = 2\noutput = 10\nlong_context_over = 1000\nlong_input = 4\n"                  \
	"long_output = 20\ncontext_window = 2000\ncached_read = 1\nlong_cached_read = 2\n"

/* Input on three meters adds up; output never counts for the context. */
struct given {
	const char *model, *when;
	enum tb_tier tier;
	enum tb_context_told told;
	uint64_t requests, input, cached, output;
};

static struct tb_usage usage_of(const struct given *g)
{
	return (struct tb_usage){.instant = instant_of(g->when),
				 .tier = g->tier,
				 .context = g->told,
				 .model = tb_span_of(g->model),
				 .requests = g->requests,
				 .tokens = {[TB_INPUT] = g->input,
					    [TB_CACHED_READ] = g->cached,
					    [TB_OUTPUT] = g->output}};
}

#define AUG "2026-08-31T23:59:59Z"
#define SEP "2026-09-01"

static const struct {
	struct given given;
	const char *section;
	enum tb_context context;
	bool by_average, beyond_window;
} rated[] = {
	{{"m", AUG, TB_STANDARD, TB_CONTEXT_UNTOLD, 1, 5, 0, 5}, "m", TB_BASE, false, false},
	{{"m", SEP, TB_STANDARD, TB_CONTEXT_UNTOLD, 1, 5, 0, 5},
	 "m @ 2026-09-01",
	 TB_BASE,
	 false,
	 false},
	{{"a", AUG, TB_STANDARD, TB_CONTEXT_UNTOLD, 1, 5, 0, 5}, "m", TB_BASE, false, false},
	{{"b", SEP, TB_STANDARD, TB_CONTEXT_UNTOLD, 1, 5, 0, 5},
	 "m @ 2026-09-01",
	 TB_BASE,
	 false,
	 false},
	{{"m", AUG, TB_BATCH, TB_CONTEXT_UNTOLD, 1, 0, 0, 5}, "m", TB_BASE, false, false},
	{{"m", AUG, TB_FLEX, TB_CONTEXT_UNTOLD, 1, 0, 0, 0}, "m", TB_BASE, false, false},
	/* A model without long prices has but one list, whatever the log says. */
	{{"m", AUG, TB_STANDARD, TB_CONTEXT_LONG, 9, 5000, 0, 5}, "m", TB_BASE, false, false},
	{{"l", AUG, TB_STANDARD, TB_CONTEXT_UNTOLD, 1, 1000, 0, 5000}, "l", TB_BASE, false, false},
	{{"l", AUG, TB_STANDARD, TB_CONTEXT_UNTOLD, 1, 1001, 0, 5}, "l", TB_LONG, false, false},
	{{"l", AUG, TB_STANDARD, TB_CONTEXT_UNTOLD, 2, 2000, 0, 5}, "l", TB_BASE, true, false},
	{{"l", AUG, TB_STANDARD, TB_CONTEXT_UNTOLD, 2, 2001, 0, 5}, "l", TB_LONG, true, false},
	{{"l", AUG, TB_STANDARD, TB_CONTEXT_UNTOLD, 0, 1000, 0, 5}, "l", TB_BASE, false, false},
	{{"l", AUG, TB_STANDARD, TB_CONTEXT_BASE, 1, 5000, 0, 5}, "l", TB_BASE, false, false},
	{{"l", AUG, TB_STANDARD, TB_CONTEXT_LONG, 1, 5, 0, 5}, "l", TB_LONG, false, false},
	{{"l", AUG, TB_STANDARD, TB_CONTEXT_LONG, 7, 5, 0, 5}, "l", TB_LONG, false, false},
	{{"l", AUG, TB_BATCH, TB_CONTEXT_BASE, 1, 5000, 0, 5}, "l", TB_BASE, false, false},
	/* A row of more input than a request can have sums requests, nobody knows how many. */
	{{"w", AUG, TB_STANDARD, TB_CONTEXT_UNTOLD, 1, 1000, 0, 5000}, "w", TB_BASE, false, false},
	{{"w", AUG, TB_STANDARD, TB_CONTEXT_UNTOLD, 1, 1001, 999, 5000},
	 "w",
	 TB_LONG,
	 false,
	 false},
	{{"w", AUG, TB_STANDARD, TB_CONTEXT_UNTOLD, 1, 1001, 1000, 5}, "w", TB_BASE, false, true},
	{{"w", AUG, TB_STANDARD, TB_CONTEXT_UNTOLD, 0, 2001, 0, 5}, "w", TB_BASE, false, true},
	{{"w", AUG, TB_STANDARD, TB_CONTEXT_UNTOLD, 9, 9000, 0, 5}, "w", TB_BASE, true, false},
	{{"w", AUG, TB_STANDARD, TB_CONTEXT_UNTOLD, 2, 4001, 0, 5}, "w", TB_LONG, true, false},
	{{"w", AUG, TB_STANDARD, TB_CONTEXT_LONG, 1, 2001, 0, 5}, "w", TB_LONG, false, false},
	{{"w", AUG, TB_STANDARD, TB_CONTEXT_BASE, 1, 2001, 0, 5}, "w", TB_BASE, false, false},
};

START_TEST(rate)
{
	struct tb_usage u = usage_of(&rated[_i].given);
	struct tb_book *book = book_of(RATES);
	struct tb_rater rater = {.book = book};
	struct tb_problem why = {0};
	struct tb_rated r;

	ck_assert_msg(tb_rate_usage(&rater, &u, &r, &why), "%s", why.reason);
	ck_assert_str_eq(r.era->section, rated[_i].section);
	ck_assert_int_eq(r.terms.context, rated[_i].context);
	ck_assert_int_eq(r.by_average, rated[_i].by_average);
	ck_assert_int_eq(r.beyond_window, rated[_i].beyond_window);
	tb_book_free(book);
}
END_TEST

static const struct {
	struct given given;
	const char *why;
} unpriced[] = {
	{{"latte", SEP, TB_STANDARD, TB_CONTEXT_UNTOLD, 1, 1, 0, 1},
	 "model: 'latte': not in the rates; did you mean 'late'? Else add it to a rate file "
	 "(--rates)"},
	{{"something-else", SEP, TB_STANDARD, TB_CONTEXT_UNTOLD, 1, 1, 0, 1},
	 "model: 'something-else': not in the rates; add it to a rate file (--rates)"},
	{{"late", AUG, TB_STANDARD, TB_CONTEXT_UNTOLD, 1, 1, 0, 1},
	 "model: 'late': has no price at 2026-08-31T23:59:59Z: its first era is [late @ "
	 "2026-09-01] (r.ini:10), from 2026-09-01T00:00:00Z"},
	{{"a", SEP, TB_STANDARD, TB_CONTEXT_UNTOLD, 1, 1, 0, 1},
	 "model: 'a': not an alias of m in [m @ 2026-09-01] (r.ini:6), which lists its aliases "
	 "anew; add it there"},
	{{"m", AUG, TB_STANDARD, TB_CONTEXT_UNTOLD, 1, 1, 7, 1},
	 "model: 'm': unpriced: [m] (r.ini:1) has no standard price for cached_read, and 7 tokens "
	 "need it"},
	{{"m", AUG, TB_BATCH, TB_CONTEXT_UNTOLD, 1, 1, 0, 1},
	 "model: 'm': unpriced: [m] (r.ini:1) has no batch price for input, and 1 tokens need it"},
	{{"m", SEP, TB_BATCH, TB_CONTEXT_UNTOLD, 1, 0, 0, 1},
	 "model: 'm': unpriced: [m @ 2026-09-01] (r.ini:6) has no batch price for output, and 1 "
	 "tokens need it"},
	{{"l", AUG, TB_BATCH, TB_CONTEXT_UNTOLD, 1, 1001, 0, 1},
	 "model: 'l': unpriced: [l] (r.ini:13) has no batch price for long_input, and 1001 tokens "
	 "need it"},
};

START_TEST(no_price)
{
	struct tb_usage u = usage_of(&unpriced[_i].given);
	struct tb_book *book = book_of(RATES);
	struct tb_rater rater = {.book = book};
	struct tb_problem why = {0};
	struct tb_buf text = {0};
	struct tb_rated r;

	ck_assert(!tb_rate_usage(&rater, &u, &r, &why));
	tb_problem_text(&why, &text);
	ck_assert_str_eq(text.p, unpriced[_i].why);
	tb_buf_release(&text);
	tb_book_free(book);
}
END_TEST

/* Names with a vendor's prefix, in the order of a run: what one finds must not leak to the next. */
static const struct {
	const char *model;
	size_t prefix; /* 0: the log's names carry none */
	const char *section;
} prefixed[] = {
	{"v/m", 0, NULL},      {"v/m", 2, "m"},   {"v/m", 2, "m"},         {"v/m", 0, NULL},
	{"v/own", 2, "v/own"}, {"own", 0, "own"}, {"w/v/own", 2, "v/own"}, {"v/none", 2, NULL},
};

START_TEST(vendor_prefix)
{
	struct tb_book *book = book_of("[m]\ninput = 2\noutput = 10\n"
				       "[v/own]\ninput = 1\noutput = 1\n"
				       "[own]\ninput = 1\noutput = 1\n");
	struct tb_rater rater = {.book = book};
	struct tb_problem why;
	struct tb_rated r;

	for (size_t i = 0; i < LENGTH(prefixed); i++) {
		struct tb_usage u = {.model = tb_span_of(prefixed[i].model), .requests = 1};
		bool found;

		if (prefixed[i].prefix)
			u.model_bare = tb_span_of(prefixed[i].model + prefixed[i].prefix);
		found = tb_rate_usage(&rater, &u, &r, &why);
		ck_assert_msg(found == (prefixed[i].section != NULL), "%zu", i);
		if (found)
			ck_assert_str_eq(r.era->section, prefixed[i].section);
		else
			ck_assert_uint_eq(why.value.n, strlen(prefixed[i].model));
	}
	tb_book_free(book);
}
END_TEST

/* Whose prices a name with a prefix gets, and whether that is another seller than it says. */
static const struct {
	const char *model, *provider;
	bool other;
} sold[] = {
	{"openai/m", "openai", false},
	{"OpenAI/m", "openai", false},
	{"openai/m", "", false}, /* nobody says whose prices they are */
	{"azure/m", "openai", true},
	{"together_ai/m", "openai", true},
	{"together_ai/m", "together", false},
	{"togetherai/m", "Together", false},
	{"gemini/m", "google", false},
	{"vertex_ai/m", "google", false},
	{"vertex_ai/m", "anthropic", true},
	{"bedrock/m", "anthropic", true},
	{"models/m", "google", false},
	{"meta-llama/m", "groq", false},
	{"x-ai/m", "xai", false},
	{"xai/m", "x-ai", false},
	{"mistralai/m", "mistral", false},
	{"openai/m", "groq", true},
	{"/m", "openai", false},
};

START_TEST(other_seller)
{
	struct tb_buf text = {0};
	struct tb_book *book;
	struct tb_rater rater = {0};
	struct tb_usage u = {
		.model = tb_span_of(sold[_i].model), .model_bare = SPAN("m"), .requests = 1};
	struct tb_problem why;
	struct tb_rated r;

	tb_buf_printf(&text, "[m]\n%s%s\ninput = 2\noutput = 10\naliases = azure/n\n",
		      sold[_i].provider[0] ? "provider = " : "", sold[_i].provider);
	rater.book = book = book_of(text.p);
	/* Once looked up, and once remembered. */
	for (int i = 0; i < 2; i++) {
		ck_assert(tb_rate_usage(&rater, &u, &r, &why));
		ck_assert_int_eq(r.other_seller, sold[_i].other);
	}
	/* A name that the rates know as a whole is nobody else's. */
	u.model = SPAN("azure/n");
	u.model_bare = SPAN("n");
	ck_assert(tb_rate_usage(&rater, &u, &r, &why));
	ck_assert(!r.other_seller);
	tb_buf_release(&text);
	tb_book_free(book);
}
END_TEST

/* Requests whose number is not told: the sum decides only where it is below the threshold. */
START_TEST(untold_requests)
{
	struct tb_book *book = book_of(RATES);
	struct tb_rater rater = {.book = book};
	struct tb_usage u = {.instant = instant_of(SEP),
			     .model = SPAN("l"),
			     .requests = 1,
			     .sums = true,
			     .tokens = {[TB_INPUT] = 1000}};
	struct tb_problem why;
	struct tb_rated r;

	ck_assert(tb_rate_usage(&rater, &u, &r, &why));
	ck_assert_int_eq(r.terms.context, TB_BASE);
	u.tokens[TB_INPUT] = 1001;
	ck_assert(!tb_rate_usage(&rater, &u, &r, &why));
	ck_assert_ptr_nonnull(strstr(why.reason, "sums requests without saying how many"));
	u.context = TB_CONTEXT_LONG;
	ck_assert(tb_rate_usage(&rater, &u, &r, &why));
	u.context = TB_CONTEXT_UNTOLD;
	u.model = SPAN("w"); /* more than one request can have says nothing about a sum */
	u.tokens[TB_INPUT] = 2001;
	ck_assert(!tb_rate_usage(&rater, &u, &r, &why));
	ck_assert(!r.beyond_window);
	u.model = SPAN("m");
	ck_assert(tb_rate_usage(&rater, &u, &r, &why));
	tb_book_free(book);
}
END_TEST

/* Rows in the order of a run, in which what was found last must not serve where it does not hold.
 */
#define LIKE(digit) "names-like-" digit "-each-other"
#define LONG_NAME                                                                                  \
	"one-of-the-longest-names-that-anybody-gave-to-a-model-and-that-logs-have-to-say-in-full"

static const struct {
	const char *model, *when, *section;
} run[] = {
	{"m", AUG, "m"},
	{"m", SEP, "m @ 2026-09-01"}, /* behind the era's end */
	{"m", AUG, "m"},              /* before its start */
	{"m", "2026-08-31T00:00:00Z", "m"},
	{LIKE("0"), AUG, LIKE("0")},
	{LIKE("1"), AUG, LIKE("1")}, /* the same first and last bytes, and length */
	{LIKE("0"), AUG, LIKE("0")},
	{LONG_NAME, AUG, "long"},
	{LONG_NAME, AUG, "long"},
};

START_TEST(run_of_rows)
{
	struct tb_book *book =
		book_of("[m]\ninput = 2\noutput = 10\n[m @ 2026-09-01]\ninput = 3\noutput = 15\n"
			"[" LIKE("0") "]\ninput = 1\noutput = 1\n[" LIKE(
				"1") "]\ninput = 1\n"
				     "output = 1\n[long]\naliases = " LONG_NAME
				     "\ninput = 1\noutput = 1\n");
	struct tb_rater rater = {.book = book};
	struct tb_problem why;
	struct tb_rated r;

	ck_assert_uint_gt(strlen(LONG_NAME), TB_RATER_NAME);
	for (size_t i = 0; i < LENGTH(run); i++) {
		struct tb_usage u = {.model = tb_span_of(run[i].model),
				     .instant = instant_of(run[i].when),
				     .requests = 1};

		ck_assert_msg(tb_rate_usage(&rater, &u, &r, &why), "%zu: %s", i, why.reason);
		ck_assert_str_eq(r.era->section, run[i].section);
	}
	tb_book_free(book);
}
END_TEST

/* More names, of several lengths, than are remembered at a time. */
START_TEST(many_names)
{
	enum { NAMES = 1500 };
	struct tb_buf text = {0};
	struct tb_rater rater;
	struct tb_problem why;
	struct tb_book *book;
	struct tb_rated r;
	char name[16];

	for (int i = 0; i < NAMES; i++)
		tb_buf_printf(&text, "[%d]\ninput = 1\noutput = 2\n", i);
	book = book_of(text.p);
	rater = (struct tb_rater){.book = book};
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < NAMES; i++) {
			struct tb_usage u = {.requests = 1};

			snprintf(name, sizeof(name), "%d", i);
			u.model = tb_span_of(name);
			EXPECT(tb_rate_usage(&rater, &u, &r, &why), "%s: %s", name, why.reason);
			EXPECT(strcmp(r.era->section, name) == 0, "%s: %s", name, r.era->section);
		}
	tb_book_free(book);
	tb_buf_release(&text);
}
END_TEST

/* In an era with peak hours, what happened over a time is priced by its first second, which is
 * told: the date alone, a sum, several requests. */
static const struct {
	struct tb_usage u;
	bool by_midnight;
} midnights[] = {
	{{.model = BYTES("busy"), .requests = 1, .date_only = true}, true},
	{{.model = BYTES("busy"), .requests = 1, .sums = true}, true},
	{{.model = BYTES("busy"), .requests = 2}, true},
	{{.model = BYTES("busy"), .requests = 1}, false},
	{{.model = BYTES("m"), .requests = 2, .date_only = true}, false},
};

START_TEST(by_midnight)
{
	struct tb_book *book = book_of("[m]\ninput = 2\noutput = 10\n[busy]\ninput = 1\n"
				       "output = 2\npeak_hours = 09:00-12:00 UTC\n"
				       "peak_multiplier = 2\n");
	struct tb_usage u = midnights[_i].u;
	struct tb_rater rater = {.book = book};
	struct tb_problem why;
	struct tb_rated r;

	u.instant = instant_of(SEP);
	ck_assert(tb_rate_usage(&rater, &u, &r, &why));
	ck_assert_int_eq(r.by_midnight, midnights[_i].by_midnight);
	ck_assert_int_eq(r.terms.context, TB_BASE);
	tb_book_free(book);
}
END_TEST

START_TEST(no_fee)
{
	struct tb_book *book = book_of("[m]\ninput = 2\noutput = 10\n");
	struct tb_usage u = {.model = SPAN("m"), .tokens = {[TB_WEB_SEARCH] = 3}};
	struct tb_rater rater = {.book = book};
	struct tb_problem why;
	struct tb_rated r;

	ck_assert(!tb_rate_usage(&rater, &u, &r, &why));
	ck_assert_str_eq(why.reason, "unpriced: [m] (r.ini:1) has no web_search price, and 3 "
				     "searches need it");
	tb_book_free(book);
}
END_TEST

/* Prices that are less sure than asked for are as good as none. */
START_TEST(least_confidence)
{
	struct tb_book *book = book_of("[sure]\ninput = 2\noutput = 10\nconfidence = high\n"
				       "[fair]\ninput = 2\noutput = 10\nconfidence = medium\n"
				       "[m]\ninput = 2\noutput = 10\n");
	struct tb_rater rater = {.book = book, .least = TB_CONFIDENCE_MEDIUM};
	struct tb_usage u = {.model = SPAN("sure"), .requests = 1};
	struct tb_problem why;
	struct tb_rated r;

	ck_assert(tb_rate_usage(&rater, &u, &r, &why));
	u.model = SPAN("fair");
	ck_assert(tb_rate_usage(&rater, &u, &r, &why));
	u.model = SPAN("m");
	ck_assert(!tb_rate_usage(&rater, &u, &r, &why));
	ck_assert_str_eq(why.reason, "the prices of [m] (r.ini:9) are of unknown confidence, and "
				     "at least medium is asked for");
	tb_book_free(book);
}
END_TEST

Suite *rating_suite(void)
{
	Suite *s = suite_create("rating");

	add_loop(s, "rating/rated", rate, LENGTH(rated));
	add_loop(s, "rating/unpriced", no_price, LENGTH(unpriced));
	add_test(s, "rating/vendor prefix", vendor_prefix);
	add_loop(s, "rating/other seller", other_seller, LENGTH(sold));
	add_test(s, "rating/run of rows", run_of_rows);
	add_test(s, "rating/many names", many_names);
	add_loop(s, "rating/by midnight", by_midnight, LENGTH(midnights));
	add_test(s, "rating/no fee", no_fee);
	add_test(s, "rating/least confidence", least_confidence);
	add_test(s, "rating/untold requests", untold_requests);
	return s;
}
