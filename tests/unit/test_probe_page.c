// SPDX-License-Identifier: MIT
/* Exit pages in a device's memory: found, read as one moment, and refused when nobody counts. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "internal.h"
#include "page.h"

#define PAGES 4
#define SIZE (PAGES * PAGE_STRIDE)
#define OWN "0000:00:05.0"

/* A machine: a folder like /sys/bus/pci/devices, with the host's side of one device's memory. */
struct machine {
	char folder[64];
	unsigned char *memory; /* as the host has it */
	uint32_t vcpu;         /* on which we run */
	bool counting;
};

static void put(const char *folder, const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static struct exit_page *page(const struct machine *m, unsigned int i)
{
	return (void *)(m->memory + (size_t)i * PAGE_STRIDE);
}

/* A device: its numbers, and memory of `size` bytes. Returns a descriptor of that. */
static int device(const struct machine *m, const char *name, const char *vendor, const char *kind,
		  off_t size)
{
	char folder[160], path[192];
	int fd;

	snprintf(folder, sizeof(folder), "%s/%s", m->folder, name);
	assert_int_equal(mkdir(folder, 0700), 0);
	put(folder, "vendor", vendor);
	put(folder, "device", kind);
	put(folder, "enable", "0");
	snprintf(path, sizeof(path), "%s/resource2", folder);
	fd = open(path, O_RDWR | O_CREAT, 0600);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, size), 0);
	return fd;
}

static void count_from_now(struct machine *m, enum exitprobe_vendor vendor)
{
	unsigned int i;

	for (i = 0; i < PAGES; i++) {
		memset(page(m, i), 0, sizeof(struct exit_page));
		page(m, i)->version = PAGE_VERSION;
		page(m, i)->slots = PAGE_SLOTS;
		page(m, i)->vendor = vendor;
		page(m, i)->paging = EXITPROBE_SHADOW;
		page(m, i)->vcpu = i;
		page(m, i)->pages = PAGES;
		page(m, i)->flags = PAGE_LIVE;
		page(m, i)->instance = 77;
		strcpy(page(m, i)->kernel, "6.1.0-56-amd64");
		page(m, i)->magic = PAGE_MAGIC;
	}
	m->counting = true;
}

static int machine_make(void **state)
{
	struct machine *m = calloc(1, sizeof(*m));
	int fd;

	strcpy(m->folder, "/tmp/test_probe_page.XXXXXX");
	assert_non_null(mkdtemp(m->folder));
	close(device(m, "0000:00:02.0", "0x8086", "0x1110", SIZE)); /* another vendor's */
	fd = device(m, OWN, "0x1af4", "0x1110", SIZE);
	m->memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(m->memory, MAP_FAILED);
	close(fd);
	*state = m;
	return 0;
}

static int machine_end(void **state)
{
	struct machine *m = *state;
	char command[128];

	munmap(m->memory, SIZE);
	snprintf(command, sizeof(command), "rm -r %s", m->folder);
	assert_int_equal(system(command), 0);
	free(m);
	return 0;
}

/* The instruction: one exit of the vCPU that we are on. */
static void cpuid(void *context, uint32_t leaf, uint32_t subleaf, uint32_t regs[4])
{
	struct machine *m = context;
	uint32_t slot;

	(void)subleaf;
	memset(regs, 0, 4 * sizeof(*regs));
	if (leaf == 1)
		regs[EBX] = m->vcpu << 24;
	slot = page(m, m->vcpu)->vendor == EXITPROBE_SVM ? SVM_CPUID : VMX_CPUID;
	if (m->counting)
		page(m, m->vcpu)->count[slot]++;
}

static int open_here(struct exitprobe *p, struct machine *m)
{
	struct reader r = { { cpuid, m }, 0 };
	int ret;

	memset(p, 0, sizeof(*p));
	p->source = r.source;
	ret = ep_open_page(p, &r, m->folder);
	p->open_cost = r.cost;
	return ret;
}

