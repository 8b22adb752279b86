#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# ./suite test itself, in a tree whose tests are fakes: what it counts, what it runs again, and what it prints.
# Cost: 1 core, 21 s

bats_require_minimum_version 1.5.0

top=$BATS_TEST_DIRNAME/../..

# The runner with nothing to install, to build or to lint; each fake notes that it ran.
setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	mkdir -p tree/scripts tree/tests/{cli,browser,scripts,lab,unit} tree/docs bin
	cp -r "$top/scripts/test" "$top/scripts/test.d" "$top/scripts/lib.sh" tree/scripts/
	printf '#!/bin/sh\n' >tree/scripts/setup
	inside=$PWD/bin:/usr/local/bin:/usr/bin:/bin
	stub cmake 'case $1 in --build) : >"$2/suite" ;; esac'
	stub ctest 'echo "1/2 Test #1: test_one ...   Passed    0.01 sec"; echo "2/2 Test #2: test_two ...   Passed    0.01 sec"
		echo "100% tests passed, 0 tests failed out of 2"'
	chmod +x tree/scripts/setup
	# Bats in bats takes seconds: a fake file is a script that writes TAP.
	stub bats 'for file; do :; done; exec sh "$file"'
	for part in cli browser scripts lab; do
		fake $part/plain 'true'
	done
}

stub() { printf '#!/bin/sh\n%s\n' "$2" >"bin/$1" && chmod +x "bin/$1"; }

# fake PART/NAME COMMAND...: a file with a test for each command; `skip` is one that cannot run.
fake() {
	local name=$1 command n=0
	shift
	{
		printf 'echo %s >>%s/ran\necho 1..%d\n' "$name" "$PWD" $#
		for command; do
			n=$((n + 1))
			case $command in
			skip) echo "echo 'ok $n $name # skip for a reason'" ;;
			*) printf '{ %s; } && echo "ok %d %s" || { echo "not ok %d %s"; bad=1; }\n' "$command" $n "$name" $n "$name" ;;
			esac
		done
		echo 'exit ${bad-0}'
	} >"tree/tests/$name.bats"
}

# flaky PART/NAME: fails when it runs first.
flaky() { fake "$1" "[ -e $PWD/${1//\//.} ] || { touch $PWD/${1//\//.} \${TMPDIR:-$PWD}/left; false; }"; }

# Nothing of the bats that this is part of is seen by the one within.
runner() {
	rm -f ran
	status=0
	env -i PATH="$inside" HOME="$PWD" tree/scripts/test "$@" >said.out 2>said.err || status=$?
	IFS= read -rd '' output <said.out || output=${output%$'\n'}
	IFS= read -rd '' stderr <said.err || stderr=${stderr%$'\n'}
	mapfile -t lines <said.out
	mapfile -t stderr_lines <said.err
}

