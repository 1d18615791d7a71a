#include "helpers.h"
#include "ratebook/import.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

static const struct {
	struct tb_span number;
	const char *price; /* NULL: none */
	bool mended;
} numbers[] = {
	{BYTES("7.5e-08"), "0.075", false},
	{BYTES("1.5e-07"), "0.15", false},
	{BYTES("0.0000012"), "1.2", false},
	{BYTES("0.000168"), "168", false},
	{BYTES("1e-06"), "1", false},
	{BYTES("1E-6"), "1", false},
	{BYTES("1e+0"), "1000000", false},
	{BYTES("0.001e3"), "1000000", false},
	{BYTES("12.5e-6"), "12.5", false},
	{BYTES("1000e-9"), "1", false},
	{BYTES("1e-15"), "0.000000001", false},
	{BYTES("1e-18"), "0.000000000001", false},
	{BYTES("0.009780299999999999"), "9780.3", true},
	{BYTES("1.23456789123e-7"), "0.123456789123", false},
	{BYTES("2e-06"), "2", false},
	{BYTES("20e-06"), "20", false},
	{BYTES("1.000e-05"), "10", false},
	{BYTES("5.46875e-07"), "0.546875", false},
	{BYTES("0"), "0", false},
	{BYTES("0.0"), "0", false},
	{BYTES("-0.0"), "0", false},
	{BYTES("0e-999999999999"), "0", false},
	{BYTES("1.8000000000000002e-07"), "0.18", true},
	{BYTES("9.999999999999999e-08"), "0.1", true},
	{BYTES("3.0000000000000004e-08"), "0.03", true},
	{BYTES("2.7500000000000004e-06"), "2.75", true},
	{BYTES("2.99999e-06"), "2.99999", false},
	{BYTES("2.9999900000000002e-06"), "2.99999", true},
	{BYTES("0.00000999999"), "9.99999", false},
	{BYTES("1e-19"), NULL, false},
	{BYTES("1.2345678912e-12"), NULL, false},
	{BYTES("-1e-06"), NULL, false},
	{BYTES("1e5"), NULL, false},
	{BYTES("1e999999999999"), NULL, false},
	{BYTES("1e-999999999999"), NULL, false},
	{BYTES("1.11111111111111111111111111111111111111111111111111111111111111"), NULL, false},
};

START_TEST(price_of_a_number)
{
	char text[TB_IMPORT_PRICE_TEXT];
	bool mended;
	const char *why = tb_import_price(numbers[_i].number, text, &mended);

	ck_assert_msg(!why == (numbers[_i].price != NULL), "%s", why ? why : text);
	if (why)
		return;
	ck_assert_str_eq(text, numbers[_i].price);
	ck_assert_int_eq(mended, numbers[_i].mended);
}
END_TEST

static const struct {
	struct tb_span number;
	const char *percent;
} multipliers[] = {
	{BYTES("1.1"), "10%"},    {BYTES("1.075"), "7.5%"},    {BYTES("1"), "0%"},
	{BYTES("1.0"), "0%"},     {BYTES("1.05"), "5%"},       {BYTES("1.0001"), "0.01%"},
	{BYTES("11e-1"), "10%"},  {BYTES("1.9999"), "99.99%"}, {BYTES("0.9"), NULL},
	{BYTES("2"), NULL},       {BYTES("2.5"), NULL},        {BYTES("-1.1"), NULL},
	{BYTES("1.00001"), NULL}, {BYTES("10.1"), NULL},       {BYTES("0"), NULL},
};

START_TEST(uplift_of_a_multiplier)
{
	char text[TB_IMPORT_PRICE_TEXT];
	const char *why = tb_import_uplift(multipliers[_i].number, text);

	ck_assert_msg(!why == (multipliers[_i].percent != NULL), "%s", why ? why : text);
	if (!why)
		ck_assert_str_eq(text, multipliers[_i].percent);
}
END_TEST

