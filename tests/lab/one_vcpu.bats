#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A whole run with one vCPU, both paging modes: every number that is known in advance, and its witness.
# Cost: 1 core, 350 s

bats_require_minimum_version 1.5.0
load helper

# The budget keeps a run of all workloads at minutes; on a busy machine samples are small then, and a page fault of the kernel's
# own shows in the second decimal. The bounds still tell each law from its neighbours.
setup_file() { lab_once all --seed 1 -- --budget 110; }

@test "every file exists under its final name, and nothing else" {
	for mode in nested shadow; do
		for file in "$mode.json" "witness-$mode.json" "boot-$mode.txt" "boot-$mode.json" "one-liner-$mode.txt" "selftest-$mode.txt" \
			"console-outer-$mode.log" "console-inner-$mode.log"; do
			[ -s "$results/$file" ] || { echo "$file is missing"; return 1; }
		done
	done
	[ -s "$results/compare.txt" ]
	grep -q 'equal, reason by reason' "$results/report.html"
	[ "$(jq '[.histograms[] | add] | add > 1000' "$results/shadow.json")" = true ]
	[ "$(find "$results" -mindepth 1 | wc -l)" = 18 ] || { ls -A "$results"; return 1; }
}

@test "paging mode: read from the hypervisor, confirmed by the fingerprint" {
	for mode in nested shadow; do
		"$suite" report --json "$results/$mode.json" >report.json
		jq -e --arg mode "$mode" '.paging | .mode == $mode and .fingerprint == $mode and .contradiction == null' report.json
		jq -e '.paging.source | test("leaf 0x4fffff01")' report.json
	done
}

@test "environment: accelerator, kernels and vCPUs are recorded" {
	for mode in nested shadow; do
		"$suite" report --json "$results/$mode.json" >report.json
		jq -e '.environment | .cpus == "1" and (.accelerator | length > 0) and (.outer_kernel | test("cloud"))' report.json
	done
}

@test "all workloads ran, except those that need a second CPU, and the port that the emulated SVM refuses" {
	for mode in nested shadow; do
		"$suite" report --json "$results/$mode.json" >report.json
		jq -e '[.workloads[] | select(.status != "done") | .name] - ["io.kernel"] ==
			["ipi.futex", "ipi.membarrier", "tlb.shootdown"]' report.json
		jq -e 'all(.workloads[] | select(.name | test("^ipi|shootdown")); .reason | test("two CPUs"))' report.json
		jq -e '.workloads[] | select(.name == "io.kernel") | .status == "done" or (.reason | test("0x61"))' report.json
		jq -e '[.workloads[].name] | length >= 10' report.json
	done
}

@test "cpuid.leaf0: exactly one CPUID exit per operation" {
	for mode in nested shadow; do
		est_between $mode cpuid.leaf0 cpuid 0.995 1.005
	done
}

@test "cpuid.sweep: exactly one CPUID exit per leaf, whichever it is" {
	for mode in nested shadow; do
		est_between $mode cpuid.sweep cpuid 0.995 1.005
	done
}

@test "ud2 and hypercall: exactly one exit of their own in both modes" {
	for mode in nested shadow; do
		est_between $mode ud2 exception 0.995 1.005
		est_between $mode ud2 page-fault -0.05 0.05
		est_between $mode hypercall hypercall 0.995 1.005
	done
}

@test "pause: none, since the emulated processor has no filter" {
	for mode in nested shadow; do
		est_between $mode pause pause -0.001 0.001
	done
}

@test "rdtsc and syscall: none (without PTI)" {
	for mode in nested shadow; do
		"$suite" report --json "$results/$mode.json" | jq -e '.environment.pti == "off"'
		for class in cpuid page-fault nested-page-fault cr-access invlpg io exception; do
			est_between $mode rdtsc "$class" -0.01 0.01
			est_between $mode syscall "$class" -0.01 0.01
		done
	done
}

@test "io.pio: the exits of the mechanism that it used" {
	for mode in nested shadow; do
		"$suite" report --json "$results/$mode.json" >report.json
		low=$(jq '.workloads[] | select(.name == "io.pio") | .per_op[] | select(.class == "io") | .expected_lo' report.json)
		high=$(jq '.workloads[] | select(.name == "io.pio") | .per_op[] | select(.class == "io") | .expected_hi' report.json)
		between 0.9 "$low" "$high"
		between "$low" "$high" 2.1
		between 0 "$(awk "BEGIN { print $high - $low }")" 0.05
		est_between $mode io.pio io "$low" "$high"
	done
}

@test "cr3.pipe: no CR3 write nested, two per round trip shadow" {
	est_between nested cr3.pipe cr-access -0.05 0.05
	est_between shadow cr3.pipe cr-access 1.9 2.2
}

@test "cr3.thread: none in both" {
	est_between nested cr3.thread cr-access -0.05 0.05
	est_between shadow cr3.thread cr-access -0.05 0.05
}

