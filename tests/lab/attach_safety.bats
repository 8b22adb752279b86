#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# suite attach writes to the pages and to nothing else, whatever happens to it, to the VMM and to the host.
# ATTACH_ROUNDS=KILLS,CYCLES: more rounds than the default.
# Cost: 1 core, 100 s

bats_require_minimum_version 1.5.0
load helper

setup_file() {
	local program at=$BATS_TEST_DIRNAME/attach rounds=${ATTACH_ROUNDS-100,60}
	export tap=$BATS_FILE_TMPDIR/tap
	cd "$BATS_FILE_TMPDIR" || return 1
	for program in safety life refuse; do
		cc -O2 -static -pthread -Wall -Werror -I "$top/probe" -o "attach-$program" "$at/$program.c" "$at/kit.c"
	done
	cp "${suite%/*}/suite-attach" .
	sed "1i kills=${rounds%,*} cycles=${rounds#*,}" "$at/safety.outer" >safety.outer
	lab script safety.outer attach-safety attach-life attach-refuse suite-attach --paging nested >tap 2>log || {
		cat tap
		tail -n 20 log
		return 1
	}
}

# part NAME N: the program that was called so has ended and made N tests or more, none of which failed.
part() {
	sed -n "/^# attach-$1\$/,/^1\\.\\./p" "$tap" | sed '/^1\.\./q' >part
	cat part
	run ! grep '^not ok' part
	[ "1..$(grep -c '^ok' part)" = "$(grep '^1\.\.' part)" ]
	[ "$(grep -c '^ok' part)" -ge "$2" ]
	run ! grep '# SKIP' part
}

@test "killed at any moment, started and ended often, mapped over at any moment: nothing else is written, nothing is left" {
	part 'safety [0-9 ]*' 12
}

@test "the VM's memory is dropped, merged, compacted, swapped; two VMs; a VM's end; a truncated file" { part 'life .*' 15; }

@test "no rights, no bpf(), another process namespace: one line" { part refuse 7; }

@test "without the kernel's types, and without KVM's: the classic tracepoint counts, and the guard guards" {
	[ "$(grep -c '^# attach-refuse way tracepoint$' "$tap")" = 2 ]
	[ "$(grep -c '^ok .* 1000 of 1000 are counted: .* (tracepoint)$' "$tap")" = 2 ]
	[ "$(grep -c '^ok .* nothing is written once that is unmapped$' "$tap")" = 2 ]
}

@test "a file on a disk, no tracefs, lockdown of both levels: one line" {
	part 'refuse line is on a disk .*' 2
	part 'refuse line tracefs' 2
	part 'refuse line locked down' 2
	[ "$(grep -c '^ok .* locked down: status 3, 1 line' "$tap")" = 2 ]
}
