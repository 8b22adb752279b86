# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# reads: counters guests modes modules_dir out suite vendor work
# sets:
# The outer VM's own counts against the guest's last reading.

# witness_unentered: SYMBOL+OFFSET in kvm-intel.ko where vmx_vcpu_run() finds that the processor cannot run the guest's state
# (real mode without unrestricted guest, so with shadow paging) and returns for KVM to emulate it. vcpu_enter_guest() adds one
# to stat.exits all the same; there was no entry, no VM exit, and no kvm_exit. The store of this exit reason marks the place.
witness_unentered() {
	local code base place module=$modules_dir/kvm-intel.ko
	[ "$vendor" = intel ] || return 0
	if [ "$counters" = attach ]; then
		mkdir -p "$work/stock/modules"
		put_module kvm-intel "$work/stock"
		module=$work/stock/modules/kvm-intel.ko
	fi
	code=$(objdump -d --disassemble=vmx_vcpu_run "$module")
	base=$(sed -n 's/^\([0-9a-f]*\) <vmx_vcpu_run>:$/\1/p' <<<"$code")
	place=$(sed -nE 's/^ *([0-9a-f]+):.*mov.* [$]0x80000021,.*/\1/p' <<<"$code")
	[[ $base =~ ^[0-9a-f]+$ && $place =~ ^[0-9a-f]+$ ]] || return 0 # if there is any, stat.exits will not agree
	printf 'vmx_vcpu_run+0x%x' $((16#$place - 16#$base))
}

# What belongs to the guests of one outer VM, each by its number: where it lies in what was sent, and what files of it are called.
guest_out() { if [ "$2" = 1 ]; then echo "$1"; else echo "$1/guest$2"; fi; }
guest_name() { if [ "$2" = 1 ]; then echo "$1"; else echo "$1-guest$2"; fi; }
# ... and what people read of it.
guest_title() { if [ "$guests" = 1 ]; then echo "$1"; else echo "$1, guest $2"; fi; }

# By name of guest_name: what the check says of it in one line, and its status, 0 or 1.
declare -A witness_line=() witness_status=()

# witness_check MODE GUEST: the document goes to $work/final. Status 1, with one line on stderr, when there is evidence that
# cannot be read; counts that differ are for witness_summary, when the files are in place.
witness_check() {
	local mode=$1 number=$2 name status=0
	name=$(guest_name "$mode" "$number")
	witness_line[$name]=$("$suite" witness --check "$work/$mode/out" --guest "$number" --paging "$(mode_paging "$mode")" \
		-o "$work/final/witness-$name.json") || status=$?
	[ "$status" -le 1 ] || return 1
	witness_status[$name]=$status
}

# witness_summary: one line per guest of a mode; status 1 when a count is not what the outer VM counted.
witness_summary() {
	local mode number name status=0
	for mode in "${modes[@]}"; do
		for number in $(seq "$guests"); do
			name=$(guest_name "$mode" "$number")
			if [ "${witness_status[$name]}" = 0 ]; then
				say "$(guest_title "$mode" "$number"): ${witness_line[$name]}"
			else
				say "$(guest_title "$mode" "$number"): ${witness_line[$name]}; see $out/witness-$name.json"
				status=1
			fi
		done
	done
	return "$status"
}
