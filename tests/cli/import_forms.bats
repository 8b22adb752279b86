#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# `suite import`: the forms in which other people's programs print exits. What each file of tests/data/import holds.

bats_require_minimum_version 1.5.0
load helper

data=$BATS_TEST_DIRNAME/../data/import

# holds FILE REASON=COUNT...: the result has these reasons and no others; total=N is the listing's own, or none.
holds() {
	local file=$1
	shift
	"$SUITE" import "$data/$file" --vendor vmx -o "$file.json" >"$file.out" || return 1
	/usr/bin/python3 -c 'import json, sys
r = json.load(open(sys.argv[1]))
found = {k[4:]: v for k, v in r["counters"]["after"].items()}
found.update({"total": r["listing"]["total"]["last"]} if "total" in r["listing"] else {})
wanted = {k: int(v) for k, v in (pair.split("=") for pair in sys.argv[2:])}
sys.exit(0 if found == wanted else f"{sys.argv[1]}: {found}, not {wanted}")' "$file.json" "$@"
}

# refused FILE WORD...: one line with the words, and no result.
refused() {
	local file=$1
	shift
	try "$SUITE" import "$data/$file" --vendor vmx -o "$file.json"
	one_line_error 2 "$file:" "$@" && [ ! -e "$file.json" ]
}

@test "words around a reason and its count" {
	holds i01-kvm-exit-name.txt 0=33 1=34321 7=305428 10=1681 28=16214 29=1 30=1419909 31=43 32=108 48=7449 49=4806 54=7
	holds i06-occurred-times.txt 0=33 10=1681 30=8286
	grep -q '1 names are not those of the number' i06-occurred-times.txt.out
	holds i07-type-paren.txt 0=9 1=11257 10=20675 48=27479 49=1301
	holds i09-echoed-question.txt 10=262068
	holds i11-exit-frequency.txt 10=33455 48=291635
	holds i15-exit-eq.txt 5=42 10=33455 48=25079
}

@test "dumps that repeat: the last one counts, and its own total" {
	holds i02-exit-name-total.txt total=630000 0=11777 1=27855 10=204471 30=288429 52=5386
	holds i03-exit-n.txt total=20000 30=8300 48=11700
	holds i04-reason-arrow.txt total=20000 0=33 10=3681 30=16286
	head -n 9 "$data/i02-exit-name-total.txt" >cut.txt
	try "$SUITE" import cut.txt --vendor vmx -o cut.json
	[ "$status" = 0 ]
	[[ $output == *"the last dump ends after 1 readings"* ]]
	grep -q '"vmx:10":198245' cut.json
}

@test "a time is no count" {
	holds i10-total-time.txt total=1350000 10=33455 48=291635
	holds i10b-time-for-exit.txt 48=35708 10=132076
	holds i13-total-number.txt total=1350000 10=33455
}

@test "reason and count in two lines, in prose, several in a line" {
	holds i16-two-line.txt 10=33455 48=25079
	holds i16b-two-line-rev.txt 10=33455 48=25079
	holds i17-prose-above.txt 10=139717 48=1095 1=34266
	holds i21-several-a-line.txt 0=8407 10=132076 48=35708
	holds i21b-several-columns.txt 0=8407 10=132076 28=18175 48=35708 49=30422
}

@test "Markdown" {
	holds i19-md-table.txt 10=132076 28=18175 48=35708 49=30422
	refused i19b-md-table-two-counts.txt :3: "ept=1" "ept=0" "both counts"
	holds i20-md-bold-list.txt 30=288429 10=204471 12=32675 0=11777
	holds i20b-md-dash-list.txt 30=279060 10=198245 28=32697
}

@test "numbers end at a blank, a unit or a separator of thousands" {
	holds i22-apostrophe.txt 48=35708 10=132076
	holds i22c-nbsp.txt 48=35708 10=132076
	refused i23-hex-bare.txt :1: "'1c' is no number"
	refused i25-wrapped64.txt :1: "no count"
}

