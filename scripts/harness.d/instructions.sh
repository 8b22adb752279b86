# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2034
# reads: image suite work
# sets:  modules_dir
# scripts/bench-harness --instructions: the laboratory's inner VM, alone in QEMU, whose TSC counts instructions. Both sides run in
# one boot.

# largest FILE NAME: cycles of an operation in each of the workload's largest windows.
largest() {
	jq -r --arg name "$2" '.workloads[] | select(.name == $name) | (.samples | map(.ops) | max) as $most
		| .samples[] | select(.ops == $most) | .cycles / .ops' "$1"
}

instructions_initrd() {
	mkdir -p "$work/job/bin" "$work/job/job" "$work/job/modules"
	install "$suite" "$top/build/tests/bench/bare" "$top/scripts/harness.d/guest" "$work/job/bin"
	install "$top/scripts/guest/init.inner" "$work/job/init"
	put_module loop "$work/job"
	put_module dummy "$work/job"
	cat >"$work/job/job/workloads"
	{
		cat "$image/base.cpio"
		pack "$work/job"
	} >"$work/initrd"
}

# One instruction is 1 ns of the VM's time, and idle time is skipped (sleep=off).
instructions_qemu() {
	timeout 1800 qemu-system-x86_64 -M pc -nodefaults -no-user-config -no-reboot -m 1024 -smp 1 -display none \
		-accel tcg,thread=single -icount shift=0,sleep=off -cpu max,-la57 \
		-kernel "$image/vmlinuz" -initrd "$work/initrd" \
		-append 'console=ttyS0 quiet panic=-1 nokaslr no_timer_check lab.shell=no lab.command="guest"' \
		-serial "file:$work/console" -serial null -device pvpanic-pci -device virtio-serial-pci \
		-chardev "file,id=results,path=$work/results.tar" -device virtserialport,chardev=results,name=results
}

# A line of the table for each workload; status 1 when a ratio is too small. Windows have the same order on both sides, and the
# ratio is the median over the pairs.
instructions_rows() {
	local name status=$EX_OK
	printf '%-22s %14s %14s %8s\n' WORKLOAD 'per op, suite' 'bare' RATIO
	while read -r name; do
		[ -e "$work/results/$name.bare" ] || continue
		largest "$work/results/$name.json" "$name" >"$work/suite"
		cut -d ' ' -f 1 "$work/results/$name.bare" >"$work/bare"
		[ "$(wc -l <"$work/suite")" = "$(wc -l <"$work/bare")" ] ||
			die "$EX_FAILED" "$name: the two sides have different numbers of windows"
		paste "$work/suite" "$work/bare" |
			awk -F '\t' -v name="$name" '
				function add(x, value, n,   i) { for (i = n; i > 1 && x[i - 1] > value; i--) x[i] = x[i - 1]; x[i] = value }
				function middle(x, n) { return n % 2 ? x[(n + 1) / 2] : (x[n / 2] + x[n / 2 + 1]) / 2 }
				{ add(suite, $1, NR); add(bare, $2, NR); add(ratio, $2 / $1, NR) }
				END {
					r = middle(ratio, NR)
					printf "%-22s %14.1f %14.1f %8.3f%s\n", name, middle(suite, NR), middle(bare, NR), r, r < 0.98 ? "  below" : ""
					exit r < 0.98
				}' || status=$EX_FINDING
	done <"$work/job/job/workloads"
	return "$status"
}

instructions_table() {
	"$top/scripts/setup" lab kernel
	modules_dir=$("$top/scripts/kvm-build") || exit "$?"
	image=$work/image
	mkdir "$image"
	build_inner "$image"
	instructions_initrd
	step 'counting the instructions of both sides in a VM (about seven minutes for all workloads)' instructions_qemu
	mkdir "$work/results"
	if ! tar -x -f "$work/results.tar" -C "$work/results" 2>/dev/null || [ "$(cat "$work/results/status")" != 0 ]; then
		tr -d '\r' <"$work/console" | tail -n 8 | sed 's/^/    /' >&2
		die "$EX_FAILED" "the VM sent no results; the last lines of its console are above"
	fi
	while read -r line; do say "$line"; done <"$work/results/output"
	instructions_rows
}
