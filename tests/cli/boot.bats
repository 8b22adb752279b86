#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# suite boot over a fake KVM: exact exits from mark to mark, and files that compare.

bats_require_minimum_version 1.5.0
load helper

fake=${SUITE:-$BATS_TEST_DIRNAME/../../build/suite}
fake=${fake%/*}/tests/fake
PATH=$fake:$PATH

counters() { "$SUITE" probe >/dev/null 2>&1; }

# boot NAME [CODE=N...]: a VM that boots, with these exits on the way from init to ready; NAME.json.
boot() {
	export FAKE_KVM=$1.vm
	suite_fake boot mark init -o "$1.json" --fact accelerator=test-rig
	fake_load "${@:2}"
	suite_fake boot mark ready -o "$1.json"
}

# exits FILE MARK: as {"svm:0x72": N}
exits() { jq -c --arg mark "boot.$2" '.workloads[] | select(.name == $mark) | .samples[] | select(.ops == 1) | .exits' "$1"; }

@test "exits from the start of the VM to the first mark, and from mark to mark, without the marks' own" {
	FAKE_KVM=a.vm fake_load 0x72=321 0x7b=40
	boot a 0x72=1000 0x81=5
	[ "$(exits a.json init)" = '{"svm:0x72":321,"svm:0x7b":40,"svm:0x400":1000}' ]
	[ "$(exits a.json ready)" = '{"svm:0x72":1000,"svm:0x81":5}' ]
	jq -e '.environment.accelerator == "test-rig" and .probe.fingerprint == "nested"' a.json
	"$BATS_TEST_DIRNAME/../data/validate" a.json
}

@test "show prints reasons by mark, most frequent first" {
	boot a 0x72=2000 0x81=5
	"$SUITE" boot show a.json >table
	[ "$(awk 'NR == 2 { print $1, $2, $3 }' table)" = "CPUID 0 2,000" ] || { cat table; return 1; }
	grep -qE '^NPF +1,000 +0$' table
	grep -qE '^all +1,000 +2,005$' table
	run awk 'length > 80' table
	[ -z "$output" ]
}

@test "compare shows two boots, report accepts the file" {
	boot a 0x72=1000
	FAKE_KVM_PAGING=shadow boot b 0x72=1000 0x4e=500
	"$SUITE" compare a.json b.json --json >compare.json
	"$SUITE" compare a.json b.json >compare.txt
	grep -qE '^boot.ready' compare.txt
	grep -qE '^  page-fault +0 .* 500 ' compare.txt || { cat compare.txt; return 1; }
	# ... and all of it by reason.
	sed -n '/^since the VM started/,/^$/p' compare.txt >reasons.txt
	grep -qE '^  EXCP_PF +0 +500 ' reasons.txt || { cat compare.txt; return 1; }
	grep -qE '^  CPUID ' reasons.txt
	"$SUITE" report b.json --json | jq -e '.workloads[] | select(.name == "boot.ready") | .per_op[] | select(.class == "page-fault") | .est == 500'
}

@test "a file of another VM is kept next to the new one" {
	boot a 0x72=1000
	FAKE_KVM=b.vm try suite_fake boot mark init -o a.json
	[ "$status" = 0 ]
	[[ $stderr == *"another boot"*a.json.old* ]]
	jq -e '[.workloads[].name] == ["boot.init"]' a.json
	jq -e '[.workloads[].name] == ["boot.init", "boot.ready"]' a.json.old
}

@test "mistakes: one line, and the file stays as it was" {
	boot a 0x72=1000
	cp a.json before.json
	export FAKE_KVM=a.vm
	try suite_fake boot mark ready -o a.json
	one_line_error 2 ready a.json
	for bad in "" "mark" "mark A.B" "mark a b" "march" "show no.json" "mark x --fact y" "--frobnicate"; do
		# shellcheck disable=SC2086
		try suite_fake boot $bad -o a.json
		one_line_error 2 "boot: " || { echo "for '$bad'"; return 1; }
	done
	try suite_fake boot mark later -o /proc/boot.json
	one_line_error 3 /proc/boot.json
	cmp a.json before.json
	echo '{' >a.json
	try suite_fake boot mark later -o a.json
	one_line_error 2 a.json
}

@test "no counters: status 3, one line, no file" {
	counters && skip "this machine has exit counters"
	try "$SUITE" boot mark init -o b.json
	one_line_error 3 "no exit counters"
	[ ! -e b.json ]
}

@test "suite-boot-init boots the guest, with or without counters" {
	printf '#!/bin/sh\necho "init got $*"\n' >init
	chmod +x init
	install "$fake/suite_fake" suite
	install "$BATS_TEST_DIRNAME/../../scripts/boot/suite-boot-init" .
	mkdir here
	FAKE_KVM=c.vm SUITE_BOOT_RUN=here SUITE_INIT=$PWD/init run ./suite-boot-init single
	[ "$status" = 0 ]
	[[ $output == *"init got single"* ]]
	jq -e '[.workloads[].name] == ["boot.init"]' here/suite-boot.json
	printf '#!/bin/sh\nexit 3\n' >suite
	SUITE_BOOT_RUN=here SUITE_INIT=$PWD/init run ./suite-boot-init
	[[ $output == *"init got"* ]]
}
