#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# `suite compare`: what it prints, warns about and refuses.

bats_require_minimum_version 1.5.0
load helper

data=$BATS_TEST_DIRNAME/../data

@test "compare shows what nested and shadow paging differ in" {
	try "$SUITE" compare "$data/nested.json" "$data/shadow.json"
	[ "$status" = 0 ]
	[ -z "$stderr" ]
	[[ $output == *"what differs: paging, nested in A and shadow in B"* ]]
	[[ $output == *"3 classes of exits and 0 times differ"* ]]
	[[ $output != *warning* ]]
}

@test "compare --json and -o X.json write the same" {
	"$SUITE" compare "$data/nested.json" "$data/shadow.json" --json >a.json
	"$SUITE" compare "$data/nested.json" "$data/shadow.json" -o b.json
	cmp a.json b.json
	/usr/bin/python3 -c '
import json
c = json.load(open("a.json"))["comparisons"][0]
assert c["axis"] == {"name": "paging", "a": "nested", "b": "shadow"}, c["axis"]
row = [r for r in c["rows"] if r["workload"] == "cr3.pipe" and r["class"] == "cr-access"][0]
assert row["verdict"] == "differs" and row["ratio"] is None, row
assert abs(row["difference"]["est"] - 2.25) < 0.005 and abs(row["p"] - 2 / 252) < 1e-9, row'
}

# boots N SEED...: result files boot-SIDE-SEED.json of other boots, with their truth from tests/data/generate.
boots() {
	/usr/bin/python3 - "$data/generate" "$@" <<-'EOF'
		import json, runpy, sys
		g = runpy.run_path(sys.argv[1], run_name="imported")
		for side in ("nested", "shadow"):
		    for seed in sys.argv[2:]:
		        with open(f"boot-{side}-{seed}.json", "w") as out:
		            json.dump(g["document"](g["Run"](side, int(seed) + (side == "shadow") * 100, 3)), out)
	EOF
}

@test "more than two files are grouped by what differs" {
	boots 1 2 3 4
	try "$SUITE" compare boot-*.json
	[ "$status" = 0 ]
	[[ $output == *"A  nested: 4 files, boot-nested-1.json to boot-nested-4.json: nested paging"* ]]
	[[ $output == *"B  shadow: 4 files, boot-shadow-1.json to boot-shadow-4.json: shadow paging"* ]]
	[[ $output == *"cr3.pipe, per round trip (n = 4 and 4 files)"* ]]
	# Four against four: no p is below 2/70, and that is enough for these three.
	[[ $output =~ cr-access[^$'\n']*\+2\.2[^$'\n']*0\.029\ more ]]
	[[ $output == *"permutation test of the files"* ]]
	"$SUITE" compare boot-*.json --json >auto.json
	"$SUITE" compare boot-nested-*.json -- boot-shadow-*.json --json >dashes.json
	"$SUITE" compare --side nested=boot-nested-1.json,boot-nested-2.json,boot-nested-3.json,boot-nested-4.json \
		--side shadow=boot-shadow-1.json,boot-shadow-2.json,boot-shadow-3.json,boot-shadow-4.json --json >sides.json
	cmp auto.json sides.json
	/usr/bin/python3 -c '
import json
a, d = json.load(open("auto.json")), json.load(open("dashes.json"))
c = a["comparisons"][0]
assert c["unit"] == "file" and c["a_name"] == "nested" and c["b_files"] == [4, 5, 6, 7], c
assert c["rows"] == d["comparisons"][0]["rows"]
row = [r for r in c["rows"] if r["workload"] == "pagefault.anon" and r["class"] == "page-fault"][0]
assert row["a"]["n"] == 4 and abs(row["p"] - 2 / 70) < 1e-9 and abs(row["b"]["est"] - 2) < 0.01, row'
}

@test "the repeats of several files are pooled only on request, with a message" {
	boots 1 2
	try "$SUITE" compare boot-nested-*.json -- boot-shadow-*.json
	[[ $output == *"?"* ]]
	[[ $output == *"with 2 and 2 files p cannot be below 0.33; compare 5 or more files a side"* ]]
	try "$SUITE" compare boot-nested-*.json -- boot-shadow-*.json --unit repeat
	[[ $output == *"(n = 6 and 6)"* ]]
	[[ $output =~ cr-access[^$'\n']*more ]]
	[[ $output == *"warning: the repeats of several files are pooled"* ]]
	try "$SUITE" compare boot-nested-*.json -- boot-shadow-1.json
	[[ $output == *"warning: B is one file, so one boot"* ]]
}

@test "three sides: each against the first" {
	sed 's/"paging":"shadow"/"paging":"nested"/; s/"guest_kernel":"[^"]*"/"guest_kernel":"6.12"/' "$data/nested.json" >new.json
	try "$SUITE" compare "$data/nested.json" -- "$data/shadow.json" -- new.json --axis kernel
	one_line_error 2 "--axis kernel" shadow.json
	try "$SUITE" compare "$data/nested.json" -- "$data/shadow.json" -- new.json
	[ "$status" = 0 ]
	[ "$(grep -c '^A  ' <<<"$output")" = 2 ]
	[[ $output == *"what differs: guest_kernel, 6.1.0-1-cloud-amd64 in A and 6.12 in B"* ]]
	try "$SUITE" compare "$data/nested.json" new.json --axis kernel
	[[ $output == *"what differs: guest_kernel"* ]]
}

