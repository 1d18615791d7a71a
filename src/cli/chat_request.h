/*
 * chat_request - the text in requests to a chat model, as they are sent: JSON objects one after the
 * other, be it one in a file or the lines of a batch input file.
 */
#ifndef TB_CHAT_REQUEST_H
#define TB_CHAT_REQUEST_H

#include "base/mem.h"
#include "cli/text_count.h"

/* What is in one request. */
struct tb_chat_request {
	const char *model;           /* NULL: it names none; the arena's */
	bool batch;                  /* a line of a batch input file, with the request in `body` */
	uint64_t text[TB_ENCODINGS]; /* tokens of what is said */
	uint64_t framing[TB_ENCODINGS]; /* roles, names, and what OpenAI adds to each message */
	uint64_t max_output;            /* 0: not limited */
	uint64_t uncounted; /* images, sounds, files, tools: what has no text to be counted */
};

/*
 * Calls `take` for each request in the file ("-" is standard input). TB_DATA for what is no such
 * object; the message names file and line.
 */
TB_MUST_CHECK enum tb_status tb_chat_requests(
	const char *path, struct tb_text_count *count, struct tb_arena *arena,
	enum tb_status (*take)(void *ctx, const struct tb_chat_request *r, struct tb_err *err),
	void *ctx, struct tb_err *err);

/*
 * Whether OpenAI has published what is added to messages to this model: 3 tokens to each and 3 to
 * begin the answer, and 1 more where there is a name.
 */
bool tb_framing_is_published(const char *model);

#endif
