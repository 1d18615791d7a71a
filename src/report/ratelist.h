/*
 * ratelist - a price book as a list: one row for each era of each model.
 */
#ifndef TB_RATELIST_H
#define TB_RATELIST_H

#include "ratebook/book.h"
#include "report/sheet.h"

struct tb_ratelist_filter {
	const char *provider;      /* NULL: all */
	const char *const *models; /* patterns with * ? [...] of which a name must match one */
	size_t model_count;        /* 0: all models */
	bool in_force_only;        /* the era in force at the instant, no other */
	int64_t instant;
};

/*
 * Makes the list as a sheet, by model (bytes), then start. The book must outlive it. Release it
 * either way.
 */
TB_MUST_CHECK enum tb_status tb_ratelist_init(struct tb_sheet *s, const struct tb_book *book,
					      const struct tb_ratelist_filter *filter,
					      struct tb_err *err);

#endif
