/* Where rates come from: files, or the ones compiled in. */
#include "base/digest.h"
#include "ratebook/builtin.h"
#include "ratebook/load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RATE_FILE_MAX = 16 << 20 }; /* bytes */

static bool read_fully(int fd, char *p, size_t n)
{
	while (n) {
		ssize_t got = read(fd, p, n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			errno = got == 0 ? EIO : errno; /* it shrank while being read */
			return false;
		}
		p += got;
		n -= (size_t)got;
	}
	return true;
}

const char tb_file_no_memory[] = "out of memory";

const char *tb_file_read(const char *path, struct tb_span *bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const char *why = NULL;
	char *p = NULL;
	struct stat st;

	if (fd < 0)
		return strerror(errno);
	if (fstat(fd, &st) != 0)
		why = strerror(errno);
	else if (S_ISDIR(st.st_mode))
		why = "is a directory, not an INI file";
	else if (!S_ISREG(st.st_mode))
		why = "is not a regular file";
	else if (st.st_size > RATE_FILE_MAX)
		why = "is larger than 16 MiB, too large for an INI file";
	else if (!(p = malloc((size_t)st.st_size + 1)))
		why = tb_file_no_memory;
	else if (!read_fully(fd, p, (size_t)st.st_size))
		why = strerror(errno);
	close(fd);
	if (why)
		free(p);
	else
		*bytes = (struct tb_span){p, (size_t)st.st_size};
	return why;
}

/* ---- books ---- */

bool tb_rates_are_builtin(const char *path)
{
	return strcmp(path, TB_BUILTIN_RATES) == 0;
}

/* The sources that paths stand for: a file each, but the built-in rates are several. */
struct sources {
	struct tb_rate_source *of;
	bool *ours; /* whose bytes are to be freed */
	size_t n;
};

static bool make_room(struct sources *s, const char *const *paths, size_t n)
{
	size_t need = 1;

	for (size_t i = 0; i < n; i++)
		need += tb_rates_are_builtin(paths[i]) ? tb_builtin_rates_count : 1;
	s->of = calloc(need, sizeof(*s->of));
	s->ours = calloc(need, sizeof(*s->ours));
	return s->of && s->ours;
}

static void release(struct sources *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->ours[i])
			free((void *)(uintptr_t)s->of[i].bytes.p);
	free(s->of);
	free(s->ours);
}

static void add_builtin(struct sources *s)
{
	for (size_t i = 0; i < tb_builtin_rates_count; i++)
		s->of[s->n++] = tb_builtin_rates[i];
}

static enum tb_status add_file(struct sources *s, const char *path, struct tb_problems *problems,
			       struct tb_err *err)
{
	const char *why = tb_file_read(path, &s->of[s->n].bytes);

	if (why == tb_file_no_memory)
		return tb_fail_nomem(err);
	if (why) {
		tb_problems_note(problems, path, 0, "cannot be read: %s", why);
		return TB_OK;
	}
	s->of[s->n].name = path;
	s->ours[s->n++] = true;
	return TB_OK;
}

static enum tb_status digest(const struct sources *s, char *sha256, struct tb_err *err)
{
	struct tb_digest *d = tb_digest_new();
	bool good = d != NULL;

	for (size_t i = 0; i < s->n && good; i++)
		good = tb_digest_add(d, s->of[i].bytes.p, s->of[i].bytes.n);
	good = good && tb_digest_finish(d, sha256);
	tb_digest_free(d);
	return good ? TB_OK : tb_fail_nomem(err);
}

static enum tb_status read_all(struct sources *s, const char *const *paths, size_t n,
			       struct tb_book **out, char *sha256, struct tb_problems *problems,
			       struct tb_err *err)
{
	if (!make_room(s, paths, n))
		return tb_fail_nomem(err);
	for (size_t i = 0; i < n; i++)
		if (tb_rates_are_builtin(paths[i]))
			add_builtin(s);
		else
			TB_TRY(add_file(s, paths[i], problems, err));
	if (problems->total)
		return tb_fail(err, TB_CONFIG, "the rates cannot be used");
	if (sha256)
		TB_TRY(digest(s, sha256, err));
	return tb_book_read(s->of, s->n, out, problems, err);
}

enum tb_status tb_book_load(const char *const *paths, size_t n, struct tb_book **out, char *sha256,
			    struct tb_problems *problems, struct tb_err *err)
{
	struct sources s = {0};
	enum tb_status st;

	*out = NULL;
	st = read_all(&s, paths, n, out, sha256, problems, err);
	release(&s);
	return st;
}

struct tb_span tb_builtin_file(size_t i, const char **name)
{
	if (i >= tb_builtin_rates_count)
		return TB_NO_SPAN;
	*name = tb_builtin_texts[i].name;
	return tb_builtin_texts[i].bytes;
}
