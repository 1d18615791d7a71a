/* Records in given lines, and none between them. */
#include "logs/parser.h"

#include <string.h>

/* Goes on over lines that nobody asked for; false when the window ends before that one begins. */
static bool skip_to(struct tb_parser *p, uint64_t line)
{
	enum { PIECE = 4096 };

	while (p->line < line) {
		const char *at = p->buf + p->next, *feed;
		size_t left = p->end - p->next, feeds, quotes, n = left < PIECE ? left : PIECE;

		if (!left)
			return false;
		p->csv_index->count(at, n, &feeds, &quotes);
		if (p->line + feeds < line) {
			p->line += feeds;
			p->next += n;
			continue;
		}
		for (; p->line < line; p->line++, at = feed + 1)
			feed = memchr(at, '\n', left - (size_t)(at - (p->buf + p->next)));
		p->next = (size_t)(at - p->buf);
	}
	return true;
}

enum tb_status tb_parser_seek(struct tb_parser *p, bool *more)
{
	uint64_t line =
		tb_line_marks_next(p->options->only, p->options->file, p->line, p->end_line);

	if (line == p->end_line)
		p->next = p->end; /* it does not matter where the other lines begin */
	*more = skip_to(p, line);
	if (!*more) {
		p->begin = p->next;
		return TB_OK;
	}
	tb_parser_begin_record(p);
	p->sought = true;
	return TB_OK;
}

enum tb_status tb_parser_take_sought(struct tb_parser *p)
{
	const char *at = p->buf + p->next, *feed = memchr(at, '\n', p->end - p->next);

	if (!feed) {
		p->strict = true; /* it ends in the next window, if it does */
		return TB_OK;
	}
	return tb_parser_take_quick_line(p, (size_t)(feed - at) + 1);
}
