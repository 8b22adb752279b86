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
		run --separate-stderr "$SUITE" probe $form
		one_line_error 3 "no exit counters" "patch"
	done
}

@test "no counters: no file is left" {
	without_counters
	run --separate-stderr "$SUITE" probe -o list.txt
	one_line_error 3 "no exit counters"
	[ -z "$(ls list.txt* 2>/dev/null)" ]
}

@test "usage errors: one line, status 2" {
	run --separate-stderr "$SUITE" probe --format=xml
	one_line_error 2 xml ffd
	run --separate-stderr "$SUITE" probe --hist --csv
	one_line_error 2 --hist csv
	run --separate-stderr "$SUITE" probe --hist --vcpu
	one_line_error 2 --hist --vcpu
	run --separate-stderr "$SUITE" probe --nonsense
	one_line_error 2 nonsense
	run --separate-stderr "$SUITE" probe now
	one_line_error 2 now
	run --separate-stderr "$SUITE" probe -o
	one_line_error 2 "-o"
}

@test "help fits 80 columns and names every form" {
	run --separate-stderr "$SUITE" probe --help
	[ "$status" = 0 ]
	for word in --hist --wall --all --vcpu --json --csv ffd ffc "-o FILE"; do
		[[ $output == *"$word"* ]]
	done
	[ -z "$(awk 'length > 80' <<<"$output")" ]
}