/* One search, and 1,000 of them. */
static const struct {
	struct tb_span number;
	const char *price;
} fees[] = {
	{BYTES("0.01"), "10"},
	{BYTES("0.035"), "35"},
	{BYTES("2.5e-3"), "2.5"},
	{BYTES("0"), "0"},
};

START_TEST(price_of_a_fee)
{
	char text[TB_IMPORT_PRICE_TEXT];
	bool mended;

	ck_assert_ptr_null(tb_import_fee(fees[_i].number, text, &mended));
	ck_assert_str_eq(text, fees[_i].price);
	ck_assert(!mended);
}
END_TEST

static const struct {
	struct tb_span text;
	bool is_number;
} texts[] = {
	{BYTES("1"), true},     {BYTES("0"), true},      {BYTES("-0.5"), true},
	{BYTES("4e-07"), true}, {BYTES("1.5E+3"), true}, {BYTES(""), false},
	{BYTES("-"), false},    {BYTES("01"), false},    {BYTES("1."), false},
	{BYTES(".5"), false},   {BYTES("1e"), false},    {BYTES("1e-"), false},
	{BYTES("+1"), false},   {BYTES("1 "), false},    {BYTES("0x1"), false},
	{BYTES("nan"), false},
};

START_TEST(number_in_quotes)
{
	ck_assert_int_eq(tb_import_is_number(texts[_i].text), texts[_i].is_number);
}
END_TEST

/* The list that JSON makes, and its rate file. */
static enum tb_status import(struct tb_import *out, const char *json, struct tb_err *err)
{
	*out = (struct tb_import){0};
	*err = (struct tb_err){0};
	return tb_import_litellm(out, "p.json", tb_span_of(json), err);
}

/* 2 and 4 in peak hours, 1 and 4 in the others; a batch costs 1 at all hours. */
#define OFF_PEAK(windows, more, expected)                                                               \
	{                                                                                               \
		"\"input_cost_per_token\": 2e-6, \"output_cost_per_token\": 4e-6, "                     \
		"\"input_cost_per_token_batches\": 1e-6, \"off_peak_pricing\": {\"windows\": [" windows \
		"], " more "\"input_cost_per_token\": 1e-6}",                                           \
			expected                                                                        \
	}
#define PEAK_SECTION(hours)                                                                        \
	"[m]\ninput = 1\noutput = 4\npeak_hours = " hours "\npeak_input = 2\npeak_output = 4\n"    \
	"batch_input = 1\nbatch_peak_input = 1\n"
#define DIFFERENT_HOURS                                                                            \
	"hours off peak that differ by day, or are all hours; a rate file has one list of hours"

