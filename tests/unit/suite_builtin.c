#include "helpers.h"
#include "ratebook/builtin.h"
#include "suites.h"

#include <string.h>

static struct tb_book *builtin_book(void)
{
	struct tb_problems problems = {0};
	struct tb_err err = {0};
	struct tb_book *book;
	enum tb_status st = tb_book_load((const char *const[]){TB_BUILTIN_RATES}, 1, &book, NULL,
					 &problems, &err);

	ck_assert_msg(st == TB_OK && problems.total == 0, "%s", problems_text(&problems));
	tb_problems_release(&problems);
	return book;
}

START_TEST(loads)
{
	struct tb_book *book = builtin_book();

	ck_assert_uint_gt(tb_builtin_rates_count, 0);
	ck_assert_uint_gt(tb_book_era_count(book), 20);
	for (uint32_t i = 0; i < tb_book_era_count(book); i++) {
		const struct tb_era *era = tb_book_era(book, i);

		ck_assert_msg(*era->provider && era->card[TB_CARD_SOURCE] &&
				      era->card[TB_CARD_VERIFIED] && era->card[TB_CARD_CONFIDENCE],
			      "[%s] in %s lacks provider, source, verified or confidence",
			      era->section, era->file);
		ck_assert_str_eq(era->currency, "USD");
	}
	tb_book_free(book);
}
END_TEST

static const struct {
	enum tb_tier tier;
	enum tb_meter meter;
	const char *price;
} seed[] = {
	{TB_STANDARD, TB_INPUT, "0.15"},        {TB_STANDARD, TB_OUTPUT, "0.60"},
	{TB_STANDARD, TB_CACHED_READ, "0.075"}, {TB_STANDARD, TB_REASONING, "0.60"},
	{TB_BATCH, TB_INPUT, "0.075"},          {TB_BATCH, TB_OUTPUT, "0.30"},
	{TB_BATCH, TB_CACHED_READ, "0.075"},
};

START_TEST(seed_card)
{
	static const char *const names[] = {"gpt-4o-mini", "gpt-4o-mini-2024-07-18"};
	struct tb_book *book = builtin_book();
	char text[TB_MONEY_TEXT];

	for (size_t i = 0; i < LENGTH(names); i++) {
		const struct tb_era *era = era_of(book, names[i], "2026-04-05");
		const struct tb_price *p =
			tb_era_price(era, seed[_i].tier, TB_BASE, seed[_i].meter);

		ck_assert_ptr_nonnull(p);
		ck_assert_str_eq(tb_price_text(*p, text), seed[_i].price);
		ck_assert_str_eq(era->model, "gpt-4o-mini");
		ck_assert_str_eq(era->provider, "openai");
	}
	tb_book_free(book);
}
END_TEST

/*
 * Prices of each vendor looked up by hand in the lists that the notes name, the rules for cached
 * reads in a batch among them; NULL is one that nobody publishes.
 */
