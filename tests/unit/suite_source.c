#include "helpers.h"
#include "suites.h"
#include "logs/read_ahead.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static size_t read_to_end(struct tb_source *s, char *text, enum tb_status *st, struct tb_err *err)
{
	size_t n = 0, got = 1;

	for (*st = TB_OK; *st == TB_OK && got; n += got)
		*st = tb_source_read(s, text + n, 7, &got, err);
	text[n] = '\0';
	return n;
}

static const struct {
	const char *path, *error;
} unreadable[] = {
	{"missing.csv", "missing.csv: cannot be read: No such file or directory"},
	{"directory", "directory: is a directory, not a usage log"},
	{"file/x", "file/x: cannot be read: Not a directory"},
};

START_TEST(cannot_open)
{
	struct tb_source s;
	struct tb_err err = {0};

	write_file("file", SPAN("x"));
	ck_assert_int_eq(mkdir("directory", 0777), 0);
	ck_assert_int_eq(tb_source_open(&s, unreadable[_i].path, &err), TB_NOINPUT);
	ck_assert_str_eq(err.text, unreadable[_i].error);
	tb_source_release(&s);
}
END_TEST

START_TEST(file_twice)
{
	struct tb_source s;
	struct tb_err err = {0};
	enum tb_status st;
	char text[64];

	write_file("log", SPAN("some bytes of a log\n"));
	ck_assert_int_eq(tb_source_open(&s, "log", &err), TB_OK);
	ck_assert_int_eq(tb_source_keep(&s, &err), TB_OK);
	for (int i = 0; i < 2; i++) {
		read_to_end(&s, text, &st, &err);
		ck_assert_int_eq(st, TB_OK);
		ck_assert_str_eq(text, "some bytes of a log\n");
		ck_assert_int_eq(tb_source_rewind(&s, &err), TB_OK);
	}
	tb_source_release(&s);
	tb_source_release(&s);
}
END_TEST

/* A pipe can be read again when a copy was kept. */
START_TEST(pipe_twice)
{
	struct tb_source s;
	struct tb_err err = {0};
	enum tb_status st;
	char text[64], path[32];
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], "some bytes of a log\n", 20), 20);
	close(ends[1]);
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	ck_assert_int_eq(tb_source_open(&s, path, &err), TB_OK);
	ck_assert_int_eq(tb_source_keep(&s, &err), TB_OK);
	for (int i = 0; i < 3; i++) {
		read_to_end(&s, text, &st, &err);
		ck_assert_int_eq(st, TB_OK);
		ck_assert_str_eq(text, "some bytes of a log\n");
		ck_assert_int_eq(tb_source_rewind(&s, &err), TB_OK);
	}
	tb_source_release(&s);
	close(ends[0]);
}
END_TEST

/* Of the bytes as they are stored, however often they are read, and of all or of nothing. */
START_TEST(digest_of_a_file)
{
	static const char known[] =
		"c7a0ecc341947cf5e998d18aad9522b49869df3357ed2a3b36df67279ece5984";
	struct tb_source s;
	struct tb_err err = {0};
	enum tb_status st;
	char text[64];
	size_t got;

	write_file("log", SPAN("some bytes of a log\n"));
	ck_assert_int_eq(tb_source_open(&s, "log", &err), TB_OK);
	ck_assert(tb_source_want_digest(&s));
	ck_assert_int_eq(tb_source_read(&s, text, 7, &got, &err), TB_OK);
	ck_assert_str_eq(s.digest_text, "");
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(tb_source_rewind(&s, &err), TB_OK);
		read_to_end(&s, text, &st, &err);
		ck_assert_str_eq(s.digest_text, known);
	}
	tb_source_release(&s);
}
END_TEST

enum { AHEAD_BYTES = 20000 };

static struct tb_span ahead_bytes(void)
{
	static char bytes[AHEAD_BYTES];

	for (size_t i = 0; i < AHEAD_BYTES; i++)
		bytes[i] = (char)(i % 251);
	return (struct tb_span){bytes, AHEAD_BYTES};
}

/* Reads on until `end`, or to the end of it; the writing end is closed when it has given all. */
static void read_with_another(struct tb_source *s, size_t size, size_t end, int *writer)
{
	static char piece[1 << 18];
	struct tb_span bytes = ahead_bytes();
	struct tb_read_ahead *a = tb_read_ahead_begin(s, size);
	struct tb_err err = {0};
	size_t at = 0, got = 1;

	ck_assert_ptr_nonnull(a);
	for (; got && at < end; at += got) {
		if (at == bytes.n && *writer >= 0) {
			close(*writer);
			*writer = -1;
		}
		ck_assert_int_eq(tb_read_ahead_read(a, piece, &got, &err), TB_OK);
		ck_assert_uint_le(got, bytes.n - at);
		ck_assert(memcmp(piece, &bytes.p[at], got) == 0);
	}
	ck_assert_uint_ge(at, end < bytes.n ? end : bytes.n);
	tb_read_ahead_end(a);
}

