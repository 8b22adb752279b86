// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "internal.h"

#define REMEDY "load the patched kvm modules with exit_stats=1 on the host"

/* Signatures in EBX, ECX, EDX of leaf 0x40000000, as the kernel's detection code knows them. */
static const struct {
	const char *signature, *name;
} hypervisors[] = {
	{ "TCGTCGTCGTCG", "QEMU's emulator (TCG)" },
	{ "VMwareVMware", "VMware" },
	{ "Microsoft Hv", "Hyper-V" },
	{ "XenVMMXenVMM", "Xen" },
	{ "VBoxVBoxVBox", "VirtualBox" },
	{ "bhyve bhyve ", "bhyve" },
	{ "ACRNACRNACRN", "ACRN" },
	{ "Jailhouse", "Jailhouse" },
};

/* Made printable, since it goes to terminals and into files. */
static void take_text(char text[13], const uint32_t regs[3])
{
	unsigned int i;

	memcpy(text, regs, 12);
	text[12] = '\0';
	for (i = 0; i < 12 && text[i]; i++)
		if (text[i] < ' ' || text[i] > '~')
			text[i] = '?';
	memset(text + i, 0, 13 - i);
}

static bool is_kvm(const char *text)
{
	return !strcmp(text, "KVMKVMKVM") || !strcmp(text, "Linux KVM Hv");
}

void ep_describe_host(struct exitprobe *p, struct reader *r, struct host *host)
{
	uint32_t regs[4], vendor[3];
	char text[13];

	memset(host, 0, sizeof(*host));
	ep_read(r, 0, 0, regs);
	host->highest_basic = regs[EAX];
	vendor[0] = regs[EBX];
	vendor[1] = regs[EDX]; /* the vendor string is in EBX, EDX, ECX */
	vendor[2] = regs[ECX];
	take_text(text, vendor);
	host->amd = !strcmp(text, "AuthenticAMD") || !strcmp(text, "HygonGenuine");

	ep_read(r, 1, 0, regs);
	p->hypervisor_bit = regs[ECX] >> 31;
	if (!p->hypervisor_bit)
		return; /* leaf 0x40000000 would be the highest basic leaf's data on Intel */
	ep_read(r, 0x40000000, 0, regs);
	take_text(p->hypervisor, &regs[EBX]);
	host->kvm = is_kvm(p->hypervisor);
	if (!strcmp(p->hypervisor, "Microsoft Hv")) {
		ep_read(r, 0x40000100, 0, regs);
		take_text(text, &regs[EBX]);
		host->kvm = is_kvm(text);
	}
}

/* KVM's get_out_of_range_cpuid_entry(): Intel guests get the highest basic leaf for an unknown one.
 */
static bool repeats_basic_leaf(struct reader *r, const struct host *host)
{
	uint32_t asked[4], basic[4];

	ep_read(r, LEAF_SIGNATURE, 0, asked);
	if (!(asked[EAX] | asked[EBX] | asked[ECX] | asked[EDX]))
		return false;
	ep_read(r, host->highest_basic, 0, basic);
	return !memcmp(asked, basic, sizeof(asked));
}

static const char *hypervisor_name(const char *text)
{
	unsigned int i;

	for (i = 0; i < sizeof(hypervisors) / sizeof(hypervisors[0]); i++)
		if (!strcmp(text, hypervisors[i].signature))
			return hypervisors[i].name;
	return "an unknown hypervisor";
}

void ep_explain_missing(struct exitprobe *p, struct reader *r, const struct host *host)
{
	if (!p->hypervisor_bit)
		snprintf(p->why, sizeof(p->why),
			 "not patched: no hypervisor announces itself (bare metal, or an emulator "
			 "like Bochs); run inside a guest of a patched KVM");
	else if (host->kvm && repeats_basic_leaf(r, host))
		snprintf(p->why, sizeof(p->why),
			 "not patched: KVM answers leaf 0x%x with basic leaf 0x%x, so it has no "
			 "exit "
			 "counters; " REMEDY,
			 LEAF_SIGNATURE, (unsigned int)host->highest_basic);
	else if (host->kvm)
		snprintf(p->why, sizeof(p->why),
			 "not patched: this KVM has no exit counters at leaf 0x%x; " REMEDY,
			 LEAF_SIGNATURE);
	else
		snprintf(p->why, sizeof(p->why),
			 "not patched: %s (\"%s\") runs this guest and shows no exit counters; "
			 "use a KVM with the exit-counter patch",
			 hypervisor_name(p->hypervisor), p->hypervisor);
}
