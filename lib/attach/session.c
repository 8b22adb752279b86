// SPDX-License-Identifier: MIT
#include "attach/session.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "attach/copy.h"
#include "attach/counter.h"
#include "attach/host.h"
#include "attach/memory.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "base/message.h"
#include "exitprobe.h"

/* What there is while a VM is counted. */
struct session {
	const struct attach_settings *set;
	struct vm vm;
	int process; /* pidfd: readable when it ends */
	struct memory_header header;
	struct memory memory; /* unless the counts are only pinned */
	struct counter *counter;
	char message[512];
};

static uint64_t total(const struct counter *c, uint64_t *late)
{
	const struct exit_page *page;
	uint64_t sum = 0;
	unsigned int i, slot;

	*late = 0;
	for (i = 0; i < counter_pages(c); i++) {
		page = counter_page(c, i);
		*late += page->lost;
		for (slot = 0; slot < PAGE_SLOTS; slot++)
			sum += page->count[slot];
	}
	return sum;
}

/* What the user has to know of at once, each said once. */
static void warn(const struct session *s, bool *unmapped, bool *beyond)
{
	if (!*unmapped && counter_unmapped(s->counter)) {
		complain(0,
			 "attach: the VMM has unmapped the pages: the guest's counts stand still");
		*unmapped = true;
	}
	if (!*beyond && counter_beyond(s->counter)) {
		complain(0,
			 "attach: a vCPU was added whose id is %u or higher, and has no page: its "
			 "exits "
			 "are not counted",
			 counter_pages(s->counter));
		*beyond = true;
	}
}

static void show(const struct session *s, uint64_t *before)
{
	uint64_t late, sum = total(s->counter, &late);

	if (!s->set->quiet && isatty(STDERR_FILENO))
		fprintf(stderr,
			"\r\033[K%s (%d): %" PRIu64 " exits, %" PRIu64 "/s, %" PRIu64 " late",
			s->vm.name, s->vm.pid, sum, sum - *before, late);
	*before = sum;
}

