/* section and book: what a rate file means, and what it must not say. */
#include "helpers.h"
#include "ratebook/prices.h"
#include "suites.h"

#include <string.h>
#include <sys/stat.h>

#define M "[m]\ninput = 2\noutput = 10\n"
#define N "[n]\ninput = 1\noutput = 1\n"
#define P M "peak_hours = 09:00-12:00 UTC\n"
#define L M "long_context_over = 1000\nlong_input = 4\nlong_output = 20\n"

/* ---- the look-up rule ---- */

static const struct {
	const char *ini;
	enum tb_tier tier;
	enum tb_context context;
	enum tb_meter meter;
	const char *price; /* NULL: none */
} prices[] = {
	{M, TB_STANDARD, TB_BASE, TB_INPUT, "2.00"},
	{M, TB_STANDARD, TB_BASE, TB_OUTPUT, "10.00"},
	{M, TB_STANDARD, TB_BASE, TB_CACHED_READ, NULL},
	{M, TB_STANDARD, TB_BASE, TB_CACHE_WRITE, NULL},
	{M, TB_STANDARD, TB_BASE, TB_CACHE_WRITE_1H, NULL},
	{M, TB_STANDARD, TB_LONG, TB_INPUT, NULL},
	{M, TB_STANDARD, TB_LONG, TB_REASONING, NULL},
	{M, TB_BATCH, TB_BASE, TB_INPUT, NULL},
	{M, TB_BATCH, TB_BASE, TB_REASONING, NULL},
	{M, TB_FLEX, TB_BASE, TB_OUTPUT, NULL},
	{M "cached_read = 0\n", TB_STANDARD, TB_BASE, TB_CACHED_READ, "0.00"},
	{M "cache_write_1h = 4\n", TB_STANDARD, TB_BASE, TB_CACHE_WRITE_1H, "4.00"},
	{M "cache_write_1h = 4\n", TB_STANDARD, TB_BASE, TB_CACHE_WRITE, NULL},

	/* Reasoning is output where it has no price of its own. */
	{M, TB_STANDARD, TB_BASE, TB_REASONING, "10.00"},
	{M "reasoning = 30\n", TB_STANDARD, TB_BASE, TB_REASONING, "30.00"},
	{M "reasoning = output\n", TB_STANDARD, TB_BASE, TB_REASONING, "10.00"},
	{M "batch_discount = 50%\n", TB_BATCH, TB_BASE, TB_REASONING, "5.00"},
	{M "batch_output = 3\n", TB_BATCH, TB_BASE, TB_REASONING, "3.00"},
	{M "batch_output = 3\nbatch_discount = 50%\n", TB_BATCH, TB_BASE, TB_REASONING, "3.00"},
	{M "batch_reasoning = 7\n", TB_BATCH, TB_BASE, TB_REASONING, "7.00"},
	{M "reasoning = 30\nbatch_discount = 50%\n", TB_BATCH, TB_BASE, TB_REASONING, "15.00"},
	{M "reasoning = 30\nbatch_output = 3\n", TB_BATCH, TB_BASE, TB_REASONING, NULL},
	{M "reasoning = 30\nbatch_output = 3\nbatch_discount = 50%\n", TB_BATCH, TB_BASE,
	 TB_REASONING, "15.00"},
	{L, TB_STANDARD, TB_LONG, TB_REASONING, "20.00"},
	{L "reasoning = 30\nlong_reasoning = 60\n", TB_STANDARD, TB_LONG, TB_REASONING, "60.00"},

	/* Discounts, and explicit prices that win over them. */
	{M "batch_discount = 50%\n", TB_BATCH, TB_BASE, TB_INPUT, "1.00"},
	{M "batch_discount = 50%\n", TB_BATCH, TB_BASE, TB_OUTPUT, "5.00"},
	{M "batch_discount = 50%\n", TB_BATCH, TB_BASE, TB_CACHED_READ, NULL},
	{M "batch_discount = 50%\n", TB_FLEX, TB_BASE, TB_INPUT, NULL},
	{M "batch_discount = 50%\n", TB_STANDARD, TB_BASE, TB_INPUT, "2.00"},
	{M "batch_discount = 33.33%\n", TB_BATCH, TB_BASE, TB_INPUT, "1.3334"},
	{M "flex_discount = 100%\n", TB_FLEX, TB_BASE, TB_OUTPUT, "0.00"},
	{M "priority_discount = 0%\n", TB_PRIORITY, TB_BASE, TB_INPUT, "2.00"},
	{M "priority_input = 3.5\n", TB_PRIORITY, TB_BASE, TB_INPUT, "3.50"},
	{M "batch_output = 3\n", TB_BATCH, TB_BASE, TB_OUTPUT, "3.00"},
	{M "batch_output = 3\n", TB_BATCH, TB_BASE, TB_INPUT, NULL},
	{M "cached_read = 0.5\nbatch_discount = 50%\n", TB_BATCH, TB_BASE, TB_CACHED_READ, "0.25"},
	{M "cached_read = 0.5\nbatch_discount = 50%\nbatch_cached_read = 0.5\n", TB_BATCH, TB_BASE,
	 TB_CACHED_READ, "0.50"},
	{"[m]\ninput = 0.000000001\noutput = 0\nbatch_discount = 33.33%\n", TB_BATCH, TB_BASE,
	 TB_INPUT, "0.0000000006667"},

	/* References: in the tier and the context of their key. */
	{M "cached_read = input\n", TB_STANDARD, TB_BASE, TB_CACHED_READ, "2.00"},
	{M "cached_read = cache_write\ncache_write = input\n", TB_STANDARD, TB_BASE, TB_CACHED_READ,
	 "2.00"},
	{M "cached_read = reasoning\n", TB_STANDARD, TB_BASE, TB_CACHED_READ, "10.00"},
	{"[m]\ninput = output\noutput = 10\n", TB_STANDARD, TB_BASE, TB_INPUT, "10.00"},
	{M "cached_read = input\n", TB_BATCH, TB_BASE, TB_CACHED_READ, NULL},
	{M "cached_read = input\nbatch_discount = 50%\n", TB_BATCH, TB_BASE, TB_CACHED_READ,
	 "1.00"},
	{M "cached_read = input\nbatch_discount = 50%\nbatch_input = 0.1\n", TB_BATCH, TB_BASE,
	 TB_CACHED_READ, "1.00"},
	{M "batch_discount = 50%\nbatch_cached_read = input\n", TB_BATCH, TB_BASE, TB_CACHED_READ,
	 "1.00"},
	{M "batch_discount = 50%\nbatch_input = 0.7\nbatch_cached_read = input\n", TB_BATCH,
	 TB_BASE, TB_CACHED_READ, "0.70"},
	{M "batch_output = 4\nbatch_reasoning = output\n", TB_BATCH, TB_BASE, TB_REASONING, "4.00"},
	{L "cached_read = 1\nlong_cached_read = input\n", TB_STANDARD, TB_LONG, TB_CACHED_READ,
	 "4.00"},
	{L "batch_discount = 50%\nbatch_long_cached_read = input\n", TB_BATCH, TB_LONG,
	 TB_CACHED_READ, "2.00"},

	/* Long context. */
	{L, TB_STANDARD, TB_BASE, TB_INPUT, "2.00"},
	{L, TB_STANDARD, TB_LONG, TB_INPUT, "4.00"},
	{L, TB_STANDARD, TB_LONG, TB_OUTPUT, "20.00"},
	{L, TB_STANDARD, TB_LONG, TB_CACHED_READ, NULL},
	{L, TB_BATCH, TB_LONG, TB_INPUT, NULL},
	{L "batch_discount = 50%\n", TB_BATCH, TB_LONG, TB_INPUT, "2.00"},
	{L "batch_long_input = 3\n", TB_BATCH, TB_LONG, TB_INPUT, "3.00"},
	{L "batch_long_input = 3\n", TB_BATCH, TB_LONG, TB_OUTPUT, NULL},
	{L "batch_long_input = 3\n", TB_BATCH, TB_BASE, TB_INPUT, NULL},
	{L "batch_input = 1\n", TB_BATCH, TB_LONG, TB_INPUT, NULL},
	{L "batch_input = 1\nbatch_discount = 25%\n", TB_BATCH, TB_LONG, TB_INPUT, "3.00"},
	{L "flex_discount = 10%\n", TB_FLEX, TB_LONG, TB_OUTPUT, "18.00"},

	/* Peak hours: explicit, else the multiple, else the discount of the peak price. */
	{P "peak_multiplier = 2\n", TB_STANDARD, TB_BASE, TB_INPUT, "2.00"},
	{P "peak_multiplier = 2\n", TB_STANDARD, TB_PEAK, TB_INPUT, "4.00"},
	{P "peak_multiplier = 1.25\n", TB_STANDARD, TB_PEAK, TB_OUTPUT, "12.50"},
	{P "peak_multiplier = 2\npeak_input = 5\n", TB_STANDARD, TB_PEAK, TB_INPUT, "5.00"},
	{P "peak_input = 5\npeak_output = 6\n", TB_STANDARD, TB_PEAK, TB_OUTPUT, "6.00"},
	{P "peak_multiplier = 2\n", TB_STANDARD, TB_PEAK, TB_CACHED_READ, NULL},
	{P "peak_multiplier = 2\n", TB_STANDARD, TB_PEAK, TB_REASONING, "20.00"},
	{P "peak_multiplier = 2\nreasoning = 12\n", TB_STANDARD, TB_PEAK, TB_REASONING, "24.00"},
	{P "peak_multiplier = 2\npeak_output = 30\n", TB_STANDARD, TB_PEAK, TB_REASONING, "30.00"},
	{P "peak_multiplier = 2\npeak_output = 30\nreasoning = 12\n", TB_STANDARD, TB_PEAK,
	 TB_REASONING, "24.00"},
	{P "peak_multiplier = 2\ncached_read = input\n", TB_STANDARD, TB_PEAK, TB_CACHED_READ,
	 "4.00"},
	{P "peak_multiplier = 2\n", TB_BATCH, TB_PEAK, TB_INPUT, NULL},
	{P "peak_multiplier = 2\nbatch_discount = 50%\n", TB_BATCH, TB_PEAK, TB_INPUT, "2.00"},
	{P "peak_multiplier = 2\nbatch_input = 1.5\n", TB_BATCH, TB_PEAK, TB_INPUT, "3.00"},
	{P "peak_multiplier = 2\nbatch_reasoning = 7\nbatch_discount = 50%\n", TB_BATCH, TB_PEAK,
	 TB_REASONING, "14.00"},
	{P "peak_multiplier = 2\nbatch_peak_input = 1.5\n", TB_BATCH, TB_PEAK, TB_INPUT, "1.50"},
	{P "peak_multiplier = 2\npeak_input = 5\nbatch_discount = 50%\n", TB_BATCH, TB_PEAK,
	 TB_INPUT, "2.50"},
	{P "peak_multiplier = 2\nlong_context_over = 9\nlong_input = 4\nlong_output = 20\n",
	 TB_STANDARD, TB_PEAK_LONG, TB_INPUT, "8.00"},
	{P "peak_multiplier = 2\nlong_context_over = 9\nlong_input = 4\nlong_output = 20\n"
	   "peak_long_input = 7\n",
	 TB_STANDARD, TB_PEAK_LONG, TB_INPUT, "7.00"},

	/* A fee is per 1,000, and the same everywhere. */
	{M "web_search = 10\n", TB_STANDARD, TB_BASE, TB_WEB_SEARCH, "10000.00"},
	{M "web_search = 10\nbatch_discount = 50%\n", TB_BATCH, TB_BASE, TB_WEB_SEARCH, "10000.00"},
	{P "peak_multiplier = 2\nweb_search = 0\n", TB_FLEX, TB_PEAK, TB_WEB_SEARCH, "0.00"},
	{M, TB_STANDARD, TB_BASE, TB_WEB_SEARCH, NULL},
};

