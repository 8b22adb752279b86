#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# `suite import`: listings that people have, as result files. Figures: tests/data/listings/generate.

bats_require_minimum_version 1.5.0
load helper

data=$BATS_TEST_DIRNAME/../data
listings=$data/listings

# counters FILE KEY...: reasons of counters.after, 0 where they are absent; "total" is listing.total.last.
counters() {
	/usr/bin/python3 - "$@" <<-'EOF'
		import json, sys
		r = json.load(open(sys.argv[1]))
		print(*[r["listing"].get("total", {}).get("last") if k == "total" else r["counters"]["after"].get(k, 0) for k in sys.argv[2:]])
	EOF
}

@test "a listing of both paging modes is mixed, with the share that cannot be nested" {
	try "$SUITE" import "$listings/mixed.txt" --vendor vmx -o mixed.json
	[ "$status" = 0 ]
	[ -z "$stderr" ]
	[[ $output == *"mixed: of 3,931,680 exits 4.16 % cannot be nested paging (INVLPG 163,555)"* ]]
	[[ $output == *"22.65 % cannot be shadow paging (EPT_VIOLATION 890,534)"* ]]
	try "$SUITE" report mixed.json
	[ "$status" = 0 ]
	[[ $output == *"mixed: of 3,931,680 exits 4.16 % cannot be nested paging"* ]]
	[[ $output == *"warning: mixed paging modes"* ]]
	grep -q '"fingerprint":"mixed"' mixed.json
}

