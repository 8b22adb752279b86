/* SPDX-License-Identifier: MIT */
/*
 * libexitprobe: read the VM exit counters of one's own VM: those that a patched KVM shows its guest
 * through CPUID, or those that `suite attach` on the host stores in memory that the guest can read.
 *
 * The library stands alone: no dependency except the C library, no allocation, no global state, no
 * output. Functions that return int return 0 or a count, or a negative errno. Pointers must not be
 * NULL unless stated otherwise. Every function is reentrant, and nothing writes a struct exitprobe
 * after exitprobe_open(): threads may share it. The exits of their concurrent readings appear in
 * each other's counts.
 *
 * Cost. Every CPUID instruction that a guest executes is one VM exit. Each function states how many
 * it executes, none if it states nothing; a snapshot records its own exact number, so that a
 * difference can subtract it.
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

/* Slots that a snapshot can hold; exitprobe_open() refuses an ABI that announces more (-E2BIG). */
#define EXITPROBE_SLOTS 256

/*
 * Code of the slot that collects the exits whose reason has no slot of its own; key "vmx:other",
 * "svm:other". It is not a hardware code: AMD's VMEXIT_BUSY (-2, SEV-SNP only) has no slot and is
 * among these exits.
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
	EXITPROBE_NONE = 0, /* no counters; exitprobe.why says why */
	EXITPROBE_LEAVES,   /* extension leaves 0x4fffff00.., ABI 1 */
	EXITPROBE_COURSE_A, /* course leaves only, in one of the three published layouts */
	EXITPROBE_COURSE_B,
	EXITPROBE_COURSE_C,
	EXITPROBE_PAGE,    /* exit pages in the memory of an ivshmem device: docs/page.md */
	EXITPROBE_BACKENDS /* their number */
};

/*
 * Vendor-neutral groups of reasons, so that Intel and AMD compare. Order and names are part of the
 * ABI: a new group is a last line here, and the reasons that the vendors' tables put into it.
 */
#define EXITPROBE_EACH_CLASS(X)                   \
	X(PAGE_FAULT, "page-fault")               \
	X(NESTED_PAGE_FAULT, "nested-page-fault") \
	X(CR_ACCESS, "cr-access")                 \
	X(INVLPG, "invlpg")                       \
	X(CPUID, "cpuid")                         \
	X(IO, "io")                               \
	X(MSR, "msr")                             \
	X(HLT, "hlt")                             \
	X(INTERRUPT, "interrupt")                 \
	X(INTERRUPT_WINDOW, "interrupt-window")   \
	X(MMIO, "mmio")                           \
	X(HYPERCALL, "hypercall")                 \
	X(PAUSE, "pause")                         \
	X(EXCEPTION, "exception")                 \
	X(OTHER, "other")

#define EXITPROBE_CLASS_ENUMERATOR(id, name) EXITPROBE_##id,
enum exitprobe_class { EXITPROBE_EACH_CLASS(EXITPROBE_CLASS_ENUMERATOR) EXITPROBE_CLASSES };
#undef EXITPROBE_CLASS_ENUMERATOR

/*
 * Where CPUID answers come from. NULL in exitprobe_open() means the instruction itself; tests and
 * simulations pass their own.
 */
struct exitprobe_source {
	/* regs: receives EAX, EBX, ECX, EDX. Must be reentrant if threads share the probe. */
	void (*cpuid)(void *context, uint32_t leaf, uint32_t subleaf, uint32_t regs[4]);
	void *context;
};

