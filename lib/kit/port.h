/* SPDX-License-Identifier: MIT */
/* I/O ports from user space. */
#ifndef KIT_PORT_H
#define KIT_PORT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Whether this process may use a port, tried with one access: ioperm() may succeed and the access
 * still fault (QEMU's emulated SVM checks the I/O permission bitmap wrongly).
 */
bool workload_port_works(uint16_t port, bool write);

#endif
