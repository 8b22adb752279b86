/* SPDX-License-Identifier: MIT */
/*
 * libexitprobe: read the VM exit counters that a patched KVM shows its guest through CPUID.
 *
 * The library stands alone: no dependency beside the C library, no allocation, no global state,
 * no output. Every function is reentrant; one struct exitprobe must not be used by two threads at
 * once. Functions that return int return 0 or a count, or a negative errno.
 *
 * Cost. Every CPUID instruction that a guest executes is one VM exit. Each function says how many
 * it executes; a snapshot also carries the exact number of its own, so that a difference can be
 * freed of it.
 *
 * The leaves, the layouts and the definitions of count, busy and wall: kernel-patch/ABI.md.
 */
#ifndef EXITPROBE_H
#define EXITPROBE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Slots that a snapshot can hold; an ABI that announces more is refused with -E2BIG. */
#define EXITPROBE_SLOTS 256

/*
 * Code of the slot that collects the exits whose reason has no slot of its own; key "vmx:other",
 * "svm:other". It is not a code of the hardware: AMD's VMEXIT_BUSY (-2, SEV-SNP only) has no slot
 * and is among these exits.
 */
#define EXITPROBE_CODE_OTHER 0xfffffffeu

enum exitprobe_vendor {
	EXITPROBE_VENDOR_UNKNOWN = 0,
	EXITPROBE_VMX = 1, /* Intel; codes are basic exit reasons, SDM vol. 3 appendix C */
	EXITPROBE_SVM = 2, /* AMD; codes are VMCB EXITCODEs, APM vol. 2 appendix C */
};

enum exitprobe_paging {
	EXITPROBE_PAGING_UNKNOWN = 0, /* the course layouts do not say */
	EXITPROBE_NESTED,             /* EPT or NPT on */
	EXITPROBE_SHADOW,
};

enum exitprobe_backend {
	EXITPROBE_NONE = 0, /* no counters; exitprobe_why() says the reason */
	EXITPROBE_LEAVES,   /* extension leaves 0x4fffff00.., ABI 1 */
	EXITPROBE_COURSE_A, /* course leaves only, in one of the three published layouts */
	EXITPROBE_COURSE_B,
	EXITPROBE_COURSE_C,
};

/* Vendor-neutral groups of reasons, so that Intel and AMD compare. Order and names are part of the
 * ABI. */
enum exitprobe_class {
	EXITPROBE_PAGE_FAULT,
	EXITPROBE_NESTED_PAGE_FAULT,
	EXITPROBE_CR_ACCESS,
	EXITPROBE_INVLPG,
	EXITPROBE_CPUID,
	EXITPROBE_IO,
	EXITPROBE_MSR,
	EXITPROBE_HLT,
	EXITPROBE_INTERRUPT,
	EXITPROBE_INTERRUPT_WINDOW,
	EXITPROBE_MMIO,
	EXITPROBE_HYPERCALL,
	EXITPROBE_PAUSE,
	EXITPROBE_EXCEPTION,
	EXITPROBE_OTHER,
	EXITPROBE_CLASSES
};

/*
 * Where CPUID comes from. NULL in exitprobe_open() means the instruction itself; tests and
 * simulations give their own and go through the same door.
 */
struct exitprobe_source {
	/* regs: EAX, EBX, ECX, EDX, overwritten with the answer. */
	void (*cpuid)(void *context, uint32_t leaf, uint32_t subleaf, uint32_t regs[4]);
	void *context;
};

/* What was detected. Filled by exitprobe_open(), read-only afterwards; valid with any backend. */
struct exitprobe {
	struct exitprobe_source source;
	enum exitprobe_backend backend;
	enum exitprobe_vendor vendor;
	enum exitprobe_paging paging;         /* as the hypervisor says it */
	enum exitprobe_backend course_layout; /* layout of the course leaves beside the extension */
	uint32_t abi;                         /* 0 without the extension leaves */
	uint32_t slots;        /* slots of a snapshot, the same in every backend; 0 without one */
	uint32_t host_tsc_khz; /* 0 when unknown */
	uint32_t vcpus;        /* created so far; 0 when unknown */
	uint32_t instance;     /* random id of this VM; 0 when unknown */
	bool counts_l2;        /* exits of the guest's own guests are counted too */
	bool cycles;           /* busy cycles per reason are there; not in course layout C */
	bool histograms;
	bool hypervisor_bit; /* CPUID.1:ECX[31] */
	char hypervisor[13]; /* signature of leaf 0x40000000, "" when there is none */
	char why[160];       /* backend NONE: one sentence, thing and remedy */
	uint32_t open_cost;  /* CPUID exits that exitprobe_open() itself made */
};

