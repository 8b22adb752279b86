#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What all commands share: options in any place, help, and output that does not arrive.

bats_require_minimum_version 1.5.0
load helper

data=$BATS_TEST_DIRNAME/../data
commands() { "$SUITE" help | sed -n 's/^  \([a-z]*\) .*/\1/p' | grep -vxE 'lab|test'; }

@test "help of help is help" {
	"$SUITE" help >overview
	for words in "help help" "help --help" "help -h" --help -h; do
		# shellcheck disable=SC2086
		try "$SUITE" $words
		[ "$status" = 0 ]
		[ "$output" = "$(cat overview)" ] || { echo "for '$words'"; return 1; }
	done
}

@test "--help in any place, and help COMMAND, are the same text" {
	for command in $(commands | grep -vx help) complete; do
		"$SUITE" help "$command" >text
		grep -q "^usage: suite $command" text
		for words in --help -h; do
			try "$SUITE" "$command" $words
			[ "$status" = 0 ]
			[ "$output" = "$(cat text)" ] || { echo "for $command $words"; return 1; }
		done
	done
	[ "$("$SUITE" run all --repeat 3 --help)" = "$("$SUITE" help run)" ]
	[ "$("$SUITE" compare x -- y --help)" = "$("$SUITE" help compare)" ]
}

@test "every command: unknown options and missing values in one line, status 2" {
	for command in $(commands | grep -vx help); do
		try "$SUITE" "$command" --frobnicate
		one_line_error 2 "suite: $command: unknown option '--frobnicate'; see 'suite help $command'"
	done
	for command in run probe boot report compare import exec; do
		try "$SUITE" "$command" -o
		one_line_error 2 "suite: $command: option -o needs a value: FILE"
		try "$SUITE" "$command" --outp
		one_line_error 2 "suite: $command: option --output needs a value: FILE"
	done
	try "$SUITE" run null --strict=no
	one_line_error 2 "option --strict takes no value"
	try "$SUITE" run null --re 3
	one_line_error 2 "ambiguous option '--re'"
}

@test "POSIXLY_CORRECT does not move options, and reaches the command of exec" {
	export POSIXLY_CORRECT=1
	"$SUITE" report "$data/nested.json" --json -o out.json
	jq -e .workloads out.json >/dev/null
	"$SUITE" compare "$data/nested.json" --csv -- "$data/shadow.json" -o out.csv
	grep -q '^' out.csv
	"$SUITE" list null -v >/dev/null
	"$SUITE" run null --ops 5 --repeat 1 --progress none -o r.json >/dev/null
	[ "$("$SUITE" exec --background 0 -- sh -c 'echo $POSIXLY_CORRECT' 2>err)" = 1 ]
	[ "$("$SUITE" exec --background 0 echo --json 2>err)" = --json ]
}

@test "output that does not arrive: one line, status 3" {
	for words in help "help run" list "list -v" "list --json" "list --manual" "complete run -" "complete --options run" \
		"run --help" "report $data/nested.json" "compare $data/nested.json $data/shadow.json --json" ""; do
		status=0
		# shellcheck disable=SC2086
		"$SUITE" $words >/dev/full 2>err || status=$?
		[ "$status" = 3 ] || { echo "status $status: suite $words >/dev/full"; return 1; }
		[ "$(wc -l <err)" = 1 ] || { echo "suite $words >/dev/full: $(cat err)"; return 1; }
		status=0
		# shellcheck disable=SC2086
		"$SUITE" $words 2>err >&- || status=$?
		[ "$status" = 3 ] || { echo "status $status: suite $words >&-"; return 1; }
		[ "$(wc -l <err)" = 1 ] || { echo "suite $words >&-: $(cat err)"; return 1; }
	done
}
