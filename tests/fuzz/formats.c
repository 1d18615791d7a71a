/*
 * formats - any bytes as a format file, a log, and a JSON text, with "\n%%\n" between: refused with
 * a reason, or read alike in every way.
 *
 * The first byte says whether the format is told, and which; the second how the log is read.
 */
#include "agree.h"
#include "run/format_file.h"
#include "fuzz.h"
#include "stations.h"

#include <stdlib.h>

enum { NAMES_MAX = 64 };

/* ---- recognition, by the names up to the end of the first line ---- */

static size_t split_names(struct tb_span log, char *room, const char **names)
{
	struct tb_span line = fuzz_part(&log, "\n");
	size_t n = 0;

	while (line.n && n < NAMES_MAX) {
		struct tb_span name = fuzz_part(&line, ",");

		memcpy(room, name.p, name.n);
		room[name.n] = '\0';
		names[n++] = room;
		room += name.n + 1;
	}
	return n;
}

static bool same(struct tb_recognition a, struct tb_recognition b)
{
	bool both = a.format == b.format && a.rival == b.rival;

	return both && a.nearest == b.nearest;
}

static void check_recognition(struct tb_span log, const struct tb_logformat *const *own)
{
	char *room = malloc(log.n + NAMES_MAX);
	const char *names[NAMES_MAX + 1], *back[NAMES_MAX];
	size_t n;
	struct tb_recognition r;
	struct tb_buf missing = {0};

	EXPECT(room);
	n = split_names(log, room, names);
	r = tb_recognise(names, n, own);
	EXPECT(r.format && r.format != r.rival);
	EXPECT(!r.nearest || r.format == &tb_log_tokbill);
	tb_recognise_missing(r.format, names, n, &missing);
	EXPECT(missing.n == 0 || r.format == &tb_log_tokbill);
	for (size_t i = 0; i < n; i++)
		back[n - 1 - i] = names[i];
	EXPECT(same(r, tb_recognise(back, n, own)));
	names[n] = "a column that nobody knows";
	EXPECT(same(r, tb_recognise(names, n + 1, own)));
	tb_buf_release(&missing);
	free(room);
}

/* ---- places in JSON ---- */

static bool note(void *ctx, struct tb_span path, struct tb_span number)
{
	EXPECT(path.n <= TB_JSON_PATH_MAX);
	tb_buf_add(ctx, path.p, path.n);
	tb_buf_puts(ctx, "=");
	tb_buf_add(ctx, number.p, number.n);
	tb_buf_puts(ctx, "\n");
	return true;
}

static bool is_same(const struct tb_buf *a, const struct tb_buf *b)
{
	return a->n == b->n && (a->n == 0 || memcmp(a->p, b->p, a->n) == 0);
}

static bool stop_at_once(void *ctx, struct tb_span path, struct tb_span number)
{
	(void)path;
	(void)number;
	return (*(int *)ctx)++ < 0;
}

/* Blanks around it change nothing, and no more comes once it is broken off. */
static void check_json(struct tb_span text)
{
	struct tb_buf found = {0}, again = {0}, padded = {0};
	int calls = 0;
	bool good = tb_json_numbers(text, note, &found) == NULL;

	tb_buf_puts(&padded, " \n");
	if (text.n)
		tb_buf_add(&padded, text.p, text.n);
	tb_buf_puts(&padded, "\t ");
	EXPECT(good ==
	       (tb_json_numbers((struct tb_span){padded.p, padded.n}, note, &again) == NULL));
	EXPECT(is_same(&found, &again));
	EXPECT((tb_json_numbers(text, stop_at_once, &calls) == NULL) == (good || found.n));
	EXPECT(calls == (found.n > 0));
	tb_buf_release(&found);
	tb_buf_release(&again);
	tb_buf_release(&padded);
}

/* ---- logs ---- */

static const struct tb_logformat *told(unsigned choice, const struct tb_user_formats *own)
{
	size_t built_in = 0;

	while (tb_logformats[built_in])
		built_in++;
	if (choice < own->named_count)
		return own->named[choice];
	choice -= (unsigned)own->named_count;
	return choice < built_in && !(tb_logformats[choice]->conventions & TB_LOG_NO_USAGE)
		       ? tb_logformats[choice]
		       : NULL;
}

static bool read_formats(struct tb_user_formats *own, struct tb_span file)
{
	struct tb_problems problems = {0};
	struct tb_err err = {0};
	enum tb_status st = TB_OK;

	if (file.n)
		st = tb_format_file_read(own, fuzz_file(1, &file, 1), &problems, &err);
	EXPECT(st == TB_OK || (st == TB_CONFIG && err.text[0]));
	EXPECT(st != TB_OK || problems.total == 0);
	tb_problems_release(&problems);
	return st == TB_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tb_span rest = {(const char *)data, size};
	unsigned which = fuzz_byte(&rest), how = fuzz_byte(&rest);
	struct tb_span file = fuzz_part(&rest, "\n%%\n"), log = fuzz_part(&rest, "\n%%\n");
	struct tb_user_formats own = {0};

	if (read_formats(&own, file)) {
		const struct tb_format_choice choice = {.forced = told(which, &own),
							.own = own.named,
							.has_day = which == UINT8_MAX,
							.day = 20000};

		check_recognition(log, own.named);
		fuzz_lanes_agree(fuzz_file(0, &log, 1), (struct tb_row_options){.formats = &choice},
				 how);
	}
	tb_user_formats_release(&own);
	check_json(rest);
	return 0;
}
