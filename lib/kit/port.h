/* SPDX-License-Identifier: MIT */
/* I/O ports from user space. */
#ifndef KIT_PORT_H
#define KIT_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "workload.h"

/*
 * Whether this process may use a port, tried with one access: ioperm() may succeed and the access
 * still fault (QEMU's emulated SVM checks the I/O permission bitmap wrongly).
 */
bool workload_port_works(uint16_t port, bool write);

/*
 * setup() and teardown() of a workload that uses a port itself (file NULL), or has the kernel do so
 * by reading a file, whose descriptor port_file() tells. They own b->state.
 */
int port_setup(struct bench *b, uint16_t port, const char *file);
int port_file(const struct bench *b);
void port_teardown(struct bench *b, uint16_t port);

#endif
