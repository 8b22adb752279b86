# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# The outer VM's own counts against the guest's last reading.

# witness_unentered: SYMBOL+OFFSET in kvm-intel.ko where vmx_vcpu_run() finds that the processor cannot run the guest's state
# (real mode without unrestricted guest, so with shadow paging) and returns for KVM to emulate it. vcpu_enter_guest() adds one
# to stat.exits all the same; there was no entry, no VM exit, and no kvm_exit. The store of this exit reason marks the place.
witness_unentered() {
	local code base place
	[ "$vendor" = intel ] || return 0
	code=$(objdump -d --disassemble=vmx_vcpu_run "$modules_dir/kvm-intel.ko")
	base=$(sed -n 's/^\([0-9a-f]*\) <vmx_vcpu_run>:$/\1/p' <<<"$code")
	place=$(sed -nE 's/^ *([0-9a-f]+):.*mov.* [$]0x80000021,.*/\1/p' <<<"$code")
	[[ $base =~ ^[0-9a-f]+$ && $place =~ ^[0-9a-f]+$ ]] || return 0 # if there is any, stat.exits will not agree
	printf 'vmx_vcpu_run+0x%x' $((16#$place - 16#$base))
}

# witness_binary FILE: "SLOT COUNT" of every vCPU (or of the VM) from what QEMU answers to query-stats, which passes on
# what KVM_GET_STATS_FD shows, but each array from its last value to its first.
witness_binary() {
	[ -s "$1" ] || return 0
	jq -r '(.return // [])[].stats[] | select(.name == "exit_count") | .value | reverse | to_entries[] | "\(.key) \(.value)"' "$1"
}

# What belongs to the guests of one outer VM, each by its number: where it lies in what was sent, and what files of it are called.
guest_out() { if [ "$2" = 1 ]; then echo "$1"; else echo "$1/guest$2"; fi; }
guest_name() { if [ "$2" = 1 ]; then echo "$1"; else echo "$1-guest$2"; fi; }
# ... and what people read of it.
guest_title() { if [ "$guests" = 1 ]; then echo "$1"; else echo "$1, guest $2"; fi; }

# witness_threads OUT: "GUEST THREAD" of every vCPU, by QEMU's answers to query-cpus-fast.
witness_threads() {
	local number
	for number in $(seq "$guests"); do
		jq -r --arg guest "$number" '.return[] | "\($guest) \(."thread-id")"' "$(guest_out "$1" "$number")/evidence/cpus.json"
	done
}

# witness_json OUT MODE GUEST: JSON on stdout from what the outer VM sent in the folder OUT.
witness_json() {
	local out mode=$2 number=$3 evidence file unentered=()
	out=$(guest_out "$1" "$number") evidence=$out/evidence
	for file in "$out/guest" "$evidence"/{format,histogram,stat-exits,trace,cpus.json}; do
		if [ ! -s "$file" ]; then
			say "$(guest_title "$mode" "$number"): the outer VM sent no ${file##*/}: its counts cannot be compared"
			return 1
		fi
	done
	witness_threads "$1" >"$evidence/threads" || return 1
	witness_binary "$evidence/stats-vcpu.json" >"$evidence/binary"
	witness_binary "$evidence/stats-vm.json" >"$evidence/vm"
	[ ! -e "$evidence/unentered" ] || unentered=(part=unentered "$evidence/unentered")
	awk -v paging="$(mode_paging "$mode")" -v guest_number="$number" -f "$top/scripts/lab.d/witness.awk" \
		part=guest "$out/guest" part=format "$evidence/format" part=threads "$evidence/threads" \
		part=histogram "$evidence/histogram" part=stat "$evidence/stat-exits" part=binary "$evidence/binary" \
		part=vm "$evidence/vm" "${unentered[@]}" part=trace "$evidence/trace" | jq .
}

# witness_summary: one line per guest of a mode; status 1 when a count is not what the outer VM counted.
witness_summary() {
	local mode number status=0
	for mode in "${modes[@]}"; do
		for number in $(seq "$guests"); do
			witness_line "$(guest_title "$mode" "$number")" "$out/witness-$(guest_name "$mode" "$number").json" || status=1
		done
	done
	return "$status"
}

# witness_line TITLE FILE
witness_line() {
	local title=$1 file=$2
	if [ "$(jq .equal "$file")" = true ]; then
		say "$title: $(jq -r '"all \(.total.kvm_exit) exits that the outer VM counted are in the guest'\''s counters," +
			" reason by reason (\(.total.after) of them came after the last reading)"' "$file")"
		return
	fi
	say "$title: the guest's counters differ from the outer VM's: $(jq -r '.problem // (. as $w | [.kvm_exit, .guest | keys[]]
		| unique | map(select(($w.kvm_exit[.] // 0) != ($w.guest[.] // 0) + ($w.after[.] // 0))
		| "\(.) \($w.kvm_exit[.] // 0) is not \($w.guest[.] // 0) + \($w.after[.] // 0)") | join("; "))' "$file"); see $file"
	return 1
}