@test "pagefault.anon, warm: none nested, two page faults shadow" {
	for class in page-fault nested-page-fault; do
		est_between nested pagefault.anon "$class" -0.05 0.05
	done
	est_between shadow pagefault.anon page-fault 1.8 2.3
}

@test "pagefault.cow, madvise.single and munmap: two page faults a page shadow, a flush for each page replaced" {
	for workload in pagefault.cow madvise.single munmap; do
		for class in page-fault nested-page-fault invlpg; do
			est_between nested $workload "$class" -0.05 0.05
		done
		est_between shadow $workload page-fault 1.95 2.06
	done
	est_between shadow pagefault.cow invlpg 0.995 1.005
	est_between shadow madvise.single invlpg 0.995 1.005
	est_between shadow munmap invlpg -0.05 0.05
}

@test "law: two page faults for each page that faults, whatever the mapping" {
	est_between shadow pagefault.file.write page-fault 1.95 2.06
	est_between shadow pagefault.zero page-fault 3.9 4.1
	est_between shadow pagefault.zero invlpg 0.995 1.005
	est_between shadow pagefault.cold page-fault 1.95 2.1
	for workload in pagefault.file.write pagefault.zero pagefault.file pagefault.fill; do
		est_between nested $workload page-fault -0.05 0.05
		est_between nested $workload nested-page-fault -0.05 0.05
	done
}

@test "law: a fill prefetches eight entries, and fault-around maps sixteen pages, in any order" {
	est_between shadow pagefault.fill page-fault 0.115 0.145
	est_between shadow pagefault.file page-fault 0.17 0.22
	est_between shadow pagefault.file.random page-fault 0.17 0.22
}

@test "law: 33 pages are flushed one by one, 34 by a reload of CR3" {
	est_between shadow madvise.bulk33 invlpg 32.8 33.2
	est_between shadow madvise.bulk33 cr-access -0.05 0.05
	est_between shadow madvise.bulk invlpg -0.05 0.05
	est_between shadow madvise.bulk cr-access 1.96 2.04
}

@test "huge pages: the entry is in a table that stays write-protected" {
	est_between shadow pagefault.thp page-fault 2.9 3.1
	est_between shadow pagefault.hugetlb page-fault 3.9 4.1
	est_between nested pagefault.thp nested-page-fault -0.05 0.05
}

@test "mremap: a flush of the old place and a fill of the new one" {
	est_between shadow mremap page-fault 0.99 1.01
	est_between shadow mremap invlpg 0.99 1.01
}

@test "msr and mmio: one exit each in both modes" {
	for mode in nested shadow; do est_between $mode msr msr 0.9 1.1; done
	est_between nested mmio nested-page-fault 0.995 1.005
	est_between shadow mmio page-fault 0.995 1.005
}

@test "a ring of processes: one CR3 write per switch, however many there are" {
	est_between shadow cr3.ring4 cr-access 3.9 4.2
	est_between shadow cr3.ring16 cr-access 15.6 16.8
	for ring in 2 4 16; do
		est_between shadow cr3.dirty$ring cr-access "$(awk "BEGIN { print 0.97 * $ring }")" "$(awk "BEGIN { print 1.05 * $ring }")"
		# Two for the page, one for its table, which each CR3 write resynchronises on a processor without PCID.
		est_between shadow cr3.dirty$ring page-fault "$(awk "BEGIN { print 2.95 * $ring }")" "$(awk "BEGIN { print 3.05 * $ring }")"
	done
	est_between nested cr3.ring16 cr-access -0.05 0.05
	est_between shadow cr3.futex cr-access 1.95 2.1
	est_between shadow cr3.futex.thread cr-access -0.05 0.05
}

@test "mprotect.toggle: two flushes shadow, and no page fault" {
	est_between nested mprotect.toggle invlpg -0.05 0.05
	est_between shadow mprotect.toggle invlpg 1.99 2.01
	est_between shadow mprotect.toggle page-fault -0.05 0.05
}

@test "vfork and clone.thread: no address space, so no CR3 write" {
	for mode in nested shadow; do
		est_between $mode vfork cr-access -0.05 0.05
		est_between $mode clone.thread cr-access -0.05 0.05
	done
}

@test "witness: every reason equal, with one vCPU, nested" { witness_holds nested; }
@test "witness: every reason equal, with one vCPU, shadow" { witness_holds shadow; }

@test "boot listing: every reason of the vendor, and what the paging mode implies" {
	for mode in nested shadow; do
		[ "$(grep -cvE '^exit number= *[0-9]+, name= [A-Z0-9_]+, number_of_exits =[0-9]+$' "$results/boot-$mode.txt")" = 0 ]
		[ "$(wc -l <"$results/boot-$mode.txt")" -gt 100 ]
		[ "$(listed "$results/boot-$mode.txt" CPUID)" -gt 100 ]
	done
	[ "$(listed "$results/boot-nested.txt" NPF)" -gt 0 ]
	[ "$(listed "$results/boot-nested.txt" INVLPG)" = 0 ]
	[ "$(listed "$results/boot-shadow.txt" NPF)" = 0 ]
	[ "$(listed "$results/boot-shadow.txt" INVLPG)" -gt 0 ]
}

