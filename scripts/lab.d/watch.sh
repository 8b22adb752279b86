# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# Start the outer VMs, show what each is doing, end what hangs. State of a boot, by paging mode: pid, begun, grown (when its
# consoles last grew), shown (bytes of consoles), ended (exit status of the emulator).

declare -A pid=() begun=() grown=() shown=() ended=()
silence=${LAB_SILENCE:-240} # seconds without a byte on any console: a hang

watch_start() {
	local mode=$1 dir=$work/$1 command=()
	mkdir -p "$dir"
	: >"$dir/outer.log"
	: >"$dir/inner.log"
	"${emulator}_command" "$dir" "$mode"
	"${command[@]}" </dev/null >"$dir/emulator.log" 2>&1 &
	pid[$mode]=$! begun[$mode]=$SECONDS grown[$mode]=$SECONDS shown[$mode]=0
}

# watch_doing MODE: the last whole line that a console of it shows, the inner VM's once there is one; not the kernel's.
watch_doing() {
	local which line='' dir=$work/$1
	grep -qaE '^lab: (sending|error)' "$dir/outer.log" || line=$(watch_line "$dir/inner.log")
	[ -n "$line" ] || line=$(watch_line "$dir/outer.log")
	echo "${line:-booting the outer VM}"
}

watch_line() {
	local text
	text=$(tail -c 600 "$1" | tr -cd '[:print:]\n'; echo .) # the full stop keeps a last newline from being cut off
	[[ $text == *$'\n'* ]] || return 0
	sed -E '/^(\[|$)/d; s/^lab: //' <<<"${text%$'\n'*}" | tail -n 1
}

# watch_marks MODE: remember when each step of it began, for the summary.
watch_marks() {
	local dir=$work/$1 text
	cat "$dir/outer.log" "$dir/inner.log" | tr -d '\r' | sed -n 's/^lab: //p' | while IFS= read -r text; do
		grep -qxF "$text" <(cut -d ' ' -f 2- "$dir/marks" 2>/dev/null) ||
			echo "$((SECONDS - ${begun[$1]})) $text" >>"$dir/marks"
	done
}

watch_runs() { [ -n "${pid[$1]-}" ] && [ -z "${ended[$1]-}" ]; }

watch_draw() {
	local mode line='' text
	for mode in "${modes[@]}"; do
		watch_runs "$mode" || continue
		text="$mode $((SECONDS - begun[$mode])) s: $(watch_doing "$mode")"
		line="$line${line:+ | }$text"
	done
	printf '\r\033[K%.*s' "$((${COLUMNS:-$(tput cols 2>/dev/null || echo 80)} - 1))" "$line" >&2
}

# Without a terminal: a line when something new is done, but no more than one in ten seconds for the suite's own progress.
watch_print() {
	local mode text
	for mode in "${modes[@]}"; do
		watch_runs "$mode" || continue
		text=$(watch_doing "$mode")
		[ "$text" != "${last_text[$mode]-}" ] || continue
		[[ ${last_text[$mode]-} != *sample* || $text != *sample* || $((SECONDS - last_time[$mode])) -ge 10 ]] || continue
		say "$mode, $((SECONDS - begun[$mode])) s: $text"
		last_text[$mode]=$text last_time[$mode]=$SECONDS
	done
}
declare -A last_text=() last_time=()

# watch_hang MODE: true, with one line, when it hangs or takes too long.
watch_hang() {
	local mode=$1 size
	size=$(cat "$work/$mode/outer.log" "$work/$mode/inner.log" | wc -c)
	if [ "$size" != "${shown[$mode]}" ]; then
		shown[$mode]=$size grown[$mode]=$SECONDS
	fi
	if [ $((SECONDS - grown[$mode])) -ge "$silence" ]; then
		watch_clear
		say "$mode: no sign of life for $silence s while: $(watch_doing "$mode")"
	elif [ $((SECONDS - begun[$mode])) -ge "$timeout" ]; then
		watch_clear
		say "$mode: not done after $timeout s (--timeout) while: $(watch_doing "$mode")"
	else
		return 1
	fi
}

watch_clear() { [ ! -t 2 ] || printf '\r\033[K' >&2; }

# The last lines of both consoles, as a hang or a failure needs them.
watch_consoles() {
	local mode=$1 which
	for which in emulator outer inner; do
		[ -s "$work/$mode/$which.log" ] || continue
		printf '    last lines of %s-%s.log:\n' "$which" "$mode" >&2
		tr -d '\r' <"$work/$mode/$which.log" | tail -n 8 | sed 's/^/      /' >&2
	done
}

watch_kill() {
	local mode
	for mode in "${!pid[@]}"; do
		[ -n "${ended[$mode]-}" ] || kill "${pid[$mode]}" 2>/dev/null || true
	done
	wait
}

# Reap those that ended, end those that hang. Sets running. Status 1 when a boot hung.
watch_check() {
	local mode status
	running=0
	for mode in "${!pid[@]}"; do
		[ -z "${ended[$mode]-}" ] || continue
		watch_marks "$mode"
		if ! kill -0 "${pid[$mode]}" 2>/dev/null; then
			status=0
			wait "${pid[$mode]}" || status=$?
			ended[$mode]=$status
			watch_marks "$mode"
			watch_clear
			say "$mode: done in $((SECONDS - begun[$mode])) s"
		elif watch_hang "$mode"; then
			watch_consoles "$mode"
			return 1
		else
			running=$((running + 1))
		fi
	done
}

# watch_all: every mode of `modes`, at the same time where there are cores for it.
watch_all() {
	local waiting=("${modes[@]}") running=0
	while [ ${#waiting[@]} -gt 0 ] || [ "$running" -gt 0 ]; do
		while [ ${#waiting[@]} -gt 0 ] && { [ "$running" = 0 ] || machine_parallel; }; do
			watch_start "${waiting[0]}"
			waiting=("${waiting[@]:1}")
			running=$((running + 1))
		done
		sleep 0.3
		watch_check || return 1
		if [ -t 2 ]; then watch_draw; else watch_print; fi
	done
	watch_clear
}
