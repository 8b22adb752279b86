#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# exec and top in a pseudo-terminal of an inner VM: what a load of known exits adds is shown, and nothing else.
# Cost: 1 core, 22 s

bats_require_minimum_version 1.5.0
load helper

setup_file() {
	local live=$BATS_TEST_DIRNAME/live bin=$BATS_FILE_TMPDIR
	export results=$bin/results
	cc -O2 -static -nostdlib -ffreestanding -fno-stack-protector -o "$bin/load" "$live/load.c"
	cc -O2 -static -o "$bin/pty" "$live/pty.c"
	lab script "$live/live.outer" "$bin/load" "$bin/pty" "$live/live.inner" --kvm-param exit_stats=1 \
		--paging nested -o "$results" >"$bin/log" 2>&1 || {
		tail -n 40 "$bin/log"
		return 1
	}
	results=$results/nested/inner
}

# What was drawn on the terminal at last.
drawn() { "$BATS_TEST_DIRNAME/../cli/terminal.py" --replay "$results/$1.raw"; }

@test "exec: every run has exactly the load's CPUIDs and hypercalls" {
	jq -e '[.workloads[] | select(.name == "exec") | .samples[] | select(.ops > 0) | .exits]
		| length == 5 and all(."svm:0x72" == 1000 and ."svm:0x81" == 140)' "$results/exec-file.json"
	jq -e '[.workloads[] | select(.name == "exec") | .samples[] | select(.ops == 0) | .exits]
		| length == 15 and all(."svm:0x72" == null and ."svm:0x81" == null)' "$results/exec-file.json"
	"$BATS_TEST_DIRNAME/../data/validate" "$results/exec-file.json"
}

@test "exec: exits per operation are the load's, on the terminal, in JSON and in report" {
	jq -e '.status == 0 and .complete and (.reasons | map({(.name): .}) | add
		| (.CPUID.exits | .lo == 1000 and .hi == 1000) and .CPUID.per_op.est == 1 and .VMMCALL.per_op.est == 0.14)' "$results/exec.json"
	"$suite" report --json "$results/exec-file.json" |
		jq -e '[.workloads[] | select(.name == "exec") | .per_op[] | {(.class): .est}] | add | .cpuid == 1 and .hypercall == 0.14'
	drawn exec-text >text
	grep -qE '^ +1,234 .* 1,234  CPUID \(svm:0x72\)$' text || { cat text; return 1; }
	grep -qE '^ +67 .* 67  VMMCALL \(svm:0x81\)$' text
}

@test "top: the totals on the screen are exactly the load's, without any terminfo in the VM" {
	drawn top >screen
	grep -qE '^CPUID .* 1,234 ' screen || { cat screen; return 1; }
	grep -qE '^VMMCALL .* 67 ' screen
	grep -qE 'readings: [0-9]+ exits, [0-9]+ in all, subtracted' screen
}

@test "top by vCPU, as CSV: exact in total and on the vCPU, with its own exits separate" {
	tr -d '\r' <"$results/batch.raw" >batch.csv
	for vcpu in all 0; do
		[ "$(awk -F, -v vcpu=$vcpu '$3 == vcpu && $4 == "svm:0x72" { sum += $7 } END { print sum }' batch.csv)" = 345 ]
		[ "$(awk -F, -v vcpu=$vcpu '$3 == vcpu && $4 == "svm:0x81" { sum += $7 } END { print sum }' batch.csv)" = 89 ]
	done
	[ "$(awk -F, '$4 == "total" && $3 == "all" { n++; if ($10 < 10) bad++ } END { print (n > 0), bad + 0 }' batch.csv)" = "1 0" ]
}
