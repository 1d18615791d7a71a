/*
 * doors - a row means the same whatever door it comes in by.
 *
 * Random logs are read as tokbill's own, and then with other names for every column, which --map or
 * a format file gives back: by every lane, in several block sizes, on several threads. Row by row,
 * the fast reader may leave a row to the rules, and never reads one in another way.
 */
#include "helpers.h"
#include "reading.h"
#include "suites.h"

#include "logs/csv_index.h"
#include "usage/convert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOGS = 60, ROWS = 60, ROUNDS = 40, CELL = 64 };

/* What is in every column's name behind the other door, and nowhere in a row. */
#define MARK "zz "

/* In the order of the columns below: what a log may hold, right and wrong. */
static const char *const times[] = {
	"2026-04-01T10:15:00Z",
	"2026-04-01 10:15:00",
	"2026-04-01",
	"1775038500",
	"1775038500.0",
	"2026-04-01T10:15:00+02:00",
	"2026-04-01 10:15:00.123456+00",
	"2026-04-01 10:15:00.5 UTC",
	"2026-04-01T10:15:00-07",
	"2026-02-30",
	"",
};
static const char *const models[] = {"m", "gpt-4o", "", "a\x01", "modell-\u00fc"};
static const char *const counts[] = {
	"0",  "7",     "100",  "100.0", "12345678", "123456789", "9223372036854775807",
	"",   "7.5",   "7.",   ".0",    "-0",       "1e2",       "9223372036854775808",
	"00", "0.000", "null", " 7",
};
static const char *const parts[] = {"", "0", "3", "3.0", "7", "x", "9223372036854775807"};
static const char *const batches[] = {"",  "true", "FALSE", "Yes", "no",
				      "1", "0",    "2",     "y",   "true "};
static const char *const tiers[] = {
	"",         "standard",  "default", "AUTO",      "batch",  "Batch",   "flex",
	"PRIORITY", "flex-tier", "scale",   "FlexTier.", "batch ", "fle\x18",
};
static const char *const requests[] = {"", "1", "12", "12.0", "0", "x"};
static const char *const contexts[] = {"", "base", "long", "Long", "short"};
static const char *const ids[] = {"", "r1", "r 2"};
static const char *const totals[] = {"", "14", "107", "200.0", "0", "x", "114"};

#define COLUMN(name, list)                                                                         \
	{                                                                                          \
		name, list, LENGTH(list)                                                           \
	}

static const struct {
	const char *name;
	const char *const *texts;
	size_t n;
} columns[] = {
	COLUMN("timestamp", times),          COLUMN("model", models),
	COLUMN("input_tokens", counts),      COLUMN("output_tokens", counts),
	COLUMN("cached_read_tokens", parts), COLUMN("batch", batches),
	COLUMN("cache_write_tokens", parts), COLUMN("cache_write_1h_tokens", parts),
	COLUMN("reasoning_tokens", parts),   COLUMN("service_tier", tiers),
	COLUMN("requests", requests),        COLUMN("context", contexts),
	COLUMN("request_id", ids),           COLUMN("region", ids),
	COLUMN("web_searches", parts),       COLUMN("total_tokens", totals),
};

enum { COLUMNS = LENGTH(columns), COMMON = 6 }; /* columns that most logs have */

/* Most texts are the first few of their list, or most rows would be wrong in many columns. */
static const char *text_for(size_t column, uint64_t *seed)
{
	size_t n = columns[column].n;
	uint64_t r = next_random(seed);

	return columns[column].texts[r % 8 ? r / 8 % (n < 3 ? n : 3) : r / 8 % n];
}

/* ---- whole logs ---- */

static void add_names(struct tb_buf *b, size_t n, const char *mark)
{
	for (size_t c = 0; c < n; c++)
		tb_buf_printf(b, "%s%s%s", c ? "," : "", mark, columns[c].name);
	tb_buf_puts(b, "\n");
}

/* The same rows under the usual names and under others. */
static void write_logs(uint64_t seed, size_t n)
{
	struct tb_buf own = {0}, other = {0}, rows = {0};
	const char *quote = next_random(&seed) % 3 ? "" : "\"";

	add_names(&own, n, "");
	add_names(&other, n, MARK);
	for (int i = 0; i < ROWS; i++) {
		for (size_t c = 0; c < n; c++)
			tb_buf_printf(&rows, "%s%s%s%s", c ? "," : "", quote, text_for(c, &seed),
				      quote);
		tb_buf_puts(&rows, "\n");
	}
	tb_buf_puts(&own, rows.p);
	tb_buf_puts(&other, rows.p);
	ck_assert(!own.failed && !other.failed);
	write_file("own.csv", (struct tb_span){own.p, own.n});
	write_file("other.csv", (struct tb_span){other.p, other.n});
	tb_buf_release(&own);
	tb_buf_release(&other);
	tb_buf_release(&rows);
}

