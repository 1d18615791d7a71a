#include "helpers.h"
#include "run/inputs.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct tb_inputs in;
static struct tb_err err;

/* A folder of its own with d/b, d/a/x and d/.hidden, which the test stands in. */
static void make_tree(void)
{
	static char dir[] = "/tmp/tokbill-inputs-XXXXXX";

	memcpy(dir + sizeof(dir) - 7, "XXXXXX", 6);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chdir(dir), 0);
	ck_assert_int_eq(mkdir("d", 0700) | mkdir("d/a", 0700), 0);
	write_file("d/b", tb_span_of("1"));
	write_file("d/a/x", tb_span_of("2"));
	write_file("d/.hidden", tb_span_of("3"));
	in = (struct tb_inputs){0};
	err = (struct tb_err){0};
}

static void remove_tree(void)
{
	static const char *const files[] = {"d/b", "d/a/x", "d/.hidden", "list"};
	char dir[64];

	tb_inputs_release(&in);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		unlink(files[i]);
	rmdir("d/a");
	rmdir("d");
	ck_assert_ptr_nonnull(getcwd(dir, sizeof(dir)));
	ck_assert_int_eq(chdir("/") | rmdir(dir), 0);
}

START_TEST(directory_is_its_files)
{
	ck_assert_int_eq(tb_inputs_add(&in, "d", &err), TB_OK);
	ck_assert_uint_eq(in.count, 2);
	ck_assert_str_eq(in.paths[0], "d/a/x");
	ck_assert_str_eq(in.paths[1], "d/b");
	ck_assert_ptr_null(in.paths[2]);
	ck_assert_uint_eq(in.hidden, 1);
	ck_assert_uint_eq(in.special, 0);
}
END_TEST

START_TEST(standard_input_and_what_is_not_there_are_kept)
{
	ck_assert_int_eq(tb_inputs_add(&in, "-", &err), TB_OK);
	ck_assert_int_eq(tb_inputs_add(&in, "nowhere", &err), TB_OK);
	ck_assert_uint_eq(in.count, 2);
	ck_assert_str_eq(in.paths[0], "-");
	ck_assert_str_eq(in.paths[1], "nowhere");
}
END_TEST

START_TEST(pattern)
{
	ck_assert_int_eq(tb_inputs_add(&in, "d/[ab]", &err), TB_OK);
	ck_assert_uint_eq(in.count, 2);
	ck_assert_str_eq(in.paths[0], "d/a/x");
	ck_assert_int_eq(tb_inputs_add(&in, "e*", &err), TB_NOINPUT);
	ck_assert_str_eq(err.text, "e*: matches no file");
}
END_TEST

START_TEST(list)
{
	write_file("list", tb_span_of("d/b\n\nd/a"));
	ck_assert_int_eq(tb_inputs_add_list(&in, "list", '\n', &err), TB_OK);
	ck_assert_uint_eq(in.count, 2);
	ck_assert_str_eq(in.paths[0], "d/b");
	ck_assert_str_eq(in.paths[1], "d/a/x");
}
END_TEST

static const struct {
	const char *path;
	enum tb_status status;
} places[] = {
	{"d", TB_USAGE},       {"d/new", TB_USAGE},      {"d/a/../new", TB_USAGE},
	{"d/n/e/w", TB_USAGE}, {"./d/a/x/y", TB_USAGE},  {"new", TB_OK},
	{"d.csv", TB_OK},      {"d/../d.csv", TB_OK},    {"/tmp/d", TB_OK},
	{"/nowhere/d", TB_OK}, {"d/a/../../new", TB_OK}, {"n/e/w", TB_OK},
};

START_TEST(places_within_a_directory)
{
	ck_assert_int_eq(tb_inputs_refuse_within(&in, places[_i].path, &err), TB_OK);
	ck_assert_int_eq(tb_inputs_add(&in, "d/", &err), TB_OK);
	ck_assert_int_eq(tb_inputs_refuse_within(&in, places[_i].path, &err), places[_i].status);
}
END_TEST

static enum tb_status name_all(void *ctx, struct tb_err *e)
{
	struct tb_inputs some = {0};
	enum tb_status st = tb_inputs_add(&some, "d", e);

	(void)ctx;
	if (st == TB_OK)
		st = tb_inputs_add_list(&some, "list", '\n', e);
	if (st == TB_OK)
		st = tb_inputs_refuse_within(&some, "e", e);
	tb_inputs_release(&some);
	return st;
}

START_TEST(out_of_memory)
{
	write_file("list", tb_span_of("d\n"));
	ck_assert_uint_ge(each_allocation_fails(name_all, NULL), 5);
}
END_TEST

Suite *inputs_suite(void)
{
	Suite *s = suite_create("inputs");
	TCase *c = tcase_create("inputs/names");

	tcase_add_checked_fixture(c, make_tree, remove_tree);
	tcase_add_test(c, directory_is_its_files);
	tcase_add_test(c, standard_input_and_what_is_not_there_are_kept);
	tcase_add_test(c, pattern);
	tcase_add_test(c, list);
	tcase_add_loop_test(c, places_within_a_directory, 0, sizeof(places) / sizeof(places[0]));
	tcase_add_test(c, out_of_memory);
	suite_add_tcase(s, c);
	return s;
}
