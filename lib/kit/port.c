// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <signal.h>
#include <sys/io.h>

#include "kit/port.h"

static sigjmp_buf fault;

static void on_fault(int number)
{
	(void)number;
	siglongjmp(fault, 1);
}

bool workload_port_works(uint16_t port, bool write)
{
	struct sigaction catch = { .sa_handler = on_fault }, old;
	volatile bool works = false;

	if (ioperm(port, 1, 1))
		return false;
	sigaction(SIGSEGV, &catch, &old);
	if (!sigsetjmp(fault, 1)) {
		if (write)
			outb(0, port);
		else
			inb(port);
		works = true;
	}
	sigaction(SIGSEGV, &old, NULL);
	ioperm(port, 1, 0);
	return works;
}
