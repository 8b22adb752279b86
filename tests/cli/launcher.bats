#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The launcher in the checkout and the parts of `./suite lab` that need no boot.

bats_require_minimum_version 1.5.0
load helper

@test "./suite works from another folder and passes arguments and status on" {
	try "$BATS_TEST_DIRNAME/../../suite" list cr3.pipe
	[ "$status" = 0 ]
	[[ $output == *cr3.pipe* ]]
	try "$BATS_TEST_DIRNAME/../../suite" list no.such
	one_line_error 2 no.such
}

@test "./suite test names its parts and refuses others" {
	try "$BATS_TEST_DIRNAME/../../suite" test --list
	[ "$output" = "lint unit sanitize cli browser scripts lab" ]
	try "$BATS_TEST_DIRNAME/../../suite" test labs
	one_line_error 2 labs
}

# tree NAME: a checkout with a launcher, and a cmake that notes how it was called, and whether another launcher could begin to
# build meanwhile.
tree() {
	mkdir -p "$1/scripts" "$1/probe" "$1/lib" "$1/workloads" bin
	touch "$1/CMakeLists.txt"
	cp "$BATS_TEST_DIRNAME/../../suite" "$1"
	cp "$BATS_TEST_DIRNAME/../../scripts/lib.sh" "$1/scripts"
	printf '#!/bin/sh\n' >"$1/scripts/setup"
	cat >bin/cmake <<'SH'
#!/bin/sh
if [ "$1" = --build ]; then
	build=$2
	printf '#!/bin/sh\necho ran\n' >"$build/suite" && chmod +x "$build/suite"
else
	build=$4
	echo "CMAKE_HOME_DIRECTORY:INTERNAL=$2" >"$build/CMakeCache.txt"
fi
flock -n "$build/.lock" true && echo "not locked" >>log
echo "cmake $1 $5" >>log
SH
	chmod +x "$1/scripts/setup" bin/cmake
	export XDG_CACHE_HOME=$PWD/cache
}

@test "two launchers that are started at once do not build into each other" {
	tree tree
	PATH=$PWD/bin:$PATH tree/suite >one 2>/dev/null &
	first=$!
	PATH=$PWD/bin:$PATH tree/suite >two 2>/dev/null
	wait "$first"
	[ "$(cat one two)" = $'ran\nran' ]
	[ "$(cat log)" = $'cmake -S \ncmake --build ' ] || { cat log; return 1; }
}

@test "a folder that was moved is built again" {
	tree old
	PATH=$PWD/bin:$PATH old/suite
	mv old new
	touch -d '+1 minute' new/CMakeLists.txt
	PATH=$PWD/bin:$PATH new/suite
	[ "$(grep -c -- 'cmake -S --fresh' log)" = 1 ] || { cat log; return 1; }
	touch -d '+2 minutes' new/CMakeLists.txt
	PATH=$PWD/bin:$PATH new/suite
	[ "$(grep -c -- '--fresh' log)" = 1 ]
}
