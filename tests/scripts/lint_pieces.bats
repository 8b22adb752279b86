#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# scripts/lint.d/pieces: a piece of a script names the variables that it shares.

bats_require_minimum_version 1.5.0
load ../cli/helper

top=$BATS_TEST_DIRNAME/../..

# piece TEXT: with a header that names work and guests as read, modules_dir as set.
piece() {
	printf '%s\n' '# SPDX-License-Identifier: MIT' '# shellcheck shell=bash disable=SC2154' '# reads: guests' '#   work' \
		'# sets:  modules_dir' '# A piece.' "$1" >piece.sh
}

setup_file() { command -v shellcheck >/dev/null || skip "shellcheck is not installed"; }

@test "a piece that says what it shares is clean" {
	# shellcheck disable=SC2016 # for the piece
	piece 'modules_dir=$work/modules
f() {
	local one=$1 sum
	sum=$((guests + 1))
	echo "it'"'"'s $one of $top" '"'"'$arg of jq'"'"' "${sum}" # $comment
	cat <<-TEXT
		$work
	TEXT
	cat <<-'"'TEXT'"'
		$anything
	TEXT
}'
	try "$top/scripts/lint.d/pieces" piece.sh
	[ "$status" = 0 ]
	[ -z "$output$stderr" ]
}

@test "a name that is missing in the header, or has no business there, is named" {
	# shellcheck disable=SC2016 # for the piece
	piece 'f() { echo "$wrok $(cat "${vcpus-}")" >"$work"; [ -z "$kernel" ] || memory=1; }'
	try "$top/scripts/lint.d/pieces" piece.sh
	[ "$status" = 1 ]
	[[ $stderr == *"piece.sh: wrok is used, and the header's 'reads:' does not name it"* ]]
	[[ $stderr == *"piece.sh: vcpus is used, and"* ]]
	[[ $stderr == *"piece.sh: kernel is used, and"* ]]
	[[ $stderr == *"piece.sh: memory is set for others, and the header's 'sets:' does not name it"* ]]
	[[ $stderr == *"piece.sh: guests is in 'reads:', and nothing here uses it"* ]]
	[[ $stderr == *"piece.sh: modules_dir is in 'sets:', and nothing here sets it"* ]]
	[ "${#stderr_lines[@]}" = 6 ]
}

@test "a name that nobody sets is named" {
	# shellcheck disable=SC2016 # for the piece
	piece 'modules_dir=$work$guests$nobody_sets_this'
	sed -i 's/^#   work/#   work nobody_sets_this/' piece.sh
	try "$top/scripts/lint.d/pieces" piece.sh
	[ "$status" = 1 ]
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == *"nobody_sets_this is in 'reads:', and no script or piece sets it" ]]
}
