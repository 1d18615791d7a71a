#include "cli/interrupt.h"

#include <signal.h>
#include <stddef.h>

/* Where it is free of locks, as on every machine with threads, a handler may set it. */
static atomic_int caught;
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "a signal handler sets an int");

static void on_signal(int number)
{
	caught = number;
}

void tb_interrupt_install(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
	struct sigaction action = {.sa_handler = on_signal}, old;

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	/* Beyond a file-size limit a write shall fail like any other, not kill. */
	signal(SIGXFSZ, SIG_IGN);
}

const atomic_int *tb_interrupt_flag(void)
{
	return &caught;
}

bool tb_interrupt_silent(void)
{
	return caught == SIGPIPE;
}

void tb_interrupt_finish(void)
{
	if (!caught)
		return;
	signal(caught, SIG_DFL);
	raise(caught);
}
