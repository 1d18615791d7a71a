/*
 * The unit tests: every suite, and a count of the tests that ran.
 *
 * A suite that loses tests (a table that came out empty, a case that was never added) must not
 * pass by running nothing, so the number of tests of each is written down here.
 */
#include "suites.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	EXPECTED_TEXT = 142,
	EXPECTED_MONEY = 225,
	EXPECTED_COUNT = 44,
	EXPECTED_DECIMAL = 80,
	EXPECTED_QUANTITY = 64,
	EXPECTED_CIVIL = 179,
	EXPECTED_ZONE = 87,
	EXPECTED_MEM = 18,
	EXPECTED_HASH = 66,
	EXPECTED_KEYTAB = 3,
	EXPECTED_FINGERPRINT = 3,
	EXPECTED_LINE_MARKS = 4,
	EXPECTED_SPILL = 14,
	EXPECTED_OUTFILE = 39,
	EXPECTED_PROBLEMS = 16,
	EXPECTED_INI = 88,
	EXPECTED_BOOK = 239,
	EXPECTED_PEAK = 53,
	EXPECTED_BUILTIN = 158,
	EXPECTED_FLOAT_NOISE = 32,
	EXPECTED_LINT = 55,
	EXPECTED_IMPORT = 154,
	EXPECTED_DIFF = 30,
	EXPECTED_SHEET = 57,
	EXPECTED_LOGFORMAT = 64,
	EXPECTED_REPORTED = 70,
	EXPECTED_COLUMNS = 48,
	EXPECTED_CSV_STRICT = 39,
	EXPECTED_ROW = 105,
	EXPECTED_DOORS = 125,
	EXPECTED_UNREAD = 146,
	EXPECTED_READER = 16,
	EXPECTED_ROW_READER = 49,
	EXPECTED_RATING = 61,
	EXPECTED_SOURCE = 25,
	EXPECTED_LANES = 701,
	EXPECTED_CHARGE = 105,
	EXPECTED_TEXT_GROUPS = 8,
	EXPECTED_TALLY = 61,
	EXPECTED_SCENARIO = 31,
	EXPECTED_DUPLICATES = 52,
	EXPECTED_MODEL = 321,
	EXPECTED_REPORTED_COST = 31,
	EXPECTED_WRITER = 84,
	EXPECTED_INPUTS = 17,
	EXPECTED_TOKENS = 105,
	EXPECTED_DIGEST = 4,
};

static const struct {
	const char *name; /* its test cases are called "name/..." */
	Suite *(*suite)(void);
	int expected;
} suites[] = {
	{"text", text_suite, EXPECTED_TEXT},
	{"money", money_suite, EXPECTED_MONEY},
	{"count", count_suite, EXPECTED_COUNT},
	{"decimal", decimal_suite, EXPECTED_DECIMAL},
	{"quantity", quantity_suite, EXPECTED_QUANTITY},
	{"civil", civil_suite, EXPECTED_CIVIL},
	{"zone", zone_suite, EXPECTED_ZONE},
	{"mem", mem_suite, EXPECTED_MEM},
	{"hash", hash_suite, EXPECTED_HASH},
	{"keytab", keytab_suite, EXPECTED_KEYTAB},
	{"fingerprint", fingerprint_suite, EXPECTED_FINGERPRINT},
	{"line_marks", line_marks_suite, EXPECTED_LINE_MARKS},
	{"spill", spill_suite, EXPECTED_SPILL},
	{"outfile", outfile_suite, EXPECTED_OUTFILE},
	{"problems", problems_suite, EXPECTED_PROBLEMS},
	{"ini", ini_suite, EXPECTED_INI},
	{"book", book_suite, EXPECTED_BOOK},
	{"peak", peak_suite, EXPECTED_PEAK},
	{"builtin", builtin_suite, EXPECTED_BUILTIN},
	{"float_noise", float_noise_suite, EXPECTED_FLOAT_NOISE},
	{"lint", lint_suite, EXPECTED_LINT},
	{"import", import_suite, EXPECTED_IMPORT},
	{"diff", diff_suite, EXPECTED_DIFF},
	{"sheet", sheet_suite, EXPECTED_SHEET},
	{"columns", columns_suite, EXPECTED_COLUMNS},
	{"logformat", logformat_suite, EXPECTED_LOGFORMAT},
	{"reported", reported_suite, EXPECTED_REPORTED},
	{"csv_strict", csv_strict_suite, EXPECTED_CSV_STRICT},
	{"row", row_suite, EXPECTED_ROW},
	{"doors", doors_suite, EXPECTED_DOORS},
	{"unread", unread_suite, EXPECTED_UNREAD},
	{"source", source_suite, EXPECTED_SOURCE},
	{"reader", reader_suite, EXPECTED_READER},
	{"row_reader", row_reader_suite, EXPECTED_ROW_READER},
	{"lanes", lanes_suite, EXPECTED_LANES},
	{"rating", rating_suite, EXPECTED_RATING},
	{"charge", charge_suite, EXPECTED_CHARGE},
	{"text_groups", text_groups_suite, EXPECTED_TEXT_GROUPS},
	{"tally", tally_suite, EXPECTED_TALLY},
	{"scenario", scenario_suite, EXPECTED_SCENARIO},
	{"duplicates", duplicates_suite, EXPECTED_DUPLICATES},
	{"model", model_suite, EXPECTED_MODEL},
	{"reported_cost", reported_cost_suite, EXPECTED_REPORTED_COST},
	{"writer", writer_suite, EXPECTED_WRITER},
	{"inputs", inputs_suite, EXPECTED_INPUTS},
	{"tokens", tokens_suite, EXPECTED_TOKENS},
	{"digest", digest_suite, EXPECTED_DIGEST},
};

