#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Help texts and manual pages: they fit, they agree, and nothing but text leaves when nobody looks.

bats_require_minimum_version 1.5.0
load helper

docs=$BATS_TEST_DIRNAME/../../docs

# Commands as the program lists them; its scripts have help of their own.
commands() { "$SUITE" help | sed -n 's/^  \([a-z]*\) .*/\1/p' | grep -vxE 'help|lab|test'; }

# Options of the table that a command parses with: names and metavar, a line each; and what a manual page describes.
of_table() { cut -f 1,2 | grep '^-' | tr '\t' ' ' | sed 's/ $//; s/^\(-[a-z]\) --/\1, --/' | sort; }
of_manual() {
	# "-o FILE, --output FILE" is one option, "--json, --csv" are two.
	sed -n '/^# OPTIONS/,/^# /{ /^\*-/p }' "$1" | tr -d '*_\\' | sed -E 's/^(-[a-z])[^,]*, --/\1, --/; t; s/, --/\n--/g' |
		grep -v '^-- ' | sort
}

@test "every help text fits 80 columns, of plumbing too" {
	for command in "" $(commands) help complete witness; do
		# shellcheck disable=SC2086
		"$SUITE" help $command >help.txt
		[ -s help.txt ]
		run awk 'length > 80' help.txt
		[ -z "$output" ] || { echo "$command: $output"; return 1; }
	done
}

@test "every command has a manual page, with EXAMPLES and OVERHEAD" {
	[ "$(commands | wc -l)" -ge 10 ]
	for command in $(commands); do
		for section in NAME SYNOPSIS DESCRIPTION OPTIONS 'EXIT STATUS' OVERHEAD EXAMPLES; do
			grep -qxF "# $section" "$docs/suite-$command.1.scd" || { echo "suite-$command.1.scd: no $section"; return 1; }
		done
		grep -q "^suite-$command - " "$docs/suite-$command.1.scd"
	done
}

@test "each option of the table is in the manual page with its metavar, and vice versa" {
	for command in $(commands); do
		"$SUITE" complete --options "$command" | of_table >table
		of_manual "$docs/suite-$command.1.scd" >manual
		[ "$(wc -l <table)" -ge 2 ]
		diff table manual || { echo "suite $command: table (<) and manual (>) differ"; return 1; }
	done
	"$docs/../scripts/lab" help --options | of_table >table
	of_manual "$docs/suite-lab.1.scd" >manual
	diff table manual || { echo "suite lab: table (<) and manual (>) differ"; return 1; }
}

# What a pager or a file gets: no escape sequence, no carriage return.
plain() { ! LC_ALL=C grep -q $'[\x1b\r]' "$1" || { echo "$1: $(cat -v "$1" | head -n 5)"; return 1; }; }

@test "no colour and no progress where there is no terminal" {
	"$SUITE" run null --repeat 2 --time 0.002 -o r.json >out 2>err
	"$SUITE" report r.json >report
	"$SUITE" compare r.json r.json >compare
	"$SUITE" list >list
	for file in out err report compare list; do
		plain "$file"
	done
}

@test "NO_COLOR is honoured on a terminal, and --color always overrides it" {
	unset NO_COLOR
	terminal=$BATS_TEST_DIRNAME/terminal.py
	"$SUITE" run null --repeat 2 --time 0.002 -o r.json >out 2>err
	"$terminal" "$SUITE" report r.json <<-'SCRIPT'
		status 0
		sent [
	SCRIPT
	NO_COLOR=1 "$terminal" "$SUITE" report r.json <<-'SCRIPT'
		status 0
		unsent [
	SCRIPT
	NO_COLOR=1 "$SUITE" report r.json --color always | LC_ALL=C grep -q $'\x1b'
}
