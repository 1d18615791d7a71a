#include "billing/text_groups.h"
#include "helpers.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Not random, so that the tests can look for texts that collide. */
static const struct tb_hash_key hash_key = {1, 2};

enum { TEXTS = 300, CLASSES = 21, ROWS = 30000 };

/* Texts of all lengths around those that stand in a group itself; number 0 is empty. */
static struct tb_span text_of(uint32_t i, char room[64])
{
	static const char tail[] = "-and-a-tail-of-some-length";
	int n = snprintf(room, 64, "%u%.*s", (unsigned)(i * 7919u), (int)(i % sizeof(tail)), tail);

	return (struct tb_span){room, i ? (size_t)n : 0};
}

static enum tb_status count_text(struct tb_text_groups *g, struct tb_span text, uint32_t class,
				 const struct tb_usage *u)
{
	struct tb_group_key key = tb_text_groups_key(g, text);

	tb_text_groups_fetch(g, &key);
	tb_text_groups_fetch_cells(g, &key);
	return tb_text_groups_count(g, &key, class, u);
}

static enum tb_status add_text(struct tb_text_groups *g, struct tb_span text, uint32_t class,
			       const struct tb_cell *x)
{
	struct tb_group_key key = tb_text_groups_key(g, text);

	return tb_text_groups_add(g, &key, class, x);
}

/* What the groups should hold, as plain sums. */
static struct tb_cell expected[TEXTS][CLASSES];

/* Mostly small counts; now and then one near the limit of 31, 32 or 63 bits. */
static uint64_t random_count(uint64_t *seed)
{
	static const uint64_t large[] = {INT32_MAX, UINT32_MAX, INT64_MAX, 1u << 30};

	if (next_random(seed) % 16 == 0)
		return large[next_random(seed) % LENGTH(large)];
	return next_random(seed) % 1000;
}

static struct tb_usage random_usage(uint64_t *seed)
{
	struct tb_usage u = {.requests = random_count(seed)};

	for (int m = 0; m < TB_METERS; m++)
		u.tokens[m] = next_random(seed) % 4 ? 0 : random_count(seed);
	return u;
}

/* Counts a row, or adds one that reports its cost; texts differ in how many classes they have. */
static void put_row(struct tb_text_groups *g, uint64_t *seed)
{
	uint32_t text = (uint32_t)(next_random(seed) % TEXTS);
	uint32_t class = (uint32_t)(next_random(seed) % (1 + text % CLASSES));
	struct tb_usage u = random_usage(seed);
	struct tb_cell x = {.reported = MONEY_UNIT};
	char room[64];

	tb_cell_count(&x, &u);
	if (next_random(seed) % 8) {
		x.reported = TB_NO_MONEY;
		ck_assert_int_eq(count_text(g, text_of(text, room), class, &u), TB_OK);
	} else {
		ck_assert_int_eq(add_text(g, text_of(text, room), class, &x), TB_OK);
	}
	ck_assert(tb_cell_add(&expected[text][class], &x));
}

static bool is_empty(const struct tb_cell *cell)
{
	static const struct tb_cell empty;

	return memcmp(cell, &empty, sizeof(empty)) == 0;
}

static uint32_t number_of(struct tb_span text)
{
	char room[64];

	for (uint32_t i = 0; i < TEXTS; i++)
		if (tb_span_equal(text, text_of(i, room)))
			return i;
	ck_abort_msg("'%.*s' is no text of these", (int)text.n, text.p);
	return 0;
}