START_TEST(price_rule)
{
	struct tb_book *book = book_of(prices[_i].ini);
	const struct tb_price *p = tb_era_price(tb_book_era(book, 0), prices[_i].tier,
						prices[_i].context, prices[_i].meter);
	char text[TB_MONEY_TEXT] = "none";
	const char *expected = prices[_i].price ? prices[_i].price : "none";

	if (p)
		tb_price_text(*p, text);
	ck_assert_msg(strcmp(text, expected) == 0, "%s%s, %s%s%s: %s, expected %s", "\n",
		      prices[_i].ini, tb_tiers[prices[_i].tier].prefix,
		      tb_contexts[prices[_i].context].prefix, tb_meters[prices[_i].meter].name,
		      text, expected);
	tb_book_free(book);
}
END_TEST

/* Where only a tier prices a meter, its list price is that of what it is a part of. */
START_TEST(standard_price_of_an_unpublished_meter)
{
	struct tb_book *book = book_of(L "batch_cached_read = 0.5\nbatch_reasoning = 1\n");
	const struct tb_era *era = tb_book_era(book, 0);

	ck_assert(tb_era_standard_price(era, TB_BASE, TB_CACHED_READ).units == price("2").units);
	ck_assert(tb_era_standard_price(era, TB_LONG, TB_CACHED_READ).units == price("4").units);
	ck_assert(tb_era_standard_price(era, TB_BASE, TB_REASONING).units == price("10").units);
	tb_book_free(book);
}
END_TEST

