#include "logs/parser.h"

/* ---- steps ---- */

/* A lane has ended a record, or another is to begin it. */
static void begin_record(struct tb_parser *p)
{
	tb_window_begin_record(&p->window);
	tb_csv_lines_begin(&p->lines);
	p->oversize.on = p->left = p->sought = false;
}

/* What the lanes need to know of the columns. */
static enum tb_status use_header(struct tb_parser *p)
{
	const struct tb_intake *in = &p->intake;

	tb_csv_strict_want(p->lines.csv, in->wanted.columns, in->columns);
	return tb_csv_quick_want(&p->quick, in->wanted.columns, in->columns)
		       ? TB_OK
		       : tb_fail_nomem(in->err);
}

static bool for_quick(const struct tb_parser *p)
{
	const struct tb_window *w = &p->window;

	return w->begin == w->next && w->next < w->end && !p->left && !p->options->strict &&
	       p->intake.has_header;
}

static enum tb_status take_lines(struct tb_parser *p, enum tb_lane *answer)
{
	bool had_header = p->intake.has_header;

	TB_TRY(tb_csv_lines_take(&p->lines, &p->window, &p->intake, answer));
	if (p->intake.has_header != had_header)
		TB_TRY(use_header(p));
	if (*answer == TB_LANE_TOOK && p->window.begin == p->window.next)
		p->left = p->sought = false;
	if (*answer != TB_LANE_LEFT)
		return TB_OK;
	*answer = TB_LANE_TOOK;
	return tb_oversize_begin(&p->oversize, &p->window, &p->intake);
}

static enum tb_status take_quick(struct tb_parser *p, enum tb_lane *answer)
{
	TB_TRY(p->sought ? tb_marked_take(&p->quick, &p->window, &p->intake, answer)
			 : tb_csv_quick_take(&p->quick, &p->window, &p->intake, answer));
	p->left = *answer == TB_LANE_LEFT;
	p->sought &= p->left;
	return TB_OK;
}

/* Each lane takes what is for it; *answer is TB_LANE_WAITS when the window holds nothing more. */
static enum tb_status step(struct tb_parser *p, enum tb_lane *answer)
{
	if (p->options->only && p->intake.has_header && !p->sought) {
		*answer = tb_marked_seek(p->options, p->quick.indexer, &p->window);
		p->sought = *answer == TB_LANE_TOOK;
		return TB_OK;
	}
	if (p->oversize.on) {
		TB_TRY(tb_oversize_take(&p->oversize, &p->window, &p->intake, answer));
		if (!p->oversize.on)
			begin_record(p);
		return TB_OK;
	}
	return for_quick(p) ? take_quick(p, answer) : take_lines(p, answer);
}

enum tb_status tb_parser_run(struct tb_parser *p)
{
	enum tb_lane answer = TB_LANE_TOOK;

	while (answer != TB_LANE_WAITS)
		TB_TRY(step(p, &answer));
	return TB_OK;
}

enum tb_status tb_parser_run_header(struct tb_parser *p)
{
	enum tb_lane answer = TB_LANE_TOOK;

	while (answer != TB_LANE_WAITS && !p->intake.has_header)
		TB_TRY(step(p, &answer));
	return TB_OK;
}

/* ---- the parser ---- */

enum tb_status tb_parser_init(struct tb_parser *p, const char *name,
			      const struct tb_read_options *options, const struct tb_sink *sink,
			      void *rows, struct tb_problems *problems, struct tb_err *err)
{
	bool quick, lines;

	*p = (struct tb_parser){
		.window = {.line = 1, .end_line = UINT64_MAX},
		.intake = {.name = name,
			   .sink = sink,
			   .rows = rows,
			   .problems = problems,
			   .err = err},
		.options = options,
	};
	quick = tb_csv_quick_init(&p->quick, options->lane ? options->lane : tb_csv_indexer_best());
	lines = tb_csv_lines_init(&p->lines);
	if (!quick || !lines)
		return tb_fail_nomem(err);
	begin_record(p);
	return TB_OK;
}

void tb_parser_release(struct tb_parser *p)
{
	tb_csv_quick_release(&p->quick);
	tb_csv_lines_release(&p->lines);
	*p = (struct tb_parser){0};
}

enum tb_status tb_parser_borrow_header(struct tb_parser *p, const struct tb_parser *owner)
{
	p->intake.has_header = true;
	p->intake.columns = owner->intake.columns;
	p->intake.wanted = owner->intake.wanted;
	return use_header(p);
}

void tb_parser_moved(struct tb_parser *p)
{
	tb_csv_quick_moved(&p->quick);
}

void tb_parser_set_window(struct tb_parser *p, char *buf, size_t begin, size_t end, uint64_t line,
			  bool at_end)
{
	p->window = (struct tb_window){.buf = buf,
				       .begin = begin,
				       .next = begin,
				       .end = end,
				       .line = line,
				       .end_line = UINT64_MAX,
				       .at_end = at_end};
	tb_parser_moved(p);
	begin_record(p);
}

void tb_parser_restart(struct tb_parser *p)
{
	p->intake.has_header = false;
	p->intake.counts = (struct tb_read_counts){0};
	tb_csv_strict_want(p->lines.csv, NULL, 0);
	tb_parser_set_window(p, p->window.buf, 0, 0, 1, false);
}

bool tb_parser_is_between(const struct tb_parser *p)
{
	return p->window.begin == p->window.end && !p->oversize.on;
}
