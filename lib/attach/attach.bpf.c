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
#define false 0
#define NULL ((void *)0)

char license_text[] SEC("license") = "Dual MIT/GPL";

/* Set before the programs are loaded. */
const volatile __u32 target;     /* the VMM's process */
const volatile __u32 self;       /* the loader's */
const volatile bool svm, stored; /* for programs that are not made for one of both */
const volatile __u32 offset_reason, offset_vcpu; /* fields of the event, from its format file */
/* Where the pages are in the VMM's memory, which the guards watch; 0: nowhere. */
__u64 region, region_size;
/* The same, once each exit is to be stored there: ATTACH_WAITING until then, and 0, for good, when
 * the pages may be unmapped. */
__u64 destination;
bool unmapped;
/* Exits of vCPUs that have no page. */
__u64 beyond;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, ATTACH_VCPUS); /* the loader makes it as large as is needed */
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
struct vcpu_vmx {
	union vmx_exit_reason exit_reason;
} __attribute__((preserve_access_index));

/* As user space sees it too, so it needs no BTF: arch/x86/include/uapi/asm/ptrace.h */
struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di, orig_ax, ip,
		cs, flags, sp, ss;
};

/* kernel-patch/ABI.md, "Slots" */
static __always_inline __u32 slot_of(__u32 reason, bool amd)
{
	if (!amd)
		reason &= 0xffff;
	if (reason < 0xc0)
		return reason;
	if (reason - 0x400 < 8)
		return 0xc0 + (reason - 0x400);
	return reason == 0xffffffff ? 0xc8 : 0xc9;
}

static __always_inline void failed(struct vcpu_state *s)
{
	s->dirty = 1;
	s->page.lost++;
}

/* Out of the way of the exits: a store failed before, so the page lacks more than one number. */
static __noinline int repair(struct vcpu_state *s, struct exit_page *page)
{
	if (!s)
		return 0;
	if (bpf_probe_write_user(page->count, s->page.count, sizeof(page->count)) ||
	    bpf_probe_write_user(page->time, s->page.time, sizeof(page->time)) ||
	    bpf_probe_write_user(&page->lost, &s->page.lost, sizeof(page->lost)))
		failed(s);
	else
		s->dirty = 0;
	return 0;
}

/* Known when it is compiled, as reading a constant costs each exit two instructions: times, too?
 * Stored in the VMM's memory? A program that only keeps counts has no call of the helper that
 * writes, which a locked-down kernel refuses. */
struct kind {
	bool timed, stored;
};

static __always_inline int count(__u32 vcpu, __u64 slot, const struct kind kind)
{
	struct vcpu_state *s = bpf_map_lookup_elem(&vcpus, &vcpu);
	struct exit_page *page;
	__u64 to;

	/* The compiler knows that it is a slot, and would leave out what tells the verifier; of 64
	 * bits, as it compares a copy of a narrower one. */
	__asm__ volatile("" : "+r"(slot));
	if (!s) {
		__sync_fetch_and_add(&beyond, 1);
		return 0;
	}
	if (slot >= PAGE_SLOTS)
		return 0;
	if (kind.timed) {
		s->slot = (__u32)slot;
		s->put = s->away = 0;
		s->since = bpf_ktime_get_ns();
	}
	s->page.count[slot]++;
	if (!kind.stored)
		return 0;
	to = destination;
	if (to <= ATTACH_WAITING)
		return 0;
	page = (void *)(to + (__u64)vcpu * PAGE_STRIDE);
	if (s->dirty)
		return repair(s, page);
	if (bpf_probe_write_user(&page->count[slot], &s->page.count[slot], sizeof(page->count[0])))
		failed(s);
	return 0;
}

/* The guest goes on: the time since its last exit, which had its reason then. */
static __always_inline int entered(__u32 vcpu)
{
	struct vcpu_state *s = bpf_map_lookup_elem(&vcpus, &vcpu);
	struct exit_page *page;
	struct page_time *t;
	__u64 wall, slot;

	if (!s || !s->since)
		return 0;
	slot = s->slot;
	__asm__ volatile("" : "+r"(slot));
	if (slot >= PAGE_SLOTS)
		return 0;
	t = &s->page.time[slot];
	wall = bpf_ktime_get_ns() - s->since;
	s->since = 0;
	t->wall += wall;
	t->busy += s->away < wall ? wall - s->away : 0;
	page = (void *)(destination + (__u64)vcpu * PAGE_STRIDE);
	if (stored && destination > ATTACH_WAITING && !s->dirty &&
	    bpf_probe_write_user(&page->time[slot], t, sizeof(*t)))
		failed(s);
	return 0;
}

static __always_inline bool ours(void)
{
	return bpf_get_current_pid_tgid() >> 32 == target;
}

/* Where the kernel describes KVM's structures. */
static __always_inline int on_exit(struct kvm_vcpu *vcpu, bool amd, const struct kind kind)
{
	struct vmcb *vmcb;
	__u32 reason;

	if (!vcpu || !ours())
		return 0;
	if (amd) {
		vmcb = BPF_CORE_READ((struct vcpu_svm *)vcpu, vmcb);
		reason = BPF_CORE_READ(vmcb, control.exit_code);
	} else {
		reason = BPF_CORE_READ((struct vcpu_vmx *)vcpu, exit_reason.full);
	}
	return count(vcpu->vcpu_id, slot_of(reason, amd), kind);
}