/* Every cell once, and nothing else; forgets what was expected. */
static void check_cells(const struct tb_text_groups *g)
{
	size_t cells = 0;

	for (size_t n = 0; n < tb_text_groups_bound(g); n++)
		for (size_t i = 0; i < tb_text_groups_size(g, n); i++, cells++) {
			uint32_t text = number_of(tb_text_groups_text(g, n));
			uint32_t class = tb_text_groups_class(g, n, i);
			struct tb_cell cell;

			tb_text_groups_prefetch(g, n);
			tb_text_groups_prefetch_cells(g, n);
			tb_text_groups_cell(g, n, i, &cell);
			EXPECT(memcmp(&cell, &expected[text][class], sizeof(cell)) == 0,
			       "text %u, class %u", (unsigned)text, (unsigned)class);
			expected[text][class] = (struct tb_cell){0};
		}
	ck_assert_uint_eq(cells, g->cells);
	for (int t = 0; t < TEXTS; t++)
		for (int c = 0; c < CLASSES; c++)
			EXPECT(is_empty(&expected[t][c]), "text %d, class %d is missing", t, c);
}

START_TEST(sums_are_exact)
{
	struct tb_text_groups g;
	uint64_t seed = 11;

	tb_text_groups_init(&g, hash_key, 0);
	for (int i = 0; i < ROWS; i++)
		put_row(&g, &seed);
	check_cells(&g);
	tb_text_groups_release(&g);
	ck_assert_uint_eq(tb_text_groups_bound(&g), 0);
	put_row(&g, &seed);
	check_cells(&g);
	tb_text_groups_release(&g);
}
END_TEST

/* Dealt to three, whose classes have other names, and joined again. */
START_TEST(parts_merge_to_the_whole)
{
	enum { DEALT = 3 };
	struct tb_text_groups g[DEALT];
	uint32_t classes[CLASSES];
	uint64_t seed = 12;

	for (int i = 0; i < DEALT; i++)
		tb_text_groups_init(&g[i], hash_key, 0);
	for (int i = 0; i < ROWS; i++)
		put_row(&g[i % DEALT], &seed);
	for (uint32_t c = 0; c < CLASSES; c++)
		classes[c] = c;
	for (int i = 1; i < DEALT; i++) {
		for (size_t part = TB_GROUP_PARTS; part-- > 0;)
			ck_assert_int_eq(tb_text_groups_merge(&g[0], &g[i], part, classes), TB_OK);
		ck_assert(tb_text_groups_recount(&g[0]));
	}
	check_cells(&g[0]);
	for (int i = 0; i < DEALT; i++)
		tb_text_groups_release(&g[i]);
}
END_TEST

/* Most texts are in one of the two alone, and there are many: what is joined has to grow. */
START_TEST(many_texts_merge)
{
	enum { MANY = 20000, BOTH = 500 };
	static const uint32_t classes[] = {0};
	struct tb_usage u = {.requests = 1};
	struct tb_text_groups g[2];
	size_t cells = 0, twice = 0;
	char room[64];

	for (uint32_t k = 0; k < 2; k++) {
		tb_text_groups_init(&g[k], hash_key, 0);
		for (uint32_t i = k * (MANY / 2 - BOTH); i < (k + 1) * (MANY / 2); i++)
			ck_assert_int_eq(count_text(&g[k], text_of(i, room), 0, &u), TB_OK);
	}
	for (size_t part = 0; part < TB_GROUP_PARTS; part++)
		ck_assert_int_eq(tb_text_groups_merge(&g[0], &g[1], part, classes), TB_OK);
	ck_assert(tb_text_groups_recount(&g[0]));
	for (size_t n = 0; n < tb_text_groups_bound(&g[0]); n++)
		for (size_t i = 0; i < tb_text_groups_size(&g[0], n); i++, cells++) {
			struct tb_cell cell;

			tb_text_groups_cell(&g[0], n, i, &cell);
			twice += cell.requests == 2;
		}
	ck_assert_uint_eq(cells, MANY);
	ck_assert_uint_eq(g[0].cells, MANY);
	ck_assert_uint_eq(twice, BOTH);
	tb_text_groups_release(&g[0]);
	tb_text_groups_release(&g[1]);
}
END_TEST

