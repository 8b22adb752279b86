# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# For all command-line tests: $SUITE is the program under test.

setup() {
	SUITE=${SUITE:-$BATS_TEST_DIRNAME/../../build/suite}
	cd "$BATS_TEST_TMPDIR" || return 1
}

# try PROGRAM...: as bats' `run --separate-stderr`, which takes a dozen processes; this takes one.
try() {
	status=0
	"$@" >"$BATS_TEST_TMPDIR/.stdout" 2>"$BATS_TEST_TMPDIR/.stderr" || status=$?
	read_text output "$BATS_TEST_TMPDIR/.stdout"
	read_text stderr "$BATS_TEST_TMPDIR/.stderr"
	# shellcheck disable=SC2034 # for the test
	mapfile -t stderr_lines <"$BATS_TEST_TMPDIR/.stderr"
}

# read_text NAME FILE: the variable NAME becomes what the file holds, without newlines at its end, as from $(<FILE).
read_text() {
	local text
	IFS= read -r -d '' text <"$2" || true
	while [[ $text == *$'\n' ]]; do text=${text%$'\n'}; done
	printf -v "$1" %s "$text"
}

# one_line_error STATUS WORD...: the last `try` or `run --separate-stderr` failed with STATUS, said nothing on stdout and
# exactly one line on stderr that holds every WORD.
one_line_error() {
	local expected=$1 word
	shift
	# shellcheck disable=SC2154 # set by try, or by bats' run
	[ "$status" = "$expected" ] || { echo "status $status, expected $expected: $stderr"; return 1; }
	[ -z "$output" ] || { echo "stdout: $output"; return 1; }
	[ "${#stderr_lines[@]}" = 1 ] || { echo "stderr: $stderr"; return 1; }
	for word in "$@"; do
		[[ $stderr == *"$word"* ]] || { echo "'$word' is not in: $stderr"; return 1; }
	done
}

# quick WORKLOAD... : arguments of a run that takes a fraction of a second.
quick() {
	"$SUITE" run "$@" --repeat 3 --time 0.002 --seed 7
}

# manual_options FILE: those that a manual page describes.
manual_options() { sed -n '/^# OPTIONS/,/^# /{ /^\*-/p }' "$1" | grep -oE -- '\*--?[a-z][a-z-]*' | tr -d '*' | sort -u; }

# script_documented SCRIPT: its help fits 120 columns, and its manual page has the same options.
script_documented() {
	"$top/scripts/$1" --help >help.txt
	run awk 'length > 120' help.txt
	[ -z "$output" ]
	diff <(grep -oE -- '(^  |, )--?[a-z][a-z-]*' help.txt | tr -d ' ,' | sort -u) <(manual_options "$top/docs/$1.1.scd")
}