/* What was detected. Filled by exitprobe_open(), read-only afterwards; valid for any backend. */
struct exitprobe {
	struct exitprobe_source source;
	enum exitprobe_backend backend;
	enum exitprobe_vendor vendor;
	enum exitprobe_paging paging;         /* as the hypervisor reports it */
	enum exitprobe_backend course_layout; /* of the course leaves; NONE: absent */
	uint32_t abi;                         /* 0 without the extension leaves */
	uint32_t slots;        /* slots of a snapshot, the same for every backend; 0 for NONE */
	uint32_t host_tsc_khz; /* 0 when unknown */
	uint32_t vcpus;        /* created so far; 0 when unknown */
	uint32_t instance;     /* random id of this VM; 0 when unknown */
	bool counts_l2;        /* exits of the guest's own guests are counted too */
	bool cycles;           /* busy cycles per reason exist; not in course layout C, and in a
				  page if the host counts them */
	bool histograms;
	bool hypervisor_bit; /* CPUID.1:ECX[31] */
	char hypervisor[13]; /* signature of leaf 0x40000000, "" when there is none */
	/* Backend PAGE; docs/page.md. */
	const void *page; /* the first vCPU's; the others follow */
	uint32_t pages;
	uint64_t page_bytes;  /* of the mapping */
	bool copied;          /* by a process of the host: a reading waits for its next pass, and */
	uint32_t copy_us;     /* has the exits until then, up to three of these pauses later */
	char host_kernel[64]; /* release of the kernel that counts */
	char page_at[32];     /* the device: "ivshmem 0000:00:05.0" */
	char why[160];        /* backend NONE: one line, the cause and a remedy */
	uint32_t open_cost;   /* CPUID exits that exitprobe_open() itself made */
};

/* Flags of exitprobe_snapshot(). */
#define EXITPROBE_WALL 0x1u      /* also read wall cycles: one more exit per non-zero slot */
#define EXITPROBE_THIS_VCPU 0x2u /* only the vCPU that executes; pin the caller to it */

/*
 * One reading of all counters since the VM started. Slots are read in ascending order, except that
 * the CPUID slot comes last, so that count[cpuid_slot] includes every exit of the reading itself.
 * Other vCPUs keep running: each slot is exact at its own moment.
 */
struct exitprobe_snapshot {
	uint64_t count[EXITPROBE_SLOTS];
	uint64_t busy[EXITPROBE_SLOTS]; /* host TSC cycles (kernel-patch/ABI.md); 0 without
					   p->cycles */
	uint64_t wall[EXITPROBE_SLOTS]; /* host TSC cycles; 0 without EXITPROBE_WALL */
	uint32_t cost;  /* CPUID exits that this reading made, all included in count[cpuid_slot] */
	uint32_t flags; /* as passed */
	uint32_t cpuid_slot; /* the slot that cost is counted in */
	bool narrow;         /* counts are 32 bits wide and wrap (course layouts) */
	uint64_t late;       /* backend PAGE: exits until now that could not be stored at once */
};

/*
 * Detect the counters, without guessing: the extension by its signature, a course layout by its
 * behaviour (n CPUIDs must move one total and one per-reason leaf by n), since an unpatched KVM
 * answers an Intel guest's unknown hypervisor leaves with the data of the highest basic leaf, which
 * is not zero either.
 *
 * source: NULL for the CPUID instruction; it is copied, but its context must outlive the probe.
 * Returns 0 with a backend; -ENODEV without one; -E2BIG or -EPROTO for an ABI that this library
 * does not know. After an error p->why says why, p is valid and readings of it return -ENODEV. No
 * other thread may use p meanwhile. Cost: p->open_cost exits, fewer than 200.
 */
int exitprobe_open(struct exitprobe *p, const struct exitprobe_source *source);

/*
 * The exit pages alone, whether or not there are leaves; returns as exitprobe_open(), which tries
 * them last. Needs /sys, and root, as the device's memory is not everybody's. Cost: a few exits,
 * p->open_cost of them CPUIDs; the first touch of the memory is one more.
 */
int exitprobe_open_page(struct exitprobe *p);

/* Unmap the pages. p has no backend then. Without pages, and a second time, it does nothing. */
void exitprobe_close(struct exitprobe *p);

