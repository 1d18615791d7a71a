/*
 * preload - a library that stands before the C library and makes one call fail.
 *
 * The driver (inject.py) says by the environment which call of a run it is to be:
 *
 *   FAULT_CALL   names of calls with commas between them, counted together, or "alloc" for all
 *                that allocate
 *   FAULT_AT     the number of the call, from 1
 *   FAULT_FOR    how many calls from there on; 0 for all (a disk stays full); default 1
 *   FAULT_HOW    a number: the call fails with this errno
 *                short: it reads or writes half of what it was asked for
 *                signal=N: the signal comes just before the call, which then is made
 *                cut, grow: half of FAULT_FILE goes just before the call, or bytes are appended
 *   FAULT_MARK   a file that gets "CALL PATH\n" for each call hit, so that the driver knows
 *
 * What stdio writes does not pass the write() that a library can stand before, so streams are
 * made anew with functions of ours below them. Standard error is left alone: what is said there
 * is what is checked.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum how { NOTHING, FAIL, SHORT, SIGNAL, CUT, GROW };

static enum how how;
static int number; /* errno, or the signal's */
static unsigned long at, last;
static const char *calls, *mark, *file;
static atomic_ulong counted;
static bool armed;

/* The next function of that name: the C library's, or a sanitizer's. */
#define NEXT(name)                                                                                 \
	static __typeof__(&name) next;                                                             \
	if (!next)                                                                                 \
	next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static bool is_counted(const char *call)
{
	size_t n = strlen(call);

	for (const char *p = calls; p; p = strchr(p, ',')) {
		p += *p == ',';
		if (strncmp(p, call, n) == 0 && (p[n] == ',' || !p[n]))
			return true;
	}
	return false;
}

/* By system calls, which nobody counts. */
static void append(const char *path, const char *text, size_t n)
{
	long fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC,
			  0666);

	if (fd >= 0) {
		(void)!syscall(SYS_write, fd, text, n);
		syscall(SYS_close, fd);
	}
}

static void note(const char *call, const char *path)
{
	char line[512];
	size_t n = 0;
	const char *parts[] = {call, " ", path ? path : "", "\n"};

	for (size_t i = 0; i < 4; i++)
		for (const char *p = parts[i]; *p && n < sizeof(line); p++)
			line[n++] = *p;
	if (mark)
		append(mark, line, n);
}

static void cut_file(void)
{
	struct stat st;

	if (stat(file, &st) == 0)
		syscall(SYS_truncate, file, st.st_size / 2);
}

/* What is to become of this call. Everything but FAIL and SHORT has happened on return. */
static enum how strike(const char *call, const char *path)
{
	unsigned long n;

	if (!armed || !is_counted(call))
		return NOTHING;
	n = atomic_fetch_add(&counted, 1) + 1;
	if (n < at || n > last)
		return NOTHING;
	note(call, path);
	if (how == SIGNAL)
		raise(number);
	else if (how == CUT)
		cut_file();
	else if (how == GROW)
		append(file, "2026-04-01,m,1,1\n", 17);
	return how;
}

static enum how strike_fd(const char *call, int fd)
{
	char link[64], path[256];
	long n;

	if (!armed || !is_counted(call))
		return NOTHING;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof(path) - 1);
	path[n < 0 ? 0 : n] = '\0';
	return strike(call, path);
}

#define STRIKE_FD(call, fd)                                                                        \
	do {                                                                                       \
		if (strike_fd(call, fd) == FAIL) {                                                 \
			errno = number;                                                            \
			return -1;                                                                 \
		}                                                                                  \
	} while (0)

#define STRIKE(call, path, failed)                                                                 \
	do {                                                                                       \
		if (strike(call, path) == FAIL) {                                                  \
			errno = number;                                                            \
			return failed;                                                             \
		}                                                                                  \
	} while (0)

#define STRIKE_N(call, fd, n)                                                                      \
	do {                                                                                       \
		enum how h_ = strike_fd(call, fd);                                                 \
		if (h_ == FAIL) {                                                                  \
			errno = number;                                                            \
			return -1;                                                                 \
		}                                                                                  \
		if (h_ == SHORT)                                                                   \
			n = (n + 1) / 2;                                                           \
	} while (0)

/* ---- memory ---- */

/* dlsym() allocates before the next calloc() is known. */
static char early[8192] __attribute__((aligned(16)));
static size_t early_used;

static void *take_early(size_t n)
{
	void *p = early + early_used;

	early_used += (n + 15) & ~(size_t)15;
	return early_used <= sizeof(early) ? p : NULL;
}

