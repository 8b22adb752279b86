// SPDX-License-Identifier: MIT
#include <errno.h>
#include <unistd.h>

#include "kit/pipes.h"

int pipes_open(struct pipes *p)
{
	*p = (struct pipes){ { -1, -1 }, { -1, -1 } };
	return pipe(p->to) || pipe(p->back) ? -errno : 0;
}

static void end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void pipes_close(struct pipes *p)
{
	end(&p->to[0]);
	end(&p->to[1]);
	end(&p->back[0]);
	end(&p->back[1]);
}

void pipes_hang_up(struct pipes *p)
{
	end(&p->to[1]);
}

int pipes_echo(const struct pipes *p)
{
	char byte;

	while (read(p->to[0], &byte, 1) == 1)
		if (write(p->back[1], &byte, 1) != 1)
			return -EPIPE;
	return 0;
}

int pipes_round_trips(const struct pipes *p, uint64_t n, uint64_t *done)
{
	char byte = 0;
	uint64_t i;

	for (i = 0; i < n; i++) {
		if (write(p->to[1], &byte, 1) != 1)
			return -errno;
		if (read(p->back[0], &byte, 1) != 1)
			return errno ? -errno : -EPIPE;
		if (done)
			++*done;
	}
	return 0;
}
