// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/io.h>
#include <unistd.h>

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

int port_setup(struct bench *b, uint16_t port, const char *file)
{
	long fd;

	if (!file)
		return ioperm(port, 1, 1) ? -errno : 0;
	fd = open(file, O_RDONLY | O_CLOEXEC);
	b->state = (void *)(fd + 1);
	return fd < 0 ? -errno : 0;
}

int port_file(const struct bench *b)
{
	return (int)(long)b->state - 1;
}

void port_teardown(struct bench *b, uint16_t port)
{
	if (b->state)
		close(port_file(b));
	else
		ioperm(port, 1, 0);
}