#define EXIT_PROGRAM(name, amd, ...)                                     \
	SEC("tp_btf/kvm_exit")                                           \
	int BPF_PROG(name, struct kvm_vcpu *vcpu)                        \
	{                                                                \
		return on_exit(vcpu, amd, (struct kind){ __VA_ARGS__ }); \
	}
EXIT_PROGRAM(svm_stored, true, .stored = true)
EXIT_PROGRAM(vmx_stored, false, .stored = true)
EXIT_PROGRAM(svm_stored_timed, true, .stored = true, .timed = true)
EXIT_PROGRAM(vmx_stored_timed, false, .stored = true, .timed = true)
EXIT_PROGRAM(svm_kept, true, .stored = false)
EXIT_PROGRAM(vmx_kept, false, .stored = false)
EXIT_PROGRAM(svm_kept_timed, true, .timed = true)
EXIT_PROGRAM(vmx_kept_timed, false, .timed = true)

/* Everywhere else: the event as its format file describes it. */
SEC("tp/kvm/kvm_exit")
int exit_classic(void *event)
{
	__u32 reason, vcpu;

	if (!ours())
		return 0;
	bpf_probe_read_kernel(&reason, sizeof(reason), event + offset_reason);
	bpf_probe_read_kernel(&vcpu, sizeof(vcpu), event + offset_vcpu);
	return count(vcpu, slot_of(reason, svm), (struct kind){ .stored = true });
}

/* The event as every kernel until now has it: a kernel that is locked down lets a program read
 * nothing but its own context. */
struct kvm_exit_event {
	__u64 common;
	__u32 exit_reason;
	__u32 unused[11];
	__u32 vcpu_id;
};
_Static_assert(__builtin_offsetof(struct kvm_exit_event, exit_reason) == ATTACH_REASON_AT &&
		       __builtin_offsetof(struct kvm_exit_event, vcpu_id) == ATTACH_VCPU_AT,
	       "state.h");

SEC("tp/kvm/kvm_exit")
int exit_kept(struct kvm_exit_event *event)
{
	if (!ours())
		return 0;
	return count(event->vcpu_id, slot_of(event->exit_reason, svm), (struct kind){ 0 });
}

SEC("tp_btf/kvm_entry")
int BPF_PROG(entry, struct kvm_vcpu *vcpu)
{
	return vcpu && ours() ? entered(vcpu->vcpu_id) : 0;
}

/* The vCPU leaves its CPU: another thread has it, or KVM_RUN returns to the VMM. */
SEC("kprobe/kvm_arch_vcpu_put")
int BPF_KPROBE(put, struct kvm_vcpu *vcpu)
{
	__u32 id = BPF_CORE_READ(vcpu, vcpu_id);
	struct vcpu_state *s = bpf_map_lookup_elem(&vcpus, &id);

	if (s && s->since && ours())
		s->put = bpf_ktime_get_ns();
	return 0;
}

SEC("kprobe/kvm_arch_vcpu_load")
int BPF_KPROBE(loaded, struct kvm_vcpu *vcpu)
{
	__u32 id = BPF_CORE_READ(vcpu, vcpu_id);
	struct vcpu_state *s = bpf_map_lookup_elem(&vcpus, &id);

	if (s && s->put && ours()) {
		s->away += bpf_ktime_get_ns() - s->put;
		s->put = 0;
	}
	return 0;
}

/*
 * The loader ends, however it does: nothing is stored from here on. Its files are let go after
 * that, and the kernel releases those of a process in reverse order (task_work_run()): the guards
 * first, and exits could be stored for a moment without them.
 */
SEC("raw_tp/sched_process_exit")
int last(void *unused)
{
	(void)unused;
	if (bpf_get_current_pid_tgid() >> 32 == self)
		destination = 0;
	return 0;
}

/*
 * A call of the VMM that changes what is mapped where its pages are: nothing is written any more.
 * The system calls' own arguments are in the second pt_regs.
 */
static __always_inline int changes(__u64 from, __u64 size)
{
	if (from < region + region_size && region < from + size) {
		destination = 0;
		unmapped = true;
	}
	return 0;
}

SEC("kprobe/__x64_sys_munmap")
int BPF_KPROBE(munmap, struct pt_regs *call)
{
	if (!region || !ours())
		return 0;
	return changes(BPF_PROBE_READ(call, di), BPF_PROBE_READ(call, si));
}

SEC("kprobe/__x64_sys_mmap")
int BPF_KPROBE(mmap, struct pt_regs *call)
{
	if (!region || !ours())
		return 0;
	return changes(BPF_PROBE_READ(call, di), BPF_PROBE_READ(call, si));
}

/* From the old place, or onto the new one. */
SEC("kprobe/__x64_sys_mremap")
int BPF_KPROBE(mremap, struct pt_regs *call)
{
	if (!region || !ours())
		return 0;
	changes(BPF_PROBE_READ(call, di), BPF_PROBE_READ(call, si));
	return changes(BPF_PROBE_READ(call, r8), BPF_PROBE_READ(call, dx));
}
