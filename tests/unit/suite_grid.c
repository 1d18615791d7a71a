#include "helpers.h"
#include "write/writer.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct tb_grid_column columns[] = {{"name", "name", false, 0},
						{"price", "price", true, 0},
						{"empty", "empty", false, 0},
						{"note", "note", false, 1},
						{"more", "more", false, 2}};

/* The grid in a format; freed by the caller. */
static char *written(const char *format, size_t rows, struct tb_write_options o)
{
	static const char *const cells[][5] = {
		{"a", "1.50", NULL, NULL, "x"},
		{"=b", "=1", NULL, "a, \"b\"", NULL},
		{"c\x1b", "-10.00", NULL, NULL, NULL},
	};
	struct tb_grid g;
	struct tb_err err = {0};
	size_t size;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	tb_grid_init(&g, columns, LENGTH(columns), "Nothing.");
	for (size_t row = 0; row < rows; row++) {
		tb_grid_add(&g);
		for (size_t i = 0; i < LENGTH(columns); i++)
			tb_grid_set(&g, i, cells[row][i]);
	}
	ck_assert_int_eq(tb_grid_check(&g, &err), TB_OK);
	ck_assert_int_eq(tb_writer_named(format)->write_grid(&g, &o, out, &err), TB_OK);
	fclose(out);
	tb_grid_release(&g);
	return text;
}

static const struct {
	const char *format;
	size_t rows;
	struct tb_write_options options;
	const char *expected;
} outputs[] = {
	{"csv", 0, {0}, "name,price,empty,note,more\n"},
	{"csv",
	 3,
	 {0},
	 "name,price,empty,note,more\na,1.50,,,x\n'=b,'=1,,\"a, \"\"b\"\"\",\nc\x1b,-10.00,,,\n"},
	{"csv",
	 3,
	 {.visible = true},
	 "name,price,empty,note,more\na,1.50,,,x\n'=b,'=1,,\"a, \"\"b\"\"\",\nc\\x1b,-10.00,,,\n"},
	{"table", 0, {0}, "Nothing.\n"},
	{"table",
	 3,
	 {0},
	 "name    price  note    more\n---------------------------\na        1.50          x\n"
	 "=b         =1  a, \"b\"\nc\\x1b  -10.00\n"},
	{"table",
	 3,
	 {.width = 22},
	 "name    price  note\n---------------------\na        1.50\n=b         =1  a, \"b\"\n"
	 "c\\x1b  -10.00\nLeft out to fit the terminal: more.\n"},
	{"json",
	 1,
	 {0},
	 "[\n  {\n    \"name\": \"a\",\n    \"price\": \"1.50\",\n    \"empty\": null,\n"
	 "    \"note\": null,\n    \"more\": \"x\"\n  }\n]\n"},
	{"json", 0, {0}, "[\n\n]\n"},
};

START_TEST(formats)
{
	char *text = written(outputs[_i].format, outputs[_i].rows, outputs[_i].options);

	ck_assert_str_eq(text, outputs[_i].expected);
	free(text);
}
END_TEST

Suite *grid_suite(void)
{
	Suite *s = suite_create("grid");

	add_loop(s, "grid/formats", formats, LENGTH(outputs));
	return s;
}
