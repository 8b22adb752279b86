# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# reads: accelerator boots emulator modes timeout work
# sets:  silence
# Start the outer VMs, show their progress, end those that hang. The emulators need the cores, so checking a VM costs one
# stat, and more only when its consoles have grown.

# By paging mode: process, start time, exit status; size of the consoles, time of their last growth, current step.
declare -A pid=() begun=() ended=() size=() grown=() doing=() printed=() printed_at=() marked=() crashes=()
silence=${LAB_SILENCE:-240} # seconds without a byte on any console: a hang

# mode_paging MODE: "nested" of "nested-2", the second boot.
mode_paging() { echo "${1%-*}"; }

# mode_options MODE: the rest of the kernel's command line after lab.paging=. Each boot has an order of its own.
mode_options() { echo "$(mode_paging "$1")$([ "$boots" = 1 ] || echo " lab.boot=${1##*-}")"; }

watch_start() {
	local mode=$1 dir=$work/$1 command=()
	mkdir -p "$dir"
	: >"$dir/outer.log"
	: >"$dir/inner.log"
	: >"$dir/marks"
	rm -f "$dir/first"
	"${emulator}_command" "$dir" "$(mode_options "$mode")"
	"${command[@]}" </dev/null >"$dir/emulator.log" 2>&1 &
	pid[$mode]=$! begun[$mode]=$SECONDS grown[$mode]=$SECONDS size[$mode]='' doing[$mode]='booting the outer VM'
}

watch_runs() { [ -n "${pid[$1]-}" ] && [ -z "${ended[$1]-}" ]; }

# watch_line FILE: its last complete line that is not the kernel's.
watch_line() {
	local text
	text=$(tail -c 600 "$1" | tr -cd '[:print:]\n'; echo .) # the full stop keeps a last newline from being cut off
	[[ $text == *$'\n'* ]] || return 0
	sed -E '/^(\[|$)/d; s/^lab: //' <<<"${text%$'\n'*}" | tail -n 1
}

# watch_read MODE: the current step, from the inner VM's console once it has output, and the start of each step.
watch_read() {
	local mode=$1 dir=$work/$1 text line=''
	grep -qaE '^lab: (sending|error)' "$dir/outer.log" || line=$(watch_line "$dir/inner.log")
	[ -n "$line" ] || line=$(watch_line "$dir/outer.log")
	[ -z "$line" ] || doing[$mode]=$(watch_remaining "$mode" "$line")
	while IFS= read -r text; do
		[ -z "${marked[$mode $text]-}" ] || continue
		marked[$mode $text]=yes
		echo "$((SECONDS - begun[$mode])) $text" >>"$dir/marks"
	done < <(cat "$dir/outer.log" "$dir/inner.log" | tr -d '\r' | sed -n 's/^lab: //p')
}

# watch_remaining MODE LINE: the suite's line of progress with the remaining time by this machine's clock, since the clock of an
# emulated one runs slower. Counted from the first sample on.
watch_remaining() {
	local mode=$1 line=$2 at total now first left
	now=$((SECONDS - begun[$mode]))
	if [[ $line =~ (.*)" sample "([0-9]+)" of "([0-9]+)", about ".*" left"$ ]]; then
		line="${BASH_REMATCH[1]} sample ${BASH_REMATCH[2]} of ${BASH_REMATCH[3]}"
		at=${BASH_REMATCH[2]} total=${BASH_REMATCH[3]}
		[ -s "$work/$mode/first" ] || echo "$at $now" >"$work/$mode/first"
		read -r first left <"$work/$mode/first"
		if [ "$at" -gt "$first" ]; then
			left=$(((now - left) * (total - at) / (at - first)))
			line+=", about $([ $left -lt 120 ] && echo "$left s" || echo "$(((left + 30) / 60)) min") left"
		fi
	fi
	printf '%s\n' "$line"
}

# watch_stuck MODE SIZES: only the outer VM's kernel writes, twice a minute, and reports that a CPU is stuck.
watch_stuck() {
	[ "${2##*$'\n'}" = "${size[$1]##*$'\n'}" ] && tail -n 1 "$work/$1/outer.log" | grep -qa 'BUG: soft lockup'
}

watch_look() {
	local mode=$1 now
	now=$(stat -c %s "$work/$mode/outer.log" "$work/$mode/inner.log")
	[ "$now" != "${size[$mode]}" ] || return 0
	watch_stuck "$mode" "$now" || grown[$mode]=$SECONDS
	size[$mode]=$now
	watch_read "$mode"
}

# On a terminal: one line, shared by the modes.
watch_draw() {
	local mode text line='' width shown=0
	for mode in "${modes[@]}"; do
		! watch_runs "$mode" || shown=$((shown + 1))
	done
	[ "$shown" -gt 0 ] || return 0
	width=$(((${COLUMNS:-80} - 1) / shown - 3))
	for mode in "${modes[@]}"; do
		watch_runs "$mode" || continue
		text="$mode $((SECONDS - begun[$mode])) s: ${doing[$mode]}"
		line="$line${line:+ | }${text:0:width}"
	done
	printf '\r\033[K%s' "$line" >&2
}

# Without a terminal: a line for each new step, but at most one in ten seconds for the suite's own progress.
watch_print() {
	local mode text
	for mode in "${modes[@]}"; do
		watch_runs "$mode" || continue
		text=${doing[$mode]}
		[ "$text" != "${printed[$mode]-}" ] || continue
		if [[ ${printed[$mode]-} == *sample* && $text == *sample* ]]; then
			[ $((SECONDS - printed_at[$mode])) -ge 10 ] || continue
		fi
		say "$mode, $((SECONDS - begun[$mode])) s: $text"
		printed[$mode]=$text printed_at[$mode]=$SECONDS
	done
}

watch_clear() { [ ! -t 2 ] || printf '\r\033[K' >&2; }

# watch_hang MODE: true, with one line, when it hangs or takes too long.
watch_hang() {
	local mode=$1
	if [ $((SECONDS - grown[$mode])) -ge "$silence" ]; then
		watch_clear
		say "$mode: no sign of life for $silence s while: ${doing[$mode]}"
	elif [ $((SECONDS - begun[$mode])) -ge "$timeout" ]; then
		watch_clear
		say "$mode: not done after $timeout s (--timeout) while: ${doing[$mode]}"
	else
		return 1
	fi
}

# watch_consoles MODE: the last lines of each, for a hang or a failure, or a line that says that none has output.
watch_consoles() {
	local mode=$1 which shown=no
	for which in emulator outer inner; do
		[ -s "$work/$mode/$which.log" ] || continue
		shown=yes
		printf '    last lines of %s-%s.log:\n' "$which" "$mode" >&2
		tr -d '\r' <"$work/$mode/$which.log" | tail -n 8 | sed 's/^/      /' >&2
	done
	[ "$shown" = yes ] || printf '    no console has any output\n' >&2
}

watch_kill() {
	local mode
	for mode in "${!pid[@]}"; do
		! watch_runs "$mode" || kill "${pid[$mode]}" 2>/dev/null || true
	done
	wait
}

# watch_crashed MODE: the emulator ended without a message of the outer VM. QEMU's emulation with two threads does that once in
# twenty to thirty boots; a panic of the kernel or a complaint of KVM does not count.
watch_crashed() {
	local mode=$1 dir=$work/$1
	[ "$accelerator" != kvm ] && [ ! -s "$dir/frame" ] &&
		! grep -qaE '^lab: (sending|error)|Kernel panic|BUG:|Oops|WARNING:|general protection' "$dir/outer.log"
}

watch_reap() {
	local mode=$1 status=0 how
	wait "${pid[$mode]}" || status=$?
	watch_look "$mode"
	ended[$mode]=$status
	watch_clear
	how="status $status"
	[ "$status" -le 128 ] || how="signal $(kill -l "$status")"
	if watch_crashed "$mode" && [ "${crashes[$mode]:-0}" -lt 2 ]; then
		watch_again "$mode" "$how"
	elif [ "$status" = 0 ] || [ -s "$work/$mode/frame" ]; then
		say "$mode: done in $((SECONDS - begun[$mode])) s"
	else
		say "$mode: the emulator ended with $how after $((SECONDS - begun[$mode])) s"
	fi
}

# watch_again MODE HOW: from the beginning, without anything of the crashed boot; its consoles are kept.
watch_again() {
	local mode=$1 text logs
	crashes[$mode]=$((${crashes[$mode]:-0} + 1))
	logs=$cache/log/crash-$(date +%Y%m%d-%H%M%S)-$$-$mode
	mkdir -p "$logs"
	results_consoles "$mode" "$logs"
	say "$mode: the emulator crashed ($2) after $((SECONDS - begun[$mode])) s while: ${doing[$mode]}; starting it again (consoles: $logs)"
	for text in "${!marked[@]}"; do
		[[ $text != "$mode "* ]] || unset 'marked[$text]'
	done
	unset 'ended[$mode]'
	watch_start "$mode"
}

# Reap those that ended, end all when one hangs (status 1). Sets running.
watch_check() {
	local mode
	running=0
	for mode in "${modes[@]}"; do
		watch_runs "$mode" || continue
		watch_look "$mode"
		if ! kill -0 "${pid[$mode]}" 2>/dev/null; then
			watch_reap "$mode"
			! watch_runs "$mode" || running=$((running + 1))
		elif watch_hang "$mode"; then
			watch_consoles "$mode"
			return 1
		else
			running=$((running + 1))
		fi
	done
}

# watch_all: every mode of `modes`, in parallel if there are enough cores.
watch_all() {
	local waiting=("${modes[@]}") running=0
	while [ ${#waiting[@]} -gt 0 ] || [ "$running" -gt 0 ]; do
		while [ ${#waiting[@]} -gt 0 ] && { [ "$running" = 0 ] || machine_parallel $((running + 1)); }; do
			watch_start "${waiting[0]}"
			waiting=("${waiting[@]:1}")
			running=$((running + 1))
		done
		sleep 0.5
		watch_check || return 1
		if [ -t 2 ]; then watch_draw; else watch_print; fi
	done
	watch_clear
}
