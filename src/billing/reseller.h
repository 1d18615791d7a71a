/*
 * reseller - who sells a model, as the names in a log and the rates' `provider` call them.
 */
#ifndef TB_RESELLER_H
#define TB_RESELLER_H

#include "base/text.h"

enum { TB_RESELLER_TEXT = 24 }; /* bytes of a seller's name that are kept, with the NUL */

/* What stands before the first slash of a model's name; empty without one. */
struct tb_span tb_reseller_of(struct tb_span model);

/*
 * Whether a model called SELLER/... may be billed at the prices of that provider: it is the same
 * seller under another name, the word says who made the model or nothing at all, or the rates name
 * no provider.
 */
bool tb_provider_matches(struct tb_span seller, const char *provider);

#endif