static const struct {
	const char *model, *when;
	enum tb_tier tier;
	enum tb_context context;
	enum tb_meter meter;
	const char *price;
} listed[] = {
	/* OpenAI before GPT-5: in a batch, cached reads cost what other input does. */
	{"gpt-4o", "2026-04-05", TB_STANDARD, TB_BASE, TB_CACHED_READ, "1.25"},
	{"gpt-4o", "2026-04-05", TB_BATCH, TB_BASE, TB_INPUT, "1.25"},
	{"gpt-4o", "2026-04-05", TB_BATCH, TB_BASE, TB_CACHED_READ, "1.25"},
	{"gpt-4.1-mini-2025-04-14", "2026-04-05", TB_BATCH, TB_BASE, TB_CACHED_READ, "0.20"},
	{"o4-mini", "2026-04-05", TB_BATCH, TB_BASE, TB_CACHED_READ, "0.55"},
	{"o3", "2025-06-09", TB_STANDARD, TB_BASE, TB_OUTPUT, "40.00"},
	{"o3", "2025-06-10", TB_STANDARD, TB_BASE, TB_OUTPUT, "8.00"},
	/* From GPT-5 on, both discounts hold. */
	{"gpt-5", "2026-04-05", TB_BATCH, TB_BASE, TB_CACHED_READ, "0.0625"},
	{"gpt-5", "2026-04-05", TB_PRIORITY, TB_BASE, TB_OUTPUT, "20.00"},
	{"gpt-5.1", "2026-04-05", TB_BATCH, TB_BASE, TB_INPUT, "0.625"},
	{"gpt-5.1", "2026-04-05", TB_BATCH, TB_BASE, TB_CACHED_READ, "0.0625"},
	{"gpt-5.6", "2026-08-20", TB_STANDARD, TB_LONG, TB_CACHE_WRITE, "12.50"},
	{"gpt-5.6", "2026-08-21", TB_STANDARD, TB_LONG, TB_OUTPUT, "30.00"},
	{"gpt-5.6-luna", "2026-07-29", TB_STANDARD, TB_BASE, TB_INPUT, "1.00"},
	{"gpt-5.6-luna", "2026-07-30", TB_STANDARD, TB_BASE, TB_INPUT, "0.20"},
	{"gpt-5.6-luna", "2026-07-30", TB_STANDARD, TB_BASE, TB_WEB_SEARCH, "10000.00"},
	/* Anthropic: a batch halves every class. */
	{"claude-3-haiku", "2026-04-05", TB_STANDARD, TB_BASE, TB_CACHE_WRITE_1H, "0.50"},
	{"claude-opus-4-1", "2026-04-05", TB_BATCH, TB_BASE, TB_CACHE_WRITE_1H, "15.00"},
	{"claude-sonnet-4-5", "2026-04-05", TB_BATCH, TB_LONG, TB_CACHED_READ, "0.30"},
	{"claude-sonnet-4-6", "2026-03-12", TB_STANDARD, TB_LONG, TB_OUTPUT, "22.50"},
	{"claude-sonnet-4-6", "2026-03-13", TB_STANDARD, TB_LONG, TB_OUTPUT, NULL},
	{"claude-sonnet-5", "2026-08-31", TB_STANDARD, TB_BASE, TB_INPUT, "2.00"},
	{"claude-sonnet-5", "2026-09-01", TB_STANDARD, TB_BASE, TB_INPUT, "2.00"},
	{"claude-sonnet-5", "2027-01-01", TB_BATCH, TB_BASE, TB_CACHE_WRITE_1H, "2.00"},
	{"claude-fable-5-1", "2026-09-01", TB_STANDARD, TB_BASE, TB_CACHED_READ, "0.25"},
	{"claude-haiku-5-5", "2026-11-01", TB_STANDARD, TB_LONG, TB_CACHE_WRITE, "0.625"},
	{"claude-haiku-4-5", "2026-04-05", TB_FLEX, TB_BASE, TB_WEB_SEARCH, "10000.00"},
	/* Google: a price of its own for cached reads in a batch. */
	{"gemini-2.5-pro", "2026-04-05", TB_BATCH, TB_BASE, TB_CACHED_READ, "0.125"},
	{"gemini-2.5-pro", "2026-04-05", TB_BATCH, TB_LONG, TB_OUTPUT, "7.50"},
	{"gemini-3.5-flash-lite", "2026-04-05", TB_BATCH, TB_BASE, TB_CACHED_READ, "0.02"},
	{"gemini-3.1-flash-lite", "2026-04-05", TB_BATCH, TB_BASE, TB_CACHED_READ, "0.0125"},
	{"gemini-3-flash-preview", "2026-04-05", TB_BATCH, TB_BASE, TB_CACHED_READ, "0.05"},
	{"gemini-3.6-flash", "2026-08-12", TB_STANDARD, TB_BASE, TB_OUTPUT, "7.50"},
	{"gemini-3.6-flash", "2026-08-13", TB_STANDARD, TB_BASE, TB_OUTPUT, "3.75"},
	{"gemini-3.6-flash", "2026-12-31", TB_STANDARD, TB_BASE, TB_OUTPUT, "3.75"},
	{"gemini-3.6-flash", "2027-01-01", TB_STANDARD, TB_BASE, TB_OUTPUT, "7.50"},
	/* xAI */
	{"grok-4-0709", "2026-04-05", TB_STANDARD, TB_LONG, TB_OUTPUT, "30.00"},
	{"grok-4.5", "2026-04-05", TB_STANDARD, TB_BASE, TB_CACHED_READ, "0.30"},
	{"grok-4.5", "2026-04-05", TB_BATCH, TB_BASE, TB_INPUT, "1.60"},
	/* DeepSeek */
	{"deepseek-chat", "2025-06-01", TB_STANDARD, TB_BASE, TB_OUTPUT, "1.10"},
	{"deepseek-chat", "2025-06-01", TB_STANDARD, TB_PEAK, TB_OUTPUT, "0.55"},
	{"deepseek-chat", "2025-09-28", TB_STANDARD, TB_BASE, TB_OUTPUT, "1.10"},
	{"deepseek-chat", "2025-09-28", TB_STANDARD, TB_PEAK, TB_OUTPUT, NULL},
	{"deepseek-chat", "2025-09-29", TB_STANDARD, TB_BASE, TB_OUTPUT, "0.42"},
	{"deepseek-chat", "2026-04-25", TB_STANDARD, TB_BASE, TB_CACHED_READ, "0.028"},
	{"deepseek-chat", "2026-08-16T15:59:59Z", TB_STANDARD, TB_BASE, TB_CACHED_READ, "0.0028"},
	{"deepseek-chat", "2026-11-27", TB_STANDARD, TB_PEAK, TB_OUTPUT, "1.20"},
	{"deepseek-reasoner", "2025-09-29", TB_STANDARD, TB_BASE, TB_INPUT, "0.28"},
	{"deepseek-reasoner", "2026-04-25", TB_STANDARD, TB_BASE, TB_INPUT, "0.14"},
	{"deepseek-r1", "2026-08-16T16:00:00Z", TB_STANDARD, TB_BASE, TB_OUTPUT, "1.98"},
	{"deepseek-v4-flash", "2026-08-23", TB_STANDARD, TB_PEAK, TB_CACHED_READ, "0.014"},
	{"deepseek-v4-pro", "2026-08-16", TB_STANDARD, TB_BASE, TB_CACHED_READ, "0.003625"},
	{"deepseek-v4-pro", "2026-08-23", TB_STANDARD, TB_PEAK, TB_OUTPUT, "3.96"},
	/* Mistral, Groq, Together */
	{"mistral-large-2512", "2026-04-05", TB_STANDARD, TB_BASE, TB_CACHED_READ, "0.05"},
	{"mistral-medium-latest", "2026-06-15", TB_STANDARD, TB_BASE, TB_OUTPUT, "2.00"},
	{"mistral-medium-latest", "2026-06-16", TB_STANDARD, TB_BASE, TB_INPUT, "1.50"},
	{"mistral-medium-latest", "2026-06-16", TB_STANDARD, TB_BASE, TB_OUTPUT, "7.50"},
	{"mistral-medium-3", "2026-08-30", TB_STANDARD, TB_BASE, TB_INPUT, "0.40"},
	{"mistral-medium-3", "2026-08-31", TB_STANDARD, TB_BASE, TB_INPUT, "1.50"},
	{"mistral-medium-2505", "2026-11-27", TB_STANDARD, TB_BASE, TB_INPUT, "0.40"},
	{"mistral-small-latest", "2026-03-15", TB_STANDARD, TB_BASE, TB_OUTPUT, "0.30"},
	{"mistral-small-latest", "2026-03-16", TB_BATCH, TB_BASE, TB_OUTPUT, "0.30"},
	{"ministral-8b-latest", "2025-12-02", TB_STANDARD, TB_BASE, TB_INPUT, "0.15"},
	{"ministral-8b", "2026-04-05", TB_STANDARD, TB_BASE, TB_OUTPUT, "0.10"},
	{"llama-3.3-70b-versatile", "2026-04-05", TB_BATCH, TB_BASE, TB_OUTPUT, "0.395"},
	{"meta-llama/llama-4-scout-17b-16e-instruct", "2026-04-05", TB_STANDARD, TB_BASE, TB_INPUT,
	 "0.11"},
	{"meta-llama/Llama-3.3-70B-Instruct-Turbo", "2026-04-05", TB_STANDARD, TB_BASE, TB_INPUT,
	 "0.88"},
	{"meta-llama/Llama-3.3-70B-Instruct-Turbo", "2026-04-05", TB_STANDARD, TB_BASE, TB_OUTPUT,
	 "0.88"},
	/* What was missing until November 2026, looked up in two lists where two have it. */
	{"gpt-6-sol", "2026-11-20", TB_STANDARD, TB_BASE, TB_CACHED_READ, "0.20"},
	{"gpt-6.1-sol", "2026-11-20", TB_STANDARD, TB_BASE, TB_CACHED_READ, "0.10"},
	{"gpt-6.1-sol", "2026-11-20", TB_PRIORITY, TB_LONG, TB_OUTPUT, "30.00"},
	{"gpt-6.1-terra", "2026-11-20", TB_FLEX, TB_LONG, TB_CACHE_WRITE, "1.25"},
	{"gpt-6-luna", "2026-11-20", TB_BATCH, TB_BASE, TB_CACHED_READ, "0.005"},
	{"gpt-6-astra", "2026-11-20", TB_STANDARD, TB_BASE, TB_CACHE_WRITE_1H, "25.00"},
	{"gpt-5.4", "2026-11-20", TB_FLEX, TB_BASE, TB_CACHED_READ, "0.13"},
	{"gpt-5.4", "2026-11-20", TB_FLEX, TB_LONG, TB_OUTPUT, "11.25"},
	{"gpt-5.4", "2026-11-20", TB_PRIORITY, TB_BASE, TB_OUTPUT, "30.00"},
	{"gpt-5.4", "2026-11-20", TB_PRIORITY, TB_LONG, TB_OUTPUT, NULL},
	{"o4-mini", "2026-04-05", TB_FLEX, TB_BASE, TB_CACHED_READ, "0.138"},
	{"gpt-4o", "2026-04-05", TB_PRIORITY, TB_BASE, TB_CACHED_READ, "2.125"},
	{"gpt-5.6-sol", "2026-11-20", TB_PRIORITY, TB_LONG, TB_CACHE_WRITE, "20.00"},
	{"gpt-5.5-pro", "2026-11-20", TB_STANDARD, TB_LONG, TB_OUTPUT, "270.00"},
	{"gpt-4-0613", "2025-04-05", TB_STANDARD, TB_BASE, TB_OUTPUT, "60.00"},
	{"claude-fable-5-2", "2026-11-20", TB_BATCH, TB_BASE, TB_CACHE_WRITE_1H, "8.00"},
	{"claude-mythos-5", "2026-11-20", TB_STANDARD, TB_BASE, TB_CACHED_READ, "1.00"},
	{"gemini-4-argon", "2026-11-30", TB_PRIORITY, TB_BASE, TB_OUTPUT, "18.00"},
	{"gemini-4-argon", "2026-12-01", TB_STANDARD, TB_BASE, TB_OUTPUT, "20.00"},
	{"gemini-4-argon", "2026-12-01", TB_PRIORITY, TB_BASE, TB_OUTPUT, NULL},
	{"gemini-3.8-flash", "2026-12-31", TB_FLEX, TB_BASE, TB_INPUT, "0.375"},
	{"gemini-3.8-flash", "2027-01-01", TB_STANDARD, TB_BASE, TB_INPUT, "1.50"},
	{"gemini-flash-latest", "2026-08-21", TB_STANDARD, TB_BASE, TB_OUTPUT, "3.75"},
	{"grok-4.20-0309-reasoning", "2026-04-29", TB_STANDARD, TB_BASE, TB_OUTPUT, "6.00"},
	{"grok-4.20", "2026-04-30", TB_BATCH, TB_LONG, TB_CACHED_READ, "0.32"},
	{"grok-4.7", "2026-11-20", TB_BATCH, TB_BASE, TB_OUTPUT, "4.80"},
	{"grok-4.3", "2026-11-20", TB_BATCH, TB_BASE, TB_CACHED_READ, "0.16"},
	{"mistral-large-4", "2026-10-20", TB_STANDARD, TB_BASE, TB_OUTPUT, "4.18"},
	{"mistral-large-4-0", "2026-10-29", TB_STANDARD, TB_BASE, TB_OUTPUT, "2.10"},
	{"mistral-medium-2604", "2026-11-20", TB_BATCH, TB_BASE, TB_INPUT, "0.75"},
	{"deepseek-v4-flash-vision-exp", "2026-11-20", TB_STANDARD, TB_BASE, TB_OUTPUT, "0.60"},
	{"openai/gpt-oss-120b", "2026-11-20", TB_BATCH, TB_BASE, TB_CACHED_READ, "0.075"},
	{"together_ai/openai/gpt-oss-120b", "2026-11-20", TB_STANDARD, TB_BASE, TB_CACHED_READ,
	 NULL},
	{"meta-models/Muse-Glimmer-30B", "2026-11-20", TB_STANDARD, TB_BASE, TB_OUTPUT, "1.50"},
	{"kimi-k3.1-pro-highspeed", "2026-11-20", TB_STANDARD, TB_BASE, TB_CACHE_WRITE, "4.00"},
	{"glm-5.3-flash", "2026-09-09", TB_STANDARD, TB_BASE, TB_INPUT, "0.075"},
	{"glm-5.3-flash", "2026-09-10", TB_STANDARD, TB_BASE, TB_INPUT, "0.15"},
	{"MiniMax-M3", "2026-11-20", TB_STANDARD, TB_LONG, TB_OUTPUT, "2.40"},
	{"muse-wonder-1.0", "2026-11-20", TB_STANDARD, TB_BASE, TB_WEB_SEARCH, "2500.00"},
	{"qwen-plus-2025-12-01", "2026-11-20", TB_STANDARD, TB_LONG, TB_CACHED_READ, "0.24"},
	{"dashscope/glm-5.2", "2026-11-20", TB_STANDARD, TB_BASE, TB_CACHED_READ, "0.28"},
	{"amazon.nova-micro-v1:0", "2026-11-20", TB_BATCH, TB_BASE, TB_INPUT, "0.0175"},
	{"amazon.nova-micro-v1:0", "2026-11-20", TB_BATCH, TB_BASE, TB_CACHED_READ, NULL},
	{"command-r7b-12-2024", "2026-11-20", TB_STANDARD, TB_BASE, TB_INPUT, "0.0375"},
	{"accounts/fireworks/routers/kimi-k3-us", "2026-08-31", TB_STANDARD, TB_BASE, TB_INPUT,
	 "3.30"},
	{"accounts/fireworks/routers/kimi-k3-us", "2026-09-01", TB_STANDARD, TB_BASE, TB_INPUT,
	 "4.50"},
	{"perplexity/sonar", "2026-11-20", TB_STANDARD, TB_BASE, TB_CACHED_READ, "0.0625"},
	{"gemma-4-31b", "2026-11-20", TB_STANDARD, TB_BASE, TB_OUTPUT, "1.49"},
	{"mimo-v2.6-pro", "2026-11-20", TB_STANDARD, TB_BASE, TB_CACHED_READ, "0.0036"},
};