static enum tb_status work_out(void *raw, struct tb_err *err)
{
	struct tb_problems problems = {0};
	struct tb_arena arena = {0};
	struct tb_era era = {.section = "m", .file = "r.ini", .line = 1};
	bool done = tb_prices_work_out(raw, &era, &arena, &problems);

	EXPECT(problems.total == 0, "%s", problems_text(&problems));
	EXPECT(!done || tb_era_price(&era, TB_STANDARD, TB_BASE, TB_INPUT), "no price");
	tb_problems_release(&problems);
	tb_arena_release(&arena);
	return done ? TB_OK : tb_fail_nomem(err);
}

START_TEST(no_memory_for_prices)
{
	struct tb_raw_prices raw;
	struct tb_raw_price *cells = raw.cells[TB_STANDARD][TB_BASE];

	tb_raw_prices_init(&raw);
	raw.contexts[TB_STANDARD] = 1u << TB_BASE;
	cells[TB_INPUT] = (struct tb_raw_price){TB_RAW_NUMBER, price("2"), TB_INPUT, 2};
	cells[TB_OUTPUT] = (struct tb_raw_price){TB_RAW_NUMBER, price("10"), TB_OUTPUT, 3};
	ck_assert_uint_ge(each_allocation_fails(work_out, &raw), 1);
}
END_TEST

/* ---- what is refused ---- */

#define BAD_START                                                                                  \
	"behind the @ must stand a date such as 2026-09-01 or an instant such as "                 \
	"2026-08-16T16:00:00Z"
#define WHOLE_SECTION "input = 2\noutput = 10\n"

