# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# Kernel packages in the cache, source trees made of them, and patches applied to those trees.
# Source it after lib.sh (which sets cache and top). Nothing here installs a package, and nothing needs root.

# Files that the patches touch, document or check, and that the selftests need: a few megabytes of a source of 1.3 GB.
kernel_source_parts=(arch/x86/kvm virt/kvm kernel/entry/kvm.c
	scripts/checkpatch.pl scripts/spelling.txt scripts/const_structs.checkpatch
	Documentation/virt/kvm Documentation/admin-guide/kernel-parameters.txt
	tools/testing/selftests/kvm tools/testing/selftests/rseq tools/testing/selftests/lib.mk
	tools/testing/selftests/kselftest.h tools/testing/selftests/kselftest_harness.h
	tools/include tools/arch/x86/include tools/build/Build.include tools/lib/rbtree.c)

# The compiler of the distribution's kernels; empty until the headers name it.
compiler=gcc-12

# kernel_need_tools: the ordinary tools that a module build needs.
kernel_need_tools() {
	local tool missing=() architecture
	for tool in apt-get apt-cache dpkg-deb make $compiler ld strip patch xz zstd tar flock; do
		have "$tool" || missing+=("$tool")
	done
	[ ${#missing[@]} = 0 ] || die "$EX_ENVIRONMENT" "missing: ${missing[*]}; run scripts/setup to install the packages"
	architecture=$(dpkg --print-architecture)
	[ "$architecture" = amd64 ] || die "$EX_ENVIRONMENT" "KVM for x86 is built on amd64, this is $architecture"
}

# kernel_depends PACKAGE PATTERN: the first dependency of PACKAGE that matches the extended regular expression PATTERN.
kernel_depends() {
	{ apt_cache depends "$1" 2>/dev/null || true; } | sed -nE "s/^[ |]*Depends: ($2)\$/\1/p" | head -n 1
}

# kernel_find SERIES: finds apt's newest cloud kernel of a series such as 6.1. Fails if apt knows none.
# Sets release (what uname -r says), version (the package's), and series_of_packages, for kernel_packages.
kernel_find() {
	local kernel=$1 depends image=''
	depends=$(apt_cache depends linux-image-cloud-amd64 "linux-image-$kernel-cloud-amd64" 2>/dev/null) || true
	[[ ! $depends =~ Depends:\ (linux-image-${kernel//./\\.}[.+][^ $'\n']*-cloud-amd64) ]] || image=${BASH_REMATCH[1]}
	[ -n "$image" ] || return 1
	release=${image#linux-image-}
	version=$(apt_cache show --no-all-versions "$image" | sed -n 's/^Version: //p')
	series_of_packages=$kernel
}

# kernel_lookup SERIES: kernel_find for a series that has patches, so that Debian 12 has it, too.
kernel_lookup() {
	kernel_find "$1" ||
		die "$EX_ENVIRONMENT" "apt knows no cloud kernel $1: run 'apt-get update'; Debian 12 has $(kernels_text and)"
}

# kernel_packages SERIES: what is downloaded of the kernel that kernel_lookup found. Only a download asks apt for it. Sets packages.
kernel_packages() {
	local headers=linux-headers-$release
	packages=("linux-image-$release" "$headers" "$(kernel_depends "$headers" 'linux-headers-.*-common')"
		"$(kernel_depends "$headers" 'linux-kbuild-.*')" "linux-source-$1")
}

kernel_download() {
	local into=$1 log
	shift
	log=$(mktemp)
	# The sandbox user of a root's apt cannot write to root's cache; others have no sandbox.
	(cd "$into" && apt-get "${apt_options[@]}" -q -o APT::Sandbox::User=root download "$@") >"$log" 2>&1 && rm -f "$log" && return 0
	say "apt cannot download $*: $(sed -n 's/^E: //p' "$log" | head -n 1); check the network, then run 'apt-get update'"
	rm -f "$log"
	return 1
}

# kernel_unpack_source TARBALL INTO: its top folder is named after a package, but not always after its own.
kernel_unpack_source() {
	local tarball=$1 into=$2 names=()
	case $tarball in
	*.xz) names=(xz -T0 -dc) ;;
	*.bz2) names=(bzip2 -dc) ;;
	*.zst) names=(zstd -qdc) ;;
	*) names=(gzip -dc) ;;
	esac
	"${names[@]}" "$tarball" |
		tar -x -C "$into" --strip-components=1 --wildcards --no-wildcards-match-slash -f - "${kernel_source_parts[@]/#/*/}"
}

# kernel_unpack INTO: the downloaded packages, and links to those that kvm-release.sh has found on this machine.
kernel_unpack() {
	local into=$1 deb tarball=${source_here-}
	mkdir "$into/image" "$into/headers" "$into/source"
	for deb in "$into"/debs/*.deb; do
		case ${deb##*/} in
		'*.deb') ;;
		linux-image-*) dpkg-deb -x "$deb" "$into/image" ;;
		linux-source-*) dpkg-deb -x "$deb" "$into/debs" ;;
		*) dpkg-deb -x "$deb" "$into/headers" ;;
		esac || return 1
	done
	if [ -n "${headers_here-}" ]; then
		mkdir -p "$into/headers/usr"
		ln -s "$(dirname "$headers_here")" "$into/headers/usr/src"
	fi
	if [ -n "${image_here-}" ]; then
		mkdir -p "$into/image/lib"
		ln -s "$prefix/boot" "$into/image/boot"
		ln -s "$prefix/lib/modules" "$into/image/lib/modules"
	fi
	[ -n "$tarball" ] || tarball=$(printf '%s\n' "$into"/debs/usr/src/linux-source-*.tar.* | head -n 1)
	kernel_unpack_source "$tarball" "$into/source" || return 1
	rm -rf "$into/debs"
}