# guests N FACTOR: a run next to N - 1 neighbours, every time FACTOR times as long.
guests() {
	/usr/bin/python3 - "$data/nested.json" "$1" "$2" >"guests$1.json" <<-'EOF'
		import json, sys
		d = json.load(open(sys.argv[1]))
		d["environment"].update({"guests": sys.argv[2], "outer_cpus": "1", "guest": "1"})
		for w in d["workloads"]:
		    for s in w["samples"]:
		        s["cycles"] = int(s["cycles"] * float(sys.argv[3]))
		json.dump(d, sys.stdout)
	EOF
}

@test "one guest against two and four: exits stay, times grow, and the axis is the number of guests" {
	guests 1 1
	guests 2 2
	guests 4 4
	try "$SUITE" compare --axis guests guests1.json -- guests2.json -- guests4.json
	[ "$status" = 0 ]
	[ -z "$stderr" ]
	[[ $output == *"what differs: guests, 1 in A and 2 in B"* ]]
	[[ $output == *"what differs: guests, 1 in A and 4 in B"* ]]
	[[ $output != *warning* ]]
	[ "$(grep -c '^0 classes of exits and [1-9][0-9]* times differ' <<<"$output")" = 2 ] || { echo "$output"; return 1; }
	"$SUITE" compare --axis guests guests1.json -- guests2.json -- guests4.json --json >sides.json
	# Nothing else differs, so that it need not be said.
	"$SUITE" compare guests1.json guests2.json guests4.json --json >found.json
	for file in sides found; do
		jq -e '[.comparisons[].axis] == [{"name": "guests", "a": "1", "b": "2"}, {"name": "guests", "a": "1", "b": "4"}]' $file.json
		jq -e '[.comparisons[] | .rows[] | select(.workload == "cr3.pipe" and .quantity == "ns").ratio | . * 100 | round] == [200, 400]' $file.json
	done
}

@test "--fail-on: status 1, each finding a line on stderr" {
	try "$SUITE" compare "$data/nested.json" "$data/shadow.json" --fail-on 'pagefault.*:exits>5%'
	[ "$status" = 1 ]
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == *"pagefault.anon, page-fault: 0 "*" in A, 2 in B, +2, q 0.008 (--fail-on 'pagefault.*:exits>5%')" ]]
	[[ $output == *"FAIL pagefault.anon, page-fault"* ]]
	try "$SUITE" compare "$data/shadow.json" "$data/nested.json" --fail-on 'pagefault:page-fault>5%'
	[ "$status" = 0 ]
	try "$SUITE" compare "$data/shadow.json" "$data/nested.json" --fail-on 'pagefault:page-fault<50%'
	[ "$status" = 1 ]
	try "$SUITE" compare "$data/nested.json" "$data/shadow.json" --fail-on 'cr3:cr-access>2.5' --fail-on 'cpuid.leaf0:exits>1%' --fail-on '*:time>10%'
	[ "$status" = 0 ]
	try "$SUITE" compare "$data/nested.json" "$data/shadow.json" --fail-on 'cr3:cr-access>2.2'
	[ "$status" = 1 ]
	# 2.4 us more each time, of 24 us.
	/usr/bin/python3 - "$data/nested.json" <<-'EOF'
		import json, sys
		d = json.load(open(sys.argv[1]))
		for w in d["workloads"]:
		    for s in w["samples"]:
		        s["cycles"] = int(s["cycles"] * (1.1 if w["name"] == "cr3.pipe" else 1))
		json.dump(d, open("slow.json", "w"))
	EOF
	try "$SUITE" compare "$data/nested.json" slow.json --fail-on '*:time>8%'
	[ "$status" = 1 ]
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == *"cr3.pipe, time: 23.97 us in A, 26.37 us in B, +10.0 %"*"an emulator's time"* ]]
	try "$SUITE" compare "$data/nested.json" slow.json --fail-on '*:time>12%' --fail-on 'cr3.pipe:time>5us'
	[ "$status" = 0 ]
	try "$SUITE" compare "$data/nested.json" slow.json --fail-on 'cr3.pipe:time>2us' --json
	[ "$status" = 1 ]
	/usr/bin/python3 -c 'import json, sys; assert len(json.loads(sys.argv[1])["findings"]) == 1' "$output"
}

@test "--fail-on rejects a mixed file and another ABI" {
	try "$SUITE" compare "$data/nested.json" "$data/mixed.json" --fail-on 'cpuid.leaf0:exits>5%'
	[ "$status" = 1 ]
	[[ $stderr == *"exits cannot be trusted: B: mixed paging modes"* ]]
	sed 's/"abi":1/"abi":2/' "$data/nested.json" >abi.json
	try "$SUITE" compare "$data/nested.json" abi.json --fail-on 'cpuid.leaf0:exits>5%'
	[ "$status" = 1 ]
	[[ $stderr == *"different ABIs, 1 in A and 2 in B"* ]]
}

