#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# suite attach where there is no VM: what it refuses, in one line. That it counts is tests/lab/attach.bats.

bats_require_minimum_version 1.5.0
load helper

@test "usage errors: one line, status 2" {
	for arguments in "" "one two" "--list one" "--for 0 one" "--for soon one" "--nonsense one" \
		"--pin path --copy one" "--pin path --qmp socket" "--pin path --memory file one" "--copy --time one" "--qmp socket one two"; do
		# shellcheck disable=SC2086
		try "$SUITE" attach $arguments
		one_line_error 2 attach || { echo "for '$arguments'"; return 1; }
	done
}

@test "a copy of suite alone says what is missing" {
	cp "$SUITE" suite
	try ./suite attach --list
	one_line_error 3 "$PWD/suite-attach is not there" bpftool "scripts/setup build"
}

@test "no VM runs here: status 4 of --list, 3 with a name" {
	[ -x "${SUITE%/*}/suite-attach" ] || skip "suite-attach is not built here"
	[ ! -e /dev/kvm ] || [ -z "$(find /proc/[0-9]*/fd -lname anon_inode:kvm-vm 2>/dev/null)" ] || skip "a VM runs here"
	try "$SUITE" attach --list
	one_line_error 4 "no VM"
	try "$SUITE" attach my-vm
	one_line_error 3 "no VM 'my-vm'" --list
}

@test "no monitor at the socket: one line" {
	[ -x "${SUITE%/*}/suite-attach" ] || skip "suite-attach is not built here"
	try "$SUITE" attach --qmp nothing
	one_line_error 3 "--qmp nothing: No such file" "-qmp unix:"
	try "$SUITE" attach --qmp "$(printf '%0200d' 0)"
	one_line_error 3 "too long"
}

@test "the program itself has the same options" {
	[ -x "${SUITE%/*}/suite-attach" ] || skip "suite-attach is not built here"
	"$SUITE" help attach >own
	"${SUITE%/*}/suite-attach" --help >other
	diff own other
	try "${SUITE%/*}/suite-attach" --nonsense
	one_line_error 2 --nonsense
}
