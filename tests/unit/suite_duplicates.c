#include "helpers.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

enum { THREADS = 3, COLUMN = 1 };

/* A row for short: its id, what else differs, and where it stands. */
struct short_row {
	uint32_t id, content;
	size_t file;
	uint64_t line;
};

/* What is found of a row: what ask() says, and how often it was handed on as a copy. */
struct finding {
	enum tb_copy copy;
	struct tb_row_place other;
	uint64_t handed_on;
};

/* Rows that go through all three steps. */
struct question {
	const struct short_row *rows;
	size_t n;
	size_t memory;
	bool collide; /* all ids have one fingerprint */
	bool again;   /* file 0 is read on threads first, and that is taken back */
	struct finding *found;
	size_t threads; /* 0 is one */
};

static struct tb_usage usage_of(const struct short_row *r, struct tb_span *column, char *text)
{
	struct tb_usage u = {.file = r->file, .line = r->line, .columns = column, .requests = 1};

	u.tokens[TB_INPUT] = r->content;
	u.id = (struct tb_span){text, (size_t)snprintf(text, 20, "req_%u", r->id)};
	u.model = SPAN("model");
	*column = SPAN("team");
	return u;
}

static void note(struct tb_id_notes *notes, const struct short_row *r)
{
	struct tb_span column;
	struct tb_usage u;
	char text[20];

	u = usage_of(r, &column, text);
	tb_id_notes_add(notes, &u, 1);
}

static enum tb_status on_copy(void *ctx, size_t thread, const struct tb_usage *u,
			      struct tb_err *err)
{
	const struct question *q = ctx;

	(void)err;
	EXPECT(thread < THREADS && tb_span_is(u->model, "model") && u->requests == 1 &&
		       tb_span_is(u->columns[0], "team"),
	       "a copy is not the row it was");
	for (size_t i = 0; i < q->n; i++)
		if (q->rows[i].file == u->file && q->rows[i].line == u->line) {
			EXPECT(u->tokens[TB_INPUT] == q->rows[i].content, "content");
			/* Threads have different rows. */
			q->found[i].handed_on++;
		}
	return TB_OK;
}

static enum tb_status describe(const struct question *q, struct tb_duplicates *d,
			       struct tb_id_notes *notes[THREADS], struct tb_err *err)
{
	const struct tb_line_marks *suspects = tb_duplicates_suspects(d);

	for (size_t i = 0; i < q->n; i++) {
		struct tb_span column;
		struct tb_usage u;
		char text[20];

		u = usage_of(&q->rows[i], &column, text);
		if (tb_line_marks_has(suspects, u.file, u.line))
			TB_TRY(tb_id_notes_describe(notes[i % THREADS], &u, err));
	}
	return TB_OK;
}

static void note_all(const struct question *q, struct tb_id_notes *notes[THREADS])
{
	for (size_t i = 0; q->again && i < q->n; i++)
		if (q->rows[i].file == 0)
			note(notes[1 + i % (THREADS - 1)], &q->rows[i]);
	for (size_t k = 0; q->again && k < THREADS; k++)
		tb_id_notes_forget(notes[k], 0);
	for (size_t i = 0; i < q->n; i++)
		note(notes[q->again ? 0 : i * 7 % THREADS], &q->rows[i]);
}

static enum tb_status go_through(const struct question *q, struct tb_duplicates *d,
				 struct tb_err *err)
{
	struct tb_id_notes *notes[THREADS];
	uint64_t suspects;

	for (size_t k = 0; k < THREADS; k++)
		if (!(notes[k] = tb_duplicates_notes(d)))
			return tb_fail_nomem(err);
	note_all(q, notes);
	TB_TRY(tb_duplicates_find(d, q->threads + !q->threads, &suspects, err));
	if (!suspects)
		return TB_OK;
	TB_TRY(describe(q, d, notes, err));
	TB_TRY(tb_duplicates_solve(d, q->threads + !q->threads, on_copy, (void *)(uintptr_t)q,
				   err));
	for (size_t i = 0; i < q->n; i++)
		q->found[i].copy =
			tb_duplicates_ask(d, q->rows[i].file, q->rows[i].line, &q->found[i].other);
	return TB_OK;
}

static enum tb_status answer(const struct question *q, struct tb_err *err)
{
	static const struct tb_fingerprint_key zero;
	const struct tb_duplicates_options options = {
		.memory = q->memory, .asked = COLUMN, .key = q->collide ? &zero : NULL};
	struct tb_duplicates *d = tb_duplicates_new(&options);
	enum tb_status st = d ? go_through(q, d, err) : tb_fail_nomem(err);

