#include "cli/summary.h"

#include "cli/messages.h"

#include <inttypes.h>
#include <string.h>

static void say_count(uint64_t n, const char *one, const char *many)
{
	if (n)
		tb_say("%" PRIu64 " %s", n, n == 1 ? one : many);
}

static void warn_count(struct tb_log_options *l, enum tb_warning kind, uint64_t n, const char *one,
		       const char *many)
{
	if (n)
		tb_warn(&l->warnings, kind, "%" PRIu64 " %s", n, n == 1 ? one : many);
}

static void warn_of_shutdown(struct tb_log_options *l, const struct tb_era *era, uint64_t n)
{
	if (n)
		tb_warn(&l->warnings, TB_WARN_AFTER_SHUTDOWN,
			"%s: %" PRIu64 " %s after its shutdown ([%s] in %s:%" PRIu64
			"); is the model's name right, or the date in the rates?",
			era->model, n, n == 1 ? "row lies" : "rows lie", era->section, era->file,
			era->line);
}

static void warn_of_batch(struct tb_log_options *l, const struct tb_era *era, uint64_t n)
{
	if (n)
		tb_warn(&l->warnings, TB_WARN_WITHOUT_BATCH,
			"%s: %" PRIu64 " batch row%s, though its capabilities ([%s] in %s:%" PRIu64
			") list no batchSupport",
			era->model, n, n == 1 ? "" : "s", era->section, era->file, era->line);
}

static void warn_of_seller(struct tb_log_options *l, const struct tb_era *era, uint64_t n,
			   const char *seller)
{
	if (n)
		tb_warn(&l->warnings, TB_WARN_OTHER_SELLER,
			"%s: %" PRIu64 " row%s another seller (such as '%s/%s') and %s billed at "
			"the prices of %s ([%s] in %s:%" PRIu64
			"); give that name a section of its own, or list it as an alias",
			era->model, n, n == 1 ? " names" : "s name", seller, era->model,
			n == 1 ? "is" : "are", era->provider, era->section, era->file, era->line);
}

/* Once for each model. */
static void warn_of_lifecycles(struct tb_log_options *l)
{
	const char *model = "";

	for (uint32_t i = 0; i < tb_book_era_count(l->book); i++) {
		const struct tb_era *era = tb_book_era(l->book, i);
		struct tb_model_doubts d;

		if (strcmp(era->model, model) == 0)
			continue;
		model = era->model;
		d = tb_run_doubts(l->run, era);
		warn_of_shutdown(l, era, d.rows[TB_AFTER_SHUTDOWN]);
		warn_of_batch(l, era, d.rows[TB_WITHOUT_BATCH]);
		warn_of_seller(l, era, d.rows[TB_OTHER_SELLER], d.seller);
	}
}

/* A month without a row is more often a slip of the month than a month without usage. */
static void warn_of_empty_period(struct tb_log_options *l)
{
	if (l->facts.rows && l->facts.rows == l->facts.outside)
		tb_warn(&l->warnings, TB_WARN_EMPTY_PERIOD,
			"no row of the logs lies in the period chosen; is it the right one?");
}

