/*
 * fuzz - the entry that libFuzzer and the replay driver call with bytes of any kind.
 *
 * It aborts when an invariant does not hold.
 */
#ifndef TB_FUZZ_H
#define TB_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
