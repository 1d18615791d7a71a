#include "usage/logformat.h"

const struct tb_logcolumn *tb_logformat_column(const struct tb_logformat *f, size_t i)
{
	for (; f; f = f->base) {
		size_t n = 0;

		while (n < i && f->columns[n].name)
			n++;
		if (f->columns[n].name)
			return &f->columns[n];
		i -= n;
	}
	return NULL;
}
