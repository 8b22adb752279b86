/* SPDX-License-Identifier: MIT */
/* Two sides that hand a word of memory back and forth. */
#ifndef KIT_PINGPONG_H
#define KIT_PINGPONG_H

#include <stdint.h>

/* A word in memory that two sides share and hand back and forth: each waits until it is theirs. */
struct baton {
	uint32_t holder, over; /* 0: the one who measures, 1: the partner */
};
/* done, unless NULL, counts them. */
int baton_round_trips(struct baton *b, uint64_t n, uint64_t *done);
void baton_echo(struct baton *b); /* hand it back until over */
void baton_end(struct baton *b);

#endif
