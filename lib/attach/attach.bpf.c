// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Count the exits of one VM in the thread of the vCPU that exited, and store each count in the page
 * that the guest reads: the thread's user memory holds the VM's.
 */
#include <linux/bpf.h>
#include <linux/types.h>

#define __VMLINUX_H__ /* registers by their names in the kernel, as below */
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "attach/state.h"

typedef _Bool bool;
#define true 1

char license_text[] SEC("license") = "Dual MIT/GPL";

/* Set before the programs are loaded. */
const volatile __u32 target; /* the VMM's process */
const volatile bool svm;
const volatile __u32 offset_reason, offset_vcpu; /* fields of the event, from its format file */
/* Where the pages are in the VMM's memory; 0: nowhere. */
__u64 region, region_size;

/* The pages may be unmapped, so nothing is written any more. */
bool unmapped;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, ATTACH_VCPUS);
	__type(key, __u32);
	__type(value, struct vcpu_state);
} vcpus SEC(".maps");

/* KVM's structures, as far as they are read; the loader finds the offsets in the kernel's BTF. */
struct vmcb_control_area {
	__u32 exit_code;
} __attribute__((preserve_access_index));
struct vmcb {
	struct vmcb_control_area control;
} __attribute__((preserve_access_index));
struct kvm_vcpu {
	int vcpu_id;
} __attribute__((preserve_access_index));
struct vcpu_svm {
	struct vmcb *vmcb;
} __attribute__((preserve_access_index));
union vmx_exit_reason {
	__u32 full;
} __attribute__((preserve_access_index));
struct pt_regs {
	unsigned long di, si, dx, r10, r8;
} __attribute__((preserve_access_index));
struct vcpu_vmx {
	union vmx_exit_reason exit_reason;
} __attribute__((preserve_access_index));

/* kernel-patch/ABI.md, "Slots" */
static __always_inline __u32 slot_of(__u32 reason)
{
	if (!svm)
		reason &= 0xffff;
	if (reason < 0xc0)
		return reason;
	if (reason - 0x400 < 8)
		return 0xc0 + (reason - 0x400);
	return reason == 0xffffffff ? 0xc8 : 0xc9;
}

/* Out of the way of the exits: a write failed before, so the page lacks more than one count. */
static __noinline int repair(struct vcpu_state *s)
{
	struct exit_page *page;

	if (!s)
		return 0;
	page = (void *)s->page;
	if (bpf_probe_write_user(page->count, s->count, sizeof(s->count)) ||
	    bpf_probe_write_user(&page->lost, &s->failed, sizeof(s->failed))) {
		s->lost++;
		s->failed++;
		return 0;
	}
	s->lost = 0;
	return 0;
}

static __always_inline int count(__u32 vcpu, __u32 reason)
{
	struct vcpu_state *s = bpf_map_lookup_elem(&vcpus, &vcpu);
	__u32 slot = slot_of(reason);

	/* The compiler knows that it is a slot, and would leave out what tells the verifier. */
	__asm__ volatile("" : "+r"(slot));
	if (!s || slot >= PAGE_SLOTS)
		return 0;
	s->count[slot]++;
	if (!s->page || unmapped)
		return 0;
	if (s->lost)
		return repair(s);
	if (bpf_probe_write_user(&((struct exit_page *)s->page)->count[slot], &s->count[slot],
				 sizeof(s->count[slot]))) {
		s->lost = 1;
		s->failed++;
	}
	return 0;
}

static __always_inline bool ours(void)
{
	return bpf_get_current_pid_tgid() >> 32 == target;
}

/* Where the kernel describes KVM's structures. */
SEC("tp_btf/kvm_exit")
int BPF_PROG(exit_btf, struct kvm_vcpu *vcpu)
{
	struct vmcb *vmcb;
	__u32 reason;

	if (!ours())
		return 0;
	if (svm) {
		vmcb = BPF_CORE_READ((struct vcpu_svm *)vcpu, vmcb);
		reason = BPF_CORE_READ(vmcb, control.exit_code);
	} else {
		reason = BPF_CORE_READ((struct vcpu_vmx *)vcpu, exit_reason.full);
	}
	return count(vcpu->vcpu_id, reason);
}

/* Everywhere else: the event as its format file describes it. */
SEC("tp/kvm/kvm_exit")
int exit_classic(void *event)
{
	__u32 reason, vcpu;

	if (!ours())
		return 0;
	bpf_probe_read_kernel(&reason, sizeof(reason), event + offset_reason);
	bpf_probe_read_kernel(&vcpu, sizeof(vcpu), event + offset_vcpu);
	return count(vcpu, reason);
}

/*
 * A call of the VMM that changes what is mapped where its pages are: nothing is written any more.
 * The system calls' own arguments are in the second pt_regs.
 */
static __always_inline int changes(__u64 from, __u64 size)
{
	if (from < region + region_size && region < from + size)
		unmapped = true;
	return 0;
}

SEC("kprobe/__x64_sys_munmap")
int BPF_KPROBE(munmap, struct pt_regs *call)
{
	if (!region || !ours())
		return 0;
	return changes(BPF_CORE_READ(call, di), BPF_CORE_READ(call, si));
}

SEC("kprobe/__x64_sys_mmap")
int BPF_KPROBE(mmap, struct pt_regs *call)
{
	if (!region || !ours())
		return 0;
	return changes(BPF_CORE_READ(call, di), BPF_CORE_READ(call, si));
}

/* From the old place, or onto the new one. */
SEC("kprobe/__x64_sys_mremap")
int BPF_KPROBE(mremap, struct pt_regs *call)
{
	if (!region || !ours())
		return 0;
	changes(BPF_CORE_READ(call, di), BPF_CORE_READ(call, si));
	return changes(BPF_CORE_READ(call, r8), BPF_CORE_READ(call, dx));
}
