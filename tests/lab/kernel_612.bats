#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The same proof on the other kernel of the distribution, with its own series of patches.
# Cost: 1 core, 90 s

bats_require_minimum_version 1.5.0
load helper

setup_file() { lab_once cpuid cr3.thread --kernel 6.12 --paging nested --repeat 3 --seed 3; }

@test "both VMs ran 6.12" {
	"$suite" report --json "$results/nested.json" |
		jq -e '.environment | (.guest_kernel | startswith("6.12.")) and (.outer_kernel | startswith("6.12."))'
}

@test "witness: every reason equal, on 6.12, nested" { witness_holds nested; }

@test "exits per operation are those of 6.1" {
	est_between nested cpuid.leaf0 cpuid 0.995 1.005
	est_between nested cr3.thread cr-access -0.05 0.05
}