static const struct {
	const char *ini, *faults;
} refusals[] = {
	{"", "r.ini: the file is empty"},
	{"; nothing\n\n", "r.ini: no [section] in the file"},
	{M "outptu = 3\n", "r.ini:4: unknown key 'outptu'; did you mean 'output'?"},
	{M "Input = 3\n", "r.ini:4: unknown key 'Input'; did you mean 'input'?"},
	{M "batch_long_ouput = 3\n",
	 "r.ini:4: unknown key 'batch_long_ouput'; did you mean 'batch_long_output'?"},
	{M "zzzzzzzzz = 3\n",
	 "r.ini:4: unknown key 'zzzzzzzzz'; `man tokbill` lists the keys of a rate file"},
	{M "standard_input = 3\n", "r.ini:4: unknown key 'standard_input'; `man tokbill` lists the "
				   "keys of a rate file"},
	{M "bach_discount = 5%\n",
	 "r.ini:4: unknown key 'bach_discount'; did you mean 'batch_discount'?"},
	{M "\ninput = 3\n", "r.ini:5: key 'input' was already given in line 2 of this section"},
	{M "provider = a\nprovider = a\n",
	 "r.ini:5: key 'provider' was already given in line 4 of this section"},
	{M M, "r.ini:4: section [m] was already given in line 1"},
	{"[defaults]\ncurrency = EUR\n[defaults]\ncurrency = EUR\n" M,
	 "r.ini:3: section [defaults] was already given in line 1"},
	{"[m]\ninput = 2\n", "r.ini:1: [m]: output is missing; 0 means free, absent means unknown"},
	{"[m]\n", "r.ini:1: [m]: input is missing; 0 means free, absent means unknown\n"
		  "r.ini:1: [m]: output is missing; 0 means free, absent means unknown"},
	{"[m]\nbatch_input = 2\noutput = 1\n",
	 "r.ini:1: [m]: input is missing; 0 means free, absent means unknown"},

	{M "cached_read = -1\n", "r.ini:4: cached_read: '-1': a price has no sign; write a plain "
				 "decimal such as 0.15"},
	{M "cached_read = $3\n", "r.ini:4: cached_read: '$3': not a plain decimal such as 0.15"},
	{M "cached_read = 3e0\n", "r.ini:4: cached_read: '3e0': not a plain decimal such as 0.15"},
	{M "cached_read = 3,00\n",
	 "r.ini:4: cached_read: '3,00': not a plain decimal such as 0.15"},
	{M "cached_read = .\n", "r.ini:4: cached_read: '.': not a plain decimal such as 0.15"},
	{M "cached_read = 3.0.0\n",
	 "r.ini:4: cached_read: '3.0.0': not a plain decimal such as 0.15"},
	{M "cached_read = 3 # x\n",
	 "r.ini:4: cached_read: '3 # x': a comment behind a value begins with ; and not with #"},
	{M "cached_read = 3;x\n", "r.ini:4: cached_read: '3;x': not a plain decimal such as 0.15"},
	{M "cached_read = \"3\"\n",
	 "r.ini:4: cached_read: '\"3\"': not a plain decimal such as 0.15"},
	{M "cached_read = Input\n",
	 "r.ini:4: cached_read: 'Input': not a plain decimal such as 0.15"},
	{M "cached_read = 0.1234567890123\n",
	 "r.ini:4: cached_read: '0.1234567890123': more than 12 "
	 "decimals, and a price is never rounded"},
	{M "cached_read = 1000000001\n", "r.ini:4: cached_read: '1000000001': more than 1000000000 "
					 "per 1,000,000 tokens"},
	{M "cached_read =\n", "r.ini:4: cached_read: empty value; leave the line out instead"},

	{M "batch_discount = 150%\n", "r.ini:4: batch_discount: '150%': more than 100%"},
	{M "batch_discount = -10%\n", "r.ini:4: batch_discount: '-10%': a percentage has no sign; "
				      "it lies between 0% and 100%"},
	{M "batch_discount = 50\n",
	 "r.ini:4: batch_discount: '50': not a percentage; write it like 50%"},
	{M "batch_discount = 33.333%\n",
	 "r.ini:4: batch_discount: '33.333%': more than 2 decimals of a percent"},

	{M "cached_read = cached_read\n",
	 "r.ini:4: cached_read names the meter cached_read, which has no price there itself"},
	{M "cached_read = cache_write\ncache_write = cached_read\n",
	 "r.ini:4: cached_read names the meter cache_write, which has no price there itself\n"
	 "r.ini:5: cache_write names the meter cached_read, which has no price there itself"},
	{M "cached_read = cache_write\n",
	 "r.ini:4: cached_read names the meter cache_write, which has no price there itself"},
	{M "batch_cached_read = input\n",
	 "r.ini:4: batch_cached_read names the meter input, which has no price there itself"},
	{"[m]\ninput = 1\noutput = reasoning\n",
	 "r.ini:3: output names the meter reasoning, which has no price there itself"},

	{M "long_input = 4\n",
	 "r.ini:4: long_input without long_context_over or long_context_from"},
	{M "batch_discount = 50%\nbatch_long_input = 4\n",
	 "r.ini:5: batch_long_input without long_context_over or long_context_from"},
	{M "long_context_over = 1000\nlong_input = 4\n",
	 "r.ini:1: [m]: long_output is missing, though the section has a long-context threshold "
	 "and prices the meter"},
	{L "cached_read = 1\n",
	 "r.ini:1: [m]: long_cached_read is missing, though the section has a long-context "
	 "threshold and prices the meter"},
	{L "long_context_from = 1000\n", "r.ini:7: long_context_from: '1000': long_context_over "
					 "and long_context_from exclude each other"},
	{M "peak_input = 4\n", "r.ini:4: peak_input without peak_hours"},
	{L "peak_long_input = 4\n", "r.ini:7: peak_long_input without peak_hours"},
	{P "peak_multiplier = 2\npeak_long_input = 4\n",
	 "r.ini:6: peak_long_input without long_context_over or long_context_from"},
	{M "peak_multiplier = 2\n", "r.ini:4: peak_multiplier without peak_hours"},
	{P "peak_input = 4\n", "r.ini:1: [m]: peak_output is missing, though the section has "
			       "peak_hours, prices the meter, and gives no peak_multiplier"},
	{L "peak_hours = 09:00-12:00 UTC\npeak_input = 4\npeak_output = 20\npeak_long_input = 8\n",
	 "r.ini:1: [m]: peak_long_output is missing, though the section has a long-context "
	 "threshold and peak_hours, prices the meter, and gives no peak_multiplier"},
	{P "peak_multiplier = -2\n", "r.ini:5: peak_multiplier: '-2': a multiplier has no sign; "
				     "write it like 2 or 1.25"},
	{P "peak_multiplier = 1.255\n", "r.ini:5: peak_multiplier: '1.255': more than 2 decimals"},
	{P "peak_multiplier = 101\n", "r.ini:5: peak_multiplier: '101': more than 100"},
	{P "peak_multiplier = double\n",
	 "r.ini:5: peak_multiplier: 'double': not a multiplier such as 2 or 1.25"},
	{M "uplift_us = 10\n", "r.ini:4: uplift_us: '10': not a percentage; write it like 50%"},
	{M "uplift_us = 10%\nuplift_US = 20%\n",
	 "r.ini:5: uplift_US: '20%': the region has an uplift in this section already"},
	{M "uplift_ = 10%\n",
	 "r.ini:4: uplift_: '10%': a region is missing; write it like uplift_us"},
	{M "web_search = input\n",
	 "r.ini:4: web_search: 'input': a fee and a price of tokens differ"},
	{M "cached_read = web_search\n",
	 "r.ini:4: cached_read: 'web_search': a fee and a price of tokens differ"},
	{M "batch_web_search = 10\n",
	 "r.ini:4: unknown key 'batch_web_search'; `man tokbill` lists the keys of a rate file"},
	{M "peak_hours = weekdays\n",
	 "r.ini:4: peak_hours: 'weekdays': not hours of a week; write them like Mon-Fri "
	 "09:00-12:00,14:00-18:00 Asia/Shanghai"},
	{M "long_context_over = 0\n",
	 "r.ini:4: long_context_over: '0': a long context begins above 0 tokens"},
	{M "long_context_from = 200k\n",
	 "r.ini:4: long_context_from: '200k': not a whole number in plain digits"},
	{M "long_context_from = 9223372036854775808\n",
	 "r.ini:4: long_context_from: '9223372036854775808': out of range: more than "
	 "9223372036854775807"},

	{M "aliases = a, b a\n", "r.ini:4: aliases: 'a': listed twice in this section"},
	{M "aliases = a\naliases = a\n", "r.ini:5: aliases: 'a': listed twice in this section"},
	{M "aliases = m\n", "r.ini:1: [m]: alias 'm' is the model's own name"},
	{M "aliases = x\n" N "aliases = x\n",
	 "r.ini:5: [n]: the name 'x' already belongs to [m] in r.ini:1"},
	{M N "aliases = m\n", "r.ini:4: [n]: the name 'm' already belongs to [m] in r.ini:1"},
	{M "aliases = n\n" N, "r.ini:1: [m]: the name 'n' already belongs to [n] in r.ini:5"},

	{M "currency = usd\n", "r.ini:4: currency: 'usd': not a currency; write its three capital "
			       "letters (ISO 4217), such as USD"},
	{M "currency = $\n", "r.ini:4: currency: '$': not a currency; write its three capital "
			     "letters (ISO 4217), such as USD"},
	{M "currency = USDT\n", "r.ini:4: currency: 'USDT': not a currency; write its three "
				"capital letters (ISO 4217), such as USD"},
	{"[defaults]\ninput = 3\n" M, "r.ini:2: input: '3': [defaults] holds only currency"},
	{"[defaults @ 2026-09-01]\ncurrency = EUR\n" M,
	 "r.ini:1: [defaults @ 2026-09-01]: [defaults] has no start"},

	{"[m @ 2026-02-30]\n" WHOLE_SECTION, "r.ini:1: [m @ 2026-02-30]: " BAD_START},
	{"[m @ 2026-9-1]\n" WHOLE_SECTION, "r.ini:1: [m @ 2026-9-1]: " BAD_START},
	{"[m @ soon]\n" WHOLE_SECTION, "r.ini:1: [m @ soon]: " BAD_START},
	{"[m @ 1788220800]\n" WHOLE_SECTION, "r.ini:1: [m @ 1788220800]: " BAD_START},
	{"[m @ 1788220800000]\n" WHOLE_SECTION, "r.ini:1: [m @ 1788220800000]: " BAD_START},
	{"[m @ 2026-09-01T10:00:00]\n" WHOLE_SECTION,
	 "r.ini:1: [m @ 2026-09-01T10:00:00]: the start has a time of day but no zone; write it "
	 "like 2026-08-16T16:00:00Z"},
	{"[m@2026-09-01]\n" WHOLE_SECTION,
	 "r.ini:1: [m@2026-09-01]: write the start of an era with a blank on both sides of the @: "
	 "[model @ 2026-09-01]"},
	{"[m @ 2026-09-01]\n" WHOLE_SECTION "[m @ 2026-09-01T00:00:00Z]\n" WHOLE_SECTION,
	 "r.ini:4: [m @ 2026-09-01T00:00:00Z] begins at the same time as [m @ 2026-09-01] in "
	 "r.ini:1"},
	{"[m @ 2026-09-01]\n" WHOLE_SECTION "[m @ 2026-09-01T02:00:00+02:00]\n" WHOLE_SECTION,
	 "r.ini:4: [m @ 2026-09-01T02:00:00+02:00] begins at the same time as [m @ 2026-09-01] in "
	 "r.ini:1"},

	/* Of a damaged section nothing is said to be missing. */
	{"[m]\ninput = 2\noutput\n", "r.ini:3: not a key = value line, a [section] or a ; comment"},
};

