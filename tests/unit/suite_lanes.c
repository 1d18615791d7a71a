/*
 * lanes - every way of reading a log gives the same rows, rejects and counts.
 *
 * Random logs, most of them with something wrong, are read by csvlane alone, and then by every
 * implementation of the fast lane at block sizes around its own steps and on several threads.
 */
#include "helpers.h"
#include "suites.h"

#include "usage/fastlane.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LOGS = 150, ROWS_MAX = 60, THREADS_MAX = 3 };

/* ---- what a reading gave, as text ---- */

struct events {
	struct tb_buf rows[THREADS_MAX + 1]; /* one line a row; of the whole, then of each thread */
	struct tb_buf rejects;
};

struct reading {
	struct events events;
	struct worker {
		struct reading *reading;
		size_t number;
	} workers[THREADS_MAX + 1];
};

static enum tb_status on_header(void *ctx, const struct tb_columns *columns, struct tb_span raw,
				bool crlf, struct tb_err *err)
{
	(void)ctx;
	(void)columns;
	(void)raw;
	(void)crlf;
	(void)err;
	return TB_OK;
}

/* Rows of the model "refused" are set aside, as if they had no price. */
static enum tb_status on_row(void *ctx, const struct tb_usage *u, enum tb_verdict *verdict,
			     struct tb_problem *why, struct tb_err *err)
{
	struct worker *w = ctx;
	struct tb_buf *b = &w->reading->events.rows[w->number];

	(void)err;
	if (tb_span_is(u->model, "refused")) {
		tb_problem_set(why, "model", u->model, "no price");
		*verdict = TB_ROW_SET_ASIDE;
		return TB_OK;
	}
	*verdict = TB_ROW_BILLED;
	tb_buf_printf(b, "%08" PRIu64 " %" PRId64 " %d %d %d %" PRIu64, u->line, u->instant,
		      u->date_only, (int)u->tier, (int)u->context, u->requests);
	for (int m = 0; m < TB_METERS; m++)
		tb_buf_printf(b, " %" PRIu64, u->tokens[m]);
	tb_buf_printf(b, " [%.*s][%.*s][", (int)u->model.n, u->model.p, (int)u->id.n, u->id.p);
	tb_buf_visible(b, u->columns[0], 0);
	tb_buf_puts(b, "]\n");
	return TB_OK;
}

static enum tb_status on_reject(void *ctx, const struct tb_reject *r, struct tb_err *err)
{
	struct worker *w = ctx;
	struct tb_buf *b = &w->reading->events.rejects;

	(void)err;
	tb_buf_printf(b, "%" PRIu64 "%s <", r->line, r->crlf ? " crlf" : "");
	tb_buf_visible(b, r->raw, 0);
	tb_buf_puts(b, "> ");
	tb_problem_text(r->problem, b);
	tb_buf_puts(b, "\n");
	return TB_OK;
}

static enum tb_status on_progress(void *ctx, struct tb_err *err)
{
	(void)ctx;
	(void)err;
	return TB_OK;
}

static void *on_worker(void *ctx, size_t i)
{
	struct reading *r = ((struct worker *)ctx)->reading;

	r->workers[i + 1] = (struct worker){r, i + 1};
	return &r->workers[i + 1];
}

static enum tb_status on_workers_done(void *ctx, bool good, struct tb_err *err)
{
	struct events *e = &((struct worker *)ctx)->reading->events;

