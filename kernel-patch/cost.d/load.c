// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs the loads of guest.S on the first vCPU and prints what one operation costs in TSC cycles,
 * which an emulator can make the same as instructions. One line for each load:
 *
 * cost: NAME VCPUS EXITS CYCLES HIT
 *
 * CYCLES are those of one operation: the difference between blocks of 2n and of n operations,
 * divided by n, so that it excludes reading the clock. The value of a block is the median of its
 * size; HIT is the number of blocks that are off by more than half an instruction per operation: an
 * interrupt hit them. EXITS is the number of exits measured. VCPUS are created, one runs. With the
 * argument "reads", leaves are read, too. With "observed", the pid goes to /run/vm when there is a
 * VM, and the loads wait for a line from /run/go; with "idle", there is a VM, and nothing else.
 *
 * Exit status 0, 3 no KVM, 5 half of the blocks of a size were hit.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"
#include "vm.h"

#define CLASS 0x4fffff00u
#define TOTAL 0xffffu
#define BLOCKS_OF_RUN 100
#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))

extern const uint8_t guest_nothing[], guest_cpuid[], guest_rdmsr[], guest_hypercall[],
	guest_out_kernel[], guest_out_user[], guest_hlt[], guest_mix[];

struct load {
	const char *name;
	const uint8_t *code;
	uint32_t exits; /* of one operation */
	uint32_t ops;   /* n: small, so that few blocks are hit by a tick */
	uint32_t leaf, index;
};

static const struct load loads[] = {
	{ "nothing", guest_nothing, 0, 50, 0, 0 },
	{ "cpuid", guest_cpuid, 1, 50, 0, 0 },
	{ "rdmsr", guest_rdmsr, 1, 50, 0, 0 },
	{ "hypercall", guest_hypercall, 1, 50, 0, 0 },
	{ "out-kernel", guest_out_kernel, 1, 50, 0, 0 },
	{ "out-user", guest_out_user, 1, 50, 0, 0 },
	{ "hlt-user", guest_hlt, 1, 50, 0, 0 },
	{ "mix", guest_mix, 6, 50, 0, 0 },
};

static const struct load reads[] = {
	{ "signature", guest_cpuid, 1, 10, CLASS, 0 },
	{ "slot", guest_cpuid, 1, 10, CLASS + 2, 0x10 },
	{ "slot-of-vcpu", guest_cpuid, 1, 10, CLASS + 2, 0x80000010u },
	{ "total", guest_cpuid, 1, 10, CLASS + 2, TOTAL },
	{ "bitmap", guest_cpuid, 1, 10, CLASS + 4, 0 },
	{ "histogram", guest_cpuid, 1, 10, CLASS + 6, 0x10 },
	{ "course-reason", guest_cpuid, 1, 10, CLASS + 0xfd, 0x10 },
	{ "course-total", guest_cpuid, 1, 10, CLASS + 0xff, 0 },
};

static int ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/*
 * The median; *others is the number of blocks that are off by more than half an instruction per
 * operation. In QEMU all blocks not hit by a tick are equal; Bochs' TSC moves in steps of 5.
 */
static uint32_t middle(uint32_t *values, int n, uint32_t ops, int *others)
{
	uint32_t value;
	int i;

	qsort(values, n, sizeof(*values), ascending);
	value = values[n / 2];
	*others = 0;
	for (i = 0; i < n; i++)
		*others += values[i] > value + ops / 2 || values[i] + ops / 2 < value;
	return value;
}

static uint32_t block(struct vm *vm, const struct load *load, uint32_t ops, int *others)
{
	uint32_t cycles[BLOCKS_OF_RUN];

	vm_put(vm, 0, OPS, ops);
	vm_put(vm, 0, BLOCKS, BLOCKS_OF_RUN);
	vm_put(vm, 0, LEAF, load->leaf);
	vm_put(vm, 0, INDEX, load->index);
	vm_run(vm, 0, load->code);
	memcpy(cycles, vm->memory + CYCLES, sizeof(cycles));
	return middle(cycles, BLOCKS_OF_RUN, ops, others);
}

/* part: of the operations, where each is longer and a tick would hit too many blocks. */
static bool measure(struct vm *vm, const struct load *load, int vcpus, uint32_t part)
{
	const uint32_t ops = load->ops / part;
	int others, hit;
	uint32_t once, twice, tenths;

	/* The first exits fault memory in and allocate what they use. */
	block(vm, load, 1, &others);
	once = block(vm, load, ops, &others);
	twice = block(vm, load, 2 * ops, &hit);
	tenths = (twice - once) * 10 / ops;
	printf("cost: %s %d %u %u.%u %d\n", load->name, vcpus,
	       load->exits * 3 * ops * BLOCKS_OF_RUN, tenths / 10, tenths % 10, others + hit);
	return others < BLOCKS_OF_RUN / 2 && hit < BLOCKS_OF_RUN / 2;
}

static void tell(const char *path)
{
	FILE *f = fopen(path, "w");

	if (!f || fprintf(f, "%d\n", getpid()) < 0 || fclose(f)) {
		perror(path);
		exit(3);
	}
}

/* What suite-attach counts into, as a VMM has it for its device. */
static void map_pages(void)
{
	int fd = open("/dev/shm/exit-pages-load", O_RDWR);

	if (fd >= 0 && mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED)
		perror("exit pages");
	if (fd >= 0)
		close(fd);
}

static void await_observer(void)
{
	char go;
	int fd;

	map_pages();
	tell("/run/vm");
	fd = open("/run/go", O_RDONLY);
	if (fd < 0 || read(fd, &go, 1) != 1) {
		perror("/run/go");
		exit(3);
	}
	close(fd);
}

static bool measure_all(const struct load *list, size_t n, int vcpus, bool observed)
{
	struct vm vm;
	bool ok = true;
	size_t i;

	vm_create(&vm, vcpus);
	if (observed)
		await_observer();
	for (i = 0; i < n; i++)
		ok &= measure(&vm, &list[i], vcpus, observed ? 2 : 1);
	vm_destroy(&vm);
	return ok;
}

static bool is(int argc, char **argv, const char *what)
{
	return argc > 1 && !strcmp(argv[1], what);
}

int main(int argc, char **argv)
{
	struct vm vm;
	int vcpus;
	bool ok;

	if (is(argc, argv, "idle")) {
		vm_create(&vm, 1);
		map_pages();
		tell("/run/idle");
		pause();
		return 0;
	}
	ok = measure_all(loads, ARRAY_SIZE(loads), 1, is(argc, argv, "observed"));
	if (is(argc, argv, "reads"))
		for (vcpus = 1; vcpus <= MAX_VCPUS; vcpus *= 2)
			ok &= measure_all(reads, ARRAY_SIZE(reads), vcpus, false);
	return ok ? 0 : 5;
}
