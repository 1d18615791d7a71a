/*
 * measure - runs a command and writes what it took, free of the harness's own memory.
 *
 *   measure RESULT COMMAND [ARGUMENT...]
 *
 * RESULT gets one line: seconds, peak resident KiB. The exit code is the command's.
 *
 * What the system tells of a child's peak begins with the process that was forked, so that a large
 * harness would seem to be a large child; this one is small.
 */
#define _DEFAULT_SOURCE

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	double begin = now(), took;
	struct rusage usage;
	int status;
	FILE *result;
	pid_t child;

	if (argc < 3)
		return 64;
	child = fork();
	if (child == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) != child)
		return EXIT_FAILURE;
	took = now() - begin;
	result = fopen(argv[1], "w");
	if (!result || fprintf(result, "%.6f %ld\n", took, usage.ru_maxrss) < 0 || fclose(result) != 0)
		return EXIT_FAILURE;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}
