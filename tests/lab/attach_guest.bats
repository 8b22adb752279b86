#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A VM in QEMU that suite attach counts, from its boot to its move to another QEMU: its memory is its own, its counts are right.
# Cost: 1 core, 100 s

bats_require_minimum_version 1.5.0
load helper

@test "pause, compaction, balloon, pressure, kill, reboot, panic, kexec, migration: exact counts, and no other memory changes" {
	local at=$BATS_TEST_DIRNAME/attach program
	for program in memory kexec; do
		cc -O2 -static -Wall -Werror -I "$top/probe" -o "attach-$program" "$at/$program.c"
	done
	cp "${suite%/*}/suite-attach" .
	lab script "$at/guest.outer" attach-memory attach-kexec "$at/guest.inner" suite-attach --paging nested -o out >tap 2>log ||
		{ cat tap; tail -n 20 log out/nested/console.log; return 1; }
	run ! grep '^not ok' tap
	[ "1..$(grep -c '^ok' tap)" = "$(grep '^1\.\.' tap)" ]
	[ "$(grep -c '^ok' tap)" -ge 28 ]
}
