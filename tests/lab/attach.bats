#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The distribution's own KVM, counted by suite attach: the proof of the patched one, and readings that are no exits.
# Cost: 1 core, 140 s

bats_require_minimum_version 1.5.0
load helper

setup_file() { lab_once cpuid.leaf0 null pagefault.anon cr3.pipe --counters attach --repeat 3 --seed 8; }

@test "witness: every reason equal, nested" { witness_holds nested; }
@test "witness: every reason equal, shadow" { witness_holds shadow; }

@test "the counts come from the page, of a KVM without our patch" {
	for mode in nested shadow; do
		jq -e --arg mode "$mode" '.probe | .backend == "page" and .paging == $mode' "$results/$mode.json"
		jq -e '.environment | .host_kernel == .outer_kernel and (.counters_at | test("^ivshmem "))' "$results/$mode.json"
		grep -q "^# svm, $mode paging, page\$" "$results/selftest-$mode.txt"
	done
}

@test "with our patched KVM: the inner VM's selftest holds leaves and page against each other" {
	lab run null --paging nested --repeat 1 --counters both -o both -- --time 0.01 >log 2>&1 || { tail -n 30 log; return 1; }
	jq -e '.probe.backend == "leaves"' both/nested.json
	grep -q '^ok .* the exit page has no fewer exits of each reason than the leaves' both/selftest-nested.txt
	grep -qE '^ok .* the same CPUID exits as the leaves: ([0-9]+) and \1$' both/selftest-nested.txt
	jq -e .equal both/witness-nested.json
}

@test "on the host: exact counts, kills, and no write to memory that is no page any more" {
	cc -O2 -static -pthread -Wall -Werror -I "$top/probe" -o attach-host "$BATS_TEST_DIRNAME"/attach/{host,kit}.c
	cp "${suite%/*}/suite-attach" .
	lab script "$BATS_TEST_DIRNAME/attach/host.outer" "$PWD/attach-host" "$PWD/suite-attach" --paging nested >tap 2>log ||
		{ cat tap; tail -n 20 log; return 1; }
	run ! grep '^not ok' tap
	[ "1..$(grep -c '^ok' tap)" = "$(grep '^1\.\.' tap)" ]
	[ "$(grep -c '^ok' tap)" -ge 18 ]
	grep -qx '# BPF descriptors left: 0' tap
}

@test "a reading is no exit: no empty window has one CPUID, and none is subtracted" {
	for mode in nested shadow; do
		jq -e '.calibration | .bracket_cost == 0 and .brackets_exact == .brackets and .brackets >= 32' "$results/$mode.json"
		est_between $mode null cpuid 0 0
	done
}

@test "exits per operation are those of the patched KVM" {
	for mode in nested shadow; do
		est_between $mode cpuid.leaf0 cpuid 0.995 1.005
	done
	est_between nested pagefault.anon nested-page-fault -0.01 0.05
	est_between shadow pagefault.anon page-fault 1.9 3.2
	est_between nested cr3.pipe cr-access -0.01 0.01
	est_between shadow cr3.pipe cr-access 1.9 2.2
}
