/* SPDX-License-Identifier: MIT */
/* The copier: where no BPF program may write into the VMM's memory, this process does. */
#ifndef ATTACH_COPY_H
#define ATTACH_COPY_H

#include "attach/counter.h"
#include "attach/memory.h"

#define COPY_US 500u /* between two passes */

/* One pass: all counts as they are now, between two steps of the first page's pass number. */
void copy_pass(const struct memory *m, const struct counter *c);

#endif