	tb_duplicates_free(d);
	return st;
}

/* ---- the same, by comparing each row with each other ---- */

static bool before(const struct short_row *a, const struct short_row *b)
{
	return a->file != b->file ? a->file < b->file : a->line < b->line;
}

/* The first row of that id, and of (or not of) that content. */
static const struct short_row *first_of(const struct question *q, const struct short_row *r,
					bool any, bool same)
{
	const struct short_row *first = NULL;

	for (size_t i = 0; i < q->n; i++) {
		const struct short_row *x = &q->rows[i];

		if (x->id == r->id && (any || (x->content == r->content) == same) &&
		    (!first || before(x, first)))
			first = x;
	}
	return first;
}

static void expect_found(const struct question *q)
{
	for (size_t i = 0; i < q->n; i++) {
		const struct short_row *r = &q->rows[i];
		const struct short_row *other = first_of(q, r, false, false),
				       *first = first_of(q, r, true, true);
		const struct finding *f = &q->found[i];
		bool copy = first_of(q, r, false, true) != r;

		EXPECT(f->handed_on == copy, "row %zu was handed on %u times", i,
		       (unsigned)f->handed_on);
		EXPECT(f->copy == (copy    ? TB_COPY_SAME
				   : other ? TB_COPY_CONFLICT
					   : TB_COPY_NONE),
		       "row %zu: %d", i, (int)f->copy);
		other = first == r ? other : first;
		EXPECT(f->copy != TB_COPY_CONFLICT ||
			       (f->other.file == other->file && f->other.line == other->line),
		       "row %zu: the other", i);
	}
}

static void check(struct question *q)
{
	struct tb_err err = {0};

	q->found = calloc(q->n + 1, sizeof(*q->found));
	ck_assert_ptr_nonnull(q->found);
	ck_assert_msg(answer(q, &err) == TB_OK, "%s", err.text);
	expect_found(q);
	free(q->found);
}

/* ---- rows that are written down ---- */

static const struct {
	const char *rows, *found; /* an id and a content each; . none, = a copy, ! a conflict */
} cases[] = {
	{"", ""},          {"a1", "."},          {"a1b1c1", "..."},    {"a1a1", ".="},
	{"a1a1a1", ".=="}, {"a1b1a1b1", "..=="}, {"a1a2", "!!"},       {"a1a2a3", "!!!"},
	{"a1a2a1", "!!="}, {"a1a1a2", "!=!"},    {"a1b1a2b1", "!.!="}, {"a1b2c3b2", "...="},
};

/* In whatever order the rows were noted. */
START_TEST(written_down)
{
	static const char letters[] = {'.', '=', '!'};
	size_t n = strlen(cases[_i].rows) / 2;
	struct short_row rows[8];
	struct finding out[8];

	for (size_t shift = 0; shift < n + 1; shift++) {
		struct question q = {.rows = rows, .n = n, .found = out};
		struct tb_err err = {0};

		memset(out, 0, sizeof(out));
		for (size_t i = 0; i < n; i++) {
			size_t k = (i * (n > 1 ? n - 1 : 1) + shift) % n;
			const char *row = cases[_i].rows + 2 * k;

			rows[i] = (struct short_row){(uint32_t)row[0], (uint32_t)row[1], 1, k + 1};
		}
		ck_assert_msg(answer(&q, &err) == TB_OK, "%s", err.text);
		for (size_t i = 0; i < n; i++)
			ck_assert_int_eq(letters[out[i].copy], cases[_i].found[rows[i].line - 1]);
	}
}
END_TEST

/* ---- rows by chance ---- */

static const struct {
	size_t n;
	uint32_t ids, contents;
	size_t memory;
	bool collide, again;
} random_cases[] = {
	{1000, 1 << 30, 3, 0, false, false}, /* hardly any id twice */
	{1000, 800, 1, 0, false, false},     {1000, 800, 2, 0, false, false},
	{1000, 800, 3, 1, false, false},     {1000, 10, 3, 0, false, false},
	{1000, 10, 400, 1, false, false},    {1000, 1, 1, 0, false, false},
	{1000, 1, 2, 1, false, false},       {1000, 1, 1 << 30, 1 << 20, false, false},
	{1000, 800, 2, 0, true, false},      {1000, 1 << 30, 2, 0, true, false},
	{1000, 800, 2, 0, false, true},      {1000, 1 << 30, 2, 1, false, true},
	{1000, 10, 3, 0, true, true},        {2, 1, 1, 0, false, true},
};

