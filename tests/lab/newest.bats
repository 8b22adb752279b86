#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The newest kernel of Debian's archive, in both VMs: attach counts what its KVM counts.
# Cost: 1 core, 45 s

bats_require_minimum_version 1.5.0
load helper

setup_file() {
	LAB_READERS=none lab_once null cpuid.leaf0 --kernel newest --counters attach --paging nested --repeat 1 --seed 5 -- --ops 1000
}

@test "both VMs ran it, and it is newer than every kernel with patches" {
	newest=$(cat "$("$top/scripts/kvm-stock" --kernel newest)/release")
	jq -e --arg newest "$newest" '.environment | .guest_kernel == $newest and .outer_kernel == $newest' "$results/nested.json"
	patched=$(. "$top/scripts/lib.sh" && kernels | tail -n 1)
	[ "$(printf '%s\n' "$patched.999" "$newest" | sort -V | tail -n 1)" = "$newest" ]
}

@test "the counts come from the page" { jq -e '.probe.backend == "page"' "$results/nested.json"; }

@test "witness: every reason equal, nested" { witness_holds nested; }

@test "a CPUID is one exit" { est_between nested cpuid.leaf0 cpuid 0.995 1.005; }
