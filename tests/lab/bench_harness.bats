#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# scripts/bench-harness --instructions: its VM counts what the harness adds to an operation.
# Cost: 1 core, 22 s

bats_require_minimum_version 1.5.0
load helper

@test "instructions of a VM: within a hundredth where the harness costs nothing; workloads that cannot run are named" {
	run --separate-stderr "$top/scripts/bench-harness" --instructions syscall ipi.futex
	# shellcheck disable=SC2154 # set by bats run
	[ "$status" = 0 ] || { echo "$stderr"; return 1; }
	[ "${#lines[@]}" = 2 ]
	[[ ${lines[1]} =~ ^syscall\ .*\ (0\.99.|1\.00.)$ ]] || { echo "$output"; return 1; }
	[[ $stderr == *"ipi.futex is left out: needs two CPUs"* ]] || { echo "$stderr"; return 1; }
}
