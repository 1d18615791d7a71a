/* For mkstemp() and pwrite(). */
#define _XOPEN_SOURCE 700

#include "fuzz.h"

#include "usage/row.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

_Noreturn void fuzz_broken(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}

uint8_t fuzz_byte(struct tb_span *rest)
{
	if (!rest->n)
		return 0;
	rest->n--;
	return (uint8_t)*rest->p++;
}

struct tb_span fuzz_part(struct tb_span *rest, const char *mark)
{
	size_t length = strlen(mark);
	struct tb_span part = {rest->p, 0};

	while (rest->n) {
		if (tb_span_starts(*rest, mark)) {
			rest->p += length;
			rest->n -= length;
			break;
		}
		rest->p++;
		rest->n--;
		part.n++;
	}
	return part;
}

void fuzz_each_line(struct tb_span rest, void (*check)(void *ctx, struct tb_span line), void *ctx)
{
	while (rest.n) {
		struct tb_span line = fuzz_part(&rest, "\n");
		char *copy = malloc(line.n + TB_CELL_PADDING);

		EXPECT(copy);
		memcpy(copy, line.p, line.n);
		memset(copy + line.n, 'x', TB_CELL_PADDING);
		check(ctx, (struct tb_span){copy, line.n});
		free(copy);
	}
}

void fuzz_columns(struct tb_columns *columns)
{
	const struct tb_span names[] = {tb_span_of("timestamp"), tb_span_of("model"),
					tb_span_of("input_tokens"), tb_span_of("output_tokens")};
	struct tb_problems problems = {0};
	struct tb_err err = {0};

	EXPECT(tb_columns_read(columns, names, LENGTH(names), NULL, NULL, 0, "fuzz", 1, &problems,
			       &err) == TB_OK);
	tb_problems_release(&problems);
}

static struct file {
	char path[32];
	int fd;
} files[FUZZ_FILES];

static void forget_files(void)
{
	for (size_t i = 0; i < FUZZ_FILES; i++)
		if (*files[i].path)
			unlink(files[i].path);
}

static void open_file(struct file *f)
{
	static bool registered;

	if (!registered)
		EXPECT(atexit(forget_files) == 0);
	registered = true;
	strcpy(f->path, "/tmp/tokbill-fuzz-XXXXXX");
	f->fd = mkstemp(f->path);
	EXPECT(f->fd >= 0);
}

const char *fuzz_file(size_t number, const struct tb_span *parts, size_t n)
{
	struct file *f = &files[number];
	off_t at = 0;

	if (!*f->path)
		open_file(f);
	EXPECT(ftruncate(f->fd, 0) == 0);
	for (size_t i = 0; i < n; at += (off_t)parts[i++].n)
		EXPECT(pwrite(f->fd, parts[i].p, parts[i].n, at) == (ssize_t)parts[i].n);
	return f->path;
}
