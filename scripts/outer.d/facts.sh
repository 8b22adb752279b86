# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2034
# reads: kernel_release root sys
# sets:  has kvm_loaded kvm_own users vms why
# Properties of this machine, from /proc and /sys below $root, which is empty except in tests.

# first_line FILE: sets line, to nothing where the file cannot be read.
first_line() {
	line=''
	{ IFS= read -r line <"$1"; } 2>/dev/null || true
}

# Sets processor_flags, between blanks. All processors have the same: what follows the first one is not read.
cpu_read() {
	local line
	processor_flags=' '
	while read -r line && [ -n "$line" ]; do
		[[ ! $line =~ ^(vmx )?flags[[:space:]]*: ]] || processor_flags+="${line#*:} "
	done <"$root/proc/cpuinfo"
}

# cpu_has FLAG
cpu_has() {
	[ -n "${processor_flags-}" ] || cpu_read
	[[ $processor_flags == *" $1 "* ]]
}

# The vendor of the processor's virtualization, or nothing. Sets has.
cpu_vendor() {
	has=''
	! cpu_has svm || has=amd
	! cpu_has vmx || has=intel
}

# cpu_nests VENDOR: can it have nested paging?
cpu_nests() { if [ "$1" = intel ]; then cpu_has ept; else cpu_has npt; fi; }

# dmi NAME: sets line.
dmi() { first_line "$sys/class/dmi/id/$1"; }

# The hypervisor that this machine runs on: a word for advise_nesting; empty on bare metal.
hypervisor() {
	local line maker
	cpu_has hypervisor || return 0
	dmi sys_vendor && maker=$line
	dmi product_name
	case $maker/$line in
	VMware*) echo vmware ;;
	*/VirtualBox*) echo virtualbox ;;
	'Microsoft Corporation/Virtual Machine'*)
		# The asset tag of every VM of Azure.
		dmi chassis_asset_tag
		if [ "$line" = 7783-7084-3265-9085-8269-3286-77 ]; then echo azure; else echo hyperv; fi
		;;
	Amazon*) echo ec2 ;;
	Google*) echo google ;;
	QEMU* | */KVM* | 'Red Hat'* | OpenStack*) echo kvm ;;
	*) if [ -e "$sys/hypervisor/type" ]; then echo xen; else echo unknown; fi ;;
	esac
}

# Sets why: empty, or the reason why this kernel accepts only signed modules. Lockdown forbids those that are not signed with a
# key known to the kernel; Secure Boot enables it.
signatures_wanted() {
	local line
	why=''
	first_line "$sys/module/module/parameters/sig_enforce"
	[ "$line" != Y ] || why=module.sig_enforce=Y
	first_line "$sys/kernel/security/lockdown"
	[[ ! $line =~ \[(integrity|confidentiality)\] ]] || why="kernel lockdown '${BASH_REMATCH[1]}'"
}

# on, off, or unknown: a machine without UEFI has none.
secure_boot() {
	local variable
	for variable in "$sys"/firmware/efi/efivars/SecureBoot-*; do
		[ -r "$variable" ] || continue
		# Four bytes of attributes, then the value.
		if [ "$(od -An -tu1 -j4 -N1 "$variable" | tr -d ' ')" = 1 ]; then echo on; else echo off; fi
		return
	done
	if [ -d "$sys/firmware/efi" ]; then echo unknown; else echo off; fi
}

# users_list "PID..." TEXT...: "name (pid), name (pid), TEXT..." Sets users.
users_list() {
	local line pid
	users=''
	for pid in $1; do
		first_line "$root/proc/$pid/comm"
		users+="${users:+, }${line:-ended} ($pid)"
	done
	for line in "${@:2}"; do
		users+="${users:+, }$line"
	done
}

# Who uses KVM. Sets vms, the VMs, and users: processes that have /dev/kvm open, and other modules.
kvm_users() {
	local pid='' listing line with_vm=() with_kvm=() modules=()
	# One process for all descriptors. With a file among its arguments, ls names every folder, also a single one.
	# shellcheck disable=SC2012
	listing=$(ls -l /dev/null "$root"/proc/[0-9]*/fd 2>/dev/null) || true
	[[ $listing != *kvm* ]] || while IFS= read -r line; do
		# An array's indices are in order, and there once.
		case $line in
		/*/fd:) pid=${line%/fd:} pid=${pid##*/} ;;
		*anon_inode:kvm-vm) with_vm[pid]=$pid ;;
		*' -> /dev/kvm') with_kvm[pid]=$pid ;;
		esac
	done <<<"$listing"
	for line in "$sys"/module/kvm/holders/*; do
		case ${line##*/} in
		'*' | kvm_intel | kvm_amd) ;;
		*) modules+=("the module ${line##*/}") ;;
		esac
	done
	users_list "${with_vm[*]}"
	vms=$users
	users_list "${with_kvm[*]}" "${modules[@]}"
}

# KVM in vmlinux has parameters, but no state of a module.
kvm_built_in() { [ -e "$sys/module/kvm" ] && [ ! -e "$sys/module/kvm/refcnt" ]; }

# Which modules are loaded. Sets kvm_loaded: none, stock or patched; and kvm_own: the vendor's, by its name in /sys, or nothing.
kvm_look() {
	if [ ! -e "$sys/module/kvm" ]; then
		kvm_loaded=none
	elif [ -e "$sys/module/kvm/parameters/exit_stats" ]; then
		kvm_loaded=patched
	else
		kvm_loaded=stock
	fi
	kvm_own=''
	[ ! -e "$sys/module/kvm_amd" ] || kvm_own=kvm_amd
	[ ! -e "$sys/module/kvm_intel" ] || kvm_own=kvm_intel
}

# kernel_at_least MAJOR.MINOR
kernel_at_least() {
	local major=${kernel_release%%.*} minor=${kernel_release#*.}
	minor=${minor%%[!0-9]*}
	((major > ${1%.*} || (major == ${1%.*} && ${minor:-0} >= ${1#*.})))
}

# kernel_config NAME: is it built in? Where nothing tells, it is.
kernel_config() {
	local file=$root/boot/config-$kernel_release
	[ ! -r "$file" ] || grep -q "^$1=y" "$file"
}

# kvm_is WHICH: none, stock or patched?
kvm_is() { kvm_look && [ "$kvm_loaded" = "$1" ]; }
