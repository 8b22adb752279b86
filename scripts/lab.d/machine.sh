# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2034
# What this machine can do, and which emulator carries the outer VM. An emulator is a file emulator-NAME.sh with
#   NAME_needs              dies with one line unless it can be used here
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

# Sets vendor, emulator (the file), accelerator (for the result file).
machine_choose() {
	local real
	real=$(machine_nests)
	[ -n "$vendor" ] || vendor=${real:-amd}
	emulator=qemu
	if [ "$vendor" = "$real" ]; then
		accelerator=kvm
	elif [ "$vendor" = amd ]; then
		accelerator=qemu-tcg
	else
		die "$EX_ENVIRONMENT" "--vendor intel needs an Intel machine whose KVM nests (modprobe kvm_intel nested=1, and" \
			"/dev/kvm writable for you); QEMU emulates AMD's virtualization only, so use --vendor amd here"
	fi
	# shellcheck source=scripts/lab.d/emulator-qemu.sh
	. "$top/scripts/lab.d/emulator-$emulator.sh"
	"${emulator}_needs"
}

# One outer VM keeps as many cores busy as it has vCPUs; more of them at once than cores only takes turns.
machine_parallel() { [ $((${#modes[@]} * vcpus)) -le "$(nproc)" ]; }
