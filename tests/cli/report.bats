#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# `suite report`: forms, exit statuses and messages. What the numbers must be is in tests/unit/test_estimate.c.

bats_require_minimum_version 1.5.0
load helper

data=$BATS_TEST_DIRNAME/../data

@test "report prints text, JSON, CSV and HTML" {
	try "$SUITE" report "$data/shadow.json"
	[ "$status" = 0 ]
	[ -z "$stderr" ]
	[[ $output == *"shadow (from: leaf 0x4fffff01)"* ]]
	[[ $output == *WRITE_CR3*cr-access* ]]
	"$SUITE" report "$data/shadow.json" --json | /usr/bin/python3 -c '
import json, sys
report = json.load(sys.stdin)
rows = {w["name"]: w for w in report["workloads"]}["cr3.pipe"]["per_op"]
assert abs(sum(r["est"] for r in rows if r["class"] == "cr-access") - 2.25) < 0.005, rows
assert report["paging"]["mode"] == "shadow" and report["paging"]["source"], report["paging"]'
	"$SUITE" report "$data/shadow.json" --csv | grep -q '^cr3.pipe,done,round trip,exits by class,,,cr-access,2.25'
	"$SUITE" report "$data/shadow.json" -o out.html
	grep -q '<span class="name">cr3.pipe <small>per round trip</small>' out.html
	"$SUITE" report "$data/shadow.json" -o out.json
	/usr/bin/python3 -c 'import json; json.load(open("out.json"))["workloads"]'
}

@test "the sum of a class' rows is the class in every workload of every file" {
	for file in nested shadow mixed; do
		"$SUITE" report "$data/$file.json" --json | /usr/bin/python3 -c '
import json, sys
for w in json.load(sys.stdin)["workloads"]:
    for c in w["classes"]:
        total = sum(r["est"] for r in w["per_op"] if r["class"] == c["class"])
        assert abs(total - c["est"]) < 0.003, (w["name"], c, total)'
	done
}

# openmetrics FILE: promtool must find nothing to say. The package would install a service: it is unpacked instead.
openmetrics() {
	local tool
	tool=$("$BATS_TEST_DIRNAME/promtool") || return 1
	"$tool" check metrics <"$1" >promtool.log 2>&1 && [ ! -s promtool.log ] || { cat promtool.log; return 1; }
}

@test "two listings of boots: why the modes differ, by their own figures, and no verdict on tables that they lack" {
	for mode in nested shadow; do
		"$SUITE" import "$data/listings/pair-$mode.txt" --vendor vmx -o $mode.json >/dev/null
	done
	"$SUITE" report nested.json shadow.json --json >both.json
	jq -e '[.summary[] | select(.key == "expected")] == []' both.json
	jq -e '[.summary[] | select(.key == "why_mode") | .text] | length == 2 and
		(.[0] | test("0 invlpg. .*35,708 nested-page-fault")) and
		(.[1] | test("8,618,699 cr-access, 1,566,621 exception, 171,510 invlpg. .* 0 nested-page-fault"))' both.json
}

@test "several files are sides of one report, in every form" {
	"$SUITE" report "$data/nested.json" "$data/shadow.json" --json >both.json
	/usr/bin/python3 - <<'PYTHON'
import json
both = json.load(open("both.json"))
assert [s["label"] for s in both["sides"]] == ["nested paging", "shadow paging"], both["sides"]
text = {s["key"]: s["text"] for s in both["summary"]}
assert "in 2 of 7 workloads, and fewer of some class in 1" in text["changed"], text["changed"]
assert "cpuid.leaf0 1 and 1" in text["unchanged"], text["unchanged"]
import re
for a, b in re.findall(r" ([\d.,]+) and ([\d.,]+)", text["unchanged"]):
    a, b = (float(x.replace(",", "")) for x in (a, b))
    assert abs(b - a) <= 0.021 * a, text["unchanged"]
assert "56,087" in text["boot"], text["boot"]
PYTHON
	run "$SUITE" report "$data/nested.json" "$data/shadow.json"
	[[ $output == *"Summary"*"With shadow paging (B) an operation causes more exits than with nested paging (A) in 2 of 7"* ]]
	[[ $output == *"fewer of some class in 1"* ]]
	"$SUITE" report "$data/nested.json" "$data/shadow.json" --csv | grep -q '^cr3.pipe,.*,shadow paging$'
	"$SUITE" report "$data/nested.json" "$data/shadow.json" --format=md >out.md
	grep -qF '| cr3.pipe | round trip | 2.250 cr-access | 24.0' out.md || { cat out.md; false; }
}

