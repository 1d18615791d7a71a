/*
 * digest - SHA-256 of bytes as they come, for what must be known again exactly: an input, a price
 * book. Computed by OpenSSL's libcrypto.
 */
#ifndef TB_DIGEST_H
#define TB_DIGEST_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { TB_DIGEST_TEXT = 65 }; /* 64 hexadecimal digits and a NUL */

struct tb_digest;

/* NULL when memory is out. */
struct tb_digest *tb_digest_new(void);
void tb_digest_free(struct tb_digest *d); /* NULL is nothing */

/* The next n bytes; false when memory is out. */
TB_MUST_CHECK bool tb_digest_add(struct tb_digest *d, const void *p, size_t n);

/*
 * The digest of all bytes so far in small letters, and begins anew; false when memory is out. An
 * empty input has one, too.
 */
TB_MUST_CHECK bool tb_digest_finish(struct tb_digest *d, char text[TB_DIGEST_TEXT]);

#endif
