#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# `suite report`: forms, exit statuses and messages. What the numbers must be is in tests/unit/test_estimate.c.

bats_require_minimum_version 1.5.0
load helper

data=$BATS_TEST_DIRNAME/../data

@test "report prints text, JSON, CSV and HTML" {
	run --separate-stderr "$SUITE" report "$data/shadow.json"
	[ "$status" = 0 ]
	[ -z "$stderr" ]
	[[ $output == *"shadow (from: leaf 0x4fffff01)"* ]]
	[[ $output == *WRITE_CR3*cr-access* ]]
	"$SUITE" report "$data/shadow.json" --json | python3 -c '
import json, sys
report = json.load(sys.stdin)
rows = {w["name"]: w for w in report["workloads"]}["cr3.pipe"]["per_op"]
assert abs(sum(r["est"] for r in rows if r["class"] == "cr-access") - 2.25) < 0.005, rows
assert report["paging"]["mode"] == "shadow" and report["paging"]["source"], report["paging"]'
	"$SUITE" report "$data/shadow.json" --csv | grep -q '^cr3.pipe,done,round trip,exits by class,,,cr-access,2.25'
	"$SUITE" report "$data/shadow.json" -o out.html
	grep -q '<h2>cr3.pipe</h2>' out.html
	"$SUITE" report "$data/shadow.json" -o out.json
	python3 -c 'import json; json.load(open("out.json"))["workloads"]'
}

@test "the sum of a class' rows is the class in every workload of every file" {
	for file in nested shadow mixed; do
		"$SUITE" report "$data/$file.json" --json | python3 -c '
import json, sys
for w in json.load(sys.stdin)["workloads"]:
    for c in w["classes"]:
        total = sum(r["est"] for r in w["per_op"] if r["class"] == c["class"])
        assert abs(total - c["est"]) < 0.003, (w["name"], c, total)'
	done
}

@test "report reads standard input" {
	run --separate-stderr "$SUITE" report - <"$data/nested.json"
	[ "$status" = 0 ]
	[[ $output == *"nested (from:"* ]]
}

@test "a file without exits has no exits in any form" {
	run --separate-stderr "$SUITE" report "$data/time-only.json" --json
	[ "$status" = 0 ]
	[[ $output != *per_op\":\ \[* ]]
	[[ $output == *"not available: "* ]]
	run --separate-stderr "$SUITE" report "$data/time-only.json" --csv
	[[ $output != *"exits by"* ]]
}

@test "--strict: status 1 for unexpected exits only" {
	run "$SUITE" report "$data/nested.json" --strict
	[ "$status" = 1 ]
	[[ $output == *UNEXPECTED* ]]
	run "$SUITE" report "$data/shadow.json" --strict
	[ "$status" = 0 ]
}

@test "a mixed file and a contradiction are named" {
	run --separate-stderr "$SUITE" report "$data/mixed.json"
	[[ $output == *"warning: mixed paging modes"* ]]
	sed 's/"paging":"shadow"/"paging":"nested"/' "$data/shadow.json" >liar.json
	run --separate-stderr "$SUITE" report liar.json
	[[ $output == *"warning: the hypervisor says nested paging"*"look like shadow"* ]]
}

@test "bad input is one line, status 2" {
	run --separate-stderr "$SUITE" report
	one_line_error 2 "one result file"
	run --separate-stderr "$SUITE" report no-such.json
	one_line_error 2 no-such.json "check the name"
	head -c 2000 "$data/nested.json" >cut.json
	run --separate-stderr "$SUITE" report cut.json
	one_line_error 2 cut.json "ends in the middle"
	echo '{"workloads": []}' >other.json
	run --separate-stderr "$SUITE" report other.json
	one_line_error 2 other.json "not a result file"
	sed 's/"version":"1.1"/"version":"9.0"/' "$data/nested.json" >future.json
	run --separate-stderr "$SUITE" report future.json
	one_line_error 2 future.json 9.0
	run --separate-stderr "$SUITE" report "$data/nested.json" --colour
	one_line_error 2 --colour
	run --separate-stderr "$SUITE" report "$data/nested.json" --color purple
	one_line_error 2 purple
}

@test "a report that cannot be written leaves nothing, status 3" {
	run --separate-stderr "$SUITE" report "$data/nested.json" -o no/such/out.txt
	one_line_error 3 no/such/out.txt "make the folder"
	mkdir here
	run --separate-stderr "$SUITE" report "$data/nested.json" -o here
	one_line_error 3 "name a file in it"
	[ -z "$(ls -A here)" ]
}

@test "a result is not overwritten by its own report" {
	cp "$data/nested.json" mine.json
	ln -s mine.json link.json
	run --separate-stderr "$SUITE" report mine.json -o link.json
	one_line_error 2 link.json
	cmp "$data/nested.json" mine.json
}

@test "colour: --color, NO_COLOR, never into a file" {
	run "$SUITE" report "$data/shadow.json"
	[[ $output != *$'\033'* ]]
	run "$SUITE" report "$data/shadow.json" --color always
	[[ $output == *$'\033[32mPASS'* ]]
	run env NO_COLOR=1 script -qec "'$SUITE' report '$data/shadow.json'" /dev/null
	[[ $output != *$'\033[32mPASS'* ]]
	run env -u NO_COLOR TERM=xterm script -qec "'$SUITE' report '$data/shadow.json'" /dev/null
	[[ $output == *$'\033[32mPASS'* ]]
}
