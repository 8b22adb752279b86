// SPDX-License-Identifier: MIT
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kit/pingpong.h"

/* Not FUTEX_PRIVATE_FLAG: the two sides may be processes. */
static void pass(struct pingpong *b, uint32_t to)
{
	__atomic_store_n(&b->holder, to, __ATOMIC_RELEASE);
	syscall(SYS_futex, &b->holder, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static int await(struct pingpong *b, uint32_t me)
{
	while (__atomic_load_n(&b->holder, __ATOMIC_ACQUIRE) != me)
		if (syscall(SYS_futex, &b->holder, FUTEX_WAIT, !me, NULL, NULL, 0) &&
		    errno != EAGAIN)
			return -errno;
	return 0;
}

int pingpong_round_trips(struct pingpong *b, uint64_t n, uint64_t *done)
{
	int ret = 0;

	for (; n && !ret; n--) {
		pass(b, 1);
		ret = await(b, 0);
		if (done && !ret)
			++*done;
	}
	return ret;
}

void pingpong_echo(struct pingpong *b)
{
	for (;;) {
		/* A signal must not end the partner, or the other side would wait for ever. */
		while (await(b, 1) == -EINTR)
			;
		if (__atomic_load_n(&b->over, __ATOMIC_ACQUIRE))
			return;
		pass(b, 0);
	}
}

void pingpong_end(struct pingpong *b)
{
	__atomic_store_n(&b->over, 1, __ATOMIC_RELEASE);
	pass(b, 1);
}
