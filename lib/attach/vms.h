/* SPDX-License-Identifier: MIT */
/* The VMs that run on this host's KVM, whatever the VMM: a process that has a VM's descriptor. */
#ifndef ATTACH_VMS_H
#define ATTACH_VMS_H

#include <stddef.h>
#include <sys/types.h>

struct vm {
	pid_t pid;
	char name[64];        /* -name of its command line, else the program's */
	unsigned int vms;     /* VMs in this process */
	unsigned int vcpus;   /* over all of them */
	unsigned int last_id; /* highest vcpu_id */
};

/*
 * In ascending order of pid; *list is to be freed. Processes whose descriptors may not be read are
 * counted in *hidden. 0, or a negative errno.
 */
int vms_find(struct vm **list, size_t *n, size_t *hidden);

/* The one that `which` names: a pid, or a name. 0; -ENOENT, or -EEXIST where the name is not
 * unique. */
int vms_choose(const struct vm *list, size_t n, const char *which, size_t *chosen);

#endif
