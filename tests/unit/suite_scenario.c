#include "billing/scenario_tally.h"
#include "helpers.h"
#include "suites.h"

#include <string.h>

#define RATES                                                                                      \
	"[a]\naliases = alias\nreplacement = b\ninput = 1\ncached_read = 0.1\noutput = 2\n"        \
	"batch_discount = 50%\n"                                                                   \
	"[b]\nreplacement = c\ninput = 3\noutput = 4\nlong_context_over = 1000\nlong_input = 6\n"  \
	"long_output = 8\n[c]\ninput = 5\noutput = 6\n"                                            \
	"[late @ 2026-09-01]\ninput = 1\noutput = 1\n[euro]\ncurrency = EUR\ninput = 1\n"          \
	"output = 1\n"

static const struct tb_move a_to_b[] = {{"a", "b"}}, circle[] = {{"a", "b"}, {"b", "a"}},
			    ring[] = {{"a", "b"}, {"b", "c"}, {"c", "a"}}, self[] = {{"a", "a"}},
			    pattern[] = {{"?", "c"}, {"a", "b"}}, typo[] = {{"aliass", "b"}},
			    no_goal[] = {{"a", "bb"}}, to_euro[] = {{"a", "euro"}},
			    to_late[] = {{"a", "late"}}, by_alias[] = {{"alias", "b"}};

#define MOVES(m) .moves = (m), .move_count = LENGTH(m), .scale = TB_PERCENT_WHOLE

static const struct {
	struct tb_scenario_spec wish;
	const char *target, *why; /* of a; why not */
} targets[] = {
	{{.scale = TB_PERCENT_WHOLE}, "a", NULL},
	{{MOVES(a_to_b)}, "b", NULL},
	{{MOVES(by_alias)}, "b", NULL},
	{{MOVES(self)}, "a", NULL},
	{{MOVES(pattern)}, "c", NULL},
	{{.replacements = true, .scale = TB_PERCENT_WHOLE}, "c", NULL},
	{{MOVES(circle)},
	 NULL,
	 "move: 'a' moves to 'b' and comes back to 'a': a circle; leave out one of the moves, such "
	 "as b=a"},
	{{MOVES(ring)},
	 NULL,
	 "move: 'a' moves to 'b' and comes back to 'a': a circle; leave out one of the moves, such "
	 "as c=a"},
	{{MOVES(typo)}, NULL, "move: 'aliass' is not in the rates; did you mean 'alias'?"},
	{{MOVES(no_goal)}, NULL, "move: 'bb' is not in the rates; did you mean 'b'?"},
};

START_TEST(target_of_a)
{
	struct tb_book *book = book_of(RATES);
	struct tb_scenario s;
	struct tb_err err = {0};
	enum tb_status st = tb_scenario_init(&s, &targets[_i].wish, book, book, &err);

	if (targets[_i].why) {
		ck_assert_int_eq(st, TB_USAGE);
		ck_assert_str_eq(err.text, targets[_i].why);
	} else {
		ck_assert_msg(st == TB_OK, "%s", err.text);
		ck_assert_str_eq(s.targets[era_of(book, "a", "2026-04-01")->number],
				 targets[_i].target);
	}
	tb_scenario_release(&s);
	tb_book_free(book);
}
END_TEST

START_TEST(replacements_in_a_circle)
{
	struct tb_book *book = book_of("[a]\ninput = 1\noutput = 1\nreplacement = b\n"
				       "[b]\ninput = 1\noutput = 1\nreplacement = a\n");
	const struct tb_scenario_spec wish = {.replacements = true};
	struct tb_scenario s;
	struct tb_err err = {0};

	ck_assert_int_eq(tb_scenario_init(&s, &wish, book, book, &err), TB_CONFIG);
	tb_scenario_release(&s);
	tb_book_free(book);
}
END_TEST

