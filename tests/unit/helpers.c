#include "helpers.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TIMEOUT = 120 }; /* seconds; sanitizers and a busy machine are slow */

/*
 * The linker sends the library's allocations here (--wrap), where one may fail. Only one thread
 * runs while that is asked for.
 */
static size_t grants_left = SIZE_MAX; /* SIZE_MAX: any number */
static bool refused;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
int __real_posix_memalign(void **p, size_t align, size_t size);
void *__wrap_realloc(void *old, size_t size);
int __wrap_posix_memalign(void **p, size_t align, size_t size);
char *__wrap_strdup(const char *text);

static bool granted(void)
{
	if (grants_left == SIZE_MAX)
		return true;
	if (grants_left == 0) {
		errno = ENOMEM;
		refused = true;
		grants_left = SIZE_MAX;
		return false;
	}
	grants_left--;
	return true;
}

void *__wrap_malloc(size_t size)
{
	return granted() ? __real_malloc(size) : NULL;
}

void *__wrap_calloc(size_t count, size_t size)
{
	return granted() ? __real_calloc(count, size) : NULL;
}

void *__wrap_realloc(void *old, size_t size)
{
	return granted() ? __real_realloc(old, size) : NULL;
}

int __wrap_posix_memalign(void **p, size_t align, size_t size)
{
	return granted() ? __real_posix_memalign(p, align, size) : ENOMEM;
}

char *__wrap_strdup(const char *text)
{
	return granted() ? __real_strdup(text) : NULL;
}

size_t each_allocation_fails(enum tb_status (*run)(void *ctx, struct tb_err *err), void *ctx)
{
	for (size_t n = 0;; n++) {
		struct tb_err err = {0};
		enum tb_status st;

		refused = false;
		grants_left = n;
		st = run(ctx, &err);
		grants_left = SIZE_MAX;
		ck_assert_msg(st == (refused ? TB_NOMEM : TB_OK), "allocation %zu %s: status %d",
			      n + 1, refused ? "refused" : "granted", (int)st);
		if (!refused)
			return n;
	}
}

static char temp_dir[] = "/tmp/tokbill-unit-XXXXXX";

static TCase *new_case(Suite *s, const char *name)
{
	TCase *c = tcase_create(name);

	tcase_set_timeout(c, TIMEOUT);
	suite_add_tcase(s, c);
	return c;
}

void add_loop(Suite *s, const char *name, const TTest *test, size_t n)
{
	tcase_add_loop_test(new_case(s, name), test, 0, (int)n);
}

void add_test(Suite *s, const char *name, const TTest *test)
{
	add_loop(s, name, test, 1);
}

/* Tests leave plain files, links, pipes and empty directories. */
static void empty_dir(void)
{
	DIR *d = opendir(".");
	struct dirent *e;

	while (d && (e = readdir(d)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
		    unlink(e->d_name) != 0)
			(void)rmdir(e->d_name);
	if (d)
		closedir(d);
}

/* Around a whole test case and in the runner, so that it goes away after failures as well. */
static void enter_dir(void)
{
	memcpy(temp_dir + sizeof(temp_dir) - 7, "XXXXXX", 6);
	ck_assert_ptr_nonnull(mkdtemp(temp_dir));
	ck_assert_int_eq(chdir(temp_dir), 0);
}

static void leave_dir(void)
{
	empty_dir();
	if (chdir("/") == 0)
		(void)rmdir(temp_dir);
}

void add_loop_in_dir(Suite *s, const char *name, const TTest *test, size_t n)
{
	TCase *c = new_case(s, name);

	tcase_add_unchecked_fixture(c, enter_dir, leave_dir);
	tcase_add_checked_fixture(c, empty_dir, NULL);
	tcase_add_loop_test(c, test, 0, (int)n);
}

/* splitmix64 */
uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

tb_i128 units_of(const char *decimal, int decimals)
{
	bool negative = *decimal == '-', point = false;
	tb_u128 value = 0;

	for (const char *p = decimal + negative; *p; p++) {
		if (*p == '.') {
			point = true;
			continue;
		}
		value = value * 10u + (unsigned char)(*p - '0');
		decimals -= point;
	}
	ck_assert_msg(decimals >= 0, "%s has too many decimals", decimal);
	while (decimals-- > 0)
		value *= 10u;
	return (tb_i128)(negative ? -value : value);
}

static void push_digit(struct tb_money *m, char digit)
{
	tb_u128 carry = (unsigned char)(digit - '0');

	for (int i = 0; i < TB_MONEY_LIMBS; i++, carry >>= 64) {
		carry += (tb_u128)m->limbs[i] * 10;
		m->limbs[i] = (uint64_t)carry;
	}
	ck_assert(carry == 0);
}

struct tb_money money(const char *decimal)
{
	bool negative = *decimal == '-', point = false;
	tb_u128 carry = negative;
	struct tb_money m = {{0}};
	int decimals = TB_MONEY_DECIMALS;

	for (const char *p = decimal + negative; *p; p++) {
		if (*p == '.')
			point = true;
		else
			push_digit(&m, *p);
		decimals -= point && *p != '.';
	}
	ck_assert_msg(decimals >= 0, "%s has too many decimals", decimal);
	while (decimals-- > 0)
		push_digit(&m, '0');
	for (int i = 0; negative && i < TB_MONEY_LIMBS; i++, carry >>= 64)
		m.limbs[i] = (uint64_t)(carry += ~m.limbs[i]);
	return m;
}

bool is_money(struct tb_money m, const char *decimal)
{
	struct tb_money other = money(decimal);

	return memcmp(&m, &other, sizeof(m)) == 0;
}

struct tb_price price(const char *decimal)
{
	return (struct tb_price){units_of(decimal, TB_PRICE_DECIMALS)};
}

int64_t instant_of(const char *rfc3339)
{
	struct tb_time t = tb_time_parse(tb_span_of(rfc3339));

	ck_assert_msg(t.form != TB_TIME_BAD, "%s: %s", rfc3339, t.fault);
	return t.seconds;
}

int32_t day_of(const char *date)
{
	int32_t day = 0;

	ck_assert_msg(tb_date_parse(tb_span_of(date), &day), "%s", date);
	return day;
}

const char *problems_text(const struct tb_problems *ps)
{
	static char text[32768];
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; i < ps->kept && n < sizeof(text); i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s", i ? "\n" : "",
				      ps->text[i].p);
	return text;
}

