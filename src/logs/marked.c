#include "logs/marked.h"

#include <string.h>

/* Goes on over lines that nobody asked for; false when the window ends before that one begins. */
static bool skip_to(const struct tb_csv_indexer *indexer, struct tb_window *w, uint64_t line)
{
	enum { PIECE = 4096 };

	while (w->line < line) {
		const char *at = w->buf + w->next, *feed;
		size_t left = w->end - w->next, feeds, quotes, n = left < PIECE ? left : PIECE;

		if (!left)
			return false;
		indexer->count(at, n, &feeds, &quotes);
		if (w->line + feeds < line) {
			w->line += feeds;
			w->next += n;
			continue;
		}
		for (; w->line < line; w->line++, at = feed + 1)
			feed = memchr(at, '\n', left - (size_t)(at - (w->buf + w->next)));
		w->next = (size_t)(at - w->buf);
	}
	return true;
}

enum tb_lane tb_marked_seek(const struct tb_read_options *options,
			    const struct tb_csv_indexer *indexer, struct tb_window *w)
{
	uint64_t line = tb_line_marks_next(options->only, options->file, w->line, w->end_line);
	bool found;

	if (line == w->end_line)
		w->next = w->end; /* it does not matter where the other lines begin */
	found = skip_to(indexer, w, line);
	tb_window_begin_record(w);
	return found ? TB_LANE_TOOK : TB_LANE_WAITS;
}

enum tb_status tb_marked_take(struct tb_csv_quick *q, struct tb_window *w, struct tb_intake *in,
			      enum tb_lane *answer)
{
	const char *at = w->buf + w->next, *feed = memchr(at, '\n', w->end - w->next);

	*answer = TB_LANE_LEFT; /* it ends in the next window, if it does */
	return feed ? tb_csv_quick_take_line(q, w, in, (size_t)(feed - at) + 1, answer) : TB_OK;
}
