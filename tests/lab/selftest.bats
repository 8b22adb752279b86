#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The patch in the kernel's own form: exit_stats_test and the stock test of KVM's statistics, in the outer VM.
# Cost: 1 core, 22 s

bats_require_minimum_version 1.5.0
load helper

setup_file() {
	export tap=$BATS_FILE_TMPDIR/tap
	"$top/kernel-patch/selftest" --paging nested >"$tap" 2>"$BATS_FILE_TMPDIR/log" || {
		local status=$?
		echo "kernel-patch/selftest ended with status $status:"
		cat "$tap"
		tail -n 40 "$BATS_FILE_TMPDIR/log"
		return 1
	}
}

# passed TEXT...: each is a test that passed, not one that was skipped.
passed() {
	local text
	for text in "$@"; do
		grep -qE "^ok [0-9]+ $text\$" "$tap" || { echo "no 'ok' for: $text"; cat "$tap"; return 1; }
	done
}

@test "counts are those of the guest's own actions" {
	passed "exact counts of CPUID, I/O and HLT"
}

@test "KVM_GET_STATS_FD of VM and vCPU shows what the leaves show" {
	passed "leaves, and KVM_GET_STATS_FD of VM and vCPU, are the same"
}

@test "two VMs at once, and VMs that are created and destroyed" {
	passed "two VMs at once share nothing" "VMs created and destroyed under load"
}

@test "failed VM entries" {
	passed "failed VM entries"
}

@test "an L2's exits, once each" {
	passed "exits of an L2, once each"
}

# QEMU's SVM has no next-RIP, and KVM without it no fast path: selftest_intel.bats has them.
@test "nothing failed, and only the fast paths are skipped" {
	run ! grep -E '^not ok|Assertion' "$tap"
	[ "$(grep -c '# SKIP' "$tap")" = "$(grep -c '# SKIP fast path, .*: KVM has none without NRIPS' "$tap")" ]
	grep -q '^# Totals: pass:6 fail:0 .*skip:3 error:0' "$tap"
}
