/*
 * import_hours - the hours off peak of LiteLLM's list as the peak hours of a rate file.
 *
 * There, windows say when the price is lower, each in hours of UTC and days of a week whose zone
 * may be another. A rate file says when it is higher, in days and hours of one clock: that of the
 * days.
 */
#ifndef TB_IMPORT_HOURS_H
#define TB_IMPORT_HOURS_H

#include "ratebook/litellm.h"

enum { TB_IMPORT_HOURS_TEXT = 160 };

/* Whether a part says when; the others are prices. */
bool tb_import_is_hours(const struct tb_litellm_part *part);

/* Fills `text`, such as "Mon-Fri 01:00-04:00,06:00-10:00 UTC"; NULL, or why it cannot be written.
 */
const char *tb_import_hours(const struct tb_litellm_part *parts, size_t n,
			    char text[TB_IMPORT_HOURS_TEXT]);

#endif
