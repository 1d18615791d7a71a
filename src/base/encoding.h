/*
 * encoding - the published ways of splitting text into tokens, by name: rate files say which one a
 * model has, src/tokens counts with them.
 */
#ifndef TB_ENCODING_H
#define TB_ENCODING_H

#include "base/text.h"

enum tb_encoding { TB_O200K_BASE, TB_CL100K_BASE, TB_ENCODINGS };

extern const char *const tb_encoding_names[TB_ENCODINGS];

/* TB_ENCODINGS when there is none of that name. */
enum tb_encoding tb_encoding_named(struct tb_span name);

#endif
