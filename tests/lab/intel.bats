#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Intel's virtualization, both paging modes. The guest's kernel has PTI on there, so what a system call costs with shadow
# paging is part of every expectation.
# Cost: 1 core, 300 s

bats_require_minimum_version 1.5.0
load helper

setup_file() { LAB_READERS=selftest lab_once cpuid hypercall ud2 io.pio syscall cr3.pipe cr3.thread pagefault.anon fork.exit --vendor intel --repeat 3 --seed 4; }

@test "environment: the vendor, the emulator and PTI are recorded" {
	for mode in nested shadow; do
		"$suite" report --json "$results/$mode.json" >report.json
		jq -e '.environment | (.accelerator | length > 0) and .pti == "on"' report.json
		jq -e '[.workloads[] | select(.status != "done") | .name] == []' report.json
		jq -e '.vendor == "vmx"' "$results/witness-$mode.json"
	done
}

@test "paging mode: read from the hypervisor, confirmed by the fingerprint" {
	for mode in nested shadow; do
		"$suite" report --json "$results/$mode.json" >report.json
		jq -e --arg mode "$mode" '.paging | .mode == $mode and .fingerprint == $mode and .contradiction == null' report.json
	done
}

@test "instructions that exit in both modes: exactly one each" {
	for mode in nested shadow; do
		est_between $mode cpuid.leaf0 cpuid 0.995 1.005
		est_between $mode cpuid.sweep cpuid 0.995 1.005
		est_between $mode hypercall hypercall 0.995 1.005
		est_between $mode ud2 exception 0.99 1.01
	done
}

@test "nested: no CR3 access, no page fault and no flush exits" {
	for workload in syscall cr3.pipe cr3.thread pagefault.anon fork.exit; do
		for class in cr-access invlpg page-fault exception; do
			est_between nested $workload "$class" -0.05 0.05
		done
	done
}

# Each entry into the kernel and each return reads and writes CR3.
@test "shadow: PTI costs four CR3 accesses a system call, and an address space switch its two" {
	est_between shadow syscall cr-access 3.95 4.15
	est_between shadow cr3.thread cr-access 15.5 16.6
	est_between shadow cr3.pipe cr-access 17.5 18.6
}

# VMX reports a page fault as an exception.
@test "shadow: two page faults a page" { est_between shadow pagefault.anon exception 1.95 2.1; }

@test "witness: every reason equal, nested" { witness_holds nested; }
@test "witness: every reason equal, shadow" { witness_holds shadow; }
@test "witness: over a hundred thousand exits each" {
	for mode in nested shadow; do
		jq -e '.total.kvm_exit >= 100000' "$results/witness-$mode.json"
	done
}

@test "boot listing: what the paging mode implies" {
	[ "$(listed "$results/boot-nested.txt" EPT_VIOLATION)" -gt 0 ]
	[ "$(listed "$results/boot-nested.txt" INVLPG)" = 0 ]
	[ "$(listed "$results/boot-shadow.txt" EPT_VIOLATION)" = 0 ]
	[ "$(listed "$results/boot-shadow.txt" EPT_MISCONFIG)" = 0 ]
	[ "$(listed "$results/boot-shadow.txt" INVLPG)" -gt 0 ]
}