/* A model of these keys, and the lines it must give or the reason it is not carried over for. */
static const struct {
	const char *keys, *expected;
} models[] = {
	{"\"input_cost_per_token\": 1e-6, \"output_cost_per_token\": 2e-6",
	 "[m]\ninput = 1\noutput = 2\n"},
	{"\"mode\": \"completion\", \"input_cost_per_token\": 0, \"output_cost_per_token\": 0.0",
	 "[m]\ninput = 0\noutput = 0\n"},
	{"\"input_cost_per_token\": 1e-6, \"output_cost_per_token\": 2e-6, "
	 "\"input_cost_per_token_batches\": 5e-7, \"cache_read_input_token_cost_flex\": 1e-7",
	 "[m]\ninput = 1\noutput = 2\nbatch_input = 0.5\nflex_cached_read = 0.1\n"},
	{"\"input_cost_per_token\": 1e-6, \"output_cost_per_token\": 2e-6, "
	 "\"output_cost_per_token_above_512k_tokens\": 4e-6",
	 "[m]\ninput = 1\noutput = 2\nlong_context_over = 512000\nlong_input = 1\nlong_output = 4\n"
	 "note = derived: long_input is input, for the list has no price of its own for it\n"},
	{"\"litellm_provider\": \"xai\", \"input_cost_per_token\": 1e-6, "
	 "\"output_cost_per_token\": 2e-6, \"input_cost_per_token_above_128k_tokens\": 2e-6, "
	 "\"output_cost_per_token_above_128k_tokens\": 4e-6",
	 "[m]\nprovider = xai\ninput = 1\noutput = 2\nlong_context_from = 128000\nlong_input = 2\n"
	 "long_output = 4\n"},
	{"\"input_cost_per_token\": null, \"output_cost_per_token\": 2e-6",
	 "no input price per token"},
	{"\"input_cost_per_token\": \"1e-6\", \"output_cost_per_token\": \"0.000002\"",
	 "[m]\ninput = 1\noutput = 2\n"},
	{"\"input_cost_per_token\": \"1e-6 \", \"output_cost_per_token\": 2e-6", "not a number"},
	{"\"input_cost_per_token\": 1e-6, \"output_cost_per_token\": 2e-6, "
	 "\"input_cost_per_token_at_night\": 1e-7",
	 "a price under a condition, or of a unit, that is not known here"},
	{"\"input_cost_per_token\": 1e-6, \"output_cost_per_token\": 2e-6, "
	 "\"search_context_cost_per_query\": {\"low\": 0.01, \"high\": 1e-2}",
	 "[m]\ninput = 1\noutput = 2\nweb_search = 10\n"},
	{"\"input_cost_per_token\": 1e-6, \"output_cost_per_token\": 2e-6, "
	 "\"search_context_cost_per_query\": {\"low\": 0.01, \"high\": 0.02}",
	 "[m]\ninput = 1\noutput = 2\n; left out: search_context_cost_per_query: web searches "
	 "priced by the size of their context\n"},
	{"\"input_cost_per_token\": 1e-6, \"output_cost_per_token\": 2e-6, "
	 "\"search_context_cost_per_query\": {\"low\": 0.01}, \"web_search_billing_unit\": \"per_day\"",
	 "[m]\ninput = 1\noutput = 2\n; left out: web_search_billing_unit = per_day: searches in a "
	 "unit that is not known here, so they have no price\n"},
	{"\"input_cost_per_token\": 1e-6, \"output_cost_per_token\": 2e-6, "
	 "\"provider_specific_entry\": {\"us\": 1.1, \"fast\": 1.5, \"ga\": true}",
	 "[m]\ninput = 1\noutput = 2\nuplift_us = 10%\n; left out: provider_specific_entry.fast = "
	 "1.5: a multiplier of one vendor's own\n"},
	{"\"input_cost_per_token\": 1e-6, \"output_cost_per_token\": 2e-6, "
	 "\"pricing_periods\": [{\"from\": \"2026-01-01\", \"input_cost_per_token\": 3e-6}]",
	 "[m]\ninput = 1\noutput = 2\n; left out: pricing_periods = 2026-01-01 3e-6: prices in a block "
	 "that is not known here\n"},
	OFF_PEAK("{\"hours_utc\": [\"00:00-01:00\", \"04:00-06:00\", \"10:00-00:00\"]}, "
		 "{\"hours_utc\": \"00:00-00:00\", \"weekdays\": [\"Sat\", \"Sun\"]}",
		 "\"weekday_timezone\": \"Asia/Shanghai\", ",
		 PEAK_SECTION("Mon-Fri 09:00-12:00,14:00-18:00 +08:00")),
	OFF_PEAK(
		"{\"hours_utc\": [\"00:00-01:00\", \"10:00-24:00\"], \"weekdays\": [1, 2, 3, 4, 5]}, "
		"{\"hours_utc\": \"00:00-00:00\", \"weekdays\": [6, 7]}",
		"", PEAK_SECTION("Mon-Fri 01:00-10:00 UTC")),
	OFF_PEAK("{\"hours_utc\": \"22:30-06:15\"}", "", PEAK_SECTION("06:15-22:30 UTC")),
	OFF_PEAK("{\"hours_utc\": \"00:00-24:00\", \"weekdays\": [2, 4]}", "",
		 PEAK_SECTION("Mon,Wed,Fri-Sun 00:00-24:00 UTC")),
	OFF_PEAK("{\"hours_utc\": \"00:00-00:00\"}", "", DIFFERENT_HOURS),
	OFF_PEAK("{\"hours_utc\": \"00:00-05:00\", \"weekdays\": [1]}", "", DIFFERENT_HOURS),
	OFF_PEAK("{\"hours_utc\": \"0-5\"}", "", "hours off peak of a form that is not known here"),
	OFF_PEAK("{\"hours_local\": \"00:00-05:00\"}", "",
		 "hours off peak of a form that is not known here"),
	OFF_PEAK("{\"hours_utc\": \"00:00-05:00\"}", "\"weekday_timezone\": \"Europe/Berlin\", ",
		 "hours off peak by the weekdays of a zone that is not known here"),
	OFF_PEAK("{\"hours_utc\": \"00:00-05:00\"}", "\"input_cost_per_image\": 1, ",
		 "a price off peak that a rate file has no key for"),
	{"\"input_cost_per_token\": -1e-6, \"output_cost_per_token\": 2e-6", "a negative price"},
	{"\"input_cost_per_token\": 1e-6", "no output price per token"},
	{"\"mode\": \"embedding\", \"input_cost_per_token\": 1e-6, \"output_cost_per_token\": 0",
	 "mode embedding"},
	{"\"mode\": \"dream\", \"input_cost_per_token\": 1e-6, \"output_cost_per_token\": 0",
	 "a mode that is neither chat nor completion nor responses"},
	{"\"input_cost_per_token\": 1e-6, \"output_cost_per_token\": 1e-6, \"tiered_pricing\": []",
	 "prices by several steps of input; a rate file has one"},
	{"\"input_cost_per_token\": 1e-6, \"output_cost_per_token\": 1e-6, "
	 "\"input_cost_per_token_above_200k_tokens\": -1",
	 "a negative price"},
	{"\"input_cost_per_token\": 1e-6, \"output_cost_per_token\": 1e-6, "
	 "\"source\": \"a\\nb ; c # d\", \"max_input_tokens\": 5, \"supports_vision\": true, "
	 "\"supports_pdf_input\": false, \"deprecation_date\": \"2026-12-31\"",
	 "[m]\ninput = 1\noutput = 1\ncontext_window = 5\ncapabilities = vision\n"
	 "deprecated = 2026-12-31\nsource = a\\x0ab , c * d\n"},
};

