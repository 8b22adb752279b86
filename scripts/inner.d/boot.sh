# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# reads: command image memory out shell suite vcpus work
# sets:  image modules_dir
# Boot the laboratory's inner VM on this machine's KVM: the same image, the same init (scripts/guest/init.inner), the same machine
# for QEMU. The kernel is this machine's running one, with its modules.

# A command goes on the kernel's command line, as a shell reads it there.
boot_check() {
	if [ ! -r /dev/kvm ] || [ ! -w /dev/kvm ]; then
		die "$EX_ENVIRONMENT" "/dev/kvm cannot be opened: load KVM, and join the group kvm or use sudo"
	fi
	[[ $command != *['"'$'\n']* ]] || die "$EX_USAGE" "the command must not contain a double quote or a new line: put it into a script"
	[ ${#command} -lt 1500 ] || die "$EX_USAGE" "the command is too long for a kernel's command line"
	[ -e /sys/module/kvm/parameters/exit_stats ] ||
		say "this KVM has no exit counters: 'scripts/outer-setup load' loads one that has them"
	[ -z "$out" ] || mkdir -p "$out" 2>/dev/null || die "$EX_ENVIRONMENT" "-o $out cannot be created: give another folder"
}

build_inner() {
	local into=${*: -1}
	image_inner "$into/root"
	pack "$into/root" >"$into/base.cpio"
	rm -r "$into/root"
	cp -L "$modules_dir/vmlinuz" "$into/vmlinuz"
}

# boot_image: sets image to a folder with vmlinuz and base.cpio, of the modules that outer-setup has loaded or built.
boot_image() {
	[ -z "$image" ] || return 0
	modules_dir=$(cat /run/kvm-exit-suite/modules 2>/dev/null) || modules_dir=$cache/outer/$(uname -r)
	[ -d "$modules_dir" ] ||
		die "$EX_ENVIRONMENT" "no modules of $(uname -r) exist for the VM's image: run 'scripts/outer-setup build' first"
	"$top/scripts/setup" lab
	image=$cache/image/inner-$({
		echo "$modules_dir"
		cat "$top/scripts/lab.d/images.sh" "${BASH_SOURCE[0]}"
	} | sha256sum | cut -c1-12)
	[ -d "$image" ] || step "making the image of the inner VM" once "$image" build_inner
}

# The suite and its init follow the image; the kernel unpacks one after the other.
boot_initrd() {
	local job=$work/job
	mkdir -p "$job/bin"
	cp "$suite" "$top/scripts/ffd.sh" "$top/scripts/ffc.sh" "$job/bin"
	cp "$top/scripts/guest/init.inner" "$job/init"
	{
		cat "$image/base.cpio"
		pack "$job"
	} >"$work/initrd"
}

boot_qemu() {
	local console=file,path=$work/console append="console=ttyS0 quiet panic=-1 lab.shell=$shell"
	if [ "$shell" = yes ]; then
		console=stdio,signal=off
	else
		append+=" lab.command=\"$command\""
	fi
	truncate -s 64M "$work/scratch"
	qemu-system-x86_64 -accel kvm -cpu host -M pc,memory-backend=ram -m "$memory" -smp "$vcpus" -nodefaults -no-user-config \
		-object "memory-backend-ram,id=ram,size=${memory}M,prealloc=on" -display none -no-reboot \
		-kernel "$image/vmlinuz" -initrd "$work/initrd" -append "$append" -chardev "$console,id=console" -serial chardev:console \
		-drive "file=$work/scratch,format=raw,if=none,id=scratch,cache=writeback" \
		-device virtio-blk-pci,drive=scratch,serial=suite-scratch \
		-netdev user,id=scratch,ipv6=off,restrict=on -device virtio-net-pci,netdev=scratch,romfile=,mac=02:00:00:00:00:01 \
		-serial null -device virtio-serial-pci -chardev "file,id=results,path=$work/results.tar" \
		-device virtserialport,chardev=results,name=results
}

# A child that a signal ends together with the script; timeout(1) would take the terminal away.
boot_run() {
	boot_qemu 2>"$work/qemu" &
	qemu=$!
	wait "$qemu" || say "QEMU ended with status $?: $(tail -n 1 "$work/qemu")"
	qemu=''
}

boot_results() {
	local status
	mkdir "$work/results"
	if ! tar -x -f "$work/results.tar" -C "$work/results" 2>/dev/null || [ ! -e "$work/results/status" ]; then
		tr -d '\r' <"$work/console" 2>/dev/null | tail -n 8 | sed 's/^/    /' >&2
		die "$EX_ENVIRONMENT" "the inner VM sent no results; the last lines of its console are above"
	fi
	status=$(cat "$work/results/status")
	cat "$work/results/output"
	rm "$work/results/status" "$work/results/output"
	[ -z "$out" ] || cp -r "$work/results/." "$out"
	exit "$status"
}

boot() {
	boot_check
	boot_image
	boot_initrd
	if [ "$shell" = yes ]; then
		say "booting; 'exit' at the prompt ends it"
		boot_qemu
		return
	fi
	boot_run
	boot_results
}
