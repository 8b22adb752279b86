# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# reads: disk suite work
# sets:
# scripts/bench-harness in time: turns of each side on this machine.

# cycles of a window of `ops` operations, divided by them, one line each; the time is that of spin, which is not needed here
of_suite() {
	"$suite" run "$1" --seed 1 --ops $(($2 / 8)) --time 0.004 --repeat 20 "${disk[@]}" --progress none -o "$work/run" >/dev/null 2>"$work/why" || return 1
	largest "$work/run" "$1"
}
of_bare() { "$top/build/tests/bench/bare" "$1" "$2" 20 "${disk[@]:1}" 2>"$work/why" | cut -d ' ' -f 1; }

least() { sort -g | head -n 1; }

# One turn of each side, as one line: the fastest window of the suite and of the bare loop, in cycles.
turn() {
	local a b
	b=$(of_bare "$1" "$2" | least) && a=$(of_suite "$1" "$2" | least) && [ -n "$a" ] && [ -n "$b" ] &&
		echo "$a $b"
}

# The operations of a window of about 2 ms, so short that some are not interrupted; nothing for a workload whose operation takes
# less than a microsecond, or that cannot run.
size() {
	"$suite" run "$1" --repeat 2 --time 0.02 "${disk[@]}" --progress none -o "$work/size" >/dev/null 2>&1 || return 0
	"$suite" report --json "$work/size" | jq -r --arg name "$1" '.workloads[] | select(.name == $name and .status == "done")
		| .ns_per_op.est // 0 | select(. > 1000) | (2e6 / . / 8 | ceil) * 8'
}

# Lines of turns -> a line of the table; status 1 when the ratio is certainly too small.
row() {
	sort -k 1,1g "$work/turns" | awk -v name="$1" -v khz="$2" '
		NR == 1 { suite = $1 }
		NR == 1 || $2 < bare { bare = $2 }
		{ r = $2 / $1; for (i = NR; i > 1 && ratio[i - 1] > r; i--) ratio[i] = ratio[i - 1]; ratio[i] = r }
		END {
			# P(the true median is below the k-th smallest) = P(fewer than k heads in NR throws).
			for (chance = 0.5 ^ NR; tail + chance <= 0.025; chance *= (NR - rank + 1) / rank) { tail += chance; rank++ }
			if (!rank) rank = 1
			middle = NR % 2 ? ratio[(NR + 1) / 2] : (ratio[NR / 2] + ratio[NR / 2 + 1]) / 2
			low = ratio[rank]; high = ratio[NR + 1 - rank]
			printf "%-20s %12.1f %12.1f %8.3f  %.3f..%.3f%s\n", name, suite / khz * 1e6, bare / khz * 1e6, middle, low, high,
				high < 0.98 ? "  below" : low < 0.98 ? "  ?" : ""
			exit high < 0.98
		}'
}
