/*
 * lanes - every way of reading a log gives the same rows, rejects and counts.
 *
 * Random logs, most of them with something wrong, are read by csv_strict alone, and then by every
 * implementation of the fast lane at block sizes around its own steps and on several threads.
 */
#include "helpers.h"
#include "reading.h"
#include "suites.h"

#include "logs/csv_index.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOGS = 150, ROWS_MAX = 60 };

/* ---- random logs ---- */

static const char *pick(uint64_t *seed, const char *const *from, size_t n)
{
	return from[next_random(seed) % n];
}

#define PICK(seed, table) pick(seed, table, LENGTH(table))

static const char *const times[] = {
	"2026-04-01T10:15:00Z",     "2026-04-01 23:59:59Z", "2026-04-02T00:00:00+02:00",
	"2026-10-25T02:30:00",      "2026-04-02",           "1775037600",
	"2026-04-01T10:15:00.250Z", "2026-02-30T00:00:00Z", "timestamp"};
static const char *const models[] = {
	"gpt-4o-mini", "refused", "gpt-4o", "claude-haiku-4-5", "a",        "gpt-4o-mini",
	"\"quoted\"",  "",        "x\x01y", "modell-\u00fc",    "\"a\nb\"", "\"a\"\"b\""};
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
static const char *const notes[] = {"",        "plain",          "a longer one", "+formula",
				    "\"a,b\"", "\"two\nlines\"", "\"a\"\"b\"",   "caf\u00e9",
				    "\"\"",    "\"crlf\r\nin\"", "\xff"};
enum { TIDY = 4 }; /* values of each table from the first on that are in order without quotes */

/* How the rows of a log are. */
struct manner {
	const char *eol, *quote; /* around each field */
	bool tidy;               /* few are out of order, so that they are read in runs */
};

static void add_row(struct tb_buf *b, uint64_t *seed, const struct manner *m)
{
	bool tidy = m->tidy && next_random(seed) % 32;
	const char *texts[] = {tidy ? pick(seed, times, TIDY) : PICK(seed, times),
			       tidy ? pick(seed, models, TIDY) : PICK(seed, models),
			       tidy ? pick(seed, counts, TIDY) : PICK(seed, counts),
			       "0",
			       "5",
			       tidy ? pick(seed, notes, TIDY) : PICK(seed, notes)};

	for (size_t i = 0; i < LENGTH(texts); i++)
		tb_buf_printf(b, "%s%s%s%s", i ? "," : "", m->quote, texts[i], m->quote);
	tb_buf_puts(b, m->eol);
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
	const struct manner m = {.eol = next_random(&seed) % 4 ? "\n" : "\r\n",
				 .quote = next_random(&seed) % 3 ? "" : "\"",
				 .tidy = next_random(&seed) % 2};
	size_t rows = next_random(&seed) % ROWS_MAX + 1, header, harm;

	tb_buf_printf(&b, "timestamp,model,input_tokens,cached_tokens,output_tokens,note%s", m.eol);
	header = b.n;
	for (size_t i = 0; i < rows; i++) {
		add_row(&b, &seed, &m);
		if (next_random(&seed) % (m.tidy ? 64 : 16) == 0)
			tb_buf_puts(&b, m.eol);
	}
	for (harm = next_random(&seed) % 4; harm; harm--)
		damage(&b, header, &seed);
	if (next_random(&seed) % 5 == 0)
		b.n--;
	ck_assert(!b.failed);
	write_file("log.csv", (struct tb_span){b.p, b.n});
	tb_buf_release(&b);
}

static char *read_log(const struct tb_row_options *options)
{
	struct tb_buf text = {0};

	read_as_text("log.csv", options, &text);
	ck_assert(!text.failed);
	return text.p;
}

