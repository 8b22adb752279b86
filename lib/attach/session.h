/* SPDX-License-Identifier: MIT */
/* One VM being counted, from its first exit to the last line. */
#ifndef ATTACH_SESSION_H
#define ATTACH_SESSION_H

#include "attach/qmp.h"
#include "attach/settings.h"
#include "attach/vms.h"
#include "base/status.h"

/*
 * Count the VM's exits until a signal, the end of the time, or the VM's. process: its pidfd. q: a
 * monitor over which it is given a device if it has none; NULL: none. An exit status.
 */
int session_run(const struct attach_settings *set, const struct vm *vm, int process, struct qmp *q);

#endif