static void test_found(void **state)
{
	struct machine *m = *state;
	struct exitprobe p;

	count_from_now(m, EXITPROBE_SVM);
	assert_int_equal(open_here(&p, m), 0);
	assert_int_equal(p.backend, EXITPROBE_PAGE);
	assert_string_equal(exitprobe_backend_name(p.backend), "page");
	assert_int_equal(p.vendor, EXITPROBE_SVM);
	assert_int_equal(p.paging, EXITPROBE_SHADOW);
	assert_int_equal(p.slots, 202);
	assert_int_equal(p.instance, 77);
	assert_int_equal(p.abi, PAGE_VERSION);
	assert_false(p.cycles);
	assert_false(p.histograms);
	assert_string_equal(p.page_at, "ivshmem " OWN);
	assert_string_equal(p.host_kernel, "6.1.0-56-amd64");
	assert_int_equal(p.open_cost, page(m, 0)->count[SVM_CPUID]);
	exitprobe_close(&p);
	assert_int_equal(p.backend, EXITPROBE_NONE);
	exitprobe_close(&p);
}

/* All vCPUs together, or one's own; and the reading itself is no exit. */
static void test_counts(void **state)
{
	struct exitprobe_snapshot before, after, difference;
	struct machine *m = *state;
	struct exitprobe p;

	count_from_now(m, EXITPROBE_VMX);
	assert_int_equal(open_here(&p, m), 0);
	assert_int_equal(exitprobe_snapshot(&p, 0, &before), 0);
	page(m, 0)->count[48] += 5;
	page(m, 3)->count[48] += 7;
	page(m, 1)->count[SLOT_OTHER] += 2;
	assert_int_equal(exitprobe_snapshot(&p, 0, &after), 0);
	assert_int_equal(after.cost, 0);
	assert_false(after.narrow);
	assert_int_equal(exitprobe_difference(&before, &after, &difference), 0);
	assert_int_equal(difference.count[48], 12);
	assert_int_equal(difference.count[SLOT_OTHER], 2);
	assert_int_equal(difference.count[VMX_CPUID], 0);

	m->vcpu = 3;
	assert_int_equal(exitprobe_snapshot(&p, EXITPROBE_THIS_VCPU, &after), 0);
	assert_int_equal(after.count[48], 7);
	assert_int_equal(after.cost, 1);
	assert_int_equal(after.count[VMX_CPUID], 1);
	assert_int_equal(exitprobe_snapshot(&p, EXITPROBE_WALL, &after), -ENOTSUP);
	exitprobe_close(&p);
}

/* Nanoseconds of the host are cycles of its TSC to all readers. */
static void test_times(void **state)
{
	struct exitprobe_snapshot before, after, difference;
	struct machine *m = *state;
	struct exitprobe p;

	count_from_now(m, EXITPROBE_VMX);
	page(m, 0)->flags |= PAGE_TIMED;
	page(m, 0)->tsc_khz = 2500000;
	assert_int_equal(open_here(&p, m), 0);
	assert_true(p.cycles);
	assert_int_equal(p.host_tsc_khz, 2500000);
	assert_int_equal(exitprobe_snapshot(&p, EXITPROBE_WALL, &before), 0);
	page(m, 0)->time[48].busy += 1000;
	page(m, 3)->time[48].busy += 3000;
	page(m, 3)->time[48].wall += 10000;
	assert_int_equal(exitprobe_snapshot(&p, EXITPROBE_WALL, &after), 0);
	assert_int_equal(exitprobe_difference(&before, &after, &difference), 0);
	assert_int_equal(difference.busy[48], 10000);
	assert_int_equal(difference.wall[48], 25000);
	assert_int_equal(difference.busy[VMX_CPUID], 0);
	assert_int_equal(exitprobe_snapshot(&p, 0, &after), 0);
	assert_int_equal(after.busy[48], 10000);
	assert_int_equal(after.wall[48], 0);
	exitprobe_close(&p);
}

/* The host's side of test_copied(): exits at once, and passes that show them later. */
struct copier {
	struct machine *m;
	uint64_t exits; /* of slot 48, as they happen */
	uint64_t cpuids;
	bool end;
};

