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
	struct counter_settings set;
	struct attach *programs;
	struct vcpu_state *vcpu; /* the map's own memory */
	const char *called;
	char *pinned; /* a path; NULL: none */
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

enum program { BTF, CLASSIC, KEPT };

static void choose_programs(struct attach *a, const struct counter_settings *set,
			    enum program program)
{
	/* By vendor, then whether timed, then whether stored. */
	struct bpf_program *const btf[2][2][2] = {
		{ { a->progs.vmx_kept, a->progs.vmx_stored },
		  { a->progs.vmx_kept_timed, a->progs.vmx_stored_timed } },
		{ { a->progs.svm_kept, a->progs.svm_stored },
		  { a->progs.svm_kept_timed, a->progs.svm_stored_timed } },
	};
	const bool stored = set->way == COUNTER_STORE;
	unsigned int i;

	for (i = 0; i < 8; i++)
		bpf_program__set_autoload(btf[i >> 2][i >> 1 & 1][i & 1], false);
	bpf_program__set_autoload(btf[set->svm][set->timed][stored], program == BTF);
	bpf_program__set_autoload(a->progs.exit_classic, program == CLASSIC);
	bpf_program__set_autoload(a->progs.exit_kept, program == KEPT);
	bpf_program__set_autoload(a->progs.entry, set->timed);
	bpf_program__set_autoload(a->progs.put, set->timed);
	bpf_program__set_autoload(a->progs.loaded, set->timed);
	bpf_program__set_autoload(a->progs.last, stored);
	bpf_program__set_autoload(a->progs.munmap, stored);
	bpf_program__set_autoload(a->progs.mmap, stored);
	bpf_program__set_autoload(a->progs.mremap, stored);
}

/*
 * libbpf wants the kernel's BTF if any program of the object does, loaded or not. The classic
 * tracepoint does without, so there our own is as good: a kernel may have none.
 */
static int own_btf(char path[32])
{
	size_t size;
	const void *object = attach__elf_bytes(&size);
	int fd = memfd_create("suite-attach", MFD_CLOEXEC);

	if (fd >= 0 && write(fd, object, size) != (ssize_t)size) {
		close(fd);
		fd = -1;
	}
	snprintf(path, 32, "/proc/self/fd/%d", fd);
	return fd;
}

static int start_programs(struct attach *a, const struct counter_settings *set,
			  enum program program, const uint32_t offset[2])
{
	int ret;

	a->rodata->target = (uint32_t)set->pid;
	a->rodata->self = (uint32_t)getpid();
	a->rodata->svm = set->svm;
	a->rodata->stored = set->way == COUNTER_STORE;
	a->rodata->offset_reason = offset[0];
	a->rodata->offset_vcpu = offset[1];
	a->bss->destination = ATTACH_WAITING;
	choose_programs(a, set, program);
	ret = bpf_map__set_max_entries(a->maps.vcpus, set->vcpus);
	if (!ret)
		ret = attach__load(a);
	return ret ? ret : attach__attach(a);
}

/* One way of being called. */
static int load(struct counter *c, enum program program, const uint32_t offset[2])
{
	char path[32];
	const struct bpf_object_open_opts without = { .sz = sizeof(without),
						      .btf_custom_path = path };
	int ret, own = program == BTF ? -1 : own_btf(path);
	struct attach *a = own < 0 ? attach__open() : attach__open_opts(&without);

	warning[0] = '\0';
	ret = a ? start_programs(a, &c->set, program, offset) : -errno;
	if (own >= 0)
		close(own);
	if (ret) {
		attach__destroy(a);
		return ret;
	}
	c->programs = a;
	c->called = program == BTF ? "tp_btf" : "tracepoint";
	return 0;
}