START_TEST(a_model)
{
	char json[2048];
	struct tb_import out;
	struct tb_err err;

	snprintf(json, sizeof(json), "{\"m\": {%s}}", models[_i].keys);
	ck_assert_msg(import(&out, json, &err) == TB_OK, "%s", err.text);
	if (models[_i].expected[0] == '[') {
		ck_assert_uint_eq(out.carried, 1);
		ck_assert_str_eq(strchr(out.ini.p, '['), models[_i].expected);
		tb_book_free(book_of(out.ini.p));
	} else {
		ck_assert_uint_eq(out.carried, 0);
		ck_assert_int_eq(out.left[out.left_count - 1].kind, TB_LEFT_MODEL);
		ck_assert_str_eq(out.left[out.left_count - 1].reason, models[_i].expected);
	}
	tb_import_release(&out);
}
END_TEST

/* A price that cannot be said never goes unsaid. */
static const char *const left[] = {
	"input_cost_per_audio_token",
	"input_cost_per_second",
	"output_cost_per_image",
	"input_cost_per_character",
	"input_cost_per_pixel",
	"search_context_cost_per_query",
	"file_search_cost_per_1k_calls",
	"vector_store_cost_per_gb_per_day",
	"input_cost_per_token_ultrafast",
	"input_cost_per_token_cache_hit",
	"cache_read_input_token_cost_at_night",
	"cost_of_next_year",
	"regional_processing_uplift_multiplier_a=b",
	"some_multiplier",
};

