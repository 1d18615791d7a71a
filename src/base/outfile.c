#include "base/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* "a/b.csv" -> "a/" and "b.csv". */
static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The directory's part of a path, with `name` in it. */
static char *beside(const char *path, size_t dir_len, const char *name)
{
	size_t n = dir_len + strlen(name) + 1;
	char *s = malloc(n);

	if (s)
		snprintf(s, n, "%.*s%s", (int)dir_len, path, name);
	return s;
}

/*
 * What cannot be replaced by a file: a device, pipe or socket, and whatever a name below /dev/fd
 * or /proc stands for (/dev/stdout is a link to such a name).
 */
static bool written_directly(const char *path)
{
	static const char *const names[] = {"/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/"};
	struct stat st;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strncmp(path, names[i], strlen(names[i])) == 0)
			return true;
	return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static enum tb_status cannot_create(const char *path, struct tb_err *err)
{
	return tb_fail(err, TB_CANTCREATE, "%s: cannot create: %s", path, strerror(errno));
}

static enum tb_status open_directly(struct tb_outfile *o, struct tb_err *err)
{
	int fd = open(o->path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY);

	if (fd < 0 || !(o->stream = fdopen(fd, "w"))) {
		enum tb_status st = cannot_create(o->path, err);

		if (fd >= 0)
			close(fd);
		return st;
	}
	return TB_OK;
}

/* The mode a new file would get, or that of the file to be replaced. */
static mode_t mode_for(const char *path)
{
	struct stat st;
	mode_t mask;

	if (lstat(path, &st) == 0 && S_ISREG(st.st_mode))
		return st.st_mode & 0777;
	mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

static enum tb_status open_dir(struct tb_outfile *o, size_t dir_len, struct tb_err *err)
{
	char *dir = dir_len ? beside(o->path, dir_len, "") : strdup(".");
	struct stat st;

	if (!dir)
		return tb_fail_nomem(err);
	o->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(dir);
	if (o->dir >= 0 && stat(o->path, &st) == 0 && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return cannot_create(o->path, err);
	}
	return o->dir < 0 ? cannot_create(o->path, err) : TB_OK;
}

static enum tb_status open_beside(struct tb_outfile *o, struct tb_err *err)
{
	size_t dir_len = (size_t)(last_part(o->path) - o->path);
	enum tb_status st;
	char *temp;
	int fd;

	TB_TRY(open_dir(o, dir_len, err));
	temp = beside(o->path, dir_len, ".tokbill-XXXXXX");
	if (!temp)
		return tb_fail_nomem(err);
	fd = mkstemp(temp);
	if (fd < 0) {
		st = cannot_create(o->path, err);
		free(temp);
		return st;
	}
	o->temp = temp; /* from here on there is something to take away */
	if (fchmod(fd, mode_for(o->path)) == 0 && (o->stream = fdopen(fd, "w")) != NULL)
		return TB_OK;
	st = cannot_create(o->path, err);
	close(fd);
	return st;
}

enum tb_status tb_outfile_open(struct tb_outfile *o, const char *path, struct tb_err *err)
{
	enum tb_status st;

	*o = (struct tb_outfile){.dir = -1, .path = strdup(path)};
	if (!o->path)
		return tb_fail_nomem(err);
	st = written_directly(path) ? open_directly(o, err) : open_beside(o, err);
	if (st != TB_OK)
		tb_outfile_release(o);
	return st;
}

enum tb_status tb_stream_check(FILE *stream, const char *path, struct tb_err *err)
{
	/* A failed write leaves its cause in errno at the time; flushing again often brings it
	 * back, and where not, the bare fact has to do. */
	errno = 0;
	if (fflush(stream) == 0 && !ferror(stream))
		return TB_OK;
	return tb_fail(err, TB_IO, "%s: writing: %s", path,
		       errno ? strerror(errno) : "a write failed");
}

enum tb_status tb_outfile_prepare(struct tb_outfile *o, struct tb_err *err)
{
	enum tb_status st = tb_stream_check(o->stream, o->path, err);

	/* Pipes and terminals answer EINVAL or EROFS: they have no disk to reach. */
	if (st == TB_OK && o->temp && fsync(fileno(o->stream)) != 0)
		st = tb_fail(err, TB_IO, "%s: writing: %s", o->path, strerror(errno));
	if (fclose(o->stream) != 0 && st == TB_OK)
		st = tb_fail(err, TB_IO, "%s: writing: %s", o->path, strerror(errno));
	o->stream = NULL;
	o->prepared = st == TB_OK;
	return st;
}

enum tb_status tb_outfile_commit(struct tb_outfile *o, struct tb_err *err)
{
	if (!o->prepared)
		return tb_fail(err, TB_INTERNAL, "%s: committed before it was prepared", o->path);
	if (!o->temp)
		return TB_OK;
	if (rename(o->temp, o->path) != 0)
		return tb_fail(err, TB_CANTCREATE, "%s: cannot put in place: %s", o->path,
			       strerror(errno));
	free(o->temp);
	o->temp = NULL;
	if (fsync(o->dir) != 0)
		return tb_fail(err, TB_IO, "%s: writing its directory: %s", o->path,
			       strerror(errno));
	return TB_OK;
}

void tb_outfile_release(struct tb_outfile *o)
{
	if (o->stream)
		fclose(o->stream);
	if (o->temp)
		unlink(o->temp);
	if (o->path && o->dir >= 0)
		close(o->dir);
	free(o->temp);
	free(o->path);
	*o = (struct tb_outfile){.dir = -1};
}

int tb_tempfile(void)
{
	const char *dir = getenv("TMPDIR");
	char path[4096];
	int fd;

	if (!dir || !*dir)
		dir = "/tmp";
	if (snprintf(path, sizeof(path), "%s/tokbill-XXXXXX", dir) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkstemp(path);
	if (fd >= 0)
		unlink(path);
	return fd;
}
