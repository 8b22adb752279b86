# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# reads: cert headers kernel_release key release series source
# sets:  running
# Build the modules for the running kernel, or another one of the distribution, and keep them where load finds them.

# The cache of the user who called sudo: the modules are built without root.
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
		die "$EX_USAGE" "--key '$key' and --cert '$cert' must be two readable files; 'scripts/outer-setup check' says how to make them"
	fi
}

# sign_modules DIR: with the tool that signs the kernel's own modules; it comes with the headers.
sign_modules() {
	local dir=$1 ko tool kernel hash
	kernel=$(readlink "$dir/config")
	tool=${headers:-${kernel%/image/*}/headers/usr/src/linux-headers-$release}/scripts/sign-file
	[ -x "$tool" ] || die "$EX_ENVIRONMENT" "the kernel's headers have no scripts/sign-file ($tool): sign the modules with kmodsign"
	hash=$(sed -n 's/^CONFIG_MODULE_SIG_HASH="\(.*\)"/\1/p' "$dir/config")
	for ko in kvm kvm-intel kvm-amd; do
		"$tool" "${hash:-sha256}" "$key" "$cert" "$dir/$ko.ko" 2>"$dir/said" ||
			die "$EX_ENVIRONMENT" "$ko.ko could not be signed with $key: is it the private key of $cert?" \
				"$(head -n 1 "$dir/said")"
	done
	rm "$dir/said"
}

# running_version: of the package that the running kernel is of, if it says so. Sets running.
running_version() {
	running=$(uname -v)
	if [[ $running =~ ' Debian '([^ ]+)' ' ]]; then running=${BASH_REMATCH[1]}; else running=''; fi
}

# After an upgrade of the package a reboot is due: the package's source is not that of the running kernel.
check_running() {
	local running installed
	[ "$release" = "$kernel_release" ] || return 0
	running_version
	installed=$(release_version "$release")
	[ -z "$running" ] || [ -z "$installed" ] || [ "$running" = "$installed" ] ||
		fail "the running kernel $release is of package version $running, but $installed is installed: reboot first"
}

build_modules() {
	local built into arguments=()
	[ -n "$release" ] || release=$kernel_release
	check_key
	check_running
	[ -z "$headers" ] || arguments+=(--headers "$headers")
	[ -z "$source" ] || arguments+=(--source "$source")
	[ -z "$series" ] || arguments+=(--series "$series")
	built=$("$top/scripts/kvm-build" --release "$release" "${arguments[@]}") || exit "$?"
	into=$cache/outer/$release
	rm -rf "$into.partial"
	# shellcheck disable=SC2064 # expand the folder's name now
	trap "rm -rf ${into@Q}.partial" EXIT
	mkdir -p "$into.partial"
	cp -a "$built/." "$into.partial"
	[ -z "$key" ] || sign_modules "$into.partial"
	rm -rf "$into"
	mv "$into.partial" "$into"
	trap - EXIT
	say "built for $release, $(wc -l <"$into/series") patches${key:+, signed}: now run 'sudo scripts/outer-setup load'"
	echo "$into"
}
