/* Where rates come from: files, or the ones compiled in. */
#include "ratebook/builtin.h"
#include "ratebook/load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RATE_FILE_MAX = 16 << 20 }; /* bytes */

enum tb_status tb_book_builtin(struct tb_book **out, struct tb_problems *problems,
			       struct tb_err *err)
{
	return tb_book_read(tb_builtin_rates, tb_builtin_rates_count, out, problems, err);
}

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

static enum tb_status load(bool builtin, const char *const *paths, size_t n, struct tb_book **out,
			   struct tb_problems *problems, struct tb_err *err)
{
	size_t before = builtin ? tb_builtin_rates_count : 0;
	struct tb_rate_source *sources = calloc(before + n + 1, sizeof(*sources));
	enum tb_status st;

	*out = NULL;
	if (!sources)
		return tb_fail_nomem(err);
	for (size_t i = 0; i < before; i++)
		sources[i] = tb_builtin_rates[i];
	for (size_t i = 0; i < n; i++) {
		const char *why = tb_file_read(paths[i], &sources[before + i].bytes);

		sources[before + i].name = paths[i];
		if (why == tb_file_no_memory)
			tb_fail_nomem(err);
		else if (why)
			tb_problems_note(problems, paths[i], 0, "cannot be read: %s", why);
	}
	if (problems->total)
		tb_fail(err, TB_CONFIG, "the rates cannot be used");
	st = err->code ? err->code : tb_book_read(sources, before + n, out, problems, err);
	for (size_t i = 0; i < n; i++)
		free((void *)(uintptr_t)sources[before + i].bytes.p);
	free(sources);
	return st;
}

enum tb_status tb_book_load(const char *const *paths, size_t n, struct tb_book **out,
			    struct tb_problems *problems, struct tb_err *err)
{
	return load(false, paths, n, out, problems, err);
}

enum tb_status tb_book_load_over(const char *const *paths, size_t n, struct tb_book **out,
				 struct tb_problems *problems, struct tb_err *err)
{
	return load(true, paths, n, out, problems, err);
}
