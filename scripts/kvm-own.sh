# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# The user's kernel tree instead of the distribution's KVM sources: kvm-build --linux DIR. The VMs still run the
# distribution's kernel, so the tree has to be of the same series, and only KVM's own code and headers are taken from it.

# What KVM's modules are made of, and the headers that KVM alone fills; relative to the tree, patterns.
own_sources=(arch/x86/kvm virt/kvm)
own_headers=('arch/x86/include/asm/kvm*.h' arch/x86/include/asm/{svm,vmx,vmxfeatures}.h
	'arch/x86/include/uapi/asm/kvm*.h' arch/x86/include/uapi/asm/{svm,vmx}.h
	'include/linux/kvm*.h' include/uapi/linux/kvm.h include/trace/events/kvm.h)

# own_files DIR: the tree's sources of the modules, relative, sorted, without the output of a build.
own_files() {
	(
		cd "$1" || exit 1
		find "${own_sources[@]}" -type f \( -name '*.[chS]' -o -name Makefile -o -name 'Makefile.*' -o -name Kconfig \) \
			! -name '*.mod.c'
		# shellcheck disable=SC2068 # patterns
		ls -d ${own_headers[@]} 2>/dev/null || true
	) | LC_ALL=C sort -u
}

# own_version DIR: "6.1" of a kernel tree.
own_version() {
	[ ! -f "$1/Makefile" ] || sed -nE 's/^(VERSION|PATCHLEVEL) = ([0-9]+)$/\2/p' "$1/Makefile" | head -n 2 | paste -sd .
}

# own_check DIR KERNEL: can this tree's KVM run on the laboratory's kernel of that series?
own_check() {
	local version
	if [ ! -f "$1/arch/x86/kvm/x86.c" ] || [ ! -f "$1/virt/kvm/kvm_main.c" ]; then
		die "$EX_USAGE" "--linux $1 is not a Linux source tree: it has no arch/x86/kvm and virt/kvm"
	fi
	version=$(own_version "$1")
	[ "$version" = "$2" ] ||
		die "$EX_USAGE" "--linux $1 is Linux ${version:-of unknown version}; its KVM is built as modules for the distribution's" \
			"kernel $2: base the work on that series, or name its series with --kernel"
}

# own_patched DIR: does it already have the series?
own_patched() { [ -f "$1/arch/x86/kvm/exit_stats.c" ]; }

# own_key DIR: a short name of its content.
own_key() { (cd "$1" && own_files . | xargs -d '\n' sha256sum) | sha256sum | cut -c1-12; }

# own_label DIR: its name in the result files: that of git describe, or else its folder, and a hash of its content.
own_label() {
	local described
	described=$(git -C "$1" describe --always --dirty 2>/dev/null) || described=''
	printf '%s (%s)\n' "${described:-$(basename "$(realpath "$1")")}" "$(own_key "$1")"
}

# own_put DIR TREE: over what kernel_tree has made. Its headers are hard links into the cache, so they are replaced.
own_put() {
	rm -rf "${own_sources[@]/#/$2/src/}"
	own_files "$1" | (cd "$1" && xargs -d '\n' cp --remove-destination --parents -t "$2/src")
}