/* Flags of exitprobe_snapshot(). */
#define EXITPROBE_WALL 0x1u      /* also read wall cycles: one more exit per non-zero slot */
#define EXITPROBE_THIS_VCPU 0x2u /* only the vCPU that executes; pin the caller to it */

/*
 * One reading of all counters. Slots are read in ascending order, but the slot of CPUID itself
 * comes last, so that nothing that the reading executes is missing from it: count[cpuid] includes
 * all its own exits.
 */
struct exitprobe_snapshot {
	uint64_t count[EXITPROBE_SLOTS];
	uint64_t busy[EXITPROBE_SLOTS]; /* host TSC cycles (ABI.md); 0 without p->cycles */
	uint64_t wall[EXITPROBE_SLOTS]; /* 0 unless EXITPROBE_WALL was given */
	uint32_t cost;       /* CPUID exits that this reading made, all of them counted in it */
	uint32_t flags;      /* as given */
	uint32_t cpuid_slot; /* the slot that cost is counted in */
	bool narrow;         /* counts are 32 bits wide and wrap (course layouts) */
};

/*
 * Detect the counters. Never guesses: the extension by its signature; a course layout by its
 * behaviour (n CPUIDs must move one total and one per-reason leaf by n), since an unpatched KVM
 * answers an Intel guest's unknown hypervisor leaves with the data of the highest basic leaf, which
 * is not zero either.
 *
 * source: NULL for the CPUID instruction; it must outlive the probe.
 * Returns 0 with a backend; -ENODEV when there is none (p->why says why, p is valid and every later
 * call on it returns -ENODEV); -E2BIG or -EPROTO for an ABI that this library is too old for
 * (p->why too). Cost: p->open_cost exits, fewer than 200.
 */
int exitprobe_open(struct exitprobe *p, const struct exitprobe_source *source);

/*
 * Read all counters. Cost: s->cost exits. Extension leaves: two bitmap leaves, and one for each
 * slot that is not zero (two with EXITPROBE_WALL). Course layouts: one, and two (layout C: one) for
 * each reason that the manual defines and that has a slot. Returns 0; -ENODEV; -ENOTSUP for a flag
 * that the backend does not have (the course layouts have none); -EIO when the answers cannot be
 * counters any more, as after a migration to a host without them. *s is all zero after an error.
 */
int exitprobe_snapshot(const struct exitprobe *p, unsigned int flags, struct exitprobe_snapshot *s);

/*
 * out = later - earlier, per slot, with 32-bit wrap undone where the counts are narrow (at most one
 * wrap; a window must make fewer than 2^32 exits of a reason), and with the exits of the later
 * reading itself taken out of the CPUID slot: what is left happened between the two readings, and
 * out->cost is 0. Cycles are plain differences: those of the reading's own exits stay in busy and
 * wall of the CPUID slot. out may be one of the two. Returns 0; -EINVAL when the two were not read
 * alike (flags, width, vendor), out is then untouched; -ERANGE when a wide counter ran backwards
 * (another VM, or a migration) or fewer CPUID exits were counted than the reading made, out is then
 * all zero. Costs no exit.
 */
int exitprobe_difference(const struct exitprobe_snapshot *earlier,
			 const struct exitprobe_snapshot *later, struct exitprobe_snapshot *out);

/*
 * Histogram of busy cycles of one slot: bucket i counts exits of [2^i, 2^(i+1)) cycles. Needs
 * p->histograms. Returns the number of buckets filled in (at most 64), -ENODEV, -ENOTSUP. Cost: one
 * exit per four buckets.
 */
int exitprobe_histogram(const struct exitprobe *p, uint32_t slot, uint32_t buckets[64]);

