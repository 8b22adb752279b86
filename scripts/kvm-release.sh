# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2034
# A machine's running kernel instead of the laboratory's: kvm-build --release. Its installed parts (headers, image) are used
# in place, the rest is downloaded; the source has to be that of the same build of the distribution.

# Another root than /, for tests.
prefix=${OUTER_ROOT-}

# release_series RELEASE: "6.12" of "6.12.117+deb12-amd64".
release_series() { [[ $1 =~ ^([0-9]+\.[0-9]+)([.+-]|$) ]] && echo "${BASH_REMATCH[1]}"; }

# release_version RELEASE: the version of its package; an installed one takes precedence over apt's candidate.
release_version() {
	local version='' package
	for package in "linux-image-$1" "linux-image-$1-unsigned"; do
		# shellcheck disable=SC2016 # dpkg-query's own variables
		version=$(dpkg-query -W -f '${db:Status-Status} ${Version}\n' "$package" 2>/dev/null | sed -n 's/^installed //p') || true
		[ -n "$version" ] || version=$(apt_cache show --no-all-versions "$package" 2>/dev/null | sed -n 's/^Version: //p') || true
		[ -z "$version" ] || break
	done
	[ -n "$version" ] || [ "$1" != "$(uname -r)" ] ||
		version=$(uname -v | sed -nE 's/.* Debian ([^ ]+) .*/\1/p')
	echo "$version"
}

# release_source_package SERIES RELEASE: Debian names it by series, Ubuntu by the release up to the first hyphen.
release_source_package() {
	if [[ $2 =~ ^([0-9]+\.[0-9]+\.[0-9]+)-[0-9]+- ]] && apt_cache show "linux-source-${BASH_REMATCH[1]}" >/dev/null 2>&1; then
		echo "linux-source-${BASH_REMATCH[1]}"
	else
		echo "linux-source-$1"
	fi
}

# release_headers RELEASE: the folder that a module build needs, if it is installed.
release_headers() {
	local dir=$prefix/lib/modules/$1/build
	[ -f "$dir/Makefile" ] && [ -f "$dir/.config" ] && realpath "$dir"
}

# release_source PACKAGE VERSION: a tarball of that version that is on this machine.
release_source() {
	local file
	# shellcheck disable=SC2016 # dpkg-query's own variables
	[ "$(dpkg-query -W -f '${db:Status-Status} ${Version}' "$1" 2>/dev/null)" = "installed $2" ] || return 1
	for file in "$prefix/usr/src/$1".tar.* "$prefix/usr/src/$1/$1".tar.*; do
		[ ! -f "$file" ] || { realpath "$file" && return 0; }
	done
	return 1
}

# release_lookup RELEASE: does for this one what kernel_lookup does. It also sets kernel (the series) and what this machine
# has: headers_here (may be given), source_here (may be given) and image_here (yes or nothing).
release_lookup() {
	local image=linux-image-$1 headers=linux-headers-$1 source
	release=$1 packages=()
	kernel=$(release_series "$1") || die "$EX_USAGE" "--release '$1' is not a kernel release as printed by uname -r"
	version=$(release_version "$1")
	[ -n "$version" ] || die "$EX_ENVIRONMENT" "neither apt nor dpkg knows $image, so its source is unknown: is $1 a kernel of" \
		"this distribution? If so, run 'apt-get update'"
	[ -n "$headers_here" ] || headers_here=$(release_headers "$1") || headers_here=''
	if [ -n "$headers_here" ]; then
		if [ ! -f "$headers_here/Makefile" ] || [ ! -f "$headers_here/.config" ]; then
			die "$EX_USAGE" "--headers $headers_here is not a folder of kernel headers: it has no Makefile and .config"
		fi
	elif apt_cache show "$headers" >/dev/null 2>&1; then
		packages+=("$headers" "$(kernel_depends "$headers" 'linux-headers-.*')" "$(kernel_depends "$headers" 'linux-kbuild-.*')")
	else
		die "$EX_ENVIRONMENT" "no headers of kernel $1: no $prefix/lib/modules/$1/build, and apt has no $headers;" \
			"run 'apt-get update', boot the distribution's current kernel, or name their folder with --headers"
	fi
	if [ -d "$prefix/lib/modules/$1/kernel" ]; then
		image_here=yes
	else
		image_here='' packages+=("$image")
	fi
	source=$(release_source_package "$kernel" "$1")
	[ -n "$source_here" ] || source_here=$(release_source "$source" "$version") || source_here=''
	if [ -n "$source_here" ]; then
		[ -f "$source_here" ] || die "$EX_USAGE" "--source $source_here is not a file: give a kernel source as a tar archive"
	elif apt_cache show "$source" 2>/dev/null | grep -xF "Version: $version" >/dev/null; then
		packages+=("$source")
	else
		die "$EX_ENVIRONMENT" "no source of kernel $1: apt has no $source of version $version$(release_others "$source");" \
			"run 'apt-get update', boot the distribution's current kernel, or give the source's archive with --source"
	fi
	mapfile -t packages < <(printf '%s\n' "${packages[@]}" | grep .)
}

# release_others PACKAGE: the versions that apt does have.
release_others() {
	local versions
	versions=$({ apt_cache show "$1" 2>/dev/null || true; } | sed -n 's/^Version: //p' | sort -uV | paste -sd , | sed 's/,/, /g')
	[ -z "$versions" ] || echo " (it has $versions)"
}

# release_compiler DIR: the compiler that the headers in DIR were configured with; another one may not know the options.
release_compiler() { sed -nE 's/^CONFIG_CC_VERSION_TEXT="([^ ]*gcc[^ ]*) .*/\1/p' "$1/.config"; }
