#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the laboratory says while it waits.

bats_require_minimum_version 1.5.0

setup() {
	work=$BATS_TEST_TMPDIR
	mkdir "$work/nested"
	# shellcheck source=scripts/lab.d/watch.sh
	. "$BATS_TEST_DIRNAME/../../scripts/lab.d/watch.sh"
	begun[nested]=0
}

# said SECONDS LINE: of the inner VM, so long after the start.
said() {
	SECONDS=$1
	watch_remaining nested "$2"
}

@test "remaining time is that of this machine's clock, not of the emulated one" {
	[ "$(said 100 'cpuid repeat 1, sample 10 of 110, about 5 s left')" = 'cpuid repeat 1, sample 10 of 110' ]
	[ "$(said 110 'cpuid repeat 1, sample 60 of 110, about 5 s left')" = 'cpuid repeat 1, sample 60 of 110, about 10 s left' ]
	[ "$(said 1100 'cpuid repeat 2, sample 70 of 110, about 5 s left')" = 'cpuid repeat 2, sample 70 of 110, about 11 min left' ]
}

@test "other lines stay as they are" {
	[ "$(said 1 'sizing tlb.chase')" = 'sizing tlb.chase' ]
	[ "$(said 1 'booting the inner VM')" = 'booting the inner VM' ]
}
