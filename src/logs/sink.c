#include "logs/sink.h"

void tb_read_counts_add(struct tb_read_counts *sum, const struct tb_read_counts *c)
{
	sum->rows += c->rows;
	for (int v = 0; v < TB_VERDICTS; v++)
		sum->verdicts[v] += c->verdicts[v];
	sum->blank_lines += c->blank_lines;
	sum->cut |= c->cut;
}

bool tb_read_counts_add_up(const struct tb_read_counts *c)
{
	uint64_t sum = 0;

	for (int v = 0; v < TB_VERDICTS; v++)
		sum += c->verdicts[v];
	return c->rows == sum;
}

bool tb_record_refuse_count(const struct tb_record *r, size_t columns, struct tb_problem *why)
{
	return tb_problem_set(why, NULL, r->raw, "%zu field%s, but the header has %zu; %s",
			      r->count, r->count == 1 ? "" : "s", columns,
			      r->count < columns ? "put in what is missing, if only commas"
						 : "put a field that holds a comma in quotes");
}
