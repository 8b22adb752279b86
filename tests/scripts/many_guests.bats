#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The table of what neighbours cost, from runs that are there.

bats_require_minimum_version 1.5.0
load ../cli/helper

top=$BATS_TEST_DIRNAME/../..
data=$BATS_TEST_DIRNAME/../data

# there N FACTOR: a run with N guests, every time FACTOR times as long.
there() {
	mkdir -p "runs/$1"
	touch "runs/$1/compare.txt"
	for mode in nested shadow; do
		jq -c --argjson factor "$2" '.workloads[].samples[].cycles |= (. * $factor | floor)' "$data/$mode.json" >"runs/$1/$mode.json"
	done
}

@test "existing runs become a table: exits are unchanged, times have their ratio" {
	there 1 1
	there 4 3
	try "$top/scripts/many-guests" -o runs --guests 1,4
	[ "$status" = 0 ]
	[ -z "$stderr" ] || { echo "$stderr"; return 1; }
	[[ $output == *"| nested paging | N = 1 | N = 4 |"*"| shadow paging | N = 1 | N = 4 |"* ]] || { echo "$output"; return 1; }
	[ "$(grep -c '^| cpuid.leaf0: cpuid exits | 1.000 | 1.000 |$' <<<"$output")" = 2 ]
	[ "$(grep -cE '^\| [a-z0-9.]+: µs \(ratio\) \| [0-9.]+ \(1.00\) \| [0-9.]+ \(3.00\) \|$' <<<"$output")" = 6 ] ||
		{ echo "$output"; return 1; }
}

@test "invalid numbers of guests: one line, status 2" {
	for list in 0 9 1,,2 two ''; do
		try "$top/scripts/many-guests" -o runs --guests "$list"
		one_line_error 2 --guests "'$list'"
	done
}
