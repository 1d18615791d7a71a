#include "report/format.h"

#include <string.h>

const struct tb_format tb_formats[] = {
	{"csv", ".csv", tb_write_csv, tb_write_grid_csv, tb_write_versus_csv},
	{"json", ".json", tb_write_json, tb_write_grid_json, tb_write_versus_json},
	{"table", ".txt", tb_write_table, tb_write_grid_table, tb_write_versus_table},
};

const size_t tb_format_count = sizeof(tb_formats) / sizeof(tb_formats[0]);

const struct tb_format *tb_format_named(const char *name)
{
	for (size_t i = 0; i < tb_format_count; i++)
		if (strcmp(tb_formats[i].name, name) == 0)
			return &tb_formats[i];
	return NULL;
}

const struct tb_format *tb_format_for_file(const char *path)
{
	size_t n = strlen(path);

	for (size_t i = 0; i < tb_format_count; i++) {
		size_t e = strlen(tb_formats[i].ending);

		if (n > e && strcmp(path + n - e, tb_formats[i].ending) == 0)
			return &tb_formats[i];
	}
	return NULL;
}
