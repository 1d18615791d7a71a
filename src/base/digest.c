#include "base/digest.h"

#include <openssl/evp.h>

#include <stdlib.h>

struct tb_digest {
	EVP_MD_CTX *ctx;
};

static bool begin(struct tb_digest *d)
{
	return EVP_DigestInit_ex(d->ctx, EVP_sha256(), NULL) == 1;
}

struct tb_digest *tb_digest_new(void)
{
	struct tb_digest *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->ctx = EVP_MD_CTX_new();
	if (d->ctx && begin(d))
		return d;
	tb_digest_free(d);
	return NULL;
}

void tb_digest_free(struct tb_digest *d)
{
	if (!d)
		return;
	EVP_MD_CTX_free(d->ctx);
	free(d);
}

bool tb_digest_add(struct tb_digest *d, const void *p, size_t n)
{
	return EVP_DigestUpdate(d->ctx, p, n) == 1;
}

bool tb_digest_finish(struct tb_digest *d, char text[TB_DIGEST_TEXT])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (EVP_DigestFinal_ex(d->ctx, bytes, &n) != 1 || !begin(d))
		return false;
	for (unsigned i = 0; i < n; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	text[2 * n] = '\0';
	return true;
}
