#define _XOPEN_SOURCE 700 /* realpath */ /* NOLINT(cert-dcl51-cpp): the C library names it */
#include "run/rejects.h"

#include "base/hash.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct reject_file {
	char *path;
	struct tb_buf header; /* raw */
	bool header_crlf;
	struct tb_outfile out;   /* opened with the first row */
	struct tb_outfile stale; /* of an earlier run, where this one has none */
};

struct tb_rejects {
	struct reject_file *files; /* one for each input */
	size_t n;
	char *made_dir; /* the folder, when it was not there before */
};

/* ---- names ---- */

static bool taken(const struct tb_rejects *r, const char *path)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->files[i].path && strcmp(r->files[i].path, path) == 0)
			return true;
	return false;
}

/* NULL for what is not there; false when memory is out. */
static bool real_path(const char *path, char **real)
{
	*real = realpath(path, NULL);
	return *real || errno != ENOMEM;
}

/* A directory's path as it is said from where the run stands: "", "sub", "/abs/olute". */
static const char *seen_from(const char *real, const char *here)
{
	const char *below = here ? tb_path_below(real, here) : NULL;

	return below ? below : real;
}

/*
 * Where an input is, so that one log has one name whatever a run calls it: "usage.csv" in the
 * folder that the run stands in, "logs/usage.csv" below it, "/var/log/usage.csv" elsewhere. False
 * when memory is out.
 */
static bool place_of(const char *input, struct tb_buf *place)
{
	const char *slash = strrchr(input, '/'), *base = slash ? slash + 1 : input;
	char *dir = strndup(input, (size_t)(base - input)), *real = NULL, *here = NULL;
	bool good = dir && real_path(*dir ? dir : ".", &real) && real_path(".", &here);

	if (good && real)
		tb_buf_puts(place, seen_from(real, here));
	else if (good)
		tb_buf_puts(place, dir);
	if (place->n && place->p[place->n - 1] != '/')
		tb_buf_puts(place, "/");
	tb_buf_puts(place, base);
	free(dir);
	free(real);
	free(here);
	return good && !place->failed;
}

/* A folder's end becomes +, and what could be taken for that is written like in a URL. */
static void add_flat(struct tb_buf *name, struct tb_span place)
{
	for (size_t i = 0; i < place.n; i++)
		switch (place.p[i]) {
		case '/':
			tb_buf_puts(name, "+");
			break;
		case '+':
			tb_buf_puts(name, "%2B");
			break;
		case '%':
			tb_buf_puts(name, "%25");
			break;
		default:
			tb_buf_add(name, place.p + i, 1);
		}
}

enum { LONG_NAME = 200, LONG_TAIL = 120 };

/* File systems hold 255 bytes: a longer name keeps its end, and what tells it from others. */
static void shorten(struct tb_buf *name)
{
	static const struct tb_hash_key fixed = {0, 0};
	char hash[20];
	struct tb_buf whole = *name;

	if (whole.n <= LONG_NAME)
		return;
	*name = (struct tb_buf){0};
	snprintf(hash, sizeof(hash), "%016" PRIx64 "-", tb_hash(fixed, whole.p, whole.n));
	tb_buf_puts(name, hash);
	tb_buf_add(name, whole.p + whole.n - LONG_TAIL, LONG_TAIL);
	name->failed |= whole.failed;
	tb_buf_release(&whole);
}

/* The name without ".rejects.csv": "logs/usage.csv" -> "logs+usage". */
static bool flat_name(const char *input, struct tb_buf *name)
{
	struct tb_buf place = {0};
	bool good;

	if (strcmp(input, "(stdin)") == 0) {
		tb_buf_puts(name, "stdin");
		return !name->failed;
	}
	good = place_of(input, &place);
	if (good && place.n > 4 && memcmp(place.p + place.n - 4, ".csv", 4) == 0)
		place.n -= 4;
	if (good)
		add_flat(name, (struct tb_span){place.p, place.n});
	tb_buf_release(&place);
	shorten(name);
	return good && !name->failed;
}

/* Two inputs may come to one name, such as x and x.csv: the second gets "x-2". */
static char *path_for(const struct tb_rejects *r, const char *dir, const char *input)
{
	struct tb_buf name = {0};
	bool good = flat_name(input, &name);
	size_t room = strlen(dir) + name.n + 64;
	char *path = good ? malloc(room) : NULL;

	for (unsigned i = 1; path; i++) {
		if (i == 1)
			snprintf(path, room, "%s/%.*s.rejects.csv", dir, (int)name.n, name.p);
		else
			snprintf(path, room, "%s/%.*s-%u.rejects.csv", dir, (int)name.n, name.p, i);
		if (!taken(r, path))
			break;
	}
	tb_buf_release(&name);
	return path;
}

static enum tb_status make_dir(struct tb_rejects *r, const char *dir, struct tb_err *err)
{
	struct stat st;

	if (mkdir(dir, 0777) == 0) {
		r->made_dir = strdup(dir);
		return r->made_dir ? TB_OK : tb_fail_nomem(err);
	}
	if (errno == EEXIST && stat(dir, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			return TB_OK;
		errno = ENOTDIR;
	}
	return tb_fail(err, TB_CANTCREATE, "%s: cannot make the folder for rejects: %s", dir,
		       strerror(errno));
}

static enum tb_status name_files(struct tb_rejects *r, const char *dir,
				 const struct tb_source *sources, size_t n, struct tb_err *err)
{
	r->files = calloc(n + 1, sizeof(*r->files));
	if (!r->files)
		return tb_fail_nomem(err);
	for (; r->n < n; r->n++) {
		r->files[r->n].path = path_for(r, dir, sources[r->n].name);
		if (!r->files[r->n].path)
			return tb_fail_nomem(err);
	}
	return TB_OK;
}

enum tb_status tb_rejects_new(const char *dir, const struct tb_source *sources, size_t n,
			      struct tb_rejects **out, struct tb_err *err)
{
	struct tb_rejects *r;
	enum tb_status st;