static const char *read_book(const char *ini, struct tb_book **book)
{
	struct tb_rate_source source = {"r.ini", tb_span_of(ini)};
	struct tb_problems problems = {0};
	struct tb_err err = {0};
	enum tb_status st = tb_book_read(&source, 1, book, &problems, &err);
	const char *text = problems_text(&problems);

	ck_assert_int_eq(st, problems.total ? TB_CONFIG : TB_OK);
	ck_assert_int_eq(*book == NULL, st != TB_OK);
	tb_problems_release(&problems);
	return text;
}

struct tb_book *book_of(const char *ini)
{
	struct tb_book *book;
	const char *faults = read_book(ini, &book);

	ck_assert_msg(book != NULL, "%s\n%s", ini, faults);
	return book;
}

const char *book_faults(const char *ini)
{
	struct tb_book *book;
	const char *faults = read_book(ini, &book);

	tb_book_free(book);
	return faults;
}

const struct tb_era *era_of(const struct tb_book *book, const char *model, const char *rfc3339)
{
	const struct tb_era *era = NULL;
	enum tb_lookup found = tb_book_find(book, tb_span_of(model), instant_of(rfc3339), &era);

	ck_assert_msg(found == TB_LOOKUP_FOUND, "%s at %s: look-up %d", model, rfc3339, found);
	return era;
}

static void add_group(struct tb_grouping *g, const char *name)
{
	static const char *const known[] = {"date", "model", "provider", "tier"};
	struct tb_group_column *c = &g->columns[g->count++];
	int by = TB_BY_DATE;

	while (by < TB_BY_COLUMN && strcmp(known[by], name) != 0)
		by++;
	*c = (struct tb_group_column){.by = (enum tb_by)by, .name = name};
}

void bill_begin(struct bill *b, const char *ini, const char *by)
{
	static char names[8][32];
	size_t len;

	*b = (struct bill){.book = book_of(ini)};
	for (size_t i = 0; *by; i++, by += len + (by[len] == ',')) {
		len = strcspn(by, ",");
		snprintf(names[i], sizeof(names[i]), "%.*s", (int)len, by);
		add_group(&b->grouping, names[i]);
	}
	b->tally = tb_tally_new(&b->grouping);
	ck_assert_ptr_nonnull(b->tally);
}

static void add_row(struct bill *b, const struct row *row, const char *cost, uint64_t times)
{
	struct tb_span column = tb_span_of(row->column ? row->column : "");
	struct tb_usage u = {.instant = instant_of(row->when),
			     .tier = row->tier,
			     .model = tb_span_of(row->model),
			     .requests = 1,
			     .columns = &column};
	struct tb_problem why;
	struct tb_rater rater = {.book = b->book};
	struct tb_rated rated;
	int32_t day;

	if (cost) {
		u.has_reported = true;
		u.reported = money(cost);
	}
	memcpy(u.tokens, row->tokens, sizeof(u.tokens));
	ck_assert_msg(tb_rate_usage(&rater, &u, &rated, &why), "%s", why.reason);
	day = tb_grouping_day(&b->grouping, &u);
	ck_assert_int_eq(times == 1 ? tb_tally_add(b->tally, &u, &rated, day, &b->err)
				    : tb_tally_add_times(b->tally, &u, &rated, day, times, &b->err),
			 TB_OK);
	for (int m = 0; m < TB_TOKEN_METERS; m++)
		b->facts.tokens += u.tokens[m];
	b->facts.rows++;
	b->facts.billed++;
}

void bill_row(struct bill *b, const struct row *row)
{
	add_row(b, row, NULL, 1);
}

void bill_row_times(struct bill *b, const struct row *row, uint64_t times)
{
	add_row(b, row, NULL, times);
}

void bill_reporting_row(struct bill *b, const struct row *row, const char *cost)
{
	add_row(b, row, cost, 1);
}

enum tb_status bill_report(struct bill *b, int round)
{
	return tb_report_init(
		&b->report, b->tally, b->book, &b->facts,
		(struct tb_report_options){.round = round, .compare = b->grouping.compare},
		&b->err);
}

void bill_end(struct bill *b)
{
	tb_report_release(&b->report);
	tb_tally_free(b->tally);
	tb_book_free(b->book);
}

void write_file(const char *path, struct tb_span bytes)
{
	FILE *f = fopen(path, "wb");

	ck_assert_msg(f != NULL, "%s cannot be written", path);
	ck_assert_uint_eq(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
	ck_assert_int_eq(fclose(f), 0);
}

bool file_is(const char *path, const char *content)
{
	char got[4096];
	FILE *f = fopen(path, "rb");
	size_t n;

	if (!f)
		return false;
	n = fread(got, 1, sizeof(got), f);
	fclose(f);
	return n == strlen(content) && memcmp(got, content, n) == 0;
}

size_t files_here(void)
{
	DIR *d = opendir(".");
	struct dirent *e;
	size_t n = 0;

	ck_assert_ptr_nonnull(d);
	while ((e = readdir(d)))
		n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
	closedir(d);
	return n;
}
