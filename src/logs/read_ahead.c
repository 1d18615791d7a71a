#include "logs/read_ahead.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BLOCKS = 4 };

/* What one read gave. */
struct block {
	char *bytes;
	size_t n;
	struct tb_err err;
};

/* One thread fills the blocks in turn, the other empties them in turn; semaphores count both. */
struct tb_read_ahead {
	struct tb_source *source;
	size_t bytes; /* that a block has room for */
	struct block blocks[BLOCKS];
	sem_t empty, filled;
	size_t next; /* to be emptied */
	pthread_t thread;
	bool started;
	atomic_bool ending;
	int wake[2]; /* a pipe: what is written there ends a read that waits; -1 without */
};

static void *read_on(void *arg)
{
	struct tb_read_ahead *a = arg;

	for (size_t i = 0;; i = (i + 1) % BLOCKS) {
		struct block *b = &a->blocks[i];
		enum tb_status st;

		while (sem_wait(&a->empty) != 0)
			;
		if (atomic_load(&a->ending))
			return NULL;
		st = tb_source_read(a->source, b->bytes, a->bytes, &b->n, &b->err);
		sem_post(&a->filled);
		if (st != TB_OK || b->n == 0)
			return NULL;
	}
}

/* Signals are for the thread that asked for this one. */
static bool start(struct tb_read_ahead *a)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	a->started = pthread_create(&a->thread, NULL, read_on, a) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return a->started;
}

static bool make_blocks(struct tb_read_ahead *a)
{
	for (size_t i = 0; i < BLOCKS; i++) {
		a->blocks[i].bytes = malloc(a->bytes);
		if (!a->blocks[i].bytes)
			return false;
	}
	return true;
}

struct tb_read_ahead *tb_read_ahead_begin(struct tb_source *source, size_t bytes)
{
	struct tb_read_ahead *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->source = source;
	a->bytes = bytes;
	a->wake[0] = a->wake[1] = -1;
	sem_init(&a->empty, 0, BLOCKS);
	sem_init(&a->filled, 0, 0);
	if (pipe(a->wake) == 0 && make_blocks(a)) {
		source->wake = &a->wake[0];
		if (start(a))
			return a;
	}
	tb_read_ahead_end(a);
	return NULL;
}

/* Until a block is filled; false when that took so long that the caller should look around. */
static bool wait_a_while(struct tb_read_ahead *a)
{
	enum { LONG_NS = 100000000, SECOND_NS = 1000000000 };
	struct timespec until;

	if (sem_trywait(&a->filled) == 0)
		return true;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += LONG_NS;
	until.tv_sec += until.tv_nsec / SECOND_NS;
	until.tv_nsec %= SECOND_NS;
	return sem_timedwait(&a->filled, &until) == 0;
}

/* A signal ends the waiting, unless it comes just before that; then it is seen a moment later. */
enum tb_status tb_read_ahead_read(struct tb_read_ahead *a, char *p, size_t *got, struct tb_err *err)
{
	const struct block *b = &a->blocks[a->next];

	do
		TB_TRY(tb_source_check_stop(a->source, err));
	while (!wait_a_while(a));
	if (b->err.code != TB_OK)
		return tb_fail(err, b->err.code, "%s", b->err.text);
	memcpy(p, b->bytes, b->n);
	*got = b->n;
	a->next = (a->next + 1) % BLOCKS;
	sem_post(&a->empty);
	return TB_OK;
}

static void end_thread(struct tb_read_ahead *a)
{
	atomic_store(&a->ending, true);
	sem_post(&a->empty);
	close(a->wake[1]); /* the other end is readable from now on */
	a->wake[1] = -1;
	pthread_join(a->thread, NULL);
}

void tb_read_ahead_end(struct tb_read_ahead *a)
{
	if (!a)
		return;
	if (a->started)
		end_thread(a);
	a->source->wake = NULL;
	for (int i = 0; i < 2; i++)
		if (a->wake[i] >= 0)
			close(a->wake[i]);
	sem_destroy(&a->empty);
	sem_destroy(&a->filled);
	for (size_t i = 0; i < BLOCKS; i++)
		free(a->blocks[i].bytes);
	free(a);
}
