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

static char *joined(const char *dir, size_t dir_len, const char *before, const char *name,
		    const char *behind)
{
	size_t n = dir_len + strlen(before) + strlen(name) + strlen(behind) + 1;
	char *s = malloc(n);

	if (s)
		snprintf(s, n, "%.*s%s%s%s", (int)dir_len, dir, before, name, behind);
	return s;
}

/*
 * Names that stand for something other than a file on a disk: an existing device, pipe or socket,
 * and everything below /dev and /proc (/dev/stdout is a link that must not be replaced).
 */
static bool written_directly(const char *path)
{
	struct stat st;

	if (strncmp(path, "/dev/", 5) == 0 || strncmp(path, "/proc/", 6) == 0)
		return true;
	return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static enum tb_status cannot_create(const char *path, struct tb_err *err)
{
	return tb_fail(err, TB_CANTCREATE, "%s: cannot create: %s", path, strerror(errno));
}

static enum tb_status open_directly(struct tb_outfile *o, struct tb_err *err)
{
	int fd = open(o->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);

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

static enum tb_status open_beside(struct tb_outfile *o, struct tb_err *err)
{
	const char *name = last_part(o->path);
	size_t dir_len = (size_t)(name - o->path);
	char *dir = dir_len ? joined(o->path, dir_len, "", "", "") : strdup(".");
	struct stat st;
	int fd;

	o->temp = joined(o->path, dir_len, ".", name, ".tokbill-XXXXXX");
	if (!dir || !o->temp) {
		free(dir);
		return tb_fail_nomem(err);
	}
	o->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(dir);
	if (o->dir < 0)
		return cannot_create(o->path, err);
	if (stat(o->path, &st) == 0 && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return cannot_create(o->path, err);
	}
	fd = mkstemp(o->temp);
	if (fd < 0) {
		free(o->temp);
		o->temp = NULL;
		return cannot_create(o->path, err);
	}
	if (fchmod(fd, mode_for(o->path)) != 0 || !(o->stream = fdopen(fd, "w"))) {
		enum tb_status failed = cannot_create(o->path, err);

		close(fd);
		return failed;
	}
	return TB_OK;
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