START_TEST(all_ways_agree)
{
	static const char *const asked[] = {"note"};
	static const size_t blocks[] = {7, 63, 64, 65, 200, 1000, 0};
	const struct tb_csv_indexer *lanes[4];
	size_t lane_count = tb_csv_indexer_all(lanes, LENGTH(lanes));
	struct tb_zone *zone = NULL;
	struct tb_err err = {0};
	char *whole, *other;

	ck_assert_int_eq(tb_zone_open("Europe/Berlin", &zone, &err), TB_OK);
	write_random_log((uint64_t)_i + 1);
	whole = read_log(&(struct tb_row_options){.asked = asked,
						  .asked_count = LENGTH(asked),
						  .log_zone = zone,
						  .reading = {.strict = true}});
	for (size_t l = 0; l < lane_count; l++)
		for (size_t b = 0; b < LENGTH(blocks); b++)
			for (size_t t = 1; t <= READING_THREADS_MAX; t++) {
				other = read_log(
					&(struct tb_row_options){.asked = asked,
								 .asked_count = LENGTH(asked),
								 .log_zone = zone,
								 .reading = {.lane = lanes[l],
									     .block = blocks[b],
									     .threads = t}});
				ck_assert_msg(
					strcmp(whole, other) == 0,
					"log %d, %s lane, block %zu, %zu threads gave\n%.1500s\n"
					"and csv_strict alone\n%.1500s",
					_i, lanes[l]->name, blocks[b], t, other, whole);
				free(other);
			}
	tb_zone_free(zone);
	free(whole);
}
END_TEST

/* The rows of a reading: what stands before its first empty line, one a line. */
static char *rows_of(char *text)
{
	char *end = text[0] == '\n' ? text : strstr(text, "\n\n") + 1;

	*end = '\0';
	return text;
}

/* Marks every other row or so; the text of those that are. */
static struct tb_buf mark_rows(const char *rows, struct tb_line_marks *marks, uint64_t seed)
{
	struct tb_buf marked = {0};

	marks->files[0].lines = 100000;
	for (const char *p = rows; *p; p = strchr(p, '\n') + 1) {
		if (next_random(&seed) % 3 == 0)
			continue;
		ck_assert(tb_line_marks_add(marks, 0, strtoul(p, NULL, 10)));
		tb_buf_add(&marked, p, (size_t)(strchr(p, '\n') + 1 - p));
	}
	tb_buf_puts(&marked, "");
	return marked;
}

/* Some rows alone, known by their lines. */
START_TEST(marked_rows)
{
	static const size_t blocks[] = {7, 64, 200, 0};
	const struct tb_csv_indexer *lanes[4];
	size_t lane_count = tb_csv_indexer_all(lanes, LENGTH(lanes));
	struct tb_line_marks marks;
	struct tb_buf marked;
	char *whole, *other;

	ck_assert(tb_line_marks_init(&marks, 1));
	write_random_log((uint64_t)_i + 1);
	whole = rows_of(read_log(&(struct tb_row_options){.reading = {.strict = true}}));
	marked = mark_rows(whole, &marks, (uint64_t)_i);
	for (size_t i = 0; i < LENGTH(blocks) * (READING_THREADS_MAX + 1); i++) {
		other = rows_of(read_log(&(struct tb_row_options){
			.reading = {.only = &marks,
				    .strict = i % (READING_THREADS_MAX + 1) == 0,
				    .threads = i % (READING_THREADS_MAX + 1),
				    .lane = lanes[i % lane_count],
				    .block = blocks[i / (READING_THREADS_MAX + 1)]}}));
		ck_assert_msg(strcmp(marked.n ? marked.p : "", other) == 0,
			      "log %d, %zu gave\n%.1500s\ninstead of\n%.1500s", _i, i, other,
			      marked.p);
		free(other);
	}
	tb_line_marks_release(&marks);
	tb_buf_release(&marked);
	free(whole);
}
END_TEST

/* ---- the index itself ---- */

static unsigned flag_of(unsigned char c)
{
	return c >= 0x80   ? TB_INDEX_HIGH
	       : c == '\r' ? TB_INDEX_CR
	       : c == '\0' ? TB_INDEX_NUL
	       : c < 0x20  ? TB_INDEX_CONTROL
	       : c == 0x7f ? TB_INDEX_CONTROL
			   : 0;
}

/* The same byte by byte, as the header says it. */
static void index_slowly(const char *p, size_t n, struct tb_csv_index *out)
{
	struct tb_csv_index_row row = {0};
	bool quoted = false;

	out->rows = 0;
	out->sep[0] = UINT32_MAX;
	for (uint32_t i = 0; i < n; i++) {
		bool feed = p[i] == '\n';

		row.quotes = (uint16_t)(row.quotes + (p[i] == '"'));
		quoted ^= p[i] == '"';
		row.flags |= (uint16_t)(feed ? (quoted ? TB_INDEX_LINES : 0)
					     : flag_of((unsigned char)p[i]));
		if (quoted || (!feed && p[i] != ','))
			continue;
		out->sep[++row.seps] = i;
		if (!feed)
			continue;
		out->row[out->rows++] = row;
		row = (struct tb_csv_index_row){.seps = row.seps};
	}
}

