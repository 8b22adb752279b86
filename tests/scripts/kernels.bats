#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Which kernels there are is said by kernel-patch/series-* alone.

bats_require_minimum_version 1.5.0
load ../cli/helper

top=$BATS_TEST_DIRNAME/../..

# tree: the scripts, with the series of two kernels and one more, whatever else the project has by now.
tree() {
	mkdir -p tree
	cp -r "$top/scripts" "$top/kernel-patch" "$top/tests/outer-setup-root" tree/
	mkdir tree/tests
	find tree/kernel-patch -name 'series-*' ! -name series-6.1 ! -name series-6.12 -delete
	mv tree/outer-setup-root tree/tests/
	echo '# no patch' >tree/kernel-patch/series-6.9
	touch tree/kernel-patch/series-6.9~ tree/kernel-patch/series-new
}

@test "a new series is in every list of kernels, in order, and no other file is touched" {
	tree
	for script in scripts/kvm-build scripts/lab scripts/outer-setup kernel-patch/check kernel-patch/cost kernel-patch/exactness \
		kernel-patch/selftest tests/outer-setup-root; do
		"tree/$script" --help >help.txt
		grep -qE '6\.1(\||, )6\.9(\|| or )6\.12' help.txt || { echo "$script:"; grep '6\.1' help.txt; return 1; }
	done
	try tree/scripts/kvm-build --kernel 5.4
	one_line_error 2 "6.1, 6.9 or 6.12"
	try tree/scripts/kvm-build --release 5.4.0-1-amd64
	one_line_error 3 "6.1, 6.9 and 6.12" "kernel-patch/series-6.12"
	try tree/scripts/lab images --kernel 5.4
	one_line_error 2 "6.1, 6.9 and 6.12"
}

@test "a new series is a valid --kernel" {
	tree
	mkdir bin
	printf '#!/bin/sh\n' >bin/apt-cache
	chmod +x bin/apt-cache
	PATH=$PWD/bin:$PATH try tree/scripts/kvm-build --kernel 6.9 --paths
	one_line_error 3 "no cloud kernel 6.9"
}

@test "no script, manual or document repeats the list" {
	cd "$top"
	run grep -rnE '\b6\.1( ?\|| and| or|,) ?-?6\.12' README.md docs/*.md docs/*.scd scripts kernel-patch/check kernel-patch/cost \
		kernel-patch/exactness kernel-patch/selftest kernel-patch/README.md tests/outer-setup-root tests/lab
	[ "$status" = 1 ] || { echo "$output"; return 1; }
}
