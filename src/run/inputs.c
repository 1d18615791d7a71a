#define _XOPEN_SOURCE 700 /* realpath */ /* NOLINT(cert-dcl51-cpp): the C library names it */
#include "run/inputs.h"

#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static enum tb_status cannot_read(const char *path, struct tb_err *err)
{
	if (errno == ENOMEM)
		return tb_fail_nomem(err);
	return tb_fail(err, TB_NOINPUT, "%s: cannot be read: %s", path, strerror(errno));
}

static enum tb_status keep(struct tb_inputs *in, const char *path, struct tb_err *err)
{
	const char *copy = tb_arena_text(&in->arena, path, strlen(path));

	if (!copy || !tb_grow(&in->paths, &in->cap, in->count + 2, sizeof(*in->paths)))
		return tb_fail_nomem(err);
	in->paths[in->count++] = copy;
	in->paths[in->count] = NULL;
	return TB_OK;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort_from(struct tb_inputs *in, size_t first)
{
	if (in->count > first)
		qsort(in->paths + first, in->count - first, sizeof(*in->paths), by_bytes);
}

/* ---- directories ---- */

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Directories that are still to be looked through: one may lie deeper than calls can nest. */
struct walk {
	struct tb_inputs *in;
	char **waiting;
	size_t n, cap;
};

static enum tb_status put_off(struct walk *w, char *path, struct tb_err *err)
{
	if (!tb_grow(&w->waiting, &w->cap, w->n + 1, sizeof(*w->waiting))) {
		free(path);
		return tb_fail_nomem(err);
	}
	w->waiting[w->n++] = path;
	return TB_OK;
}

/* Something in a directory; a link is what it leads to, unless that is a directory. */
static enum tb_status sort_out(struct walk *w, char *path, struct tb_err *err)
{
	enum tb_status st = TB_OK;
	struct stat is, target;

	if (lstat(path, &is) != 0)
		st = cannot_read(path, err);
	else if (S_ISDIR(is.st_mode))
		return put_off(w, path, err);
	else if (S_ISREG(is.st_mode))
		st = keep(w->in, path, err);
	else if (!S_ISLNK(is.st_mode))
		w->in->special++;
	else if (stat(path, &target) != 0)
		st = cannot_read(path, err);
	else if (S_ISREG(target.st_mode))
		st = keep(w->in, path, err);
	else
		w->in->special++;
	free(path);
	return st;
}

/* "DIR/NAME", to be freed. */
static char *join(const char *dir, const char *name)
{
	size_t n = strlen(dir), room = n + strlen(name) + 2;
	const char *slash = n && dir[n - 1] == '/' ? "" : "/";
	char *path = malloc(room);

	if (path)
		snprintf(path, room, "%s%s%s", dir, slash, name);
	return path;
}

static enum tb_status look_into(struct walk *w, const char *path, DIR *dir, struct tb_err *err)
{
	const struct dirent *e;

	while (errno = 0, (e = readdir(dir))) {
		char *inside;

		if (e->d_name[0] == '.') {
			w->in->hidden +=
				strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
			continue;
		}
		inside = join(path, e->d_name);
		if (!inside)
			return tb_fail_nomem(err);
		TB_TRY(sort_out(w, inside, err));
	}
	return errno ? cannot_read(path, err) : TB_OK;
}

static enum tb_status look_through(struct walk *w, const char *path, struct tb_err *err)
{
	DIR *dir = opendir(path);
	enum tb_status st;

	if (!dir)
		return cannot_read(path, err);
	st = look_into(w, path, dir, err);
	closedir(dir);
	return st;
}

static enum tb_status walk(struct walk *w, const char *top, struct tb_err *err)
{
	enum tb_status st = look_through(w, top, err);

	while (st == TB_OK && w->n) {
		char *path = w->waiting[--w->n];

		st = look_through(w, path, err);
		free(path);
	}
	while (w->n)
		free(w->waiting[--w->n]);
	free(w->waiting);
	return st;
}

static enum tb_status keep_folder(struct tb_inputs *in, const char *dir, struct tb_err *err)
{
	const char *copy = tb_arena_text(&in->arena, dir, strlen(dir));

	if (!copy ||
	    !tb_grow(&in->folders, &in->folder_cap, in->folder_count + 1, sizeof(*in->folders)))
		return tb_fail_nomem(err);
	in->folders[in->folder_count++] = copy;
	return TB_OK;
}

static enum tb_status add_directory(struct tb_inputs *in, const char *dir, struct tb_err *err)
{
	struct walk w = {.in = in};
	size_t first = in->count;