START_TEST(prices_left_out)
{
	char json[512];
	struct tb_import out;
	struct tb_err err;

	snprintf(
		json, sizeof(json),
		"{\"m\": {\"input_cost_per_token\": 1, \"output_cost_per_token\": 1,\n\"%s\": 1.1}}",
		left[_i]);
	ck_assert_int_eq(import(&out, json, &err), TB_OK);
	ck_assert_uint_eq(out.left_count, 1);
	ck_assert_int_eq(out.left[0].kind, TB_LEFT_PRICE);
	ck_assert_str_eq(out.left[0].key, left[_i]);
	ck_assert_uint_eq(out.left[0].line, 2);
	ck_assert_ptr_nonnull(strstr(out.ini.p, "; left out: "));
	tb_import_release(&out);
}
END_TEST

/* Names that a rate file cannot hold, or only under another name. */
static const struct {
	const char *name, *section;
} names[] = {
	{"vertex_ai/claude@20250514", "[vertex_ai/claude@20250514]"},
	{"ft:gpt-4o", "[ft:gpt-4o]"},
	{"a b", "[a b]"},
	{"1234567890123456789012345678901234567890123456789",
	 "[1234567890123456789012345678901234567890123456789]"},
	{"12345678901234567890123456789012345678901234567890",
	 "[1234567890123456789012345678901234567890~50b55154]\n"
	 "aliases = 12345678901234567890123456789012345678901234567890"},
	{"1234567890123456789012345678901234567890 234567890", NULL},
	{"defaults", NULL},
	{"a]b", NULL},
	{"m @ 2026-09-01", NULL},
	{"m@2026-09-01", NULL},
	{"", NULL},
	{" m", NULL},
	{"a ;b", NULL},
	{"a\\nb", NULL},
	{"a\\u001bb", NULL},
};

START_TEST(a_name)
{
	char json[512];
	struct tb_import out;
	struct tb_err err;

	snprintf(json, sizeof(json),
		 "{\"%s\": {\"input_cost_per_token\": 1, \"output_cost_per_token\": 1}}",
		 names[_i].name);
	ck_assert_int_eq(import(&out, json, &err), TB_OK);
	ck_assert_uint_eq(out.carried, names[_i].section != NULL);
	ck_assert_uint_eq(out.left_count, names[_i].section == NULL);
	if (names[_i].section)
		ck_assert_msg(strstr(out.ini.p, names[_i].section) != NULL, "%s", out.ini.p);
	tb_import_release(&out);
}
END_TEST

static const struct {
	const char *json, *error;
} broken[] = {
	{"", "p.json:1: the file ends in the middle; was it cut?"},
	{"{", "p.json:1: the file ends in the middle; was it cut?"},
	{"{\n\"a\": {\n", "p.json:2: the file ends in the middle; was it cut?"},
	{"[]", "p.json:1: not an object of models"},
	{"3", "p.json:1: not an object of models"},
	{"\"x\"", "p.json:1: not an object of models"},
	{"{\"a\": {}}\n{}", "p.json:2: not JSON here"},
	{"{\n\n'a': 1}", "p.json:3: not JSON here"},
	{"{\"a\": {\"b\": 01}}", "p.json:1: not JSON here"},
	{"{\"a\": NaN}", "p.json:1: not JSON here"},
	{"{\"a\": \"\xff\"}", "p.json:1: not JSON here"},
	{"{\"a\": {\"b\": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
	 "p.json:1: nested deeper than 32 levels"},
	{"{\"a\\u0000b\": {}}", "p.json:1: a name longer than 1024 bytes, or with a NUL in it"},
};

START_TEST(broken_json)
{
	struct tb_import out;
	struct tb_err err;

	ck_assert_int_eq(import(&out, broken[_i].json, &err), TB_DATA);
	ck_assert_str_eq(err.text, broken[_i].error);
	tb_import_release(&out);
}
END_TEST

