#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the laboratory makes of what the VMs sent: the frame on the serial port, the outer VM's counts against the guest's.

bats_require_minimum_version 1.5.0
load ../cli/helper

top=$BATS_TEST_DIRNAME/../..

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	SUITE=${SUITE:-$top/build/suite}
	# shellcheck source=scripts/lib.sh
	. "$top/scripts/lib.sh"
	# shellcheck source=scripts/lab.d/transfer.sh
	. "$top/scripts/lab.d/transfer.sh"
}

frame() {
	mkdir sent
	echo data >sent/file
	tar -c -z -f sent.tar.gz -C sent .
	{
		echo "kvm-exit-suite frame 1 $(stat -c %s sent.tar.gz) $(sha256sum sent.tar.gz | cut -d ' ' -f 1)"
		cat sent.tar.gz
	} >frame
}

@test "frame: a complete one is unpacked" {
	frame
	frame_unpack frame got
	[ "$(cat got/file)" = data ]
}

@test "frame: cut short, one byte changed, missing, or something else: one line, nothing unpacked" {
	frame
	head -c -1 frame >short
	{ head -c -1 frame; printf '\377'; } >changed
	echo "no frame" >other
	for file in short changed other missing; do
		run --separate-stderr frame_unpack "$file" got
		[ "$status" = 1 ]
		[ "${#stderr_lines[@]}" = 1 ]
		[ ! -e got ]
	done
}

