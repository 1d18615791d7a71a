#include "cli/summary.h"

#include "cli/messages.h"

#include <inttypes.h>

static void say_count(uint64_t n, const char *one, const char *many)
{
	if (n)
		tb_say("%" PRIu64 " %s", n, n == 1 ? one : many);
}

void tb_say_warnings(const struct tb_job *job)
{
	say_count(job->cut_files, "log does not end with a line end; it may have been cut short",
		  "logs do not end with a line end; they may have been cut short");
	say_count(job->empty_files, "log has a header and no rows",
		  "logs have a header and no rows");
	say_count(job->facts.by_average,
		  "row sums several requests: their average decided the long-context price",
		  "rows sum several requests: their average decided the long-context price");
	say_count(job->facts.by_midnight,
		  "row has a date alone: its 00:00 UTC decided the peak-hour price",
		  "rows have a date alone: their 00:00 UTC decided the peak-hour price");
	say_count(job->facts.twice,
		  "time was shown twice by the clock of --log-tz; the earlier one was taken",
		  "times were shown twice by the clock of --log-tz; the earlier ones were taken");
}

static void say_rejects(const struct tb_job *job)
{
	for (size_t i = 0; i < job->source_count; i++)
		if (tb_rejects_written(job->rejects, i))
			tb_say("rows set aside in %s", tb_rejects_path(job->rejects, i));
}

void tb_say_summary(const struct tb_job *job, const struct tb_report *report)
{
	const struct tb_facts *f = &report->facts;
	char text[TB_MONEY_TEXT];

	tb_say("%" PRIu64 " row%s read: %" PRIu64 " billed, %" PRIu64 " set aside, %" PRIu64
	       " skipped",
	       f->rows, f->rows == 1 ? "" : "s", f->billed, f->set_aside,
	       f->outside + f->duplicates);
	say_count(f->outside, "row skipped outside the period", "rows skipped outside the period");
	say_count(f->duplicates, "row skipped as a copy (same request_id, same usage)",
		  "rows skipped as copies (same request_id, same usage)");
	say_count(f->blank_lines, "blank line skipped", "blank lines skipped");
	if (job->rejects)
		say_rejects(job);
	for (size_t i = 0; i < report->total_count; i++)
		tb_say("cost %s %s", report->totals[i].currency,
		       tb_money_text(tb_report_amount(report, &report->totals[i], TB_COST), text));
}