/* A format that reads every field of the own log from a column of another name. */
static void make_format(struct tb_user_format *u, size_t n)
{
	for (size_t c = 0; c < n; c++) {
		char name[CELL];

		snprintf(name, sizeof(name), MARK "%s", columns[c].name);
		ck_assert_ptr_null(
			tb_user_format_add(u, tb_span_of(columns[c].name), tb_span_of(name)));
	}
	ck_assert(tb_user_format_finish(u, "other", "a test", &tb_log_tokbill));
}

static void without_mark(struct tb_buf *b)
{
	char *to = b->p;

	for (const char *from = b->p; *from;) {
		if (strncmp(from, MARK, strlen(MARK)) == 0)
			from += strlen(MARK);
		else
			*to++ = *from++;
	}
	*to = '\0';
}

static char *read_text(const char *path, struct tb_row_options options)
{
	struct tb_buf text = {0};

	read_as_text(path, &options, &text);
	ck_assert(!text.failed);
	without_mark(&text);
	return text.p;
}

static void check_ways(const char *path, const struct tb_format_choice *formats, const char *want)
{
	static const size_t blocks[] = {65, 300, 0};
	const struct tb_csv_indexer *lanes[4];
	size_t lane_count = tb_csv_indexer_all(lanes, LENGTH(lanes));

	for (size_t l = 0; l < lane_count; l++)
		for (size_t b = 0; b < LENGTH(blocks); b++)
			for (size_t t = 1; t <= READING_THREADS_MAX; t++) {
				char *text = read_text(path, (struct tb_row_options){
								     .formats = formats,
								     .reading = {.lane = lanes[l],
										 .block = blocks[b],
										 .threads = t}});

				EXPECT(strcmp(text, want) == 0,
				       "%s by %s, block %zu, %zu threads gave\n%.1500s\n"
				       "and by the strict lane as its own\n%.1500s",
				       path, lanes[l]->name, blocks[b], t, text, want);
				free(text);
			}
}

START_TEST(every_door_agrees)
{
	size_t n = _i % 2 ? COLUMNS : COMMON;
	struct tb_user_format u = {0};
	const struct tb_logformat *own[] = {NULL, NULL};
	char *want;

	write_logs((uint64_t)_i + 1, n);
	make_format(&u, n);
	own[0] = &u.format;
	want = read_text("own.csv", (struct tb_row_options){.reading = {.strict = true}});
	check_ways("own.csv", NULL, want);
	/* --map, and a format file whose format is recognised. */
	check_ways("other.csv", &(struct tb_format_choice){.forced = &u.format}, want);
	check_ways("other.csv", &(struct tb_format_choice){.own = own}, want);
	free(want);
	tb_user_format_release(&u);
}
END_TEST

/* ---- row by row ---- */

struct reader {
	struct tb_columns columns;
	struct tb_span cells[COLUMNS];
	char room[COLUMNS][CELL];
};

static void begin(struct reader *r, size_t n, const struct tb_format_choice *choice,
		  const char *mark)
{
	struct tb_problems problems = {0};
	struct tb_span names[COLUMNS];
	char room[COLUMNS][CELL];
	struct tb_err err = {0};

	for (size_t c = 0; c < n; c++) {
		snprintf(room[c], sizeof(room[c]), "%s%s", mark, columns[c].name);
		names[c] = tb_span_of(room[c]);
	}
	ck_assert_int_eq(tb_columns_read(&r->columns, names, n, choice, NULL, 0, "log.csv", 1,
					 &problems, &err),
			 TB_OK);
}

/* Texts with digits behind them, which must not be counted. */
static void fill(struct reader *r, size_t n, uint64_t *seed)
{
	for (size_t c = 0; c < n; c++) {
		const char *text = text_for(c, seed);

		memset(r->room[c], '7', sizeof(r->room[c]));
		memcpy(r->room[c], text, strlen(text));
		r->cells[c] = (struct tb_span){r->room[c], strlen(text)};
	}
}

static void add_usage(struct tb_buf *b, bool good, const struct tb_usage *u,
		      const struct tb_problem *why)
{
	if (!good) {
		tb_problem_text(why, b);
		return;
	}
	tb_buf_printf(b, "%lld %d %d %d [%.*s][%.*s][%.*s] x%llu", (long long)u->instant,
		      u->date_only, (int)u->tier, (int)u->context, (int)u->model.n, u->model.p,
		      (int)u->id.n, u->id.p, (int)u->region.n, u->region.p,
		      (unsigned long long)u->requests);
	for (int m = 0; m < TB_METERS; m++)
		tb_buf_printf(b, " %llu", (unsigned long long)u->tokens[m]);
}