@test "every format of the same listing gives the same counts" {
	local name
	for name in pair-nested pair-nested-columns pair-nested-cpuid; do
		"$SUITE" import "$listings/$name.txt" --vendor vmx -o "$name.json" >"$name.out"
		[ "$(counters "$name.json" vmx:0 vmx:10 vmx:14 vmx:28 vmx:48 vmx:49 total)" = \
			"8407 132076 0 18175 35708 30422 449531" ]
		grep -q 'paging  nested: 14.71 % of 449,531 exits' "$name.out"
	done
	for name in pair-shadow pair-shadow-dmesg pair-shadow-glued; do
		"$SUITE" import "$listings/$name.txt" --vendor vmx -o "$name.json" >"$name.out"
		[ "$(counters "$name.json" vmx:0 vmx:10 vmx:14 vmx:28 vmx:48 vmx:49 total)" = \
			"1566621 132252 171510 8618699 0 0 11166598" ]
		grep -q 'paging  shadow: 1.54 % of 11,166,598 exits' "$name.out"
	done
	"$data/validate" ./*.json
}

@test "cpuid's lines need the layout of the patch" {
	"$SUITE" import "$listings/pair-shadow-layout-b.txt" --vendor vmx --layout b -o b.json
	[ "$(counters b.json vmx:10 vmx:28 total)" = "132252 8618699 11166598" ]
	grep -q '"backend":"course-b"' b.json
	try "$SUITE" import "$listings/pair-shadow-layout-b.txt" --vendor vmx -o a.json
	one_line_error 2 "pair-shadow-layout-b.txt:278:" "0x4ffffffe" "--layout"
	[ ! -e a.json ]
}

@test "several CPUs in a line and a counter that moves: the last reading counts" {
	printf 'exit number= 10, number_of_exits = CPU 0: 0x4ffffffd 0x0a: eax=0x00000064 ebx=0 CPU 1: 0x4ffffffd 0x0a: eax=0x00000086 ebx=0\nTOTAL = 500\nexit number= 48, number_of_exits =\nCPU:\n   0x4ffffffd 0x30: eax=0x00000007 ebx=0x00000000\nTOTAL = 534\n' >two.txt
	try "$SUITE" import two.txt --vendor vmx -o two.json
	[ "$status" = 0 ]
	[[ $output == *"2 reasons in 3 readings"* ]]
	[[ $output == *"34 exits came between the first and the last reading"* ]]
	[ "$(counters two.json vmx:10 vmx:48 total)" = "134 7 534" ]
	grep -q '"before":{"vmx:10":100,"vmx:48":7}' two.json
	"$SUITE" import - --vendor vmx -o stdin.json <two.txt >/dev/null
	[ "$(counters stdin.json vmx:10 vmx:48 total)" = "134 7 534" ]
}

@test "a count of 32 bits wraps, and a signed one is read as unsigned" {
	printf 'exit number=10 exits=4294967290\nexit number=10 exits=6\nexit number=48, number of exits=-2147483648\nexit number=30: 1,234,567\nexit number= 12, number_of_exits = eax=0x00000010\n' >wrap.txt
	"$SUITE" import wrap.txt --vendor vmx -o wrap.json >/dev/null
	[ "$(counters wrap.json vmx:10 vmx:48 vmx:30 vmx:12)" = "4294967302 2147483648 1234567 16" ]
}

@test "the program's own ffd listing is imported unchanged" {
	printf 'exit number= 114, name= CPUID, number_of_exits =500\nexit number= 1024, name= NPF, number_of_exits =1887\n' >ffd.txt
	"$SUITE" import ffd.txt --vendor svm -o ffd.json >out
	[ "$(counters ffd.json svm:0x72 svm:0x400)" = "500 1887" ]
	grep -q 'paging  nested' out
}

@test "the published pair compares: x24.8, CPUID unchanged" {
	"$SUITE" import "$listings/pair-nested.txt" --vendor vmx -o nested.json >/dev/null
	"$SUITE" import "$listings/pair-shadow-dmesg.txt" --vendor vmx -o shadow.json >/dev/null
	try "$SUITE" compare nested.json shadow.json
	[ "$status" = 0 ]
	[[ $output == *"what differs: paging, nested in A and shadow in B"* ]]
	[[ $output == *"449,531 exits in A, 11,166,598 in B: x24.8"* ]]
	[[ $output =~ unchanged\ \(within\ 2\ %\):\ CPUID$'\n' ]]
	[[ $output == *"only in A: EPT_VIOLATION, EPT_MISCONFIG"* ]]
	[[ $output == *"only in B: INVLPG"* ]]
}

@test "bad input is one line with its place, status 2" {
	try "$SUITE" import no-such.txt --vendor vmx -o x.json
	one_line_error 2 no-such.txt
	try "$SUITE" import "$listings/mixed.txt" -o x.json
	one_line_error 2 --vendor
	try "$SUITE" import "$listings/mixed.txt" --vendor vmx
	one_line_error 2 "-o"
	try "$SUITE" import "$listings/mixed.txt" --vendor vmx --layout d -o x.json
	one_line_error 2 --layout
	printf 'exit number= 10, number_of_exits =5\nexit number= 48, number_of_exits =89O534\n' >letter.txt
	try "$SUITE" import letter.txt --vendor vmx -o x.json
	one_line_error 2 letter.txt:2: "exit number 48"
	printf 'exit number= 48, number_of_exits =\n\nexit number= 49, number_of_exits =3\n' >none.txt
	try "$SUITE" import none.txt --vendor vmx -o x.json
	one_line_error 2 none.txt:1:
	printf 'exit number= 48, number_of_exits = CPU 0: 0x4ffffffd 0x31: eax=0x00000005\n' >other.txt
	try "$SUITE" import other.txt --vendor vmx -o x.json
	one_line_error 2 other.txt:1: "number 48" "number 49"
	printf '   0x4ffffffd 0x31: eax=0x0005' >cut.txt
	try "$SUITE" import cut.txt --vendor vmx -o x.json
	one_line_error 2 cut.txt:1: "cut off"
	cat "$listings/pair-nested.txt" "$listings/pair-shadow.txt" >both.txt
	try "$SUITE" import both.txt --vendor vmx -o x.json
	one_line_error 2 both.txt:119: "EPT_VIOLATION is 0, but was 35708 in line 49" "two listings"
	printf 'exit number= 35, number_of_exits =5\n' >undefined.txt
	try "$SUITE" import undefined.txt --vendor vmx -o x.json
	one_line_error 2 undefined.txt:1: "no such reason"
	try "$SUITE" import "$listings/pair-nested.txt" --vendor svm -o x.json
	one_line_error 2 "--vendor vmx"
	printf 'nothing of the kind\n' >prose.txt
	try "$SUITE" import prose.txt --vendor vmx -o x.json
	one_line_error 2 prose.txt:1: "number_of_exits"
	: >empty.txt
	try "$SUITE" import empty.txt --vendor vmx -o x.json
	one_line_error 2 empty.txt
	[ ! -e x.json ]
	cp "$listings/mixed.txt" same.txt
	try "$SUITE" import same.txt --vendor vmx -o same.txt
	one_line_error 2 "the listing itself"
}
