/* SPDX-License-Identifier: MIT */
/* Assertions that every test which opens a probe shares. */
#ifndef FAKE_OPEN_H
#define FAKE_OPEN_H

#include "fake_kvm.h"

/*
 * exitprobe_open(), and what holds whatever it finds: the price is stated and bounded, `why` is one
 * whole sentence or empty.
 */
int fake_open(struct exitprobe *p, struct fake_kvm *k);

/* There are no counters, `why` says `say`, and later calls refuse. */
void fake_not_there(struct fake_kvm *k, const char *say);

/* A background: the thread moves between the vCPUs (and sees another APIC ID in leaf 0x1f). */
void fake_migration(struct fake_kvm *k);

/* Every backend on every vendor; the first two entries are the ones with extension leaves. */
struct fake_machine {
	enum exitprobe_vendor vendor;
	enum exitprobe_backend
		layout; /* of course leaves alone; NONE: extension leaves and layout A */
};
extern const struct fake_machine fake_machines[]; /* ends with EXITPROBE_VENDOR_UNKNOWN */

/* fake_kvm_init() of such a machine. */
void fake_machine_init(struct fake_kvm *k, const struct fake_machine *m);

#endif
