#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# scripts/outer-setup in the outer VM, with a stock kernel of the distribution and its KVM loaded: it loads, reads back, refuses,
# restores, and a failure at any step leaves every module and parameter as it was.
# Cost: 1 core, 150 s

bats_require_minimum_version 1.5.0
load helper

# Every kernel that has patches; OUTER_KERNELS names some of them.
kernels=${OUTER_KERNELS:-$(. "$BATS_TEST_DIRNAME/../../scripts/lib.sh" && kernels)}

# bash-static is what a busybox image has not, and what a real machine has.
setup_file() {
	export tap=$BATS_FILE_TMPDIR/tap
	tar -c -f "$BATS_FILE_TMPDIR/tree.tar" -C "$top" scripts kernel-patch/series-* -C "$(dirname "$(command -v cpio)")" cpio
	for kernel in $kernels; do
		lab script "$BATS_TEST_DIRNAME/outer/outer.sh" "$(command -v bash-static)" "$BATS_FILE_TMPDIR/tree.tar" "$suite" \
			--paging nested --kernel $kernel >"$tap-$kernel" 2>"$BATS_FILE_TMPDIR/log" || {
			local status=$?
			echo "the laboratory ended with status $status:"
			cat "$tap-$kernel"
			tail -n 40 "$BATS_FILE_TMPDIR/log"
			return 1
		}
	done
}

# passed TEXT...: on each kernel.
passed() {
	local text kernel
	for kernel in $kernels; do
		for text in "$@"; do
			grep -qF " - $text" <(grep '^ok' "$tap-$kernel") || { echo "$kernel: no 'ok' for: $text"; cat "$tap-$kernel"; return 1; }
		done
	done
}

@test "nothing failed, on each kernel" {
	for kernel in $kernels; do
		run ! grep '^not ok' "$tap-$kernel"
		[ "1..$(grep -c '^ok' "$tap-$kernel")" = "$(grep '^1\.\.' "$tap-$kernel")" ]
	done
}

@test "load: the requested mode and parameters are read back, and an inner VM sees them" {
	passed "load: patched, nested paging, counters on" "load again: patched, shadow paging, other parameters" \
		"inner-vm boot: an inner VM sees the counters, and shadow paging" "inner-vm boot leaves nothing"
}

@test "refused, and unchanged: before anything is touched" {
	passed "unchanged: no modules have been built" "unchanged: the wrong vendor" "unchanged: a parameter that the module has not" \
		"unchanged: no nested virtualization" "unchanged: a VM runs" "... and that VM still does" "unchanged: the module is in use"
}

@test "failed halfway, and undone: the distribution's modules with their previous parameters" {
	passed "unchanged: kvm.ko does not load" "... and it was the module itself that refused" \
		"unchanged: the vendor's module does not load" "unchanged: the module says another mode" \
		"after all that, the distribution's KVM has the parameters that it was loaded with"
}

@test "restore: the distribution's modules; not while a VM runs; and ours again if those are missing" {
	passed "restore: the distribution's modules, as at boot" "restore again: nothing to do" "unchanged: restore while a VM runs" \
		"unchanged: the distribution's modules are not there, ours are put back"
}

@test "Secure Boot: a locked-down kernel accepts only signed modules: refused before, and undone after" {
	passed "signatures enforced: the distribution's modules, which are signed, come back" "unchanged: signatures are enforced" \
		"unchanged: Secure Boot's lockdown" "unchanged: a signature that the kernel does not take" "check says how to sign"
}
