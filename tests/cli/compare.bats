#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# `suite compare`: what it prints, warns about and refuses.

bats_require_minimum_version 1.5.0
load helper

data=$BATS_TEST_DIRNAME/../data

@test "compare shows what nested and shadow paging differ in" {
	run --separate-stderr "$SUITE" compare "$data/nested.json" "$data/shadow.json"
	[ "$status" = 0 ]
	[ -z "$stderr" ]
	[[ $output == *"what differs: paging, nested in A and shadow in B"* ]]
	[[ $output == *"3 classes of exits and 0 times differ"* ]]
	[[ $output != *warning* ]]
}

@test "compare --json and -o X.json hold the same" {
	"$SUITE" compare "$data/nested.json" "$data/shadow.json" --json >a.json
	"$SUITE" compare "$data/nested.json" "$data/shadow.json" -o b.json
	cmp a.json b.json
	python3 -c '
import json
c = json.load(open("a.json"))["comparisons"][0]
assert c["axis"] == {"name": "paging", "a": "nested", "b": "shadow"}, c["axis"]
row = [r for r in c["rows"] if r["workload"] == "cr3.pipe" and r["class"] == "cr-access"][0]
assert row["verdict"] == "differs" and row["ratio"] is None, row
assert abs(row["difference"]["est"] - 2.25) < 0.005 and abs(row["p"] - 2 / 252) < 1e-9, row'
}

@test "several files are compared with the first, each in turn" {
	run --separate-stderr "$SUITE" compare "$data/nested.json" "$data/shadow.json" "$data/mixed.json"
	[ "$status" = 0 ]
	[ "$(grep -c '^A  ' <<<"$output")" = 2 ]
	[[ $output == *"warning: B: mixed paging modes"* ]]
}

@test "whatever differs beside the axis is warned about" {
	sed 's/"guest_kernel":"[^"]*"/"guest_kernel":"6.12"/; s/"pti":"off"/"pti":"on"/' "$data/shadow.json" >other.json
	run --separate-stderr "$SUITE" compare "$data/nested.json" other.json
	[ "$status" = 0 ]
	[[ $output == *"warning: guest_kernel differs too: 6.1.0-1-cloud-amd64 in A, 6.12 in B"* ]]
	[[ $output == *"warning: pti differs too: off in A, on in B"* ]]
	run --separate-stderr "$SUITE" compare "$data/nested.json" other.json --axis pti
	[[ $output == *"what differs: pti"* ]]
	[[ $output == *"warning: paging differs too"* ]]
}

@test "the same file twice is the same" {
	run --separate-stderr "$SUITE" compare "$data/nested.json" "$data/nested.json"
	[ "$status" = 0 ]
	[[ $output == *"the same thing twice"* ]]
	[[ $output == *"0 classes of exits and 0 times differ"* ]]
}

@test "bad input is one line, status 2" {
	run --separate-stderr "$SUITE" compare "$data/nested.json"
	one_line_error 2 "at least two"
	run --separate-stderr "$SUITE" compare "$data/nested.json" no-such.json
	one_line_error 2 no-such.json
	run --separate-stderr "$SUITE" compare "$data/nested.json" "$data/shadow.json" --axis thp
	one_line_error 2 "--axis thp"
	sed 's/"name":"/"name":"x./' "$data/nested.json" >renamed.json
	run --separate-stderr "$SUITE" compare "$data/nested.json" renamed.json
	one_line_error 2 "in common"
	run --separate-stderr "$SUITE" compare "$data/nested.json" "$data/shadow.json" -o "$data/nested.json"
	one_line_error 2 "one of the result files"
	run --separate-stderr "$SUITE" compare "$data/nested.json" "$data/shadow.json" -o no/such.txt
	one_line_error 3 no/such.txt
}
