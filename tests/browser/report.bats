#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The HTML report in a headless Chromium: it opens quietly, its numbers are those of `report --json`, everything that can be
# clicked does something, and a file's names are text and nothing else.
# Cost: 1 core, 25 s

bats_require_minimum_version 1.5.0
load ../cli/helper

data=$BATS_TEST_DIRNAME/../data

setup_file() {
	export SUITE=${SUITE:-$BATS_TEST_DIRNAME/../../build/suite} lab=$BATS_FILE_TMPDIR/lab
	mkdir "$lab"
	cp "$data/nested.json" "$lab"
	# As the laboratory leaves it: with busy times and a witness.
	jq '.workloads[].samples[].busy = {"svm:0x4e": 123456, "svm:0x72": 99000}' "$data/shadow.json" >"$lab/shadow.json"
	jq '{vendor: "svm", paging: "shadow", guest: .counters.after, after: {}, problem: null, equal: true,
		total: {kvm_exit: 92543, stat_exits: 92543, guest: 92543, after: 0}}' "$lab/shadow.json" >"$lab/witness-shadow.json"
	jq 'del(.histograms) | .workloads = [{name: "boot.init", family: "boot", summary: "", op: "boot", status: "done",
		parameters: {}, expected: [], samples: [{repeat: 0, order: 1, ops: 1, cycles: 4000000000,
		exits: {"svm:0x72": 60, "svm:0x4e": 140}}]}]' "$data/shadow.json" >"$lab/boot-shadow.json"
	make_page pair "$lab"
	make_page one "$lab/shadow.json"
	make_page time "$data/time-only.json"
	make_page cut "$data/incomplete.json" "$data/mixed.json"
	"$SUITE" import "$data/listings/mixed.txt" --vendor vmx -o "$lab/mixed.json" >/dev/null
	make_page listing "$lab/mixed.json"
	"$data/hostile" "$lab/shadow.json" >"$lab/hostile.json"
	make_page hostile "$lab/hostile.json" "$data/nested.json"
}

# make_page NAME FILE...: the page and its numbers.
make_page() {
	local name=$BATS_FILE_TMPDIR/$1
	shift
	"$SUITE" report "$@" -o "$name.html"
	"$SUITE" report "$@" --json >"$name.json"
}

# browse CHECK PAGE...: in one browser.
browse() {
	local check=$1
	shift
	"$BATS_TEST_DIRNAME/check.py" "$SUITE" "$check" "${@/#/$BATS_FILE_TMPDIR/}"
}

@test "opens without errors: on a phone, a desktop and paper, light and dark, for every file" {
	browse quiet pair time cut listing
}
@test "every number is that of report --json" { browse numbers pair one cut listing hostile; }
@test "bars are as long as their numbers" { browse shares pair; }
@test "everything that can be clicked does something, by mouse and by keyboard" { browse clicks pair; }
@test "on paper nothing is folded" { browse folds pair; }
@test "text has contrast, light and dark" { browse contrast pair; }
@test "the data in the page is the files' data" { browse downloads pair one; }
@test "hostile names do no harm" { browse hostile hostile; }
@test "a mixture is reported where nobody can miss it" {
	grep -q 'role="alert"><b class="letter">A</b> mixed paging modes' "$BATS_FILE_TMPDIR/listing.html"
	grep -q 'role="alert"><b class="letter">B</b> mixed paging modes' "$BATS_FILE_TMPDIR/cut.html"
}
