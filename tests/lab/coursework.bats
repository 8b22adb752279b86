#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The original exercise by one command: two listings in its own format, the comparison, the answers.
# Cost: 1 core, 60 s

bats_require_minimum_version 1.5.0
load helper

setup_file() {
	export results=$BATS_FILE_TMPDIR/results
	lab coursework -o "$results" >"$BATS_FILE_TMPDIR/log" 2>&1 || { tail -n 40 "$BATS_FILE_TMPDIR/log"; return 1; }
}

@test "two listings in the original format, one for each boot" {
	for mode in nested shadow; do
		[ "$(grep -cvE '^exit number= *[0-9]+, name= [A-Z0-9_]+, number_of_exits =[0-9]+$' "$results/boot-$mode.txt")" = 0 ]
		[ "$(listed "$results/boot-$mode.txt" CPUID)" -gt 100 ]
	done
	[ "$(listed "$results/boot-nested.txt" INVLPG)" = 0 ]
	[ "$(listed "$results/boot-shadow.txt" NPF)" = 0 ]
}

@test "the listings can be imported, and each is of one mode" {
	for mode in nested shadow; do
		run --separate-stderr "$suite" import "$results/boot-$mode.txt" --vendor svm -o $mode.json
		[[ $output$stderr == *"$mode:"*"and none contradicts"* ]] || { echo "$output$stderr"; return 1; }
	done
}

@test "the comparison names both modes and what differs" {
	grep -q 'what differs: paging' "$results/compare.txt"
	grep -qE 'nested-page-fault .* 0 ' "$results/compare.txt"
}

@test "every question is answered, with the figures of the listings" {
	for question in "What did a boot cost?" "Which exits are the most frequent, and which the least?" \
		"Do exits come at a stable rate?" "Why?" "Can these numbers be trusted?"; do
		grep -qxF "### $question" "$results/answers.md"
	done
	npf=$(listed "$results/boot-nested.txt" NPF)
	answered=$(sed -nE 's/.* has not mapped: ([0-9,]+) nested-page-fault.*/\1/p' "$results/answers.md" | tr -d ,)
	between "$npf" "$answered" $((npf + 50)) # the listing's own process comes between
	grep -q 'most frequent' "$BATS_FILE_TMPDIR/log"
}

@test "witness: every reason equal" { witness_holds nested && witness_holds shadow; }
