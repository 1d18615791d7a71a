#include "base/zone_names.h"

#include "base/zone.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PATH_TEXT = 512, DEPTH_MAX = 8 };

struct listing {
	void (*each)(void *ctx, const char *name);
	void *ctx;
};

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

static void list_folder(const struct listing *l, const char *folder, int depth);

static void list_entry(const struct listing *l, const char *folder, const char *name, int depth)
{
	char path[PATH_TEXT];

	if (is_left_out(name) || snprintf(path, sizeof(path), "%s/%s", folder, name) >= PATH_TEXT)
		return;
	if (is_zone(path))
		l->each(l->ctx, path + sizeof(TB_ZONE_DIR));
	else
		list_folder(l, path, depth + 1);
}

/* What is no folder has no entries. */
static void list_folder(const struct listing *l, const char *folder, int depth)
{
	struct dirent **entries = NULL;
	int n = depth < DEPTH_MAX ? scandir(folder, &entries, NULL, alphasort) : 0;

	for (int i = 0; i < n; i++) {
		list_entry(l, folder, entries[i]->d_name, depth);
		free(entries[i]);
	}
	free(entries);
}

void tb_zone_names(void (*each)(void *ctx, const char *name), void *ctx)
{
	const struct listing l = {each, ctx};

	list_folder(&l, TB_ZONE_DIR, 0);
}

struct search {
	const char *place;
	char *name; /* the shortest so far; empty before */
};

static bool same_place(const char *a, const char *b)
{
	size_t n = strlen(a);

	if (strlen(b) != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (strncasecmp(a + i, b + i, 1) != 0 && !(a[i] == ' ' && b[i] == '_'))
			return false;
	return true;
}

static void look_at(void *ctx, const char *name)
{
	struct search *s = ctx;
	const char *slash = strrchr(name, '/');

	if (same_place(s->place, slash ? slash + 1 : name) &&
	    (!*s->name || strlen(name) < strlen(s->name)))
		snprintf(s->name, TB_ZONE_NAME_TEXT, "%s", name);
}

bool tb_zone_of_place(const char *place, char name[TB_ZONE_NAME_TEXT])
{
	struct search s = {place, name};

	*name = '\0';
	tb_zone_names(look_at, &s);
	return *name != '\0';
}
