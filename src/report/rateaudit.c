#include "report/rateaudit.h"

#include "report/ratetext.h"

static const struct tb_sheet_column first[] = {
	{.name = "model", .heading = "model", .level = 1},
	{.name = "provider", .heading = "provider", .keep_rank = 2},
	{.name = "from", .heading = "from", .keep_rank = 3},
	{.name = "price", .heading = "price"},
	{.name = "book", .heading = "book", .kind = TB_SHEET_PRICE},
};

static const struct tb_sheet_column last[] = {
	{.name = "status", .heading = "status", .whole = true},
	{.name = "verified", .heading = "verified", .keep_rank = 4},
	{.name = "reason", .heading = "reason", .keep_rank = 1},
};

enum { MODEL, PROVIDER, FROM, PRICE, BOOK, LISTS };

void tb_rateaudit_init(struct tb_sheet *s, const char *const *names, size_t n)
{
	tb_sheet_init(s, TB_FORM_LIST);
	s->title = "The price book beside other lists";
	s->if_empty = "No difference.";
	tb_sheet_add_columns(s, first, LISTS);
	for (size_t i = 0; i < n; i++) {
		struct tb_sheet_column list = {.name = names[i],
					       .heading = names[i],
					       .kind = TB_SHEET_PRICE,
					       .clip_heading = true};

		tb_sheet_add_columns(s, &list, 1);
	}
	tb_sheet_add_columns(s, last, sizeof(last) / sizeof(last[0]));
}

enum tb_status tb_rateaudit_add(struct tb_sheet *s, const struct tb_audit_finding *f, size_t n,
				const char *reason, struct tb_err *err)
{
	char key[TB_RATE_KEY_TEXT];

	tb_sheet_add_row(s);
	tb_sheet_set_text(s, MODEL, f->era->model);
	tb_sheet_set_text(s, PROVIDER, f->era->provider);
	tb_sheet_set(s, FROM, tb_era_edge_cell(s, f->from));
	if (f->status != TB_AUDIT_UNKNOWN) {
		tb_sheet_set_text(s, PRICE, tb_rate_key_text(f->tier, f->context, f->meter, key));
		tb_sheet_set(s, BOOK, tb_rate_price_cell(f->meter, f->price));
		for (size_t i = 0; i < n; i++)
			tb_sheet_set(s, LISTS + i, tb_rate_price_cell(f->meter, f->theirs[i]));
	}
	tb_sheet_set_text(s, LISTS + n, tb_audit_words[f->status]);
	tb_sheet_set_text(s, LISTS + n + 1, f->era->card[TB_CARD_VERIFIED]);
	tb_sheet_set_text(s, LISTS + n + 2, reason);
	return tb_sheet_check(s, err);
}
