// SPDX-License-Identifier: MIT
// Busy in user space for a known time: whatever exits now would exit in any workload that runs as
// long. Neither PAUSE (it can exit itself) nor sleep (an idle guest adds HLT and loses ticks).
#include "kit/verify.h"
#include "workload.h"

#define CYCLES 1000

static uint64_t tsc(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

static int spin(struct bench *b, uint64_t n)
{
	uint64_t begin = tsc(), length = n * CYCLES;

	while (tsc() - begin < length)
		;
	b->done = length / CYCLES;
	return 0;
}

WORKLOAD(spin_cycles) = {
	.name = "spin",
	.summary = "a loop of known length: the background of exits that come with time alone",
	.op = "1000 cycles",
	.run = spin,
	.verify = workload_verify_count,
};
