#include "billing/grouping.h"

#include <string.h>

bool tb_grouping_has(const struct tb_grouping *g, enum tb_by by)
{
	for (size_t i = 0; i < g->count; i++)
		if (g->columns[i].by == by)
			return true;
	return false;
}

int32_t tb_grouping_day(const struct tb_grouping *g, const struct tb_usage *u)
{
	if (u->date_only || !g->zone)
		return tb_day_of_instant(u->instant);
	return tb_day_of_instant(u->instant + tb_zone_offset(g->zone, u->instant));
}

struct tb_span tb_texts_join(struct tb_buf *room, const struct tb_span *texts, size_t n)
{
	size_t last = n - 1;

	if (last == 0)
		return texts[0];
	tb_buf_clear(room);
	for (size_t i = 0; i < last; i++) {
		uint32_t len = (uint32_t)texts[i].n;

		tb_buf_add(room, (const char *)&len, sizeof(len));
		tb_buf_add(room, texts[i].p, len);
	}
	tb_buf_add(room, texts[last].p, texts[last].n);
	return (struct tb_span){room->p, room->n};
}

void tb_texts_split(struct tb_span joined, struct tb_span *texts, size_t n)
{
	for (size_t i = 0; i + 1 < n; i++) {
		uint32_t len;

		memcpy(&len, joined.p, sizeof(len));
		texts[i] = (struct tb_span){joined.p + sizeof(len), len};
		joined.p += sizeof(len) + len;
		joined.n -= sizeof(len) + len;
	}
	texts[n - 1] = joined;
}
