/* tokbill - the command: finds the subcommand, runs it, checks standard output at the end. */
#include "cli/cmd_count.h"
#include "cli/cmd_estimate.h"
#include "cli/cmd_formats.h"
#include "cli/cmd_rates.h"
#include "cli/cmd_report.h"
#include "cli/cmd_whatif.h"
#include "cli/generate.h"
#include "cli/interrupt.h"
#include "cli/messages.h"
#include "cli/options.h"
#include "cli/version.h"

#include "base/outfile.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

const struct tb_command *const tb_commands[] = {
	&tb_cmd_report, &tb_cmd_estimate, &tb_cmd_count, &tb_cmd_whatif,
	&tb_cmd_rates,  &tb_cmd_formats,  NULL,
};

/*
 * Takes the descriptors 0 to 2 if they are closed, so that no file opened later gets one of them;
 * each the wrong way round, so that using it fails.
 */
static void occupy_standard_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

/* All logs of a run are open at once; the usual soft limit is 1024. */
static void allow_many_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static int version(void)
{
	puts("tokbill " TB_VERSION);
	return TB_EXIT_OK;
}

static int unknown(const struct tb_command *group, const char *name)
{
	const char *near = tb_command_nearest(group ? group->subcommands : tb_commands, name);
	const char *in = group ? group->name : "", *gap = group ? " " : "";

	if (!near && !group && access(name, F_OK) == 0)
		tb_say("%s: a file, where a command is wanted; to price it as a log: tokbill "
		       "report %s",
		       name, name);
	else if (near)
		tb_say("%s%s%s: unknown command; did you mean `tokbill %s%s%s`?", in, gap, name, in,
		       gap, near);
	else
		tb_say("%s%s%s: unknown command; see `tokbill %s%s--help`", in, gap, name, in, gap);
	return TB_EXIT_USAGE;
}

/* "help", "help report", "help rates", "help rates show". */
static int help(int argc, const char *const *argv)
{
	const struct tb_command *group = NULL, *c = NULL;

	for (int i = 2; i < argc && (!c || c->subcommands); i++) {
		group = c;
		c = tb_command_named(group ? group->subcommands : tb_commands, argv[i]);
		if (!c)
			return unknown(group, argv[i]);
	}
	if (c)
		tb_command_help(c, stdout);
	else
		tb_overview(stdout);
	return TB_EXIT_OK;
}

static bool asks_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0;
}

static int run_group(const struct tb_command *group, int argc, const char *const *argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	const struct tb_command *c = tb_command_named(group->subcommands, name);

	if (c)
		return c->run(c, argc - 1, argv + 1);
	if (*name && !asks_help(name))
		return unknown(group, name);
	tb_command_help(group, *name ? stdout : stderr);
	return *name ? TB_EXIT_OK : TB_EXIT_USAGE;
}

static int dispatch(int argc, const char *const *argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	const struct tb_command *c = tb_command_named(tb_commands, name);

	if (c && c->subcommands)
		return run_group(c, argc - 1, argv + 1);
	if (c)
		return c->run(c, argc - 1, argv + 1);
	if (asks_help(name))
		return help(argc, argv);
	if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
		return version();
	if (strcmp(name, "--generate") == 0)
		return tb_generate(argv + 2);
	if (*name)
		return unknown(NULL, name);
	tb_overview(stderr);
	return TB_EXIT_USAGE;
}

static int close_stdout(int code)
{
	struct tb_err err = {0};
	enum tb_status st = tb_stream_check(stdout, "standard output", &err);

	if (code != TB_EXIT_OK && code != TB_EXIT_SET_ASIDE && code != TB_EXIT_DIFFERENCES)
		return code;
	if (st != TB_OK)
		tb_say("%s", err.text);
	return st == TB_OK ? code : tb_exit_code(st);
}

int main(int argc, char **argv)
{
	int code;

	occupy_standard_descriptors();
	allow_many_files();
	tb_interrupt_install();
	/* The order of options and operands shall not depend on the environment. */
	unsetenv("POSIXLY_CORRECT");
	unsetenv("POSIX_ME_HARDER");
	code = close_stdout(dispatch(argc, (const char *const *)argv));
	tb_interrupt_finish();
	return code;
}