# counted PASSED FAILED SKIPPED: in the last line, and one by one in TAP that is numbered without a gap, with a plan.
counted() {
	[ "${lines[-1]}" = "$1 passed, $2 failed, $3 skipped" ] || { echo "$output"; echo "$stderr"; return 1; }
	awk -v passed="$1" -v failed="$2" -v skipped="$3" '
		NR > 1 && line !~ /^(#|1\.\.|(not )?ok [0-9]+ - )/ { print "no TAP: " line; wrong = 1 }
		{ line = $0 }
		/^ok / { good++ }
		/^not ok / { bad++ }
		/^(not )?ok / && ($1 == "ok" ? $2 : $3) != ++number { print "not " number ": " line; wrong = 1 }
		$0 == "1.." passed + failed + skipped { plan = 1 }
		END { exit wrong || !plan || good != passed + skipped || bad != failed }' <<<"$output" || { echo "$output"; return 1; }
	if [ "$2" = 0 ]; then [ "$status" = 0 ]; else [ "$status" = 5 ]; fi
}

# times NAME: how often a file ran.
times() { grep -cx "$1" ran; }

@test "what passes, fails and is skipped is counted, and the status says whether anything failed" {
	fake cli/mixed true skip true
	runner unit cli
	counted 5 0 1
	grep -qE '^ok [0-9]+ - cli/mixed # skip for a reason$' <<<"$output"
	fake cli/bad 'echo words; false' true
	runner cli
	counted 4 1 1
	grep -q '^# words$' <<<"$output"
}

@test "a file that fails outside of the laboratory is not run again" {
	flaky cli/once
	runner cli
	counted 1 1 0
	[ "$(times cli/once)" = 1 ]
}

@test "a laboratory file that fails is run once more: passed then, it is flaky, named at the end, and its logs are kept" {
	flaky lab/shaky
	runner lab
	counted 2 0 0
	[ "$(times lab/shaky)" = 2 ]
	[ "$(times lab/plain)" = 1 ]
	[[ ${lines[-2]} == "# FLAKY lab/shaky.bats: "* ]]
	[ "$(grep -c FLAKY <<<"$output")" = 1 ]
	cd tree
	first=$(grep -oE 'build/test-log/[^ ]+' <<<"${lines[-2]}" | head -n 1)
	second=$(grep -oE 'build/test-log/[^ ]+' <<<"${lines[-2]}" | tail -n 1)
	grep -q '^not ok 1' "$first"
	grep -q '^ok 1' "$second"
	[ -e "${first%.log}.boot/left" ] # and what the boot that failed has left
	[ ! -e "${second%.log}.boot" ]
}

@test "a laboratory file that fails twice has failed" {
	fake lab/broken true 'false'
	runner lab
	counted 2 1 0
	[ "$(times lab/broken)" = 2 ]
	[ "$(grep -c FLAKY <<<"$output")" = 0 ]
}

@test "two flaky files pass, three fail the run" {
	flaky lab/a
	flaky lab/b
	runner lab
	counted 3 0 0
	[ "$(grep -c '^# FLAKY' <<<"$output")" = 2 ]
	rm lab.a lab.b
	flaky lab/c
	runner lab
	counted 4 1 0
	grep -qE '^not ok [0-9]+ - at most two files of the laboratory are flaky, not 3$' <<<"$output"
	[ "$(grep -c '^# FLAKY' <<<"$output")" = 3 ]
}

@test "a skip in the laboratory is a failure, and no reason to run the file again" {
	fake lab/skips skip
	runner lab
	counted 1 1 0
	[ "$(times lab/skips)" = 1 ]
	grep -q '^not ok .*for a reason' <<<"$output"
}

@test "a bats that dies, or runs fewer tests than it said, is a failure, whatever had passed" {
	rm bin/bats
	printf '@test "one" { true; }\n@test "two" { kill -KILL $PPID; }\n@test "three" { true; }\n' >tree/tests/cli/plain.bats
	runner cli
	[ "$status" = 5 ]
	[[ ${lines[-1]} =~ ^[12]\ passed,\ 1\ failed,\ 0\ skipped$ ]] || { echo "$output"; return 1; }
	stub bats 'echo 1..3; echo ok 1 one; echo ok 2 two'
	runner cli
	counted 2 1 0
	grep -q 'cli/plain.bats ended with status 0 after 2 of 3 tests' <<<"$output"
	stub bats 'echo 1..1; echo ok 1 one; exit 7'
	runner cli
	counted 1 1 0
	stub bats 'exit 1'
	runner cli
	counted 0 1 0
	stub bats 'echo 1..3; echo not ok 1 setup_file failed; exit 1'
	runner cli
	counted 0 1 0
}

@test "a part without a file, and unit tests that do not run, are failures" {
	rm tree/tests/browser/*
	runner browser
	counted 0 1 0
	stub ctest 'echo "No tests were found!!!"'
	runner unit
	counted 0 1 0
	stub ctest 'echo "1/2 Test #1: test_one ...   Passed    0.01 sec"; echo "2/2 Test #2: test_two ...***Timeout 120.01 sec"
		echo "words of test_two"; echo "50% tests passed, 1 tests failed out of 2"; exit 8'
	runner unit
	counted 1 1 0
	grep -q 'words of test_two' <<<"$output"
}

@test "a build that fails is one failure, and what needs it is not run" {
	stub cmake 'echo "words of the compiler"; exit 2'
	runner cli scripts lint
	[ "$status" = 5 ]
	grep -q '^not ok [0-9]* - build builds$' <<<"$output"
	grep -q '^# words of the compiler$' <<<"$output"
	grep -q '^# cli/plain.bats is not run' <<<"$output"
	grep -q '^# lint/spdx took' <<<"$output"
	[ ! -e ran ]
}

@test "--failed: what failed when it last ran, and nothing else" {
	fake cli/bad 'false'
	flaky scripts/mended
	runner cli scripts
	counted 2 2 0
	runner --failed
	counted 1 1 0
	[ "$(sort ran)" = "$(printf 'cli/bad\nscripts/mended')" ]
	fake cli/bad 'true'
	runner --failed
	counted 1 0 0
	[ "$(cat ran)" = cli/bad ]
	runner --failed
	counted 0 0 0
	[ ! -e ran ]
}

@test "--failed: what was interrupted has not passed" {
	fake cli/long "touch $PWD/began; sleep 1000"
	rm tree/tests/cli/plain.bats
	env -i --default-signal=INT PATH="$inside" HOME="$PWD" tree/scripts/test cli >out 2>err 3>&- &
	pid=$!
	until [ -e began ]; do kill -0 "$pid"; done
	kill -INT "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" = 130 ]
	grep -q interrupted err
	run pgrep -f "$PWD/tree/tests/cli/long.bats"
	[ -z "$output" ]
	fake cli/long true
	runner --failed
	counted 1 0 0
}

@test "--only: a test file, by its path or below tests/; several; a unit test in both builds" {
	fake cli/other true
	runner --only tests/cli/other.bats
	counted 1 0 0
	[ "$(cat ran)" = cli/other ]
	runner --only "$PWD/tree/tests/cli/plain.bats" --only=scripts/plain.bats
	counted 2 0 0
	touch tree/tests/unit/test_one.c
	stub ctest 'echo "$@" >>calls; echo "1/1 Test #1: test_one ...   Passed    0.01 sec"; echo "100% tests passed, 0 tests failed out of 1"'
	runner --only tests/unit/test_one.c
	counted 2 0 0
	[ "$(grep -c -- '-R ^(test_one)\$' calls)" = 2 ]
	for bad in tests/cli/absent.bats tests/unit/test_absent.c build cli ''; do
		runner --only "$bad"
		[ "$status" = 2 ]
		[ "${#stderr_lines[@]}" = 1 ]
		[[ $stderr == *"--only '$bad'"* ]] || { echo "$stderr"; return 1; }
	done
}

@test "--jobs: files run at the same time, and what they print is not mixed" {
	# Each waits for the other, so that one after the other they would never end.
	for one in a b; do
		fake cli/$one "touch $PWD/$one.here; until [ -e $PWD/a.here ] && [ -e $PWD/b.here ]; do :; done; echo '# first'; echo '# second'"
	done
	runner cli --jobs 2
	counted 3 0 0
	[ "$(grep -E '^# (cli/[ab].bats$|first|second)' <<<"$output" | sort | uniq -c | awk '{ print $1 }' | paste -sd ' ')" = "1 1 2 2" ]
	for one in a b; do
		[[ $(grep -vE '^(1\.\.|#  )' <<<"$output") == *"# cli/$one.bats"$'\n'"# first"$'\n'"# second"$'\n'"ok "* ]] || { echo "$output"; return 1; }
	done
	for bad in 0 x -1 1000 ''; do
		runner --jobs "$bad"
		[ "$status" = 2 ]
		[[ $stderr == *"--jobs '$bad'"* ]]
	done
}

@test "what costs the most comes first, and no more runs at once than there are cores for" {
	for one in a:1:10 b:2:50 c:1:90; do
		IFS=: read -r name cores seconds <<<"$one"
		fake cli/$name "[ ! -e $PWD/two ] && { [ $cores = 1 ] || touch $PWD/two; } && rm -f $PWD/two"
		sed -i "1i# Cost: $cores cores, $seconds s" tree/tests/cli/$name.bats
	done
	runner cli --jobs 2
	counted 4 0 0
	[ "$(head -n 1 ran)" = cli/b ]
	runner cli --jobs 1
	counted 4 0 0
	[ "$(paste -sd ' ' ran)" = "cli/c cli/b cli/a cli/plain" ]
}

@test "the parts have names, and anything else is refused" {
	runner --list
	[ "$output" = "lint unit sanitize cli browser scripts lab" ]
	for bad in labs --frobnicate; do
		runner "$bad"
		[ "$status" = 2 ]
		[ "${#stderr_lines[@]}" = 1 ]
		[[ $stderr == *"'$bad'"* ]]
	done
}

@test "every part and option is in the help, which fits 120 columns" {
	runner --help
	for word in lint unit sanitize cli browser scripts lab --only --failed --jobs --list FLAKY build/test-log; do
		[[ $output == *"$word"* ]] || { echo "$word"; return 1; }
	done
	run awk 'length > 120' <<<"$output"
	[ -z "$output" ]
}
