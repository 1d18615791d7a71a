/*
 * prompts - the requests of an estimate whose input is text: one for each file, or those in files
 * of chat requests, with their tokens in each encoding that is wanted.
 */
#ifndef TB_PROMPTS_H
#define TB_PROMPTS_H

#include "cli/chat_request.h"
#include "run/inputs.h"

/* One request. */
struct tb_prompt {
	const char *model;              /* that it names, or NULL */
	uint64_t input[TB_ENCODINGS];   /* all of its text, `cached` included, framing not */
	uint64_t framing[TB_ENCODINGS]; /* see chat_request.h */
	uint64_t max_output;            /* 0: not limited */
};

/* What is given; zeroed is nothing. */
struct tb_prompt_options {
	struct tb_inputs inputs;
	const char *cached_prefix; /* a file, or NULL */
	bool messages;             /* they are chat requests */
};

struct tb_prompts {
	struct tb_prompt *list;
	size_t count, cap;
	uint64_t cached[TB_ENCODINGS]; /* tokens of the prefix */
	uint64_t uncounted;            /* parts of requests that are no text */
	bool batch;                    /* they are the lines of batch input files */
	struct tb_arena arena;
	struct tb_text_count text;
};

/* Counts in the encodings of which `wanted` has the bits. Release it afterwards, come what may. */
TB_MUST_CHECK enum tb_status tb_prompts_read(struct tb_prompts *p,
					     const struct tb_prompt_options *o, unsigned wanted,
					     struct tb_err *err);
void tb_prompts_release(struct tb_prompts *p);

#endif
