/*
 * parser - records out of a window of bytes, each by the lane that it is for.
 *
 * The reader fills the window; the parser tries the lanes in turn, the quick one first. Internal to
 * logs; one for each thread.
 */
#ifndef TB_PARSER_H
#define TB_PARSER_H

#include "logs/csv_lines.h"
#include "logs/csv_quick.h"
#include "logs/marked.h"
#include "logs/oversize.h"

struct tb_parser {
	struct tb_window window;
	struct tb_intake intake;
	struct tb_csv_quick quick;
	struct tb_csv_lines lines;
	struct tb_oversize oversize;
	const struct tb_read_options *options;
	bool left;   /* the record being read is not for the quick lane */
	bool sought; /* it is one of options->only */
};

/* To be released either way. */
TB_MUST_CHECK enum tb_status tb_parser_init(struct tb_parser *p, const char *name,
					    const struct tb_read_options *options,
					    const struct tb_sink *sink, void *rows,
					    struct tb_problems *problems, struct tb_err *err);
void tb_parser_release(struct tb_parser *p);

/* Reads records below the owner's header, whose answer must outlive the parser. */
TB_MUST_CHECK enum tb_status tb_parser_borrow_header(struct tb_parser *p,
						     const struct tb_parser *owner);

/* A new window, whose first byte begins a record in that line. */
void tb_parser_set_window(struct tb_parser *p, char *buf, size_t begin, size_t end, uint64_t line,
			  bool at_end);

/* The bytes of the window have moved. */
void tb_parser_moved(struct tb_parser *p);

/* Forgets the header and all that was counted; the buffer stays, empty. */
void tb_parser_restart(struct tb_parser *p);

/* Takes the header, if the window holds it whole (intake.has_header), and nothing after it. */
TB_MUST_CHECK enum tb_status tb_parser_run_header(struct tb_parser *p);

/* Takes what the window holds. Bytes from `begin` on are left for the next window. */
TB_MUST_CHECK enum tb_status tb_parser_run(struct tb_parser *p);

/* Whether the window ends where a record does. */
bool tb_parser_is_between(const struct tb_parser *p);

#endif
