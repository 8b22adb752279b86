#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# suite exec: exact counts over a fake KVM, and a command that does not notice that it is measured.

bats_require_minimum_version 1.5.0
load helper

fake=${SUITE:-$BATS_TEST_DIRNAME/../../build/suite}
fake=${fake%/*}/tests/fake
export FAKE_KVM=state

# table ARGUMENT...: the table of a run with counters, as JSON, in table.json.
table() { "$fake/suite_fake" exec --json --to table.json "$@"; }

counters() { "$SUITE" probe >/dev/null 2>&1; }

@test "exits of a command are exact: the readings' own are subtracted" {
	table -- "$fake/fake_load" 0x72=1234 0x81=17 0x7b=3
	jq -e '[.reasons[] | {(.reason): .exits.est}] | add == {"svm:0x72": 1234, "svm:0x81": 17, "svm:0x7b": 3}' table.json
	jq -e '.exits.est == 1254 and .reading_cost > 2' table.json
	table -- true
	jq -e '.reasons == [] and .exits.est == 0' table.json
}

@test "with --ops exits per operation, with --repeat an interval over the runs" {
	table --ops 100 --repeat 5 -- "$fake/fake_load" 0x72=250
	jq -e '.runs == 5 and .ops == 100 and .complete' table.json
	jq -e '.reasons | length == 1 and (.[0].per_op | .est == 2.5 and .n == 5) and .[0].exits.lo == 250' table.json
}

@test "background is estimated from spinning, shown, and not attributed" {
	FAKE_KVM_TICKS=2000 table --repeat 5 -- sleep 0.1
	jq -e '.reasons[] | select(.name == "INTR") | .background / .exits.est | . > 0.8 and . < 1.25' table.json
	jq -e '.reasons[] | select(.name == "INTR") | (.per_op.est | fabs) < 0.2 * .exits.est' table.json
	FAKE_KVM_TICKS=2000 table --background 0 -- sleep 0.05
	jq -e '.reasons[] | select(.name == "INTR") | .background == null and .exits.est > 50' table.json
}

@test "the file is valid, and report and compare accept it" {
	for paging in nested shadow; do
		FAKE_KVM=$paging FAKE_KVM_PAGING=$paging "$fake/suite_fake" exec --name my.load --ops 10 --repeat 5 -o $paging.json \
			-- "$fake/fake_load" 0x81=10 $([ $paging = nested ] || echo 0x4e=20) 2>/dev/null
		"$BATS_TEST_DIRNAME/../data/validate" $paging.json
	done
	"$SUITE" report shadow.json --json >report.json
	jq -e '.workloads[] | select(.name == "my.load") | [.per_op[] | {(.class): .est}] | add | ."page-fault" == 2 and .hypercall == 1' report.json
	"$SUITE" compare nested.json shadow.json >compare.txt
	grep -q 'my.load' compare.txt
	grep -qE 'page-fault .* more$' compare.txt
}

@test "exit status of the command, 128 + n for a signal, 126 and 127 for a command that cannot run" {
	try "$SUITE" exec -- sh -c 'exit 42'
	[ "$status" = 42 ]
	# shellcheck disable=SC2016
	try "$SUITE" exec -- sh -c 'kill -TERM $$'
	[ "$status" = 143 ]
	try "$SUITE" exec --require-exits -- true
	counters || one_line_error 3 "no exit counters"
	run -127 --separate-stderr "$fake/suite_fake" exec -- ./no-such-program
	one_line_error 127 ./no-such-program
	touch data
	try "$fake/suite_fake" exec -o r.json -- ./data
	one_line_error 126 ./data
	[ ! -e r.json ]
}

@test "a failed run is not hidden by a later one" {
	try "$SUITE" exec --repeat 2 -- sh -c '[ -e there ] || { touch there; exit 7; }'
	[ "$status" = 7 ]
}

@test "standard input and output are the command's; everything else is on stderr" {
	printf 'a\nb\n' >in
	"$SUITE" exec -- tr a-z A-Z <in >out 2>err
	[ "$(cat out)" = $'A\nB' ]
	grep -q 'tr a-z A-Z: 1 run, status 0' err
	"$SUITE" exec --csv --to - -- true 2>err | head -n 1 | grep -q '^name,reason,'
}

@test "without counters: time and accounting only, one line says so, no exit field" {
	counters && skip "this machine has exit counters"
	try "$SUITE" exec --repeat 2 -o r.json -- true
	[ "$status" = 0 ]
	[ "$(grep -c 'exits are not available' <<<"$stderr")" = 1 ]
	[[ $stderr == *elapsed*"page faults"* ]]
	[[ $stderr != *"per second"* ]]
	jq -e '[.. | objects | has("exits") or has("busy")] | any | not' r.json
	jq -e '[.workloads[] | select(.name == "exec") | .samples[] | select(.ops == 1)] | length == 2 and all(.minor_faults > 0)' r.json
	"$BATS_TEST_DIRNAME/../data/validate" r.json
}

# A background job of a shell ignores SIGINT; env gives it back.
@test "a signal from another process is passed on; results so far are printed, the file says partial" {
	for signal in INT TERM; do
		rm -f begun
		env --default-signal=INT "$fake/suite_fake" exec --repeat 3 -o r.json -- sh -c 'touch begun; exec sleep 100' 2>err 3>&- &
		pid=$!
		until [ -e begun ]; do kill -0 $pid; done
		kill -$signal $pid
		status=0
		wait $pid || status=$?
		[ $status = $((128 + $(kill -l $signal))) ]
		grep -q '1 of 3 runs' err
		jq -e '.complete == false' r.json
	done
}

@test "bad command lines: one line, status 2" {
	for bad in "" "--repeat 0 -- true" "--ops x -- true" "--background -1 -- true" "--frobnicate -- true" "--name spin -- true" \
		"--name a/b -- true" "--fact x -- true" "-o - -- true"; do
		# shellcheck disable=SC2086
		try "$SUITE" exec $bad
		one_line_error 2 "exec: " || { echo "for '$bad'"; return 1; }
	done
}

@test "a file that cannot be written is found before the command runs" {
	try "$SUITE" exec -o /proc/x.json -- touch ran
	one_line_error 3 /proc/x.json
	[ ! -e ran ]
}
