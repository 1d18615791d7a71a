/*
 * helpers - what several suites need.
 *
 * Every test case is called "suite/what", so that the runner can count the tests of each suite.
 */
#ifndef TB_TEST_HELPERS_H
#define TB_TEST_HELPERS_H

#include "stations.h"

#include <check.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* A literal with whatever bytes it holds: in a table, and elsewhere. */
#define BYTES(literal)                                                                             \
	{                                                                                          \
		literal, sizeof(literal) - 1                                                       \
	}
#define SPAN(literal) ((struct tb_span)BYTES(literal))

/* An assertion for loops of many rounds: Check notes every one of its own in a file. */
#define EXPECT(condition, ...)                                                                     \
	do {                                                                                       \
		if (!(condition))                                                                  \
			ck_abort_msg(__VA_ARGS__);                                                 \
	} while (0)

/*
 * Runs `run` with its first allocation failing, then with its second, and so on, until all are
 * granted. Every failure must be told as TB_NOMEM, the last run must end with TB_OK. `run` releases
 * what it made. Returns the number of failures.
 */
size_t each_allocation_fails(enum tb_status (*run)(void *ctx, struct tb_err *err), void *ctx);

/* Limits of an amount. */
#define MONEY_TOP "57896044618658097711785492504343953.926634992332820282019728792003956564819967"
#define MONEY_BOTTOM                                                                               \
	"-57896044618658097711785492504343953.926634992332820282019728792003956564819968"

/* The least amount that is not zero. */
#define MONEY_UNIT ((struct tb_money){{1}})

/* A test case of one test, run `n` times with _i from 0. */
void add_loop(Suite *s, const char *name, const TTest *test, size_t n);
void add_test(Suite *s, const char *name, const TTest *test);

/* The same in an empty working directory, which goes away afterwards. */
void add_loop_in_dir(Suite *s, const char *name, const TTest *test, size_t n);

/* Seeded random numbers: the same on every machine. */
uint64_t next_random(uint64_t *state);

/* "-12.5" in units of 10^-decimals, worked out apart from the library. */
tb_i128 units_of(const char *decimal, int decimals);
struct tb_money money(const char *decimal);
bool is_money(struct tb_money m, const char *decimal);
struct tb_price price(const char *decimal);

int64_t instant_of(const char *rfc3339);
int32_t day_of(const char *date);

/* The texts of all problems kept, one a line; valid until the next call. */
const char *problems_text(const struct tb_problems *ps);

/* A book from the text of one rate file called r.ini, in which nothing may be wrong. */
struct tb_book *book_of(const char *ini);

/* What is wrong with such a text: the problems, one a line; "" when it can be used. */
const char *book_faults(const char *ini);

/* The era in force, which there must be. */
const struct tb_era *era_of(const struct tb_book *book, const char *model, const char *rfc3339);

/* A row of a log; `column` is the text of the one column asked for, or NULL. */
struct row {
	const char *model, *when;
	enum tb_tier tier;
	uint64_t tokens[TB_METERS];
	const char *column;
};

/* Rows on their way to a report, all billed. */
struct bill {
	struct tb_book *book;
	struct tb_grouping grouping;
	struct tb_tally *tally;
	struct tb_facts facts;
	struct tb_report report;
	struct tb_err err;
};

/* `by` names the group columns, separated by commas; others than the known are the log's. */
void bill_begin(struct bill *b, const char *ini, const char *by);
void bill_row(struct bill *b, const struct row *row);
void bill_row_times(struct bill *b, const struct row *row, uint64_t times);

/* A row that says itself what it costs. */
void bill_reporting_row(struct bill *b, const struct row *row, const char *cost);

enum tb_status bill_report(struct bill *b, int round);
void bill_end(struct bill *b);

/* Files in the working directory. */
void write_file(const char *path, struct tb_span bytes);
bool file_is(const char *path, const char *content);
size_t files_here(void);

#endif
