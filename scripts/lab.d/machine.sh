# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2034
# reads: guests memory outer_vcpus vendor
# sets:  accelerator emulator emulator_arguments inner_append machine_threads outer_memory silence vendor
# What this machine can do, and which emulator runs the outer VM. An emulator is a file emulator-NAME.sh with
#   NAME_needs              dies with one line unless it can be used here; may set machine_threads, emulator_arguments and
#                           inner_append
#   NAME_command DIR MODE   sets the array `command`: boots $initrd with $vmlinuz, writing DIR/outer.log (first serial port),
#                           DIR/frame (second) and DIR/inner.log (fourth); ends when the outer VM powers off
# and a line in machine_choose.

# The vendor of a KVM here that can really nest, or nothing. Paravirtual KVM (/dev/kvm without a vendor module) cannot.
machine_nests() {
	local module
	[ -r /dev/kvm ] && [ -w /dev/kvm ] || return 0
	for module in intel amd; do
		case $(cat "/sys/module/kvm_$module/parameters/nested" 2>/dev/null) in
		Y | 1) echo "$module" ;;
		esac
	done
}

# Sets vendor, emulator (the file), accelerator (for the result file), machine_threads (cores that one outer VM keeps busy),
# outer_memory, emulator_arguments (for suite run, before the user's own), inner_append (for the inner VM's kernel).
machine_choose() {
	local real
	real=$(machine_nests)
	[ -n "$vendor" ] || vendor=${real:-amd}
	emulator=qemu machine_threads=$outer_vcpus outer_memory=$(machine_memory) emulator_arguments=() inner_append=''
	if [ "$vendor" = "$real" ]; then
		accelerator=kvm
	elif [ "$vendor" = amd ]; then
		accelerator=qemu-tcg
	else
		emulator=bochs accelerator=bochs
	fi
	# shellcheck source=scripts/lab.d/emulator-qemu.sh
	. "$top/scripts/lab.d/emulator-$emulator.sh"
	"${emulator}_needs"
	# Guests that boot at the same time take turns, and are silent meanwhile.
	[ -n "${LAB_SILENCE-}" ] || silence=$((silence * guests))
}

# machine_memory: MiB of the outer VM: each guest's memory, its disk, its QEMU and the files that QEMU reads.
machine_memory() { echo $((576 + guests * (memory + 192))); }

# machine_parallel N: may N outer VMs run at the same time? If they exceed the cores, they only take turns. LAB_CORES is for
# running several laboratories at once.
machine_parallel() { [ $(($1 * machine_threads)) -le "${LAB_CORES:-$(nproc)}" ]; }
