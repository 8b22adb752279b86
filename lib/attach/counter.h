/* SPDX-License-Identifier: MIT */
/* The BPF programs: loaded, attached to KVM's tracepoint, and read. */
#ifndef ATTACH_COUNTER_H
#define ATTACH_COUNTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "attach/state.h"

struct counter;

enum counter_way {
	COUNTER_STORE, /* each count goes to the pages in the VMM's memory, too */
	COUNTER_KEEP,  /* counts stay in the map: works where the kernel is locked down */
};

struct counter_settings {
	pid_t pid;
	bool svm;           /* AMD */
	bool timed;         /* busy and wall as well */
	bool verbose;       /* all that libbpf says goes to stderr */
	unsigned int vcpus; /* vCPUs with a higher id are only told of by counter_beyond() */
	enum counter_way way;
};

/*
 * Count the exits of a process' VM, from now on. 0 with *c, or a negative errno with a message of
 * one line: the cause, and a remedy. No exit of another process is counted.
 */
int counter_start(struct counter **c, const struct counter_settings *settings, char *message,
		  size_t size);

/* The pages are at address in the VMM's memory, and a call of the VMM that changes what is mapped
 * there forbids all stores from now on. With COUNTER_STORE. */
void counter_guard(struct counter *c, uint64_t address);
/* From now on each exit of vCPU i is stored at the address of counter_guard() + i * PAGE_STRIDE,
 * too. Once, before the first exit is to be seen there. */
void counter_store(struct counter *c);

/* Another process can map the counts, by BPF_OBJ_GET of a path in a BPF file system, until
 * counter_stop(). 0, or a negative errno with a message. */
int counter_pin(struct counter *c, const char *path, char *message, size_t size);

/* The VMM has changed what it maps there, so nothing is written any more. */
bool counter_unmapped(const struct counter *c);

/* Exits of vCPUs whose id is not below settings.vcpus: they are in no count. */
uint64_t counter_beyond(const struct counter *c);

/* The page of vCPU i < settings.vcpus so far; its header is the caller's. Counts change while the
 * vCPU runs. */
struct exit_page *counter_page(const struct counter *c, unsigned int i);
unsigned int counter_pages(const struct counter *c);

/* "tp_btf" or "tracepoint": how the kernel calls the program. */
const char *counter_called(const struct counter *c);

/* The programs are gone when it returns. NULL is harmless. */
void counter_stop(struct counter *c);

#endif
