# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What every script of the project shares: where things are, and how they talk.
# Source it after `set -euo pipefail`.

# This folder is above the file's own; with builtins, as every program that is started takes milliseconds.
top=$(cd "${BASH_SOURCE[0]%lib.sh}.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kvm-exit-suite
export top cache

# Exit statuses, the same as the suite program's (docs/suite.1.scd).
export EX_OK=0 EX_FINDING=1 EX_USAGE=2 EX_ENVIRONMENT=3 EX_SKIPPED=4 EX_FAILED=5 EX_INTERRUPTED=130

# say TEXT: progress, on stderr, never mixed with data.
say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# die STATUS TEXT: one line that names the thing, the place and the remedy.
die() { local status=$1; shift; say "$*"; exit "$status"; }

# The kernel that is meant where none is named: Debian 12's own.
export KERNEL_DEFAULT=6.1

# kernels_find: the series of Linux that have patches, kernel-patch/series-*, oldest first. Sets series_known.
kernels_find() {
	local file
	series_known=()
	for file in "$top"/kernel-patch/series-*; do
		[[ ${file##*/series-} =~ ^([1-9][0-9]*)\.(0|[1-9][0-9]*)$ ]] || continue
		# The indices of an array are in order, whatever the order of assignment.
		series_known[BASH_REMATCH[1] * 1000 + BASH_REMATCH[2]]=${BASH_REMATCH[0]}
	done
	series_known=("${series_known[@]}")
}

# kernels: those, one a line.
kernels() {
	kernels_find
	[ ${#series_known[@]} = 0 ] || printf '%s\n' "${series_known[@]}"
}

# kernels_option: as the usage of an option has them, "A|B|C".
kernels_option() {
	local IFS='|'
	kernels_find && echo "${series_known[*]}"
}

# kernels_text WORD: as a sentence has them, "A, B WORD C".
kernels_text() {
	kernels_find
	printf '%s' "${series_known[0]-}"
	[ ${#series_known[@]} -le 2 ] || printf ', %s' "${series_known[@]:1:${#series_known[@]}-2}"
	[ ${#series_known[@]} -lt 2 ] || printf " $1 %s" "${series_known[-1]}"
	echo
}

# kernel_known SERIES: does it have patches?
kernel_known() { kernels_find && [[ -n $1 && " ${series_known[*]} " == *" $1 "* ]]; }

# have COMMAND: does it exist?
have() { command -v "$1" >/dev/null 2>&1; }

# step TEXT COMMAND...: run COMMAND quietly with its output in a log; show TEXT and, on failure, the end of the log.
step() {
	local text=$1 log status=0 begin=$SECONDS; shift
	mkdir -p "$cache/log"
	log=$(mktemp "$cache/log/step.XXXXXX")
	printf '%s: %s ... ' "${0##*/}" "$text" >&2
	"$@" >"$log" 2>&1 </dev/null || status=$?
	if [ "$status" = 0 ]; then
		printf 'done (%d s)\n' $((SECONDS - begin)) >&2
		rm -f "$log"
		return 0
	fi
	printf 'failed (status %d)\n' "$status" >&2
	tail -n 20 "$log" | sed 's/^/    /' >&2
	say "the whole output is in $log"
	return "$status"
}

# Options of all calls of apt, for other package lists than this machine's.
apt_options=()

# apt_cache COMMAND ARGUMENT...: what apt knows of packages. Images of containers have apt keep no index, so that every question
# reads all lists again, for a second; then there is an index of our own.
apt_cache() {
	local index=()
	if [ ! -e /var/cache/apt/pkgcache.bin ] && [ ${#apt_options[@]} = 0 ]; then
		mkdir -p "$cache/apt"
		index=(-o "Dir::Cache::pkgcache=$cache/apt/pkgcache.bin")
	fi
	apt-cache "$1" "${apt_options[@]}" "${index[@]}" "${@:2}"
}

# key FILE...: a short hash of the contents of files and folders, in the order given.
key() {
	local path files=() within sum
	for path in "$@"; do
		if [ -d "$path" ]; then
			mapfile -d '' within < <(find "$path" -type f -print0 | sort -z)
			files+=("${within[@]}")
		else
			files+=("$path")
		fi
	done
	sum=$(cat /dev/null "${files[@]}" | sha256sum)
	echo "${sum:0:12}"
}

# once DIR COMMAND...: make the folder DIR by running COMMAND with a temporary folder as its last argument; a folder that
# exists is complete, and two callers at once build it once.
once() {
	local dir=$1; shift
	[ -d "$dir" ] && return 0
	mkdir -p "${dir%/*}"
	(
		flock 9
		[ -d "$dir" ] && exit 0
		rm -rf "$dir.partial"
		mkdir -p "$dir.partial"
		"$@" "$dir.partial"
		mv "$dir.partial" "$dir"
	) 9>"$dir.lock"
}
