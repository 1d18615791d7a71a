/*
 * bill - what a log costs by day: a line for each row, then all of it as JSON.
 *
 *   c++ bill.cpp $(pkg-config --cflags --libs tokbill) -o bill
 *   ./bill USAGE.csv
 */
#include <tokbill.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

namespace
{

struct Close {
	void operator()(tb_book *b) const { tb_book_close(b); }
	void operator()(tb_run *b) const { tb_run_close(b); }
	void operator()(tb_error *e) const { tb_error_close(e); }
};

template <class T> using Owned = std::unique_ptr<T, Close>;

void check(tb_error *error)
{
	Owned<tb_error> owned(error);

	if (owned)
		throw std::runtime_error(tb_error_text(owned.get()));
}

std::string text(const tb_row *row, size_t column)
{
	std::string s(tb_row_text(row, column, nullptr, 0), '\0');

	tb_row_text(row, column, &s[0], s.size() + 1);
	return s;
}

int show(void *ctx, const tb_row *row)
{
	std::string line;

	for (size_t i = 0; i < *static_cast<size_t *>(ctx); i++)
		line += (i ? " " : "") + text(row, i);
	std::puts(line.c_str());
	return 0;
}

void bill_log(const char *path)
{
	tb_error *error = nullptr;
	Owned<tb_book> book(tb_book_open(nullptr, 0, &error));
	check(error);
	Owned<tb_run> bill(tb_run_open(book.get(), &error));
	check(error);
	tb_run_group_by(bill.get(), "date", &error);
	check(error);
	tb_run_add_log(bill.get(), path, &error);
	check(error);
	tb_run_bill(bill.get(), &error);
	check(error);
	const tb_sheet *sheet = tb_run_sheet(bill.get());
	size_t columns = tb_sheet_columns(sheet);
	tb_sheet_walk(sheet, show, &columns, &error);
	check(error);
	tb_sheet_write(sheet, tb_writer_find("json"), stdout, &error);
	check(error);
}

} // namespace

int main(int argc, char **argv)
{
	try {
		bill_log(argc == 2 ? argv[1] : "");
	} catch (const std::exception &e) {
		std::fprintf(stderr, "%s\n", e.what());
		return 1;
	}
	return 0;
}
