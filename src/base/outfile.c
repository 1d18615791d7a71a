#define _GNU_SOURCE /* O_TMPFILE */ /* NOLINT(cert-dcl51-cpp): the C library names it */
#include "base/outfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
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

/* ---- temporary names ---- */

/* Both with six characters behind, as mkstemp() chooses them. */
#define TEMP_NAME ".tokbill-tmp-"
#define KEPT_NAME ".tokbill-old-"

enum { PREFIX = sizeof(TEMP_NAME) - 1, SUFFIX = 6, TRIES = 100 };

/*
 * A new file, locked. Between its creation and its lock it looks like a dead process's: a sweep
 * may come first, which shows in the lock or in the lost name, and then another one is made.
 */
static int create_locked(char *temp)
{
	char *suffix = temp + strlen(temp) - SUFFIX;
	struct stat st;
	int fd;

	for (int i = 0; i < TRIES; i++) {
		memset(suffix, 'X', SUFFIX);
		fd = mkstemp(temp);
		if (fd < 0)
			return -1;
		/* Where there are no locks nothing is swept either. */
		if ((flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) &&
		    (fstat(fd, &st) != 0 || st.st_nlink > 0))
			return fd;
		close(fd); /* the sweep takes its name away */
	}
	errno = EAGAIN;
	return -1;
}

static bool is_temporary(const char *name)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

	return (strncmp(name, TEMP_NAME, PREFIX) == 0 || strncmp(name, KEPT_NAME, PREFIX) == 0) &&
	       strlen(name) == PREFIX + SUFFIX && strspn(name + PREFIX, letters) == SUFFIX;
}

/* Only a file that can be locked has lost its owner, and only the file that was locked goes. */
static void sweep_file(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat locked, named;

	if (fd < 0)
		return;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &locked) == 0 &&
	    S_ISREG(locked.st_mode) && fstatat(dir, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
	    tb_same_file(&named, &locked))
		unlinkat(dir, name, 0);
	close(fd);
}

void tb_outfile_sweep(const char *path)
{
	size_t dir_len = (size_t)(last_part(path) - path);
	char *name = dir_len ? beside(path, dir_len, "") : strdup(".");
	DIR *dir = name ? opendir(name) : NULL;
	const struct dirent *e;

	free(name);
	while (dir && (e = readdir(dir)) != NULL)
		if (is_temporary(e->d_name))
			sweep_file(dirfd(dir), e->d_name);
	if (dir)
		closedir(dir);
}

/* ---- opening ---- */

static enum tb_status cannot_create(const char *path, struct tb_err *err)
{
	if (errno == ENOMEM)
		return tb_fail_nomem(err);
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

/* Takes the temporary name, and the stream unless nothing is to be written. */
static enum tb_status open_temp(struct tb_outfile *o, char *temp, bool written, struct tb_err *err)
{
	int fd = create_locked(temp);
	enum tb_status st;

	if (fd < 0) {
		st = cannot_create(o->path, err);
		free(temp);
		return st;
	}
	o->temp = temp; /* from here on there is something to take away */
	if (!written) {
		close(fd);
		return TB_OK;
	}
	o->lock = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (o->lock >= 0 && fchmod(fd, mode_for(o->path)) == 0 &&
	    (o->stream = fdopen(fd, "w")) != NULL)
		return TB_OK;
	st = cannot_create(o->path, err);
	close(fd);
	return st;
}

static enum tb_status open_beside(struct tb_outfile *o, bool written, struct tb_err *err)
{
	size_t dir_len = (size_t)(last_part(o->path) - o->path);
	char *temp;

	TB_TRY(open_dir(o, dir_len, err));
	temp = beside(o->path, dir_len, TEMP_NAME "XXXXXX");
	return temp ? open_temp(o, temp, written, err) : tb_fail_nomem(err);
}

static const struct tb_outfile released = {.dir = -1, .lock = -1, .kept_lock = -1};

enum tb_status tb_outfile_open(struct tb_outfile *o, const char *path, struct tb_err *err)
{
	enum tb_status st;

	*o = released;
	o->path = strdup(path);
	if (!o->path)
		return tb_fail_nomem(err);
	st = written_directly(path) ? open_directly(o, err) : open_beside(o, true, err);
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

/* ---- putting in place ---- */

/*
 * The old file gets a second name. The first stays its own, so that there is a report at each
 * moment. Not every file system can, and then the old one cannot be put back.
 */
static enum tb_status keep_old(struct tb_outfile *o, struct tb_err *err)
{
	struct stat st;
	char *kept;

