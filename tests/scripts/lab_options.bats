#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the laboratory says before it builds or boots anything.
# Cost: 1 core, 8 s

bats_require_minimum_version 1.5.0
load ../cli/helper

top=$BATS_TEST_DIRNAME/../..
# Not by way of the launcher, which is in tests/cli/launcher.bats and asks each time whether a build is due.
lab() { try "$top/scripts/lab" "$@"; }

@test "help of the laboratory fits 120 columns and names its options" {
	"$top/suite" lab help >help.txt
	mapfile -t help <help.txt
	for option in test-patch script --layout --vendor --paging --vcpus --guests --outer-vcpus --boots --repeat --kernel --kvm-param --shell --keep "-o DIR"; do
		[[ ${help[*]} == *"$option"* ]] || { echo "$option is missing"; return 1; }
	done
	for line in "${help[@]}"; do
		[ ${#line} -le 120 ] || { echo "$line"; return 1; }
	done
}

@test "no workload: one line, status 2" {
	lab run
	one_line_error 2 "which workload"
}

@test "unknown workload: one line, status 2, no folder" {
	lab run pagefalt -o here
	one_line_error 2 pagefalt "suite list"
	[ ! -e here ]
}

@test "bad option values: one line that names the option and the value" {
	for bad in "--vendor via" "--paging both-ways" "--vcpus 0" "--vcpus x" "--vcpus 9" "--guests 0" "--guests 9" "--guests two" "--outer-vcpus 0" "--outer-vcpus 9" "--boots 0" "--boots many" "--repeat 0" "--repeat many" \
		"--kernel 5.4" "--memory 1" "--timeout 1" "--kvm-param exit_stats" "--kvm-param a=b;c" "--kvm-param exit_stats=0"; do
		# shellcheck disable=SC2086
		lab run all $bad -o here
		one_line_error 2 "${bad% *}" "${bad#* }" || { echo "for $bad"; return 1; }
		[ ! -e here ]
	done
}

@test "several guests only for run: one line, status 2" {
	for other in "run --shell" coursework test-patch; do
		# shellcheck disable=SC2086
		lab $other --guests 2
		one_line_error 2 --guests "lab run" || { echo "for $other"; return 1; }
	done
}

# planned OPTION...: what a laboratory of these options would boot.
planned() {
	(
		# shellcheck source=scripts/lib.sh
		. "$top/scripts/lib.sh"
		# shellcheck source=scripts/lab.d/options.sh
		. "$top/scripts/lab.d/options.sh"
		# shellcheck source=scripts/lab.d/machine.sh
		. "$top/scripts/lab.d/machine.sh"
		lab_parse run all "$@"
		echo "$guests of $vcpus on $outer_vcpus with $(machine_memory)"
	)
}

@test "the outer VM has the processors of one guest, however many there are, and memory for all" {
	[ "$(planned)" = "1 of 1 on 1 with 1024" ]
	[ "$(planned --guests 4)" = "4 of 1 on 1 with 2368" ]
	[ "$(planned --guests=2 --vcpus=2 --memory=512)" = "2 of 2 on 2 with 1984" ]
	[ "$(planned --guests 2 --outer-vcpus 4)" = "2 of 1 on 4 with 1472" ]
}

@test "a kernel without patches: one line with those that have them, and the way without a patch" {
	for counters in patch both; do
		lab run all --kernel newest --counters $counters -o here
		one_line_error 2 --kernel "'newest'" 6.1 "--counters attach" || { echo "for $counters"; return 1; }
	done
	lab images --kernel 7.2
	one_line_error 2 "'7.2'" 6.1 "--counters attach"
}

@test "attach takes the newest kernel, and any series" {
	for kernel in newest 6.1 7.2 10.11; do
		planned --counters attach --kernel $kernel
	done
	for bad in newes 7 7.2.13 v7.2 7.02 7.; do
		lab run all --counters attach --kernel $bad -o here
		one_line_error 2 --kernel "'$bad'" newest || { echo "for $bad"; return 1; }
	done
	[ ! -e here ]
}

@test "test-patch and script: bad layouts, no script: one line, status 2" {
	lab test-patch --layout d
	one_line_error 2 --layout "'d'"
	lab script
	one_line_error 2 "which script"
	lab script /nowhere
	one_line_error 2 /nowhere
}

@test "unknown option, option without value, unknown laboratory command: status 2" {
	lab run all --frobnicate
	one_line_error 2 --frobnicate
	lab run all --vcpus
	one_line_error 2 --vcpus
	lab rnu
	one_line_error 2 rnu
}

@test "results folder not writable: one line, status 3, before anything is built" {
	lab run all -o /proc/here
	one_line_error 3 /proc/here
}

@test "setup: nothing missing says nothing, unknown purpose is a usage error" {
	try "$top/scripts/setup" --check test
	[ "$status" = 0 ]
	[ -z "$output$stderr" ]
	try "$top/scripts/setup" nonsense
	one_line_error 2 nonsense
}

@test "module build: unknown kernel is a usage error" {
	try "$top/scripts/kvm-build" --kernel 5.4
	one_line_error 2 5.4
}