@test "names for numbers, and what cannot be told is refused" {
	printf 'Exit reason EPT_VIOLATION: 183\nExit reason CPUID: 9\n' >"$BATS_TEST_TMPDIR/names.txt"
	data=$BATS_TEST_TMPDIR
	holds names.txt 48=183 10=9
	printf 'npf 5\ncpuid 3\n' >svm.txt
	"$SUITE" import svm.txt --vendor svm -o svm.json >/dev/null
	grep -q '"svm:0x72":3,"svm:0x400":5' svm.json
	printf 'reason,count\n10,132\n48,35708\n' >comma.txt
	refused comma.txt :2: "one number"
	printf 'Count Reason\n5 10\n' >turned.txt
	refused turned.txt :2: "first column"
	printf 'EXITS = 5\nEXIT NUMBER = 10\nEXITS = 7\n' >left.txt
	refused left.txt :3: "without a reason"
	printf 'vcpu 0 exit 10: 5\nvcpu 1 exit 10: 7\n' >cpus.txt
	refused cpus.txt :2: "CPU 1"
	printf '@exits[10]: 5\n@count[48]: 6\n' >maps.txt
	refused maps.txt :2: "@exits" "@count"
	printf '1008 0\n' >zero.txt
	refused zero.txt :1: "first column"
}

@test "marks of the encoding, and prefixes" {
	holds i18-bom-columns.txt 0=8407 10=132076 48=35708
	refused i26-utf16.txt "UTF-16" iconv
	holds i27-journal-columns.txt 0=8407 10=132076 48=35708
	holds i27c-dmesg-r-columns.txt 0=8407 10=132076
}

@test "columns the wrong way around, two boots, two CPUs" {
	refused i28-reversed.txt :1: "no exit number 132076: is the count in the first column?"
	holds i29-two-boots.txt 0=1472574 10=288663 14=163860 28=8410464 48=129524246 58=119447
	grep -q 'warning these look like two listings: their times are 12 h apart' i29-two-boots.txt.out
	holds i37-two-vcpus.txt 1=5967 30=8320
}

@test "what other tools print" {
	holds i31-bcc-pid.txt 1=175 10=10 48=6
	holds i31c-bcc-one-vm.txt 32=13467 12=5060 48=18
	holds i32-perf-kvm-stat.txt total=25899 32=9167 1=5877 12=2232 10=2160 49=303
	holds i33-bpftrace.txt 10=2160 48=183 1=5877 32=9167
	holds i34-kvm_stat.txt total=150446 48=183 10=2160 32=9167
	holds i35-trace-cmd.txt 48=1
	cat "$data/i31-bcc-pid.txt" "$data/i31-bcc-pid.txt" >twice.txt
	try "$SUITE" import twice.txt --vendor vmx -o twice.json
	one_line_error 2 twice.txt:9: "second listing"
	refused i36-domstats.txt "virsh domstats" "totals only"
	refused i36b-query-stats.json "query-stats" "totals only"
	refused i36c-debugfs-exits.txt debugfs "totals only"
}

@test "--explain tells of each line, and writes no file" {
	try "$SUITE" import "$data/i10-total-time.txt" --vendor vmx --explain
	[ "$status" = 0 ]
	[ "$output" = "1: total: 1350000
2: left out: a time
3: words: exit number 10 CPUID = 33455
4: words: exit number 48 EPT_VIOLATION = 291635" ]
	try "$SUITE" import "$data/i10-total-time.txt" --vendor vmx --explain -o -
	one_line_error 2 --explain
}

@test "a listing of 60,000 lines, and one line of a megabyte" {
	awk 'BEGIN { for (i = 0; i < 60000; i++) print "[ " i ".5] noise of unit" i ": exit number 10 exits=" i }' >long.txt
	timeout 20 "$SUITE" import long.txt --vendor vmx -o long.json
	grep -q '"vmx:10":59999' long.json
	awk 'BEGIN { printf "exit number 10 exits=5"; for (i = 0; i < 90000; i++) printf " [ (words <x>"; print "" }' >wide.txt
	timeout 20 "$SUITE" import wide.txt --vendor vmx -o wide.json
	grep -q '"vmx:10":5' wide.json
}