enum { SUITES = sizeof(suites) / sizeof(suites[0]) };

/* What Check reads to run less than everything. */
static const char *const filters[] = {"CK_RUN_SUITE", "CK_RUN_CASE", "CK_INCLUDE_TAGS",
				      "CK_EXCLUDE_TAGS"};

static bool finished;
static pid_t runner;

/* Without forks a library that exits would end the run as if all were well. */
static void refuse_early_exit(void)
{
	if (getpid() != runner || finished)
		return;
	fputs("unit: a test ended the run\n", stderr);
	_exit(EXIT_FAILURE);
}

static bool filtered(void)
{
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
		if (getenv(filters[i]))
			return true;
	return false;
}

/* The suite whose name a test case begins with, or SUITES. */
static int suite_of(const char *test_case)
{
	int i = 0;

	for (; i < SUITES; i++) {
		size_t n = strlen(suites[i].name);

		if (strncmp(test_case, suites[i].name, n) == 0 && test_case[n] == '/')
			break;
	}
	return i;
}

static bool counts_right(const int ran[SUITES + 1])
{
	bool right = ran[SUITES] == 0;

	if (!right)
		printf("unit: %d tests belong to no suite: call their case \"suite/what\"\n",
		       ran[SUITES]);
	for (int i = 0; i < SUITES; i++) {
		if (ran[i] == suites[i].expected)
			continue;
		printf("unit: suite %s ran %d tests, expected %d\n", suites[i].name, ran[i],
		       suites[i].expected);
		right = false;
	}
	return right;
}

static bool check_counts(SRunner *sr)
{
	int ran[SUITES + 1] = {0}, total = 0, n = srunner_ntests_run(sr);
	TestResult **results = srunner_results(sr);

	for (int i = 0; i < n; i++)
		ran[suite_of(tr_tcname(results[i]))]++;
	free(results);
	for (int i = 0; i < SUITES; i++)
		total += suites[i].expected;
	if (filtered()) {
		printf("unit: %d of %d tests ran: a filter is set, so they are not counted\n", n,
		       total);
		return n > 0;
	}
	return counts_right(ran) && n == total;
}

int main(void)
{
	SRunner *sr = srunner_create(NULL);
	bool ok;

	runner = getpid();
	atexit(refuse_early_exit);
	for (int i = 0; i < SUITES; i++)
		srunner_add_suite(sr, suites[i].suite());
	srunner_run_all(sr, CK_SILENT);
	ok = check_counts(sr);
	srunner_print(sr, CK_ENV);
	ok = ok && srunner_ntests_failed(sr) == 0;
	srunner_free(sr);
	finished = true;
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
