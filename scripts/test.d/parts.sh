# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2034
# The parts and what each consists of: tasks, which write TAP and can run at the same time.
# reads: jobs lint_checks logs only_units
# sets:  all_parts part_of weight seconds needs work

all_parts=(lint unit sanitize cli browser scripts lab)
tasks=()
# By the task's name: its part; how many cores it keeps busy; how long it takes, for the order; the task that must be done
# first; what is called.
declare -A part_of=() weight=() seconds=() needs=() work=()

# task NAME PART CORES SECONDS NEEDS COMMAND...
task() {
	tasks+=("$1")
	part_of[$1]=$2 weight[$1]=$(($3 < jobs ? $3 : jobs)) seconds[$1]=$4 needs[$1]=$5
	work[$1]="${*:6}"
}

# task_check TEXT COMMAND...: one test that is one command; what that says is shown when it fails.
task_check() {
	local text=$1 said
	shift
	echo 1..1
	if said=$("$@" 2>&1); then
		echo "ok - $text"
	else
		printf 'not ok - %s\n%s\n' "$text" "$said"
	fi
}

task_lint() {
	local check
	for check in "${lint_checks[@]}"; do
		[ "${check%% *}" = "$1" ] || continue
		if declare -F "lint_$1" >/dev/null; then
			task_check "${check#* }" "lint_$1"
		else
			task_check "${check#* }" lint_program "$1"
		fi
	done
}

# The launcher, which tests start, builds under the same lock, and not when the program is newer than all sources. A line for each
# file, which nobody sees here, is a process of CMake's each: a quarter of the time.
build() {
	mkdir -p "$top/$1"
	(
		flock 9
		cmake --preset "$2" -S "$top" -DCMAKE_RULE_MESSAGES=OFF && cmake --build "$top/$1" -j "$jobs" && touch "$top/$1/suite"
	) 9>"$top/$1/.lock"
}

# task_build DIR PRESET: a test only when it fails.
task_build() {
	local said
	said=$(build "$@" 2>&1) || {
		printf '1..1\nnot ok - %s builds\n%s\n' "$1" "$said"
		return 1
	}
	echo 1..0
}

# task_ctest DIR: a line for each test program; all that ctest says where one failed.
task_ctest() {
	local status=0 log
	log=$(ctest --test-dir "$top/$1" --output-on-failure --timeout 300 ${only_units:+-R "^($only_units)\$"} 2>&1) || status=$?
	sed -nE 's/^[0-9]+% tests passed, [0-9]+ tests failed out of ([0-9]+)$/1..\1/p' <<<"$log"
	[ "$status" = 0 ] || awk '{ print "# " $0 }' <<<"$log"
	sed -nE "s|^ *[0-9]+/[0-9]+ Test +#[0-9]+: ([^ ]+) \.* +Passed .*|ok - \1 ($1)|p
		s|^ *[0-9]+/[0-9]+ Test +#[0-9]+: ([^ ]+) \.*\*\*\*(.*)|not ok - \1 ($1): \2|p" <<<"$log"
	return "$status"
}

# task_bats FILE
task_bats() { SUITE=$top/build/suite bats --tap "$top/tests/$1"; }

# task_lab FILE CORES: what a boot leaves stays for whoever looks at a failure.
task_lab() {
	local folder=$logs/${1//\//.}.boot status=0
	rm -rf "$folder"
	mkdir "$folder"
	SUITE=$top/build/suite TMPDIR=$folder LAB_CORES=$cores bats --no-tempdir-cleanup --tap "$top/tests/$1" || status=$?
	[ "$status" != 0 ] || rm -rf "$folder"
	return "$status"
}

task_nothing() { echo "tests/$1 holds no test"; return 1; }

# bats_costs: of each file of tests with such a line "# Cost: N cores, S s". What has none is guessed at. Sets cost.
bats_costs() {
	local line
	while IFS= read -r line; do
		cost[${line%%:# *}]=${line#*# Cost: }
	done < <(grep -Hm 1 -oE '^# Cost: [0-9]+ cores?, [0-9]+ s' "$top"/tests/{cli,browser,scripts,lab}/*.bats 2>/dev/null)
}

# part_bats PART NEEDS
part_bats() {
	local file cores time kind=bats
	[ "$1" != lab ] || kind=lab
	for file in "$top/tests/$1"/*.bats; do
		[ -e "$file" ] || { task "$1" "$1" 1 0 '' task_nothing "$1" && return 0; }
		read -r cores _ time _ <<<"${cost[$file]:-1 core, 5 s}"
		task "$1/${file##*/}" "$1" "$cores" "$time" "$2" "task_$kind" "$1/${file##*/}"
	done
}

# parts_all: every task there is.
parts_all() {
	local check
	local -A cost=()
	bats_costs
	task build '' "$jobs" 100 '' task_build build ci
	task build-sanitize '' "$jobs" 90 '' task_build build-sanitize sanitize
	for check in "${lint_checks[@]}"; do
		task "lint/${check%% *}" lint 1 10 '' task_lint "${check%% *}"
	done
	task unit unit 1 15 build task_ctest build
	task sanitize sanitize 1 60 build-sanitize task_ctest build-sanitize
	part_bats cli build
	part_bats browser build
	part_bats scripts build
	part_bats lab build
}
