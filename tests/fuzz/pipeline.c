/*
 * pipeline - a rate file and a log, with "\n%%\n" between, through to the report.
 *
 * Every way of reading gives the same report; rows and tokens are conserved; the log cut in two
 * gives the same report, and the reports of the halves add up to it.
 *
 * The first byte chooses what the rows are gathered by, the second how the log is read, the third
 * where it is cut.
 */
#include "agree.h"
#include "fuzz.h"
#include "run/run.h"
#include "stations.h"

#include <stdlib.h>

static const struct tb_grouping groupings[] = {
	{.columns = {{.by = TB_BY_DATE, .name = "date"}, {.by = TB_BY_MODEL, .name = "model"}},
	 .count = 2},
	{.columns = {{.by = TB_BY_MODEL, .name = "model"}}, .count = 1, .compare = true},
	{.columns = {{.by = TB_BY_COLUMN, .name = "note"}}, .count = 1},
	{.columns = {{.by = TB_BY_TIER, .name = "tier"}, {.by = TB_BY_DATE, .name = "date"}},
	 .count = 2,
	 .period = TB_PERIOD_WEEK},
	{.columns = {{.by = TB_BY_PROVIDER, .name = "provider"},
		     {.by = TB_BY_COLUMN, .name = "note"},
		     {.by = TB_BY_MODEL, .name = "model"}},
	 .count = 3},
};

/* What is asked, and of which book. */
struct question {
	const struct tb_book *book;
	const struct tb_grouping *grouping;
};

struct outcome {
	enum tb_status status;
	struct tb_facts facts; /* numbers alone */
	uint64_t problems;
	struct tb_buf report;
	struct tb_report_row *totals;
	size_t total_count;
};

static void release(struct outcome *o)
{
	tb_buf_release(&o->report);
	free(o->totals);
}

static void keep_report(struct outcome *o, const struct tb_report *r)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	struct tb_report_sheet s;
	const struct tb_sheet *sheet = &s.sheet;
	struct tb_err err = {0};

	EXPECT(out);
	EXPECT(tb_report_sheet_init(&s, r, NULL, 0, &err) == TB_OK);
	EXPECT(tb_write_csv(&(struct tb_sheets){"", &sheet, 1},
			    &(struct tb_write_options){.color = false}, out, &err) == TB_OK);
	tb_report_sheet_release(&s);
	EXPECT(fclose(out) == 0);
	tb_buf_add(&o->report, text, n);
	free(text);
	o->total_count = r->total_count;
	o->totals = calloc(r->total_count + 1, sizeof(*o->totals));
	EXPECT(o->totals);
	if (r->total_count)
		memcpy(o->totals, r->totals, r->total_count * sizeof(*o->totals));
}

/* Every row was billed, set aside or skipped, and every token is in the totals. */
static void check_conserved(const struct outcome *o)
{
	const struct tb_facts *f = &o->facts;
	tb_u128 tokens = 0, requests = 0;

	EXPECT(f->rows == f->billed + f->set_aside + f->outside + f->duplicates + f->idle);
	for (size_t i = 0; i < o->total_count; i++) {
		const struct tb_report_row *t = &o->totals[i];

		tokens += t->counts[TB_COUNT_INPUT] + t->counts[TB_COUNT_OUTPUT];
		requests += t->counts[TB_COUNT_REQUESTS];
		EXPECT(tb_charge_balances(&t->charge));
	}
	EXPECT(tokens == f->tokens && requests >= f->billed);
}

static void make_report(struct outcome *o, const struct tb_run *run, const struct question *q)
{
	struct tb_report report = {0};
	struct tb_report_options options = {.round = TB_MONEY_ROUND_NONE,
					    .compare = q->grouping->compare};
	struct tb_err err = {0};
	enum tb_status st =
		tb_report_init(&report, tb_run_tally(run), q->book, &o->facts, options, &err);

	/* Sums that no amount can hold stop a run; a check on our own work must not. */
	EXPECT(st == TB_OK || st == TB_DATA);
	o->status = st;
	if (st == TB_OK) {
		keep_report(o, &report);
		check_conserved(o);
	}
	tb_report_release(&report);
}

static struct outcome run(const struct question *q, const char *const *paths, size_t n,
			  const struct tb_read_options *how)
{
	const struct tb_run_options options = {.book = q->book,
					       .grouping = *q->grouping,
					       .from = INT32_MIN,
					       .to = INT32_MAX,
					       .reading = *how};
	struct tb_problems problems = {0};
	struct outcome o = {.status = TB_OK};
	struct tb_err err = {0};
	struct tb_run *run = NULL;

	EXPECT(tb_run_new(&options, paths, n, &run, &err) == TB_OK);
	o.status = tb_run_execute(run, &problems, &err);
	o.problems = problems.total;
	o.facts = *tb_run_facts(run);
	EXPECT(o.status != TB_INTERNAL && o.status != TB_NOMEM);
	EXPECT(o.status == TB_OK || err.text[0]);
	for (size_t i = 0; i < problems.kept; i++) {
		tb_buf_puts(&o.report, problems.text[i].p);
		tb_buf_puts(&o.report, "\n");
	}
	/* Rows set aside stop a command, but what was billed beside them is counted. */
	if (o.problems == o.facts.set_aside && (o.status == TB_OK || o.status == TB_DATA) &&
	    o.facts.rows)
		make_report(&o, run, q);
	tb_run_free(run);
	tb_problems_release(&problems);
	return o;
}