START_TEST(refusal)
{
	const char *faults = book_faults(refusals[_i].ini);

	ck_assert_msg(strcmp(faults, refusals[_i].faults) == 0, "\n%s\ngives: %s\nexpected: %s",
		      refusals[_i].ini, faults, refusals[_i].faults);
}
END_TEST

/* A person means an era; taken as a model's name, its prices would never be used. */
static const char *const misspelt_eras[] = {
	"[m @2026-09-01]",
	"[m@ 2026-09-01]",
	"[m\t@\t2026-09-01]",
	"[m@2026-08-16T16:00:00Z]",
	"[m @2026-08-16T16:00:00Z]",
	"[m@ 2026-08-16T16:00:00Z]",
	"[m@2026-08-16 16:00:00Z]",
	"[m@2026-02-30]",
	"[m @]",
};

START_TEST(misspelt_era)
{
	char ini[256] = "";

	strcat(ini, misspelt_eras[_i]);
	strcat(ini, "\n" WHOLE_SECTION);
	ck_assert_msg(*book_faults(ini), "%s is taken for a model of that name", misspelt_eras[_i]);
}
END_TEST

/* An @ may also be a part of a name. */
START_TEST(name_with_at_sign)
{
	struct tb_book *book = book_of("[m@prod]\n" WHOLE_SECTION "[m@prod @ 2026-09-01]\n"
				       "input = 3\noutput = 4\n");

	ck_assert_uint_eq(tb_book_era_count(book), 2);
	ck_assert_str_eq(era_of(book, "m@prod", "2026-09-01")->section, "m@prod @ 2026-09-01");
	tb_book_free(book);
}
END_TEST

/* ---- eras ---- */

#define ERA(name, price) "[" name "]\ninput = " price "\noutput = 1\n"

static const char *const era_files[] = {
	ERA("m", "1") ERA("m @ 2026-09-01", "2") ERA("m @ 2026-10-01T16:00:00Z", "3"),
	ERA("m @ 2026-10-01T16:00:00Z", "3") ERA("m", "1") ERA("m @ 2026-09-01", "2"),
	ERA("m @ 2026-10-01T18:00:00+02:00", "3") ERA("m @ 2026-09-01T00:00:00Z", "2")
		ERA("m", "1"),
};

