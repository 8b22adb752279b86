/* SPDX-License-Identifier: MIT */
/*
 * What an outer VM sent of its inner VMs (scripts/guest/guests.sh), as text in memory:
 *
 *   guest                     the inner VM's last reading (pause.c)
 *   evidence/format           tracefs format of kvm_exit: the names that the ring buffer prints
 *   evidence/histogram        kvm_exit by thread and reason: all exits of all inner VMs
 *   evidence/stat-exits       debugfs "exits" of the VM: the same total, counted elsewhere in KVM
 *   evidence/trace            ring buffer of kvm_exit and kvm_cpuid from the marker to the pause
 *   evidence/cpus.json        QEMU's query-cpus-fast: which threads are vCPUs
 *   evidence/stats-vcpu.json  QEMU's query-stats: what KVM_GET_STATS_FD shows of each vCPU...
 *   evidence/stats-vm.json    ... and of the VM
 *   evidence/unentered        (VMX) what "exits" counts without an entry, by thread
 *
 * The last three need not be there. This is the folder of the first inner VM; those of the others,
 * guest2, guest3 and so on, lie in it.
 */
#ifndef EVIDENCE_H
#define EVIDENCE_H

#include "witness/fault.h"
#include "witness/scan.h"

struct evidence {
	unsigned int guest;  /* whose, from 1 */
	unsigned int guests; /* inner VMs that ran side by side */
	struct text reading, format, histogram, stat, trace;
	struct text vcpu_stats, vm_stats, unentered;
	struct text *cpus; /* [guests]: everyone's, to tell their threads apart */
};

/* folder: of the outer VM. Returns 0, or a negative errno with the fault, which names the file;
 * evidence_free() in both cases. */
int evidence_read(struct evidence *e, const char *folder, unsigned int guest, struct fault *f);
void evidence_free(struct evidence *e);

#endif