@test "a folder stands for the laboratory's files, each with its witness" {
	mkdir lab
	cp "$data/nested.json" "$data/shadow.json" lab
	jq '{vendor: "svm", paging: "nested", guest: .counters.after, after: {}, problem: null, equal: true,
		total: {kvm_exit: 22268, stat_exits: 22268, guest: 22268, after: 0}}' lab/nested.json >lab/witness-nested.json
	"$SUITE" report lab --json >out.json
	[ "$(jq -c '[.sides[].witness.equal]' out.json)" = '[true,null]' ]
	# It saw less than the file holds: it is not of this run.
	jq '.guest["svm:0x72"] = 3' lab/witness-nested.json >other && mv other lab/witness-nested.json
	try "$SUITE" report lab
	one_line_error 2 lab/witness-nested.json "not of this run" svm:0x72
	mkdir boots
	for n in 1 2; do cp "$data/nested.json" "boots/nested-$n.json"; cp "$data/shadow.json" "boots/shadow-$n.json"; done
	"$SUITE" report boots --json >out.json
	[ "$(jq -c '[.sides[].label]' out.json)" = '["nested-1","nested-2","shadow-1","shadow-2"]' ]
	mkdir empty
	try "$SUITE" report empty
	one_line_error 2 "'empty'" "no nested.json"
}

@test "a boot's marks next to a file say what the boot alone has cost" {
	mkdir boot
	cp "$data/shadow.json" boot
	jq 'del(.histograms) | .calibration.tsc_khz = 1000000 | .workloads = [{name: "boot.init", family: "boot", summary: "", op: "boot",
		status: "done", parameters: {}, expected: [], samples: [{repeat: 0, order: 0, ops: 0, cycles: 0, exits: {}},
		{repeat: 0, order: 1, ops: 1, cycles: 4000000000, exits: {"svm:0x72": 60, "svm:0x4e": 140}}]}]' \
		"$data/shadow.json" >boot/boot-shadow.json
	run jq -r '.summary[].text' <("$SUITE" report boot --json)
	[[ $output == *"200 exits from the VM's start to its first process, 4 s after its kernel started: 50 exits a second"* ]]
	[ "$("$SUITE" report boot --json | jq .counters.boot.total)" = 200 ]
	jq '.probe.instance = 99' boot/boot-shadow.json >other && mv other boot/boot-shadow.json
	try "$SUITE" report boot
	one_line_error 2 boot/boot-shadow.json "different VM" boot/shadow.json
}

@test "gbench: Google Benchmark's compare.py reads it, and tests repeats against repeats" {
	"$SUITE" report "$data/nested.json" --format=gbench -o a.json
	"$SUITE" report "$data/shadow.json" --format=gbench -o b.json
	/usr/bin/python3 /usr/share/benchmark/compare.py --no-color benchmarks a.json b.json >compare.txt
	grep -qE '^cr3.pipe +[-+]0\.0' compare.txt || { cat compare.txt; false; }
	grep -qE '^cr3.pipe_pvalue .*U Test, Repetitions: 5 vs 5' compare.txt
	try "$SUITE" report "$data/nested.json" "$data/shadow.json" --format=gbench
	one_line_error 2 "one result file"
}

