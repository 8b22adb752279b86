#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The patch's own tests: kernel-patch/tests, in one outer VM that reloads KVM for each layout of the course's leaves.
# Cost: 1 core, 165 s

bats_require_minimum_version 1.5.0
load helper

# Both paging modes, the whole list with the one, the path with all the options with the other.
setup_file() {
	export tap=$BATS_FILE_TMPDIR/tap
	: >"$tap"
	export results=$BATS_FILE_TMPDIR/results
	for arguments in "--paging nested" "--paging shadow --layout b"; do
		# shellcheck disable=SC2086
		lab test-patch $arguments -o "$results" >>"$tap" 2>"$BATS_FILE_TMPDIR/log" || {
			local status=$?
			echo "the laboratory ended with status $status:"
			cat "$tap"
			tail -n 40 "$BATS_FILE_TMPDIR/log"
			return 1
		}
	done
}

# passed TEXT...: each is a test that passed, and none that is named like it failed.
passed() {
	local text
	for text in "$@"; do
		grep -qE "^ok [0-9]+ - $text" "$tap" || { echo "no 'ok' for: $text"; cat "$tap"; return 1; }
	done
}

@test "nothing failed" {
	run ! grep '^not ok' "$tap"
	[ "$(grep -c '^ok' "$tap")" -gt 100 ]
}

@test "layouts a, b and c: every reason in every leaf of the course, with poisoned registers" {
	for layout in a b c; do
		passed "nested: layout $layout, inner VM: layout is the one that was asked for" \
			"nested: layout $layout, inner VM: course: every reason from 0 to 0x500, and far ones" \
			"nested: layout $layout, inner VM: course: some reasons have counted"
	done
	passed "shadow: layout b, inner VM: course: every reason from 0 to 0x500, and far ones"
	passed "nested: layout c, inner VM: course: the two leaves that layout C lacks"
}

@test "the sum over all reasons is the total, and a reading has its known cost" {
	for layout in a b c; do
		passed "nested: layout $layout, inner VM: sum over slots is the total, exactly" \
			"nested: layout $layout, inner VM: 100 CPUIDs and the read itself are 101 CPUID exits"
	done
}

@test "histograms: buckets add up to the count of each reason" {
	for where in "nested: layout b" "nested: layout c" "shadow: layout b"; do
		passed "$where, inner VM: histograms: buckets add up to count and busy cycles of each slot" \
			"$where, inner VM: histograms: slots at rest have every exit"
	done
}

# One vCPU: what is being handled is the CPUID that reads. CPUID's own histogram grows while it is read, by one for each group.
@test "suite probe --hist: the buckets of each reason are its exits" {
	for file in nested/probe-b nested/probe-c shadow/probe-b; do
		jq -e '.histograms and ([.reasons[] | select(.histogram)] == .reasons) and (.reasons | length) >= 8' "$results/$file.json"
		jq -e '[.reasons[] | select(.class != "cpuid") | .histogram | select(.exits != ([.buckets[].exits] | add))] == []' \
			"$results/$file.json" || { jq -c '.reasons[] | [.name, .count, .histogram]' "$results/$file.json"; return 1; }
		jq -e '.reasons[] | select(.class == "cpuid") | .histogram | ([.buckets[].exits] | add) - .exits | . >= -1 and . <= 16' \
			"$results/$file.json"
		jq -e '[.reasons[] | select(.histogram.exits < .count)] == []' "$results/$file.json"
		jq -e '[.reasons[] | select(.wall < .busy)] == []' "$results/$file.json"
	done
}

@test "suite probe --hist: bars of 80 columns for each reason" {
	[ "$(grep -c 'distribution$' "$results/nested/probe-b.txt")" -ge 8 ]
	[ "$(grep -cE '^ *[0-9]+ -> [0-9]+ +: +[0-9]+ \|[*.]+ *\|$' "$results/nested/probe-b.txt")" -gt 20 ]
	run awk '/\|$/ && length != 80' "$results/nested/probe-b.txt"
	[ -z "$output" ]
}

@test "without exit_stats_hist there are no histograms" {
	jq -e '.histograms == false and all(.reasons[]; has("histogram") | not)' "$results/nested/probe-a.json"
}

@test "counters begin at zero with each VM and each load of the modules, and VMs share nothing" {
	for layout in a b c; do
		passed "nested: layout $layout, outer VM: every CPUID is counted once" \
			"nested: layout $layout, outer VM: a VM starts at zero and counts nothing of another" \
			"nested: layout $layout, outer VM: two VMs that run at once count their own exits"
	done
}

@test "counters are correct while vCPUs are created and VMs destroyed" {
	passed "nested: layout a, outer VM: counts are right while vCPUs are created" \
		"nested: layout a, outer VM: counts are right while other VMs are created and destroyed" \
		"shadow: layout b, outer VM: counts are right while vCPUs are created" \
		"shadow: layout b, outer VM: counts are right while other VMs are created and destroyed"
}

@test "off, the default: every answer is that of an unpatched KVM, to guests of both vendors" {
	passed "nested: off is the default" "nested: off: no leaves"
	for guest in AuthenticAMD GenuineIntel inner; do
		passed "nested: off: [0-9]{4} answers to $guest are those of an unpatched KVM, bit for bit"
	done
}

@test "an unknown layout: kvm.ko does not load and says why" {
	for layout in z ab ''; do
		passed "nested: unknown layout '$layout': kvm.ko does not load and says why"
	done
}

@test "the outer VM's kernel reports no problem" {
	passed "nested: no complaint of the outer VM's kernel" "shadow: no complaint of the outer VM's kernel"
}

# sources: a checksum of every kernel source and header in the cache, which trees are hard links of.
sources() { find "${XDG_CACHE_HOME:-$HOME/.cache}/kvm-exit-suite/linux" -type f -path '*kvm*' -exec sha256sum {} + | sort | sha256sum; }

@test "a patch that does not apply: file and hunk are named, and nothing is left behind" {
	mkdir series
	for file in "$top"/kernel-patch/series-6.1 "$top"/kernel-patch/6.1 "$top"/kernel-patch/common; do
		ln -s "$(realpath "$file")" "series/${file##*/}"
	done
	cat >series/unfit.patch <<-'PATCH'
		diff --git a/arch/x86/kvm/cpuid.c b/arch/x86/kvm/cpuid.c
		--- a/arch/x86/kvm/cpuid.c
		+++ b/arch/x86/kvm/cpuid.c
		@@ -1,3 +1,4 @@
		 // SPDX-License-Identifier: GPL-2.0-only
		+// fits
		 /*
		  * Kernel-based Virtual Machine driver for Linux
		@@ -40,3 +41,2 @@
		-a line that was never there
		 nor this
		 nor that
	PATCH
	{ cat series/series-6.1; echo unfit.patch; } >series/unfit
	before=$(sources)
	run --separate-stderr "$top/scripts/kvm-build" --series series/unfit
	[ "$status" = 3 ]
	[ -z "$output" ]
	[ "$(grep -c 'unfit.patch does not apply to linux-source 6.1.*: arch/x86/kvm/cpuid.c hunk #2$' <<<"$stderr")" = 1 ] ||
		{ echo "$stderr"; return 1; }
	[ "$(sources)" = "$before" ]
	[ -z "$(find "${XDG_CACHE_HOME:-$HOME/.cache}/kvm-exit-suite/kvm" -name '*.partial' -newer series/unfit)" ]
}
