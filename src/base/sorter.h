/*
 * sorter - sorts any number of small items in bounded memory.
 *
 * Items beyond what the memory holds are sorted in runs, kept in a temporary file (see
 * tb_tempfile) and merged on the way out.
 */
#ifndef TB_SORTER_H
#define TB_SORTER_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TB_SORTER_ITEM = 44,         /* bytes; items are ordered as memcmp orders them */
	TB_SORTER_MEMORY = 64 << 10, /* items held in memory by default */
};

struct tb_sorter_item {
	unsigned char bytes[TB_SORTER_ITEM];
};

struct tb_sorter;

/* `memory` is the number of items to hold, 0 for the default. NULL when memory is out. */
struct tb_sorter *tb_sorter_new(size_t memory);
void tb_sorter_free(struct tb_sorter *s);

TB_MUST_CHECK enum tb_status tb_sorter_put(struct tb_sorter *s, const struct tb_sorter_item *item,
					   struct tb_err *err);
/* Drops all items. */
void tb_sorter_clear(struct tb_sorter *s);

uint64_t tb_sorter_count(const struct tb_sorter *s);

/* Ends the putting and goes to the first item; may be called again to go back to it. */
TB_MUST_CHECK enum tb_status tb_sorter_rewind(struct tb_sorter *s, struct tb_err *err);

/* *more is false behind the last item. */
TB_MUST_CHECK enum tb_status tb_sorter_next(struct tb_sorter *s, struct tb_sorter_item *item,
					    bool *more, struct tb_err *err);

/* Numbers as bytes that sort as the numbers do. */
void tb_sorter_put_u32(unsigned char *p, uint32_t v);
void tb_sorter_put_u64(unsigned char *p, uint64_t v);
uint32_t tb_sorter_get_u32(const unsigned char *p);
uint64_t tb_sorter_get_u64(const unsigned char *p);

#endif