	(void)err;
	for (size_t i = 1; i <= THREADS_MAX; i++) {
		if (good && e->rows[i].n)
			tb_buf_add(&e->rows[0], e->rows[i].p, e->rows[i].n);
		tb_buf_clear(&e->rows[i]);
	}
	if (!good)
		tb_buf_clear(&e->rejects);
	return TB_OK;
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The lines of the buffer in order of their numbers, for threads meet rows in any. */
static void add_sorted(struct tb_buf *out, struct tb_buf *rows)
{
	char *line[ROWS_MAX * 4];
	size_t n = 0;

	for (char *p = rows->p; p && *p; n++) {
		ck_assert_uint_lt(n, LENGTH(line));
		line[n] = p;
		p = strchr(p, '\n');
		*p++ = '\0';
	}
	qsort(line, n, sizeof(*line), compare_lines);
	for (size_t i = 0; i < n; i++)
		tb_buf_printf(out, "%s\n", line[i]);
}

/* Everything that reading log.csv gave, as one text; the caller's to free. */
static char *read_log(const struct tb_reader_options *options)
{
	static const char *const asked[] = {"note"};
	struct reading r = {0};
	struct tb_reader_options o = *options;
	const struct tb_reader_calls calls = {on_header, on_row,          on_reject,    on_progress,
					      on_worker, on_workers_done, &r.workers[0]};
	struct tb_read_counts counts = {0};
	struct tb_problems problems = {0};
	struct tb_err err = {0};
	struct tb_source source;
	struct tb_buf out = {0};
	enum tb_status st;

	r.workers[0] = (struct worker){&r, 0};
	o.asked = asked;
	o.asked_count = 1;
	ck_assert_int_eq(tb_source_open(&source, "log.csv", &err), TB_OK);
	st = tb_reader_run(&source, &o, &calls, &counts, &problems, &err);
	add_sorted(&out, &r.events.rows[0]);
	tb_buf_printf(&out,
		      "%s\n%s\nstatus %d rows %" PRIu64 " billed %" PRIu64 " aside %" PRIu64
		      " blank %" PRIu64 " cut %d\n",
		      r.events.rejects.p ? r.events.rejects.p : "", problems_text(&problems),
		      (int)st, counts.rows, counts.verdicts[TB_ROW_BILLED],
		      counts.verdicts[TB_ROW_SET_ASIDE], counts.blank_lines, counts.cut);
	for (size_t i = 0; i < LENGTH(r.events.rows); i++)
		tb_buf_release(&r.events.rows[i]);
	tb_buf_release(&r.events.rejects);
	tb_problems_release(&problems);
	tb_source_release(&source);
	return out.p;
}

/* ---- random logs ---- */

static const char *pick(uint64_t *seed, const char *const *from, size_t n)
{
	return from[next_random(seed) % n];
}

#define PICK(seed, table) pick(seed, table, LENGTH(table))

static const char *const times[] = {
	"2026-04-01T10:15:00Z", "2026-04-01 23:59:59Z", "2026-04-02T00:00:00+02:00", "2026-04-02",
	"1775037600",           "2026-02-30T00:00:00Z", "2026-04-01T10:15:00.250Z",  "timestamp"};
static const char *const models[] = {"gpt-4o-mini", "gpt-4o-mini", "refused", "modell-\u00fc",
				     "\"quoted\"",  "a",           "",        "x\x01y"};
static const char *const counts[] = {"0",
				     "7",
				     "1200",
				     "12345678",
				     "123",
				     "99999999",
				     "1e6",
				     "9223372036854775807",
				     "",
				     "123456789",
				     "9999999999999999999"};
static const char *const notes[] = {"",           "plain",     "\"a,b\"", "\"two\nlines\"",
				    "\"a\"\"b\"", "caf\u00e9", "\"\"",    "\"crlf\r\nin\"",
				    "+formula",   "\xff"};

static void add_row(struct tb_buf *b, uint64_t *seed, const char *eol)
{
	tb_buf_printf(b, "%s,%s,%s,%s,%s,%s%s", PICK(seed, times), PICK(seed, models),
		      PICK(seed, counts), "0", "5", PICK(seed, notes), eol);
}

/* One byte more, less or other, as a broken writer or a bad disk would do it. */
static void damage(struct tb_buf *b, size_t header, uint64_t *seed)
{
	static const char bytes[] = ",\"\n\r\0x";
	size_t at = header + next_random(seed) % (b->n - header);
	char with = bytes[next_random(seed) % (sizeof(bytes) - 1)];

	switch (next_random(seed) % 3) {
	case 0:
		b->p[at] = with;
		break;
	case 1:
		memmove(b->p + at, b->p + at + 1, b->n - at - 1);
		b->n--;
		break;
	default:
		tb_buf_add(b, "z", 1);
		memmove(b->p + at + 1, b->p + at, b->n - at - 1);
		b->p[at] = with;
		break;
	}
}

static void write_random_log(uint64_t seed)
{
	struct tb_buf b = {0};
	const char *eol = next_random(&seed) % 4 ? "\n" : "\r\n";
	size_t rows = next_random(&seed) % ROWS_MAX + 1, header, harm;

	tb_buf_printf(&b, "timestamp,model,input_tokens,cached_tokens,output_tokens,note%s", eol);
	header = b.n;
	for (size_t i = 0; i < rows; i++) {
		add_row(&b, &seed, eol);
		if (next_random(&seed) % 16 == 0)
			tb_buf_puts(&b, eol);
	}
	for (harm = next_random(&seed) % 4; harm; harm--)
		damage(&b, header, &seed);
	if (next_random(&seed) % 5 == 0)
		b.n--;
	ck_assert(!b.failed);
	write_file("log.csv", (struct tb_span){b.p, b.n});
	tb_buf_release(&b);
}

START_TEST(all_ways_agree)
{
	static const size_t blocks[] = {7, 63, 64, 65, 200, 1000, 0};
	const struct tb_fastlane *lanes[4];
	size_t lane_count = tb_fastlane_all(lanes, LENGTH(lanes));
	char *whole, *other;

	write_random_log((uint64_t)_i + 1);
	whole = read_log(&(struct tb_reader_options){.strict = true});
	for (size_t l = 0; l < lane_count; l++)
		for (size_t b = 0; b < LENGTH(blocks); b++)
			for (size_t t = 1; t <= THREADS_MAX; t++) {
				other = read_log(&(struct tb_reader_options){
					.lane = lanes[l], .block = blocks[b], .threads = t});
				ck_assert_msg(
					strcmp(whole, other) == 0,
					"log %d, %s lane, block %zu, %zu threads gave\n%.1500s\n"
					"and csvlane alone\n%.1500s",
					_i, lanes[l]->name, blocks[b], t, other, whole);
				free(other);
			}
	free(whole);
}
END_TEST

/* ---- the index itself ---- */

static unsigned flag_of(unsigned char c)
{
	return c >= 0x80   ? TB_FAST_HIGH
	       : c == '\r' ? TB_FAST_CR
	       : c == '\0' ? TB_FAST_NUL
	       : c < 0x20  ? TB_FAST_CONTROL
	       : c == 0x7f ? TB_FAST_CONTROL
			   : 0;
}

/* The same byte by byte, as the header says it. */
static void index_slowly(const char *p, size_t n, struct tb_fast_index *out)
{
	struct tb_fast_row row = {0};
	bool quoted = false;

	out->rows = 0;
	out->sep[0] = UINT32_MAX;
	for (uint32_t i = 0; i < n; i++) {
		bool feed = p[i] == '\n';

		row.quotes = (uint16_t)(row.quotes + (p[i] == '"'));
		quoted ^= p[i] == '"';
		row.flags |= (uint16_t)(feed ? (quoted ? TB_FAST_LINES : 0)
					     : flag_of((unsigned char)p[i]));
		if (quoted || (!feed && p[i] != ','))
			continue;
		out->sep[++row.seps] = i;
		if (!feed)
			continue;
		out->row[out->rows++] = row;
		row = (struct tb_fast_row){.seps = row.seps};
	}
}

START_TEST(implementations_agree)
{
	static const char *const alphabets[] = {",,,,\n\n\"\r\tab1\xc3\x7f", "abc,\n", "a,\"\n",
						"abcdefghijklmnopqrst,\n\r\x01"};
	const char *alphabet = alphabets[_i % (int)LENGTH(alphabets)];
	static struct tb_fast_index a, b;
	const struct tb_fastlane *lanes[4];
	size_t lane_count = tb_fastlane_all(lanes, LENGTH(lanes));
	char text[512 + TB_FAST_PADDING] = {0};
	uint64_t seed = (uint64_t)_i + 1;
	size_t n = next_random(&seed) % 512, feeds[2], quotes[2];

	for (size_t i = 0; i < n; i++)
		text[i] = alphabet[next_random(&seed) % (strlen(alphabet) + (_i % 3 == 0))];
	memset(text + n, ',', TB_FAST_PADDING); /* must not be looked at */
	index_slowly(text, n, &a);
	lanes[lane_count - 1]->count(text, n, &feeds[0], &quotes[0]);
	for (size_t l = 0; l < lane_count; l++) {
		lanes[l]->index(text, n, &b);
		ck_assert_uint_eq(a.rows, b.rows);
		for (size_t r = 0; r < a.rows; r++) {
			ck_assert_uint_eq(a.row[r].seps, b.row[r].seps);
			ck_assert_uint_eq(a.row[r].quotes, b.row[r].quotes);
			ck_assert_uint_eq(a.row[r].flags, b.row[r].flags);
		}
		for (size_t i = 0; a.rows && i <= a.row[a.rows - 1].seps; i++)
			ck_assert_uint_eq(a.sep[i], b.sep[i]);
		lanes[l]->count(text, n, &feeds[1], &quotes[1]);
		ck_assert_uint_eq(feeds[0], feeds[1]);
		ck_assert_uint_eq(quotes[0], quotes[1]);
	}
}
END_TEST

/* Byte by byte, as the header says it. */
START_TEST(index_is_what_the_header_says)
{
	static struct tb_fast_index index;
	static const char text[] = "a,\"b,\nc\",d\r\n\xc3\xa9,,\n\nx\"y\",\n\t\x7f\n\"no end\n";
	static const uint32_t sep[] = {UINT32_MAX, 1, 8, 11, 14, 15, 16, 17, 22, 23, 26};
	static const struct tb_fast_row row[] = {
		{3, 2, TB_FAST_CR | TB_FAST_LINES}, {6, 0, TB_FAST_HIGH}, {7, 0, 0}, {9, 2, 0},
		{10, 0, TB_FAST_CONTROL},
	};
	const struct tb_fastlane *lanes[4];
	size_t lane_count = tb_fastlane_all(lanes, LENGTH(lanes));
	char padded[sizeof(text) + TB_FAST_PADDING] = {0};

	memcpy(padded, text, sizeof(text));
	for (size_t l = 0; l < lane_count; l++) {
		lanes[l]->index(padded, sizeof(text) - 1, &index);
		ck_assert_uint_eq(index.rows, LENGTH(row));
		for (size_t i = 0; i < LENGTH(row); i++) {
			ck_assert_uint_eq(index.row[i].seps, row[i].seps);
			ck_assert_uint_eq(index.row[i].quotes, row[i].quotes);
			ck_assert_uint_eq(index.row[i].flags, row[i].flags);
		}
		for (size_t i = 0; i < LENGTH(sep); i++)
			ck_assert_uint_eq(index.sep[i], sep[i]);
	}
}
END_TEST

Suite *lanes_suite(void)
{
	Suite *s = suite_create("lanes");

	add_loop_in_dir(s, "lanes/all ways agree", all_ways_agree, LOGS);
	add_loop(s, "lanes/implementations agree", implementations_agree, 200);
	add_test(s, "lanes/index", index_is_what_the_header_says);
	return s;
}
