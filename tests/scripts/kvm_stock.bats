#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Which stock kernel scripts/kvm-stock takes, from an apt of the test's own; nothing is downloaded.

bats_require_minimum_version 1.5.0
load ../cli/helper

top=$BATS_TEST_DIRNAME/../..

# archive IMAGE...: the kernels of the newer suites. This machine's own apt has 6.1 alone.
archive() {
	mkdir -p bin
	printf 'linux-image-%s\n' "$@" >images
	cat >bin/apt-cache <<-'SH'
		#!/bin/bash
		command=$1 newer=no
		shift
		while [[ ${1-} == -* ]]; do
			case $1 in
			-c) newer=yes && shift ;;
			-o) shift ;;
			esac
			shift
		done
		last=${*: -1}
		release=${last#linux-image-}
		case $command-$newer in
		pkgnames-yes) cat images ;;
		depends-no) [[ $last != linux-image-6.1-cloud-amd64 ]] || echo "  Depends: linux-image-6.1.0-9-cloud-amd64" ;;
		depends-yes)
			printf '  Depends: linux-base\n  Depends: linux-binary-%s\n' "$release"
			if grep -qxF "$release" gone; then echo "  Depends: <linux-modules-$release>"; else echo "  Depends: linux-modules-$release"; fi
			;;
		show-*) echo "Version: 1-of-$release" ;;
		esac
	SH
	cat >bin/apt-get <<-'SH'
		#!/bin/bash
		echo "$*" >>calls
		case "$*" in
		indextargets*) echo http://mirror.example/debian/ ;;
		*download*)
			for one in "$@"; do
				[[ $one != linux-*=* ]] || : >"${one/=/_}.deb"
			done
			;;
		*update*) [ ! -e offline ] ;;
		esac
	SH
	cat >bin/dpkg-deb <<-'SH'
		#!/bin/bash
		lib=$3/usr/lib/modules name=${2##*/}
		release=$(sed -E 's/^linux-[a-z]+-([^_]+)_.*/\1/' <<<"$name")
		mkdir -p "$lib/$release"
		case $name in
		linux-binary-*) echo kernel >"$lib/$release/vmlinuz" ;;
		linux-modules-*) mkdir -p "$lib/$release/kernel" ;;
		linux-image-6.1.0*) mkdir -p "$lib/$release/kernel" "$3/boot" && echo kernel >"$3/boot/vmlinuz-$release" ;;
		esac
	SH
	chmod +x bin/*
	: >gone
	: >calls
	export PATH=$PWD/bin:$PATH XDG_CACHE_HOME=$PWD/cache
	# The download runs in a folder of its own.
	sed -i "s|>>calls|>>$PWD/calls|; s|-e offline|-e $PWD/offline|" bin/apt-get
	sed -i "s|cat images|cat $PWD/images|; s|\" gone|\" $PWD/gone|" bin/apt-cache
}

stock() { try "$top/scripts/kvm-stock" "$@"; }

# got RELEASE: the folder that was printed has this kernel.
got() {
	[ "$status" = 0 ] || { echo "$stderr"; return 1; }
	[ "$(cat "$output/release")" = "$1" ] || { cat "$output/release"; return 1; }
	[ "$(cat "$output/vmlinuz")" = kernel ]
	[ -d "$output/modules/kernel" ]
}

@test "newest is the highest version, not the last name; what Debian names otherwise is no candidate" {
	archive 6.9.9+deb13-cloud-amd64 7.10.2+deb14-cloud-amd64 7.9.12+deb14-cloud-amd64 7.11.0~rc1-cloud-amd64 \
		7.12.1+deb14-cloud-amd64-dbg 7.12.1+deb14-amd64 cloud-amd64
	stock --kernel newest
	got 7.10.2+deb14-cloud-amd64
}

@test "a kernel of which the archive has dropped a part is passed over" {
	archive 7.9.1+deb14-cloud-amd64 7.9.3+deb14-cloud-amd64 7.10.2+deb14-cloud-amd64
	echo 7.9.3+deb14-cloud-amd64 >gone
	stock --kernel 7.9
	got 7.9.1+deb14-cloud-amd64
}

@test "this machine's own apt comes first: its kernels need no other lists" {
	archive 6.1.99+deb14-cloud-amd64
	stock --kernel 6.1
	got 6.1.0-9-cloud-amd64
	run ! grep -E 'update|indextargets' calls
}

@test "the lists are of the machine's own archive, are kept, and are read again after a day" {
	archive 7.10.2+deb14-cloud-amd64
	stock --kernel newest
	grep -qx 'URIs: http://mirror.example/debian/' cache/kvm-exit-suite/apt/newer/debian.sources
	grep -q "^Dir::State::Lists \"$PWD/cache/" cache/kvm-exit-suite/apt/newer/apt.conf
	stock --kernel newest
	[ "$(grep -c update calls)" = 1 ]
	[ "$(grep -c download calls)" = 1 ]
	touch -d '2 days ago' cache/kvm-exit-suite/apt/newer/updated
	touch offline
	stock --kernel newest
	[ "$(grep -c update calls)" = 2 ]
	got 7.10.2+deb14-cloud-amd64
	[[ $stderr == *"are used"* ]]
}

@test "no such kernel, no network, no kernel at all: status 3 or 2, and what there is" {
	archive 7.9.1+deb14-cloud-amd64 7.10.2+deb14-cloud-amd64
	stock --kernel newest
	stock --kernel 5.4
	one_line_error 3 "5.4" "7.9 7.10"
	stock --kernel oldest
	one_line_error 2 "'oldest'" newest
	rm -r cache
	touch offline
	stock --kernel newest
	[ "$status" = 3 ]
	[[ $stderr == *"check the network; without them there are 6.1 and "* ]]
	stock --kernel 6.1
	got 6.1.0-9-cloud-amd64
}