/* A row of a, its fate, and whether it would be a long context. */
static const struct {
	struct tb_scenario_spec wish;
	uint64_t input, requests;
	enum tb_context_told told;
	bool sums;
	enum tb_fate fate;
	enum tb_context context;
} rows[] = {
	{{MOVES(self)}, 2000, 1, TB_CONTEXT_UNTOLD, false, TB_FATE_PRICED, TB_BASE},
	{{MOVES(a_to_b)}, 1000, 1, TB_CONTEXT_UNTOLD, false, TB_FATE_PRICED, TB_BASE},
	{{MOVES(a_to_b)}, 1001, 1, TB_CONTEXT_UNTOLD, false, TB_FATE_PRICED, TB_LONG},
	{{MOVES(a_to_b)}, 1001, 1, TB_CONTEXT_BASE, false, TB_FATE_PRICED, TB_LONG},
	{{MOVES(a_to_b)}, 1001, 2, TB_CONTEXT_LONG, false, TB_FATE_PRICED, TB_BASE},
	{{MOVES(a_to_b)}, 1001, 1, TB_CONTEXT_UNTOLD, true, TB_FATE_CONTEXT, TB_LONG},
	{{MOVES(a_to_b)}, 1000, 1, TB_CONTEXT_UNTOLD, true, TB_FATE_PRICED, TB_BASE},
	{{MOVES(to_euro)}, 5, 1, TB_CONTEXT_UNTOLD, false, TB_FATE_CURRENCY, TB_BASE},
	{{MOVES(to_late)}, 5, 1, TB_CONTEXT_UNTOLD, false, TB_FATE_TOO_EARLY, TB_BASE},
};

START_TEST(fate_of_a_row)
{
	struct tb_book *book = book_of(RATES);
	struct tb_usage u = {.model = SPAN("a"),
			     .instant = instant_of("2026-04-01"),
			     .requests = rows[_i].requests,
			     .context = rows[_i].told,
			     .sums = rows[_i].sums,
			     .tokens = {[TB_INPUT] = rows[_i].input}};
	struct tb_rater rater = {.book = book}, now = {.book = book};
	struct tb_problem why;
	struct tb_scenario s;
	struct tb_rated rated;
	struct tb_would_be t;
	struct tb_cell_key key = {0};
	struct tb_err err = {0};

	ck_assert_int_eq(tb_scenario_init(&s, &rows[_i].wish, book, book, &err), TB_OK);
	ck_assert(tb_rate_usage(&rater, &u, &rated, &why));
	t = tb_scenario_target(&s, &now, &u, &rated);
	ck_assert_int_eq(t.fate, rows[_i].fate);
	key.tag = tb_would_be_tag(&t);
	t = tb_would_be_of(&key);
	ck_assert_int_eq(t.fate, rows[_i].fate);
	ck_assert_int_eq(t.terms.context, rows[_i].context);
	tb_scenario_release(&s);
	tb_book_free(book);
}
END_TEST

/* Shares of 1,000,000 input and as many output tokens of a. */
static const struct {
	struct tb_shares shares;
	const char *cost;
} costs[] = {
	{{TB_SHARE_NONE, TB_SHARE_NONE, 10000}, "3.00"},
	{{0, TB_SHARE_NONE, 10000}, "3.00"},
	{{10000, TB_SHARE_NONE, 10000}, "1.50"},
	{{4000, TB_SHARE_NONE, 10000}, "2.40"},
	{{TB_SHARE_NONE, 0, 10000}, "3.00"},
	{{TB_SHARE_NONE, 10000, 10000}, "2.10"},
	{{TB_SHARE_NONE, 6000, 10000}, "2.46"},
	{{TB_SHARE_NONE, TB_SHARE_NONE, 0}, "0.00"},
	{{TB_SHARE_NONE, TB_SHARE_NONE, 12000}, "3.60"},
	{{1, 1, 1}, "0.00029997600045"},
};

