/* SPDX-License-Identifier: MIT */
/*
 * The last reading of a laboratory run. The outer VM counts exits by its own means until the inner
 * VM stops; this makes it stop at an exit that is known, so that what happens after the reading can
 * be listed and need not be estimated:
 *
 *   marker    CPUID of an unassigned leaf: from here on the outer VM records every exit
 *   snapshot  each counter is answered in an exit of its own, in an order that is recorded too;
 *             exit pages are read without one, and a second marker says when
 *   pause     one byte to a pvpanic device (one MMIO exit), on which QEMU pauses the VM
 */
#ifndef PAUSE_H
#define PAUSE_H

#include <stddef.h>

/* CPUID with these in EAX and ECX; scripts/guest/init.outer waits for it. */
#define MARKER_LEAF 0x4fffffeeu
#define MARKER_SUBLEAF 0x57495453u /* "STIW" */

/*
 * resource: resource0 of an enabled pvpanic-pci device in sysfs. path: the file for the reading,
 * written when the VM runs again: a line per slot, "SLOT KEY COUNT". Returns 0, or a negative errno
 * and one line in message.
 */
int witness_pause(const char *resource, const char *path, char *message, size_t size);

#endif