START_TEST(classes_are_renamed)
{
	static const uint32_t classes[] = {5, 3};
	struct tb_usage u = {.requests = 1};
	struct tb_text_groups a, b;

	tb_text_groups_init(&a, hash_key, 0);
	tb_text_groups_init(&b, hash_key, 0);
	ck_assert_int_eq(count_text(&a, SPAN("x"), 3, &u), TB_OK);
	ck_assert_int_eq(count_text(&b, SPAN("x"), 0, &u), TB_OK);
	ck_assert_int_eq(count_text(&b, SPAN("x"), 1, &u), TB_OK);
	for (size_t part = 0; part < TB_GROUP_PARTS; part++)
		ck_assert_int_eq(tb_text_groups_merge(&a, &b, part, classes), TB_OK);
	ck_assert(tb_text_groups_recount(&a));
	ck_assert_uint_eq(a.cells, 2);
	for (size_t n = 0; n < tb_text_groups_bound(&a); n++)
		for (size_t i = 0; i < tb_text_groups_size(&a, n); i++) {
			struct tb_cell cell;

			tb_text_groups_cell(&a, n, i, &cell);
			ck_assert_uint_eq(tb_text_groups_class(&a, n, i), i ? 5 : 3);
			ck_assert(cell.requests == (i ? 1 : 2));
		}
	tb_text_groups_release(&a);
	tb_text_groups_release(&b);
}
END_TEST

struct hashed {
	uint64_t hash; /* what the groups use of it */
	uint32_t number;
};

static int compare_hashed(const void *pa, const void *pb)
{
	const struct hashed *a = pa, *b = pb;

	return (a->hash > b->hash) - (a->hash < b->hash);
}

/* Two texts that the hash does not tell apart: one part, one slot, one mark. */
START_TEST(collisions_are_told_apart)
{
	enum { MANY = 1500000 };
	struct hashed *all = calloc(MANY, sizeof(*all));
	struct tb_usage u = {.requests = 1};
	size_t pairs = 0;
	char text[32];

	ck_assert_ptr_nonnull(all);
	for (uint32_t i = 0; i < MANY; i++) {
		int n = snprintf(text, sizeof(text), "%07u-a-long-text", (unsigned)i);
		uint64_t hash = tb_hash(hash_key, text, (size_t)n - (i % 2 ? 0 : 7));

		all[i].hash = hash & (((uint64_t)TB_GROUP_PARTS << 32) - 1);
		all[i].number = i;
	}
	qsort(all, MANY, sizeof(*all), compare_hashed);
	for (size_t i = 1; i < MANY; i++) {
		struct tb_text_groups g;

		if (all[i].hash != all[i - 1].hash)
			continue;
		pairs++;
		tb_text_groups_init(&g, hash_key, 0);
		for (size_t k = 0; k < 4; k++) {
			uint32_t number = all[i - k % 2].number;
			int n = snprintf(text, sizeof(text), "%07u-a-long-text", (unsigned)number);
			struct tb_span s = {text, (size_t)n - (number % 2 ? 0 : 7)};

			ck_assert_int_eq(count_text(&g, s, 0, &u), TB_OK);
		}
		ck_assert_uint_eq(g.cells, 2);
		tb_text_groups_release(&g);
	}
	ck_assert_uint_gt(pairs, 1);
	free(all);
}
END_TEST