@test "boot file: the listing's counts up to init, then up to the first workload, and compare accepts two of them" {
	for mode in nested shadow; do
		"$BATS_TEST_DIRNAME/../data/validate" "$results/boot-$mode.json"
		jq -e '[.workloads[].name] == ["boot.init", "boot.ready"]' "$results/boot-$mode.json"
		jq -r '.workloads[0].samples[] | select(.ops == 1) | .exits | to_entries[] | "\(.key) \(.value)"' "$results/boot-$mode.json" >init.txt
		# The listing was the first act: between the two are the start and the reading of one process.
		[ "$(awk '$1 == "svm:0x7b" { print $2 }' init.txt)" = "$(listed "$results/boot-$mode.txt" IOIO)" ]
		between "$(listed "$results/boot-$mode.txt" CPUID)" "$(awk '$1 == "svm:0x72" { print $2 }' init.txt)" \
			$(($(listed "$results/boot-$mode.txt" CPUID) + 300))
	done
	"$suite" compare "$results/boot-nested.json" "$results/boot-shadow.json" --json >compare.json
	"$suite" compare "$results/boot-nested.json" "$results/boot-shadow.json" | grep -A 16 '^boot.init' | grep -qE '^  page-fault +0 '
}

@test "the boot listing was made before anything else ran in the inner VM" {
	for mode in nested shadow; do
		boot=$(listed "$results/boot-$mode.txt" CPUID)
		later=$(sed -n '/before/,/cpuid -1/p' "$results/one-liner-$mode.txt" >later.txt && listed later.txt CPUID)
		[ "$boot" -lt "$later" ]
	done
}

# Counts only grow, so the reading between two of ours must lie between them; where ours agree, it is the same number.
@test "the original one-liner, cpuid -l 0x4ffffffd -s N, shows the same counts as our probe" {
	for mode in nested shadow; do
		run awk '
			/^# / { part++ }
			/^exit number=/ {
				number = $3 + 0
				sub(/.*number_of_exits =/, "")
				if (part == 1) before[number] = $0 + 0; else after[number] = $0 + 0
			}
			/^number / { number = $2 }
			/0x4ffffffd/ && / eax=0x/ && part == 2 {
				value = 0
				sub(/.*eax=0x/, "")
				for (i = 1; i <= 8; i++) value = value * 16 + index("0123456789abcdef", substr($0, i, 1)) - 1
				read[number] = value
				runs++
			}
			END {
				for (number in read) {
					if (read[number] < before[number] || read[number] > after[number])
						print "reason " number ": " before[number] " <= " read[number] " <= " after[number] " does not hold"
					if (before[number] == after[number]) same++
				}
				if (runs < 10) print "only " runs " readings"
				if (same < 5) print "only " same " reasons stood still"
				if (after[114] - before[114] < runs) print "the readings themselves were not counted"
			}' "$results/one-liner-$mode.txt"
		[ "$status" = 0 ]
		[ -z "$output" ] || { echo "$mode: $output"; return 1; }
	done
}

@test "cpuid(1) reads every leaf as the probe does, and counts change only by the exits of reading" {
	for mode in nested shadow; do
		grep -q '^1\.\.[1-9]' "$results/selftest-$mode.txt"
		[ "$(grep -c '^ok' "$results/selftest-$mode.txt")" -ge 14 ]
		[ "$(grep -cE '^not ok' "$results/selftest-$mode.txt")" = 0 ]
		[ "$(grep -c 'three times the same' "$results/selftest-$mode.txt")" = 2 ]
		[ "$(grep -E '# SKIP' "$results/selftest-$mode.txt" | grep -cv 'exit_stats_hist')" = 0 ]
	done
}

@test "the comparison was printed and names both modes" {
	grep -q nested "$results/compare.txt"
	grep -q shadow "$results/compare.txt"
	grep -qxF "$(head -n 1 "$results/compare.txt")" "$BATS_FILE_TMPDIR/log"
}

@test "a virtio device is notified once per request, and once for all that are submitted together" {
	for name in io.blk.read:0.98:1.02 io.blk.write:0.98:1.02 io.fsync:1.96:2.04 io.uring:0.061:0.064 net.virtio:0.8:1.02; do
		IFS=: read -r name low high <<<"$name"
		est_between nested "$name" nested-page-fault "$low" "$high"
		est_between shadow "$name" page-fault "$low" "$high"
	done
}

@test "a byte on the serial line is an OUT, and three INs for every sixteen" {
	for mode in nested shadow; do
		est_between $mode io.serial io 1.17 1.21
	done
}

@test "workloads that write used the scratch devices and no others" {
	for mode in nested shadow; do
		jq -e '.environment | .disk == "/dev/vda" and .net == "eth0" and .serial == "/dev/ttyS1"' "$results/$mode.json"
	done
}
