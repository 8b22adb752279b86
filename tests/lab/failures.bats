#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A laboratory run that cannot give a proven number gives none, and ends on its own.
# Cost: 1 core, 100 s

bats_require_minimum_version 1.5.0
load helper

# No file under a final name, nor anything hidden.
nothing_left() { [ -z "$(ls -A here 2>/dev/null)" ] || { ls -A here; return 1; }; }

emulators() { pgrep -f "qemu-system.*$BATS_TEST_TMPDIR/here" || true; }

@test "a paging mode other than the requested one stops the run" {
	for asked in nested shadow; do
		loaded=shadow
		[ $asked = nested ] || loaded=nested
		LAB_LOAD_PAGING=$loaded run --separate-stderr lab run cpuid --paging $asked -o here
		[ "$status" = 3 ]
		[[ $stderr == *"asked for $asked paging"*"($loaded paging)"* ]] || { echo "$stderr"; return 1; }
		nothing_left
	done
}

@test "a hang is ended, and the consoles' last lines are shown" {
	# A kernel that boots quietly says nothing for longer than that, on any machine.
	LAB_SILENCE=1 run --separate-stderr lab run cpuid --paging nested -o here
	[ "$status" = 3 ]
	[[ $stderr == *"no sign of life for 1 s"* ]] || { echo "$stderr"; return 1; }
	[ -z "$(emulators)" ]
	nothing_left
}

# until_boots: the laboratory in the background, whose pid is $pid, has started an emulator.
until_boots() {
	until [ -n "$(emulators)" ]; do
		kill -0 "$pid" || { cat log; return 1; }
		sleep 0.2 # leaves the processors to those who boot
	done
}

@test "an emulator that crashes is started again, with a message" {
	LAB_READERS=none "$top/suite" lab run cpuid --paging nested --repeat 1 -o here -- --time 0.02 2>log 3>&- &
	pid=$!
	until_boots
	kill -SEGV "$(emulators)"
	status=0
	wait "$pid" || status=$?
	[ "$status" = 0 ] || { echo "status $status"; cat log; return 1; }
	grep -q 'nested: the emulator crashed (signal SEGV) after .* starting it again' log || { cat log; return 1; }
	jq -e .equal here/witness-nested.json
}

@test "a run that takes too long is ended" {
	run --separate-stderr lab run cpuid --paging nested --timeout 10 -o here -- --time 60
	[ "$status" = 3 ]
	[[ $stderr == *"not done after 10 s"*"last lines of"* || $stderr == *"not done after 10 s"*"no console has any output"* ]] || { echo "$stderr"; return 1; }
	[ -z "$(emulators)" ]
	nothing_left
}

@test "an option that suite run refuses in the inner VM is a usage error" {
	run --separate-stderr lab run cpuid --paging nested -o here -- --frobnicate
	[ "$status" = 2 ]
	[[ $stderr == *--frobnicate* ]] || { echo "$stderr"; return 1; }
	nothing_left
}

# A background job of a shell ignores SIGINT; env gives it back.
@test "SIGINT ends the VMs, leaves no results, status 130" {
	env --default-signal=INT "$top/suite" lab run cpuid --paging nested -o here 2>log 3>&- &
	pid=$!
	until_boots
	kill -INT "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" = 130 ] || { echo "status $status"; cat log; return 1; }
	[ -z "$(emulators)" ]
	nothing_left
	grep -q interrupted log
}
