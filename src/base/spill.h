/*
 * spill - bytes put aside in parts by each of several threads, in bounded memory.
 *
 * What is put into a part comes out again in the order it went in. Threads share a stated amount
 * of memory; one that finds none left moves what it holds to a temporary file of its own (see
 * tb_tempfile), all parts at once, so that each part lies there in long pieces.
 *
 *   struct tb_spill_memory memory;
 *   tb_spill_memory_init(&memory, 64 << 20);
 *   struct tb_spill *s = tb_spill_new(&memory, 256);
 *   TB_TRY(tb_spill_put(s, part, bytes, n, err));
 *   ...
 *   struct tb_spill_reader r = tb_spill_begin(s, part);
 *   TB_TRY(tb_spill_read(&r, room, sizeof(room), &got, err));
 */
#ifndef TB_SPILL_H
#define TB_SPILL_H

#include "base/err.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* What is left of the memory that several spills share. */
struct tb_spill_memory {
	atomic_size_t left; /* bytes */
};

void tb_spill_memory_init(struct tb_spill_memory *m, size_t bytes);

/* One thread's. Beyond the shared memory it has one chunk for each part. */
struct tb_spill {
	struct tb_spill_memory *memory;
	struct tb_spill_part {
		char *at, *end; /* where the next bytes go, and how far */
		struct tb_spill_chunk *first, *last;
		uint64_t bytes; /* in full chunks and in the file */
		struct tb_spill_piece *pieces;
		size_t piece_count, piece_cap;
	} * part;
	size_t parts;
	struct tb_spill_chunk *free;
	struct tb_spill_slab *slabs;
	int fd; /* -1 while all is in memory */
	uint64_t written;
};

enum { TB_SPILL_PARTS_MAX = 1024, TB_SPILL_CHUNK = 1024 - sizeof(void *) /* a multiple of 8 */ };

/* NULL when memory is out. */
struct tb_spill *tb_spill_new(struct tb_spill_memory *memory, size_t parts);
void tb_spill_free(struct tb_spill *s);

/* Makes room in a part that is full: at least 8 bytes, or any number of words of 8 bytes. */
TB_MUST_CHECK enum tb_status tb_spill_more(struct tb_spill *s, size_t part, struct tb_err *err);

TB_MUST_CHECK enum tb_status tb_spill_put(struct tb_spill *s, size_t part, const void *bytes,
					  size_t n, struct tb_err *err);

/* A word, in a spill that holds nothing but words. */
TB_MUST_CHECK static inline enum tb_status tb_spill_put_word(struct tb_spill *s, size_t part,
							     uint64_t word, struct tb_err *err)
{
	struct tb_spill_part *p = &s->part[part];

	if (p->at == p->end)
		TB_TRY(tb_spill_more(s, part, err));
	memcpy(p->at, &word, sizeof(word));
	p->at += sizeof(word);
	return TB_OK;
}

/* How many bytes a part has. */
uint64_t tb_spill_bytes(const struct tb_spill *s, size_t part);

/* Goes through a part; several threads may read, while none puts. */
struct tb_spill_reader {
	const struct tb_spill *spill;
	const struct tb_spill_part *part;
	size_t piece;
	uint64_t done; /* bytes of the piece */
	const struct tb_spill_chunk *chunk;
	size_t used; /* bytes of the chunk */
};

struct tb_spill_reader tb_spill_begin(const struct tb_spill *s, size_t part);

/* Up to n bytes; fewer only at the end. */
TB_MUST_CHECK enum tb_status tb_spill_read(struct tb_spill_reader *r, void *bytes, size_t n,
					   size_t *got, struct tb_err *err);

#endif
