#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The launcher in the checkout and the parts of `./suite lab` that need no boot.

bats_require_minimum_version 1.5.0
load helper

@test "./suite works from another folder and passes arguments and status on" {
	run --separate-stderr "$BATS_TEST_DIRNAME/../../suite" list cr3.pipe
	[ "$status" = 0 ]
	[[ $output == *cr3.pipe* ]]
	run --separate-stderr "$BATS_TEST_DIRNAME/../../suite" list no.such
	one_line_error 2 no.such
}

@test "./suite test names its parts and refuses others" {
	run --separate-stderr "$BATS_TEST_DIRNAME/../../suite" test --list
	[ "$output" = "lint unit sanitize cli browser scripts lab" ]
	run --separate-stderr "$BATS_TEST_DIRNAME/../../suite" test labs
	one_line_error 2 labs
}

# A cmake that notes whether another launcher could begin to build meanwhile.
@test "two launchers that are started at once do not build into each other" {
	mkdir -p tree/scripts bin
	cp "$BATS_TEST_DIRNAME/../../suite" tree
	cp "$BATS_TEST_DIRNAME/../../scripts/lib.sh" tree/scripts
	printf '#!/bin/sh\n' >tree/scripts/setup
	cat >bin/cmake <<'SH'
#!/bin/sh
case $1 in --build) printf '#!/bin/sh\necho ran\n' >tree/build/suite && chmod +x tree/build/suite ;; esac
flock -n tree/build/.lock true && echo "not locked" >>log
echo "cmake $1" >>log
SH
	chmod +x tree/scripts/setup bin/cmake
	mkdir -p tree/probe tree/lib tree/workloads && touch tree/CMakeLists.txt
	export XDG_CACHE_HOME=$PWD/cache
	PATH=$PWD/bin:$PATH tree/suite >one 2>/dev/null &
	first=$!
	PATH=$PWD/bin:$PATH tree/suite >two 2>/dev/null
	wait "$first"
	[ "$(cat one two)" = $'ran\nran' ]
	[ "$(cat log)" = $'cmake -S\ncmake --build' ] || { cat log; return 1; }
}