START_TEST(listed_price)
{
	struct tb_book *book = builtin_book();
	const struct tb_era *era = era_of(book, listed[_i].model, listed[_i].when);
	const struct tb_price *p =
		tb_era_price(era, listed[_i].tier, listed[_i].context, listed[_i].meter);
	char text[TB_MONEY_TEXT];

	if (listed[_i].price) {
		ck_assert_ptr_nonnull(p);
		ck_assert_str_eq(tb_price_text(*p, text), listed[_i].price);
	} else {
		ck_assert_ptr_null(p);
	}
	tb_book_free(book);
}
END_TEST

/* Where a request must be from to cost a tenth more. */
static const struct {
	const char *model, *when, *region;
	bool more;
} regions[] = {
	{"claude-opus-4-5", "2026-04-05", "us", false},
	{"claude-opus-4-6", "2026-03-12", "us", true},
	{"claude-opus-4-6", "2026-04-05", "us", true},
	{"claude-sonnet-5", "2026-09-01", "us", true},
	{"claude-fable-5-1", "2026-09-01", "eu", false},
	{"claude-fable-5-2", "2026-11-20", "us", true},
	{"gpt-6.1-sol", "2026-11-20", "eu", true},
	{"gpt-6-cyber", "2026-11-20", "eu", false},
	{"gpt-5.2", "2026-04-05", "eu", false},
	{"gpt-5.4", "2026-04-05", "eu", true},
	{"gpt-5.6", "2026-08-21", "us", true},
};

