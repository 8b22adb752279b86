#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# suite selftest on a machine without exit counters; with them it runs in the laboratory.

bats_require_minimum_version 1.5.0
load helper

# A cpuid(1) that reads what is given, whatever is asked.
fake() {
	cat >cpuid <<-SH
		#!/bin/sh
		echo 'CPU:'
		printf '   0x%08x 0x%02x: $1\n' "\$4" "\$6"
	SH
	chmod +x cpuid
}

@test "without counters: skipped with the reason; the hypervisor's leaves are read by cpuid(1)" {
	! "$SUITE" probe >/dev/null 2>&1 || skip "this machine has exit counters"
	command -v cpuid >/dev/null || skip "cpuid is not installed"
	try "$SUITE" selftest
	[ "$status" = 0 ] || { echo "$output"; return 1; }
	[[ $output == *"ok 1 - exit counters # SKIP"* ]]
	[[ $output == *"leaf 0x40000000"* ]]
}

@test "a reference that reads something else is a finding" {
	fake 'eax=0x00000001 ebx=0x00000002 ecx=0x00000003 edx=0x00000004'
	try "$SUITE" selftest --cpuid ./cpuid
	[ "$status" = 1 ] || { echo "$output"; return 1; }
	[[ $output == *"not ok"*"leaf 0x40000000"* ]]
}

@test "no reference, or not a program: skipped, and status 4 when nothing is left to test" {
	! "$SUITE" probe >/dev/null 2>&1 || skip "this machine has exit counters"
	for program in ./missing /bin/true; do
		try "$SUITE" selftest --cpuid "$program"
		[ "$status" = 4 ] || { echo "$output"; return 1; }
		[[ $output == *"# SKIP $program"* ]]
	done
}

# The fake KVM has four vCPUs, so that three more may be in an exit.
@test "a histogram may lack an exit that another vCPU is handling, but no more" {
	fake 'eax=0x00000001 ebx=0x00000002 ecx=0x00000003 edx=0x00000004'
	export FAKE_KVM_HISTOGRAMS=on PATH=${SUITE%/*}/tests/fake:$PATH
	for missing in 0 3; do
		FAKE_KVM=state.$missing FAKE_KVM_IN_FLIGHT=$missing run suite_fake selftest --cpuid ./cpuid
		[[ $output == *$'\nok '?' - each histogram holds'* ]] || { echo "$output"; return 1; }
	done
	FAKE_KVM=state.4 FAKE_KVM_IN_FLIGHT=4 run suite_fake selftest --cpuid ./cpuid
	[[ $output == *"not ok "?" - each histogram holds"* ]] || { echo "$output"; return 1; }
}

@test "usage errors: one line, status 2" {
	try "$SUITE" selftest now
	one_line_error 2 now
	try "$SUITE" selftest --nonsense
	one_line_error 2 nonsense
}
