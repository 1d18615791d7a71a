#include "base/outfile.h"
#include "helpers.h"
#include "suites.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void begin(struct tb_outfile *o, const char *path, const char *text)
{
	struct tb_err err = {0};

	ck_assert_msg(tb_outfile_open(o, path, &err) == TB_OK, "%s", err.text);
	ck_assert_int_ge(fputs(text, o->stream), 0);
}

static void write_all(const char *path, const char *text)
{
	struct tb_outfile o;
	struct tb_err err = {0};

	begin(&o, path, text);
	ck_assert_msg(tb_outfile_prepare(&o, &err) == TB_OK, "%s", err.text);
	ck_assert_msg(tb_outfile_commit(&o, &err) == TB_OK, "%s", err.text);
	tb_outfile_release(&o);
	tb_outfile_release(&o);
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	ck_assert_int_eq(lstat(path, &st), 0);
	return st.st_mode;
}

START_TEST(new_file)
{
	mode_t mask = umask(027);

	write_all("out.csv", "new\n");
	umask(mask);
	ck_assert(file_is("out.csv", "new\n"));
	ck_assert_uint_eq(mode_of("out.csv") & 07777, 0640);
	ck_assert_uint_eq(files_here(), 1);
}
END_TEST

START_TEST(replaced_file_keeps_its_mode)
{
	static const mode_t modes[] = {0600, 0644, 0666, 0400};

	write_file("out.csv", SPAN("old and longer\n"));
	ck_assert_int_eq(chmod("out.csv", modes[_i]), 0);
	write_all("./out.csv", "new\n");
	ck_assert(file_is("out.csv", "new\n"));
	ck_assert_uint_eq(mode_of("out.csv") & 07777, modes[_i]);
	ck_assert_uint_eq(files_here(), 1);
}
END_TEST

/* Until the commit the old file stands; without one nothing is left behind. */
START_TEST(old_file_stays)
{
	struct tb_outfile o;
	struct tb_err err = {0};

	write_file("out.csv", SPAN("old\n"));
	begin(&o, "out.csv", "new\n");
	ck_assert(file_is("out.csv", "old\n"));
	if (_i)
		ck_assert_int_eq(tb_outfile_prepare(&o, &err), TB_OK);
	ck_assert(file_is("out.csv", "old\n"));
	tb_outfile_release(&o);
	ck_assert(file_is("out.csv", "old\n"));
	ck_assert_uint_eq(files_here(), 1);
}
END_TEST

START_TEST(commit_needs_prepare)
{
	struct tb_outfile o;
	struct tb_err err = {0};

	write_file("out.csv", SPAN("old\n"));
	begin(&o, "out.csv", "new\n");
	ck_assert_int_eq(tb_outfile_commit(&o, &err), TB_INTERNAL);
	tb_outfile_release(&o);
	ck_assert(file_is("out.csv", "old\n"));
}
END_TEST

/* Placed but not settled, all of it is taken back: new files, replaced and removed ones. */
START_TEST(taken_back)
{
	struct tb_outfile new, replaced, removed;
	struct tb_err err = {0};

	write_file("replaced", SPAN("old\n"));
	write_file("removed", SPAN("old\n"));
	ck_assert_int_eq(chmod("removed", 0600), 0);
	begin(&new, "new", "new\n");
	begin(&replaced, "replaced", "new\n");
	ck_assert_int_eq(tb_outfile_prepare(&new, &err), TB_OK);
	ck_assert_int_eq(tb_outfile_prepare(&replaced, &err), TB_OK);
	ck_assert_int_eq(tb_outfile_place(&new, &err), TB_OK);
	ck_assert_int_eq(tb_outfile_place(&replaced, &err), TB_OK);
	ck_assert_int_eq(tb_outfile_remove(&removed, "removed", &err), TB_OK);
	ck_assert(file_is("new", "new\n") && file_is("replaced", "new\n"));
	ck_assert_int_ne(access("removed", F_OK), 0);
	tb_outfile_sweep("new"); /* what is kept is no dead process's */
	if (_i) {
		tb_outfile_keep(&new);
		tb_outfile_keep(&replaced);
		tb_outfile_keep(&removed);
	}
	tb_outfile_release(&new);
	tb_outfile_release(&replaced);
	tb_outfile_release(&removed);
	ck_assert_uint_eq(files_here(), 2);
	ck_assert(_i ? file_is("new", "new\n") : file_is("removed", "old\n"));
	ck_assert(file_is("replaced", _i ? "new\n" : "old\n"));
	if (!_i)
		ck_assert_uint_eq(mode_of("removed") & 07777, 0600);
}
END_TEST

