// SPDX-License-Identifier: MIT
#include "attach/counter.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/message.h"

#include <attach.skel.h> /* made from attach.bpf.c */

struct counter {
	struct attach *programs;
	struct vcpu_state *vcpu; /* the map's own memory */
	bool btf;
};

/* libbpf's first warning: it says more than the errno, and than those that follow from it. */
static char warning[256];
static bool all;

static int take_warning(enum libbpf_print_level level, const char *format, va_list args)
{
	if (all)
		return vfprintf(stderr, format, args);
	if (level == LIBBPF_WARN && !warning[0])
		vsnprintf(warning, sizeof(warning), format, args);
	return 0;
}

static FILE *format_open(void)
{
	static const char own[] = "/sys/kernel/tracing/events/kvm/kvm_exit/format";
	static const char old[] = "/sys/kernel/debug/tracing/events/kvm/kvm_exit/format";

	return fopen(access(own, R_OK) ? old : own, "re");
}

/* Where the event has exit_reason and vcpu_id, each of four bytes. */
static int read_format(uint32_t *reason, uint32_t *vcpu, char *message, size_t size)
{
	char line[512], *field;
	unsigned int offset, bytes;
	FILE *f = format_open();

	*reason = *vcpu = 0;
	if (!f)
		return explain(message, size, -ENOENT,
			       "the kernel has no tracepoint kvm:kvm_exit: load KVM's modules, and "
			       "mount tracefs at /sys/kernel/tracing");
	while (fgets(line, sizeof(line), f)) {
		field = strchr(line, ';');
		if (!field || sscanf(field, "; offset:%u; size:%u;", &offset, &bytes) != 2 ||
		    bytes != 4)
			continue;
		*field = '\0';
		field = strrchr(line, ' ');
		if (field && !strcmp(field, " exit_reason"))
			*reason = offset;
		else if (field && !strcmp(field, " vcpu_id"))
			*vcpu = offset;
	}
	fclose(f);
	if (!*reason || !*vcpu)
		return explain(
			message, size, -EPROTO,
			"the tracepoint kvm:kvm_exit of this kernel has no exit_reason or no "
			"vcpu_id: it is older than 5.12, or newer than this program");
	return 0;
}

/* One way of being called: btf, or the classic tracepoint. */
static int load(struct counter *c, pid_t pid, bool svm, bool btf, const uint32_t offset[2])
{
	struct attach *a = attach__open();
	int ret;

	if (!a)
		return -errno;
	a->rodata->target = (uint32_t)pid;
	a->rodata->svm = svm;
	a->rodata->offset_reason = offset[0];
	a->rodata->offset_vcpu = offset[1];
	bpf_program__set_autoload(btf ? a->progs.exit_classic : a->progs.exit_btf, false);
	ret = attach__load(a);
	if (!ret)
		ret = attach__attach(a);
	if (ret) {
		attach__destroy(a);
		return ret;
	}
	c->programs = a;
	c->btf = btf;
	return 0;
}

static bool locked_down(void)
{
	char text[128] = "";
	FILE *f = fopen("/sys/kernel/security/lockdown", "re");

	if (f) {
		if (!fgets(text, sizeof(text), f))
			text[0] = '\0';
		fclose(f);
	}
	return strstr(text, "[integrity]") || strstr(text, "[confidentiality]");
}

static int refused(int error, char *message, size_t size)
{
	warning[strcspn(warning, "\n")] = '\0';
	if (geteuid())
		return explain(message, size, error, "counting needs root: run it with sudo");
	if (locked_down())
		return explain(message, size, error,
			       "the kernel is locked down (/sys/kernel/security/lockdown; Secure "
			       "Boot sets it), so no program may write the guest's page");
	return explain(message, size, error, "the kernel refuses the BPF program: %s (%s)",
		       strerror(-error), warning);
}

static int map_states(struct counter *c)
{
	size_t bytes = ATTACH_VCPUS * sizeof(*c->vcpu);
	void *map = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
			 bpf_map__fd(c->programs->maps.vcpus), 0);

	if (map == MAP_FAILED)
		return -errno;
	c->vcpu = map;
	return 0;
}

int counter_start(struct counter **counter, pid_t pid, bool svm, bool verbose, char *message,
		  size_t size)
{
	struct counter *c = calloc(1, sizeof(*c));
	uint32_t offset[2];
	int ret;

	*counter = NULL;
	if (!c)
		return explain(message, size, -ENOMEM, "out of memory");
	all = verbose;
	libbpf_set_print(take_warning);
	ret = read_format(&offset[0], &offset[1], message, size);
	if (ret) {
		counter_stop(c);
		return ret;
	}
	if (load(c, pid, svm, true, offset))
		ret = load(c, pid, svm, false, offset);
	if (!ret)
		ret = map_states(c);
	if (ret) {
		counter_stop(c);
		return refused(ret, message, size);
	}
	*counter = c;
	return 0;
}

void counter_store(struct counter *c, uint64_t address, unsigned int pages)
{
	unsigned int i;

	if (pages > ATTACH_VCPUS)
		pages = ATTACH_VCPUS;
	c->programs->bss->region_size = (uint64_t)pages * PAGE_STRIDE;
	__atomic_store_n(&c->programs->bss->region, address, __ATOMIC_SEQ_CST);
	for (i = 0; i < pages; i++) {
		/* The next exit stores all that were counted until then. */
		__atomic_store_n(&c->vcpu[i].lost, 1, __ATOMIC_SEQ_CST);
		__atomic_store_n(&c->vcpu[i].page, address + (uint64_t)i * PAGE_STRIDE,
				 __ATOMIC_SEQ_CST);
	}
}

bool counter_unmapped(const struct counter *c)
{
	return c->programs->bss->unmapped;
}

const struct vcpu_state *counter_vcpu(const struct counter *c, unsigned int i)
{
	return &c->vcpu[i];
}

const char *counter_way(const struct counter *c)
{
	return c->btf ? "tp_btf" : "tracepoint";
}

void counter_stop(struct counter *c)
{
	if (!c)
		return;
	if (c->vcpu)
		munmap(c->vcpu, ATTACH_VCPUS * sizeof(*c->vcpu));
	attach__destroy(c->programs);
	free(c);
}
