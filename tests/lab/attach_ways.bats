#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The other ways of suite attach: times, a device plugged into a running VM, and copies where the kernel is locked down.
# Cost: 1 core, 60 s

bats_require_minimum_version 1.5.0
load helper

@test "times, hot-plug over QMP, and copies in a locked-down kernel" {
	here=$BATS_TEST_DIRNAME/attach
	cc -O2 -static -Wall -Werror -pthread -I "$top/probe" -o ways "$here/ways.c" "$here/kit.c"
	cp "${suite%/*}/suite-attach" .
	lab script "$here/ways.outer" "$PWD/ways" "$here/hotplug.inner" "$PWD/suite-attach" --paging nested >tap 2>log ||
		{ cat tap; tail -n 20 log; return 1; }
	cat tap
	run ! grep '^not ok' tap
	# Each program to its end: its plan is the number of its lines.
	awk '/^ok/ { n++ } /^1\.\./ { if (n != substr($0, 4)) exit 1; plans++; n = 0 } END { exit plans != 4 }' tap
	grep -qx '# attach ended with 0: suite: attach: counting exits of hotplugged ([0-9]*), nested paging, into .*' tap
	grep -q '^# a second attach ended with 0, and counted [1-9][0-9]* exits$' tap
	grep -q '^# suite: attach: --qmp /tmp/nothing: No such file or directory: it takes' tap
	grep -qE "^# suite: attach: --qmp /tmp/qmp is the monitor of process [0-9]+, another VM than '[0-9]+'$" tap
	run ! grep '^# left: ' tap
}