/* Taking back does not touch what another run has put there since. */
START_TEST(not_taken_back)
{
	struct tb_outfile o;
	struct tb_err err = {0};

	if (_i)
		write_file("out.csv", SPAN("old\n"));
	begin(&o, "out.csv", "new\n");
	ck_assert_int_eq(tb_outfile_prepare(&o, &err), TB_OK);
	ck_assert_int_eq(tb_outfile_place(&o, &err), TB_OK);
	write_all("out.csv", "newer\n");
	tb_outfile_release(&o);
	ck_assert(file_is("out.csv", "newer\n"));
	ck_assert_uint_eq(files_here(), 1);
}
END_TEST

START_TEST(remove_fails)
{
	struct tb_outfile o;
	struct tb_err err = {0};

	ck_assert_int_eq(tb_outfile_remove(&o, "missing", &err), TB_CANTCREATE);
	ck_assert_str_eq(err.text, "missing: cannot be removed: No such file or directory");
	ck_assert_uint_eq(files_here(), 0);
}
END_TEST

/* A process that dies at work leaves its file; the next run takes it away. */
START_TEST(sweep_after_death)
{
	pid_t child = fork();

	if (child == 0) {
		struct tb_outfile o;

		begin(&o, "out.csv", "new\n");
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	ck_assert_uint_eq(files_here(), 1);
	tb_outfile_sweep("./out.csv");
	ck_assert_uint_eq(files_here(), 0);
}
END_TEST

START_TEST(sweep_spares_the_living)
{
	struct tb_outfile o;
	struct tb_err err = {0};

	begin(&o, "out.csv", "new\n");
	tb_outfile_sweep("out.csv");
	ck_assert_int_eq(tb_outfile_prepare(&o, &err), TB_OK);
	tb_outfile_sweep("out.csv");
	ck_assert_msg(tb_outfile_commit(&o, &err) == TB_OK, "%s", err.text);
	tb_outfile_release(&o);
	ck_assert(file_is("out.csv", "new\n"));
}
END_TEST

static const struct {
	const char *name;
	bool ours;
} names[] = {
	{".tokbill-tmp-aZ09xY", true},   {".tokbill-old-aZ09xY", true},
	{".tokbill-tmp-aZ09x", false},   {".tokbill-tmp-aZ09xYz", false},
	{".tokbill-tmp-aZ.9xY", false},  {".tokbill-config", false},
	{"tokbill-tmp-aZ09xY", false},   {".tokbill-new-aZ09xY", false},
	{"x.tokbill-tmp-aZ09xY", false},
};

START_TEST(sweep_knows_our_names)
{
	write_file(names[_i].name, SPAN("x"));
	tb_outfile_sweep("");
	ck_assert_uint_eq(files_here(), !names[_i].ours);
}
END_TEST

START_TEST(sweep_takes_plain_files_only)
{
	int fd;

	write_file("target", SPAN("x"));
	ck_assert_int_eq(symlink("target", ".tokbill-tmp-symlnk"), 0);
	ck_assert_int_eq(mkdir(".tokbill-tmp-folder", 0777), 0);
	ck_assert_int_eq(mkfifo(".tokbill-tmp-fifo00", 0666), 0);
	write_file(".tokbill-tmp-locked", SPAN("x"));
	fd = open(".tokbill-tmp-locked", O_RDONLY);
	ck_assert_int_eq(flock(fd, LOCK_SH), 0);
	tb_outfile_sweep("out.csv");
	tb_outfile_sweep("missing/out.csv");
	ck_assert_uint_eq(files_here(), 5);
	close(fd);
	tb_outfile_sweep("out.csv");
	ck_assert_uint_eq(files_here(), 4);
}
END_TEST

/* Where a link to replace points: a file, nowhere, a device. */
static const char *const targets[] = {"target", "nowhere"};

START_TEST(link_is_replaced)
{
	write_file("target", SPAN("target\n"));
	ck_assert_int_eq(symlink(targets[_i], "out.csv"), 0);
	write_all("out.csv", "new\n");
	ck_assert_msg(S_ISREG(mode_of("out.csv")), "the link to %s was followed", targets[_i]);
	ck_assert(file_is("out.csv", "new\n"));
	ck_assert(file_is("target", "target\n"));
	ck_assert_uint_eq(files_here(), 2);
}
END_TEST

static const struct {
	const char *path, *error;
} impossible[] = {
	{"directory", "directory: cannot create: Is a directory"},
	{"directory/", "directory/: cannot create: Is a directory"},
	{"missing/out.csv", "missing/out.csv: cannot create: No such file or directory"},
	{"file/out.csv", "file/out.csv: cannot create: Not a directory"},
	{"/dev/fd/no-such", "/dev/fd/no-such: cannot create: No such file or directory"},
};

START_TEST(cannot_create)
{
	struct tb_outfile o;
	struct tb_err err = {0};

	ck_assert_int_eq(mkdir("directory", 0777), 0);
	write_file("file", SPAN("x"));
	ck_assert_int_eq(tb_outfile_open(&o, impossible[_i].path, &err), TB_CANTCREATE);
	ck_assert_str_eq(err.text, impossible[_i].error);
	ck_assert_ptr_null(o.stream);
	tb_outfile_release(&o);
	ck_assert_uint_eq(files_here(), 2);
}
END_TEST

/* A few bytes are still in the buffer when the file is prepared, many are not. */
START_TEST(full_device)
{
	struct tb_outfile o;
	struct tb_err err = {0};

	begin(&o, "/dev/full", "x");
	for (int i = 0; i < _i * 100000; i++)
		putc('x', o.stream);
	ck_assert_int_eq(tb_outfile_prepare(&o, &err), TB_IO);
	ck_assert_msg(strncmp(err.text, "/dev/full: writing: ", 20) == 0, "%s", err.text);
	tb_outfile_release(&o);
	tb_outfile_release(&o);
}
END_TEST

START_TEST(device)
{
	write_all("/dev/null", "new\n");
	ck_assert(S_ISCHR(mode_of("/dev/null")));
}
END_TEST

/* Below /dev there are plain directories too, such as the shared memory. */
START_TEST(plain_file_below_dev)
{
	char path[] = "/dev/shm/tokbill-unit-XXXXXX";
	int fd = mkstemp(path);
	bool whole;

	if (fd < 0)
		return; /* no such directory on this machine */
	ck_assert_int_eq(write(fd, "old and longer\n", 15), 15);
	close(fd);
	write_all(path, "new\n");
	whole = file_is(path, "new\n");
	unlink(path);
	ck_assert_msg(whole, "the end of the old file stands behind the new one");
}
END_TEST

START_TEST(temporary_file)
{
	static const char *const dirs[] = {NULL, "", "."};
	size_t before = files_here();
	int fd;

	if (dirs[_i])
		setenv("TMPDIR", dirs[_i], 1);
	else
		unsetenv("TMPDIR");
	fd = tb_tempfile();
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "x", 1), 1);
	ck_assert_uint_eq(files_here(), before);
	close(fd);
	unsetenv("TMPDIR");
}
END_TEST