static char *read_row(const struct reader *r,
		      bool (*read)(const struct tb_columns *columns, const struct tb_span *cells,
				   struct tb_row_rules *rules, struct tb_usage *out,
				   struct tb_problem *why))
{
	struct tb_row_rules rules = {0};
	struct tb_usage u = {0};
	struct tb_problem why = {0};
	struct tb_buf text = {0};
	bool good = read(&r->columns, r->cells, &rules, &u, &why);

	add_usage(&text, good, &u, &why);
	ck_assert(!text.failed);
	return text.p;
}

START_TEST(fast_reader_follows_the_rules)
{
	size_t n = _i % 2 ? COLUMNS : COMMON;
	struct tb_user_format u = {0};
	struct reader r = {0};
	uint64_t seed = (uint64_t)_i + 1;

	make_format(&u, n);
	begin(&r, n, &(struct tb_format_choice){.forced = _i / 2 % 2 ? &u.format : NULL},
	      _i / 2 % 2 ? MARK : "");
	ck_assert(tb_columns_plain(&r.columns));
	for (int i = 0; i < 2000; i++) {
		char *fast, *slow;

		fill(&r, n, &seed);
		fast = read_row(&r, tb_row_parse);
		slow = read_row(&r, tb_convert_row);
		EXPECT(strcmp(fast, slow) == 0, "read fast:\n%s\nand by the rules:\n%s", fast,
		       slow);
		free(fast);
		free(slow);
	}
	tb_columns_release(&r.columns);
	tb_user_format_release(&u);
}
END_TEST

/* ---- which logs the fast reader may read ---- */

static const struct {
	const char *header;
	bool plain;
} headers[] = {
	{"timestamp,model,input_tokens,output_tokens", true},
	{"Created At,MODEL,prompt-tokens,Completion Tokens,Total Tokens", true},
	/* An export with the meanings of the own log; of two times the first counts. */
	{"start_time,end_time,num_model_requests,start_time_iso,model,input_tokens,output_tokens",
	 true},
	/* Cached reads apart, a column that has no meter, a vendor's prefix. */
	{"timestamp,model,input_tokens,cache_read_input_tokens,output_tokens", false},
	{"start_time,end_time,num_model_requests,model,input_tokens,output_tokens,"
	 "input_audio_tokens",
	 false},
	{"generation_id,created_at,tokens_prompt,tokens_completion,model_permaslug", false},
	{"start_time,end_time,num_model_requests", false},
};

START_TEST(plain_header)
{
	struct tb_problems problems = {0};
	struct tb_span names[COLUMNS];
	struct tb_columns c;
	struct tb_err err = {0};
	size_t n = 0;

	for (const char *p = headers[_i].header;; p++) {
		size_t len = strcspn(p, ",");

		names[n++] = (struct tb_span){p, len};
		p += len;
		if (!*p)
			break;
	}
	if (tb_columns_read(&c, names, n, NULL, NULL, 0, "log.csv", 1, &problems, &err) == TB_OK)
		ck_assert_int_eq(tb_columns_plain(&c), headers[_i].plain);
	else
		ck_assert(!headers[_i].plain);
	tb_columns_release(&c);
	tb_problems_release(&problems);
}
END_TEST

/* What the fast reader takes for a tier is that in every format. */
START_TEST(words_mean_the_same)
{
	static const enum tb_field fields[] = {TB_FIELD_BATCH, TB_FIELD_SERVICE_TIER,
					       TB_FIELD_CONTEXT};
	const struct tb_logcolumn *c;

	for (size_t i = 0; (c = tb_logformat_column(tb_logformats[_i], i)) != NULL; i++)
		for (size_t k = 0; k < LENGTH(fields); k++)
			for (const struct tb_logword *own = tb_fields[fields[k]].words, *w;
			     c->field == fields[k] && own->text; own++) {
				w = tb_logword_find(c->field, tb_logcolumn_words(c),
						    tb_span_of(own->text));
				ck_assert_msg(w && w->value == own->value, "%s: %s: %s",
					      tb_logformats[_i]->name, c->name, own->text);
			}
}
END_TEST

static size_t format_count(void)
{
	size_t n = 0;

	while (tb_logformats[n])
		n++;
	return n;
}

Suite *doors_suite(void)
{
	Suite *s = suite_create("doors");

	add_loop_in_dir(s, "doors/every door agrees", every_door_agrees, LOGS);
	add_loop(s, "doors/fast reader", fast_reader_follows_the_rules, ROUNDS);
	add_loop(s, "doors/plain headers", plain_header, LENGTH(headers));
	add_loop(s, "doors/words", words_mean_the_same, format_count());
	return s;
}
