#include "write/writer.h"

#include <string.h>

#define WRITER(name, ending, reader) {#name, ending, reader, tb_write_##name},

const struct tb_writer tb_writers[] = {TB_WRITER_ROWS(WRITER)};

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