static const struct {
	const char *when, *price;
} era_times[] = {
	{"1970-01-01T00:00:00Z", "1.00"},
	{"2026-08-31T23:59:59Z", "1.00"},
	{"2026-08-31T23:59:59.999Z", "1.00"},
	{"2026-09-01T00:00:00Z", "2.00"},
	{"2026-09-01", "2.00"},
	{"2026-09-01T01:59:59+02:00", "1.00"},
	{"2026-10-01T15:59:59Z", "2.00"},
	{"2026-10-01T16:00:00Z", "3.00"},
	{"9999-12-31T23:59:59Z", "3.00"},
};

START_TEST(era_borders)
{
	struct tb_book *book = book_of(era_files[_i]);
	char text[TB_MONEY_TEXT];

	for (size_t i = 0; i < LENGTH(era_times); i++) {
		const struct tb_era *era = era_of(book, "m", era_times[i].when);

		tb_price_text(*tb_era_price(era, TB_STANDARD, TB_BASE, TB_INPUT), text);
		ck_assert_msg(strcmp(text, era_times[i].price) == 0, "%s: %s", era_times[i].when,
			      text);
	}
	tb_book_free(book);
}
END_TEST

START_TEST(before_the_first_era)
{
	struct tb_book *book = book_of(ERA("m @ 2026-09-01", "2"));
	const struct tb_era *era = NULL;

	ck_assert_int_eq(tb_book_find(book, SPAN("m"), instant_of("2026-08-31T23:59:59Z"), &era),
			 TB_LOOKUP_TOO_EARLY);
	ck_assert_str_eq(era->section, "m @ 2026-09-01");
	ck_assert_ptr_eq(era_of(book, "m", "2026-09-01"), era);
	tb_book_free(book);
}
END_TEST

static const struct {
	const char *name, *when;
	enum tb_lookup found;
} names_in_eras[] = {
	{"a", "2026-08-31", TB_LOOKUP_FOUND},
	{"a", "2026-09-01", TB_LOOKUP_NOT_NAMED},
	{"a", "2026-10-01", TB_LOOKUP_NOT_NAMED},
	{"b", "2026-08-31", TB_LOOKUP_NOT_NAMED},
	{"b", "2026-09-01", TB_LOOKUP_FOUND},
	{"b", "2026-10-01", TB_LOOKUP_FOUND},
	{"c", "2026-10-01", TB_LOOKUP_FOUND},
	{"d", "2026-10-01", TB_LOOKUP_FOUND},
	{"m", "2026-08-31", TB_LOOKUP_FOUND},
	{"m", "2026-10-01", TB_LOOKUP_FOUND},
	{"M", "2026-10-01", TB_LOOKUP_NO_MODEL},
	{"m ", "2026-10-01", TB_LOOKUP_NO_MODEL},
	{"", "2026-10-01", TB_LOOKUP_NO_MODEL},
	{"b,", "2026-10-01", TB_LOOKUP_NO_MODEL},
	{"defaults", "2026-10-01", TB_LOOKUP_NO_MODEL},
	{"m @ 2026-09-01", "2026-10-01", TB_LOOKUP_NO_MODEL},
};

START_TEST(aliases_hold_per_era)
{
	struct tb_book *book =
		book_of("[defaults]\ncurrency = USD\n" ERA("m", "1") "aliases = a\n" ERA(
			"m @ 2026-09-01", "2") "aliases = b, c\naliases = d\n" ERA("m @ 2026-10-01",
										   "3"));
	const struct tb_era *era = NULL;
	enum tb_lookup found = tb_book_find(book, tb_span_of(names_in_eras[_i].name),
					    instant_of(names_in_eras[_i].when), &era);

	ck_assert_msg(found == names_in_eras[_i].found, "%s at %s: %d", names_in_eras[_i].name,
		      names_in_eras[_i].when, found);
	if (found != TB_LOOKUP_NO_MODEL)
		ck_assert_int_eq(era->start <= instant_of(names_in_eras[_i].when), 1);
	tb_book_free(book);
}
END_TEST

START_TEST(later_eras_inherit_facts_but_no_prices)
{
	struct tb_book *book = book_of(
		ERA("m",
		    "1") "provider = p\nname = First\nnote = one\nnote = two\ncached_read = 0.1\n"
			 "batch_discount = 50%\ncurrency = EUR\n" ERA(
				 "m @ 2026-09-01", "2") "note = three\n" ERA("m @ 2026-10-01",
									     "3") "provider = q\n");
	const struct tb_era *first = tb_book_era(book, 0), *third = tb_book_era(book, 2);

	ck_assert_str_eq(first->card[TB_CARD_NOTE], "one\ntwo");
	ck_assert_str_eq(tb_book_era(book, 1)->provider, "p");
	ck_assert_str_eq(third->provider, "q");
	ck_assert_str_eq(third->card[TB_CARD_NAME], "First");
	ck_assert_str_eq(third->card[TB_CARD_NOTE], "three");
	ck_assert_ptr_null(third->card[TB_CARD_SUMMARY]);
	ck_assert_str_eq(third->currency, "EUR");
	ck_assert_ptr_nonnull(tb_era_price(first, TB_BATCH, TB_BASE, TB_CACHED_READ));
	ck_assert_ptr_null(tb_era_price(third, TB_STANDARD, TB_BASE, TB_CACHED_READ));
	ck_assert_ptr_null(tb_era_price(third, TB_BATCH, TB_BASE, TB_INPUT));
	tb_book_free(book);
}
END_TEST

/* By model, then start, whatever the file's order. */
START_TEST(eras_are_numbered_in_order)
{
	struct tb_book *book =
		book_of(ERA("n", "1") ERA("m @ 2026-09-01", "2") ERA("M", "3") ERA("m", "4"));
	static const char *const sections[] = {"M", "m", "m @ 2026-09-01", "n"};

	ck_assert_uint_eq(tb_book_era_count(book), LENGTH(sections));
	for (uint32_t i = 0; i < LENGTH(sections); i++) {
		ck_assert_str_eq(tb_book_era(book, i)->section, sections[i]);
		ck_assert_uint_eq(tb_book_era(book, i)->number, i);
		ck_assert_str_eq(tb_book_era(book, i)->file, "r.ini");
	}
	ck_assert_uint_eq(tb_book_era(book, 3)->line, 1);
	tb_book_free(book);
}
END_TEST