static bool is_early(const void *p)
{
	return (const char *)p >= early && (const char *)p < early + sizeof(early);
}

static void *(*next_calloc)(size_t, size_t);

void *malloc(size_t n)
{
	NEXT(malloc);
	STRIKE("alloc", NULL, NULL);
	return next(n);
}

void *calloc(size_t n, size_t size)
{
	if (!next_calloc)
		return take_early(n * size);
	STRIKE("alloc", NULL, NULL);
	return next_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	NEXT(realloc);
	STRIKE("alloc", NULL, NULL);
	return next(p, n);
}

void *reallocarray(void *p, size_t n, size_t size)
{
	NEXT(reallocarray);
	STRIKE("alloc", NULL, NULL);
	return next(p, n, size);
}

int posix_memalign(void **p, size_t align, size_t n)
{
	NEXT(posix_memalign);
	STRIKE("alloc", NULL, ENOMEM);
	return next(p, align, n);
}

void *aligned_alloc(size_t align, size_t n)
{
	NEXT(aligned_alloc);
	STRIKE("alloc", NULL, NULL);
	return next(align, n);
}

void free(void *p)
{
	NEXT(free);
	if (!is_early(p))
		next(p);
}

/* ---- descriptors ---- */

ssize_t read(int fd, void *p, size_t n)
{
	NEXT(read);
	STRIKE_N("read", fd, n);
	return next(fd, p, n);
}

ssize_t __read_chk(int fd, void *p, size_t n, size_t room);
ssize_t __read_chk(int fd, void *p, size_t n, size_t room)
{
	(void)room;
	return read(fd, p, n);
}

ssize_t pread(int fd, void *p, size_t n, off_t where)
{
	NEXT(pread);
	STRIKE_N("pread", fd, n);
	return next(fd, p, n, where);
}

ssize_t pread64(int fd, void *p, size_t n, off64_t where)
{
	return pread(fd, p, n, where);
}

ssize_t __pread64_chk(int fd, void *p, size_t n, off64_t where, size_t room);
ssize_t __pread64_chk(int fd, void *p, size_t n, off64_t where, size_t room)
{
	(void)room;
	return pread(fd, p, n, where);
}

ssize_t write(int fd, const void *p, size_t n)
{
	NEXT(write);
	if (fd != STDERR_FILENO)
		STRIKE_N("write", fd, n);
	return next(fd, p, n);
}

int open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	NEXT(open);
	va_start(ap, flags);
	if (flags & (O_CREAT | __O_TMPFILE))
		mode = va_arg(ap, mode_t);
	va_end(ap);
	STRIKE("open", path, -1);
	return next(path, flags, mode);
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));

int openat(int dir, const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	NEXT(openat);
	va_start(ap, flags);
	if (flags & (O_CREAT | __O_TMPFILE))
		mode = va_arg(ap, mode_t);
	va_end(ap);
	STRIKE("openat", path, -1);
	return next(dir, path, flags, mode);
}

int openat64(int dir, const char *path, int flags, ...) __attribute__((alias("openat")));

int mkstemp(char *path)
{
	NEXT(mkstemp);
	STRIKE("mkstemp", path, -1);
	return next(path);
}

int mkstemp64(char *path) __attribute__((alias("mkstemp")));

int close(int fd)
{
	NEXT(close);
	if (strike_fd("close", fd) == FAIL) {
		next(fd); /* it is closed all the same, as Linux does */
		errno = number;
		return -1;
	}
	return next(fd);
}

int fsync(int fd)
{
	NEXT(fsync);
	STRIKE_FD("fsync", fd);
	return next(fd);
}

int fdatasync(int fd)
{
	NEXT(fdatasync);
	STRIKE_FD("fsync", fd);
	return next(fd);
}

int ftruncate(int fd, off_t n)
{
	NEXT(ftruncate);
	STRIKE_FD("ftruncate", fd);
	return next(fd, n);
}

int ftruncate64(int fd, off64_t n) __attribute__((alias("ftruncate")));

off_t lseek(int fd, off_t where, int from)
{
	NEXT(lseek);
	STRIKE_FD("lseek", fd);
	return next(fd, where, from);
}

off64_t lseek64(int fd, off64_t where, int from) __attribute__((alias("lseek")));

int fstat(int fd, struct stat *st)
{
	NEXT(fstat);
	STRIKE_FD("fstat", fd);
	return next(fd, st);
}