static const struct {
	size_t size, end;
} ahead_cases[] = {
	{1, SIZE_MAX},        {7, SIZE_MAX},    {4096, SIZE_MAX},    {1 << 18, SIZE_MAX},
	{1, AHEAD_BYTES / 2}, {7, AHEAD_BYTES}, {1 << 18, SIZE_MAX},
};

START_TEST(file_read_ahead)
{
	struct tb_source s;
	struct tb_err err = {0};
	int none = -1;

	write_file("log", ahead_bytes());
	ck_assert_int_eq(tb_source_open(&s, "log", &err), TB_OK);
	read_with_another(&s, ahead_cases[_i].size, ahead_cases[_i].end, &none);
	tb_source_release(&s);
}
END_TEST

/* When the reading ends before the pipe does, nobody waits for what the pipe may still give. */
START_TEST(pipe_read_ahead)
{
	struct tb_source s;
	struct tb_err err = {0};
	char path[32];
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], ahead_bytes().p, AHEAD_BYTES), AHEAD_BYTES);
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	ck_assert_int_eq(tb_source_open(&s, path, &err), TB_OK);
	tb_source_forget(&s);
	read_with_another(&s, ahead_cases[_i].size, ahead_cases[_i].end, &ends[1]);
	tb_source_release(&s);
	for (int i = 0; i < 2; i++)
		if (ends[i] >= 0)
			close(ends[i]);
}
END_TEST

static enum tb_status begin_ahead(void *ctx, struct tb_err *err)
{
	struct tb_read_ahead *a = tb_read_ahead_begin(ctx, 100);

	if (!a)
		return tb_fail_nomem(err);
	tb_read_ahead_end(a);
	return TB_OK;
}

START_TEST(no_memory_to_read_ahead)
{
	struct tb_source s;
	struct tb_err err = {0};

	write_file("log", SPAN(""));
	ck_assert_int_eq(tb_source_open(&s, "log", &err), TB_OK);
	ck_assert_uint_eq(each_allocation_fails(begin_ahead, &s), 5);
	ck_assert_ptr_null(s.wake);
	tb_source_release(&s);
}
END_TEST

/* A log that grows, shrinks or is written anew while it is read. */
static void tamper(int how)
{
	FILE *f = fopen("log", how == 0 ? "a" : "r+");

	ck_assert_ptr_nonnull(f);
	if (how == 1)
		ck_assert_int_eq(ftruncate(fileno(f), 8), 0);
	else
		fputs("XXXX", f);
	fclose(f);
}

START_TEST(changed_while_read)
{
	struct timespec old[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};
	struct tb_source s;
	struct tb_err err = {0};
	enum tb_status st;
	size_t got;
	char text[64];

	write_file("log", SPAN("some bytes of a log\n"));
	ck_assert_int_eq(utimensat(AT_FDCWD, "log", old, 0), 0);
	ck_assert_int_eq(tb_source_open(&s, "log", &err), TB_OK);
	ck_assert_int_eq(tb_source_read(&s, text, 7, &got, &err), TB_OK);
	tamper(_i);
	read_to_end(&s, text, &st, &err);
	ck_assert_int_eq(st, TB_NOINPUT);
	ck_assert_str_eq(err.text,
			 "log: changed while it was being read; run again when it is complete");
	tb_source_release(&s);
}
END_TEST

START_TEST(same_file_by_any_name)
{
	struct tb_source a, b, c, d;
	struct tb_err err = {0};

	write_file("log", SPAN("x"));
	write_file("other", SPAN("x"));
	ck_assert_int_eq(link("log", "hard"), 0);
	ck_assert_int_eq(symlink("log", "soft"), 0);
	ck_assert_int_eq(tb_source_open(&a, "log", &err), TB_OK);
	ck_assert_int_eq(tb_source_open(&b, "hard", &err), TB_OK);
	ck_assert_int_eq(tb_source_open(&c, "./soft", &err), TB_OK);
	ck_assert_int_eq(tb_source_open(&d, "other", &err), TB_OK);
	ck_assert(tb_source_same(&a, &b) && tb_source_same(&a, &c) && !tb_source_same(&a, &d));
	tb_source_release(&a);
	tb_source_release(&b);
	tb_source_release(&c);
	tb_source_release(&d);
}
END_TEST

Suite *source_suite(void)
{
	Suite *s = suite_create("source");

	add_loop_in_dir(s, "source/cannot open", cannot_open, LENGTH(unreadable));
	add_loop_in_dir(s, "source/file twice", file_twice, 1);
	add_test(s, "source/pipe twice", pipe_twice);
	add_loop_in_dir(s, "source/digest", digest_of_a_file, 1);
	add_loop_in_dir(s, "source/file ahead", file_read_ahead, LENGTH(ahead_cases));
	add_loop(s, "source/pipe ahead", pipe_read_ahead, LENGTH(ahead_cases));
	add_loop_in_dir(s, "source/ahead without memory", no_memory_to_read_ahead, 1);
	add_loop_in_dir(s, "source/changed", changed_while_read, 3);
	add_loop_in_dir(s, "source/same", same_file_by_any_name, 1);
	return s;
}