/* ---- the same, read in other ways ---- */

static bool same_text(const struct tb_buf *a, const struct tb_buf *b)
{
	return a->n == b->n && (a->n == 0 || memcmp(a->p, b->p, a->n) == 0);
}

static void expect_same(const struct outcome *a, const struct outcome *b)
{
	EXPECT(a->status == b->status && a->problems == b->problems);
	EXPECT(same_text(&a->report, &b->report));
	EXPECT(a->facts.rows == b->facts.rows && a->facts.billed == b->facts.billed);
	EXPECT(a->facts.duplicates == b->facts.duplicates && a->facts.idle == b->facts.idle);
	EXPECT(a->facts.tokens == b->facts.tokens && a->facts.twice == b->facts.twice);
}

static void check_ways(const struct question *q, const char *path, const struct outcome *whole,
		       unsigned choice)
{
	struct fuzz_ways ways = fuzz_ways(choice);

	for (size_t l = 0; l < ways.lane_count; l++) {
		struct outcome other = run(q, &path, 1,
					   &(struct tb_read_options){.threads = ways.threads,
								     .block = ways.block,
								     .lane = ways.lanes[l]});

		expect_same(whole, &other);
		release(&other);
	}
}

/* ---- the same, cut in two ---- */

/* The header, and the rows up to one of the line ends that are not between quotes. */
static bool cut(struct tb_span log, unsigned where, struct tb_span *header, struct tb_span *first)
{
	size_t quotes = 0;
	bool any = false;

	*header = (struct tb_span){log.p, 0};
	for (size_t i = 0; i < log.n; i++) {
		quotes += log.p[i] == '"';
		if (log.p[i] != '\n' || quotes % 2)
			continue;
		if (header->n == 0)
			*header = (struct tb_span){log.p, i + 1};
		*first = (struct tb_span){log.p + header->n, i + 1 - header->n};
		any = true;
		if (where-- == 0)
			break;
	}
	return any && !memchr(header->p, '"', header->n);
}

static struct tb_report_row *total_of(const struct outcome *o, const char *currency)
{
	for (size_t i = 0; i < o->total_count; i++)
		if (strcmp(o->totals[i].currency, currency) == 0)
			return &o->totals[i];
	return NULL;
}

static void expect_sum(const struct outcome *whole, const struct outcome *a,
		       const struct outcome *b)
{
	EXPECT(a->facts.rows + b->facts.rows == whole->facts.rows);
	EXPECT(a->facts.tokens + b->facts.tokens == whole->facts.tokens);
	for (size_t i = 0; i < whole->total_count; i++) {
		const char *currency = whole->totals[i].currency;
		const struct tb_report_row *parts[] = {total_of(a, currency),
						       total_of(b, currency)};
		struct tb_charge sum = {0};

		EXPECT(parts[0] || parts[1]);
		for (size_t k = 0; k < LENGTH(parts); k++)
			EXPECT(!parts[k] || tb_charge_add(&sum, &parts[k]->charge));
		for (int m = 0; m < TB_AMOUNTS; m++)
			EXPECT(tb_money_compare(sum.amounts[m],
						whole->totals[i].charge.amounts[m]) == 0);
	}
}

static void check_halves(const struct question *q, struct tb_span log, const struct outcome *whole,
			 unsigned where)
{
	static const struct tb_read_options plainly;
	struct tb_span header, first, rest;
	const char *paths[2];
	struct outcome both, a, b;

	if (!cut(log, where, &header, &first))
		return;
	rest = (struct tb_span){first.p + first.n, log.n - header.n - first.n};
	paths[0] = fuzz_file(1, (struct tb_span[]){header, first}, 2);
	paths[1] = fuzz_file(2, (struct tb_span[]){header, rest}, 2);
	both = run(q, paths, 2, &plainly);
	a = run(q, &paths[0], 1, &plainly);
	b = run(q, &paths[1], 1, &plainly);
	expect_same(whole, &both);
	/* A request that stands in both halves is billed once in the whole. */
	if (whole->facts.duplicates == 0)
		expect_sum(whole, &a, &b);
	release(&both);
	release(&a);
	release(&b);
}

static void bill(const struct question *q, struct tb_span log, unsigned how, unsigned where)
{
	const char *path = fuzz_file(0, &log, 1);
	struct outcome whole = run(q, &path, 1, &(struct tb_read_options){.strict = true});

	check_ways(q, path, &whole, how);
	/* Bad rows are told by file and line, and may have lost a quote. */
	if (whole.status == TB_OK && whole.problems == 0)
		check_halves(q, log, &whole, where);
	release(&whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tb_span rest = {(const char *)data, size};
	unsigned grouping = fuzz_byte(&rest), how = fuzz_byte(&rest), where = fuzz_byte(&rest);
	struct tb_rate_source source = {"fuzz.ini", fuzz_part(&rest, "\n%%\n")};
	struct tb_problems problems = {0};
	struct tb_book *book = NULL;
	struct tb_err err = {0};

	if (tb_book_read(&source, 1, &book, &problems, &err) == TB_OK)
		bill(&(struct question){book, &groupings[grouping % LENGTH(groupings)]}, rest, how,
		     where);
	tb_book_free(book);
	tb_problems_release(&problems);
	return 0;
}
