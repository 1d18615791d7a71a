#include "base/line_marks.h"
#include "base/parallel_for.h"
#include "helpers.h"
#include "suites.h"

#include <stdlib.h>

enum { FILES = 3, LINES = 1000 };

static struct tb_line_marks begin(void)
{
	struct tb_line_marks m;

	ck_assert(tb_line_marks_init(&m, FILES));
	for (size_t f = 0; f < FILES; f++)
		m.files[f].lines = LINES;
	return m;
}

/* Against an array of flags, for sets of few lines and of many. */
START_TEST(as_flags)
{
	bool flags[FILES][LINES] = {{false}};
	struct tb_line_marks m = begin();
	uint64_t seed = (uint64_t)_i + 1, many = (uint64_t[]){1, 10, 3000}[_i], count = 0;

	for (uint64_t i = 0; i < many; i++) {
		uint64_t f = next_random(&seed) % (FILES - 1), line = next_random(&seed) % LINES;

		ck_assert(tb_line_marks_add(&m, f, line));
		count += !flags[f][line];
		flags[f][line] = true;
	}
	ck_assert_uint_eq(m.marked, count);
	for (size_t f = 0; f < FILES; f++) {
		uint64_t next = UINT64_MAX;

		for (uint64_t line = LINES; line-- > 0;) {
			next = flags[f][line] ? line : next;
			EXPECT(tb_line_marks_has(&m, f, line) == flags[f][line], "line");
			EXPECT(tb_line_marks_next(&m, f, line, UINT64_MAX) == next, "next");
			for (uint64_t end = line; end < line + 200; end += 7)
				EXPECT(tb_line_marks_next(&m, f, line, end) ==
					       (next < end ? next : end),
				       "next below an end");
		}
		ck_assert(tb_line_marks_any(&m, f) == (next != UINT64_MAX));
		ck_assert(!tb_line_marks_has(&m, f, LINES) &&
			  !tb_line_marks_has(&m, f, UINT64_MAX));
		ck_assert_uint_eq(tb_line_marks_next(&m, f, LINES, UINT64_MAX), UINT64_MAX);
	}
	ck_assert(!tb_line_marks_any(&m, FILES) && !tb_line_marks_has(&m, FILES, 1));
	tb_line_marks_release(&m);
}
END_TEST

static void add_some(void *ctx, size_t i)
{
	for (uint64_t line = i; line < LINES; line += 2)
		if (!tb_line_marks_add(ctx, 0, line))
			abort();
}

/* Threads that add neighbours at the same time lose none of them. */
START_TEST(together)
{
	struct tb_line_marks m = begin();

	tb_parallel_for(4, 4, add_some, &m);
	ck_assert_uint_eq(m.marked, LINES);
	for (uint64_t line = 0; line < LINES; line++)
		EXPECT(tb_line_marks_has(&m, 0, line), "a line");
	tb_line_marks_release(&m);
}
END_TEST

Suite *line_marks_suite(void)
{
	Suite *s = suite_create("line_marks");

	add_loop(s, "line_marks/as flags", as_flags, 3);
	add_test(s, "line_marks/together", together);
	return s;
}
