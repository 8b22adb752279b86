#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Two vCPUs that run each workload at once.
# Cost: 2 cores, 50 s

bats_require_minimum_version 1.5.0
load helper

setup_file() { LAB_READERS=none lab_once cpuid.leaf0 pagefault.anon mprotect --vcpus 2 --repeat 3 --seed 5 -- --vcpus all --time 0.1; }

@test "witness: every reason equal, with both vCPUs at work, nested" { witness_holds nested; }
@test "witness: every reason equal, with both vCPUs at work, shadow" { witness_holds shadow; }

@test "exits per operation are those of one vCPU at work" {
	for mode in nested shadow; do
		est_between $mode cpuid.leaf0 cpuid 0.995 1.005
	done
	est_between nested pagefault.anon page-fault -0.05 0.05
	est_between shadow pagefault.anon page-fault 1.8 2.3
	est_between shadow mprotect.toggle invlpg 1.98 2.02
}

@test "the file has the share of each vCPU: half of the work each, together all of it" {
	for mode in nested shadow; do
		jq -e '.environment.vcpus_at_once == "2"' "$results/$mode.json"
		jq -e '.workloads[] | select(.name == "cpuid.leaf0") | .samples | length == 12 and all(.[];
			.ops as $ops | .exits["svm:0x72"] as $all | ([.vcpus[].cpu] | sort) == [0, 1]
			and all(.vcpus[]; .exits["svm:0x72"] == $ops / 2) and $all == $ops)' "$results/$mode.json"
		"$suite" report "$results/$mode.json" | grep -q 'by vCPU: CPU 1 [0-9]*, CPU 0 [0-9]*$'
	done
}
