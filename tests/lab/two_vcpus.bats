#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The same proof with two vCPUs.
# Cost: 2 cores, 75 s

bats_require_minimum_version 1.5.0
load helper

setup_file() { LAB_READERS=selftest lab_once cpuid pagefault.anon cr3.pipe cr3.thread mprotect ipi tlb --vcpus 2 --repeat 3 --seed 2 -- --time 0.1; }

@test "the inner VM had two vCPUs" {
	for mode in nested shadow; do
		"$suite" report --json "$results/$mode.json" | jq -e '.environment.cpus == "2"'
	done
}

@test "witness: every reason equal, with two vCPUs, nested" { witness_holds nested; }
@test "witness: every reason equal, with two vCPUs, shadow" { witness_holds shadow; }

@test "exits per operation are those of one vCPU" {
	for mode in nested shadow; do
		est_between $mode cpuid.leaf0 cpuid 0.995 1.005
		est_between $mode cr3.thread cr-access -0.05 0.05
	done
	est_between nested cr3.pipe cr-access -0.05 0.05
	est_between shadow cr3.pipe cr-access 1.9 2.2
	est_between nested pagefault.anon page-fault -0.05 0.05
	est_between nested pagefault.anon nested-page-fault -0.05 0.05
	est_between shadow pagefault.anon page-fault 1.8 2.3
}

# The time between two interrupts is the emulator's, so that ticks hide how many there are; flushes do not come by themselves.
# While a kernel thread has the other CPU, that is spared, on a busy machine in most windows that are long.
@test "tlb.shootdown: each flush is made on both CPUs" {
	est_between shadow mprotect.toggle invlpg 1.98 2.02
	at_most shadow tlb.shootdown svm:0x79 4
	est_between shadow tlb.shootdown invlpg 3.4 4.05
	est_between nested tlb.shootdown invlpg -0.05 0.05
}

@test "the workloads of two CPUs ran" {
	for mode in nested shadow; do
		"$suite" report --json "$results/$mode.json" |
			jq -e '[.workloads[] | select(.name | test("^ipi|shootdown")) | .status] == ["done", "done", "done"]'
	done
}
