/* SPDX-License-Identifier: MIT */
/* A device for the exit pages in a QEMU that runs, over its monitor. */
#ifndef ATTACH_QMP_H
#define ATTACH_QMP_H

#include <stddef.h>
#include <sys/types.h>

struct qmp;

/* QEMU's QMP socket. 0 with *q and the pid of the process that listens, or a negative errno with a
 * message of one line. */
int qmp_open(struct qmp **q, const char *path, pid_t *pid, char *message, size_t size);

/*
 * Plug an ivshmem device whose memory is a new file of `bytes`, a power of two. QEMU makes the
 * file, at `file`, and has it mapped afterwards. 0, or a negative errno with QEMU's own words in
 * the message; then nothing of the device is left.
 */
int qmp_plug(struct qmp *q, const char *file, size_t bytes, char *message, size_t size);

void qmp_close(struct qmp *q);

#endif