	TB_TRY(keep_folder(in, dir, err));
	TB_TRY(walk(&w, dir, err));
	if (in->count == first)
		return tb_fail(err, TB_NOINPUT, "%s: a directory without a file to read", dir);
	sort_from(in, first);
	return TB_OK;
}

static enum tb_status add_path(struct tb_inputs *in, const char *path, struct tb_err *err)
{
	return is_directory(path) ? add_directory(in, path, err) : keep(in, path, err);
}

/* ---- patterns ---- */

static bool is_pattern(const char *name)
{
	struct stat st;
	const char *range = strchr(name, '[');

	return (strpbrk(name, "*?") || (range && strchr(range, ']'))) && stat(name, &st) != 0;
}

static enum tb_status add_matches(struct tb_inputs *in, const char *pattern, struct tb_err *err)
{
	glob_t found = {0};
	int rc = glob(pattern, GLOB_ERR | GLOB_NOSORT, NULL, &found);
	enum tb_status st = TB_OK;

	if (rc == GLOB_NOMATCH)
		st = tb_fail(err, TB_NOINPUT, "%s: matches no file", pattern);
	else if (rc == GLOB_NOSPACE)
		st = tb_fail_nomem(err);
	else if (rc != 0)
		st = cannot_read(pattern, err);
	if (found.gl_pathc)
		qsort(found.gl_pathv, found.gl_pathc, sizeof(*found.gl_pathv), by_bytes);
	for (size_t i = 0; i < found.gl_pathc && st == TB_OK; i++)
		st = add_path(in, found.gl_pathv[i], err);
	globfree(&found);
	return st;
}

enum tb_status tb_inputs_add(struct tb_inputs *in, const char *name, struct tb_err *err)
{
	if (strcmp(name, "-") == 0)
		return keep(in, name, err);
	return is_pattern(name) ? add_matches(in, name, err) : add_path(in, name, err);
}

/* ---- lists ---- */

static enum tb_status add_lines(struct tb_inputs *in, FILE *f, const char *list, char end,
				struct tb_err *err)
{
	enum tb_status st = TB_OK;
	char *name = NULL;
	size_t cap = 0;
	ssize_t n;

	while (st == TB_OK && (n = getdelim(&name, &cap, end, f)) > 0) {
		if (name[n - 1] == end)
			name[--n] = '\0';
		if (strlen(name) != (size_t)n)
			st = tb_fail(err, TB_NOINPUT,
				     "%s: a name with a NUL in it; give -0 for a "
				     "list whose names end in NUL",
				     list);
		else if (n)
			st = add_path(in, name, err);
	}
	if (st == TB_OK && !feof(f))
		st = ferror(f) ? cannot_read(list, err) : tb_fail_nomem(err);
	free(name);
	return st;
}

enum tb_status tb_inputs_add_list(struct tb_inputs *in, const char *list, char end,
				  struct tb_err *err)
{
	bool standard = strcmp(list, "-") == 0;
	const char *called = standard ? "(stdin)" : list;
	FILE *f = standard ? stdin : fopen(list, "re");
	size_t before = in->count;
	enum tb_status st;

	if (!f)
		return cannot_read(list, err);
	st = add_lines(in, f, called, end, err);
	if (!standard)
		fclose(f);
	if (st == TB_OK && in->count == before)
		st = tb_fail(err, TB_NOINPUT, "%s: names no file", called);
	return st;
}

/* ---- what lies within a directory ---- */

/* Where `path` is, or will be: the nearest of its directories that is there. To be freed. */
static char *real_place(const char *path)
{
	char *at = strdup(path), *real = NULL;

	while (at && !(real = realpath(*at ? at : ".", NULL)) && *at && errno != ENOMEM) {
		char *slash = strrchr(at, '/');

		*(slash > at ? slash : slash ? slash + (slash[1] != '\0') : at) = '\0';
	}
	free(at);
	return real;
}

enum tb_status tb_inputs_refuse_within(const struct tb_inputs *in, const char *path,
				       struct tb_err *err)
{
	char *real = in->folder_count ? real_place(path) : NULL;
	enum tb_status st = TB_OK;

	if (in->folder_count && !real)
		return cannot_read(path, err);
	for (size_t i = 0; i < in->folder_count && st == TB_OK; i++) {
		char *folder = realpath(in->folders[i], NULL);

		if (!folder)
			st = cannot_read(in->folders[i], err);
		else if (tb_path_below(real, folder))
			st = tb_fail(
				err, TB_USAGE,
				"%s: lies in %s, whose files are read: the next run would take "
				"it for a log; choose another place",
				path, in->folders[i]);
		free(folder);
	}
	free(real);
	return st;
}

void tb_inputs_release(struct tb_inputs *in)
{
	free(in->paths);
	free(in->folders);
	tb_arena_release(&in->arena);
	*in = (struct tb_inputs){0};
}
