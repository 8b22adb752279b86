// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

static const uint32_t signature[3] = { 0x454d564b, 0x53746978, 0x73746174 }; /* KVME xitS tats */

static int refuse(struct exitprobe *p, int err, const char *what, uint32_t value)
{
	snprintf(p->why, sizeof(p->why),
		 "exit-counter leaves found, but %s is %u: this library knows ABI %u with %u "
		 "slots; use a suite and a kernel patch of the same release",
		 what, (unsigned int)value, ABI_VERSION, ABI_SLOTS);
	return err;
}

static int check_features(struct exitprobe *p, const uint32_t regs[4])
{
	if (regs[EAX] != ABI_VERSION)
		return refuse(p, -EPROTO, "their ABI", regs[EAX]);
	if (regs[ECX] > EXITPROBE_SLOTS)
		return refuse(p, -E2BIG, "the number of slots", regs[ECX]);
	if (regs[ECX] != ABI_SLOTS)
		return refuse(p, -EPROTO, "the number of slots", regs[ECX]);
	if ((regs[EBX] & 0xff) != EXITPROBE_VMX && (regs[EBX] & 0xff) != EXITPROBE_SVM)
		return refuse(p, -EPROTO, "the vendor", regs[EBX] & 0xff);
	return 0;
}

static void take_features(struct exitprobe *p, const uint32_t regs[4])
{
	static const enum exitprobe_backend layouts[4] = { EXITPROBE_COURSE_A, EXITPROBE_COURSE_B,
							   EXITPROBE_COURSE_C, EXITPROBE_NONE };

	p->backend = EXITPROBE_LEAVES;
	p->abi = regs[EAX];
	p->vendor = (enum exitprobe_vendor)(regs[EBX] & 0xff);
	p->course_layout = layouts[regs[EBX] >> 8 & 3];
	p->paging = regs[EBX] >> 10 & 1 ? EXITPROBE_NESTED : EXITPROBE_SHADOW;
	p->counts_l2 = regs[EBX] >> 11 & 1;
	p->histograms = regs[EBX] >> 12 & 1;
	p->cycles = true;
	p->slots = regs[ECX];
	p->host_tsc_khz = regs[EDX];
}

int ep_open_leaves(struct exitprobe *p, struct reader *r)
{
	uint32_t regs[4];
	int err;

	ep_read(r, LEAF_SIGNATURE, 0, regs);
	if (memcmp(&regs[EBX], signature, sizeof(signature)))
		return -ENODEV;
	if (regs[EAX] < LEAF_INSTANCE || regs[EAX] > LEAF_LAST)
		return refuse(p, -EPROTO, "their highest leaf", regs[EAX]);
	ep_read(r, LEAF_FEATURES, 0, regs);
	err = check_features(p, regs);
	if (err)
		return err;
	take_features(p, regs);
	ep_read(r, LEAF_INSTANCE, 0, regs);
	p->instance = regs[EAX];
	p->vcpus = regs[EBX];
	return 0;
}

int exitprobe_open(struct exitprobe *p, const struct exitprobe_source *source)
{
	struct reader r = { { ep_cpuid_instruction, NULL }, 0 };
	struct host host;
	int err;

	memset(p, 0, sizeof(*p));
	if (source && source->cpuid)
		r.source = *source;
	p->source = r.source;
	ep_describe_host(p, &r, &host);
	err = ep_open_leaves(p, &r);
	if (err == -ENODEV)
		err = ep_open_course(p, &r, &host);
	if (err == -ENODEV && r.source.cpuid == ep_cpuid_instruction)
		err = ep_open_page(p, &r, PCI_DEVICES);
	if (err == -ENODEV && !p->why[0])
		ep_explain_missing(p, &r, &host);
	p->open_cost = r.cost;
	return err;
}
