# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2034
# reads: initrd outer_memory outer_vcpus real_image shell vmlinuz
# sets:  command emulator_arguments machine_threads silence
# The outer VM in Bochs, which emulates Intel's VMX with EPT and VPID on any machine. One thread runs all of its
# processors. docs/laboratory.md gives the reasons for each choice here.

bochs_roms=(/usr/share/bochs/BIOS-bochs-latest /usr/share/vgabios/vgabios.bin)
bochs_loader=(/usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32)

# Guest time is instructions / ips, so this is also the frequency of its TSC. The kernel's ticks are 1/250 s apart whatever
# the processor's speed: the slower it is, the more of them fall into one operation, and with shadow paging and PTI a tick
# brings CR3 exits of its own. At 1 GHz they are less than 1 % of the slowest workload.
# With two or more processors 200 MHz: a single idle processor is taken to its next timer at once, but two are stepped there,
# so that each second that the outer VM waits (for a serial line, for RCU) takes many of them.
# kvm-intel has a preemption timer only if it ticks at 429 MHz or less (vmx.c hardware_setup); in Bochs it ticks like the TSC.
bochs_ips=${LAB_BOCHS_IPS:-1000000000}

bochs_needs() {
	"$top/scripts/setup" intel
	if [ "$shell" = yes ] && ! tty -s; then
		die "$EX_ENVIRONMENT" "--shell with --vendor intel needs a terminal, to which Bochs connects the shell's serial line: run it in one"
	fi
	machine_threads=1
	[ -n "${LAB_BOCHS_IPS-}" ] || [ "$outer_vcpus" = 1 ] || bochs_ips=200000000
	# 20 million instructions; at 1 GHz the suite's default of 0.1 s would take 4 s for each workload and repeat.
	emulator_arguments=(--time "$(awk -v ips="$bochs_ips" 'BEGIN { print 2e7 / ips }')")
	# The inner VM's kernel is silent while it boots, which takes a minute, or more on a busy machine.
	silence=${LAB_SILENCE:-900}
}

# Everything for a boot is in the initrd, which the BIOS reads; the only disk is for programs (real-programs.sh).
bochs_iso() {
	local dir=$1 mode=$2
	# cryptomgr.notests: testing every cipher at boot takes 700 million instructions. nokaslr: 15 million.
	cat >"$dir/isolinux.cfg" <<-CFG
		DEFAULT outer
		LABEL outer
		KERNEL /vmlinuz
		INITRD /initrd
		APPEND console=ttyS0,115200 quiet panic=-1 cryptomgr.notests nokaslr lab.paging=$mode
	CFG
	xorriso -as mkisofs -quiet -o "$dir/boot.iso" -b isolinux.bin -c boot.cat -no-emul-boot -boot-load-size 4 \
		-boot-info-table -f -graft-points "isolinux.bin=${bochs_loader[0]}" "ldlinux.c32=${bochs_loader[1]}" \
		"isolinux.cfg=$dir/isolinux.cfg" "vmlinuz=$vmlinuz" "initrd=$initrd" >"$dir/iso.log" 2>&1 || {
		sed 's/^/    /' "$dir/iso.log" >&2
		die "$EX_ENVIRONMENT" "$dir/boot.iso cannot be made: free 100 MB of disk space, or set TMPDIR to a larger disk"
	}
}

# For Bochs a power-off is a panic (ACPI control: soft power off), so panics end it.
bochs_configuration() {
	local console='mode=file, dev="outer.log"'
	local disk=''
	# Under a name that only this VM uses: Bochs creates a lock next to it. Volatile: the file itself is not changed.
	[ -z "${real_image-}" ] || disk="ata0-slave: type=disk, path=programs, mode=volatile"
	[ "$shell" = no ] || console="mode=term, dev=\"$(tty)\""
	cat <<-RC
		cpu: model=corei7_haswell_4770, count=$outer_vcpus, ips=$bochs_ips, reset_on_triple_fault=0
		memory: guest=$outer_memory, host=$outer_memory
		clock: sync=none, time0=utc
		romimage: file=${bochs_roms[0]}, options=fastboot
		vgaromimage: file=${bochs_roms[1]}
		ata0-master: type=cdrom, path="boot.iso", status=inserted
		$disk
		boot: cdrom
		com1: enabled=1, $console
		com2: enabled=1, mode=file, dev="frame"
		com4: enabled=1, mode=file, dev="inner.log"
		display_library: term, options="hideIPS"
		sound: driver=dummy
		log: emulator.log
		debugger_log: -
		panic: action=fatal
		error: action=ignore
		info: action=report, $(printf 'cpu%d=ignore, ' $(seq 0 $((outer_vcpus - 1))))pci=report
	RC
}

# Debian's Bochs has no display library that works without a terminal, hence the pseudo-terminal of script(1), and starts in
# its debugger, hence the file with the command to continue.
bochs_command() {
	local dir=$1 mode=$2
	bochs_iso "$dir" "$mode"
	[ -z "${real_image-}" ] || ln -sfn "$real_image" "$dir/programs"
	bochs_configuration >"$dir/bochsrc"
	echo continue >"$dir/debugger"
	command=(sh -c 'exec script -q -e -c "exec bochs -f bochsrc -rc debugger" /dev/null </dev/null >/dev/null')
	command=(env -C "$dir" TERM=vt100 "${command[@]}")
}