/*
 * Does somebody still count? A page keeps its last counts when the host's program ends, when the VM
 * has moved to another host, or when it was restored from a snapshot. One CPUID must show as
 * exactly one more CPUID exit. Call it after a measurement, not within one: what is alive then was
 * so all the time, as another start has another instance. since: the first reading of the
 * measurement, which may be NULL. Returns 0; -ENODEV without a backend; -ESTALE: no; -ENODATA: it
 * does, but exits since that reading came late to the pages, so a reading in between may lack some.
 * Cost: two exits or more for the backend PAGE, none for others, whose every reading is one; stored
 * in *cost, which may be NULL.
 */
int exitprobe_check(const struct exitprobe *p, const struct exitprobe_snapshot *since,
		    uint32_t *cost);

/*
 * Read all counters. flags: any of EXITPROBE_WALL and EXITPROBE_THIS_VCPU, or 0. Returns 0; -ENODEV
 * without a backend; -ENOTSUP for a flag that the backend does not have (the course layouts have
 * none, pages have EXITPROBE_WALL only with p->cycles); -EIO if the answers can no longer be
 * counters, as after a migration to a host without them; -ESTALE if the pages are no longer those
 * that were opened, or nobody counts into them any more. *s is all zero after an error. Cost:
 * s->cost exits (not recorded after an error). Extension leaves: two for the bitmap, and one for
 * each slot that is not zero (two with EXITPROBE_WALL). Course layouts: one, and two (layout C:
 * one) for each reason that the manual defines and that has a slot. Pages: none; one with
 * EXITPROBE_THIS_VCPU, which asks the processor for its number.
 */
int exitprobe_snapshot(const struct exitprobe *p, unsigned int flags, struct exitprobe_snapshot *s);

/*
 * out = later - earlier, per slot, with 32-bit wrap undone where the counts are narrow (at most one
 * wrap: an interval must have fewer than 2^32 exits of a reason), and with the later reading's own
 * exits subtracted from the CPUID slot: what is left happened between the two readings, and
 * out->cost is 0. Cycles are plain differences: those of the reading's own exits stay in busy and
 * wall of the CPUID slot. out may be one of the two. Returns 0; -EINVAL if the two were not read
 * alike (flags, width, vendor), out is then untouched; -ERANGE if a wide count or any cycle counter
 * ran backwards (another VM, or a migration) or fewer CPUID exits were counted than the reading
 * made, out is then all zero.
 */
int exitprobe_difference(const struct exitprobe_snapshot *earlier,
			 const struct exitprobe_snapshot *later, struct exitprobe_snapshot *out);

/*
 * Histogram of busy host TSC cycles of one slot over all vCPUs, since the VM started: bucket i
 * counts exits of [2^i, 2^(i+1)) cycles, bucket 0 also those of 0; buckets are 32 bits wide and
 * wrap. Returns 64, the number of buckets; -ENODEV without a backend; -ENOTSUP without
 * p->histograms; -EINVAL if slot >= p->slots. The buckets are all zero after an error. Cost: 16
 * exits, 0 after an error.
 */
int exitprobe_histogram(const struct exitprobe *p, uint32_t slot, uint32_t buckets[64]);

/*
 * Exits of one slot until now, over all vCPUs: the total to compare a histogram with. Returns 0;
 * -ENODEV without a backend; -ENOTSUP without the extension leaves; -EINVAL if slot >= p->slots.
 * *count is 0 after an error. Cost: one exit, which the count of the CPUID slot includes; 0 after
 * an error.
 */
int exitprobe_count(const struct exitprobe *p, uint32_t slot, uint64_t *count);

/*
 * Slot <-> hardware code. exitprobe_slot_code() returns EXITPROBE_CODE_OTHER for the last slot and
 * beyond; exitprobe_code_slot() returns 0 to p->slots - 1, or -ENOENT if the code has no slot or p
 * no backend.
 */
