/*
 * bill - what a log costs by model: a line for each, then all of it as CSV.
 *
 *   cc bill.c $(pkg-config --cflags --libs tokbill) -o bill
 *   ./bill USAGE.csv
 */
#include <tokbill.h>

#include <stdio.h>

static int show(void *ctx, const tb_row *row)
{
	const size_t *cost = ctx;
	char model[128], amount[128];

	tb_row_text(row, 0, model, sizeof(model));
	tb_row_text(row, *cost, amount, sizeof(amount));
	printf("%s: %s\n", model, amount);
	return 0;
}

static size_t column_named_cost(const tb_sheet *sheet)
{
	size_t i = 0;
	const char *name;

	do
		name = tb_sheet_column_name(sheet, i++);
	while (!(name[0] == 'c' && name[1] == 'o' && name[2] == 's' && name[3] == 't' && !name[4]));
	return i - 1;
}

static int bill_log(tb_run *bill, const char *path, tb_error **error)
{
	const tb_sheet *sheet;
	size_t cost;

	if (tb_run_group_by(bill, "model", error) != TB_DONE ||
	    tb_run_add_log(bill, path, error) != TB_DONE || tb_run_bill(bill, error) != TB_DONE)
		return 1;
	sheet = tb_run_sheet(bill);
	cost = column_named_cost(sheet);
	return tb_sheet_walk(sheet, show, &cost, error) != TB_DONE ||
	       tb_sheet_write(sheet, tb_writer_find("csv"), stdout, error) != TB_DONE;
}

int main(int argc, char **argv)
{
	tb_error *error = NULL;
	tb_book *book = tb_book_open(NULL, 0, &error);
	tb_run *bill = book ? tb_run_open(book, &error) : NULL;
	int code = argc != 2 || !bill || bill_log(bill, argv[1], &error);

	if (error)
		fprintf(stderr, "%s\n", tb_error_text(error));
	tb_error_close(error);
	tb_run_close(bill);
	tb_book_close(book);
	return code;
}
