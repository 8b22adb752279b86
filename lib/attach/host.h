/* SPDX-License-Identifier: MIT */
/* What the header of a page says of the host. */
#ifndef ATTACH_HOST_H
#define ATTACH_HOST_H

#include "attach/memory.h"

/* Which of KVM's modules has the VM, and its paging mode; a kernel with KVM built in has them too.
 * 0, or -ENOENT. */
int host_describe(struct memory_header *h);

/* Frequency of this host's TSC, measured within a twentieth of a second. */
unsigned int host_tsc_khz(void);

#endif
