/*
 * float_noise - decimals that went through binary arithmetic: 0.18000000000000002 for 0.18.
 */
#ifndef TB_NOISE_H
#define TB_NOISE_H

#include "base/text.h"

enum { TB_LIKELY_TEXT = 64 };

/*
 * Whether a plain decimal looks like one with noise: many decimals, and among them a long run of
 * zeros or nines after a digit that counts. Then `likely` is what it was before. False for
 * everything else, also for what is no decimal.
 */
bool tb_likely_price(struct tb_span decimal, char likely[TB_LIKELY_TEXT]);

#endif