START_TEST(regional_price)
{
	struct tb_book *book = builtin_book();
	const struct tb_era *era = era_of(book, regions[_i].model, regions[_i].when);
	unsigned uplift = tb_era_uplift(era, tb_span_of(regions[_i].region));

	ck_assert_int_eq(uplift != 0, regions[_i].more);
	if (uplift)
		ck_assert_int_eq(era->uplifts[uplift - 1].percent, 1000);
	tb_book_free(book);
}
END_TEST

/* Written down, so that a model or an era that drops out is noticed. */
static const struct {
	const char *provider;
	size_t models, eras;
} counts[] = {
	{"openai", 54, 59},    {"anthropic", 26, 29}, {"google", 19, 29}, {"xai", 13, 15},
	{"deepseek", 5, 25},   {"mistral", 29, 37},   {"groq", 7, 7},     {"together", 22, 22},
	{"fireworks", 40, 42}, {"moonshot", 9, 9},    {"zai", 18, 19},    {"minimax", 9, 9},
	{"meta", 6, 6},        {"alibaba", 13, 13},   {"amazon", 3, 3},   {"cohere", 9, 9},
	{"perplexity", 8, 8},  {"cerebras", 2, 2},    {"xiaomi", 2, 2},
};

START_TEST(complete)
{
	struct tb_book *book = builtin_book();
	size_t models = 0, eras = 0, all = 0;

	for (uint32_t i = 0; i < tb_book_era_count(book); i++) {
		const struct tb_era *era = tb_book_era(book, i);

		if (strcmp(era->provider, counts[_i].provider) != 0)
			continue;
		eras++;
		models += i == 0 || strcmp(era->model, tb_book_era(book, i - 1)->model) != 0;
	}
	ck_assert_uint_eq(models, counts[_i].models);
	ck_assert_uint_eq(eras, counts[_i].eras);
	for (size_t i = 0; i < LENGTH(counts); i++)
		all += counts[i].eras;
	ck_assert_uint_eq(all, tb_book_era_count(book));
	tb_book_free(book);
}
END_TEST