Suite *outfile_suite(void)
{
	Suite *s = suite_create("outfile");

	add_loop_in_dir(s, "outfile/new", new_file, 1);
	add_loop_in_dir(s, "outfile/mode", replaced_file_keeps_its_mode, 4);
	add_loop_in_dir(s, "outfile/old stays", old_file_stays, 2);
	add_loop_in_dir(s, "outfile/not prepared", commit_needs_prepare, 1);
	add_loop_in_dir(s, "outfile/taken back", taken_back, 2);
	add_loop_in_dir(s, "outfile/not taken back", not_taken_back, 2);
	add_loop_in_dir(s, "outfile/remove fails", remove_fails, 1);
	add_loop_in_dir(s, "outfile/sweep", sweep_after_death, 1);
	add_loop_in_dir(s, "outfile/sweep spares", sweep_spares_the_living, 1);
	add_loop_in_dir(s, "outfile/sweep names", sweep_knows_our_names, LENGTH(names));
	add_loop_in_dir(s, "outfile/sweep plain files", sweep_takes_plain_files_only, 1);
	add_loop_in_dir(s, "outfile/links", link_is_replaced, LENGTH(targets));
	add_loop_in_dir(s, "outfile/cannot create", cannot_create, LENGTH(impossible));
	add_loop(s, "outfile/full device", full_device, 2);
	add_test(s, "outfile/device", device);
	add_test(s, "outfile/below dev", plain_file_below_dev);
	add_loop_in_dir(s, "outfile/temporary", temporary_file, 3);
	return s;
}
