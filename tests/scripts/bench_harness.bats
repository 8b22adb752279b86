#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What scripts/bench-harness says of two sides that are there, and of one workload that it measures itself.

bats_require_minimum_version 1.5.0
load ../cli/helper

top=$BATS_TEST_DIRNAME/../..

# sides NAME SUITE BARE...: windows of both, as the VM sends them.
sides() {
	mkdir -p results job/job
	echo "$1" >>job/job/workloads
	jq -n --arg name "$1" --argjson cycles "$2" '{ workloads: [{ name: $name, samples:
		([1, 2, 4] | map({ ops: 10, cycles: (($cycles + .) * 10) }) + [{ ops: 5, cycles: 1 }]) }] }' >"results/$1.json"
	printf '%s 7.000\n' "${@:3}" >"results/$1.bare"
}

rows() {
	run --separate-stderr bash -c "set -euo pipefail; work=.; . '$top/scripts/lib.sh'; . '$top/scripts/harness.d/instructions.sh'; instructions_rows"
}

@test "the medians of each side's largest windows have a ratio; one below 0.98 is marked, and is status 1" {
	sides io.fsync 998 1000 990 5000
	rows
	[ "$status" = 0 ]
	[[ $output == *"io.fsync                       1000.0         1000.0    1.000" ]] || { echo "$output"; return 1; }
	sides fork.exit 998 979 979 979
	rows
	[ "$status" = 1 ]
	[[ $output == *"fork.exit                      1000.0          979.0    0.979  below" ]] || { echo "$output"; return 1; }
}

@test "a workload without results has no row" {
	sides io.fsync 998 1000
	echo ipi.futex >>job/job/workloads
	rows
	[ "$status" = 0 ]
	[ "${#lines[@]}" = 2 ]
}

@test "instructions of a VM: within a hundredth where the harness costs nothing, and what cannot run is named" {
	run --separate-stderr "$top/scripts/bench-harness" --instructions syscall ipi.futex
	# shellcheck disable=SC2154 # set by bats run
	[ "$status" = 0 ] || { echo "$stderr"; return 1; }
	[ "${#lines[@]}" = 2 ]
	[[ ${lines[1]} =~ ^syscall\ .*\ (0\.99.|1\.00.)$ ]] || { echo "$output"; return 1; }
	[[ $stderr == *"ipi.futex is left out: needs two CPUs"* ]] || { echo "$stderr"; return 1; }
}

@test "what it does not take: one line, status 2" {
	for bad in "--rounds 4" "--rounds x" "--frobnicate" "--instructions --disk /dev/null" "--disk"; do
		# shellcheck disable=SC2086
		run --separate-stderr "$top/scripts/bench-harness" $bad
		one_line_error 2 "${bad%% *}" || { [[ $bad == *--disk* ]] && one_line_error 2 --disk; }
	done
}
