// SPDX-License-Identifier: MIT
/* suite-attach: the host's side of the exit pages. `suite attach` becomes it. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "attach/counter.h"
#include "attach/memory.h"
#include "attach/settings.h"
#include "attach/vms.h"
#include "base/interrupt.h"
#include "exitprobe.h"

/* docs/suite.1.scd */
enum { EXIT_DONE = 0, EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3, EXIT_NOTHING = 4 };

static int complain(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));
static int complain(int status, const char *format, ...)
{
	va_list args;

	fputs("suite: attach: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return status;
}

static int list_vms(void)
{
	struct vm *vm;
	size_t n, hidden, i;
	int ret = vms_find(&vm, &n, &hidden);

	if (ret)
		return complain(EXIT_ENVIRONMENT, "/proc: %s", strerror(-ret));
	if (hidden)
		complain(0, "%zu processes may not be looked at: run it as root", hidden);
	if (n)
		printf("%8s %6s  %s\n", "pid", "vCPUs", "name");
	for (i = 0; i < n; i++)
		printf("%8d %6u  %s\n", vm[i].pid, vm[i].vcpus, vm[i].name);
	free(vm);
	return n ? EXIT_DONE : complain(EXIT_NOTHING, "no VM runs on this host's KVM");
}

/* 0 with *vm, or an exit status. */
static int choose(const char *which, struct vm *vm)
{
	struct vm *list;
	size_t n, hidden, i = 0;
	int ret = vms_find(&list, &n, &hidden);

	if (ret)
		return complain(EXIT_ENVIRONMENT, "/proc: %s", strerror(-ret));
	ret = vms_choose(list, n, which, &i);
	if (!ret)
		*vm = list[i];
	free(list);
	if (ret == -EEXIST)
		return complain(EXIT_USAGE, "more than one VM is called '%s': give its pid", which);
	if (ret)
		return complain(EXIT_ENVIRONMENT,
				"no VM '%s' runs on this host's KVM%s; see --list", which,
				hidden ? " (root would see all)" : "");
	if (vm->vms > 1)
		return complain(EXIT_ENVIRONMENT,
				"process %d has %u VMs, whose exits cannot be told apart", vm->pid,
				vm->vms);
	return 0;
}

static bool flag_of(const char *path)
{
	FILE *f = fopen(path, "re");
	int c = f ? getc(f) : EOF;

	if (f)
		fclose(f);
	return c == 'Y' || c == '1';
}

/* Which of KVM's modules has the VM, and its paging mode; a kernel with KVM built in has them too.
 */
static int describe_kvm(struct memory_header *h)
{
	static const char intel[] = "/sys/module/kvm_intel/parameters/ept";
	static const char amd[] = "/sys/module/kvm_amd/parameters/npt";
	bool nested;

	if (!access(intel, R_OK)) {
		h->vendor = EXITPROBE_VMX;
		nested = flag_of(intel);
	} else if (!access(amd, R_OK)) {
		h->vendor = EXITPROBE_SVM;
		nested = flag_of(amd);
	} else {
		return -ENOENT;
	}
	h->paging = nested ? EXITPROBE_NESTED : EXITPROBE_SHADOW;
	return 0;
}

static uint64_t total(const struct counter *c, uint64_t *failed)
{
	uint64_t sum = 0;
	unsigned int i, slot;

	*failed = 0;
	for (i = 0; i < ATTACH_VCPUS; i++) {
		const struct vcpu_state *s = counter_vcpu(c, i);

		*failed += s->failed;
		for (slot = 0; slot < PAGE_SLOTS; slot++)
			sum += s->count[slot];
	}
	return sum;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Until a signal, the end of the time or of the VM, with a line of state each second. */
static void watch(const struct attach_settings *s, const struct counter *c, const struct vm *vm,
		  int process)
{
	struct pollfd ended = { .fd = process, .events = POLLIN };
	const double begin = now();
	double left = 1;
	uint64_t before = 0, sum, failed;
	bool told = false;

	while (!interrupted && left > 0) {
		left = s->seconds ? s->seconds - (now() - begin) : 1;
		if (left <= 0)
			break;
		if (poll(&ended, 1, left < 1 ? (int)(left * 1000) + 1 : 1000) > 0) {
			complain(0, "the VM has ended");
			break;
		}
		if (counter_unmapped(c) && !told) {
			complain(0,
				 "the VMM has unmapped the pages: the guest's counts stand still");
			told = true;
		}
		sum = total(c, &failed);
		if (!s->quiet && isatty(STDERR_FILENO))
			fprintf(stderr,
				"\r\033[K%s (%d): %" PRIu64 " exits, %" PRIu64 "/s, %" PRIu64
				" late",
				vm->name, vm->pid, sum, sum - before, failed);
		before = sum;
	}
	if (!s->quiet && isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}

/* reads like the rest of the suite's documents: keys are exitprobe's */
static void print_json(const struct counter *c, const struct vm *vm, const struct memory_header *h)
{
	const enum exitprobe_vendor vendor = (enum exitprobe_vendor)h->vendor;
	struct exitprobe p = { .slots = PAGE_SLOTS };
	const char *separator = "";
	uint64_t sum, failed;
	unsigned int slot, i;
	char key[24];

	printf("{\n \"pid\": %d,\n \"vcpus\": %u,\n \"vendor\": \"%s\",\n \"paging\": \"%s\",\n "
	       "\"program\": \"%s\",\n",
	       vm->pid, vm->vcpus, exitprobe_vendor_name(vendor),
	       exitprobe_paging_name((enum exitprobe_paging)h->paging), counter_way(c));
	sum = total(c, &failed);
	printf(" \"total\": %" PRIu64 ",\n \"late\": %" PRIu64 ",\n \"exits\": {", sum, failed);
	for (slot = 0; slot < PAGE_SLOTS; slot++) {
		sum = 0;
		for (i = 0; i < ATTACH_VCPUS; i++)
			sum += counter_vcpu(c, i)->count[slot];
		if (!sum)
			continue;
		printf("%s\n  \"%s\": %" PRIu64, separator,
		       exitprobe_key(vendor, exitprobe_slot_code(&p, slot), key), sum);
		separator = ",";
	}
	puts("\n }\n}");
}

static int count(const struct attach_settings *s, const struct vm *vm, int process)
{
	struct memory_header header = { 0 };
	struct memory memory;
	struct counter *c;
	char message[512];

	if (describe_kvm(&header))
		return complain(EXIT_ENVIRONMENT, "neither kvm_intel nor kvm_amd is loaded");
	if (memory_open(&memory, vm->pid, s->memory, message, sizeof(message)))
		return complain(EXIT_ENVIRONMENT, "%s", message);
	if (vm->last_id >= memory.pages) {
		complain(0, "%s has room for %u vCPUs, and the VM has one with id %u", memory.file,
			 memory.pages, vm->last_id);
		memory_close(&memory);
		return EXIT_ENVIRONMENT;
	}
	while (!header.instance)
		if (getrandom(&header.instance, sizeof(header.instance), 0) < 0)
			break;
	if (counter_start(&c, vm->pid, header.vendor == EXITPROBE_SVM, s->verbose, message,
			  sizeof(message))) {
		memory_close(&memory);
		return complain(EXIT_ENVIRONMENT, "%s", message);
	}
	memory_begin(&memory, &header);
	if (memory_populate(&memory, vm->pid, message, sizeof(message))) {
		counter_stop(c);
		memory_end(&memory);
		memory_close(&memory);
		return complain(EXIT_ENVIRONMENT, "%s", message);
	}
	counter_store(c, memory.address, memory.pages);
	if (!s->quiet)
		complain(0, "counting exits of %s (%d), %s paging, into %s (%s)", vm->name, vm->pid,
			 exitprobe_paging_name((enum exitprobe_paging)header.paging), memory.file,
			 counter_way(c));
	watch(s, c, vm, process);
	memory_end(&memory);
	if (s->json)
		print_json(c, vm, &header);
	counter_stop(c);
	memory_close(&memory);
	return EXIT_DONE;
}

static int attach(const struct attach_settings *s, const char *which)
{
	struct vm vm;
	int process, status = choose(which, &vm);

	if (status)
		return status;
	process = (int)syscall(SYS_pidfd_open, vm.pid, 0);
	if (process < 0)
		return complain(EXIT_ENVIRONMENT, "process %d: %s", vm.pid, strerror(errno));
	status = count(s, &vm, process);
	close(process);
	return status;
}

int main(int argc, char **argv)
{
	static const struct option_table table = ATTACH_TABLE;
	struct attach_settings s = { 0 };
	const char *refused;
	char message[512];
	int ret;

	ret = options_parse(&table, &s, &argc, argv, message, sizeof(message));
	if (ret == OPTIONS_HELP) {
		options_usage(&table, "suite", stdout);
		return EXIT_DONE;
	}
	if (ret)
		return complain(EXIT_USAGE, "%s", message);
	refused = attach_refuses(&s, argc);
	if (refused)
		return complain(EXIT_USAGE, "%s", refused);
	signals_catch();
	signal(SIGPIPE, SIG_IGN); /* whoever reads its lines may have ended: it counts on */
	return s.list ? list_vms() : attach(&s, argv[0]);
}
