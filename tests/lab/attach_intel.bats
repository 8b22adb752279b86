#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# suite attach on VMX: the distribution's own KVM, and the proof of the patched one.
# Cost: 1 core, 110 s

bats_require_minimum_version 1.5.0
load helper

setup_file() {
	LAB_READERS=none lab_once null cpuid.leaf0 --vendor intel --counters attach --paging nested --repeat 1 --seed 6 -- --ops 1000
}

@test "the counts come from the page, of VMX" {
	jq -e '.probe.backend == "page"' "$results/nested.json"
	jq -e '.vendor == "vmx"' "$results/witness-nested.json"
}

@test "witness: every reason equal, nested" { witness_holds nested; }

@test "a CPUID is one exit, a reading none" {
	est_between nested cpuid.leaf0 cpuid 0.995 1.005
	jq -e '.calibration | .bracket_cost == 0 and .brackets_exact == .brackets' "$results/nested.json"
}
