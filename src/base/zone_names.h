/*
 * zone_names - the names of the time zones that this machine knows.
 */
#ifndef TB_ZONE_NAMES_H
#define TB_ZONE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* Calls each(ctx, name) for every zone, in the order of the bytes of their names. */
void tb_zone_names(void (*each)(void *ctx, const char *name), void *ctx);

enum { TB_ZONE_NAME_TEXT = 256 };

/*
 * The zone whose place is called so, in any case and with blanks for underscores: "new york" is
 * America/New_York. Of several it is the one with the shortest name. False when there is none.
 */
bool tb_zone_of_place(const char *place, char name[TB_ZONE_NAME_TEXT]);

#endif
