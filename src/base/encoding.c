#include "base/encoding.h"

const char *const tb_encoding_names[TB_ENCODINGS] = {"o200k_base", "cl100k_base"};

enum tb_encoding tb_encoding_named(struct tb_span name)
{
	int e = 0;

	while (e < TB_ENCODINGS && !tb_span_is(name, tb_encoding_names[e]))
		e++;
	return (enum tb_encoding)e;
}