START_TEST(implementations_agree)
{
	static const char *const alphabets[] = {",,,,\n\n\"\r\tab1\xc3\x7f", "abc,\n", "a,\"\n",
						"abcdefghijklmnopqrst,\n\r\x01"};
	const char *alphabet = alphabets[_i % (int)LENGTH(alphabets)];
	static struct tb_csv_index a, b;
	const struct tb_csv_indexer *lanes[4];
	size_t lane_count = tb_csv_indexer_all(lanes, LENGTH(lanes));
	char text[512 + TB_INDEX_PADDING] = {0};
	uint64_t seed = (uint64_t)_i + 1;
	size_t n = next_random(&seed) % 512, feeds[2], quotes[2];

	for (size_t i = 0; i < n; i++)
		text[i] = alphabet[next_random(&seed) % (strlen(alphabet) + (_i % 3 == 0))];
	memset(text + n, ',', TB_INDEX_PADDING); /* must not be looked at */
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

/* Columns of numbers, most of them short ones, and what is none in one of eight columns. */
static size_t random_column(char *text, uint32_t *sep, uint64_t *seed, bool quoted)
{
	static const char *const strange[] = {"",   "123456789", "12a4",     "-1",
					      "1:", "/",         "12345678x"};
	size_t rows = next_random(seed) % 33, n = 0;
	bool odd = next_random(seed) % 2;

	sep[0] = UINT32_MAX;
	for (size_t i = 0; i < 2 * rows; i++) {
		const char *quote = quoted ? "\"" : "";
		char number[16];

		snprintf(number, sizeof(number), "%" PRIu64,
			 next_random(seed) % 100000000 >> next_random(seed) % 27);
		n += (size_t)sprintf(
			text + n, "%s%s%s,", quote,
			odd && next_random(seed) % 64 == 0 ? PICK(seed, strange) : number, quote);
		sep[i + 1] = (uint32_t)n - 1;
	}
	return rows;
}

START_TEST(numbers_are_read)
{
	static char text[1024 + TB_INDEX_PADDING];
	const struct tb_csv_indexer *lanes[4];
	size_t lane_count = tb_csv_indexer_all(lanes, LENGTH(lanes));
	uint64_t seed = (uint64_t)_i + 1, out[32];
	bool quoted = _i % 2, may_be_empty = _i / 2 % 2;
	uint32_t sep[2 * LENGTH(out) + 2];
	size_t rows = random_column(text, sep, &seed, quoted);
	const struct tb_csv_index_column c = {text, sep + 1, 2, quoted};

	for (size_t l = 0; l < lane_count; l++) {
		bool all = true;

		for (size_t i = 0; i < rows; i++) {
			const char *p = text + sep[1 + 2 * i] + 1 + quoted;
			size_t n = sep[2 + 2 * i] - sep[1 + 2 * i] - 1 - 2 * quoted;

			all &= n == 0 ? may_be_empty : n <= 8 && strspn(p, "0123456789") == n;
		}
		ck_assert_int_eq(lanes[l]->numbers(&c, rows, may_be_empty, out), all);
		for (size_t i = 0; all && i < rows; i++)
			ck_assert_uint_eq(out[i],
					  strtoul(text + sep[1 + 2 * i] + 1 + quoted, NULL, 10));
	}
}
END_TEST

/* Byte by byte, as the header says it. */
START_TEST(index_is_what_the_header_says)
{
	static struct tb_csv_index index;
	static const char text[] = "a,\"b,\nc\",d\r\n\xc3\xa9,,\n\nx\"y\",\n\t\x7f\n\"no end\n";
	static const uint32_t sep[] = {UINT32_MAX, 1, 8, 11, 14, 15, 16, 17, 22, 23, 26};
	static const struct tb_csv_index_row row[] = {
		{3, 2, TB_INDEX_CR | TB_INDEX_LINES},
		{6, 0, TB_INDEX_HIGH},
		{7, 0, 0},
		{9, 2, 0},
		{10, 0, TB_INDEX_CONTROL},
	};
	const struct tb_csv_indexer *lanes[4];
	size_t lane_count = tb_csv_indexer_all(lanes, LENGTH(lanes));
	char padded[sizeof(text) + TB_INDEX_PADDING] = {0};

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
	add_loop_in_dir(s, "lanes/marked rows", marked_rows, LOGS);
	add_loop(s, "lanes/implementations agree", implementations_agree, 200);
	add_loop(s, "lanes/numbers", numbers_are_read, 200);
	add_test(s, "lanes/index", index_is_what_the_header_says);
	return s;
}
