# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2034
# From what a task wrote to numbered TAP that is counted.
# sets:  passed failed skipped number

passed=0 failed=0 skipped=0 number=0

# tap_read NAME STATUS STRICT FIRST <LOG: its tests, numbered from FIRST + 1, and all else as comments; the last line is
# "PASSED FAILED SKIPPED". A log without a plan, with fewer tests than its plan, or of a task that ended with STATUS and no
# test to show for it, is a failed test more: what died has not passed. STRICT makes a skip a failure.
tap_read() {
	awk -v name="$1" -v status="$2" -v strict="$3" -v number="$4" '
		function result(word, text) {
			printf "%s %d - %s\n", word, ++number, text
			if (word == "not ok") failed++
			else if (text ~ /# skip/) skipped++
			else passed++
		}
		/^1\.\.[0-9]+/ { plan = substr($1, 4) + 0; planned = 1; next }
		/^(not )?ok( |$)/ {
			seen++
			word = /^not/ ? "not ok" : "ok"
			sub(/^(not )?ok *[0-9]* *(- )?/, "")
			if (strict == "strict" && word == "ok" && sub(/ # skip/, " (skipped, which fails this part:")) {
				word = "not ok"
				$0 = $0 ")"
			}
			result(word, $0)
			if ($0 ~ /^setup_file failed/) plan = seen # the others are not run, which this says
			next
		}
		/^$/ { next }
		{ print (/^#/ ? "" : "# ") $0 }
		END {
			if (!planned)
				result("not ok", name " ended with status " status " and said of no test that it would run")
			else if (seen < plan)
				result("not ok", name " ended with status " status " after " seen + 0 " of " plan " tests")
			else if (status != 0 && !failed)
				result("not ok", name " ended with status " status ", though no test failed")
			print passed + 0, failed + 0, skipped + 0
		}'
}

# tap_print NAME STATUS STRICT LOG: all of it at once, so that files that ran at the same time do not interleave. Sets bad.
tap_print() {
	local text good skips
	text=$(tap_read "$1" "$2" "$3" "$number" <"$4")
	read -r good bad skips <<<"${text##*$'\n'}"
	passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + skips))
	number=$((number + good + bad + skips))
	[[ $text != *$'\n'* ]] || printf '%s\n' "${text%$'\n'*}"
}

# tap_failures NAME STATUS LOG: how many tests failed, without printing or counting them.
tap_failures() {
	local text failures
	text=$(tap_read "$1" "$2" loose 0 <"$3")
	read -r _ failures _ <<<"${text##*$'\n'}"
	echo "$failures"
}

# tap_test WORD TEXT: one more test, of the runner itself.
tap_test() {
	number=$((number + 1))
	printf '%s %d - %s\n' "$1" "$number" "$2"
	[ "$1" = ok ] && passed=$((passed + 1)) || failed=$((failed + 1))
}