START_TEST(limit)
{
	struct tb_usage u = {.requests = 1};
	uint32_t classes[] = {0, 1, 2};
	struct tb_text_groups g, other;

	tb_text_groups_init(&g, hash_key, 2);
	tb_text_groups_init(&other, hash_key, 2);
	ck_assert_int_eq(count_text(&g, SPAN("a"), 0, &u), TB_OK);
	ck_assert_int_eq(count_text(&g, SPAN("a"), 1, &u), TB_OK);
	ck_assert_int_eq(count_text(&g, SPAN("a"), 2, &u), TB_DATA);
	ck_assert_int_eq(count_text(&g, SPAN("b"), 0, &u), TB_DATA);
	ck_assert_int_eq(count_text(&g, SPAN("b"), 0, &u), TB_DATA);
	ck_assert_int_eq(count_text(&g, SPAN("a"), 1, &u), TB_OK);
	ck_assert_uint_eq(g.cells, 2);
	ck_assert_int_eq(count_text(&other, SPAN("b"), 2, &u), TB_OK);
	for (size_t part = 0; part < TB_GROUP_PARTS; part++)
		ck_assert_int_eq(tb_text_groups_merge(&g, &other, part, classes), TB_OK);
	ck_assert(!tb_text_groups_recount(&g));
	ck_assert(tb_text_groups_recount(&other));
	tb_text_groups_release(&g);
	tb_text_groups_release(&other);
}
END_TEST

START_TEST(reported_beyond_the_limit)
{
	struct tb_cell most = {.reported = money(MONEY_TOP)}, one = {.reported = MONEY_UNIT};
	uint32_t classes[] = {0};
	enum tb_status st = TB_OK;
	struct tb_text_groups g, other;

	tb_text_groups_init(&g, hash_key, 0);
	tb_text_groups_init(&other, hash_key, 0);
	ck_assert_int_eq(add_text(&g, SPAN("a"), 0, &most), TB_OK);
	ck_assert_int_eq(add_text(&g, SPAN("a"), 0, &one), TB_INTERNAL);
	ck_assert_int_eq(add_text(&g, SPAN("b"), 0, &most), TB_OK);
	ck_assert_int_eq(add_text(&other, SPAN("b"), 0, &one), TB_OK);
	for (size_t part = 0; part < TB_GROUP_PARTS && st == TB_OK; part++)
		st = tb_text_groups_merge(&g, &other, part, classes);
	ck_assert_int_eq(st, TB_INTERNAL);
	tb_text_groups_release(&g);
	tb_text_groups_release(&other);
}
END_TEST

/* Texts long and short, cells that move, meters that come late, and some counts too large. */
static enum tb_status count_and_merge(void *ctx, struct tb_err *err)
{
	uint32_t classes[] = {0, 1, 2, 3};
	enum tb_status st = TB_OK;
	struct tb_text_groups g[2];
	char room[64];

	(void)ctx;
	(void)err;
	tb_text_groups_init(&g[0], hash_key, 0);
	tb_text_groups_init(&g[1], hash_key, 0);
	for (uint32_t i = 0; i < 200 && st == TB_OK; i++) {
		struct tb_usage u = {.requests = 1, .tokens = {1u << 30}};

		u.tokens[i / 8 % TB_METERS] = 1;
		st = count_text(&g[i / 2 % 2], text_of(i % 31 + i / 2 % 2 * 15, room), i % 4, &u);
	}
	for (size_t part = 0; part < TB_GROUP_PARTS && st == TB_OK; part++)
		st = tb_text_groups_merge(&g[0], &g[1], part, classes);
	tb_text_groups_release(&g[0]);
	tb_text_groups_release(&g[1]);
	return st;
}

START_TEST(out_of_memory)
{
	ck_assert_uint_gt(each_allocation_fails(count_and_merge, NULL), 100);
}
END_TEST

Suite *text_groups_suite(void)
{
	Suite *s = suite_create("text_groups");

	add_test(s, "text_groups/sums", sums_are_exact);
	add_test(s, "text_groups/merge", parts_merge_to_the_whole);
	add_test(s, "text_groups/merge of many", many_texts_merge);
	add_test(s, "text_groups/classes", classes_are_renamed);
	add_test(s, "text_groups/collisions", collisions_are_told_apart);
	add_test(s, "text_groups/limit", limit);
	add_test(s, "text_groups/reported beyond the limit", reported_beyond_the_limit);
	add_test(s, "text_groups/out of memory", out_of_memory);
	return s;
}
