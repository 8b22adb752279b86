/* SPDX-License-Identifier: MIT */
/* Two sides that hand a word of memory back and forth. */
#ifndef KIT_PINGPONG_H
#define KIT_PINGPONG_H

#include <stdint.h>

/* A word in shared memory that two sides hand back and forth; each waits until it holds the
 * word. */
struct pingpong {
	uint32_t holder, over; /* holder 0: the side that measures, 1: its partner */
};
/* n round trips, counted in *done unless NULL. 0 or -errno. */
int pingpong_round_trips(struct pingpong *b, uint64_t n, uint64_t *done);
void pingpong_echo(struct pingpong *b); /* hand the word back until pingpong_end() */
void pingpong_end(struct pingpong *b);

#endif
