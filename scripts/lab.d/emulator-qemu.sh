# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2054,SC2034
# reads: accelerator initrd machine_threads outer_memory outer_vcpus real_image shell vmlinuz
# sets:  accelerator command inner_append machine_threads
# The outer VM in QEMU: on this machine's KVM if it can nest, else emulated (TCG has AMD's SVM with nested paging).

# With LAB_ICOUNT time counts executed instructions, 2^LAB_ICOUNT ns each: it repeats, and a busy machine does not affect it.
# One thread then runs all processors.
qemu_needs() {
	have qemu-system-x86_64 || die "$EX_ENVIRONMENT" "qemu-system-x86_64 is missing: run 'scripts/setup lab' to install it"
	[ "$accelerator" != kvm ] || return 0
	# QEMU 7.2 does not intercept XSETBV, so KVM's CPUID never has the size of what the inner VM's kernel has enabled. That
	# kernel then leaves XSAVE off, and the one of 7.2 dies of trying to (docs/laboratory.md).
	inner_append=noxsave
	[ -n "${LAB_ICOUNT-}" ] || return 0
	number LAB_ICOUNT "$LAB_ICOUNT" 0 10
	accelerator=qemu-tcg-icount machine_threads=1
}

# 5-level page tables (la57) would make every nested page walk of the inner VM longer, and few machines have them.
qemu_command() {
	local dir=$1 mode=$2 thread=single timer=''
	[ "$machine_threads" = 1 ] || thread=multi
	# An emulator that had to wait for a CPU can miss the ticks by which the kernel tests its timer, and panic.
	[ "$accelerator" = kvm ] || timer=' no_timer_check'
	command=(qemu-system-x86_64 -M pc -nodefaults -no-user-config -no-reboot -m "$outer_memory" -smp "$outer_vcpus"
		-display none -kernel "$vmlinuz" -initrd "$initrd"
		-append "console=ttyS0 quiet panic=-1$timer lab.paging=$mode")
	case $accelerator in
	kvm) command+=(-accel kvm -cpu host) ;;
	*) command+=(-accel "tcg,thread=$thread" -cpu max,+svm,+npt,-la57) ;;
	esac
	[ "$accelerator" != qemu-tcg-icount ] || command+=(-icount "shift=$LAB_ICOUNT,sleep=off")
	if [ "$shell" = yes ]; then
		command+=(-chardev stdio,id=outer,signal=off,mux=on)
	else
		command+=(-chardev "file,id=outer,path=$dir/outer.log")
	fi
	command+=(-serial chardev:outer -chardev "file,id=frame,path=$dir/frame" -serial chardev:frame -serial null
		-chardev "file,id=inner,path=$dir/inner.log" -serial chardev:inner)
	# A snapshot, since an IDE disk cannot be read-only; the file itself is not changed.
	[ -z "${real_image-}" ] || command+=(-drive "file=$real_image,format=raw,if=ide,snapshot=on")
}