static void *copy(void *context)
{
	struct copier *c = context;
	struct exit_page *to = page(c->m, 0);
	const struct timespec pause = { .tv_nsec = 50000 };

	while (!__atomic_load_n(&c->end, __ATOMIC_SEQ_CST)) {
		__atomic_store_n(&to->pass, to->pass + 1, __ATOMIC_SEQ_CST);
		__atomic_store_n(&to->count[48], __atomic_load_n(&c->exits, __ATOMIC_SEQ_CST),
				 __ATOMIC_SEQ_CST);
		nanosleep(&pause, NULL); /* within a pass, so that a reader meets it there */
		__atomic_store_n(&to->count[VMX_CPUID],
				 __atomic_load_n(&c->cpuids, __ATOMIC_SEQ_CST), __ATOMIC_SEQ_CST);
		__atomic_store_n(&to->pass, to->pass + 1, __ATOMIC_SEQ_CST);
		nanosleep(&pause, NULL);
	}
	return NULL;
}

static void cpuid_later(void *context, uint32_t leaf, uint32_t subleaf, uint32_t regs[4])
{
	struct copier *c = context;

	(void)leaf;
	(void)subleaf;
	memset(regs, 0, 4 * sizeof(*regs));
	__atomic_fetch_add(&c->cpuids, 1, __ATOMIC_SEQ_CST);
}

/* However late the copier is: a reading has all exits before it. And a copier that has ended is
 * found out, and not waited for without end. */
static void test_copied(void **state)
{
	struct copier c = { .m = *state };
	struct reader r = { { cpuid_later, &c }, 0 };
	struct exitprobe_snapshot s;
	struct exitprobe p = { .source = r.source };
	pthread_t thread;
	unsigned int i;

	count_from_now(c.m, EXITPROBE_VMX);
	page(c.m, 0)->flags |= PAGE_COPIED;
	page(c.m, 0)->copy_us = 50;
	assert_int_equal(pthread_create(&thread, NULL, copy, &c), 0);
	assert_int_equal(ep_open_page(&p, &r, c.m->folder), 0);
	assert_true(p.copied);
	assert_int_equal(p.copy_us, 50);
	for (i = 1; i <= 500; i++) {
		/* Half of them while a pass is under way that has read the count. */
		while ((__atomic_load_n(&page(c.m, 0)->pass, __ATOMIC_SEQ_CST) & 1) != (i & 1))
			;
		__atomic_store_n(&c.exits, i, __ATOMIC_SEQ_CST);
		assert_int_equal(exitprobe_snapshot(&p, 0, &s), 0);
		assert_int_equal(s.count[48], i);
		assert_int_equal(s.count[VMX_CPUID], c.cpuids);
	}
	assert_int_equal(exitprobe_check(&p, NULL, NULL), 0);
	__atomic_store_n(&c.end, true, __ATOMIC_SEQ_CST);
	pthread_join(thread, NULL);
	assert_int_equal(exitprobe_check(&p, NULL, NULL), -ESTALE);
	exitprobe_close(&p);
}

static void test_refused(void **state)
{
	struct exitprobe_snapshot s;
	struct machine *m = *state;
	struct exitprobe p;
	uint32_t cost;

	count_from_now(m, EXITPROBE_SVM);
	assert_int_equal(open_here(&p, m), 0);
	assert_int_equal(exitprobe_check(&p, NULL, &cost), 0);
	assert_int_equal(cost, 2);

	/* Killed: nothing says so, and nothing counts. */
	m->counting = false;
	assert_int_equal(exitprobe_snapshot(&p, 0, &s), 0);
	assert_int_equal(exitprobe_check(&p, NULL, NULL), -ESTALE);
	m->counting = true;
	assert_int_equal(exitprobe_check(&p, NULL, NULL), 0);

	/* A store failed meanwhile, and a later one has made up for it. */
	assert_int_equal(exitprobe_snapshot(&p, 0, &s), 0);
	assert_int_equal(exitprobe_check(&p, &s, NULL), 0);
	page(m, 2)->lost++;
	assert_int_equal(exitprobe_check(&p, &s, NULL), -ENODATA);
	assert_int_equal(exitprobe_snapshot(&p, 0, &s), 0);
	assert_int_equal(exitprobe_check(&p, &s, NULL), 0);

	/* Another start, which counts too. */
	page(m, 0)->instance = 78;
	assert_int_equal(exitprobe_snapshot(&p, 0, &s), -ESTALE);
	assert_int_equal(s.count[SVM_CPUID], 0);
	assert_int_equal(exitprobe_check(&p, NULL, NULL), -ESTALE);
	page(m, 0)->instance = 77;

	/* Ended. */
	page(m, 0)->flags = 0;
	assert_int_equal(exitprobe_snapshot(&p, 0, &s), -ESTALE);
	page(m, 0)->flags = PAGE_LIVE;
	assert_int_equal(exitprobe_snapshot(&p, 0, &s), 0);
	page(m, 0)->magic = 0;
	assert_int_equal(exitprobe_snapshot(&p, 0, &s), -ESTALE);
	exitprobe_close(&p);
	assert_int_equal(exitprobe_check(&p, NULL, NULL), -ENODEV);
}

