/* SPDX-License-Identifier: MIT */
/*
 * A fake KVM whose counters several processes share through a file, named by $FAKE_KVM. The first
 * process makes the file: $FAKE_KVM_VENDOR (svm, vmx), $FAKE_KVM_PAGING (nested, shadow),
 * $FAKE_KVM_TICKS (interrupts a second, 0), $FAKE_KVM_IN_FLIGHT (exits that a histogram lacks, 0).
 * The suite runs on vCPUs 0 and 1, loads on 2 and 3: each counter has one writer.
 */
#ifndef FAKE_STATE_H
#define FAKE_STATE_H

#include "fake_kvm.h"

#define FAKE_LOAD_VCPU 2

/* Ends the program with a message if the file cannot be used. */
struct fake_kvm *fake_state(void);

#endif
