// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM's answers to a guest as text: the leaves of the exit counters, those around them, and those
 * at the borders of the classes that KVM knows.
 */
#include <stdio.h>
#include <string.h>

#include "vm.h"

#define CLASS 0x4fffff00u

static const uint32_t index_of[] = { 0, 1, 10, 0x72, 0x400, 0xffff, 0x80000000, 0xffffffff };

static void dump_leaf(struct vm *vm, uint32_t leaf)
{
	size_t i;

	for (i = 0; i < sizeof(index_of) / sizeof(index_of[0]); i++) {
		struct regs r = cpuid(vm, leaf, index_of[i]);

		printf("%08x %08x: %08x %08x %08x %08x\n", leaf, index_of[i], r.a, r.b, r.c, r.d);
	}
}

/* KVM takes the guest's vendor from leaf 0: EBX, EDX, ECX. */
static void set_vendor(struct cpuid_list *list, const char *vendor)
{
	struct kvm_cpuid_entry2 *entry = list->entries;

	for (; entry < list->entries + list->head.nent; entry++)
		if (!entry->function) {
			memcpy(&entry->ebx, vendor, 4);
			memcpy(&entry->edx, vendor + 4, 4);
			memcpy(&entry->ecx, vendor + 8, 4);
		}
}

void dump(struct cpuid_list list, const char *vendor)
{
	static const uint32_t others[] = { 0,          1,          0x1f,       0x20,
					   0x40000000, 0x40000001, 0x400000ff, 0x40000100,
					   0x4ffffe00, 0x50000000, 0x80000000, 0x80000001,
					   0x80000020, 0xc0000000, ~0u };
	struct vm *vm;
	uint32_t leaf;
	size_t i;

	set_vendor(&list, vendor);
	vm = vm_create(&list);
	for (leaf = CLASS - 2; leaf != CLASS + 0x102; leaf++)
		dump_leaf(vm, leaf);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		dump_leaf(vm, others[i]);
	vm_destroy(vm);
}
