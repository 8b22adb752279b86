#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The same proof with two vCPUs.

bats_require_minimum_version 1.5.0
load helper

setup_file() { lab_once cpuid pagefault cr3 --vcpus 2 --repeat 3 --seed 2; }

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
