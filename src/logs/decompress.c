#include "logs/decompress.h"

#include <isa-l/igzip_lib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char cut_short[] = "is cut short";
static const char behind[] = "holds something behind the compressed data";
const char tb_codec_no_memory[] = "cannot be decoded: out of memory";

struct tb_decoder {
	struct inflate_state *gzip;
	ZSTD_DCtx *zstd;
	bool between; /* at the end of a member, where the file may end too */
};

static void close_decoder(struct tb_decoder *d)
{
	if (!d)
		return;
	free(d->gzip);
	ZSTD_freeDCtx(d->zstd);
	free(d);
}

/* ---- gzip ---- */

static void begin_member(struct tb_decoder *d)
{
	isal_inflate_init(d->gzip);
	d->gzip->crc_flag = ISAL_GZIP;
}

static struct tb_decoder *open_gzip(void)
{
	struct tb_decoder *d = calloc(1, sizeof(*d));

	if (!d || !(d->gzip = malloc(sizeof(*d->gzip)))) {
		close_decoder(d);
		return NULL;
	}
	begin_member(d);
	return d;
}

static const char *gzip_fault(int rc)
{
	switch (rc) {
	case ISAL_DECOMP_OK:
	case ISAL_END_INPUT:
		return NULL;
	case ISAL_INCORRECT_CHECKSUM:
		return "is corrupt: its checksum does not match";
	default:
		return "is corrupt: not valid gzip data";
	}
}

/* Only another member may follow one. */
static const char *next_member(struct tb_decoder *d, const char *in, size_t n, int at_end)
{
	if (n == 0)
		return NULL;
	if ((unsigned char)in[0] != 0x1f || (n > 1 && (unsigned char)in[1] != 0x8b))
		return behind;
	if (n == 1 && !at_end)
		return NULL; /* one byte more will tell */
	begin_member(d);
	d->between = false;
	return NULL;
}

static const char *run_gzip(struct tb_decoder *d, const char *in, size_t n, size_t *used, char *out,
			    size_t room, size_t *made, int at_end)
{
	const char *why = d->between ? next_member(d, in + *used, n - *used, at_end) : NULL;
	int rc;

	if (why || d->between)
		return why;
	d->gzip->next_in = (uint8_t *)(uintptr_t)(in + *used);
	d->gzip->avail_in = (uint32_t)(n - *used);
	d->gzip->next_out = (uint8_t *)out + *made;
	d->gzip->avail_out = (uint32_t)(room - *made);
	rc = isal_inflate(d->gzip);
	*used = n - d->gzip->avail_in;
	*made = room - d->gzip->avail_out;
	d->between = d->gzip->block_state == ISAL_BLOCK_FINISH;
	why = gzip_fault(rc);
	if (!why && at_end && !d->between && *used == n && *made < room)
		why = cut_short;
	return why;
}

/* ---- zstd ---- */

static struct tb_decoder *open_zstd(void)
{
	struct tb_decoder *d = calloc(1, sizeof(*d));

	if (!d || !(d->zstd = ZSTD_createDCtx())) {
		close_decoder(d);
		return NULL;
	}
	return d;
}

static const char *run_zstd(struct tb_decoder *d, const char *in, size_t n, size_t *used, char *out,
			    size_t room, size_t *made, int at_end)
{
	ZSTD_inBuffer input = {in, n, *used};
	ZSTD_outBuffer output = {out, room, *made};
	size_t rc;

	if (d->between && *used == n)
		return NULL;
	rc = ZSTD_decompressStream(d->zstd, &output, &input);
	*used = input.pos;
	*made = output.pos;
	if (ZSTD_getErrorCode(rc) == ZSTD_error_memory_allocation)
		return tb_codec_no_memory;
	if (ZSTD_isError(rc))
		return d->between ? behind : "is corrupt: not valid zstd data";
	d->between = rc == 0;
	return at_end && rc != 0 && *used == n && *made < room ? cut_short : NULL;
}

enum { GZIP, ZSTD, CODECS };

static const struct tb_codec codecs[CODECS] = {
	[GZIP] = {"gzip", "\x1f\x8b", 2, open_gzip, run_gzip, close_decoder},
	[ZSTD] = {"zstd", "\x28\xb5\x2f\xfd", 4, open_zstd, run_zstd, close_decoder},
};

/*
 * A zstd stream may begin with a frame that decoders skip (RFC 8878, 3.1.2), as what pzstd writes
 * does: its magic is one of sixteen numbers.
 */
static bool is_skippable(const char *p, size_t n)
{
	return n >= 4 && ((unsigned char)p[0] & 0xf0) == 0x50 &&
	       memcmp(p + 1, "\x2a\x4d\x18", 3) == 0;
}

const struct tb_codec *tb_codec_of(const char *p, size_t n)
{
	if (is_skippable(p, n))
		return &codecs[ZSTD];
	for (size_t i = 0; i < CODECS; i++)
		if (n >= codecs[i].magic_len &&
		    memcmp(p, codecs[i].magic, codecs[i].magic_len) == 0)
			return &codecs[i];
	return NULL;
}
