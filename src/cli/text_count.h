/*
 * text_count - the tokens of files, in all encodings that are wanted, by reading each once.
 */
#ifndef TB_TEXT_COUNT_H
#define TB_TEXT_COUNT_H

#include "base/err.h"
#include "ratebook/book.h"
#include "tokens/counter.h"

/* Zeroed is none; `wanted` has a bit for each encoding. */
struct tb_text_count {
	unsigned wanted;
	struct tb_counter *counters[TB_ENCODINGS];
	uint64_t tokens[TB_ENCODINGS]; /* of the last text */
	uint64_t bytes;
};

/* TB_CONFIG where this build has no vocabularies. */
TB_MUST_CHECK enum tb_status tb_text_count_open(struct tb_text_count *c, unsigned wanted,
						struct tb_err *err);
void tb_text_count_close(struct tb_text_count *c);

/* Counts a file, or standard input ("-"). Failures name it. */
TB_MUST_CHECK enum tb_status tb_text_count_file(struct tb_text_count *c, const char *path,
						struct tb_err *err);

/* Counts bytes; failures are as tb_counter_add() says. */
TB_MUST_CHECK enum tb_status tb_text_count_bytes(struct tb_text_count *c, const char *p, size_t n,
						 struct tb_err *err);

/* What the model's text is split by; TB_ENCODINGS when its vendor does not publish that. */
enum tb_encoding tb_encoding_of(const struct tb_era *era);

#endif
