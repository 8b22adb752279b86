/* SPDX-License-Identifier: MIT */
#ifndef LIST_H
#define LIST_H

#include "workload.h"

/* suite-workloads(7) on standard output, for scdoc(1). */
void list_manual(const struct workload *const *list, size_t n);

#endif
