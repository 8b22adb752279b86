# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# For the tests that boot VMs. A file runs the laboratory once, in setup_file, and its tests look at what came out.

top=$BATS_TEST_DIRNAME/../..
suite=${SUITE:-$top/build/suite}

# What a test writes goes to its own folder.
setup() { cd "$BATS_TEST_TMPDIR" || return 1; }

lab() { "$top/suite" lab "$@"; }

# lab_once ARGUMENT...: the run of this file; its files are in $results, what it said in $results/../log. A run that fails
# fails every test of the file.
lab_once() {
	export results=$BATS_FILE_TMPDIR/results
	lab run -o "$results" "$@" >"$BATS_FILE_TMPDIR/log" 2>&1 || {
		local status=$?
		echo "the laboratory ended with status $status:"
		tail -n 40 "$BATS_FILE_TMPDIR/log"
		return 1
	}
}

# est MODE WORKLOAD CLASS: exits per operation, all reasons of the class together.
est() {
	"$suite" report --json "$results/$1.json" | jq -e --arg workload "$2" --arg class "$3" \
		'[.workloads[] | select(.name == $workload and .status == "done")] | if length == 1 then .[0] else error("not done") end
		| [.per_op[] | select(.class == $class) | .est] | add // 0'
}

# between LOW VALUE HIGH
between() {
	awk -v low="$1" -v value="$2" -v high="$3" 'BEGIN { exit !(value >= low && value <= high) }' ||
		{ echo "$2 is not between $1 and $3"; return 1; }
}

# est_between MODE WORKLOAD CLASS LOW HIGH
est_between() {
	local value
	value=$(est "$1" "$2" "$3") || { echo "$1: $2 has no result"; return 1; }
	between "$4" "$value" "$5" || { echo "... $3 exits/op of $2, $1 paging"; return 1; }
}

# at_most MODE WORKLOAD REASON N: N exits for each operation in some windows, and in none more.
at_most() {
	jq -e --arg workload "$2" --arg reason "$3" --argjson n "$4" \
		'[.workloads[] | select(.name == $workload) | .samples[] | .exits[$reason] / .ops] | max == $n' "$results/$1.json" && return
	echo "$3 of $2, $1 paging, are not $4 an operation at most:"
	jq -c --arg workload "$2" --arg reason "$3" \
		'.workloads[] | select(.name == $workload) | .samples[] | {ops, exits: .exits[$reason], involuntary_switches}' "$results/$1.json"
	return 1
}

# listed FILE NAME: the count of a reason in a listing of ffd.sh.
listed() { sed -n "s/^exit number= *[0-9]*, name= $2, number_of_exits =\([0-9]*\)$/\1/p" "$1"; }

# witness_holds MODE: every reason equal, the total equal to stat.exits, and few exits after the reading, each explained.
witness_holds() {
	local file=$results/witness-$1.json
	jq -e '. as $w | [.kvm_exit, .guest, .after | keys[]] | unique | length >= 5 and
		all(($w.kvm_exit[.] // 0) == ($w.guest[.] // 0) + ($w.after[.] // 0))' "$file" || { cat "$file"; return 1; }
	jq -e '.equal and .problem == null' "$file"
	jq -e '.total.kvm_exit + .total.unentered == .total.stat_exits and .total.kvm_exit == ([.kvm_exit[]] | add) and .total.kvm_exit > 10000' "$file"
	jq -e '([.after[]] | add) <= 20 and (.after | keys) == (.explained | keys)' "$file"
}