START_TEST(by_chance)
{
	struct short_row *rows = calloc(random_cases[_i].n, sizeof(*rows));
	struct question q = {.rows = rows,
			     .n = random_cases[_i].n,
			     .memory = random_cases[_i].memory,
			     .collide = random_cases[_i].collide,
			     .again = random_cases[_i].again,
			     .threads = (size_t)_i % (THREADS + 1)};
	uint64_t seed = (uint64_t)_i + 1, lines[3] = {1, 1, 1};

	ck_assert_ptr_nonnull(rows);
	for (size_t i = 0; i < q.n; i++) {
		size_t file = next_random(&seed) % 3;

		/* Lines with gaps, now and then beyond what one segment of places can hold. */
		lines[file] += 1 + next_random(&seed) % (i % 50 ? 3 : 100000);
		rows[i] =
			(struct short_row){(uint32_t)next_random(&seed) % random_cases[_i].ids,
					   (uint32_t)next_random(&seed) % random_cases[_i].contents,
					   file, lines[file]};
	}
	for (size_t i = q.n - 1; i > 0 && _i % 2; i--) { /* in no order */
		size_t k = next_random(&seed) % (i + 1);
		struct short_row r = rows[i];

		rows[i] = rows[k];
		rows[k] = r;
	}
	if (q.memory == 1)
		q.memory = 16 * q.n; /* contradictions need as much */
	check(&q);
	free(rows);
}
END_TEST

/* ---- what is content ---- */

static void change(struct tb_usage *u, int what)
{
	static const struct tb_span other[] = {BYTES("other")};

	switch (what) {
	case 0:
		u->instant++;
		break;
	case 1:
		u->date_only = true;
		break;
	case 2:
		u->tier = TB_FLEX;
		break;
	case 3:
		u->context = TB_CONTEXT_LONG;
		break;
	case 4:
		u->requests++;
		break;
	case 5:
		u->model = SPAN("n");
		break;
	case 6:
		u->columns = other;
		break;
	case 7:
		u->region = SPAN("us");
		break;
	case 8:
		u->has_reported = true;
		break;
	case 9:
		u->reported.limbs[0] += 1;
		break;
	case 10:
		u->reported.limbs[3] ^= UINT64_C(1) << 36;
		break;
	default:
		u->tokens[what - 11] += (uint64_t)1 << 62;
	}
}

enum { CHANGES = 11 + TB_METERS };

/* Two rows of one id; what the second is. */
static enum tb_copy second_is(const struct tb_usage rows[2], bool reported)
{
	const struct tb_duplicates_options options = {.asked = COLUMN, .reported = reported};
	struct tb_duplicates *d = tb_duplicates_new(&options);
	struct tb_id_notes *notes = d ? tb_duplicates_notes(d) : NULL;
	struct short_row places[2] = {{1, 1, 0, 1}, {1, 1, 0, 2}};
	struct finding found[2] = {{.handed_on = 0}};
	struct question q = {.rows = places, .n = 0, .found = found};
	struct tb_row_place other;
	struct tb_err err = {0};
	enum tb_copy copy;
	uint64_t suspects;

	ck_assert_ptr_nonnull(notes);
	tb_id_notes_add(notes, rows, 2);
	ck_assert_int_eq(tb_duplicates_find(d, 1, &suspects, &err), TB_OK);
	ck_assert_uint_eq(suspects, 2);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(tb_id_notes_describe(notes, &rows[i], &err), TB_OK);
	ck_assert_int_eq(tb_duplicates_solve(d, 1, on_copy, &q, &err), TB_OK);
	copy = tb_duplicates_ask(d, 0, 2, &other);
	tb_duplicates_free(d);
	return copy;
}

static struct tb_usage plain_row(uint64_t line)
{
	static const struct tb_span column[] = {BYTES("team")};
	struct tb_usage u = {.id = SPAN("a"),
			     .model = SPAN("model"),
			     .columns = column,
			     .requests = 1,
			     .line = line};

	return u;
}