@test "openmetrics: promtool accepts it, also with hostile names" {
	"$SUITE" report "$data/nested.json" "$data/shadow.json" --format=openmetrics >out.prom
	openmetrics out.prom
	grep -qF 'workload="cr3.pipe",op="round trip",class="cr-access"} 2.25' out.prom
	[ "$(tail -n 1 out.prom)" = '# EOF' ]
	"$data/hostile" "$data/shadow.json" >hostile.json
	"$SUITE" report hostile.json --format=openmetrics >hostile.prom
	openmetrics hostile.prom
}

@test "gnuplot: the script runs as it is, also with hostile names" {
	"$SUITE" report "$data/nested.json" "$data/shadow.json" -o out.gp
	gnuplot out.gp >out.svg 2>err
	[ ! -s err ]
	grep -q 'B, shadow paging' out.svg
	"$data/hostile" "$data/shadow.json" >hostile.json
	"$SUITE" report hostile.json --format=gnuplot >hostile.gp
	gnuplot hostile.gp >hostile.svg 2>err
	[ ! -s err ] || { cat err; false; }
	[ ! -e owned ]
	"$SUITE" report "$data/time-only.json" --format=gnuplot | gnuplot >time.svg
	grep -q 'no exits were counted' time.svg
}

@test "an unknown format, and too many files" {
	try "$SUITE" report "$data/nested.json" --format=pdf
	one_line_error 2 "'pdf'" openmetrics
	try "$SUITE" report "$data"/nested.json{,,,,,,,,}
	one_line_error 2 "more than 8"
	try "$SUITE" report - - </dev/null
	one_line_error 2 "read once"
}

@test "report reads standard input" {
	try "$SUITE" report - <"$data/nested.json"
	[ "$status" = 0 ]
	[[ $output == *"nested (from:"* ]]
}

@test "a file without exits has no exits in any form" {
	try "$SUITE" report "$data/time-only.json" --json
	[ "$status" = 0 ]
	[[ $output != *per_op\":\ \[* ]]
	[[ $output == *"not available: "* ]]
	try "$SUITE" report "$data/time-only.json" --csv
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
	try "$SUITE" report "$data/mixed.json"
	[[ $output == *"warning: mixed paging modes"* ]]
	sed 's/"paging":"shadow"/"paging":"nested"/' "$data/shadow.json" >liar.json
	try "$SUITE" report liar.json
	[[ $output == *"warning: the hypervisor says nested paging"*"look like shadow"* ]]
}

@test "bad input is one line, status 2" {
	try "$SUITE" report
	one_line_error 2 "at least one result file"
	try "$SUITE" report no-such.json
	one_line_error 2 no-such.json "check the name"
	head -c 2000 "$data/nested.json" >cut.json
	try "$SUITE" report cut.json
	one_line_error 2 cut.json "ends in the middle"
	echo '{"workloads": []}' >other.json
	try "$SUITE" report other.json
	one_line_error 2 other.json "not a result file"
	sed 's/"version":"1.2"/"version":"9.0"/' "$data/nested.json" >future.json
	try "$SUITE" report future.json
	one_line_error 2 future.json 9.0
	try "$SUITE" report "$data/nested.json" --colour
	one_line_error 2 --colour
	try "$SUITE" report "$data/nested.json" --color purple
	one_line_error 2 purple
}

@test "a report that cannot be written leaves nothing, status 3" {
	try "$SUITE" report "$data/nested.json" -o no/such/out.txt
	one_line_error 3 no/such/out.txt "make the folder"
	mkdir here
	try "$SUITE" report "$data/nested.json" -o here
	one_line_error 3 "name a file in it"
	[ -z "$(ls -A here)" ]
}

@test "a result is not overwritten by its own report" {
	cp "$data/nested.json" mine.json
	ln -s mine.json link.json
	try "$SUITE" report mine.json -o link.json
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
