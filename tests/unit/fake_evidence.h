/* SPDX-License-Identifier: MIT */
/*
 * What an outer VM sends of one small inner VM, equal in every reason. The guest read CPUID (slot
 * 114), IO (123) and the nested page fault (192) after the marker; #UD (70) was zero. One IO exit
 * fell between the reading of IO and the pause; the last page fault is the write to pvpanic.
 */
#ifndef FAKE_EVIDENCE_H
#define FAKE_EVIDENCE_H

#include "witness/evidence.h"

#define FAKE_THREAD 7

/* evidence_free() releases it. */
void fake_evidence(struct evidence *e);
/* The same for a VMX guest: CPUID (10), IO (30), EPT violation (48), and 100 states emulated. */
void fake_evidence_vmx(struct evidence *e);

enum fake_file {
	FAKE_READING,
	FAKE_FORMAT,
	FAKE_HISTOGRAM,
	FAKE_STAT,
	FAKE_TRACE,
	FAKE_CPUS, /* of the first inner VM */
	FAKE_UNENTERED,
	FAKE_VCPU_STATS,
	FAKE_VM_STATS,
	FAKE_FILES
};
struct text *fake_file(struct evidence *e, enum fake_file file);

/* Another text for one file; the path stays. data may be NULL: the file was not sent. */
void fake_text(struct text *t, const char *data, size_t size);
/* Replace the first `from` by `to`; aborts if there is none, as nothing would be tested then. */
void fake_edit(struct text *t, const char *from, const char *to);

#endif
