/*
 * quantity - whole numbers as people type them: 1200, 300k, 2.5M, 1.2e3. Exact or refused.
 */
#ifndef TB_QUANTITY_H
#define TB_QUANTITY_H

#include "base/text.h"

#include <stdint.h>

/*
 * Digits, perhaps with a decimal point, then perhaps an exponent (e6, E+6, e-2) or one of k or K
 * (thousand), M (million), B or G (billion). The result must be whole and at most 2^63-1.
 * Returns NULL, or why the text is no such number and what to type (a constant text).
 */
TB_MUST_CHECK const char *tb_quantity_parse(struct tb_span text, uint64_t *out);

#endif
