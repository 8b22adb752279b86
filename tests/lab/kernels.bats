#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The same proof on each other kernel that has patches, with its own series.
# Cost: 1 core, 38 s

bats_require_minimum_version 1.5.0
load helper

# shellcheck source=scripts/lib.sh
others=$(. "$BATS_TEST_DIRNAME/../../scripts/lib.sh" && kernels | grep -vxF "$KERNEL_DEFAULT")

setup_file() {
	local kernel
	for kernel in $others; do
		LAB_READERS=selftest lab_once cpuid cr3.thread --kernel "$kernel" --paging nested --repeat 3 --seed 3
		mv "$results" "$results-$kernel"
	done
}

# each COMMAND [ARGUMENT...]: with $kernel and its $results.
each() {
	local kernel results
	[ -n "$others" ]
	for kernel in $others; do
		results=$BATS_FILE_TMPDIR/results-$kernel
		"$@" || { echo "... on $kernel"; return 1; }
	done
}

ran_it() {
	"$suite" report --json "$results/nested.json" | jq -e --arg series "$kernel." \
		'.environment | (.guest_kernel | startswith($series)) and (.outer_kernel | startswith($series))'
}

@test "both VMs ran it" { each ran_it; }

@test "witness: every reason equal, nested" { each witness_holds nested; }

@test "exits per operation are those of the default kernel" {
	each est_between nested cpuid.leaf0 cpuid 0.995 1.005
	each est_between nested cr3.thread cr-access -0.05 0.05
}