/* ---- several sources ---- */

static struct tb_book *book_of_sources(const char *const *ini, size_t n, const char **faults)
{
	static const char *const names[] = {"a.ini", "b.ini", "c.ini"};
	struct tb_rate_source sources[3];
	struct tb_problems problems = {0};
	struct tb_err err = {0};
	struct tb_book *book;
	enum tb_status st;

	for (size_t i = 0; i < n; i++)
		sources[i] = (struct tb_rate_source){names[i], tb_span_of(ini[i])};
	st = tb_book_read(sources, n, &book, &problems, &err);
	*faults = problems_text(&problems);
	ck_assert_int_eq(st == TB_OK, problems.total == 0);
	tb_problems_release(&problems);
	return book;
}

static const struct {
	const char *ini[3];
	const char *sections; /* of the eras, each with its file; or the faults */
} source_cases[] = {
	{{ERA("m", "1"), ERA("n", "1"), ERA("o", "1")}, "m a.ini;n b.ini;o c.ini;"},
	{{ERA("m", "1") ERA("m @ 2026-09-01", "2"), ERA("m", "5"), N}, "m b.ini;n c.ini;"},
	{{ERA("m", "1"), ERA("m @ 2026-09-01", "2"), N}, "m a.ini;m @ 2026-09-01 b.ini;n c.ini;"},
	{{ERA("m", "1"), ERA("m", "2") ERA("m @ 2026-09-01", "2"), ERA("m @ 2026-10-01", "3")},
	 "m b.ini;m @ 2026-09-01 b.ini;m @ 2026-10-01 c.ini;"},
	{{ERA("m", "1"), ERA("m @ 2026-09-01", "2"), ERA("m", "3")}, "m c.ini;"},
	{{ERA("m", "1") "aliases = n\n", ERA("m", "2"), N}, "m b.ini;n c.ini;"},
	{{ERA("m", "1"), ERA("m @ 2026-09-01", "2"), ERA("m @ 2026-09-01", "3")},
	 "c.ini:1: [m @ 2026-09-01] begins at the same time as [m @ 2026-09-01] in b.ini:1"},
	{{ERA("m", "1"), N "aliases = m\n", ERA("o", "1")},
	 "b.ini:1: [n]: the name 'm' already belongs to [m] in a.ini:1"},
	{{ERA("m", "1"), "", ERA("o", "1")}, "b.ini: the file is empty"},
};

START_TEST(sources_add_up)
{
	const char *faults;
	struct tb_book *book = book_of_sources(source_cases[_i].ini, 3, &faults);
	struct tb_buf got = {0};

	tb_buf_puts(&got, faults);
	for (uint32_t i = 0; book && i < tb_book_era_count(book); i++)
		tb_buf_printf(&got, "%s %s;", tb_book_era(book, i)->section,
			      tb_book_era(book, i)->file);
	ck_assert_str_eq(got.p, source_cases[_i].sections);
	tb_buf_release(&got);
	tb_book_free(book);
}
END_TEST

START_TEST(no_source_is_an_empty_book)
{
	const char *faults;
	struct tb_book *book = book_of_sources(NULL, 0, &faults);
	const struct tb_era *era;

	ck_assert_ptr_nonnull(book);
	ck_assert_uint_eq(tb_book_era_count(book), 0);
	ck_assert_int_eq(tb_book_find(book, SPAN("m"), 0, &era), TB_LOOKUP_NO_MODEL);
	ck_assert_ptr_null(tb_book_nearest(book, SPAN("m")));
	tb_book_free(book);
}
END_TEST

/* [defaults] counts in its own file; a model's own word wins and holds on in its later eras. */
START_TEST(currencies)
{
	static const char *const ini[] = {
		"[defaults]\ncurrency = EUR\n" ERA("a", "1")
			ERA("b", "1") "currency = CHF\n" ERA("b @ 2026-09-01", "1"),
		ERA("c", "1"),
		ERA("d", "1") "[defaults]\ncurrency = JPY\n" ERA("e", "1"),
	};
	static const char *const expected[] = {"EUR", "CHF", "CHF", "USD", "JPY", "JPY"};
	const char *faults;
	struct tb_book *book = book_of_sources(ini, 3, &faults);

	ck_assert_str_eq(faults, "");
	for (uint32_t i = 0; i < LENGTH(expected); i++)
		ck_assert_str_eq(tb_book_era(book, i)->currency, expected[i]);
	tb_book_free(book);
}
END_TEST

/* ---- contexts and names ---- */

static const struct {
	const char *threshold;
	uint64_t input, requests;
	bool is_long;
} contexts[] = {
	{"long_context_over = 1000\n", 999, 1, TB_BASE},
	{"long_context_over = 1000\n", 1000, 1, TB_BASE},
	{"long_context_over = 1000\n", 1001, 1, TB_LONG},
	{"long_context_from = 1000\n", 999, 1, TB_BASE},
	{"long_context_from = 1000\n", 1000, 1, TB_LONG},
	{"long_context_over = 1000\n", 3000, 3, TB_BASE},
	{"long_context_over = 1000\n", 3001, 3, TB_LONG},
	{"long_context_from = 1000\n", 2999, 3, TB_BASE},
	{"long_context_from = 1000\n", 3000, 3, TB_LONG},
	{"long_context_over = 1000\n", 1000, 0, TB_BASE},
	{"long_context_over = 1000\n", 1001, 0, TB_LONG},
	{"long_context_over = 9223372036854775807\n", UINT64_MAX, 1, TB_LONG},
	{"long_context_over = 9223372036854775807\n", UINT64_MAX, UINT64_MAX, TB_BASE},
};

