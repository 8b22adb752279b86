#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Adding a workload touches one file: one is dropped into a copy of the sources, and the program built from it knows it
# everywhere.
# Cost: 1 core, 15 s

bats_require_minimum_version 1.5.0

setup_file() {
	export tree=$BATS_FILE_TMPDIR/tree
	mkdir "$tree"
	(cd "$BATS_TEST_DIRNAME/../.." && git ls-files -co --exclude-standard -z CMakeLists.txt lib probe workloads docs completions |
		xargs -0 cp --parents -t "$tree")
	cat >"$tree/workloads/test_dropped.c" <<-'C'
		// SPDX-License-Identifier: MIT
		#include "expect.h"
		#include "kit/verify.h"
		#include "workload.h"

		enum { TIMES };

		static const struct parameter parameters[] = {
			[TIMES] = { "times", 3, 1, 9, "times", "each" },
			{ .name = NULL },
		};

		static int drop(struct bench *b, uint64_t n)
		{
			for (b->done = 0; b->done < n; b->done++)
				__asm__ volatile("" : : : "memory");
			return 0;
		}

		static const struct expectation expected[] = {
			{ 0, CPUID, BETWEEN(0, 0.01), .source = "nowhere in KVM: an empty loop" },
			{ .source = NULL },
		};

		WORKLOAD(test_dropped) = {
			.name = "test.dropped",
			.summary = "a workload that was dropped in",
			.op = "drop",
			.parameter = parameters,
			.run = drop,
			.verify = workload_verify_count,
			.expect = expected,
		};
	C
	build_tree >"$BATS_FILE_TMPDIR/log" 2>&1 || {
		tail -n 20 "$BATS_FILE_TMPDIR/log"
		return 1
	}
}

# As the project's own build, whose objects are taken: of 250 files only the new one is compiled. If a source is newer than
# them, all are.
build_tree() {
	local top=${BATS_TEST_DIRNAME%/*/*} options
	mapfile -t options < <(sed -nE '/^(CMAKE_BUILD_TYPE|SUITE_[A-Z]+):/s/^/-D/p' "$top/build/CMakeCache.txt")
	cmake -S "$tree" -B "$tree/build" "${options[@]}" -DCMAKE_RULE_MESSAGES=OFF -DBUILD_TESTING=OFF
	(
		cd "$top"
		[ -e build/suite ] && [ -z "$(find CMakeLists.txt lib probe workloads -newer build/suite -print -quit)" ] || exit 0
		cd build
		find CMakeFiles probe -name '*.o' -print0 | xargs -0 cp --parents -t "$tree/build"
	)
	cmake --build "$tree/build" -j "$(nproc)"
}

setup() {
	suite=$tree/build/suite
	cd "$BATS_TEST_TMPDIR" || return 1
}

@test "list knows it, with its parameter" {
	"$suite" list test | grep -q '^test.dropped  *drop  *a workload that was dropped in$'
	"$suite" list --json test.dropped | jq -e '.workloads[0] | .family == "test" and .parameters[0].name == "times"'
}

@test "run runs it, by name and as part of all" {
	"$suite" run test.dropped --set test.dropped.times=4 --ops 10 --repeat 1 --progress none -o one.json
	jq -e '.workloads[] | select(.name == "test.dropped") | .status == "done" and .parameters.times == 4' one.json
	"$suite" run all --ops 1 --repeat 1 --timeout 5 --progress none -o all.json || true
	jq -e '.workloads[] | select(.name == "test.dropped") | .status == "done"' all.json
}

@test "report shows it" {
	"$suite" run test --ops 10 --repeat 1 --progress none -o one.json
	"$suite" report one.json | grep -q '^test.dropped, per drop'
}

@test "the manual has it, with its expected exits" {
	"$suite" list --manual | grep -q 'nowhere in KVM: an empty loop'
	gzip -dcf "$tree/build/suite-workloads.7" | grep -q 'a workload that was dropped in'
}

@test "completion offers it" {
	"$suite" help complete >/dev/null 2>&1 || skip "this program completes nothing"
	"$suite" complete run test.dr | grep -q '^test.dropped'
}