/*
 * Exits of one slot by now, over all vCPUs: what a histogram is compared with. Needs the extension
 * leaves. Returns 0, -ENODEV, -ENOTSUP, -EINVAL. Cost: one exit, which the count of CPUID includes.
 */
int exitprobe_count(const struct exitprobe *p, uint32_t slot, uint64_t *count);

/*
 * Slot <-> code of the hardware. EXITPROBE_CODE_OTHER beyond the last slot; -ENOENT when a code has
 * no slot, or without a backend. No cost.
 */
uint32_t exitprobe_slot_code(const struct exitprobe *p, uint32_t slot);
int exitprobe_code_slot(const struct exitprobe *p, uint32_t code);

/* The slot that counts CPUID on this vendor; 0 without a backend. */
uint32_t exitprobe_cpuid_slot(const struct exitprobe *p);

/* Number of slots in use by the snapshots of this probe. */
static inline uint32_t exitprobe_slots(const struct exitprobe *p)
{
	return p->slots;
}

/* Reason tables: all reasons that the manuals define, whether or not a hypervisor counts them. No
 * cost. */
struct exitprobe_reason {
	uint32_t code;
	enum exitprobe_class exit_class;
	const char *name; /* "EPT_VIOLATION": as KVM's headers name it, without the prefix */
	const char *text; /* one short sentence */
};

/*
 * Entry of one code, NULL when the vendor's manual defines none. EXITPROBE_CODE_OTHER has an entry
 * ("OTHER") that is in no table.
 */
const struct exitprobe_reason *exitprobe_reason(enum exitprobe_vendor vendor, uint32_t code);
/* The whole table, ascending by code; *n entries. */
const struct exitprobe_reason *exitprobe_reasons(enum exitprobe_vendor vendor, unsigned int *n);

/*
 * "vmx:48", "svm:0x400", "vmx:other": the key of a reason in files and messages. buf of at least 24
 * bytes; returns buf.
 */
const char *exitprobe_key(enum exitprobe_vendor vendor, uint32_t code, char *buf);
/* The inverse, of decimal and 0x numbers for both vendors. 0, or -EINVAL and nothing is stored. */
int exitprobe_parse_key(const char *key, enum exitprobe_vendor *vendor, uint32_t *code);

/* "page-fault", "cr-access"...; NULL outside the enumeration. */
const char *exitprobe_class_name(enum exitprobe_class group);
/* "vmx", "svm", "unknown"; "nested", "shadow", "unknown"; "leaves", "course-a".., "none". Never
 * NULL. */
const char *exitprobe_vendor_name(enum exitprobe_vendor vendor);
const char *exitprobe_paging_name(enum exitprobe_paging paging);
const char *exitprobe_backend_name(enum exitprobe_backend backend);

/*
 * What the counts themselves say of the paging mode: with nested paging INVLPG and INVPCID (and on
 * SVM page faults) stay 0, with shadow paging nested page faults do. Both kinds present: two runs
 * were mixed, the mode changed, or (where p->counts_l2) the guest runs guests of its own. No cost.
 */
enum exitprobe_fingerprint {
	EXITPROBE_LOOKS_UNDECIDED, /* neither kind present */
	EXITPROBE_LOOKS_NESTED,
	EXITPROBE_LOOKS_SHADOW,
	EXITPROBE_LOOKS_MIXED,
};
enum exitprobe_fingerprint exitprobe_fingerprint(const struct exitprobe *p,
						 const struct exitprobe_snapshot *s);
/* The same for counts that are not in slots, such as those of a file. */
enum exitprobe_fingerprint exitprobe_fingerprint_codes(enum exitprobe_vendor vendor,
						       const uint32_t *codes,
						       const uint64_t *counts, unsigned int n);
/* The same for exits, or whether there are any, that only one mode causes. */
enum exitprobe_fingerprint exitprobe_fingerprint_of(bool nested, bool shadow);
/* "undecided", "nested", "shadow", "mixed". */
const char *exitprobe_fingerprint_name(enum exitprobe_fingerprint fingerprint);

#ifdef __cplusplus
}
#endif
#endif