kernel_fetch_into() {
	local into=${*: -1}
	# shellcheck disable=SC2064 # expand the folder's name now
	trap "rm -rf ${into@Q}" EXIT
	mkdir "$into/debs"
	if [ ${#packages[@]} -gt 0 ]; then
		say "downloading ${packages[*]/%/=$version}"
		kernel_download "$into/debs" "${packages[@]/%/=$version}" || exit "$EX_ENVIRONMENT"
	fi
	step "unpacking kernel $release ($version)" kernel_unpack "$into" ||
		die "$EX_ENVIRONMENT" "kernel $release could not be unpacked: is the disk of $cache full?"
	trap - EXIT
}

# kernel_fetch: image, headers and source of the kernel that kernel_lookup found, unpacked. Sets kernel_dir.
kernel_fetch() {
	kernel_dir=$cache/linux/${release}_$version-$(printf '%s\n' "${kernel_source_parts[@]}" | sha256sum | cut -c1-6)
	[ -z "${headers_here-}${image_here-}${source_here-}" ] ||
		kernel_dir=$kernel_dir-$(echo "$headers_here $image_here $source_here" | sha256sum | cut -c1-6)
	[ -d "$kernel_dir" ] || [ -z "${series_of_packages-}" ] || kernel_packages "$series_of_packages"
	once "$kernel_dir" kernel_fetch_into
	[ -n "$compiler" ] || compiler=$(release_compiler "$kernel_dir/headers/usr/src/$(kernel_headers)")
	have "${compiler:-gcc}" ||
		die "$EX_ENVIRONMENT" "missing: $compiler, which built kernel $release: install ${compiler#x86_64-linux-gnu-}"
}

# kernel_headers: the name of the folder in $kernel_dir/headers/usr/src that is configured for $release.
kernel_headers() { basename "${headers_here:-linux-headers-$release}"; }

# kernel_tree_headers TREE: as Debian has them, the common ones in src and the configured ones in obj; as Ubuntu has them, with
# links into the common ones, one folder for both.
kernel_tree_headers() {
	local tree=$1 headers=$kernel_dir/headers/usr/src own common part
	own=$(kernel_headers)
	common=$(sed -nE 's|^include /usr/src/([^/]+)/Makefile$|\1|p' "$headers/$own/Makefile")
	if [ -z "$common" ]; then
		[ -d "$headers/$own/virt" ] || [ -d "$headers/$own/scripts" ] ||
			die "$EX_ENVIRONMENT" "the Makefile of $own is not as expected: $(head -n 1 "$headers/$own/Makefile")"
		cp -rL "$headers/$own" "$tree/src"
		ln -s src "$tree/obj"
		common=$own
	else
		# Hard links cost nothing, where the file system of the cache is that of the headers.
		cp -al "$headers/$common" "$tree/src" 2>/dev/null || { rm -rf "$tree/src" && cp -a "$headers/$common" "$tree/src"; }
		cp -al "$headers/$own" "$tree/obj" 2>/dev/null || { rm -rf "$tree/obj" && cp -a "$headers/$own" "$tree/obj"; }
		rm "$tree/obj/Makefile"
		echo "include $tree/src/Makefile" >"$tree/obj/Makefile"
		for part in scripts tools; do
			rm -rf "$tree/src/$part" "$tree/obj/$part"
			ln -s "$(realpath "$headers/$own/$part")" "$tree/obj/$part"
		done
	fi
	rm -rf "$tree/src/scripts"
	ln -s "$(realpath "$headers/$common/scripts")" "$tree/src/scripts"
	rm -rf "$tree/src/tools"
	mkdir "$tree/src/tools"
	for part in "$headers/$common"/tools/*; do
		ln -s "$(realpath "$part")" "$tree/src/tools/"
	done
}

# kernel_tree DIR: a tree in which the kernel's own Makefiles build its KVM modules: the headers (hard links, so they cost
# nothing) with the KVM sources in their usual place, and the distribution's configuration as build folder.
kernel_tree() {
	local tree=$1 part
	kernel_tree_headers "$tree"
	cp -r "$kernel_dir/source/." "$tree/src.kvm"
	rm -rf "$tree/src.kvm/scripts" "$tree/src.kvm/kernel"
	for part in "$tree/src.kvm"/tools/*; do
		rm -f "$tree/src/tools/${part##*/}"
	done
	cp -r "$tree/src.kvm/." "$tree/src"
	rm -rf "$tree/src.kvm"
}

# kernel_series FILE: the patches that a series file names, one a line.
kernel_series() {
	local patch folder=.
	[ -r "$1" ] || die "$EX_USAGE" "series $1 cannot be read: name a file that lists patches, relative to its folder"
	[[ $1 != */* ]] || folder=${1%/*}
	while read -r patch || [ -n "$patch" ]; do
		patch=${patch%%#*}
		patch=${patch//[[:space:]]/}
		[ -z "$patch" ] || echo "$folder/$patch"
	done <"$1"
}

# kernel_patch TREE PATCH: apply one patch, or name the file and hunk that do not apply.
kernel_patch() {
	local out where
	[ -r "$2" ] || die "$EX_USAGE" "patch $2 of the series does not exist"
	out=$(patch -d "$1/src" -p1 -N --no-backup-if-mismatch -r - <"$2" 2>&1) && {
		sed -nE 's/^(Hunk .* with fuzz.*)/\1/p' <<<"$out" | sed "s|^|    ${2##*/}: |" >&2
		return 0
	}
	where=$(awk '/^patching file/ { file = $3 }
		     /^can.t find file/ { getline; file = "a file that does not exist"; print file }
		     /^Hunk .*FAILED|^Hunk .*ignored/ { print file " hunk " $2 }
		     /previously applied/ { print file " (already applied)" }
		     /malformed patch/ { print }' <<<"$out" | paste -sd ';')
	die "$EX_ENVIRONMENT" "patch ${2##*/} does not apply to ${source_name:-linux-source $version}: ${where:-$(head -n 1 <<<"$out")}"
}

# kernel_builtin_code TREE: the machine code that kernel/entry/kvm.c gives with the headers of TREE. That file is in vmlinux,
# which is not rebuilt, and knows members of struct kvm_vcpu: a patch that moves them makes the kernel write elsewhere.
kernel_builtin_code() {
	local dir=$1/builtin
	mkdir -p "$dir"
	cp "$kernel_dir/source/kernel/entry/kvm.c" "$dir/entry.c"
	echo 'obj-m := entry.o' >"$dir/Kbuild"
	rm -f "$dir/entry.o"
	make -C "$1/obj" M="$dir" "CC=$compiler" KCFLAGS=-g0 entry.o >"$dir/log" 2>&1 || cat "$dir/log" >&2
	objdump -d --no-addresses "$dir/entry.o"
}

# kernel_make TREE [ARG...]: build the KVM modules of a tree; arguments go to make. BTF needs pahole and the vmlinux of the
# build, and only BPF programs use it; the option goes to make only, so struct module keeps the layout of vmlinux.
kernel_make() {
	local tree=$1
	shift
	make -C "$tree/obj" M="$tree/src/arch/x86/kvm" -j"$(nproc)" "CC=$compiler" CONFIG_DEBUG_INFO_BTF_MODULES= "$@" modules
}

# kernel_selftests TREE OUT TEST...: the kernel's own tests of KVM, by its Makefile; static, since the VMs have no libraries.
# The headers are not installed ones (those need the whole source), hence one macro that installing would replace.
kernel_selftests() {
	local tree=$1 out=$2
	shift 2
	make -C "$tree/src/tools/testing/selftests/kvm" -j"$(nproc)" OUTPUT="$out" CC=gcc-12 LDFLAGS='-static -pthread' \
		KHDR_INCLUDES="-I$tree/src/include/uapi -I$tree/src/arch/x86/include/uapi" \
		EXTRA_CFLAGS="'-D__packed=__attribute__((packed))'" "${@/#/$out/}"
}
