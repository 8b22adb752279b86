// SPDX-License-Identifier: MIT
#include "base/interrupt.h"

#include <stddef.h>

volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	interrupted = number;
}

/*
 * No SA_RESTART: a workload that blocks in a system call must get EINTR. SA_RESETHAND: the second
 * signal ends a program that the first could not.
 */
void signals_catch(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}
