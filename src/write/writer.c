#include "write/writer.h"

#include <string.h>

const struct tb_writer tb_writers[] = {
	{"csv", ".csv", tb_write_csv, tb_write_grid_csv, tb_write_comparison_csv},
	{"json", ".json", tb_write_json, tb_write_grid_json, tb_write_comparison_json},
	{"table", ".txt", tb_write_table, tb_write_grid_table, tb_write_comparison_table},
};

const size_t tb_writer_count = sizeof(tb_writers) / sizeof(tb_writers[0]);

const struct tb_writer *tb_writer_named(const char *name)
{
	for (size_t i = 0; i < tb_writer_count; i++)
		if (strcmp(tb_writers[i].name, name) == 0)
			return &tb_writers[i];
	return NULL;
}

const struct tb_writer *tb_writer_for_file(const char *path)
{
	size_t n = strlen(path);

	for (size_t i = 0; i < tb_writer_count; i++) {
		size_t e = strlen(tb_writers[i].ending);

		if (n > e && strcmp(path + n - e, tb_writers[i].ending) == 0)
			return &tb_writers[i];
	}
	return NULL;
}
