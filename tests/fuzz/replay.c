/*
 * replay - runs a fuzz target on files: seeds, and what the fuzzer once found. Needs no libFuzzer.
 *
 *   replay FILE...
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

enum { INPUT_MAX = 1 << 20 };

int main(int argc, char **argv)
{
	uint8_t *data = malloc(INPUT_MAX);

	for (int i = 1; data && i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");
		size_t n;

		if (!f) {
			perror(argv[i]);
			return EXIT_FAILURE;
		}
		n = fread(data, 1, INPUT_MAX, f);
		fclose(f);
		LLVMFuzzerTestOneInput(data, n);
	}
	free(data);
	return argc > 1 && data ? EXIT_SUCCESS : EXIT_FAILURE;
}