START_TEST(context_of_a_request)
{
	char ini[256] = M "long_input = 4\nlong_output = 20\n";
	struct tb_book *book = book_of(strcat(ini, contexts[_i].threshold));

	ck_assert_int_eq(
		tb_era_is_long(tb_book_era(book, 0), contexts[_i].input, contexts[_i].requests),
		contexts[_i].is_long);
	tb_book_free(book);
}
END_TEST

START_TEST(context_without_threshold)
{
	struct tb_book *book = book_of(M);

	ck_assert(!tb_era_is_long(tb_book_era(book, 0), ~(tb_u128)0, 1));
	tb_book_free(book);
}
END_TEST

static const struct {
	const char *name, *nearest;
} near_names[] = {
	{"gpt-4o-mni", "gpt-4o-mini"},
	{"gpt-4o-mini-2024-07-81", "gpt-4o-mini-2024-07-18"},
	{"GPT-4o-mini", "gpt-4o-mini"},
	{"claude", NULL},
};

START_TEST(nearest_name)
{
	struct tb_book *book =
		book_of("[gpt-4o-mini]\n" WHOLE_SECTION "aliases = gpt-4o-mini-2024-07-18\n");
	const char *near = tb_book_nearest(book, tb_span_of(near_names[_i].name));

	ck_assert_pstr_eq(near, near_names[_i].nearest);
	tb_book_free(book);
}
END_TEST

/* ---- files ---- */

static const struct {
	const char *path, *faults;
} files[] = {
	{"good.ini", ""},
	{"directory", "directory: cannot be read: is a directory, not an INI file"},
	{"missing.ini", "missing.ini: cannot be read: No such file or directory"},
	{"empty.ini", "empty.ini: the file is empty"},
	{"pipe", "pipe: cannot be read: is not a regular file"},
	{"bad.ini", "bad.ini:4: unknown key 'x'; `man tokbill` lists the keys of a rate file"},
};

START_TEST(load_file)
{
	const char *path = files[_i].path;
	struct tb_problems problems = {0};
	struct tb_err err = {0};
	struct tb_book *book;
	enum tb_status st;

	write_file("good.ini", SPAN(M));
	write_file("empty.ini", SPAN(""));
	write_file("bad.ini", SPAN(M "x = 3\n"));
	ck_assert_int_eq(mkdir("directory", 0777), 0);
	ck_assert_int_eq(mkfifo("pipe", 0666), 0);
	st = tb_book_load(&path, 1, &book, NULL, &problems, &err);
	ck_assert_int_eq(st, *files[_i].faults ? TB_CONFIG : TB_OK);
	ck_assert_str_eq(problems_text(&problems), files[_i].faults);
	ck_assert_int_eq(book == NULL, st != TB_OK);
	tb_problems_release(&problems);
	tb_book_free(book);
}
END_TEST

START_TEST(names_and_lines)
{
	struct tb_book *book = book_of("[a]\ninput = 1\noutput = 2\naliases = b\naliases = c\n"
				       "[a @ 2026-01-01]\ninput = 3\noutput = 4\naliases = c\n"
				       "[z]\ninput = 1\noutput = 2\naliases = zz\n");
	const struct tb_era *first = tb_book_era(book, 0), *second = tb_book_era(book, 1);
	const char *model, *name;
	bool holds;
	size_t n = 0;

	for (; (name = tb_book_name(book, n, &model)); n++)
		ck_assert_str_eq(model, *name == 'z' ? "z" : "a");
	ck_assert_uint_eq(n, 5);
	for (n = 0; (name = tb_era_alias(book, first, n, &holds)); n++) {
		ck_assert_str_eq(name, n ? "c" : "b");
		ck_assert(holds);
		ck_assert_ptr_eq(tb_era_alias(book, second, n, &holds), name);
		ck_assert_int_eq(holds, *name != 'b');
	}
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(tb_era_alias(book, tb_book_era(book, 2), 0, &holds), "zz");
	ck_assert_ptr_null(tb_era_alias(book, tb_book_era(book, 2), 1, &holds));
	ck_assert_uint_eq(first->written_count, 4);
	ck_assert_uint_eq(tb_era_written(first, "aliases")->line, 4);
	ck_assert_str_eq(tb_era_written(first, "aliases")->value, "b");
	ck_assert_str_eq(tb_era_written(second, "output")->value, "4");
	ck_assert_ptr_null(tb_era_written(second, "cached_read"));
	tb_book_free(book);
}
END_TEST

Suite *book_suite(void)
{
	Suite *s = suite_create("book");

	add_test(s, "book/names and lines", names_and_lines);
	add_loop(s, "book/prices", price_rule, LENGTH(prices));
	add_test(s, "book/standard price", standard_price_of_an_unpublished_meter);
	add_test(s, "book/no memory for prices", no_memory_for_prices);
	add_loop(s, "book/refusals", refusal, LENGTH(refusals));
	add_loop(s, "book/misspelt eras", misspelt_era, LENGTH(misspelt_eras));
	add_test(s, "book/at sign", name_with_at_sign);
	add_loop(s, "book/era borders", era_borders, LENGTH(era_files));
	add_test(s, "book/before the first era", before_the_first_era);
	add_loop(s, "book/aliases", aliases_hold_per_era, LENGTH(names_in_eras));
	add_test(s, "book/inheritance", later_eras_inherit_facts_but_no_prices);
	add_test(s, "book/order", eras_are_numbered_in_order);
	add_loop(s, "book/sources", sources_add_up, LENGTH(source_cases));
	add_test(s, "book/no source", no_source_is_an_empty_book);
	add_test(s, "book/currencies", currencies);
	add_loop(s, "book/contexts", context_of_a_request, LENGTH(contexts));
	add_test(s, "book/no threshold", context_without_threshold);
	add_loop(s, "book/nearest", nearest_name, LENGTH(near_names));
	add_loop_in_dir(s, "book/files", load_file, LENGTH(files));
	return s;
}
