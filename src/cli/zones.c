#include "cli/zones.h"

#include "cli/messages.h"

#include "base/zone.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_TEXT = 512 };

/* Whether the file says of itself that it holds a zone: others lie beside them. */
static bool is_zone(const char *path)
{
	static const char magic[] = "TZif";
	char head[sizeof(magic) - 1];
	FILE *f = fopen(path, "rb");
	bool is;

	if (!f)
		return false;
	is = fread(head, 1, sizeof(head), f) == sizeof(head) &&
	     memcmp(head, magic, sizeof(head)) == 0;
	fclose(f);
	return is;
}

/* Copies of all zones under other rules, and the machine's own zone under no name of its own. */
static bool is_left_out(const char *name)
{
	static const char *const others[] = {".",     "..",         "posix",
					     "right", "posixrules", "localtime"};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(name, others[i]) == 0)
			return true;
	return false;
}

/* The zones in a folder and in those below it: depth is at most 3 in the data there are. */
static void print_folder(const char *folder, int depth)
{
	struct dirent **entries = NULL;
	int n = depth > 8 ? -1 : scandir(folder, &entries, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;
		char path[PATH_TEXT];

		if (!is_left_out(name) &&
		    snprintf(path, sizeof(path), "%s/%s", folder, name) < PATH_TEXT) {
			if (is_zone(path))
				puts(path + sizeof(TB_ZONE_DIR));
			else
				print_folder(path, depth + 1);
		}
		free(entries[i]);
	}
	free(entries);
}

int tb_zones_print(void)
{
	print_folder(TB_ZONE_DIR, 0);
	return TB_EXIT_OK;
}
