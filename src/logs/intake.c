#include "logs/intake.h"

/* ---- records that are set aside ---- */

enum tb_status tb_intake_piece(struct tb_intake *in, const struct tb_reject *piece)
{
	if (piece->ends) {
		in->counts.rows++;
		in->counts.verdicts[TB_ROW_SET_ASIDE]++;
	}
	return in->sink->reject(in->sink->ctx, piece, in->err);
}

enum tb_status tb_intake_reject(struct tb_intake *in, const struct tb_record *r,
				const struct tb_problem *why)
{
	const struct tb_reject whole = {.line = r->line,
					.raw = r->raw,
					.crlf = r->crlf,
					.begins = true,
					.ends = true,
					.problem = why};

	return tb_intake_piece(in, &whole);
}

enum tb_status tb_intake_broken(struct tb_intake *in, const struct tb_record *r,
				const struct tb_problem *why)
{
	if (in->has_header)
		return tb_intake_reject(in, r, why);
	tb_problems_add(in->problems, in->name, r->line, why);
	return tb_fail(in->err, TB_DATA, "%s: the header cannot be used", in->name);
}

/* ---- one by one ---- */

static enum tb_status take_header(struct tb_intake *in, const struct tb_record *r)
{
	in->wanted = (struct tb_wanted){0};
	in->columns = r->count;
	TB_TRY(in->sink->header(in->sink->ctx, r, &in->wanted, in->err));
	in->has_header = true;
	return TB_OK;
}

enum tb_status tb_intake_record(struct tb_intake *in, const struct tb_record *r)
{
	if (!in->has_header)
		return take_header(in, r);
	if (r->count == in->columns || (r->count < in->columns && in->wanted.short_rows))
		return tb_intake_deliver(in, r);
	tb_record_refuse_count(r, in->columns, &in->why);
	return tb_intake_reject(in, r, &in->why);
}

/* ---- runs ---- */

/* A simple record is in the log as it is in the window. */
static enum tb_status set_aside(void *by, size_t i, const struct tb_problem *why,
				struct tb_err *err)
{
	struct tb_intake *in = by;
	const struct tb_row_run *run = in->run;
	uint32_t from = run->ends[i * in->columns] + 1;
	struct tb_reject whole = {
		.line = run->line + (run->starts ? run->starts[i] : i),
		.raw = {run->window + from, run->ends[(i + 1) * in->columns] - from},
		.begins = true,
		.ends = true,
		.problem = why};

	whole.crlf = whole.raw.n && whole.raw.p[whole.raw.n - 1] == '\r';
	whole.raw.n -= whole.crlf;
	return in->sink->reject(in->sink->ctx, &whole, err);
}

enum tb_status tb_intake_run(struct tb_intake *in, struct tb_row_run *run, size_t *n)
{
	uint64_t verdicts[TB_VERDICTS] = {0};
	enum tb_status st;

	run->set_aside = set_aside;
	run->by = in;
	in->run = run;
	st = in->sink->run(in->rows, run, verdicts, in->err);
	*n = 0;
	for (int v = 0; v < TB_VERDICTS; v++) {
		in->counts.verdicts[v] += verdicts[v];
		*n += (size_t)verdicts[v];
	}
	in->counts.rows += *n;
	return st;
}
