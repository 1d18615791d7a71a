#include "logs/source.h"

#include "base/outfile.h"
#include "logs/decompress.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum tb_status cannot_read(const struct tb_source *s, enum tb_status code,
				  struct tb_err *err)
{
	return tb_fail(err, code, "%s: cannot be read: %s", s->name, strerror(errno));
}

static uint64_t start_of(int fd)
{
	off_t at = lseek(fd, 0, SEEK_CUR);

	return at > 0 ? (uint64_t)at : 0;
}

static int open_path(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

static enum tb_status open_fd(struct tb_source *s, const char *path, struct tb_err *err)
{
	bool standard = strcmp(path, "-") == 0;

	s->name = strdup(standard ? "(stdin)" : path);
	if (!s->name)
		return tb_fail_nomem(err);
	s->fd = standard ? STDIN_FILENO : open_path(path);
	if (s->fd < 0 || fstat(s->fd, &s->opened) != 0)
		return cannot_read(s, TB_NOINPUT, err);
	if (S_ISDIR(s->opened.st_mode))
		return tb_fail(err, TB_NOINPUT, "%s: is a directory, not a usage log", s->name);
	s->regular = S_ISREG(s->opened.st_mode);
	if (s->regular && standard)
		s->start = start_of(s->fd);
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

void tb_source_rest(struct tb_source *s)
{
	if (s->decoder)
		s->codec->close(s->decoder);
	free(s->packed);
	s->decoder = NULL;
	s->packed = NULL;
	s->codec = NULL;
	s->packed_n = s->packed_used = 0;
	s->packed_end = false;
}

void tb_source_set_down(struct tb_source *s)
{
	tb_source_rest(s);
	if (!s->regular || s->fd <= STDIN_FILENO)
		return;
	close(s->fd);
	s->fd = -1;
}

void tb_source_release(struct tb_source *s)
{
	if (s->name && s->fd > STDIN_FILENO)
		close(s->fd);
	if (s->name && s->spool >= 0)
		close(s->spool);
	tb_source_rest(s);
	tb_digest_free(s->digest);
	tb_buf_release(&s->first);
	free(s->name);
	*s = (struct tb_source){.fd = -1, .spool = -1};
}

bool tb_source_same(const struct tb_source *a, const struct tb_source *b)
{
	return tb_same_file(&a->opened, &b->opened);
}

/* A log that is still written to, or was rotated away, would be billed in part. */
static enum tb_status changed(const struct tb_source *s, struct tb_err *err)
{
	return tb_fail(err, TB_NOINPUT,
		       "%s: changed while it was being read; run again when it is complete",
		       s->name);
}

static bool is_as_opened(const struct tb_source *s, const struct stat *now)
{
	return tb_same_file(now, &s->opened) && now->st_size == s->opened.st_size &&
	       now->st_mtim.tv_sec == s->opened.st_mtim.tv_sec &&
	       now->st_mtim.tv_nsec == s->opened.st_mtim.tv_nsec;
}

static enum tb_status check_unchanged(const struct tb_source *s, struct tb_err *err)
{
	struct stat now;

	if (!s->regular)
		return TB_OK;
	if (fstat(s->fd, &now) != 0)
		return cannot_read(s, TB_IO, err);
	return is_as_opened(s, &now) && (uint64_t)now.st_size == s->start + s->raw
		       ? TB_OK
		       : changed(s, err);
}

/* A file that was set down must be the one that was opened. */
static enum tb_status take_up(struct tb_source *s, struct tb_err *err)
{
	struct stat now;

	if (s->fd >= 0)
		return TB_OK;
	s->fd = open_path(s->name);
	if (s->fd < 0 || fstat(s->fd, &now) != 0)
		return cannot_read(s, TB_NOINPUT, err);
	return is_as_opened(s, &now) ? TB_OK : changed(s, err);
}

static enum tb_status copy_to_spool(struct tb_source *s, const char *p, size_t n,
				    struct tb_err *err)
{
	if (tb_write_all(s->spool, p, n))
		return TB_OK;
	return tb_fail(err, TB_IO, "%s: writing a temporary copy (TMPDIR, else /tmp): %s", s->name,
		       strerror(errno));
}

static enum tb_status keep_copy(struct tb_source *s, const char *p, size_t n, struct tb_err *err)
{
	if (s->spool >= 0)
		return copy_to_spool(s, p, n, err);
	if (!s->decided)
		tb_buf_add(&s->first, p, n);
	return s->first.failed ? tb_fail_nomem(err) : TB_OK;
}

static enum tb_status interrupted(const struct tb_source *s, struct tb_err *err)
{
	return tb_fail(err, TB_INTERRUPTED, "%s: interrupted", s->name);
}

static bool stopped(const struct tb_source *s)
{
	return s->stop && *s->stop;
}

enum tb_status tb_source_check_stop(const struct tb_source *s, struct tb_err *err)
{
	return stopped(s) ? interrupted(s, err) : TB_OK;
}

/* Until a pipe has something to be read, or has ended. */
static enum tb_status wait_for_bytes(const struct tb_source *s, struct tb_err *err)
{
	struct pollfd fds[] = {{.fd = s->fd, .events = POLLIN}, {.fd = *s->wake, .events = POLLIN}};
	int n;

	do
		n = poll(fds, 2, -1);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return cannot_read(s, TB_IO, err);
	return fds[1].revents ? interrupted(s, err) : TB_OK;
}

bool tb_source_want_digest(struct tb_source *s)
{
	s->digest = tb_digest_new();
	return s->digest != NULL;
}

/* At the end the digest is complete; a second reading needs none. */
static enum tb_status digest(struct tb_source *s, const char *p, size_t n, struct tb_err *err)
{
	bool good =
		n ? tb_digest_add(s->digest, p, n) : tb_digest_finish(s->digest, s->digest_text);

	if (!good)
		return tb_fail_nomem(err);
	if (n == 0) {
		tb_digest_free(s->digest);
		s->digest = NULL;
	}
	return TB_OK;
}

/* What waits for a pipe, where signals or another thread can end that. */
static enum tb_status wait_for_pipe(const struct tb_source *s, struct tb_err *err)
{
	if (s->regular || s->replay)
		return TB_OK;
	TB_TRY(tb_source_check_stop(s, err));
	return s->wake ? wait_for_bytes(s, err) : TB_OK;
}

/* The bytes as they are stored. */
static enum tb_status read_raw(struct tb_source *s, char *p, size_t n, size_t *got,
			       struct tb_err *err)
{
	ssize_t r;

	TB_TRY(wait_for_pipe(s, err));
	do
		r = read(s->replay ? s->spool : s->fd, p, n);
	while (r < 0 && errno == EINTR && !stopped(s));
	if (r < 0 && errno == EINTR)
		return interrupted(s, err);
	if (r < 0)
		return cannot_read(s, TB_IO, err);
	*got = (size_t)r;
	s->raw += *got;
	if (s->digest)
		TB_TRY(digest(s, p, *got, err));
	if (r == 0)
		return check_unchanged(s, err);
	return s->regular || s->replay ? TB_OK : keep_copy(s, p, *got, err);
}

/* ---- compressed sources ---- */

enum { PACKED = 128 << 10 };

static enum tb_status begin_decoding(struct tb_source *s, const char *p, size_t n,
				     struct tb_err *err)
{
	s->packed = malloc(PACKED);
	s->decoder = s->codec->open();
	if (!s->packed || !s->decoder)
		return tb_fail_nomem(err);
	memcpy(s->packed, p, n);
	s->packed_n = n;
	return TB_OK;
}

/* Tells by the first bytes, which are read into p, whether the source is compressed. */
static enum tb_status begin_reading(struct tb_source *s, char *p, size_t n, size_t *got,
				    struct tb_err *err)
{
	size_t more = 1, look = n < PACKED ? n : PACKED;

	TB_TRY(take_up(s, err));
	s->begun = true;
	*got = 0;
	while (*got < TB_CODEC_MAGIC && *got < look && more) {
		TB_TRY(read_raw(s, p + *got, look - *got, &more, err));
		*got += more;
	}
	s->codec = tb_codec_of(p, *got);
	return s->codec ? begin_decoding(s, p, *got, err) : TB_OK;
}

/* What is not decoded yet goes to the front, and more is read behind it. */
static enum tb_status refill_packed(struct tb_source *s, struct tb_err *err)
{
	size_t got = 0;

	memmove(s->packed, s->packed + s->packed_used, s->packed_n - s->packed_used);
	s->packed_n -= s->packed_used;
	s->packed_used = 0;
	TB_TRY(read_raw(s, s->packed + s->packed_n, PACKED - s->packed_n, &got, err));
	s->packed_n += got;
	s->packed_end = got == 0;
	return TB_OK;
}

static enum tb_status read_decoded(struct tb_source *s, char *p, size_t n, size_t *got,
				   struct tb_err *err)
{
	const char *why;

	*got = 0;
	while (*got < n) {
		size_t used = s->packed_used, made = *got;

		why = s->codec->run(s->decoder, s->packed, s->packed_n, &s->packed_used, p, n, got,
				    s->packed_end);
		if (why == tb_codec_no_memory)
			return tb_fail_nomem(err);
		if (why)
			return tb_fail(err, TB_DATA, "%s: the %s data %s", s->name, s->codec->name,
				       why);
		if (s->packed_used != used || *got != made)
			continue;
		if (s->packed_end)
			break;
		TB_TRY(refill_packed(s, err));
	}
	return TB_OK;
}

enum tb_status tb_source_read(struct tb_source *s, char *p, size_t n, size_t *got,
			      struct tb_err *err)
{
	if (!s->begun) {
		TB_TRY(begin_reading(s, p, n, got, err));
		if (!s->codec)
			return TB_OK;
	}
	return s->codec ? read_decoded(s, p, n, got, err) : read_raw(s, p, n, got, err);
}

enum tb_status tb_source_keep(struct tb_source *s, struct tb_err *err)
{
	if (s->regular || s->decided)
		return TB_OK;
	s->decided = true;
	s->spool = tb_tempfile();
	if (s->spool < 0)
		return tb_fail(err, TB_IO, "%s: no temporary file (TMPDIR, else /tmp): %s", s->name,
			       strerror(errno));
	TB_TRY(copy_to_spool(s, s->first.p, s->first.n, err));
	tb_buf_release(&s->first);
	return TB_OK;
}

void tb_source_forget(struct tb_source *s)
{
	tb_buf_release(&s->first);
	s->decided = true;
}

enum tb_status tb_source_rewind(struct tb_source *s, struct tb_err *err)
{
	char of_a_part[TB_DIGEST_TEXT];

	TB_TRY(take_up(s, err));
	if (s->digest && !tb_digest_finish(s->digest, of_a_part))
		return tb_fail_nomem(err);
	tb_source_rest(s);
	s->replay = s->spool >= 0;
	s->raw = 0;
	s->begun = false;
	if (lseek(s->replay ? s->spool : s->fd, s->replay ? 0 : (off_t)s->start, SEEK_SET) < 0)
		return cannot_read(s, TB_IO, err);
	return TB_OK;
}
