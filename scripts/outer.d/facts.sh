# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# reads: root sys
# sets:
# Properties of this machine, from /proc and /sys below $root, which is empty except in tests.

# cpu_has FLAG
cpu_has() { grep -qE "^(vmx )?flags[[:space:]]*:.* $1( |\$)" "$root/proc/cpuinfo"; }

# The vendor of the processor's virtualization, or nothing.
cpu_vendor() {
	if cpu_has vmx; then
		echo intel
	elif cpu_has svm; then
		echo amd
	fi
}

# cpu_nests VENDOR: can it have nested paging?
cpu_nests() { if [ "$1" = intel ]; then cpu_has ept; else cpu_has npt; fi; }

dmi() { cat "$sys/class/dmi/id/$1" 2>/dev/null || true; }

# The hypervisor that this machine runs on: a word for advise_nesting; empty on bare metal.
hypervisor() {
	cpu_has hypervisor || return 0
	case "$(dmi sys_vendor)/$(dmi product_name)" in
	VMware*) echo vmware ;;
	*/VirtualBox*) echo virtualbox ;;
	'Microsoft Corporation/Virtual Machine'*)
		# The asset tag of every VM of Azure.
		if [ "$(dmi chassis_asset_tag)" = 7783-7084-3265-9085-8269-3286-77 ]; then echo azure; else echo hyperv; fi
		;;
	Amazon*) echo ec2 ;;
	Google*) echo google ;;
	QEMU* | */KVM* | 'Red Hat'* | OpenStack*) echo kvm ;;
	*) if [ -e "$sys/hypervisor/type" ]; then echo xen; else echo unknown; fi ;;
	esac
}

# Lockdown forbids modules that are not signed with a key known to the kernel; Secure Boot enables it.
lockdown() { sed -nE 's/.*\[(.*)\].*/\1/p' "$sys/kernel/security/lockdown" 2>/dev/null || true; }

# Empty, or why this kernel accepts only signed modules.
signatures_wanted() {
	local mode
	mode=$(lockdown)
	case $mode in
	integrity | confidentiality) echo "kernel lockdown '$mode'" && return ;;
	esac
	[ "$(cat "$sys/module/module/parameters/sig_enforce" 2>/dev/null)" != Y ] || echo "module.sig_enforce=Y"
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

# users_of PATTERN: "name (pid)" of the processes with a matching file open, one per line.
users_of() {
	local pid
	# One process for all descriptors. With a file among its arguments, ls names every folder, also a single one.
	# shellcheck disable=SC2012
	{ ls -l /dev/null "$root"/proc/[0-9]*/fd 2>/dev/null || true; } |
		awk -v pattern="$1" '/^\/.*\/fd:$/ { n = split($0, part, "/"); pid = part[n - 1] } $0 ~ pattern { print pid }' | sort -un |
		while read -r pid; do
			echo "$(cat "$root/proc/$pid/comm" 2>/dev/null || echo ended) ($pid)"
		done
}

running_vms() { users_of 'anon_inode:kvm-vm$' | paste -sd , | sed 's/,/, /g'; }

# Other users of the modules than VMs: processes that have /dev/kvm open, and other modules.
kvm_users() {
	{
		users_of ' -> /dev/kvm$'
		for holder in "$sys"/module/kvm/holders/*; do
			case ${holder##*/} in
			'*' | kvm_intel | kvm_amd) ;;
			*) echo "the module ${holder##*/}" ;;
			esac
		done
	} | paste -sd , | sed 's/,/, /g'
}

# KVM in vmlinux has parameters, but no state of a module.
kvm_built_in() { [ -e "$sys/module/kvm" ] && [ ! -e "$sys/module/kvm/refcnt" ]; }

# Which modules are loaded: none, stock or patched.
kvm_loaded() {
	if [ ! -e "$sys/module/kvm" ]; then
		echo none
	elif [ -e "$sys/module/kvm/parameters/exit_stats" ]; then
		echo patched
	else
		echo stock
	fi
}

# The loaded module of the vendor, by its name in /sys, or nothing.
kvm_vendor_module() {
	local one
	for one in kvm_intel kvm_amd; do
		[ ! -e "$sys/module/$one" ] || { echo "$one" && return; }
	done
}
