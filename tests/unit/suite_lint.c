#include "helpers.h"
#include "ratebook/lint.h"
#include "suites.h"

#include <string.h>

/* What is said of a book on 2026-11-22; verified is not looked at unless `verified` is given. */
static const char *warnings_of(const char *ini, bool verified)
{
	static char texts[8192];
	struct tb_book *book = book_of(ini);
	struct tb_problems warnings = {0};
	struct tb_err err = {0};
	size_t n = 0;

	ck_assert_int_eq(tb_lint_book(book, instant_of("2026-11-22T12:00:00Z"), &warnings, &err),
			 TB_OK);
	texts[0] = '\0';
	for (size_t i = 0; i < warnings.kept; i++)
		if (verified || !strstr(warnings.text[i].p, ": verified: "))
			n += (size_t)snprintf(texts + n, sizeof(texts) - n, "%s\n",
					      warnings.text[i].p);
	tb_problems_release(&warnings);
	tb_book_free(book);
	return texts;
}

#define MODEL  "[m]\ninput = 1\noutput = 2\n"
#define LATER  "[m @ 2026-09-01]\ninput = 1\noutput = 2\n"
#define FUTURE "[m @ 2027-01-01]\ninput = 1\noutput = 2\n"

/* Where a warning begins: with file, line and key. NULL: there is none. */
static const struct {
	const char *ini, *warning;
} books[] = {
	{MODEL, NULL},
	/* cached reads */
	{MODEL "cached_read = 1.1\n", "r.ini:4: cached_read: '1.1': "},
	{MODEL "cached_read = 1\n", NULL},
	{MODEL "cached_read = input\n", NULL},
	{MODEL "batch_discount = 50%\nbatch_cached_read = 0.6\ncached_read = 0.9\n",
	 "r.ini:5: batch_cached_read: '0.6': a cached read costs more"},
	{MODEL "cached_read = 0.1\nlong_context_over = 5\nlong_input = 2\nlong_output = 2\n"
	       "long_cached_read = 3\n",
	 "r.ini:8: long_cached_read: '3': a cached read costs more"},
	/* tiers */
	{MODEL "batch_input = 1.1\nbatch_output = 1\n", "r.ini:4: batch_input: '1.1': batch costs"},
	{MODEL "flex_output = 2.1\n", "r.ini:4: flex_output: '2.1': flex costs"},
	{MODEL "batch_input = 1\npriority_input = 3\n", NULL},
	{MODEL "cached_read = 0.1\nbatch_discount = 50%\nbatch_cached_read = 0.5\n", NULL},
	/* long contexts */
	{MODEL "long_context_over = 5\nlong_input = 0.9\nlong_output = 2\n",
	 "r.ini:5: long_input: '0.9': a long context costs less"},
	{MODEL "long_context_over = 5\nlong_input = 1\nlong_output = 2\n", NULL},
	/* noise; what has more decimals does not load */
	{MODEL "cached_read = 0.179999999\n",
	 "r.ini:4: cached_read: '0.179999999': looks like 0.18"},
	{MODEL "cached_read = 0.180000001\n",
	 "r.ini:4: cached_read: '0.180000001': looks like 0.18"},
	{MODEL "cached_read = 0.123456789\n", NULL},
	{MODEL "web_search = 9.999999999\n", "r.ini:4: web_search: '9.999999999': looks like 10 "},
	/* prices and names that end with an era */
	{MODEL "cached_read = 0.5\n" LATER, "r.ini:5: cached_read: the era before has this price"},
	{MODEL "batch_input = 0.5\n" LATER, "r.ini:5: batch_input: the era before has this price"},
	{MODEL "batch_input = 0.5\n" LATER "note = unpublished: batch\n", NULL},
	{MODEL "cached_read = 0.5\n" LATER "note = unpublished: cached_read\n", NULL},
	{MODEL "cached_read = 0.5\n" LATER "note = cached_read is unpublished\n",
	 "r.ini:5: cached_read: the era before has this price"},
	{MODEL "cached_read = 0.5\n" LATER "cached_read = input\n", NULL},
	{MODEL "reasoning = 3\n" LATER, NULL},
	{MODEL "long_context_over = 5\nlong_input = 2\nlong_output = 2\n" LATER, NULL},
	{MODEL "aliases = a b\n" LATER "aliases = b\n", "r.ini:5: aliases: 'a': is a name"},
	{MODEL "aliases = a b\n" LATER, NULL},
	{MODEL "aliases = a\n" LATER "aliases = b a\n", NULL},
	/* peak hours */
	{MODEL "peak_hours = 09:00-12:00 UTC\npeak_multiplier = 0\n",
	 "r.ini:5: peak_multiplier: '0': makes what peak hours"},
	{MODEL "peak_hours = 09:00-12:00 UTC\npeak_multiplier = 0.00\n",
	 "r.ini:5: peak_multiplier: '0.00': makes what peak hours"},
	{MODEL "peak_hours = 09:00-12:00 UTC\npeak_multiplier = 0.01\n", NULL},
	/* jumps */
	{MODEL "[m @ 2026-09-01]\ninput = 100\noutput = 2\n", "r.ini:5: input: '100': a hundred"},
	{MODEL "[m @ 2026-09-01]\ninput = 1\noutput = 0.02\n",
	 "r.ini:6: output: '0.02': a hundred"},
	{MODEL "[m @ 2026-09-01]\ninput = 99.999\noutput = 0.0201\n", NULL},
	{MODEL "[m @ 2026-09-01]\ninput = 0\noutput = 2\n", NULL},
	/* dates */
	{MODEL "released = July 2024\n", "r.ini:4: released: 'July 2024': not a date"},
	{MODEL "deprecated = 2026-02-30\n", "r.ini:4: deprecated: '2026-02-30': not a date"},
	{MODEL "released = 2024-07-18\n", NULL},
	/* shutdown */
	{MODEL "shutdown = 2026-11-22\n", "r.ini:4: shutdown: '2026-11-22': has passed"},
	{MODEL "shutdown = 2026-11-23\n", NULL},
	{MODEL "shutdown = 2026-11-01\nlifecycle = Shutdown\n", NULL},
	{MODEL "shutdown = 2026-11-01\n" LATER, "r.ini:4: shutdown: '2026-11-01': has passed"},
	/* replacement */
	{MODEL "replacement = n\n", "r.ini:4: replacement: 'n': no such model in these rates"},
	{MODEL "replacement = gpt-9-mini\n[gpt-9-mimi]\ninput = 1\noutput = 1\n",
	 "r.ini:4: replacement: 'gpt-9-mini': no such model in these rates; did you mean "
	 "'gpt-9-mimi'?"},
	{MODEL "replacement = n, m a\naliases = a\n",
	 "r.ini:4: replacement: 'n': no such model in these rates"},
	{MODEL "replacement = m\n", NULL},
};

