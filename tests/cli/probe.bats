#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# suite probe on a machine without exit counters; what it prints of counters is in unit/test_probe_command.c.

bats_require_minimum_version 1.5.0
load helper

without_counters() {
	! "$SUITE" probe >/dev/null 2>&1 || skip "this machine has exit counters"
}

@test "no counters: status 3 and one line that says why and what to do" {
	without_counters
	for form in "" --json --csv --hist --wall --all --vcpu --format=ffd --format=ffc; do
		# shellcheck disable=SC2086
		try "$SUITE" probe $form
		one_line_error 3 "no exit counters" "patch"
	done
}

@test "no counters: no file is left" {
	without_counters
	try "$SUITE" probe -o list.txt
	one_line_error 3 "no exit counters"
	[ -z "$(ls list.txt* 2>/dev/null)" ]
}

@test "usage errors: one line, status 2" {
	try "$SUITE" probe --format=xml
	one_line_error 2 xml ffd
	try "$SUITE" probe --hist --csv
	one_line_error 2 --hist csv
	try "$SUITE" probe --hist --vcpu
	one_line_error 2 --hist --vcpu
	try "$SUITE" probe --nonsense
	one_line_error 2 nonsense
	try "$SUITE" probe now
	one_line_error 2 now
	try "$SUITE" probe -o
	one_line_error 2 "-o"
}

@test "help fits 80 columns and names every form" {
	try "$SUITE" probe --help
	[ "$status" = 0 ]
	for word in --hist --wall --all --vcpu --json --csv ffd ffc "--output FILE"; do
		[[ $output == *"$word"* ]]
	done
	[ -z "$(awk 'length > 80' <<<"$output")" ]
}

# A fake KVM: 5 exits for #DB among them.
fake_probe() {
	local fake=${SUITE%/*}/tests/fake
	FAKE_KVM=state "$fake/fake_load" 0x41=5 3>&-
	FAKE_KVM=state "$fake/suite_fake" probe "$@"
}

@test "--hist: one line names the parameter when the hypervisor keeps no histograms" {
	run --separate-stderr fake_probe --hist
	one_line_error 3 exit_stats_hist=1 --hist
}

@test "--hist: bars of 80 columns under the table, buckets that add up in JSON" {
	export FAKE_KVM_HISTOGRAMS=on
	fake_probe --hist --wall >text 2>err
	grep -q 'WALL/EXIT$' text
	grep -qxF 'svm:0x41 EXCP_DB: 5 exits, mean 1200 busy cycles' text
	grep -qE '^ +1024 -> 2047 +: +4 \|\*+\|$' text
	run awk '/\|$/ && length != 80' text
	[ -z "$output" ]
	grep -q 'histograms took' err
	! grep -q $'\033' text || return 1
	FAKE_KVM=state "${SUITE%/*}/tests/fake/suite_fake" probe --hist --json |
		jq -e '.reasons[] | select(.reason == "svm:0x41") | .histogram | .exits == 5 and ([.buckets[].exits] | add) == 5'
}
