// SPDX-License-Identifier: MIT
#include "fake_evidence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char format[] =
	"name: kvm_exit\n\n"
	"print fmt: \"vcpu %u reason %s%s%s rip 0x%lx\", REC->vcpu_id, (REC->isa == 1) ? "
	"__print_symbolic(REC->exit_reason & 0xffff, { 10, \"CPUID\" }, { 30, "
	"\"IO_INSTRUCTION\" }, { 48, \"EPT_VIOLATION\" }) : __print_symbolic(REC->exit_reason, "
	"{ 0x040 + 6, \"UD excp\" }, { 0x072, \"cpuid\" }, { 0x07b, \"io\" }, { 0x400, \"npf\" }, "
	"{ -1, \"invalid_guest_state\" }), (REC->isa == 1 && REC->exit_reason & ~0xffff) ? \" \" : "
	"\"\", REC->guest_rip\n";

static const char svm_reading[] = "70 svm:0x46 0\n"
				  "114 svm:0x72 100\n"
				  "123 svm:0x7b 10\n"
				  "192 svm:0x400 5\n"
				  "200 svm:0xffffffff 0\n"
				  "201 svm:other 0\n";

static const char vmx_reading[] = "10 vmx:10 100\n"
				  "30 vmx:30 10\n"
				  "48 vmx:48 5\n"
				  "201 vmx:other 0\n";

#define TOTALS "\nTotals:\n    Hits: %d\n    Entries: %d\n    Dropped: 0\n"

static const char histogram[] =
	"# event histogram\n#\n"
	"# trigger info: hist:keys=common_pid,exit_reason:vals=hitcount:sort=hitcount:size=4096 "
	"[active]\n#\n\n"
	"{ common_pid: %10d, exit_reason: %10d } hitcount: %10d\n"
	"{ common_pid: %10d, exit_reason: %10d } hitcount: %10d\n"
	"{ common_pid: %10d, exit_reason: %10d } hitcount: %10d\n" TOTALS;

#define EXIT(clock, reason)                                                                \
	" qemu-system-x86-7       [000] d..1. " #clock ": kvm_exit: vcpu 0 reason " reason \
	" rip 0x40 info1 0x0000000000000000 info2 0x0000000000000000\n"
#define CPUID(clock, leaf, subleaf)                                                              \
	" qemu-system-x86-7       [000] ..... " #clock ": kvm_cpuid: func " leaf " idx " subleaf \
	" rax 0 rbx 0 rcx 0 rdx 0, cpuid entry not found\n"

#define TRACE(cpuid, io, fault, slot_of_io, slot_of_cpuid, slot_of_fault)                         \
	"# tracer: nop\n#\n# entries-in-buffer/entries-written: 13/13   #P:1\n#\n"                \
	"#              | |         |   |||||     |         |\n" CPUID(3, "4fffffee", "57495453") \
		EXIT(4, cpuid) CPUID(5, "4fffff04", "0") EXIT(6, cpuid) CPUID(7, "4fffff04", "1") \
			EXIT(8, cpuid) CPUID(9, "4fffff02", slot_of_io) EXIT(10, cpuid)           \
				CPUID(11, "4fffff02", slot_of_fault) EXIT(12, io) EXIT(13, cpuid) \
					CPUID(14, "4fffff02", slot_of_cpuid) EXIT(15, fault)

struct text *fake_file(struct evidence *e, enum fake_file file)
{
	struct text *files[FAKE_FILES] = {
		[FAKE_READING] = &e->reading,     [FAKE_FORMAT] = &e->format,
		[FAKE_HISTOGRAM] = &e->histogram, [FAKE_STAT] = &e->stat,
		[FAKE_TRACE] = &e->trace,         [FAKE_CPUS] = e->cpus,
		[FAKE_UNENTERED] = &e->unentered, [FAKE_VCPU_STATS] = &e->vcpu_stats,
		[FAKE_VM_STATS] = &e->vm_stats,
	};

	return files[file];
}

void fake_text(struct text *t, const char *data, size_t size)
{
	char *copy = NULL;

	if (data) {
		copy = malloc(size + 1);
		if (!copy)
			abort();
		memcpy(copy, data, size);
		copy[size] = 0;
	}
	free(t->data);
	t->data = copy;
	t->size = data ? size : 0;
}

void fake_edit(struct text *t, const char *from, const char *to)
{
	char *at = memmem(t->data, t->size, from, strlen(from)), *edited;
	int before, after, length;

	if (!at)
		abort();
	before = (int)(at - t->data);
	after = (int)(t->size - (size_t)before - strlen(from));
	length = asprintf(&edited, "%.*s%s%.*s", before, t->data, to, after, at + strlen(from));
	if (length < 0)
		abort();
	fake_text(t, edited, (size_t)length);
	free(edited);
}

static void put(struct text *t, const char *path, const char *data)
{
	t->path = strdup(path);
	fake_text(t, data, data ? strlen(data) : 0);
}

static void put_histogram(struct text *t, const int reason[3])
{
	char text[1024];

	snprintf(text, sizeof(text), histogram, FAKE_THREAD, reason[0], 6, FAKE_THREAD, reason[1],
		 11, FAKE_THREAD, reason[2], 100, 117, 3);
	put(t, "evidence/histogram", text);
}

static void put_common(struct evidence *e)
{
	*e = (struct evidence){ .guest = 1, .guests = 1 };
	e->cpus = calloc(1, sizeof(*e->cpus));
	if (!e->cpus)
		abort();
	put(&e->format, "evidence/format", format);
	put(e->cpus, "evidence/cpus.json",
	    "{\"return\": [{\"thread-id\": 7, \"cpu-index\": 0}]}\n");
	put(&e->vcpu_stats, "evidence/stats-vcpu.json", NULL);
	put(&e->vm_stats, "evidence/stats-vm.json", NULL);
}

void fake_evidence(struct evidence *e)
{
	put_common(e);
	put(&e->reading, "guest", svm_reading);
	put_histogram(&e->histogram, (const int[]){ 0x400, 0x7b, 0x72 });
	put(&e->stat, "evidence/stat-exits", "117\n");
	put(&e->trace, "evidence/trace", TRACE("cpuid", "io", "npf", "7b", "72", "c0"));
	put(&e->unentered, "evidence/unentered", NULL);
}

void fake_evidence_vmx(struct evidence *e)
{
	char unentered[256];

	put_common(e);
	put(&e->reading, "guest", vmx_reading);
	put_histogram(&e->histogram, (const int[]){ 48, 30, 10 });
	put(&e->stat, "evidence/stat-exits", "217\n");
	put(&e->trace, "evidence/trace",
	    TRACE("CPUID", "IO_INSTRUCTION", "EPT_VIOLATION", "1e", "a", "30"));
	snprintf(unentered, sizeof(unentered),
		 "# event histogram\n\n{ common_pid: %10d } hitcount: %10d\n" TOTALS, FAKE_THREAD,
		 100, 100, 1);
	put(&e->unentered, "evidence/unentered", unentered);
}