/* What is derived or disputed is not told with confidence. */
START_TEST(doubts)
{
	struct tb_book *book = builtin_book();

	for (uint32_t i = 0; i < tb_book_era_count(book); i++) {
		const struct tb_era *era = tb_book_era(book, i);
		const char *note = era->card[TB_CARD_NOTE],
			   *confidence = era->card[TB_CARD_CONFIDENCE];
		bool doubted = note && (strstr(note, "derived:") || strstr(note, "disputed:"));

		EXPECT(!doubted || strcmp(confidence, "low") == 0, "[%s]: %s", era->section,
		       confidence);
		EXPECT(strcmp(confidence, "low") == 0 || strcmp(confidence, "medium") == 0 ||
			       strcmp(confidence, "high") == 0,
		       "[%s]: %s", era->section, confidence);
	}
	tb_book_free(book);
}
END_TEST

/* Hours of the built-in rates stand on clocks that every machine has. */
START_TEST(zones)
{
	struct tb_book *book = builtin_book();

	for (uint32_t i = 0; i < tb_book_era_count(book); i++) {
		const char *hours = tb_book_era(book, i)->peak_hours;

		EXPECT(!hours || strstr(hours, " +08:00"), "%s", hours);
	}
	tb_book_free(book);
}
END_TEST

/* The sources are what a rate file may be: also one by one. */
START_TEST(each_source_alone)
{
	for (size_t i = 0; i < tb_builtin_rates_count; i++) {
		struct tb_problems problems = {0};
		struct tb_err err = {0};
		struct tb_book *book;

		ck_assert_msg(tb_book_read(&tb_builtin_rates[i], 1, &book, &problems, &err) ==
				      TB_OK,
			      "%s", problems_text(&problems));
		tb_problems_release(&problems);
		tb_book_free(book);
	}
}
END_TEST

Suite *builtin_suite(void)
{
	Suite *s = suite_create("builtin");

	add_test(s, "builtin/loads", loads);
	add_loop(s, "builtin/seed card", seed_card, LENGTH(seed));
	add_loop(s, "builtin/listed price", listed_price, LENGTH(listed));
	add_loop(s, "builtin/regional price", regional_price, LENGTH(regions));
	add_loop(s, "builtin/complete", complete, LENGTH(counts));
	add_test(s, "builtin/doubts", doubts);
	add_test(s, "builtin/zones", zones);
	add_test(s, "builtin/alone", each_source_alone);
	return s;
}