/* A count that jumps by more than the CPUID is no proof. */
static void test_proof_is_exact(void **state)
{
	struct machine *m = *state;
	struct exitprobe p;

	count_from_now(m, EXITPROBE_SVM);
	assert_int_equal(open_here(&p, m), 0);
	m->vcpu = PAGES; /* no page for this one */
	m->counting = false;
	assert_int_equal(exitprobe_check(&p, NULL, NULL), -ESTALE);
	exitprobe_close(&p);
}

static void test_not_opened(void **state)
{
	struct machine *m = *state;
	struct exitprobe p;

	/* Memory that another program uses. */
	memset(m->memory, 0x5a, SIZE);
	assert_int_equal(open_here(&p, m), -ENODEV);
	assert_string_equal(p.why, "");

	count_from_now(m, EXITPROBE_SVM);
	m->counting = false;
	assert_int_equal(open_here(&p, m), -ENODEV);
	assert_non_null(strstr(p.why, "nobody counts"));
	assert_int_equal(p.backend, EXITPROBE_NONE);
	assert_int_equal(p.slots, 0);

	count_from_now(m, EXITPROBE_SVM);
	page(m, 0)->version = 1;
	assert_int_equal(open_here(&p, m), -EPROTO);
	assert_non_null(strstr(p.why, "version 1"));

	count_from_now(m, EXITPROBE_SVM);
	page(m, 0)->pages = PAGES + 1;
	assert_int_equal(open_here(&p, m), -EPROTO);

	count_from_now(m, EXITPROBE_SVM);
	page(m, 0)->vendor = 3;
	assert_int_equal(open_here(&p, m), -EPROTO);
}

/* The host's side of test_one_moment(): two counts that are one apart at most. */
static void *exits(void *context)
{
	struct machine *m = context;
	const struct timespec pause = { .tv_nsec = 200000 };

	while (__atomic_load_n(&m->counting, __ATOMIC_RELAXED)) {
		__atomic_fetch_add(&page(m, 0)->count[1], 1, __ATOMIC_SEQ_CST);
		__atomic_fetch_add(&page(m, 0)->count[191], 1, __ATOMIC_SEQ_CST);
		nanosleep(&pause, NULL); /* a guest does something between its exits */
	}
	return NULL;
}

static void test_one_moment(void **state)
{
	struct exitprobe_snapshot s;
	struct machine *m = *state;
	unsigned int i, moved = 0;
	struct exitprobe p;
	pthread_t thread;
	uint64_t last = 0;

	count_from_now(m, EXITPROBE_SVM);
	assert_int_equal(open_here(&p, m), 0);
	assert_int_equal(pthread_create(&thread, NULL, exits, m), 0);
	for (i = 0; i < 20000; i++) {
		assert_int_equal(exitprobe_snapshot(&p, 0, &s), 0);
		assert_true(s.count[1] - s.count[191] <= 1);
		moved += s.count[1] != last;
		last = s.count[1];
	}
	__atomic_store_n(&m->counting, false, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	assert_true(moved > 1);
	exitprobe_close(&p);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, machine_make, machine_end)
	const struct CMUnitTest tests[] = {
		TEST(test_found),      TEST(test_counts),     TEST(test_times),
		TEST(test_copied),     TEST(test_refused),    TEST(test_proof_is_exact),
		TEST(test_not_opened), TEST(test_one_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
