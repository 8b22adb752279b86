#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# stress-ng and fio as workloads: fakes on PATH say what the real ones would never say, and the real ones what they do.
# Cost: 1 core, 24 s

bats_require_minimum_version 1.5.0
load helper

# fake NAME SCRIPT: a program of that name, found before any other.
fake() {
	printf '#!/bin/bash\n%s\n' "$2" >"bin/$1"
	[ -x "bin/$1" ] || chmod +x "bin/$1"
	[[ $PATH == "$PWD/bin:"* ]] || PATH=$PWD/bin:$PATH
}

# stress VERSION YAML: a stress-ng that says it has done what it was asked for, unless YAML has other words.
stress() {
	fake stress-ng "
		case \$1 in
		--version) echo 'stress-ng, version $1 (gcc 12.2.0, x86_64 Linux)' ; exit ;;
		--stressors) echo 'fork af-alg' ; exit ;;
		esac
		echo 'stress-ng: info: words of a fake'
		for ((i = 0; i < \$4 * 50; i++)); do :; done
		${2:-printf -- '---\nmetrics:\n    - stressor: %s\n      bogo-ops: %d\n' \"\${1#--\}\" \"\$4\" >metrics.yaml}"
}

# A job of fio that needs no disk.
job() { printf '[a]\nrw=read\nfilename=/dev/zero\nsize=1m\n' >job.fio; }
fio_that() {
	fake fio "[ \$1 != --version ] || { echo fio-3.33; exit; }
		ios=\$(sed -n s/^number_ios=//p job.fio)
		for ((i = 0; i < ios * 50; i++)); do :; done
		$1"
}

# once WORKLOAD...: one repeat of few operations, in r.json. What an earlier run wrote is kept for teardown.
once() {
	[ ! -e r.json ] || mv r.json "r$((++earlier)).json"
	try "$SUITE" run "$@" --repeat 1 --ops 2 --time 0.002 -o r.json --progress none
}

# ended STATUS WORKLOAD WORD...: the run's status, and its reason in the file; nothing else is left.
ended() {
	local expected=$1 name=$2 word reason
	shift 2
	[ "$status" = "$expected" ] || { echo "status $status: $output $stderr"; return 1; }
	reason=$(jq -r --arg name "$name" '.workloads[] | select(.name == $name) | .reason' r.json)
	for word in "$@"; do
		[[ $reason == *"$word"* ]] || { echo "no '$word' in: $reason"; return 1; }
	done
	! compgen -G "$TMPDIR/*"
}

setup() {
	SUITE=$(realpath "${SUITE:-$BATS_TEST_DIRNAME/../../build/suite}")
	cd "$BATS_TEST_TMPDIR" || return 1
	mkdir tmp bin
	export TMPDIR=$PWD/tmp
	earlier=0
}

# The files of all runs of a test at once: most of the time goes into the start.
teardown() { [ ! -e r.json ] || /usr/bin/python3 "$BATS_TEST_DIRNAME/../data/validate" r*.json; }

@test "absent: skipped with the remedy, status 4" {
	mkdir empty
	try env PATH="$PWD/empty" "$SUITE" run stress-ng.fork fio.randread --repeat 1 --time 0.002 -o r.json --progress none
	ended 4 stress-ng.fork "not installed" "apt-get install stress-ng"
	ended 4 fio.randread "not installed" "apt-get install fio"
}

@test "too old, or no version: skipped" {
	stress 0.09.50
	fake fio 'echo fio-2.21'
	once stress-ng.fork fio.randread
	ended 4 stress-ng.fork "stress-ng 0.09.50 is too old" "0.13"
	ended 4 fio.randread "fio 2.21 is too old" "3.0"
	fake fio 'echo nothing'
	once fio.randread
	ended 4 fio.randread "prints no version"
}

@test "no disk was named: fio does not run; a job file that names its own needs none" {
	fio_that 'touch ran; exit 1'
	once fio
	ended 4 fio.fsync "--disk"
	printf '[a]\nrw=read\n' >job.fio
	once fio.job.fio
	ended 4 fio.job.fio "--disk"
	printf '[global]\ntime_based\n[a]\nrw=read\nfilename=x\n' >timed.fio
	once fio.timed.fio
	ended 4 fio.timed.fio "time_based"
}

@test "an unknown stressor: skipped; an invalid name: usage" {
	stress 0.15.06
	once stress-ng.frok
	ended 4 stress-ng.frok "no stressor 'frok'" "--stressors"
	try "$SUITE" run "stress-ng.fork; rm" -o none.json
	one_line_error 2 "stress-ng.fork; rm"
	try "$SUITE" run fio.absent.fio -o none.json
	one_line_error 2 "fio.absent.fio"
}

@test "operations, version, command and output are the program's own" {
	# shellcheck disable=SC2016
	stress 0.15.06 'printf -- "---\nmetrics:\n- stressor: other\n  bogo-ops: 7\n- stressor: fork\n  bogo-ops: $(($4 + 1))\n" >metrics.yaml'
	once stress-ng.fork stress-ng.af-alg
	[ "$status" = 5 ]
	jq -e '.workloads[] | select(.name == "stress-ng.fork") | .status == "done" and ([.samples[].ops] | sort) == [3, 5, 9, 17]
		and .mechanism == "stress-ng 0.15.06" and (.command | test("^stress-ng --fork 1 --fork-ops [0-9]+ "))
		and (.words | test("words of a fake\n---\n") and test("bogo-ops: 7"))' r.json
	jq -e '.workloads[] | select(.name == "stress-ng.af-alg") | .status == "failed" and (.reason | test("no number of bogo-ops for af-alg"))' r.json
	"$SUITE" report r.json | grep -q 'stress-ng.fork.*(by stress-ng 0.15.06)'
}

@test "fio: the total of all jobs' reads and writes, after its notes" {
	# shellcheck disable=SC2016
	fio_that '
		cp job.fio '"$PWD"'/given
		printf "fio: a note {\n{\"jobs\": [{\"read\": {\"total_ios\": %d}, \"write\": {\"total_ios\": 1}, \"trim\": {\"total_ios\": 0}},
			{\"read\": {\"total_ios\": 1}, \"write\": {\"total_ios\": 0}, \"trim\": {\"total_ios\": 0}}]}\n" "$ios" >fio.json'
	job
	mkdir jobs
	mv job.fio jobs/
	printf '[b]\nrw=write\nfilename=x' >>jobs/job.fio
	# shellcheck disable=SC2016
	sed -i 's/^\t*ios=.*/ios=$(sed -n "s,^number_ios=,,p" job.fio | head -n 1)/' bin/fio
	once fio.jobs/job.fio
	[ "$status" = 0 ]
	jq -e '.workloads[] | select(.name == "fio.job.fio") | ([.samples[].ops] | sort) == [4, 6, 10, 18] and .mechanism == "fio 3.33"' r.json
	[ "$(grep -cx 'number_ios=[0-9]*' given)" = 2 ]
}

@test "broken, hostile and absent reports: the workload fails, and its reason says where" {
	local tried=0 yaml words
	while IFS='|' read -r yaml words; do
		stress 0.15.06 "printf -- '$yaml' >metrics.yaml"
		once stress-ng.fork
		ended 5 stress-ng.fork "$words" || { echo "for $yaml"; return 1; }
		tried=$((tried + 1))
	done <<-'CASES'
		metrics:\n  - stressor: fork\n   bogo-ops: [|not valid YAML at line 3
		metrics:\n- stressor: fork\n  bogo-ops: -5\n|no number of bogo-ops
		metrics:\n- stressor: fork\n  bogo-ops: 99999999999999999999\n|no number of bogo-ops
		metrics:\n- stressor: fork\n  bogo-ops: 12x\n|no number of bogo-ops
		metrics:\n- stressor: fork\n  bogo-ops: 0\n|did no operation
		- stressor: fork\n  bogo-ops: 2\n- stressor: fork\n  bogo-ops: 2\n|more than one
		\001\002\377|not valid YAML at line
		|no number of bogo-ops
	CASES
	[ "$tried" = 8 ]
	stress 0.15.06 ':'
	once stress-ng.fork
	ended 5 stress-ng.fork "wrote no YAML"
	# Deeper than any report, and longer than is read.
	stress 0.15.06 "yes '[' | head -c 3000000 >metrics.yaml"
	once stress-ng.fork
	ended 5 stress-ng.fork "not valid YAML"
	[ "$(stat -c %s r.json)" -lt 100000 ]
}

@test "broken JSON of fio: the workload fails, and its reason says where" {
	local json words
	while IFS='|' read -r json words; do
		fio_that "echo '$json' >fio.json"
		job
		once fio.job.fio
		ended 5 fio.job.fio "$words" || { echo "for $json"; return 1; }
	done <<-'CASES'
		|wrote no JSON
		no JSON at all|wrote no JSON
		{"jobs": [|not valid JSON at line 2
		{"jobs": 5}|reports no I/O
		{"jobs": [{"read": {"total_ios": "many"}}]}|no total_ios for job 1
		{"jobs": [{"read": {"total_ios": -1}, "write": {"total_ios": 2}, "trim": {"total_ios": 2}}]}|no total_ios
		{"jobs": [{"read": {"total_ios": 9223372036854775807}, "write": {"total_ios": 2}, "trim": {"total_ios": 2}}]}|no total_ios
	CASES
}

@test "its exit status, and the signal that ended it, with the end of its output" {
	stress 0.15.06 'echo "stress-ng: error: no such luck"; exit 3'
	once stress-ng.fork
	ended 5 stress-ng.fork "stress-ng ended with status 3: stress-ng: error: no such luck"
	# shellcheck disable=SC2016
	stress 0.15.06 'kill -SEGV $$'
	once stress-ng.fork
	ended 5 stress-ng.fork "by signal 11"
}

# Whoever wrote its number into the file is gone, or waits for nothing but to be reaped.
children_ended() {
	local pid
	while read -r pid; do
		[ ! -e "/proc/$pid" ] || grep -q '^State:.*Z' "/proc/$pid/status" || return 1
	done <children
}

@test "a program that hangs is ended with all its children, and so is one when the suite is interrupted" {
	stress 0.15.06 "sleep 1000 & echo \$! >>$PWD/children; echo \$\$ >>$PWD/children; wait"
	# On a busy machine it may be ended before it has started its child: then it gets longer.
	for limit in 1 4 16 64; do
		rm -f children
		try "$SUITE" run stress-ng.fork --repeat 1 --ops 2 --time 0.002 --timeout $limit -o r.json --progress none
		ended 5 stress-ng.fork "longer than $limit s"
		[ "$(cat children 2>/dev/null | wc -l)" != 2 ] || break
	done
	[ "$(wc -l <children)" = 2 ]
	children_ended
	rm children
	"$SUITE" run stress-ng.fork --repeat 1 --ops 2 --time 0.002 -o r.json --progress none >out.txt 2>&1 &
	pid=$!
	until [ "$(wc -l <children 2>/dev/null)" = 2 ]; do
		kill -0 "$pid"
	done
	kill -INT "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" = 130 ]
	children_ended
	[ -z "$(ls "$TMPDIR")" ]
}

@test "'all' includes none of them, and the list shows all" {
	stress 0.15.06 "touch $PWD/ran"
	"$SUITE" list --json >list.json
	jq -e '[.workloads[].name | select(test("^(stress-ng|fio)[.]"))] | length == 9' list.json
	"$SUITE" run all --repeat 1 --ops 1 --time 0.001 --warmup 0 -o all.json --progress none >/dev/null 2>&1
	jq -e '[.workloads[].name | select(test("^(stress-ng|fio)[.]"))] == []' all.json
	[ ! -e ran ]
}

@test "the real programs do what they report" {
	printf '[a]\nrw=write\nbs=4k\nsize=64k\ndirectory=.\n[b]\nstonewall\nrw=read\nbs=1k\nsize=8k\nfilename=/dev/zero\n' >real.fio
	"$SUITE" run stress-ng.fork stress-ng.eventfd fio.real.fio --repeat 1 --ops 5 --time 0.001 --warmup 0 -o r.json --progress none >out.txt
	jq -e '[.workloads[] | {(.name): .}] | add | (."stress-ng.fork" | ([.samples[].ops] | sort) == [5, 10, 20, 40])
		and (."stress-ng.eventfd" | .status == "done" and all(.samples[]; .ops > 0))
		and (."fio.real.fio" | ([.samples[].ops] | sort) == [10, 20, 40, 80] and (.words | test("fio version")))' r.json
	[ -z "$(ls "$TMPDIR")" ]
}
