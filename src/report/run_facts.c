#include "report/run_facts.h"

static void add_names(struct tb_sheet *s, const char *name, const char *const *names, size_t n)
{
	tb_sheet_fact(s, TB_FACT_LIST, name);
	for (size_t i = 0; i < n; i++)
		tb_sheet_fact_text(s, NULL, names[i]);
	tb_sheet_fact(s, TB_FACT_LIST_END, NULL);
}

static void add_rows(struct tb_sheet *s, const struct tb_facts *f)
{
	const struct {
		const char *name;
		uint64_t value;
	} counts[] = {
		{"rows_read", f->rows},
		{"rows_billed", f->billed},
		{"rows_set_aside", f->set_aside},
		{"rows_outside_period", f->outside},
		{"rows_duplicate", f->duplicates},
		{"rows_without_usage", f->idle},
		{"blank_lines", f->blank_lines},
		{"rows_context_by_average", f->by_average},
		{"rows_peak_by_midnight", f->by_midnight},
		{"rows_local_time_twice", f->twice},
		{"rows_counts_left_out", f->blank},
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		tb_sheet_fact_count(s, counts[i].name, counts[i].value);
}

void tb_sheet_add_run(struct tb_sheet *s, const struct tb_grouping *grouping,
		      const struct tb_facts *facts)
{
	tb_sheet_fact(s, TB_FACT_MAP, "run");
	tb_sheet_fact_text(s, "period", tb_period_names[grouping->period]);
	tb_sheet_fact_text(s, "time_zone", tb_zone_name(grouping->zone));
	if (s->round < 0)
		tb_sheet_fact(s, TB_FACT_NOTHING, "round");
	else
		tb_sheet_fact_count(s, "round", (tb_u128)s->round);
	add_names(s, "inputs", facts->inputs, facts->input_count);
	add_names(s, "rates", facts->rate_files, facts->rate_file_count);
	add_rows(s, facts);
	tb_sheet_fact(s, TB_FACT_MAP_END, NULL);
}