	o->replaces = lstat(o->path, &st) == 0;
	if (!o->replaces)
		return TB_OK;
	kept = strdup(o->temp);
	if (!kept)
		return tb_fail_nomem(err);
	memcpy(kept + strlen(kept) - PREFIX - SUFFIX, KEPT_NAME, PREFIX);
	if (link(o->path, kept) != 0) {
		free(kept);
		return TB_OK;
	}
	o->kept = kept;
	return TB_OK;
}

/* The lock on what is kept is shared, for several runs may keep one file. */
static void lock_kept(struct tb_outfile *o, const char *name)
{
	o->kept_lock = open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (o->kept_lock >= 0)
		(void)flock(o->kept_lock, LOCK_SH | LOCK_NB);
}

static enum tb_status sync_dir(const struct tb_outfile *o, struct tb_err *err)
{
	if (fsync(o->dir) == 0)
		return TB_OK;
	return tb_fail(err, TB_IO, "%s: writing its directory: %s", o->path, strerror(errno));
}

enum tb_status tb_outfile_place(struct tb_outfile *o, struct tb_err *err)
{
	if (!o->prepared)
		return tb_fail(err, TB_INTERNAL, "%s: committed before it was prepared", o->path);
	if (!o->temp)
		return TB_OK;
	lock_kept(o, o->path);
	TB_TRY(keep_old(o, err));
	if (rename(o->temp, o->path) != 0)
		return tb_fail(err, TB_CANTCREATE, "%s: cannot put in place: %s", o->path,
			       strerror(errno));
	o->placed = true;
	free(o->temp);
	o->temp = NULL;
	return sync_dir(o, err);
}

enum tb_status tb_outfile_remove(struct tb_outfile *o, const char *path, struct tb_err *err)
{
	enum tb_status st;

	*o = released;
	o->path = strdup(path);
	st = o->path ? open_beside(o, false, err) : tb_fail_nomem(err);
	if (st == TB_OK) {
		lock_kept(o, path);
		if (rename(path, o->temp) == 0) {
			o->placed = o->replaces = true;
			o->kept = o->temp;
			o->temp = NULL;
			st = sync_dir(o, err);
		} else {
			st = tb_fail(err, TB_CANTCREATE, "%s: cannot be removed: %s", path,
				     strerror(errno));
		}
	}
	if (st != TB_OK)
		tb_outfile_release(o);
	return st;
}

void tb_outfile_keep(struct tb_outfile *o)
{
	o->settled = true;
	if (o->kept)
		unlink(o->kept);
	free(o->kept);
	o->kept = NULL;
}

enum tb_status tb_outfile_commit(struct tb_outfile *o, struct tb_err *err)
{
	TB_TRY(tb_outfile_place(o, err));
	tb_outfile_keep(o);
	return TB_OK;
}

/* Whether the name is as we left it: another run may have placed its own file there since. */
static bool still_ours(const struct tb_outfile *o)
{
	struct stat ours, there;

	if (lstat(o->path, &there) != 0)
		return o->lock < 0;
	return o->lock >= 0 && fstat(o->lock, &ours) == 0 && tb_same_file(&ours, &there);
}

/* A new file where there was none goes; an old one that could not be kept has no way back. */
static void take_back(struct tb_outfile *o)
{
	bool back = o->placed && o->path && still_ours(o);

	if (back && o->kept && rename(o->kept, o->path) == 0)
		(void)fsync(o->dir);
	else if (o->kept && !back)
		unlink(o->kept);
	else if (back && !o->replaces)
		unlink(o->path);
}

void tb_outfile_release(struct tb_outfile *o)
{
	if (o->stream)
		fclose(o->stream);
	if (o->temp)
		unlink(o->temp);
	if (!o->settled)
		take_back(o);
	if (o->path) {
		const int fds[] = {o->dir, o->lock, o->kept_lock};

		for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
			if (fds[i] >= 0)
				close(fds[i]);
	}
	free(o->temp);
	free(o->kept);
	free(o->path);
	*o = released;
}

/* ---- files without a name ---- */

int tb_tempfile(void)
{
	const char *dir = getenv("TMPDIR");
	char path[4096];
	int fd;

	if (!dir || !*dir)
		dir = "/tmp";
#ifdef O_TMPFILE
	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
#endif
	/* Not every file system has files without a name. */
	if (snprintf(path, sizeof(path), "%s/tokbill-XXXXXX", dir) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkstemp(path);
	if (fd >= 0)
		unlink(path);
	return fd;
}

bool tb_write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t put = write(fd, p, n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		p += put;
		n -= (size_t)put;
	}
	return true;
}
