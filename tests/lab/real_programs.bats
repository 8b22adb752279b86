#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# stress-ng and fio in the inner VM, compared with our own workloads of the same mechanism: docs/real-programs.md has the figures.
# Cost: 1 core, 110 s

bats_require_minimum_version 1.5.0
load helper

setup_file() {
	printf '[mine]\nrw=randread\nbs=4k\ndirect=1\n' >"$BATS_FILE_TMPDIR/mine.fio"
	LAB_READERS=none lab_once stress-ng.switch cr3.pipe fio.randread "fio.$BATS_FILE_TMPDIR/mine.fio" io.blk.read --repeat 1 --seed 6 -- --ops 64 --warmup 0
}

# agree MODE CLASS PROGRAM OURS: within 20 %.
agree() {
	local ours
	ours=$(est "$1" "$4" "$2")
	est_between "$1" "$3" "$2" "$(jq -n "$ours * 0.8")" "$(jq -n "$ours * 1.2")"
}

@test "all ran, on the scratch disk, and the file has their versions, commands and output" {
	for mode in nested shadow; do
		jq -e '[.workloads[] | select(.status != "done") | [.name, .reason]] == []' "$results/$mode.json"
		jq -e '[.workloads[] | select(.name | test("^(fio|stress-ng)[.]"))] | length == 3 and all(.[];
			(.mechanism | test("^(fio|stress-ng) [0-9]+[.][0-9]")) and (.words | length > 300 and length <= 16384)
			and ((.name | startswith("fio.")) or (.command | contains("-ops "))))' "$results/$mode.json"
		jq -e '.workloads[] | select(.name == "fio.randread") | .command | contains("--filename=/dev/vda")' "$results/$mode.json"
		jq -e '.workloads[] | select(.name == "fio.mine.fio") | [.samples[].ops] | unique == [64, 128, 256, 512]' "$results/$mode.json"
		/usr/bin/python3 "$BATS_TEST_DIRNAME/../data/validate" "$results/$mode.json"
	done
}

@test "shadow: a switch of stress-ng and a round trip of cr3.pipe are two CR3 writes" { agree shadow cr-access stress-ng.switch cr3.pipe; }

@test "a read of fio, by its options or by a job file, and one of io.blk are one notification" {
	for name in fio.randread fio.mine.fio; do
		agree nested nested-page-fault "$name" io.blk.read
		agree shadow page-fault "$name" io.blk.read
	done
}

@test "nested: neither page faults nor CR3 writes of programs exit" {
	for class in page-fault cr-access invlpg; do
		est_between nested stress-ng.switch "$class" -0.05 0.05
	done
}

@test "witness: every reason equal, nested" { witness_holds nested; }
@test "witness: every reason equal, shadow" { witness_holds shadow; }