int fstat64(int fd, struct stat64 *st)
{
	NEXT(fstat64);
	STRIKE_FD("fstat", fd);
	return next(fd, st);
}

int fchmod(int fd, mode_t mode)
{
	NEXT(fchmod);
	STRIKE_FD("fchmod", fd);
	return next(fd, mode);
}

int flock(int fd, int operation)
{
	NEXT(flock);
	STRIKE_FD("flock", fd);
	return next(fd, operation);
}

/* ---- names ---- */

int rename(const char *from, const char *to)
{
	NEXT(rename);
	STRIKE("rename", to, -1);
	return next(from, to);
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	NEXT(renameat);
	STRIKE("rename", to, -1);
	return next(from_dir, from, to_dir, to);
}

int link(const char *from, const char *to)
{
	NEXT(link);
	STRIKE("link", to, -1);
	return next(from, to);
}

int unlink(const char *path)
{
	NEXT(unlink);
	STRIKE("unlink", path, -1);
	return next(path);
}

char *realpath(const char *path, char *to)
{
	NEXT(realpath);
	STRIKE("realpath", path, NULL);
	return next(path, to);
}

DIR *opendir(const char *path)
{
	NEXT(opendir);
	STRIKE("opendir", path, NULL);
	return next(path);
}

int mkdir(const char *path, mode_t mode)
{
	NEXT(mkdir);
	STRIKE("mkdir", path, -1);
	return next(path, mode);
}

/* ---- threads ---- */

int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *), void *arg)
{
	NEXT(pthread_create);
	STRIKE("thread", NULL, number);
	return next(thread, attr, run, arg);
}

/* ---- streams ---- */

enum { STREAMS = 64 };

/* Streams made here and their descriptors; slots are taken by one thread at a time. */
static struct {
	FILE *stream;
	int fd;
} streams[STREAMS];

static ssize_t put(void *cookie, const char *p, size_t n)
{
	int fd = (int)(intptr_t)cookie;
	size_t done = 0;

	/* A stream takes 0 for a failure and goes on after a short write. */
	while (done < n) {
		ssize_t got = write(fd, p + done, n - done);

		if (got < 0)
			return done ? (ssize_t)done : 0;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

static int shut(void *cookie)
{
	return close((int)(intptr_t)cookie);
}

static FILE *open_stream(int fd)
{
	static const cookie_io_functions_t functions = {.write = put, .close = shut};
	size_t i = 0;

	while (i < STREAMS && streams[i].stream)
		i++;
	if (i == STREAMS)
		return NULL;
	streams[i].stream = fopencookie((void *)(intptr_t)fd, "w", functions);
	streams[i].fd = fd;
	return streams[i].stream;
}

FILE *fdopen(int fd, const char *mode)
{
	NEXT(fdopen);
	return strchr(mode, 'w') ? open_stream(fd) : next(fd, mode);
}

int fclose(FILE *stream)
{
	NEXT(fclose);
	for (size_t i = 0; i < STREAMS; i++)
		if (streams[i].stream == stream)
			streams[i].stream = NULL;
	return next(stream);
}

int fileno(FILE *stream)
{
	NEXT(fileno);
	for (size_t i = 0; i < STREAMS; i++)
		if (streams[i].stream == stream)
			return streams[i].fd;
	return next(stream);
}

/* ---- the beginning ---- */

static const char *text_of(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

static void read_how(const char *text)
{
	static const struct {
		const char *name;
		enum how how;
	} words[] = {
		{"short", SHORT}, {"signal=", SIGNAL}, {"cut", CUT}, {"grow", GROW}, {"", FAIL}};
	size_t i = 0;

	while (strncmp(text, words[i].name, strlen(words[i].name)) != 0)
		i++;
	how = words[i].how;
	number = atoi(text + strlen(words[i].name));
}

__attribute__((constructor)) static void arm(void)
{
	unsigned long rounds;
	FILE *out;

	next_calloc = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "calloc");
	calls = text_of("FAULT_CALL");
	mark = getenv("FAULT_MARK");
	file = text_of("FAULT_FILE");
	at = strtoul(text_of("FAULT_AT"), NULL, 10);
	rounds = getenv("FAULT_FOR") ? strtoul(text_of("FAULT_FOR"), NULL, 10) : 1;
	last = rounds ? at + rounds - 1 : (unsigned long)-1;
	read_how(text_of("FAULT_HOW"));
	out = fcntl(STDOUT_FILENO, F_GETFD) < 0 ? NULL : open_stream(STDOUT_FILENO);
	if (out)
		stdout = out;
	armed = at > 0;
}
