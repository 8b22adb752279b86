# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# Build the modules for the running kernel, or another of the distribution, and keep them where load finds them.

# The cache of whoever called sudo: the modules are built without root.
cache_of_user() {
	local home
	if [ -n "${SUDO_USER-}" ] && [ -z "${XDG_CACHE_HOME-}" ]; then
		home=$(getent passwd "$SUDO_USER" | cut -d : -f 6)
		[ ! -d "$home/.cache/kvm-exit-suite/outer" ] || { echo "$home/.cache/kvm-exit-suite" && return; }
	fi
	echo "$cache"
}

# modules_built RELEASE: the folder, or nothing.
modules_built() {
	local dir
	dir=$(cache_of_user)/outer/$1
	[ ! -d "$dir" ] || echo "$dir"
}

check_key() {
	[ -n "$key$cert" ] || return 0
	if [ ! -r "$key" ] || [ ! -r "$cert" ]; then
		die "$EX_USAGE" "--key '$key' and --cert '$cert' have to be two files that can be read; 'scripts/outer-setup check' says how to make them"
	fi
}

sign_modules() {
	local into=$1 ko tool=$1/headers/scripts/sign-file hash
	[ -x "$tool" ] || die "$EX_ENVIRONMENT" "the kernel's headers hold no scripts/sign-file: sign $into/*.ko with kmodsign or another tool"
	hash=$(sed -n 's/^CONFIG_MODULE_SIG_HASH="\(.*\)"/\1/p' "$into/headers/.config")
	for ko in kvm kvm-intel kvm-amd; do
		"$tool" "${hash:-sha256}" "$key" "$cert" "$into/$ko.ko" ||
			die "$EX_ENVIRONMENT" "$ko.ko could not be signed with $key: is it the private key of $cert?"
	done
}

# A reboot into a newer kernel is due where the package has been upgraded: its source is not that of what runs.
check_running() {
	local running installed
	[ "$release" = "$(uname -r)" ] || return 0
	running=$(uname -v | sed -nE 's/.* Debian ([^ ]+) .*/\1/p') installed=$(release_version "$release")
	[ -z "$running" ] || [ -z "$installed" ] || [ "$running" = "$installed" ] ||
		fail "the running kernel $release is of package version $running, installed is $installed: reboot first"
}

build_modules() {
	local built into arguments=()
	[ -n "$release" ] || release=$(uname -r)
	check_key
	check_running
	[ -z "$headers" ] || arguments+=(--headers "$headers")
	[ -z "$source" ] || arguments+=(--source "$source")
	[ -z "$series" ] || arguments+=(--series "$series")
	built=$("$top/scripts/kvm-build" --release "$release" "${arguments[@]}") || exit "$?"
	into=$cache/outer/$release
	rm -rf "$into.partial"
	mkdir -p "$into.partial"
	cp -a "$built/." "$into.partial"
	if [ -n "$key" ]; then
		trap 'rm -rf "$into.partial"' EXIT
		sign_modules "$into.partial"
		trap - EXIT
	fi
	rm -rf "$into"
	mv "$into.partial" "$into"
	say "built for $release, $(wc -l <"$into/series") patches${key:+, signed}: now 'sudo scripts/outer-setup load'"
	echo "$into"
}
