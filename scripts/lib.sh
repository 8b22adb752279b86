# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What every script of the project shares: where things are, and how they talk.
# Source it after `set -euo pipefail`.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
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

# kernels: the series of Linux that have patches, kernel-patch/series-*, oldest first, one a line.
kernels() {
	local file
	for file in "$top"/kernel-patch/series-*; do
		[[ ! ${file##*/series-} =~ ^[0-9]+\.[0-9]+$ ]] || echo "${BASH_REMATCH[0]}"
	done | sort -t . -k 1,1n -k 2,2n
}

# kernels_option: as the usage of an option has them, "A|B|C".
kernels_option() { kernels | paste -sd '|'; }

# kernels_text WORD: as a sentence has them, "A, B WORD C".
kernels_text() {
	kernels | awk -v word=" $1 " '{ line[NR] = $0 }
		END { for (i = 1; i <= NR; i++) printf "%s%s", line[i], i == NR ? "\n" : i == NR - 1 ? word : ", " }'
}

# kernel_known SERIES: does it have patches?
kernel_known() { [[ -n $1 && $'\n'$(kernels)$'\n' == *$'\n'"$1"$'\n'* ]]; }

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

# apt_cache COMMAND ARGUMENT...: what apt knows of packages. Images of containers have apt keep no index, so that every question
# reads all lists again, for a second; then there is an index of our own.
apt_cache() {
	local index=()
	if [ ! -e /var/cache/apt/pkgcache.bin ]; then
		mkdir -p "$cache/apt"
		index=(-o "Dir::Cache::pkgcache=$cache/apt/pkgcache.bin")
	fi
	apt-cache "$1" "${index[@]}" "${@:2}"
}

# key FILE...: a short hash of the contents of files and folders, in the order given.
key() {
	local path
	for path in "$@"; do
		if [ -d "$path" ]; then
			find "$path" -type f -print0 | sort -z | xargs -0 cat
		else
			cat "$path"
		fi
	done | sha256sum | cut -c1-12
}

# once DIR COMMAND...: make the folder DIR by running COMMAND with a temporary folder as its last argument; a folder that
# exists is complete, and two callers at once build it once.
once() {
	local dir=$1; shift
	[ -d "$dir" ] && return 0
	mkdir -p "$(dirname "$dir")"
	(
		flock 9
		[ -d "$dir" ] && exit 0
		rm -rf "$dir.partial"
		mkdir -p "$dir.partial"
		"$@" "$dir.partial"
		mv "$dir.partial" "$dir"
	) 9>"$dir.lock"
}
