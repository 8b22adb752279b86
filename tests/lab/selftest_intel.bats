#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The same selftest on VMX, where KVM has all of its fast paths.
# Cost: 1 core, 62 s

bats_require_minimum_version 1.5.0
load helper

@test "every test passes on VMX: fast paths that were taken, failed entries, an L2" {
	run --separate-stderr "$top/kernel-patch/selftest" --vendor intel --paging nested
	# shellcheck disable=SC2154 # set by bats' run
	[ "$status" = 0 ] || { echo "$output"; tail -n 40 <<<"$stderr"; return 1; }
	for passed in "exact counts of CPUID, I/O and HLT" "leaves, and KVM_GET_STATS_FD of VM and vCPU, are the same" \
		"two VMs at once share nothing" "VMs created and destroyed under load" "failed VM entries" \
		"fast path, x2APIC: 1000 exits, none handled slowly" "fast path, TSC deadline: 1000 exits, none handled slowly" \
		"fast path, preemption timer: 1000 exits, none handled slowly" "exits of an L2, once each"; do
		grep -qE "^ok [0-9]+ $passed\$" <<<"$output" || { echo "no 'ok' for: $passed"; echo "$output"; return 1; }
	done
	grep -q '^# Totals: pass:9 fail:0 .*skip:0 error:0' <<<"$output"
}
