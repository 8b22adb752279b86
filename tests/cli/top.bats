#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# suite top, and suite exec, in a terminal: terminal.py draws what they send, over a fake KVM.

bats_require_minimum_version 1.5.0
load helper

fake=${SUITE:-$BATS_TEST_DIRNAME/../../build/suite}
fake=${fake%/*}/tests/fake
terminal=$BATS_TEST_DIRNAME/terminal.py
export FAKE_KVM=state TERM=xterm LC_ALL=C.UTF-8 PATH=$fake:$PATH
unset NO_COLOR

counters() { "$SUITE" probe >/dev/null 2>&1; }

# readings LOG: how many there are by now.
readings() { grep -cE ' all$|,all,total,' "$1" || true; }

# followed LOG COMMAND...: top in the background with its lines in LOG; COMMAND when it counts, and before the last reading. On a
# busy machine that takes longer intervals.
followed() {
	local log=$1 pid interval seen
	shift
	for interval in 0.05 0.5 5 50; do
		suite_fake top --interval $interval --count 6 $form >"$log" 3>&- &
		pid=$!
		until [ "$(readings "$log")" -gt 0 ]; do kill -0 $pid; done
		"$@"
		seen=$(readings "$log")
		[ "$seen" = 6 ] || break
		wait $pid
	done
	wait $pid
}

@test "batch: a known load is exact, and the readings' own exits are shown separately" {
	form=--batch followed log fake_load 0x72=12345 20:0x81=55 20:0x72=5
	[ "$(awk '/\(svm:0x72\)$/ { sum += $4 } END { print sum }' log)" = 12350 ]
	[ "$(awk '/\(svm:0x81\)$/ { sum += $4 } END { print sum }' log)" = 55 ]
	[ "$(awk '/ all$/ { sum += $4; n++; own += $6 } END { print sum, n, (own > 6) }' log)" = "12405 6 1" ]
}

@test "csv: one header, one total per reading, and rows that add up to it" {
	form=--csv followed log fake_load 0x72=1000 0x7b=30 20:0x72=7
	[ "$(head -n 1 log)" = time,seconds,vcpu,reason,name,class,exits,per_second,busy_cycles,own ]
	run awk -F, 'NR > 1 { if (NF != 10) print "fields: " $0; if ($4 == "total") { sum += $7; n++ } else rows += $7 }
		END { if (sum != 1037 || rows != 1037 || n != 6) print sum, rows, n }' log
	[ -z "$output" ] || { echo "$output"; cat log; return 1; }
}

@test "by vCPU: each has its own exits, none those of the readings" {
	form="--csv --vcpus" followed log fake_load @0 0x81=300 20:0x81=11
	[ "$(awk -F, '$3 == "0" && $4 == "svm:0x81" { sum += $7 } END { print sum }' log)" = 311 ]
	[ "$(awk -F, '$3 != "0" && $3 != "all" && $4 == "svm:0x81"' log)" = "" ]
	[ "$(awk -F, '$4 == "svm:0x72"' log)" = "" ]
	[ "$(awk -F, '$3 == "all" && $4 == "svm:0x81" { sum += $7 } END { print sum }' log)" = 311 ]
}

@test "screen: exact totals, rates, sparkline, and the cost of the readings" {
	"$terminal" suite_fake top --interval 0.1 <<-'SCRIPT'
		expect no exits yet
		run fake_load 0x72=12345 0x81=77
		expect ^CPUID .* 12,345
		expect ^VMMCALL .* 77 .*█
		expect 12,422 in .* readings: [1-9].*, [1-9].* in all, subtracted
		key q
		status 0
	SCRIPT
}

@test "keys: sort, reverse, filter, vCPUs, pause, interval, help, quit" {
	"$terminal" suite_fake top --interval 0.1 <<-'SCRIPT'
		expect no exits yet
		run fake_load 0x72=500 0x81=77 @0 0x7b=9
		expect ^CPUID .* 500
		key sss
		expect by name
		key r
		expect by name reversed
		key /
		expect filter: _
		key vmm
		expect filter: vmm_
		absent ^CPUID
		expect ^VMMCALL
		key \r
		key v
		expect REASON .*EXITS/S .*CPU  0
		absent TOTAL
		key v
		expect TOTAL
		key /
		key \x1b
		expect ^CPUID
		key p
		expect PAUSED
		run fake_load 0x72=1
		expect ^CPUID .* 500
		key p
		expect ^CPUID .* 501
		key +
		expect every 0.2 s
		key h
		expect ^q +quit
		key h
		expect ^REASON
		key q
		status 0
	SCRIPT
}

@test "a resized terminal is drawn again, however small" {
	"$terminal" --size 40x120 suite_fake top --interval 0.1 <<-'SCRIPT'
		expect q quit
		run fake_load 0x72=500 0x81=77
		expect ^VMMCALL
		size 10x60
		expect q quit
		expect ^VMMCALL
		size 3x10
		expect suite top
		size 24x80
		expect q quit
		expect ^VMMCALL .* 77
		key q
		status 0
	SCRIPT
}

@test "a terminal without a description is still drawn on; dumb means lines" {
	TERM=nobody-knows "$terminal" suite_fake top --interval 0.1 <<-'SCRIPT'
		expect no exits yet
		run fake_load 0x72=500
		expect ^CPUID .* 500
		key q
		status 0
	SCRIPT
	TERM=dumb "$terminal" suite_fake top --interval 0.1 --count 1 <<-'SCRIPT'
		expect ^TIME .*SECONDS
		status 0
	SCRIPT
}

@test "NO_COLOR is honoured, and so is a terminal without UTF-8" {
	"$terminal" suite_fake top --interval 0.1 --count 2 <<-'SCRIPT'
		status 0
		sent [36m
	SCRIPT
	NO_COLOR=1 LC_ALL=C "$terminal" suite_fake top --interval 0.1 <<-'SCRIPT'
		expect no exits yet
		run fake_load 0x72=500
		expect ^CPUID .*[@#]
		key q
		status 0
		unsent [36m
	SCRIPT
}

@test "SIGINT ends it and restores the terminal" {
	"$terminal" suite_fake top <<-'SCRIPT'
		expect q quit
		key \x03
		status 130
		sent [?1049l
	SCRIPT
}

@test "exec in a terminal: ^C reaches the command once, and the results so far are printed" {
	# Not a shell with a trap, which may be between two of its commands when the signal comes.
	cat >waits.py <<-'PYTHON'
		import signal, sys
		signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
		print("ready", flush=True)
		signal.sigwait([signal.SIGINT])
		print("again" if signal.SIGINT in signal.sigpending() else "once")
		sys.exit(9)
	PYTHON
	"$terminal" --size 40x120 suite_fake exec --repeat 3 -- sh -c 'fake_load 0x81=5; exec /usr/bin/python3 waits.py' <<-'SCRIPT'
		expect ready
		key \x03
		expect once
		expect 1 of 3 runs, status 9
		expect 5 .*VMMCALL
		status 9
	SCRIPT
	"$terminal" --size 40x120 suite_fake exec -- sh -c 'read line; echo "got $line"' <<-'SCRIPT'
		key hello\n
		expect got hello
		expect 1 run, status 0
		status 0
	SCRIPT
}

@test "no counters: status 3 and one line that says why" {
	counters && skip "this machine has exit counters"
	try "$SUITE" top --batch
	one_line_error 3 "no exit counters"
}

@test "bad command lines: one line, status 2" {
	for bad in "--interval 0" "--interval x" "--count 0" "--sort size" "--color red" "--frobnicate" "here"; do
		# shellcheck disable=SC2086
		try "$SUITE" top $bad
		one_line_error 2 "top: " || { echo "for '$bad'"; return 1; }
	done
}
