# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2034
# Run tasks at the same time, as many as there are cores for, the longest first, and print each as a whole when it has ended.
# Bats' own --jobs is no help: it knows neither what a file costs, nor that a build, a linter and a laboratory share the cores,
# nor that a file is to run once more.
# reads: bad chosen jobs logs part_of weight seconds needs work
# sets:  chosen cores flaky

declare -A last=() running=() begun=() outcome=() again=() spent=() took=()
flaky=() queue=() used=0

# task_log TASK: where it writes. Sets log.
task_log() { log=$logs/${1//\//.}.log; }

# state_note TASK OUTCOME: for --failed; the last line of a task counts.
state_note() { echo "$1 $2" >>"$logs/outcomes"; }

# state_read: the outcome of each task when it last ran; what never came to its end has failed. Sets last, and leaves one line a
# task in the file.
state_read() {
	local task word
	[ -e "$logs/outcomes" ] || return 0
	while read -r task word; do
		last[$task]=$word
	done <"$logs/outcomes"
	for task in "${!last[@]}"; do
		echo "$task ${last[$task]}"
	done >"$logs/outcomes.new"
	mv "$logs/outcomes.new" "$logs/outcomes"
}

# schedule_order: sorts chosen: builds, which others wait for, then what needs the most cores, then what takes longest.
schedule_order() {
	local task is_build lines=()
	for task in "${chosen[@]}"; do
		is_build=0
		[ -n "${part_of[$task]}" ] || is_build=1
		lines+=("$is_build ${weight[$task]} ${seconds[$task]} $task")
	done
	mapfile -t lines < <(printf '%s\n' "${lines[@]}" | sort -k 1,1nr -k 2,2nr -k 3,3nr -k 4,4)
	chosen=("${lines[@]##* }")
}

# A process group of its own, so that it can be ended with all that it has started. One that runs alone has all cores.
schedule_start() {
	local task=$1 log status=0 cores=${weight[$1]}
	task_log "$task"
	[ ${#running[@]} != 0 ] || [ ${#queue[@]} != 1 ] || cores=$jobs
	state_note "$task" failed
	begun[$task]=$SECONDS
	set -m
	(
		trap - INT TERM HUP EXIT
		set +m
		# shellcheck disable=SC2086 # words, by task()
		${work[$task]} || status=$?
		times >"$log.times"
		exit "$status"
	) >"$log" 2>&1 </dev/null 8>&- &
	set +m
	running[$!]=$task
	used=$((used + ${weight[$task]}))
}

# schedule_fill: start what fits. What must wait for cores is not overtaken; what must wait for a build is.
schedule_fill() {
	local task need rest=() full=no
	for task in "${queue[@]}"; do
		need=${needs[$task]}
		if [ -n "$need" ] && [ "${outcome[$need]-}" = failed ]; then
			outcome[$task]=failed
			state_note "$task" failed
			echo "# $task is not run: it needs $need"
		elif [ -n "$need" ] && [ -z "${outcome[$need]-}" ] || [ "$full" = yes ]; then
			rest+=("$task")
		elif [ $((used + ${weight[$task]})) -le "$jobs" ]; then
			schedule_start "$task"
		else
			full=yes
			rest+=("$task")
		fi
	done
	queue=("${rest[@]}")
}

# schedule_again TASK LOG: a laboratory's file that fails gets a second boot, when nothing else runs.
schedule_again() {
	local task=$1 log=$2 first=${2%.log}.first.log
	again[$task]=$first
	mv "$log" "$first"
	rm -rf "${first%.log}.boot"
	[ ! -d "${log%.log}.boot" ] || mv "${log%.log}.boot" "${first%.log}.boot"
	echo "# $task failed and is run once more, on a fresh boot; what it said is in ${first#"$top/"}:"
	grep -E '^not ok' "$first" | sed 's/^/#   /' || true
	weight["$task"]=$jobs
	queue+=("$task")
}

# schedule_end PID STATUS
schedule_end() {
	local task=${running[$1]} status=$2 log strict=loose
	task_log "$task"
	unset "running[$1]"
	used=$((used - ${weight[$task]}))
	took[$task]=$((${took[$task]:-0} + SECONDS - ${begun[$task]}))
	task_spent "$task" "$log.times"
	if [ "${part_of[$task]}" = lab ]; then
		strict=strict
		if [ -z "${again[$task]-}" ] && [ "$(tap_failures "$task" "$status" "$log")" != 0 ]; then
			schedule_again "$task" "$log"
			return 0
		fi
	fi
	[ -z "${part_of[$task]}" ] || printf '# %s\n' "$task"
	tap_print "$task" "$status" "$strict" "$log"
	printf '# %s took %d s (%d s of processor time)\n' "$task" "${took[$task]}" "${spent[$task]}"
	outcome[$task]=passed
	[ "$bad" = 0 ] || outcome[$task]=failed
	state_note "$task" "${outcome[$task]}"
	[ -z "${again[$task]-}" ] || [ "$bad" != 0 ] || flaky+=("$task")
}

# task_spent TASK FILE: adds the processor time of all its children, in whole seconds, from the second line of what `times`
# printed: that of the user, then the system's, as 1m2.345s. Sets spent.
task_spent() {
	local lines=() milliseconds=0 one
	[ ! -e "$2" ] || mapfile -t lines <"$2"
	for one in ${lines[1]-}; do
		[[ ! $one =~ ^([0-9]+)m([0-9]+)\.([0-9]{3})s$ ]] ||
			milliseconds=$((milliseconds + 60000 * BASH_REMATCH[1] + 1000 * BASH_REMATCH[2] + 10#${BASH_REMATCH[3]}))
	done
	spent[$1]=$((${spent[$1]:-0} + (milliseconds + 500) / 1000))
}

# schedule_show: on a terminal, what is being waited for.
schedule_show() {
	[ -t 2 ] || return 0
	local line="$SECONDS s, ${#queue[@]} wait, now: ${running[*]}"
	printf '\r\033[K%s' "${line:0:${COLUMNS:-80}-1}" >&2
}

# schedule TASK...: all of them, in the order given.
schedule() {
	local pid status
	queue=("$@")
	while [ ${#queue[@]} -gt 0 ] || [ ${#running[@]} -gt 0 ]; do
		schedule_fill
		[ ${#running[@]} -gt 0 ] || continue
		schedule_show
		pid='' status=0
		wait -n -p pid || status=$?
		[ ! -t 2 ] || printf '\r\033[K' >&2
		[ -z "$pid" ] || schedule_end "$pid" "$status"
	done
}

# schedule_kill: end what runs, with the VMs that it has started, and wait until it has ended.
schedule_kill() {
	local pid
	for pid in "${!running[@]}"; do
		kill -TERM -- "-$pid" 2>/dev/null || true
	done
	wait
}
