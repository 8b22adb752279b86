# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# reads: guests lab_status modes out suite work
# sets:  lab_status
# Turn what the VMs sent into the user's files. They are renamed into place, all or none.

# results_check MODE: unpack, and check that everything is present. Status 1 with one line on stderr.
results_check() {
	local mode=$1 dir=$work/$1 number
	if ! frame_unpack "$dir/frame" "$dir/out"; then
		watch_consoles "$mode"
		return 1
	fi
	if [ -s "$dir/out/error" ]; then
		say "$mode: $(cat "$dir/out/error")"
		return 1
	fi
	for number in $(seq "$guests"); do
		results_check_guest "$mode" "$number" || return 1
	done
}

# results_check_guest MODE GUEST: the first status that is not 0 is the laboratory's.
results_check_guest() {
	local mode=$1 number=$2 title dir status console=$work/$1/inner.log
	title=$(guest_title "$mode" "$number") dir=$(guest_out "$work/$mode/out" "$number")
	[ "$number" = 1 ] || console=$dir/console.log
	status=$(cat "$dir/status" 2>/dev/null || echo none)
	case $status in
	0 | 1 | 4 | 5) ;;
	2 | 3)
		say "$title: in the inner VM, suite $(tr -d '\r' <"$console" | sed -n 's/^suite: //p' | tail -n 1)"
		lab_status=$status
		return 1
		;;
	*)
		say "$title: 'suite run' in the inner VM ended with status $status"
		watch_consoles "$mode"
		return 1
		;;
	esac
	[ "$status" = 0 ] || [ "$lab_status" != 0 ] || lab_status=$status
	if [ ! -s "$dir/result.json" ] || [ ! -s "$dir/guest" ] || [ ! -s "$dir/boot.txt" ]; then
		say "$title: the inner VM sent no result, last reading or boot listing"
		watch_consoles "$mode"
		return 1
	fi
}

# results_mode MODE GUEST: the paging mode that the inner VM read must be the one that the outer VM's module reported, and the
# exits must not contradict it (few exits allow no conclusion).
results_mode() {
	local mode=$1 seen
	seen=$("$suite" report --json "$(guest_out "$work/$mode/out" "$2")/result.json" |
		jq -r '.paging | if .contradiction then .contradiction else .mode end') || return 1
	[ "$seen" = "$(mode_paging "$mode")" ] && return 0
	say "$(guest_title "$mode" "$2"): the counts are not those of $(mode_paging "$mode") paging: $seen"
	return 1
}

# results_stage MODE: the files of one mode, under their final names, in $work/final.
results_stage() {
	local mode=$1 number
	for number in $(seq "$guests"); do
		results_mode "$mode" "$number" && results_stage_guest "$mode" "$number" || return 1
	done
	results_consoles "$mode" "$work/final"
}

results_stage_guest() {
	local mode=$1 number=$2 name dir final=$work/final
	name=$(guest_name "$mode" "$number") dir=$(guest_out "$work/$mode/out" "$number")
	cp "$dir/result.json" "$final/$name.json"
	cp "$dir/boot.txt" "$final/boot-$name.txt"
	cp "$dir/boot.json" "$final/boot-$name.json"
	[ "${LAB_READERS-all}" != all ] || cp "$dir/one-liner.txt" "$final/one-liner-$name.txt"
	if [ "${LAB_READERS-all}" != none ]; then
		cp "$dir/selftest.txt" "$final/selftest-$name.txt"
		results_selftest "$(guest_title "$mode" "$number")" "$final/selftest-$name.txt" || return 1
	fi
	witness_check "$mode" "$number"
}

# results_selftest TITLE FILE: the probe must read what cpuid(1) reads, or the numbers are rejected.
results_selftest() {
	! grep '^not ok' "$2" >&2 && return 0
	say "$1: the inner VM's selftest failed: see above"
	return 1
}

# results_consoles MODE INTO: of the outer VM, of its first guest, and of the others where they were sent.
results_consoles() {
	local which number console
	for which in outer inner; do
		[ ! -s "$work/$1/$which.log" ] || tr -d '\r' <"$work/$1/$which.log" >"$2/console-$which-$1.log"
	done
	for number in $(seq 2 "$guests"); do
		console=$work/$1/out/guest$number/console.log
		[ ! -s "$console" ] || tr -d '\r' <"$console" >"$2/console-inner-$1-guest$number.log"
	done
}

results_compare() {
	local final=$work/final nested=() shadow=()
	mapfile -t nested < <(printf '%s\n' "${modes[@]/%/.json}" | grep '^nested')
	mapfile -t shadow < <(printf '%s\n' "${modes[@]/%/.json}" | grep '^shadow')
	[ ${#nested[@]} -gt 0 ] && [ ${#shadow[@]} -gt 0 ] || return 0
	(cd "$final" && "$suite" compare "${nested[@]}" -- "${shadow[@]}" >compare.txt) || {
		say "the two result files cannot be compared"
		return 1
	}
}

# results_report: the page for people; a single mode is one side. The other files do not depend on it.
# results_coursework: the two boots side by side, and the exercise's questions answered from them.
results_coursework() {
	(cd "$work/final" && "$suite" compare boot-nested.json boot-shadow.json >compare.txt &&
		"$suite" report boot-nested.json boot-shadow.json --format=md >answers.md) && return 0
	say "the two boots cannot be compared"
	return 1
}

results_report() {
	"$suite" report "$work/final" -o "$work/final/report.html" || say "report.html could not be made: see above"
}

results_place() {
	local file
	for file in "$work/final"/*; do
		mv "$file" "$out/${file##*/}"
	done
}

# results_seconds MODE: "outer VM 6, KVM 1, ..." from the marks.
results_seconds() {
	awk -v total="$(tail -n 1 "$work/$1/marks" | cut -d ' ' -f 1)" '
		function stage(text) {
			if (text ~ /^loading KVM/) return "outer VM"
			if (text ~ /^booting the inner/) return "loading KVM"
			if (text ~ /^the inner VM is up/) return "booting the inner VM"
			if (text ~ /^reading the counters as/) { original = 1; return "preparing devices" }
			if (text ~ /^reading every leaf/) { readers = 1; return original ? "the original reader" : "preparing devices" }
			if (text ~ /^running the suite/) return readers ? "the self-test" : "preparing devices"
			if (text ~ /^last reading/) return "the suite"
			if (text ~ /^sending/) return "reading and handing out"
			return ""
		}
		{
			at = $1
			sub(/^[0-9]+ /, "")
			if (stage($0) != "") { printf "%s%s %d s", sep, stage($0), at - last; sep = ", "; last = at }
		}' < <(sort -n -s -k 1,1 "$work/$1/marks")
}

# results_failed: no file under a final name; the consoles in the folder of logs.
results_failed() {
	local mode logs
	logs=$cache/log/lab-$(date +%Y%m%d-%H%M%S)-$$
	mkdir -p "$logs"
	for mode in "${modes[@]}"; do
		results_consoles "$mode" "$logs"
	done
	say "no results; the consoles are in $logs"
}
