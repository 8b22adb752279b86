/* SPDX-License-Identifier: MIT */
/* Two sides that hand a word of memory back and forth. */
#ifndef KIT_PINGPONG_H
#define KIT_PINGPONG_H

#include <stdint.h>

/* A word in memory that two sides share and hand back and forth: each waits until it is theirs. */
struct pingpong {
	uint32_t holder, over; /* 0: the one who measures, 1: the partner */
};
/* done, unless NULL, counts them. */
int pingpong_round_trips(struct pingpong *b, uint64_t n, uint64_t *done);
void pingpong_echo(struct pingpong *b); /* hand it back until over */
void pingpong_end(struct pingpong *b);

#endif
