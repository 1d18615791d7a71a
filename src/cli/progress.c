#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

enum { BAR = 24, FIRST_MS = 700, EVERY_MS = 150 };

static int64_t ms_between(const struct timespec *a, const struct timespec *b)
{
	return (b->tv_sec - a->tv_sec) * 1000 + (b->tv_nsec - a->tv_nsec) / 1000000;
}

void tb_progress_start(struct tb_progress *p, bool quiet, uint64_t total)
{
	*p = (struct tb_progress){.on = !quiet && isatty(STDERR_FILENO), .total = total};
	clock_gettime(CLOCK_MONOTONIC, &p->began);
	p->shown = p->began;
}

static void draw(struct tb_progress *p, int64_t ms)
{
	char bar[BAR + 1];
	uint64_t mb = p->done / 1000000;
	uint64_t per_second = mb * 1000 / (uint64_t)ms;
	int filled = p->total ? (int)(p->done * BAR / p->total) : 0;

	if (!p->total) {
		fprintf(stderr, "\r\033[Ktokbill: %llu MB, %llu MB/s", (unsigned long long)mb,
			(unsigned long long)per_second);
		return;
	}
	for (int i = 0; i < BAR; i++)
		bar[i] = i < filled ? '#' : '.';
	bar[BAR] = '\0';
	fprintf(stderr, "\r\033[Ktokbill: [%s] %3d%% of %llu MB, %llu MB/s", bar,
		(int)(p->done * 100 / p->total), (unsigned long long)(p->total / 1000000),
		(unsigned long long)per_second);
}

void tb_progress_set(struct tb_progress *p, uint64_t done)
{
	struct timespec now;
	int64_t ms;

	p->done = done;
	if (!p->on)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	ms = ms_between(&p->began, &now);
	if (ms < FIRST_MS || ms_between(&p->shown, &now) < EVERY_MS)
		return;
	p->shown = now;
	p->visible = true;
	draw(p, ms);
	fflush(stderr);
}

void tb_progress_stop(struct tb_progress *p)
{
	if (p->visible)
		fputs("\r\033[K", stderr);
	p->visible = false;
}