# A guest that read CPUID (slot 114), IO (123) and the nested page fault (slot 192) after the marker; #UD was zero. One IO exit
# fell between the reading of IO and the pause; the page fault at the end is the write to pvpanic.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	mkdir -p out/evidence
	cat >out/guest <<-'TEXT'
		70 svm:0x46 0
		114 svm:0x72 100
		123 svm:0x7b 10
		192 svm:0x400 5
		201 svm:other 0
	TEXT
	cat >out/evidence/format <<-'TEXT'
		print fmt: "x %s", (REC->isa == 1) ? __print_symbolic(REC->exit_reason & 0xffff, { 10, "CPUID" }, { 30, "IO_INSTRUCTION" }) : __print_symbolic(REC->exit_reason, { 0x040 + 6, "UD excp" }, { 0x072, "cpuid" }, { 0x07b, "io" }, { 0x400, "npf" }), ""
	TEXT
	histogram out/evidence 7 1024 6 7 123 11 7 114 100
	echo 117 >out/evidence/stat-exits
	threads 7 >out/evidence/cpus.json
	trace 7 >out/evidence/trace
}
evidence() {
	rm -rf out
	cp -r "$BATS_FILE_TMPDIR/out" .
}
# histogram EVIDENCE THREAD REASON COUNT...: those lines more than there are, and their totals.
histogram() {
	local dir=$1 buckets
	shift
	buckets=$(sed -n '/^{/p' "$dir/histogram" 2>/dev/null || true; printf '{ common_pid: %10d, exit_reason: %10d } hitcount: %10d\n' "$@")
	{
		echo '# trigger info: hist:keys=common_pid,exit_reason:vals=hitcount:sort=hitcount:size=4096 [active]'
		echo "$buckets"
		awk '{ n += $NF } END { printf "\nTotals:\n    Hits: %d\n    Entries: %d\n    Dropped: 0\n", n, NR }' <<<"$buckets"
	} >"$dir/histogram"
}
# threads THREAD...: QEMU's answer to query-cpus-fast.
threads() {
	local list
	printf -v list ',{"thread-id":%d,"cpu-index":0}' "$@"
	echo "{\"return\":[${list#,}]}"
}
# trace THREAD [LEAF INDEX]: of a vCPU, whose guest reads one leaf more in the end.
trace() {
	local thread=$1 clock=1
	echo "# entries-in-buffer/entries-written: $((13 + ($# - 1) / 2))/$((13 + ($# - 1) / 2))   #P:1"
	cpuid 4fffffee 57495453
	for leaf in "4fffff04 0" "4fffff04 1" "4fffff02 7b" "4fffff02 c0"; do
		exited cpuid
		# shellcheck disable=SC2086
		cpuid $leaf
	done
	exited io
	exited cpuid
	cpuid 4fffff02 72
	[ $# = 1 ] || cpuid "$2" "$3"
	exited npf
}
exited() { echo "  qemu-$thread  [000] ..... $((clock++)): kvm_exit: vcpu 0 reason $1 rip 0x40 info1 0x0 info2 0x0"; }
cpuid() { echo "  qemu-$thread  [000] ..... $((clock++)): kvm_cpuid: func $1 idx $2 rax 0 rbx 0 rcx 0 rdx 0, cpuid entry not found"; }

# check [OPTION...]: the verdict is in w.json, and true when it is equal.
check() { "$SUITE" witness --check out "$@" >w.json; }

@test "witness: counts that agree are equal, and exits after the reading are accounted for" {
	evidence
	check
	jq -e '.equal and .problem == null and .after == {"svm:0x7b": 1, "svm:0x400": 1}
		and .kvm_exit == {"svm:0x72": 100, "svm:0x7b": 11, "svm:0x400": 6}
		and (.explained["svm:0x400"] | test("pvpanic")) and (.explained["svm:0x7b"] | test("exit 5 of 7"))
		and .total == {"kvm_exit": 117, "stat_exits": 117, "unentered": 0, "binary_stats": null, "guest": 115, "after": 2}' w.json
}

# unequal PATTERN: the evidence as it is now does not prove anything, and says why.
unequal() {
	status=0
	check || status=$?
	[ "$status" = 1 ]
	jq -e --arg pattern "$1" '.equal == false and (.problem // "" | test($pattern))' w.json || { cat w.json; return 1; }
}

@test "witness: a counter that is one too low or too high is not equal" {
	for count in 9 11; do
		evidence
		sed -i "s/svm:0x7b 10/svm:0x7b $count/" out/guest
		unequal ''
	done
}

@test "witness: two errors that cancel in the total are not equal" {
	evidence
	sed -i 's/svm:0x7b 10/svm:0x7b 11/; s/svm:0x400 5/svm:0x400 4/' out/guest
	unequal ''
}

@test "witness: a reason that the guest never counted is not equal" {
	evidence
	histogram out/evidence 7 70 1
	echo 118 >out/evidence/stat-exits
	unequal ''
}

@test "witness: a code without a slot counts as the vendor's other" {
	evidence
	histogram out/evidence 7 999 2
	sed -i 's/svm:other 0/svm:other 2/' out/guest
	trace 7 4fffff02 c9 >out/evidence/trace
	echo 119 >out/evidence/stat-exits
	check
	jq -e '.equal and .kvm_exit["svm:other"] == 2' w.json
}

# statistics SLOT=COUNT...: QEMU's answer to query-stats, of one vCPU or VM with all 202 slots, the last first.
statistics() {
	local pair values='[range(202) | 0]'
	for pair; do values="$values | .[${pair%=*}] = ${pair#*=}"; done
	jq -n -c "{return: [{provider: \"kvm\", stats: [{name: \"exits\", value: 117}, {name: \"exit_count\", value: ($values | reverse)}]}]}"
}

@test "witness: the statistics of KVM_GET_STATS_FD agree, too, reason by reason, for the vCPUs and for the VM" {
	evidence
	statistics 114=100 123=11 192=6 >out/evidence/stats-vm.json
	{ statistics 114=60 123=11 192=6; statistics 114=40; } | jq -s -c '{return: map(.return[])}' >out/evidence/stats-vcpu.json
	check
	jq -e '.equal and .binary_stats == .kvm_exit and .total.binary_stats == 117
		and .kvm_exit == {"svm:0x72": 100, "svm:0x7b": 11, "svm:0x400": 6}' w.json
	statistics 114=100 123=11 192=6 >out/evidence/stats-vcpu.json
	statistics 114=100 123=10 192=7 >out/evidence/stats-vm.json
	unequal 'svm:0x7b: KVM_GET_STATS_FD shows 10 exits for the VM, 11 for its vCPUs'
	statistics 114=100 123=10 192=7 >out/evidence/stats-vcpu.json
	unequal 'svm:0x7b: KVM_GET_STATS_FD shows 10 exits, the tracepoint 11'
}

# A real mode that VT-x cannot run is emulated: stat.exits counts that, and the probe in vmx_vcpu_run() says how often.
@test "witness: counts of stat.exits without an exit are known exactly" {
	evidence
	echo 217 >out/evidence/stat-exits
	unequal 'stat.exits 217'
	printf '{ common_pid: %10d } hitcount: %10d\n\nTotals:\n    Hits: 100\n    Entries: 1\n    Dropped: 0\n' 7 100 >out/evidence/unentered
	check
	jq -e '.equal and .total.unentered == 100' w.json
	echo 218 >out/evidence/stat-exits
	unequal '100 emulated states, stat.exits 218'
}

@test "witness: each of several guests has the exits of its own threads" {
	evidence
	mkdir out/guest2
	cp -r out/guest out/evidence out/guest2/
	sed -i 's/svm:0x72 100/svm:0x72 40/' out/guest2/guest
	threads 8 9 >out/guest2/evidence/cpus.json
	echo 57 >out/guest2/evidence/stat-exits
	# When the first was read, the second had not come to its end; its histogram has both.
	histogram out/evidence 8 114 20 9 123 2
	histogram out/guest2/evidence 8 114 30 9 114 10 8 123 11 9 1024 6
	trace 9 >out/guest2/evidence/trace
	check --guest 1
	jq -e '.equal and .kvm_exit == {"svm:0x72": 100, "svm:0x7b": 11, "svm:0x400": 6}' w.json
	check --guest 2
	jq -e '.equal and .kvm_exit == {"svm:0x72": 40, "svm:0x7b": 11, "svm:0x400": 6}' w.json
	# A thread of the other one, and one of nobody.
	threads 8 >out/guest2/evidence/cpus.json
	unequal 'thread 9, which is no vCPU'
	threads 7 9 >out/evidence/cpus.json
	unequal ''
}

@test "witness: evidence with holes proves nothing" {
	evidence && sed -i 's/Dropped: 0/Dropped: 3/' out/evidence/histogram && unequal 'dropped 3'
	evidence && echo 118 >out/evidence/stat-exits && unequal 'stat.exits 118'
	evidence && sed -i 's,13/13,13/99,' out/evidence/trace && unequal 'lost events'
	evidence && sed -i '/4fffffee/d' out/evidence/trace && unequal 'marker'
	evidence && sed -i 's/reason io/reason vapour/' out/evidence/trace && unequal 'vapour'
	evidence && sed -i '/4fffff02 idx 7b/d; /4fffff04/d' out/evidence/trace && unequal 'no reading of svm:0x7b'
}

@test "witness: missing evidence is an error" {
	for file in guest evidence/format evidence/histogram evidence/stat-exits evidence/trace evidence/cpus.json; do
		evidence
		rm "out/$file"
		try "$SUITE" witness --check out
		one_line_error 3 "out/$file" "No such file"
		: >"out/$file"
		try "$SUITE" witness --check out
		one_line_error 3 "out/$file" empty
	done
	evidence
	try "$SUITE" witness --check out --guest 2
	one_line_error 3 out guest2
}

@test "witness: the document in a file, the verdict in a line" {
	evidence
	run -0 --separate-stderr "$SUITE" witness --check out --paging nested -o w.json
	[ "$output" = "all 117 exits that the outer VM counted are in the guest's counters, reason by reason (2 of them came after the last reading)" ]
	[ -z "$stderr" ]
	jq -e '.equal and .paging == "nested"' w.json
	sed -i 's/svm:0x7b 10/svm:0x7b 9/' out/guest
	run -1 --separate-stderr "$SUITE" witness --check out -o w.json
	[ "$output" = "the guest's counters differ from the outer VM's: svm:0x7b 11 is not 9 + 1" ]
	jq -e '.equal == false and .paging == null' w.json
}

@test "witness: an invalid command line is an error of one line" {
	evidence
	for arguments in "--check out --guest 0" "--check out --guest x" "--check out --paging both" "--check out more" "--check" \
		"--check out --pause x" "--pause x" "--pause x -o y --guest 1" ""; do
		# shellcheck disable=SC2086 # several
		try "$SUITE" witness $arguments
		one_line_error 2 witness
	done
}

# lab GUESTS: what scripts/lab has when the VMs have sent their files.
lab() {
	# shellcheck disable=SC2034 # read in the pieces of the laboratory
	suite=$SUITE work=$PWD out=there modes=(nested) guests=$1 boots=1
	mkdir -p nested final
	mv out nested/out
}

@test "laboratory: equal counts are reported, and different ones with the place of the details" {
	evidence
	mkdir out/guest2
	cp -r out/guest out/evidence out/guest2/
	threads 8 >out/guest2/evidence/cpus.json
	trace 8 >out/guest2/evidence/trace
	histogram out/evidence 8 114 20
	histogram out/guest2/evidence 8 114 100 8 123 11 8 1024 5
	echo 116 >out/guest2/evidence/stat-exits
	lab 2
	# shellcheck source=scripts/lab.d/watch.sh
	. "$top/scripts/lab.d/watch.sh"
	# shellcheck source=scripts/lab.d/witness.sh
	. "$top/scripts/lab.d/witness.sh"
	witness_check nested 1
	witness_check nested 2
	run -1 --separate-stderr witness_summary
	[ -z "$output" ]
	[[ ${stderr_lines[0]} == *"nested, guest 1: all 117 exits that the outer VM counted are in the guest's counters"* ]]
	[[ ${stderr_lines[1]} == *"nested, guest 2: the guest's counters differ from the outer VM's: svm:0x400 5 is not 5 + 1;"*"see there/witness-nested-guest2.json" ]]
	jq -e '.equal and .paging == "nested"' final/witness-nested.json
	jq -e '.equal == false' final/witness-nested-guest2.json
}

@test "laboratory: unreadable evidence gives no verdict" {
	evidence
	echo x >out/evidence/stat-exits
	lab 1
	# shellcheck source=scripts/lab.d/watch.sh
	. "$top/scripts/lab.d/watch.sh"
	# shellcheck source=scripts/lab.d/witness.sh
	. "$top/scripts/lab.d/witness.sh"
	run -1 --separate-stderr witness_check nested 1
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == *stat-exits* ]]
	[ ! -e final/witness-nested.json ]
}
