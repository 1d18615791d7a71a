#include "logs/csv_index.h"

#if !defined(__x86_64__) && !defined(__aarch64__)
const struct tb_csv_indexer *tb_csv_indexer_native(void)
{
	return NULL;
}
#endif

size_t tb_csv_indexer_all(const struct tb_csv_indexer *all[], size_t max)
{
	const struct tb_csv_indexer *native = tb_csv_indexer_native();
	size_t n = 0;

	if (n < max && native)
		all[n++] = native;
	if (n < max)
		all[n++] = &tb_csv_indexer_portable;
	return n;
}

const struct tb_csv_indexer *tb_csv_indexer_best(void)
{
	const struct tb_csv_indexer *best;

	tb_csv_indexer_all(&best, 1);
	return best;
}