/* Whatever has a say in the bill; the reported cost only where it is compared. */
START_TEST(content)
{
	struct tb_usage rows[2] = {plain_row(1), plain_row(2)};
	bool cost = _i >= 8 && _i <= 10;

	if (_i == 9 || _i == 10)
		rows[0].has_reported = rows[1].has_reported = true;
	change(&rows[1], _i);
	ck_assert_int_eq(second_is(rows, true), TB_COPY_CONFLICT);
	if (!cost)
		ck_assert_int_eq(second_is(rows, false), TB_COPY_CONFLICT);
	rows[1] = rows[0];
	rows[1].line = 2;
	ck_assert_int_eq(second_is(rows, true), TB_COPY_SAME);
}
END_TEST

START_TEST(reported_cost_is_no_content)
{
	struct tb_usage rows[2] = {plain_row(1), plain_row(2)};

	rows[1].has_reported = true;
	rows[1].reported = money("0.05");
	ck_assert_int_eq(second_is(rows, false), TB_COPY_SAME);
	rows[0].has_reported = true;
	ck_assert_int_eq(second_is(rows, false), TB_COPY_SAME);
}
END_TEST

/* What is handed on is the row, to the last of its fields. */
static enum tb_status check_whole(void *ctx, size_t thread, const struct tb_usage *u,
				  struct tb_err *err)
{
	const struct tb_usage *x = ctx;

	(void)thread;
	(void)err;
	ck_assert_int_eq(u->instant, x->instant);
	ck_assert_int_eq(u->date_only, x->date_only);
	ck_assert_int_eq(u->tier, x->tier);
	ck_assert_int_eq(u->context, x->context);
	ck_assert(tb_span_equal(u->model, x->model) && tb_span_equal(u->region, x->region));
	ck_assert(tb_span_equal(u->model_bare, x->model_bare) && tb_span_equal(u->id, x->id));
	ck_assert_uint_eq(u->requests, x->requests);
	ck_assert_mem_eq(u->tokens, x->tokens, sizeof(x->tokens));
	ck_assert(!u->idle && u->sums == x->sums && u->has_reported == x->has_reported);
	ck_assert(tb_money_compare(u->reported, x->reported) == 0);
	ck_assert(tb_span_equal(u->columns[0], x->columns[0]));
	ck_assert_uint_eq(u->file, x->file);
	ck_assert_uint_eq(u->line, x->line);
	return TB_OK;
}

START_TEST(handed_on_whole)
{
	static char long_id[70000];
	const struct tb_span column[] = {BYTES("a column")};
	struct tb_usage u = {.instant = 253402300799,
			     .date_only = true,
			     .tier = TB_PRIORITY,
			     .context = TB_CONTEXT_LONG,
			     .model = SPAN("vendor/model"),
			     .model_bare = SPAN("model"),
			     .region = SPAN("eu"),
			     .requests = UINT64_MAX >> 1,
			     .sums = true,
			     .has_reported = true,
			     .reported = {{1, 0, 0, UINT64_C(1) << 63}},
			     .columns = column,
			     .file = 3,
			     .line = (UINT64_C(1) << 20) + 1};
	const struct tb_duplicates_options options = {.asked = 1, .reported = true, .memory = 1};
	struct tb_duplicates *d = tb_duplicates_new(&options);
	struct tb_id_notes *notes = d ? tb_duplicates_notes(d) : NULL;
	struct tb_err err = {0};
	uint64_t suspects;

	ck_assert_ptr_nonnull(notes);
	memset(long_id, 'x', sizeof(long_id));
	u.id = (struct tb_span){long_id, sizeof(long_id)};
	for (int m = 0; m < TB_METERS; m++)
		u.tokens[m] = m % 3 ? UINT64_MAX >> m : 0;
	tb_id_notes_add(notes, &u, 1);
	u.line--;
	tb_id_notes_add(notes, &u, 1);
	ck_assert_int_eq(tb_duplicates_find(d, 1, &suspects, &err), TB_OK);
	ck_assert_uint_eq(suspects, 2);
	ck_assert_int_eq(tb_id_notes_describe(notes, &u, &err), TB_OK);
	u.line++;
	ck_assert_int_eq(tb_id_notes_describe(notes, &u, &err), TB_OK);
	ck_assert_msg(tb_duplicates_solve(d, 1, check_whole, &u, &err) == TB_OK, "%s", err.text);
	tb_duplicates_free(d);
}
END_TEST

/* ---- what goes wrong ---- */

enum { MANY = 100000 /* more than a chunk for each part holds */ };

static struct short_row *many_rows(uint32_t ids, uint32_t contents)
{
	struct short_row *rows = calloc(MANY, sizeof(*rows));

	ck_assert_ptr_nonnull(rows);
	for (uint32_t i = 0; i < MANY; i++)
		rows[i] = (struct short_row){i % ids, i % contents, 0, i + 1};
	return rows;
}

