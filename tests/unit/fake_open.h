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

#endif
