#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What scripts/bench-harness says of two sides that are there.

bats_require_minimum_version 1.5.0
load ../cli/helper

top=$BATS_TEST_DIRNAME/../..

# sides NAME "CYCLES..." CYCLES...: an operation of each window, under the suite and bare, as the VM sends them.
sides() {
	mkdir -p results job/job
	echo "$1" >>job/job/workloads
	jq -n --arg name "$1" --arg cycles "$2" '{ workloads: [{ name: $name, samples:
		($cycles / " " | map({ ops: 10, cycles: (tonumber * 10) }) + [{ ops: 5, cycles: 1 }]) }] }' >"results/$1.json"
	printf '%s 7.000\n' "${@:3}" >"results/$1.bare"
}

rows() {
	run --separate-stderr bash -c "set -euo pipefail; work=.; . '$top/scripts/lib.sh'; . '$top/scripts/harness.d/instructions.sh'; instructions_rows"
}

@test "each pair of windows has a ratio; a median of them below 0.98 is marked, and is status 1" {
	sides io.fsync "1000 2000 3000" 990 2040 2910
	rows
	[ "$status" = 0 ]
	[[ $output == *"io.fsync                       2000.0         2040.0    0.990" ]] || { echo "$output"; return 1; }
	sides fork.exit "3000 1000 2000 4000" 3300 978 1956 4400
	sides vfork "3000 1000 2000" 3300 979 1900
	rows
	[ "$status" = 1 ]
	[[ $output == *"fork.exit                      2500.0         2628.0    1.039"* ]] || { echo "$output"; return 1; }
	[[ $output == *"vfork                          2000.0         1900.0    0.979  below" ]] || { echo "$output"; return 1; }
}

@test "a workload without results has no row; a side that lacks a window fails" {
	sides io.fsync 998 1000
	echo ipi.futex >>job/job/workloads
	rows
	[ "$status" = 0 ]
	[ "${#lines[@]}" = 2 ]
	sides vfork "1000 1000" 1000
	rows
	[ "$status" = 5 ]
	[[ $stderr == *"vfork: the two sides have different numbers of windows"* ]]
}

# turns RATIO...: a line of the table of turns with these ratios, of which the suite took 1000 cycles.
turns() {
	awk 'BEGIN { for (i = 1; i < ARGC; i++) print 1000, 1000 * ARGV[i] }' "$@" >turns
	run --separate-stderr bash -c "set -euo pipefail; work=.; . '$top/scripts/harness.d/turns.sh'; row vfork 1000000"
}

@test "each turn has a ratio; their median has an interval that contains the true one in 95 of 100 cases" {
	turns 0.99 0.91 0.98 0.92 0.97 0.93 0.96 0.94 0.95
	[ "$status" = 0 ]
	[[ $output == "vfork "*"0.950  0.920..0.980  ?" ]] || { echo "$output"; return 1; }
	turns 1.02 0.90 1.00 1.01 0.99
	[[ $output == "vfork "*"1.000  0.900..1.020  ?" ]] || { echo "$output"; return 1; }
	# shellcheck disable=SC2046
	turns $(seq 0.901 0.001 0.915)
	[ "$status" = 1 ]
	[[ $output == "vfork "*"0.908  0.904..0.912  below" ]] || { echo "$output"; return 1; }
	# shellcheck disable=SC2046
	turns $(seq 1.001 0.001 1.099)
	[ "$status" = 0 ]
	[[ $output == "vfork "*"1.050  1.040..1.060" ]] || { echo "$output"; return 1; }
}

@test "unknown options: one line, status 2" {
	for bad in "--rounds 4" "--rounds x" "--frobnicate" "--instructions --disk /dev/null" "--disk"; do
		# shellcheck disable=SC2086
		run --separate-stderr "$top/scripts/bench-harness" $bad
		one_line_error 2 "${bad%% *}" || { [[ $bad == *--disk* ]] && one_line_error 2 --disk; }
	done
}