START_TEST(rules)
{
	const char *said = warnings_of(books[_i].ini, false), *expected = books[_i].warning;

	if (!expected) {
		ck_assert_str_eq(said, "");
		return;
	}
	ck_assert_msg(strncmp(said, expected, strlen(expected)) == 0, "expected %s, said %s",
		      expected, said);
	ck_assert_msg(strchr(said, '\n') == strrchr(said, '\n'), "more than one: %s", said);
}
END_TEST

static const struct {
	const char *ini, *warning;
} ages[] = {
	{MODEL, "r.ini:1: verified: is missing"},
	{MODEL "verified = 2026-08-24\n", NULL},
	{MODEL "verified = 2026-08-23\n", "r.ini:4: verified: '2026-08-23': is 91 days ago"},
	{MODEL "verified = 2027-01-01\n", NULL},
	{MODEL "verified = soon\n", "r.ini:4: verified: 'soon': not a date"},
	/* an era that is over, and one to come */
	{MODEL "verified = 2026-01-01\n" LATER "verified = 2026-11-01\n", NULL},
	{MODEL LATER "verified = 2026-11-01\n", NULL},
	{MODEL "verified = 2026-11-01\n" FUTURE "verified = 2026-01-01\n",
	 "r.ini:8: verified: '2026-01-01': is 325 days ago"},
	/* an inherited day is named once, where it stands */
	{MODEL "verified = 2026-01-01\n" LATER FUTURE, "r.ini:4: verified: '2026-01-01': is 325"},
};

START_TEST(verified)
{
	const char *said = warnings_of(ages[_i].ini, true), *expected = ages[_i].warning;

	if (!expected) {
		ck_assert_str_eq(said, "");
		return;
	}
	ck_assert_msg(strncmp(said, expected, strlen(expected)) == 0, "expected %s, said %s",
		      expected, said);
	ck_assert_msg(strchr(said, '\n') == strrchr(said, '\n'), "more than one: %s", said);
}
END_TEST

START_TEST(table)
{
	ck_assert_uint_ge(tb_lint_rule_count, 11);
	for (size_t i = 0; i < tb_lint_rule_count; i++)
		for (size_t k = 0; k < i; k++)
			ck_assert_str_ne(tb_lint_rules[i].name, tb_lint_rules[k].name);
}
END_TEST

Suite *lint_suite(void)
{
	Suite *s = suite_create("lint");

	add_loop(s, "lint/rules", rules, LENGTH(books));
	add_loop(s, "lint/verified", verified, LENGTH(ages));
	add_test(s, "lint/table", table);
	return s;
}
