#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Several inner VMs side by side in one outer VM: each counted for itself, whatever its neighbour did.
# Cost: 1 core, 115 s

bats_require_minimum_version 1.5.0
load helper

# Operations, not time: how many fit in a window would depend on the neighbour.
setup_file() {
	lab_once cpuid.leaf0 pagefault.anon cr3.pipe --guests 2 --paging shadow --repeat 3 --seed 7 -- --ops 100
}

guests='shadow shadow-guest2'

@test "both guests have every file, and nothing else" {
	for guest in $guests; do
		for file in "$guest.json" "witness-$guest.json" "boot-$guest.txt" "boot-$guest.json" "one-liner-$guest.txt" \
			"selftest-$guest.txt" "console-inner-$guest.log"; do
			[ -s "$results/$file" ] || { echo "$file is missing"; return 1; }
		done
	done
	[ -s "$results/console-outer-shadow.log" ]
	[ "$(find "$results" -mindepth 1 | wc -l)" = 16 ] || { ls -A "$results"; return 1; }
}

@test "witness: every reason equal, of the first guest" { witness_holds shadow; }
@test "witness: every reason equal, of its neighbour" { witness_holds shadow-guest2; }

@test "both witnesses are reported" {
	grep -q 'shadow, guest 1: all [0-9]* exits that the outer VM counted' "$BATS_FILE_TMPDIR/log"
	grep -q 'shadow, guest 2: all [0-9]* exits that the outer VM counted' "$BATS_FILE_TMPDIR/log"
}

# A counter shared by the two would have about twice the exits of each.
@test "two VMs: two instances, two sets of counters" {
	[ "$(jq -s '[.[].probe.instance] | unique | length' "$results"/shadow{,-guest2}.json)" = 2 ]
	for guest in $guests; do
		jq -e '.total.guest + .total.after == .total.stat_exits' "$results/witness-$guest.json"
	done
	[ "$(jq .total.guest "$results/witness-shadow.json")" != "$(jq .total.guest "$results/witness-shadow-guest2.json")" ]
}

# A round trip of cr3.pipe takes longer next to a neighbour, so that more of the guest's ticks fall into it, with what they wake:
# 2.2 to 2.3 were measured, 2.07 alone.
@test "exits per operation are those of a single guest" {
	for guest in $guests; do
		est_between $guest cpuid.leaf0 cpuid 0.995 1.005
		est_between $guest pagefault.anon page-fault 1.8 2.3
		est_between $guest cr3.pipe cr-access 1.8 2.6
	done
}

@test "the files say how many guests there were, which one it is, and on how many processors" {
	for guest in 1 2; do
		file=$results/shadow$([ $guest = 1 ] || echo -guest2).json
		jq -e --arg guest $guest '.environment | .guests == "2" and .guest == $guest and .outer_cpus == "1"' "$file"
	done
}

@test "both started together, and worked until both had their result" {
	awk '/guest [12] of 2: ready/ { ready++ } /guest [12] of 2: finished/ { exit ready != 2 } END { exit ready != 2 }' \
		"$results/console-outer-shadow.log"
	for guest in $guests; do
		grep -q 'waiting for the other guests' "$results/console-inner-$guest.log"
		sed -n '/the suite goes on for the others/,$p' "$results/console-inner-$guest.log" | grep -q 'last reading'
	done
	[ "$(jq -s '[.[].plan.seed] | unique | length' "$results"/shadow{,-guest2}.json)" = 1 ]
}

@test "a guest that dies ends the run, and is named" {
	LAB_END_GUEST=2 LAB_READERS=none run --separate-stderr lab run cpuid.leaf0 --guests 2 --paging nested -o here
	[ "$status" = 3 ]
	[[ $stderr == *"nested: guest 2 of 2 ended before its last reading, QEMU with status 139"* ]] || { echo "$stderr"; return 1; }
	[ -z "$(ls -A here 2>/dev/null)" ]
	logs=$(sed -n 's/.*no results; the consoles are in //p' <<<"$stderr")
	[ -s "$logs/console-inner-nested-guest2.log" ] || { ls -A "$logs"; return 1; }
}
