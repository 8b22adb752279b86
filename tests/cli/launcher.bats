#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The launcher in the checkout and the parts of `./suite lab` that need no boot.

bats_require_minimum_version 1.5.0
load helper

@test "./suite works from another folder and passes arguments and status on" {
	run --separate-stderr "$BATS_TEST_DIRNAME/../../suite" list cr3.pipe
	[ "$status" = 0 ]
	[[ $output == *cr3.pipe* ]]
	run --separate-stderr "$BATS_TEST_DIRNAME/../../suite" list no.such
	one_line_error 2 no.such
}

@test "./suite test names its parts and refuses others" {
	run --separate-stderr "$BATS_TEST_DIRNAME/../../suite" test --list
	[ "$output" = "lint unit sanitize cli browser scripts lab" ]
	run --separate-stderr "$BATS_TEST_DIRNAME/../../suite" test labs
	one_line_error 2 labs
}