/* Values of any kind at any place: nothing breaks, and the models that are none are named. */
START_TEST(odd_values)
{
	static const char *const values[] = {"null",
					     "true",
					     "1",
					     "\"x\"",
					     "[]",
					     "{}",
					     "[[1, {\"notes\": [2]}], \"y\"]",
					     "{\"notes\": {\"notes\": 1}, \"a\": [true]}"};
	const char *value = values[_i];
	struct tb_import out;
	struct tb_err err;
	char json[512];

	snprintf(json, sizeof(json),
		 "{\"a\": %s, \"b\": {\"input_cost_per_token\": %s, \"metadata\": %s, "
		 "\"mode\": %s}, \"c\": {\"output_cost_per_token\": 1, "
		 "\"input_cost_per_token\": 1, \"metadata\": %s}}",
		 value, value, value, value, value);
	ck_assert_msg(import(&out, json, &err) == TB_OK, "%s", err.text);
	ck_assert_uint_eq(out.models, 3);
	ck_assert_uint_eq(out.carried, 1);
	tb_book_free(book_of(out.ini.p));
	tb_import_release(&out);
}
END_TEST

/* Another name stands with its model, wherever it is in the list. */
START_TEST(other_names)
{
	static const char json[] =
		"{\"latest\": {\"alias_of\": \"m\"},\n\"$schema\": \"x\",\n"
		"\"m\": {\"input_cost_per_token\": 1e-6, \"output_cost_per_token\": 1e-6},\n"
		"\"a b\": {\"alias_of\": \"m\"},\n\"lost\": {\"alias_of\": \"none\"}}";
	struct tb_import out;
	struct tb_err err;

	ck_assert_int_eq(import(&out, json, &err), TB_OK);
	ck_assert_uint_eq(out.models, 5);
	ck_assert_uint_eq(out.carried, 2);
	ck_assert_ptr_nonnull(strstr(out.ini.p, "[m]\naliases = latest\ninput = 1\n"));
	ck_assert_uint_eq(out.left_count, 3);
	ck_assert_str_eq(out.left[1].model, "a b");
	ck_assert_str_eq(out.left[2].reason, "another name of a model that is not carried over");
	tb_book_free(book_of(out.ini.p));
	tb_import_release(&out);
}
END_TEST

START_TEST(order_and_repeats)
{
	static const char json[] =
		"{\"b\": {\"input_cost_per_token\": 1e-6, \"output_cost_per_token\": 1e-6},\n"
		"\"a\": {\"output_cost_per_token\": 2e-6, \"input_cost_per_token\": 5,\n"
		"\"input_cost_per_token\": 1e-6},\n"
		"\"b\": {\"input_cost_per_token\": 3e-6, \"output_cost_per_token\": 1e-6}}";
	struct tb_import out;
	struct tb_err err;

	ck_assert_int_eq(import(&out, json, &err), TB_OK);
	ck_assert_str_eq(strchr(out.ini.p, '['),
			 "[a]\ninput = 1\noutput = 2\n\n; not carried over: b: given again below, "
			 "which is what readers of JSON take\n\n[b]\ninput = 3\noutput = 1\n");
	ck_assert_uint_eq(out.left_count, 2);
	ck_assert_str_eq(out.left[0].value, "5");
	ck_assert_uint_eq(out.left[0].line, 2);
	ck_assert_uint_eq(out.left[1].line, 1);
	tb_import_release(&out);
}
END_TEST

Suite *import_suite(void)
{
	Suite *s = suite_create("import");

	add_loop(s, "import/price", price_of_a_number, LENGTH(numbers));
	add_loop(s, "import/fee", price_of_a_fee, LENGTH(fees));
	add_loop(s, "import/quoted", number_in_quotes, LENGTH(texts));
	add_loop(s, "import/uplift", uplift_of_a_multiplier, LENGTH(multipliers));
	add_loop(s, "import/model", a_model, LENGTH(models));
	add_loop(s, "import/left out", prices_left_out, LENGTH(left));
	add_loop(s, "import/name", a_name, LENGTH(names));
	add_loop(s, "import/broken", broken_json, LENGTH(broken));
	add_loop(s, "import/odd", odd_values, 8);
	add_test(s, "import/other names", other_names);
	add_test(s, "import/order", order_and_repeats);
	return s;
}