@test "--fail-on: an invalid rule, or one that matches no row, is an error" {
	local rule
	for rule in exits 'a:exits' 'a:exits>' 'a:exits>x' 'a:exits>5us' 'a:time>5' 'a:what>5%' ':exits>5%' 'a:exits>-1'; do
		try "$SUITE" compare "$data/nested.json" "$data/shadow.json" --fail-on "$rule"
		one_line_error 2 "--fail-on '$rule'"
	done
	try "$SUITE" compare "$data/nested.json" "$data/shadow.json" --fail-on 'no.such:exits>5%'
	one_line_error 2 "matches no row"
}

@test "csv and markdown have the rows of the table" {
	"$SUITE" compare "$data/nested.json" "$data/shadow.json" -o a.csv
	"$SUITE" compare "$data/nested.json" "$data/shadow.json" --json >a.json
	/usr/bin/python3 -c '
import csv, json
c, j = list(csv.DictReader(open("a.csv"))), json.load(open("a.json"))["comparisons"][0]["rows"]
assert len(c) == len(j) > 20
for x, y in zip(c, j):
    assert (x["workload"], x["class"], x["verdict"]) == (y["workload"], y["name"], y["verdict"])
    assert float(x["b"]) == y["b"]["est"] and float(x["difference"]) == y["difference"]["est"], x
    assert (float(x["p"]) if x["p"] else None) == y["p"]'
	try "$SUITE" compare "$data/nested.json" "$data/shadow.json" --markdown
	[ "$status" = 0 ]
	[[ $output == *"| cr3.pipe | cr-access | 0 (\\<0.0004) | 2.250 | **+2.250** | 2.250..2.250 |  | 0.008 | **more** |"* ]]
	[[ $output == *"- what differs: paging"* ]]
	"$SUITE" compare "$data/nested.json" "$data/shadow.json" -o a.md
	[ "$output" = "$(cat a.md)" ]
	sed 's/"op":"round trip"/"op":"a|b <i>*c*"/; s/"name":"cr3.pipe"/"name":"cr3|<script>"/' "$data/nested.json" >odd.json
	"$SUITE" compare odd.json odd.json --markdown >odd.md
	run ! grep -q '<script>' odd.md
	[ "$(grep -F 'cr3\|\<script\>' odd.md | head -n 1 | sed 's/\\|//g' | tr -cd '|' | wc -c)" = 10 ]
}

@test "a warning names everything that differs besides the axis" {
	sed 's/"guest_kernel":"[^"]*"/"guest_kernel":"6.12"/; s/"pti":"off"/"pti":"on"/' "$data/shadow.json" >other.json
	try "$SUITE" compare "$data/nested.json" other.json
	[ "$status" = 0 ]
	[[ $output == *"warning: guest_kernel differs too: 6.1.0-1-cloud-amd64 in A, 6.12 in B"* ]]
	[[ $output == *"warning: pti differs too: off in A, on in B"* ]]
	try "$SUITE" compare "$data/nested.json" other.json --axis pti
	[[ $output == *"what differs: pti"* ]]
	[[ $output == *"warning: paging differs too"* ]]
}

@test "control characters in labels do not reach the terminal" {
	sed 's/"thp":"always"/"t\\u001bhp":"\\u001b[31m"/' "$data/nested.json" >odd.json
	try "$SUITE" compare "$data/nested.json" odd.json --axis "$(printf 't\033hp')"
	[ "$status" = 0 ]
	[[ $output == *"what differs: t?hp, not recorded in A and ?[31m in B"* ]]
	[[ $output != *$'\033'* ]]
}

@test "a file compared with itself does not differ" {
	try "$SUITE" compare "$data/nested.json" "$data/nested.json"
	[ "$status" = 0 ]
	[[ $output == *"no recorded fact differs"* ]]
	[[ $output == *"0 classes of exits and 0 times differ"* ]]
}

@test "bad input is one line, status 2" {
	try "$SUITE" compare "$data/nested.json"
	one_line_error 2 "at least two"
	try "$SUITE" compare "$data/nested.json" no-such.json
	one_line_error 2 no-such.json
	try "$SUITE" compare "$data/nested.json" "$data/shadow.json" --axis thp
	one_line_error 2 "--axis thp"
	sed 's/"name":"/"name":"x./' "$data/nested.json" >renamed.json
	try "$SUITE" compare "$data/nested.json" renamed.json
	one_line_error 2 "in common"
	try "$SUITE" compare a.json a.json -- b.json
	one_line_error 2 "twice"
	try "$SUITE" compare --side a=x.json y.json
	one_line_error 2 "y.json"
	try "$SUITE" compare --side x.json --side y.json
	one_line_error 2 "NAME=FILE"
	try "$SUITE" compare a.json b.json --format odd
	one_line_error 2 "--format"
	try "$SUITE" compare "$data/nested.json" "$data/shadow.json" -o "$data/nested.json"
	one_line_error 2 "one of the result files"
	try "$SUITE" compare "$data/nested.json" "$data/shadow.json" -o no/such.txt
	one_line_error 3 no/such.txt
}