/* The cheapest that this kernel and these settings allow. */
static int load_best(struct counter *c, const uint32_t offset[2])
{
	int ret = load(c, BTF, offset);

	/* Times need KVM's structures. */
	if (!ret || c->set.timed)
		return ret;
	if (c->set.way == COUNTER_STORE)
		return load(c, CLASSIC, offset);
	return offset[0] == ATTACH_REASON_AT && offset[1] == ATTACH_VCPU_AT ? load(c, KEPT, offset)
									    : ret;
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

/* Whether the modules themselves have it; a kernel with KVM built in has it in its own. */
static bool kvm_has_btf(void)
{
	return !access("/sys/kernel/btf/kvm", R_OK) || access("/sys/module/kvm/refcnt", F_OK);
}

static int refused(const struct counter_settings *set, int error, char *message, size_t size)
{
	warning[strcspn(warning, "\n")] = '\0';
	if (geteuid())
		return explain(message, size, error, "counting needs root: run it with sudo");
	if (locked_down() && set->way == COUNTER_STORE)
		return explain(message, size, error,
			       "the kernel is locked down (/sys/kernel/security/lockdown; Secure "
			       "Boot sets it), so no program may write the guest's page: --copy "
			       "needs none");
	if (set->timed && !kvm_has_btf())
		return explain(message, size, error,
			       "this kernel's KVM modules have no BTF, which --time needs "
			       "(/sys/kernel/btf/kvm): leave out --time");
	return explain(message, size, error, "the kernel refuses the BPF program: %s (%s)",
		       strerror(-error), warning);
}

static size_t map_bytes(const struct counter *c)
{
	return (size_t)c->set.vcpus * sizeof(*c->vcpu);
}

static int map_states(struct counter *c)
{
	void *map = mmap(NULL, map_bytes(c), PROT_READ | PROT_WRITE, MAP_SHARED,
			 bpf_map__fd(c->programs->maps.vcpus), 0);

	if (map == MAP_FAILED)
		return -errno;
	c->vcpu = map;
	return 0;
}

int counter_start(struct counter **counter, const struct counter_settings *settings, char *message,
		  size_t size)
{
	struct counter *c = calloc(1, sizeof(*c));
	uint32_t offset[2];
	int ret;

	*counter = NULL;
	if (!c)
		return explain(message, size, -ENOMEM, "out of memory");
	c->set = *settings;
	all = settings->verbose;
	libbpf_set_print(take_warning);
	ret = read_format(&offset[0], &offset[1], message, size);
	if (ret) {
		counter_stop(c);
		return ret;
	}
	ret = load_best(c, offset);
	if (!ret)
		ret = map_states(c);
	if (ret) {
		counter_stop(c);
		return refused(settings, ret, message, size);
	}
	*counter = c;
	return 0;
}

void counter_guard(struct counter *c, uint64_t address)
{
	c->programs->bss->region_size = (uint64_t)c->set.vcpus * PAGE_STRIDE;
	__atomic_store_n(&c->programs->bss->region, address, __ATOMIC_SEQ_CST);
}

void counter_store(struct counter *c)
{
	uint64_t waiting = ATTACH_WAITING;
	unsigned int i;

	/* The next exit stores all that were counted until then. */
	for (i = 0; i < c->set.vcpus; i++)
		__atomic_store_n(&c->vcpu[i].dirty, 1, __ATOMIC_SEQ_CST);
	/* Unless a guard has ended it already. */
	__atomic_compare_exchange_n(&c->programs->bss->destination, &waiting,
				    c->programs->bss->region, false, __ATOMIC_SEQ_CST,
				    __ATOMIC_SEQ_CST);
}

int counter_pin(struct counter *c, const char *path, char *message, size_t size)
{
	int ret = bpf_map__pin(c->programs->maps.vcpus, path);

	if (ret)
		return explain(message, size, ret,
			       "--pin %s: %s: it has to be a new name in a BPF file system, as "
			       "/sys/fs/bpf/NAME is where that is mounted",
			       path, strerror(-ret));
	c->pinned = strdup(path);
	return c->pinned ? 0 : explain(message, size, -ENOMEM, "out of memory");
}

bool counter_unmapped(const struct counter *c)
{
	return c->programs->bss->unmapped;
}

uint64_t counter_beyond(const struct counter *c)
{
	return c->programs->bss->beyond;
}

struct exit_page *counter_page(const struct counter *c, unsigned int i)
{
	return &c->vcpu[i].page;
}

unsigned int counter_pages(const struct counter *c)
{
	return c->set.vcpus;
}

const char *counter_called(const struct counter *c)
{
	return c->called;
}

void counter_stop(struct counter *c)
{
	if (!c)
		return;
	if (c->pinned)
		unlink(c->pinned);
	free(c->pinned);
	if (c->vcpu)
		munmap(c->vcpu, map_bytes(c));
	/* Before the guards: see attach.bpf.c, last(). */
	if (c->programs)
		__atomic_store_n(&c->programs->bss->destination, 0, __ATOMIC_SEQ_CST);
	attach__destroy(c->programs);
	free(c);
}
