#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Which modules scripts/kvm-build takes from its cache, and whose sources it refuses. Nothing is built here.
# Cost: 1 core, 15 s

bats_require_minimum_version 1.5.0
load ../cli/helper

top=${BATS_TEST_DIRNAME%/*/*}

# The folder that a call would build, which is not there: the cache of these tests has none.
folder() {
	local status=0
	"$top/scripts/kvm-build" --paths "$@" >out 2>err || status=$?
	[ "$status" = 3 ] || { echo "status $status: $(cat err)" >&2; return 1; }
	sed -nE 's/.* (.*\/kvm\/.*) is not built yet.*/\1/p' err
}

series() {
	printf '%s/arch/x86/kvm/x86.c\n+++ b/arch/x86/kvm/x86.c\n@@ -1 +1 @@\n-a\n+%s\n' "$1" "$2" >one.patch
	echo one.patch >series
}

# tree VERSION: a kernel tree as far as is looked at.
tree() {
	mkdir -p tree/arch/x86/kvm tree/virt/kvm tree/arch/x86/include/asm
	printf 'VERSION = %s\nPATCHLEVEL = %s\n' "${1%.*}" "${1#*.}" >tree/Makefile
	echo 'int one;' >tree/arch/x86/kvm/x86.c
	echo 'int two;' >tree/virt/kvm/kvm_main.c
	echo '#define THREE' >tree/arch/x86/include/asm/kvm_host.h
}

# apt-cache takes up to a second, and is asked the same each time: its answers are kept for the file.
setup_file() {
	export XDG_CACHE_HOME=$BATS_FILE_TMPDIR/cache
	cd "$BATS_FILE_TMPDIR" || return 1
	mkdir bin answers
	cat >bin/apt-cache <<-STUB
		#!/bin/bash
		answer=$PWD/answers/\${*//\//_}
		[ -e "\$answer" ] || { $(command -v apt-cache) "\$@" >"\$answer"; echo "\$?" >"\$answer.status"; }
		cat "\$answer"
		exit "\$(<"\$answer.status")"
	STUB
	chmod +x bin/apt-cache
	export PATH=$PWD/bin:$PATH known=yes
	(. "$top/scripts/lib.sh" && apt_cache show linux-source-6.1) >/dev/null 2>&1 || known=no
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	[ "$known" = yes ] || skip "apt knows no linux-source-6.1"
}

@test "another patch is another build, whatever form the patch has" {
	for begin in '--- a' 'diff --git a/arch/x86/kvm/x86.c b/arch/x86/kvm/x86.c
--- a'; do
		series "$begin" b
		first=$(folder --series series)
		series "$begin" c
		second=$(folder --series series)
		[ -n "$first" ]
		[ "$first" != "$second" ]
	done
}

@test "a kernel tree of the user: a change to KVM's sources or headers is another build, files of a build are not" {
	tree 6.1
	first=$(folder --linux tree)
	echo junk >tree/arch/x86/kvm/x86.o
	echo junk >tree/arch/x86/kvm/kvm.mod.c
	[ "$(folder --linux tree)" = "$first" ]
	[ "$(folder)" != "$first" ]
	for file in arch/x86/kvm/x86.c virt/kvm/kvm_main.c arch/x86/include/asm/kvm_host.h; do
		before=$(folder --linux tree)
		echo '/* changed */' >>tree/$file
		[ "$(folder --linux tree)" != "$before" ] || { echo "$file"; return 1; }
	done
}

@test "a tree that cannot be used: one line, status 2" {
	run --separate-stderr "$top/scripts/kvm-build" --linux missing
	one_line_error 2 missing "not a Linux source tree"
	tree 6.6
	run --separate-stderr "$top/scripts/kvm-build" --linux tree
	one_line_error 2 tree "Linux 6.6" --kernel
	run --separate-stderr "$top/scripts/lab" run cpuid --linux tree
	one_line_error 2 tree "Linux 6.6"
	run --separate-stderr "$top/scripts/lab" run cpuid --linux missing
	one_line_error 2 missing "not a Linux source tree"
}
