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

@test "other lines are unchanged" {
	[ "$(said 1 'sizing tlb.chase')" = 'sizing tlb.chase' ]
	[ "$(said 1 'booting the inner VM')" = 'booting the inner VM' ]
}

# looked SECONDS: when a console grew last, as of now.
looked() {
	SECONDS=$1
	watch_look nested
	echo "${grown[nested]}"
}

@test "a kernel's report of a stuck CPU is not a sign of life" {
	declare -A size=([nested]='') grown=([nested]=0) begun=([nested]=0) marked=() doing=()
	: >"$work/nested/outer.log"
	: >"$work/nested/inner.log"
	: >"$work/nested/marks"
	looked 1 >"$work/grown"
	echo 'lab: booting the inner VM' >>"$work/nested/outer.log"
	# The clock that the test sets runs on: what must hold is that the moment stays the same.
	looked 5 >"$work/grown"
	first=$(cat "$work/grown")
	[ "$first" -ge 5 ] && [ "$first" -lt 30 ]
	for at in 30 60; do
		echo "[ $at.619823] watchdog: BUG: soft lockup - CPU#1 stuck for ${at}s! [qemu-system-x86:139]" >>"$work/nested/outer.log"
		looked $at >"$work/grown"
		[ "$(cat "$work/grown")" = "$first" ] || { cat "$work/grown"; return 1; }
	done
	echo 'cpuid repeat 1' >>"$work/nested/inner.log"
	looked 90 >"$work/grown"
	[ "$(cat "$work/grown")" -ge 90 ]
}
