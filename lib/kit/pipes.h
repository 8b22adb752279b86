/* SPDX-License-Identifier: MIT */
/* Two pipes between a workload and its partner. */
#ifndef KIT_PIPES_H
#define KIT_PIPES_H

#include <stdint.h>

/* Two pipes, one each way, as every ping-pong needs them. */
struct pipes {
	int to[2], back[2];
};
int pipes_open(struct pipes *p);
void pipes_close(struct pipes *p);
void pipes_hang_up(struct pipes *p);   /* end of file for the side that echoes */
int pipes_echo(const struct pipes *p); /* send back every byte until end of file */
/* n round trips, counted in *done unless NULL. 0 or -errno. */
int pipes_round_trips(const struct pipes *p, uint64_t n, uint64_t *done);

#endif
