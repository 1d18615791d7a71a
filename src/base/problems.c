#include "base/problems.h"

#include "base/mem.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

bool tb_problem_set(struct tb_problem *p, const char *column, struct tb_span value, const char *fmt,
		    ...)
{
	va_list ap;

	p->column = column;
	p->value = value;
	va_start(ap, fmt);
	vsnprintf(p->reason, sizeof(p->reason), fmt, ap);
	va_end(ap);
	return false;
}

void tb_problem_text(const struct tb_problem *p, struct tb_buf *b)
{
	if (p->column) {
		tb_buf_visible(b, tb_span_of(p->column), TB_VALUE_SHOWN);
		tb_buf_puts(b, ": ");
	}
	if (p->value.p) {
		tb_buf_puts(b, "'");
		tb_buf_visible(b, p->value, TB_VALUE_SHOWN);
		tb_buf_puts(b, "': ");
	}
	tb_buf_visible(b, tb_span_of(p->reason), 0);
}

void tb_problems_add(struct tb_problems *ps, const char *file, uint64_t line,
		     const struct tb_problem *p)
{
	struct tb_buf *b;

	ps->total++;
	if (ps->kept >= (ps->limit ? ps->limit : TB_PROBLEMS_SHOWN))
		return;
	if (!tb_grow(&ps->text, &ps->cap, ps->kept + 1, sizeof(*ps->text))) {
		ps->nomem = true;
		return;
	}
	b = &ps->text[ps->kept++];
	*b = (struct tb_buf){0};
	tb_buf_visible(b, tb_span_of(file), 0);
	if (line)
		tb_buf_printf(b, ":%" PRIu64, line);
	tb_buf_puts(b, ": ");
	tb_problem_text(p, b);
	ps->nomem |= b->failed;
}

void tb_problems_note(struct tb_problems *ps, const char *file, uint64_t line, const char *fmt, ...)
{
	struct tb_problem p = {0};
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(p.reason, sizeof(p.reason), fmt, ap);
	va_end(ap);
	tb_problems_add(ps, file, line, &p);
}

void tb_problems_keep(struct tb_problems *ps, uint64_t total)
{
	while (ps->kept > total)
		tb_buf_release(&ps->text[--ps->kept]);
	if (ps->total > total)
		ps->total = total;
}

void tb_problems_release(struct tb_problems *ps)
{
	tb_problems_keep(ps, 0);
	free(ps->text);
	*ps = (struct tb_problems){.limit = ps->limit};
}