START_TEST(cost_of_shares)
{
	struct tb_book *book = book_of(RATES);
	const struct tb_scenario_spec wish = {.scale = TB_PERCENT_WHOLE};
	const struct tb_cell cell = {.tokens = {[TB_INPUT] = 1000000, [TB_OUTPUT] = 1000000}};
	struct tb_would_be t = {.era = era_of(book, "a", "2026-04-01")->number};
	struct tb_money expected = money(costs[_i].cost), cost;
	struct tb_scenario s;
	struct tb_err err = {0};
	char text[TB_MONEY_TEXT];

	ck_assert_int_eq(tb_scenario_init(&s, &wish, book, book, &err), TB_OK);
	ck_assert(tb_scenario_cost(&s, &t, costs[_i].shares, &cell, &cost));
	ck_assert_msg(tb_money_compare(cost, expected) == 0, "%s", tb_money_text(cost, text));
	tb_scenario_release(&s);
	tb_book_free(book);
}
END_TEST

/* One part that counted all rows, and two merged, agree. */
START_TEST(parts_merge)
{
	static const struct tb_grouping grouping = {.columns = {{.by = TB_BY_MODEL}}, .count = 1};
	struct tb_book *book = book_of(RATES);
	const struct tb_scenario_spec wish = {MOVES(a_to_b)};
	struct tb_scenario s;
	struct tb_scenario_tally what = {&s, 1, &grouping};
	struct tb_scenario_tally_part *parts[2];
	struct tb_rater rater = {.book = book};
	struct tb_problem why;
	struct tb_rated rated;
	struct tb_err err = {0};

	ck_assert_int_eq(tb_scenario_init(&s, &wish, book, book, &err), TB_OK);
	for (int i = 0; i < 2; i++)
		parts[i] = tb_scenario_tally_new(&what);
	for (uint64_t i = 0; i < 40; i++) {
		struct tb_usage u = {.model = SPAN("a"),
				     .instant = instant_of("2026-04-01") + (int64_t)i,
				     .requests = 1,
				     .tokens = {[TB_INPUT] = 990 + i}};
		struct tb_scenario_tally_part *p = parts[i % 2];

		ck_assert(tb_rate_usage(&rater, &u, &rated, &why));
		if (!tb_scenario_tally_add_alike(p, &u))
			ck_assert_int_eq(tb_scenario_tally_add(p, &u, &rated, 20544, &err), TB_OK);
		u.model = SPAN("x");
		ck_assert_int_eq(tb_scenario_tally_unpriced(p, &u, &err), TB_OK);
	}
	ck_assert_int_eq(tb_scenario_tally_merge(parts[0], parts[1], 2, &err), TB_OK);
	ck_assert_uint_eq(tb_tally_count(parts[0]->tallies[0]), 2);
	/* 990 to 1000 are base, 11 of them; 1001 to 1029 are long. */
	ck_assert(tb_tally_cell(parts[0]->tallies[0], (struct tb_cell_at){0, 0}).requests == 11);
	ck_assert(tb_tally_cell(parts[0]->tallies[0], (struct tb_cell_at){0, 1}).requests == 29);
	ck_assert_uint_eq(parts[0]->unpriced.n, 1);
	ck_assert(parts[0]->unpriced_requests[0] == 40);
	tb_scenario_tally_clear(parts[0]);
	ck_assert_uint_eq(tb_tally_count(parts[0]->tallies[0]), 0);
	for (int i = 0; i < 2; i++)
		tb_scenario_tally_free(parts[i]);
	tb_scenario_release(&s);
	tb_book_free(book);
}
END_TEST

Suite *scenario_suite(void)
{
	Suite *s = suite_create("scenario");

	add_loop(s, "scenario/targets", target_of_a, LENGTH(targets));
	add_test(s, "scenario/circle", replacements_in_a_circle);
	add_loop(s, "scenario/rows", fate_of_a_row, LENGTH(rows));
	add_loop(s, "scenario/costs", cost_of_shares, LENGTH(costs));
	add_test(s, "scenario/merge", parts_merge);
	return s;
}