	*out = NULL;
	r = calloc(1, sizeof(*r));
	if (!r)
		return tb_fail_nomem(err);
	st = make_dir(r, dir, err);
	if (st == TB_OK)
		st = name_files(r, dir, sources, n, err);
	if (st == TB_OK && r->n)
		tb_outfile_sweep(r->files[0].path);
	if (st == TB_OK)
		*out = r;
	else
		tb_rejects_free(r);
	return st;
}

void tb_rejects_restart(struct tb_rejects *r, size_t file)
{
	if (r->files[file].out.path)
		tb_outfile_release(&r->files[file].out);
}

void tb_rejects_free(struct tb_rejects *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n; i++) {
		tb_rejects_restart(r, i);
		if (r->files[i].stale.path)
			tb_outfile_release(&r->files[i].stale);
		free(r->files[i].path);
		tb_buf_release(&r->files[i].header);
	}
	/* A folder made for a run that failed goes again. */
	if (r->made_dir)
		rmdir(r->made_dir);
	free(r->made_dir);
	free(r->files);
	free(r);
}

bool tb_rejects_written(const struct tb_rejects *r, size_t file)
{
	return r->files[file].out.path != NULL;
}

const char *tb_rejects_path(const struct tb_rejects *r, size_t file)
{
	return r->files[file].path;
}

size_t tb_rejects_count(const struct tb_rejects *r)
{
	return r->n;
}

bool tb_rejects_stale(const struct tb_rejects *r, size_t file)
{
	return r->files[file].stale.path != NULL;
}

/* ---- rows ---- */

enum tb_status tb_rejects_header(struct tb_rejects *r, size_t file, struct tb_span raw, bool crlf,
				 struct tb_err *err)
{
	struct reject_file *f = &r->files[file];

	tb_buf_clear(&f->header);
	tb_buf_add(&f->header, raw.p, raw.n);
	f->header_crlf = crlf;
	return f->header.failed ? tb_fail_nomem(err) : TB_OK;
}

static enum tb_status open_file(struct reject_file *f, struct tb_err *err)
{
	TB_TRY(tb_outfile_open(&f->out, f->path, err));
	fwrite(f->header.p, 1, f->header.n, f->out.stream);
	fputs(f->header_crlf ? ",reject_line,reject_reason\r\n" : ",reject_line,reject_reason\n",
	      f->out.stream);
	return TB_OK;
}

/* "column: 'value': reason" as one quoted field, in characters that a person can see. */
static bool put_reason(FILE *out, const struct tb_problem *p)
{
	struct tb_buf text = {0};
	bool ok;

	tb_problem_text(p, &text);
	ok = !text.failed;
	putc('"', out);
	for (size_t i = 0; ok && i < text.n; i++) {
		if (text.p[i] == '"')
			putc('"', out);
		putc(text.p[i], out);
	}
	putc('"', out);
	tb_buf_release(&text);
	return ok;
}

/*
 * The reason is always quoted: should the record hold an open quote, the reason's first quote
 * closes it there, and the rows behind it are not drawn in when the file is fed back.
 */
enum tb_status tb_rejects_put(struct tb_rejects *r, size_t file, const struct tb_reject *reject,
			      struct tb_err *err)
{
	struct reject_file *f = &r->files[file];

	if (!f->out.path)
		TB_TRY(open_file(f, err));
	fwrite(reject->raw.p, 1, reject->raw.n, f->out.stream);
	if (reject->ends) {
		fprintf(f->out.stream, ",%" PRIu64 ",", reject->line);
		if (!put_reason(f->out.stream, reject->problem))
			return tb_fail_nomem(err);
		fputs(reject->crlf ? "\r\n" : "\n", f->out.stream);
	}
	/* A full disk is told at once, not after the whole log was read. */
	return ferror(f->out.stream) ? tb_stream_check(f->out.stream, f->path, err) : TB_OK;
}

enum tb_status tb_rejects_prepare(struct tb_rejects *r, struct tb_err *err)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->files[i].out.path)
			TB_TRY(tb_outfile_prepare(&r->files[i].out, err));
	return TB_OK;
}

static enum tb_status remove_stale(struct reject_file *f, struct tb_err *err)
{
	struct stat st;

	if (lstat(f->path, &st) != 0 || !S_ISREG(st.st_mode))
		return TB_OK;
	return tb_outfile_remove(&f->stale, f->path, err);
}

enum tb_status tb_rejects_place(struct tb_rejects *r, struct tb_err *err)
{
	for (size_t i = 0; i < r->n; i++) {
		struct reject_file *f = &r->files[i];

		TB_TRY(f->out.path ? tb_outfile_place(&f->out, err) : remove_stale(f, err));
	}
	return TB_OK;
}

void tb_rejects_keep(struct tb_rejects *r)
{
	for (size_t i = 0; i < r->n; i++) {
		struct reject_file *f = &r->files[i];

		tb_outfile_keep(f->out.path ? &f->out : &f->stale);
	}
	free(r->made_dir);
	r->made_dir = NULL; /* it stays */
}