uint32_t exitprobe_slot_code(const struct exitprobe *p, uint32_t slot);
int exitprobe_code_slot(const struct exitprobe *p, uint32_t code);

/* The slot that counts CPUID on this vendor; 0 without a backend. */
uint32_t exitprobe_cpuid_slot(const struct exitprobe *p);

/* Can EXITPROBE_THIS_VCPU be asked for? */
static inline bool exitprobe_counts_vcpu(const struct exitprobe *p)
{
	return p->backend == EXITPROBE_LEAVES || p->backend == EXITPROBE_PAGE;
}

/* Number of slots in the snapshots of this probe; 0 without a backend. */
static inline uint32_t exitprobe_slots(const struct exitprobe *p)
{
	return p->slots;
}

/* Reason tables: all reasons that the manuals define, whether or not a hypervisor counts them.
 * Constant static data. */
struct exitprobe_reason {
	uint32_t code;
	enum exitprobe_class exit_class;
	const char *name; /* "EPT_VIOLATION": as KVM's headers name it, without the prefix */
	const char *text; /* one short sentence */
};

/*
 * Entry of one code, NULL if the vendor's manual does not define it. EXITPROBE_CODE_OTHER has an
 * entry ("OTHER") that is in no table.
 */
const struct exitprobe_reason *exitprobe_reason(enum exitprobe_vendor vendor, uint32_t code);
/* The whole table of *n entries, ascending by code; for an unknown vendor NULL and 0. */
const struct exitprobe_reason *exitprobe_reasons(enum exitprobe_vendor vendor, unsigned int *n);

/*
 * "vmx:48", "svm:0x400", "vmx:other": the key of a reason in files and messages. Writes to buf, of
 * at least 24 bytes, and returns it.
 */
const char *exitprobe_key(enum exitprobe_vendor vendor, uint32_t code, char *buf);
/* The inverse; numbers may be decimal or 0x for both vendors. Returns 0, or -EINVAL and stores
 * nothing. */
int exitprobe_parse_key(const char *key, enum exitprobe_vendor *vendor, uint32_t *code);

/* "page-fault", "cr-access"...; NULL outside the enumeration. */
const char *exitprobe_class_name(enum exitprobe_class group);
/* "vmx", "svm", "unknown"; "nested", "shadow", "unknown"; "leaves", "course-a".., "none". Never
 * NULL. */
const char *exitprobe_vendor_name(enum exitprobe_vendor vendor);
const char *exitprobe_paging_name(enum exitprobe_paging paging);
const char *exitprobe_backend_name(enum exitprobe_backend backend);

/*
 * What the counts themselves say about the paging mode: with nested paging INVLPG and INVPCID (and
 * on SVM page faults) stay 0, with shadow paging nested page faults do. If both kinds are present,
 * two runs were mixed, the mode changed, or (where p->counts_l2) the guest runs guests of its own.
 */
enum exitprobe_fingerprint {
	EXITPROBE_LOOKS_UNDECIDED, /* neither kind present */
	EXITPROBE_LOOKS_NESTED,
	EXITPROBE_LOOKS_SHADOW,
	EXITPROBE_LOOKS_MIXED,
};
enum exitprobe_fingerprint exitprobe_fingerprint(const struct exitprobe *p,
						 const struct exitprobe_snapshot *s);
/* The same for n counts by hardware code, such as those of a file. */
enum exitprobe_fingerprint exitprobe_fingerprint_codes(enum exitprobe_vendor vendor,
						       const uint32_t *codes,
						       const uint64_t *counts, unsigned int n);
/* The same from two facts: exits occurred that only nested, or only shadow, paging causes. */
enum exitprobe_fingerprint exitprobe_fingerprint_of(bool nested, bool shadow);
/* "undecided", "nested", "shadow", "mixed". Never NULL. */
const char *exitprobe_fingerprint_name(enum exitprobe_fingerprint fingerprint);

#ifdef __cplusplus
}
#endif
#endif