/* Until a signal, the end of the time or of the VM, with a line of state each second. */
static void watch(const struct session *s)
{
	struct pollfd ended = { .fd = s->process, .events = POLLIN };
	const struct timespec pause = s->set->copy ? (struct timespec){ 0, COPY_US * 1000L }
						   : (struct timespec){ 0, 250000000 };
	const double begin = clock_seconds();
	bool unmapped = false, beyond = false;
	double next = begin + 1;
	uint64_t before = 0;

	while (!interrupted && (!s->set->seconds || clock_seconds() - begin < s->set->seconds)) {
		if (ppoll(&ended, 1, &pause, NULL) > 0) {
			complain(0, "attach: the VM has ended");
			break;
		}
		if (s->set->copy)
			copy_pass(&s->memory, s->counter);
		if (clock_seconds() < next)
			continue;
		next += 1;
		warn(s, &unmapped, &beyond);
		show(s, &before);
	}
	if (s->set->copy)
		copy_pass(&s->memory, s->counter);
	if (!s->set->quiet && isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}

struct reason {
	uint64_t count, busy, wall;
};

static struct reason reason_of(const struct counter *c, unsigned int slot)
{
	struct reason r = { 0 };
	unsigned int i;

	for (i = 0; i < counter_pages(c); i++) {
		r.count += counter_page(c, i)->count[slot];
		r.busy += counter_page(c, i)->time[slot].busy;
		r.wall += counter_page(c, i)->time[slot].wall;
	}
	return r;
}

/* reads like the rest of the suite's documents: keys are exitprobe's */
static void print_json(const struct session *s)
{
	const enum exitprobe_vendor vendor = (enum exitprobe_vendor)s->header.vendor;
	struct exitprobe p = { .slots = PAGE_SLOTS };
	const char *separator = "";
	struct reason r;
	uint64_t sum, late;
	unsigned int slot;
	char key[24];

	printf("{\n \"pid\": %d,\n \"vcpus\": %u,\n \"vendor\": \"%s\",\n \"paging\": \"%s\",\n "
	       "\"program\": \"%s\",\n",
	       s->vm.pid, s->vm.vcpus, exitprobe_vendor_name(vendor),
	       exitprobe_paging_name((enum exitprobe_paging)s->header.paging),
	       counter_called(s->counter));
	sum = total(s->counter, &late);
	printf(" \"total\": %" PRIu64 ",\n \"late\": %" PRIu64 ",\n \"exits\": {", sum, late);
	for (slot = 0; slot < PAGE_SLOTS; slot++) {
		r = reason_of(s->counter, slot);
		if (!r.count)
			continue;
		exitprobe_key(vendor, exitprobe_slot_code(&p, slot), key);
		printf("%s\n  \"%s\": ", separator, key);
		if (s->set->timed)
			printf("{ \"count\": %" PRIu64 ", \"busy_ns\": %" PRIu64
			       ", \"wall_ns\": %" PRIu64 " }",
			       r.count, r.busy, r.wall);
		else
			printf("%" PRIu64, r.count);
		separator = ",";
	}
	puts("\n }\n}");
}

static int cannot(struct session *s)
{
	return complain(EXIT_ENVIRONMENT, "attach: %s", s->message);
}

/* The pages, with a device for them if need be. 0 or an exit status. */
static int find_memory(struct session *s, struct qmp *q)
{
	const char *file = s->set->memory;
	char name[64];
	size_t bytes = 8 * PAGE_STRIDE;
	int ret = memory_open(&s->memory, s->vm.pid, file, s->message, sizeof(s->message));

	if (ret == -ENOENT && q) {
		/* Room for vCPUs that are added later, too. */
		while (bytes < 2 * (s->vm.last_id + 1) * (size_t)PAGE_STRIDE)
			bytes *= 2;
		snprintf(name, sizeof(name), "/dev/shm/exit-pages-%d", s->vm.pid);
		if (qmp_plug(q, file ? file : name, bytes, s->message, sizeof(s->message)))
			return cannot(s);
		ret = memory_open(&s->memory, s->vm.pid, file ? file : name, s->message,
				  sizeof(s->message));
		memory_unlink(&s->memory, s->vm.pid);
	}
	if (ret)
		return cannot(s);
	if (s->vm.last_id < s->memory.pages)
		return 0;
	return complain(
		EXIT_ENVIRONMENT,
		"attach: %s has room for %u vCPUs, and the VM has one with id %u: give it a "
		"larger size",
		s->memory.file, s->memory.pages, s->vm.last_id);
}

static int start(struct session *s)
{
	const struct attach_settings *set = s->set;
	const unsigned int vcpus = set->pin ? s->vm.last_id + 1 : s->memory.pages;
	const struct counter_settings counter = {
		.pid = s->vm.pid,
		.svm = s->header.vendor == EXITPROBE_SVM,
		.timed = set->timed,
		.verbose = set->verbose,
		.vcpus = vcpus < ATTACH_VCPUS ? vcpus : ATTACH_VCPUS,
		.way = set->copy || set->pin ? COUNTER_KEEP : COUNTER_STORE,
	};
	unsigned int i;

	s->header.flags = (set->timed ? PAGE_TIMED : 0) | (set->copy ? PAGE_COPIED : 0);
	s->header.tsc_khz = set->timed ? host_tsc_khz() : 0;
	s->header.copy_us = set->copy ? COPY_US : 0;
	if (counter_start(&s->counter, &counter, s->message, sizeof(s->message)))
		return cannot(s);
	if (set->pin) {
		for (i = 0; i < counter_pages(s->counter); i++)
			memory_describe(counter_page(s->counter, i), &s->header, i,
					counter_pages(s->counter));
		return counter_pin(s->counter, set->pin, s->message, sizeof(s->message)) ? cannot(s)
											 : 0;
	}
	memory_begin(&s->memory, &s->header);
	if (set->copy)
		return 0;
	counter_guard(s->counter, s->memory.address);
	if (memory_populate(&s->memory, s->vm.pid, s->message, sizeof(s->message)))
		return cannot(s);
	counter_store(s->counter);
	return 0;
}

/* Whatever has been started. */
static void stop(struct session *s)
{
	unsigned int i;

	memory_end(&s->memory);
	for (i = 0; s->counter && s->set->pin && i < counter_pages(s->counter); i++)
		__atomic_and_fetch(&counter_page(s->counter, i)->flags, ~PAGE_LIVE,
				   __ATOMIC_RELEASE);
	counter_stop(s->counter);
	memory_close(&s->memory);
}

int session_run(const struct attach_settings *set, const struct vm *vm, int process, struct qmp *q)
{
	struct session session = {
		.set = set, .vm = *vm, .process = process, .memory = { .fd = -1 }
	};
	struct session *s = &session;
	int status = 0;

	if (host_describe(&s->header))
		return complain(EXIT_ENVIRONMENT,
				"attach: neither kvm_intel nor kvm_amd is loaded");
	if (!set->pin)
		status = find_memory(s, q);
	if (!status)
		status = start(s);
	if (status) {
		stop(s);
		return status;
	}
	if (!s->set->quiet)
		complain(0, "attach: counting exits of %s (%d), %s paging, into %s (%s%s)",
			 s->vm.name, s->vm.pid,
			 exitprobe_paging_name((enum exitprobe_paging)s->header.paging),
			 s->set->pin ? s->set->pin : s->memory.file, counter_called(s->counter),
			 s->set->copy ? ", copied" : "");
	watch(s);
	if (set->json)
		print_json(s);
	stop(s);
	return EXIT_DONE;
}