void tb_say_warnings(struct tb_log_options *l)
{
	warn_of_empty_period(l);
	warn_count(l, TB_WARN_CUT_FILE, l->facts.cut_files,
		   "log does not end with a line end; it may have been cut short",
		   "logs do not end with a line end; they may have been cut short");
	warn_count(l, TB_WARN_EMPTY_FILE, l->facts.empty_files, "log has a header and no rows",
		   "logs have a header and no rows");
	warn_count(l, TB_WARN_CONTEXT_BY_AVERAGE, l->facts.by_average,
		   "row sums several requests: their average decided the long-context price",
		   "rows sum several requests: their average decided the long-context price");
	warn_count(l, TB_WARN_CONTEXT_OF_SUM, l->facts.beyond_window,
		   "row has more input than the context window of its model: it sums requests, "
		   "and is billed without the long-context price; a column for requests or "
		   "context decides",
		   "rows have more input than the context window of their model: they sum "
		   "requests, and are billed without the long-context price; a column for "
		   "requests or context decides");
	warn_count(l, TB_WARN_PEAK_BY_MIDNIGHT, l->facts.by_midnight,
		   "row is of a day, or of several requests: its first second decided the "
		   "peak-hour price",
		   "rows are of a day, or of several requests: their first second decided "
		   "the peak-hour price");
	warn_count(l, TB_WARN_LOCAL_TIME_TWICE, l->facts.twice,
		   "time was shown twice by the clock of --log-tz; the earlier one was taken",
		   "times were shown twice by the clock of --log-tz; the earlier ones were taken");
	warn_count(l, TB_WARN_COUNTS_LEFT_OUT, l->facts.blank,
		   "row leaves out its input or output tokens, and has no total: they were taken "
		   "for 0",
		   "rows leave out their input or output tokens, and have no total: they were "
		   "taken for 0");
	warn_count(l, TB_WARN_FEES, l->facts.fees,
		   "row has fees beside its tokens, such as those of searches: they are part of "
		   "the reported cost, and are not billed here",
		   "rows have fees beside their tokens, such as those of searches: they are part "
		   "of the reported cost, and are not billed here");
	warn_of_lifecycles(l);
}

static void say_rejects(const struct tb_rejects *r)
{
	for (size_t i = 0; r && i < tb_rejects_count(r); i++)
		if (tb_rejects_written(r, i))
			tb_say("rows set aside in %s", tb_rejects_path(r, i));
}

void tb_say_rows(const struct tb_log_options *l)
{
	const struct tb_facts *f = &l->facts;

	tb_say("%" PRIu64 " row%s read: %" PRIu64 " billed, %" PRIu64 " set aside, %" PRIu64
	       " skipped",
	       f->rows, f->rows == 1 ? "" : "s", f->billed, f->set_aside,
	       f->outside + f->duplicates + f->idle);
	say_count(f->outside, "row skipped outside the period", "rows skipped outside the period");
	say_count(f->duplicates, "row skipped as a copy (same request_id, same usage)",
		  "rows skipped as copies (same request_id, same usage)");
	say_count(f->idle, "row skipped, which holds no usage",
		  "rows skipped, which hold no usage");
	say_count(f->blank_lines, "blank line skipped", "blank lines skipped");
	say_rejects(tb_run_rejects(l->run));
}

/* Nothing where the rates do not say how sure they are, or where nothing costs anything. */
static void say_confidence(const struct tb_confidence_share *share, struct tb_money cost)
{
	char text[TB_MONEY_TEXT], line[256];
	size_t n = 0;

	if (tb_money_sign(cost) == 0 ||
	    tb_money_compare(share->cost[TB_CONFIDENCE_UNKNOWN], cost) == 0)
		return;
	for (int c = TB_CONFIDENCES - 1; c >= 0; c--) {
		if (tb_money_sign(share->cost[c]) == 0)
			continue;
		tb_ratio_text(share->cost[c], cost, 100, text);
		n += (size_t)snprintf(line + n, sizeof(line) - n, "%s%s %% %s", n ? ", " : "", text,
				      tb_confidence_names[c]);
	}
	tb_say("of it at prices of confidence: %s", line);
}

void tb_say_summary(const struct tb_log_options *l, const struct tb_report *report,
		    const struct tb_confidence_share *shares)
{
	char text[TB_MONEY_TEXT];

	tb_say_rows(l);
	for (size_t i = 0; i < report->total_count; i++) {
		const struct tb_report_row *total = &report->totals[i];

		tb_say("cost %s %s", total->currency,
		       tb_money_text(tb_report_amount(report, total, TB_COST), text));
		say_confidence(&shares[i], total->charge.amounts[TB_COST]);
	}
}