static enum tb_status answer_many(void *ctx, struct tb_err *err)
{
	const struct question *q = ctx;

	return answer(q, err);
}

START_TEST(out_of_memory)
{
	struct finding found[40] = {{.handed_on = 0}};
	struct short_row rows[40];
	struct question q = {.rows = rows, .n = LENGTH(rows), .found = found};

	for (uint32_t i = 0; i < LENGTH(rows); i++)
		rows[i] = (struct short_row){i % 20, i / 30, i % 2, i + 1};
	ck_assert_uint_gt(each_allocation_fails(answer_many, &q), 20);
}
END_TEST

/* Without a row that comes again, each in memory and beyond it. */
START_TEST(no_room_for_a_file)
{
	struct short_row *rows = many_rows(MANY, 1);
	struct question q = {.rows = rows, .n = MANY, .memory = 1};
	struct tb_err err = {0};

	ck_assert_int_eq(answer(&q, &err), TB_OK);
	ck_assert_int_eq(setenv("TMPDIR", "/nowhere/at/all", 1), 0);
	ck_assert_int_eq(answer(&q, &err), TB_IO);
	ck_assert_str_eq(err.text, "creating a temporary file (TMPDIR, else /tmp): No such file or "
				   "directory");
	unsetenv("TMPDIR");
	free(rows);
}
END_TEST

/* Contradictions are kept in memory, as many as it holds and not one more. */
START_TEST(too_many_conflicts)
{
	enum { PLACES = 16 };
	struct short_row *rows = many_rows(1, MANY);
	struct finding *found = calloc(MANY, sizeof(*found));
	struct question q = {
		.rows = rows, .n = MANY, .found = found, .memory = (size_t)(MANY - _i) * PLACES};
	struct tb_err err = {0};

	ck_assert_ptr_nonnull(found);
	ck_assert_int_eq(answer(&q, &err), _i ? TB_DATA : TB_OK);
	ck_assert_msg(!_i || strstr(err.text, "more than 99999 rows have the id of a row with "
					      "other content"),
		      "%s", err.text);
	free(found);
	free(rows);
}
END_TEST

static enum tb_status refuse_copy(void *ctx, size_t thread, const struct tb_usage *u,
				  struct tb_err *err)
{
	(void)ctx;
	(void)thread;
	(void)u;
	return tb_fail(err, TB_IO, "no more");
}

/* What whoever takes the copies cannot do stops it; so does a row that was not read again. */
START_TEST(stopped)
{
	struct tb_usage rows[2] = {plain_row(1), plain_row(2)};
	const struct tb_duplicates_options options = {.asked = COLUMN};
	struct tb_duplicates *d = tb_duplicates_new(&options);
	struct tb_id_notes *notes = d ? tb_duplicates_notes(d) : NULL;
	struct tb_err err = {0};
	uint64_t suspects;

	ck_assert_ptr_nonnull(notes);
	tb_id_notes_add(notes, rows, 2);
	ck_assert_int_eq(tb_duplicates_find(d, 1, &suspects, &err), TB_OK);
	ck_assert_int_eq(tb_id_notes_describe(notes, &rows[0], &err), TB_OK);
	ck_assert_int_eq(tb_duplicates_solve(d, 1, refuse_copy, NULL, &err), TB_INTERNAL);
	err = (struct tb_err){0};
	ck_assert_int_eq(tb_id_notes_describe(notes, &rows[1], &err), TB_OK);
	ck_assert_int_eq(tb_duplicates_solve(d, 2, refuse_copy, NULL, &err), TB_IO);
	ck_assert_str_eq(err.text, "no more");
	tb_duplicates_free(d);
}
END_TEST

Suite *duplicates_suite(void)
{
	Suite *s = suite_create("duplicates");

	add_loop(s, "duplicates/written down", written_down, LENGTH(cases));
	add_loop(s, "duplicates/by chance", by_chance, LENGTH(random_cases));
	add_loop(s, "duplicates/content", content, CHANGES);
	add_test(s, "duplicates/reported cost", reported_cost_is_no_content);
	add_test(s, "duplicates/handed on whole", handed_on_whole);
	add_test(s, "duplicates/out of memory", out_of_memory);
	add_test(s, "duplicates/no room for a file", no_room_for_a_file);
	add_loop(s, "duplicates/too many conflicts", too_many_conflicts, 2);
	add_test(s, "duplicates/stopped", stopped);
	return s;
}
