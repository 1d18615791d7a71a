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

void tb_logformat_signature(const struct tb_logformat *f, struct tb_buf *out)
{
	size_t before = out->n;

	for (unsigned set = 1; set < 1u << TB_LOG_SETS; set <<= 1) {
		const char *between = out->n > before ? "; or " : "";

		for (const struct tb_logcolumn *c = f->columns; c->name; c++)
			if (c->signs & set) {
				tb_buf_printf(out, "%s%s", between, c->name);
				between = ", ";
			}
	}
	if (out->n == before)
		tb_buf_puts(out, "none of the others");
}
