#include "usage/source.h"

#include "base/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum tb_status cannot_read(const struct tb_source *s, enum tb_status code,
				  struct tb_err *err)
{
	return tb_fail(err, code, "%s: cannot be read: %s", s->name, strerror(errno));
}

static enum tb_status open_fd(struct tb_source *s, const char *path, struct tb_err *err)
{
	bool standard = strcmp(path, "-") == 0;

	s->name = strdup(standard ? "(stdin)" : path);
	if (!s->name)
		return tb_fail_nomem(err);
	s->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (s->fd < 0 || fstat(s->fd, &s->opened) != 0)
		return cannot_read(s, TB_NOINPUT, err);
	if (S_ISDIR(s->opened.st_mode))
		return tb_fail(err, TB_NOINPUT, "%s: is a directory, not a usage log", s->name);
	s->regular = S_ISREG(s->opened.st_mode);
	return TB_OK;
}

enum tb_status tb_source_open(struct tb_source *s, const char *path, struct tb_err *err)
{
	enum tb_status st;

	*s = (struct tb_source){.fd = -1, .spool = -1};
	st = open_fd(s, path, err);
	if (st != TB_OK)
		tb_source_release(s);
	return st;
}

void tb_source_release(struct tb_source *s)
{
	if (s->name && s->fd > STDIN_FILENO)
		close(s->fd);
	if (s->name && s->spool >= 0)
		close(s->spool);
	free(s->name);
	*s = (struct tb_source){.fd = -1, .spool = -1};
}

bool tb_source_same(const struct tb_source *a, const struct tb_source *b)
{
	return a->opened.st_dev == b->opened.st_dev && a->opened.st_ino == b->opened.st_ino;
}

/* A log that is still written to, or was rotated away, would be billed in part. */
static enum tb_status check_unchanged(const struct tb_source *s, struct tb_err *err)
{
	struct stat now;

	if (!s->regular)
		return TB_OK;
	if (fstat(s->fd, &now) != 0)
		return cannot_read(s, TB_IO, err);
	if (now.st_size == s->opened.st_size && (uint64_t)now.st_size == s->got &&
	    now.st_mtim.tv_sec == s->opened.st_mtim.tv_sec &&
	    now.st_mtim.tv_nsec == s->opened.st_mtim.tv_nsec)
		return TB_OK;
	return tb_fail(err, TB_NOINPUT,
		       "%s: changed while it was being read; run again when it is complete",
		       s->name);
}

static enum tb_status copy_to_spool(struct tb_source *s, const char *p, size_t n,
				    struct tb_err *err)
{
	while (n) {
		ssize_t put = write(s->spool, p, n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return tb_fail(err, TB_IO,
				       "%s: writing a temporary copy (TMPDIR, else /tmp): %s",
				       s->name, strerror(errno));
		p += put;
		n -= (size_t)put;
	}
	return TB_OK;
}

enum tb_status tb_source_read(struct tb_source *s, char *p, size_t n, size_t *got,
			      struct tb_err *err)
{
	ssize_t r;

	do
		r = read(s->replay ? s->spool : s->fd, p, n);
	while (r < 0 && errno == EINTR && !(s->stop && *s->stop));
	if (r < 0 && errno == EINTR)
		return tb_fail(err, TB_INTERRUPTED, "%s: interrupted", s->name);
	if (r < 0)
		return cannot_read(s, TB_IO, err);
	*got = (size_t)r;
	s->got += *got;
	if (r == 0)
		return check_unchanged(s, err);
	return s->spool >= 0 && !s->replay ? copy_to_spool(s, p, *got, err) : TB_OK;
}

enum tb_status tb_source_keep(struct tb_source *s, struct tb_err *err)
{
	if (s->regular || s->spool >= 0)
		return TB_OK;
	s->spool = tb_tempfile();
	if (s->spool < 0)
		return tb_fail(err, TB_IO, "%s: no temporary file (TMPDIR, else /tmp): %s", s->name,
			       strerror(errno));
	return TB_OK;
}

void tb_source_forget(struct tb_source *s)
{
	if (s->spool >= 0)
		close(s->spool);
	s->spool = -1;
}

enum tb_status tb_source_rewind(struct tb_source *s, struct tb_err *err)
{
	s->replay = s->spool >= 0;
	s->got = 0;
	if (lseek(s->replay ? s->spool : s->fd, 0, SEEK_SET) != 0)
		return cannot_read(s, TB_IO, err);
	return TB_OK;
}
