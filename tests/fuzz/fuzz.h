/*
 * fuzz - the entry that libFuzzer, AFL++ and the replay driver call with bytes of any kind, and
 * what the targets share.
 *
 * A target aborts when an invariant does not hold.
 */
#ifndef TB_FUZZ_H
#define TB_FUZZ_H

#include "usage/columns.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Says what does not hold and where, and aborts. */
#define EXPECT(holds) ((holds) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #holds))
_Noreturn void fuzz_broken(const char *file, int line, const char *what);

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* The first byte of what is left, taken out; 0 at the end. */
uint8_t fuzz_byte(struct tb_span *rest);

/* What stands before the next `mark`, taken out with it; all of it when there is none. */
struct tb_span fuzz_part(struct tb_span *rest, const char *mark);

/* Calls a check for each line, in memory of its own with TB_CELL_PADDING bytes behind it. */
void fuzz_each_line(struct tb_span rest, void (*check)(void *ctx, struct tb_span line), void *ctx);

/* The columns of a log: timestamp, model, input_tokens, output_tokens. */
void fuzz_columns(struct tb_columns *columns);

enum { FUZZ_FILES = 4 };

/*
 * Writes the parts, one behind the other, to a file; its path. There is one file for each number
 * and process, taken away at the end, for a fuzzer runs thousands of inputs in a second.
 */
const char *fuzz_file(size_t number, const struct tb_span *parts, size_t n);

#endif
