#include "base/parallel_for.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { THREADS_MAX = 64 };

struct share {
	atomic_size_t next; /* piece that nobody has taken yet */
	size_t pieces;
	void (*work)(void *ctx, size_t i);
	void *ctx;
};

static void *take_pieces(void *arg)
{
	struct share *s = arg;

	for (size_t i; (i = atomic_fetch_add(&s->next, 1)) < s->pieces;)
		s->work(s->ctx, i);
	return NULL;
}

void tb_parallel_for(size_t threads, size_t pieces, void (*work)(void *ctx, size_t i), void *ctx)
{
	struct share s = {.pieces = pieces, .work = work, .ctx = ctx};
	pthread_t helpers[THREADS_MAX];
	size_t n = 0;

	atomic_init(&s.next, 0);
	if (threads > pieces)
		threads = pieces;
	while (n + 1 < threads && n < THREADS_MAX &&
	       pthread_create(&helpers[n], NULL, take_pieces, &s) == 0)
		n++;
	take_pieces(&s);
	while (n > 0)
		pthread_join(helpers[--n], NULL);
}
