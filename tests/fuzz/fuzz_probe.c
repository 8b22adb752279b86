// SPDX-License-Identifier: MIT
/*
 * Arbitrary answers to CPUID, against the whole library: whatever a hypervisor says, it must not
 * crash, hang, read more than it states, or return a code that its own tables do not accept.
 *
 * Input: byte 0 selects the machine, then one byte for each CPUID: below 0xe0 the machine's true
 * answer, else an answer made of the next bytes. So an input can pass the signature check and lie
 * later.
 */
#include <stdlib.h>
#include <string.h>

#include "fake_kvm.h"

struct input {
	const uint8_t *data;
	size_t size;
	struct fake_kvm k;
	uint64_t calls;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not assert(): a release build must check too. */
static void must(bool holds)
{
	if (!holds)
		abort();
}

static uint8_t next_byte(struct input *in)
{
	if (!in->size)
		return 0;
	in->size--;
	return *in->data++;
}

static void lying_cpuid(void *context, uint32_t leaf, uint32_t subleaf, uint32_t regs[4])
{
	struct input *in = context;
	const uint8_t choice = next_byte(in);
	unsigned int i;

	in->calls++;
	in->k.source.cpuid(in->k.source.context, leaf, subleaf, regs);
	if (choice < 0xe0)
		return;
	for (i = 0; i < 4; i++)
		if (choice >> i & 1)
			regs[i] = (uint32_t)next_byte(in) << 24 | next_byte(in);
		else if (choice & 0x10)
			regs[i] ^= 1u << next_byte(in) % 32;
}

static void choose_machine(struct input *in)
{
	const uint8_t choice = next_byte(in);

	fake_kvm_init(&in->k, choice & 1 ? EXITPROBE_SVM : EXITPROBE_VMX);
	in->k.extension = !(choice & 2);
	in->k.course = (enum exitprobe_backend)(EXITPROBE_LEAVES + (choice >> 2 & 3));
	in->k.histograms = choice & 0x10;
	in->k.host = (enum fake_host)(choice >> 5);
	in->k.basic = 2 + next_byte(in) % 0x30;
	fake_kvm_exits(&in->k, 1, next_byte(in) * 0x1000000ull);
}

static void read_all(struct input *in, const struct exitprobe *p)
{
	const unsigned int flags = next_byte(in) & 3;
	struct exitprobe_snapshot a, b;
	uint32_t buckets[64];
	uint64_t before = in->calls;
	int err;

	err = exitprobe_snapshot(p, flags, &a);
	must(in->calls - before <= 2 + 2 * EXITPROBE_SLOTS);
	must(err || a.cost == in->calls - before);
	must(!err || !a.cost);
	err = exitprobe_snapshot(p, flags, &b);
	if (!err && !exitprobe_difference(&a, &b, &b))
		must(!b.cost);
	before = in->calls;
	exitprobe_histogram(p, next_byte(in), buckets);
	must(in->calls - before <= 16);
	exitprobe_fingerprint(p, &a);
}

static void name_all(const struct exitprobe *p)
{
	enum exitprobe_vendor vendor;
	uint32_t slot, code;
	char key[24];

	must(exitprobe_slots(p) <= EXITPROBE_SLOTS);
	for (slot = 0; slot < exitprobe_slots(p); slot++) {
		exitprobe_key(p->vendor, exitprobe_slot_code(p, slot), key);
		must(!exitprobe_parse_key(key, &vendor, &code) && vendor == p->vendor);
		must(exitprobe_code_slot(p, code) == (int)slot);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { .data = data, .size = size };
	const struct exitprobe_source source = { lying_cpuid, &in };
	struct exitprobe p;
	int err;

	choose_machine(&in);
	err = exitprobe_open(&p, &source);
	must(in.calls == p.open_cost && in.calls < 200);
	must(!err == (p.backend != EXITPROBE_NONE));
	must(!err == !p.why[0]);
	must(memchr(p.why, 0, sizeof(p.why)) && memchr(p.hypervisor, 0, sizeof(p.hypervisor)));
	name_all(&p);
	read_all(&in, &p);
	return 0;
}
