#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# scripts/outer-setup on a machine that is a folder: what it loads, and that a failure at any step leaves things as they were.
# Cost: 1 core, 50 s

bats_require_minimum_version 1.5.0
load ../cli/helper
load outer/machine

setup_file() {
	mkdir "$BATS_FILE_TMPDIR/machine"
	cd "$BATS_FILE_TMPDIR/machine" || return 1
	machine_make
}

setup() {
	cp -a "$BATS_FILE_TMPDIR/machine/." "$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR" || return 1
	machine_here
}

@test "help fits 120 columns; the manual has the same options" { script_documented outer-setup; }

@test "usage errors: one line, status 2, nothing touched" {
	for bad in "" nonsense "load --paging both" "load --vpid maybe" "load --param x" "load --vendor via" "load --paging" \
		"status --paging nested" "load --key x" "build --param a=b" "load --frobnicate yes" "load --vpid on"; do
		# shellcheck disable=SC2086
		unchanged $bad
		one_line_error 2 || { echo "for '$bad'"; return 1; }
	done
}

@test "load: both modules are ours, in the requested mode and with the requested values" {
	outer load --paging shadow --param exit_stats_layout=c
	[ "$status" = 0 ] || { echo "$stderr"; return 1; }
	[ "$(kvm_is)$(parameter kvm_amd npt)$(parameter kvm exit_stats)$(parameter kvm exit_stats_layout)" = patchedNYc ]
	[[ $output == *"paging    shadow"* && $output == *"$ours"* && $output == *"layout c"* ]]
	[[ $stderr == *"until the next boot"* ]]
	outer load
	[ "$status$(parameter kvm_amd npt)$(parameter kvm exit_stats_layout)" = 0Ya ]
}

@test "load on Intel: vpid is set and read back" {
	rmmod kvm_amd
	cpuinfo 'vmx ept vpid'
	outer load --vpid off
	[ "$status" = 0 ] || { echo "$stderr"; return 1; }
	[ "$(parameter kvm_intel ept)$(parameter kvm_intel vpid)" = YN ]
	[[ $output == *"vpid      off"* ]]
	cp -r "$ours" other
	echo stuck=vpid >>other/kvm-intel.ko
	unchanged load --vpid off --modules other
	says "asked for vpid=N" "vpid=Y"
}

@test "restore: the distribution's modules, both; a second time there is nothing to do" {
	look
	before=$loaded
	outer load --paging shadow
	outer restore
	[ "$status" = 0 ]
	as_before "$before"
	[[ $output == *"the distribution's (kvm_amd)"*"paging    nested"* ]]
	[ ! -e "$OUTER_ROOT/run/kvm-exit-suite/modules" ]
	outer restore
	[ "$status" = 0 ]
	[[ $stderr == *"nothing to do"* ]]
	as_before "$before"
}

@test "a restore that fails leaves ours" {
	outer load --paging shadow
	echo >"$OUTER_ROOT/lib/modules/$kernel/kernel/kvm.ko"
	unchanged restore
	[ "$(kvm_is)$(parameter kvm_amd npt)" = patchedN ]
	says "kvm_amd does not load"
}

@test "refused before anything is touched: no virtualization, the wrong vendor, no nested paging" {
	cpuinfo hypervisor
	unchanged load
	one_line_error 3 "neither vmx nor svm" "outer-setup check"
	cpuinfo svm
	unchanged load --vendor intel
	one_line_error 3 "--vendor intel" amd
	unchanged load
	one_line_error 3 "no npt" "--paging shadow"
	stub id 'echo 1000'
	unchanged load
	one_line_error 3 "sudo scripts/outer-setup load"
	unchanged restore
	one_line_error 3 "sudo scripts/outer-setup restore"
}

@test "refused before anything is touched: modules missing, of another kernel, without the parameter" {
	unchanged load --param nonsense=1
	one_line_error 3 "no parameter 'nonsense'" exit_stats_layout
	sed -i 's/^vermagic=[^ ]*/vermagic=6.1.0-55-amd64/' "$ours/kvm-amd.ko"
	unchanged load
	one_line_error 3 kvm-amd.ko 6.1.0-55-amd64 "$kernel"
	rm "$ours/kvm-amd.ko"
	unchanged load
	one_line_error 3 "no kvm-amd.ko"
	rm -r "$ours"
	unchanged load
	one_line_error 3 "no modules have been built for $kernel" "outer-setup build"
}

@test "refused before anything is touched: Secure Boot's lockdown, enforced signatures, KVM in vmlinux" {
	echo 'none [integrity] confidentiality' >"$OUTER_ROOT/sys/kernel/security/lockdown"
	unchanged load
	one_line_error 3 "only signed modules (kernel lockdown 'integrity'" "outer-setup check"
	echo '[none] integrity confidentiality' >"$OUTER_ROOT/sys/kernel/security/lockdown"
	echo Y >"$OUTER_ROOT/sys/module/module/parameters/sig_enforce"
	unchanged load
	one_line_error 3 module.sig_enforce=Y
	for file in kvm kvm-amd; do
		printf '~Module signature appended~\n' >>"$ours/$file.ko"
	done
	outer load
	[ "$status" = 0 ] || { echo "$stderr"; return 1; }
	outer restore
	rm "$OUTER_ROOT/sys/module/kvm/refcnt"
	unchanged load
	one_line_error 3 "built into this kernel"
}

@test "refused before anything is touched: running VMs, an open /dev/kvm, another module, unseen users" {
	process 42 qemu-system-x86 anon_inode:kvm-vm
	process 43 firefox anon_inode:kvm-vm-not
	unchanged load
	one_line_error 3 "VMs run on this KVM: qemu-system-x86 (42); shut them down"
	unchanged restore
	one_line_error 3 "qemu-system-x86 (42)"
	rm -r "$OUTER_ROOT/proc/42"
	process 44 libvirtd /dev/kvm
	unchanged load
	one_line_error 3 "in use by libvirtd (44)"
	rm -r "$OUTER_ROOT/proc/44"
	mkdir "$OUTER_ROOT/sys/module/kvm/holders/kvmgt"
	unchanged load
	one_line_error 3 "the module kvmgt"
	rmdir "$OUTER_ROOT/sys/module/kvm/holders/kvmgt"
	echo 2 >"$OUTER_ROOT/sys/module/kvm_amd/refcnt"
	unchanged load
	one_line_error 3 "kvm_amd is in use"
}

@test "undone: a module cannot be unloaded" {
	for busy in kvm_amd kvm; do
		echo $busy >"$OUTER_ROOT/busy"
		# What blocks is gone when the modules are put back.
		unchanged load || { [ $busy = kvm_amd ] && [ -e "$OUTER_ROOT/sys/module/kvm_amd" ]; }
		says "$busy cannot be unloaded: Module $busy is in use"
		[ "$status" = 3 ]
	done
}

@test "undone: kvm.ko or the vendor's module does not load, or reports another mode" {
	rmmod kvm_amd
	rmmod kvm
	modprobe kvm_amd npt=0 avic=1
	for refuse in kvm kvm_amd; do
		cp "$ours/${refuse/_/-}.ko" keep
		sed -i 's/^name=.*/name=refused/' "$ours/${refuse/_/-}.ko"
		echo refused >"$OUTER_ROOT/refuse"
		unchanged load
		says "${refuse/_/-}.ko does not load: Operation not supported"
		[[ $stderr == *"nothing has changed"* ]]
		cp keep "$ours/${refuse/_/-}.ko"
	done
	echo stuck=npt >>"$ours/kvm-amd.ko"
	unchanged load --paging shadow
	says "asked for shadow paging, but kvm-amd says npt=Y (nested paging)"
	echo stuck=exit_stats >>"$ours/kvm.ko"
	unchanged load
	says "asked for exit_stats=Y, but kvm.ko says exit_stats=N"
	[ "$(parameter kvm_amd npt)$(parameter kvm_amd avic)" = NY ]
}

@test "undone: the previous modules were ours, or none" {
	outer load --paging shadow --param exit_stats_layout=b --param exit_stats_hist=0
	cp -r "$ours" other
	echo stuck=npt >>other/kvm-amd.ko
	sed -i s/default=npt=1/default=npt=0/ other/kvm-amd.ko
	unchanged load --modules other
	says "asked for nested paging"
	[ "$(kvm_is)$(parameter kvm exit_stats_layout)$(parameter kvm exit_stats_hist)" = patchedbN ]
	rmmod kvm_amd
	rmmod kvm
	rmmod irqbypass
	unchanged load --modules other
	[ ! -e "$OUTER_ROOT/sys/module/irqbypass" ]
}

@test "undone: a dependency of the modules is missing" {
	sed -i 's/^depends=.*/depends=kvm,ccp/' "$ours/kvm-amd.ko"
	unchanged load
	says "ccp, which KVM needs, does not load" "No such file"
}

@test "undone: a signal while the modules are exchanged, status 130" {
	echo kvm_amd >"$OUTER_ROOT/interrupt"
	unchanged load --paging shadow
	[ "$status" = 130 ]
	says interrupted
}

# Every action of a load and of a restore is interrupted once, by each signal.
@test "undone: interrupted at any action, by any signal, the machine is as it was" {
	for signal in TERM INT HUP; do
		echo $signal >"$OUTER_ROOT/signal"
		for at in 0 1 2 3; do
			echo $at >"$OUTER_ROOT/interrupt-at"
			rm -f "$OUTER_ROOT/actions"
			unchanged load --paging shadow
			[ "$status" = 130 ] || { echo "$signal at action $at: $status, $stderr"; return 1; }
			[ ! -e "$OUTER_ROOT/run/kvm-exit-suite/before" ]
		done
	done
	rm "$OUTER_ROOT/interrupt-at"
	outer load --paging shadow
	for at in 0 1 2; do
		echo $at >"$OUTER_ROOT/interrupt-at"
		rm -f "$OUTER_ROOT/actions"
		unchanged restore
		[ "$status" = 130 ] || { echo "at action $at: $status, $stderr"; return 1; }
	done
}

@test "killed at any action: status says so, and restore reloads the previous modules" {
	look
	before=$loaded
	echo KILL >"$OUTER_ROOT/signal"
	for at in 0 1 2 3; do
		echo $at >"$OUTER_ROOT/interrupt-at"
		rm -f "$OUTER_ROOT/actions"
		outer load --paging shadow
		[ "$status" = 137 ]
		rm "$OUTER_ROOT/interrupt-at"
		outer status
		[[ $output == *"restore' puts them back"* ]]
		outer restore
		[ "$status" = 0 ] || { echo "at action $at: $stderr"; return 1; }
		[[ $stderr == *"an earlier call was killed"* ]]
		as_before "$before"
		outer restore
		[[ $stderr == *"nothing to do"* ]]
	done
}

@test "refused before anything is touched: /run cannot be written, another call is at work" {
	mkdir -p "$OUTER_ROOT/run/kvm-exit-suite"
	exec 7>"$OUTER_ROOT/run/kvm-exit-suite/lock"
	flock 7
	unchanged load 7>&-
	one_line_error 3 "another call"
	exec 7>&-
	rm -r "$OUTER_ROOT/run"
	touch "$OUTER_ROOT/run"
	unchanged load --paging shadow
	one_line_error 3 "cannot be written"
}

@test "the same functions work in a POSIX shell, as in the laboratory's outer VM" {
	rmmod kvm_amd
	rmmod kvm
	cat >posix <<-'SH'
		set -u
		fail() { echo "$*" && exit 3; }
		sys=$OUTER_ROOT/sys vendor=amd kvm_parameters="exit_stats=1 exit_stats=0" vendor_parameters='' load='' paging=$1
		. "$2"
		load_kvm "$3"
		check_mode
		unload_kvm
	SH
	run sh posix shadow "$top/scripts/kvm-load.sh" "$ours"
	[ "$status" = 0 ] || { echo "$output"; return 1; }
	[ ! -e "$OUTER_ROOT/sys/module/kvm" ]
	echo stuck=npt >>"$ours/kvm-amd.ko"
	run sh posix shadow "$top/scripts/kvm-load.sh" "$ours"
	[ "$status" = 3 ]
	[ "$output" = "asked for shadow paging, but kvm-amd says npt=Y (nested paging)" ]
}

# offers PACKAGE VERSION...: what apt and dpkg know; nothing is installed.
offers() {
	mkdir -p offer
	printf 'Version: %s\n' "${@:2}" >"offer/$1"
	stub apt-cache "case \$1 in show) for last; do :; done; cat \"$PWD/offer/\$last\" 2>/dev/null || exit 100 ;; *) exit 100 ;; esac"
	stub dpkg-query 'exit 1'
}

@test "build refused: no kernel of the distribution, no headers, no source, a reboot due, no patches" {
	rm -r "$ours"
	offers nothing 1
	stub uname "case \${1-} in -r) echo $kernel ;; *) echo '#1 SMP private' ;; esac"
	unchanged build
	one_line_error 3 "neither apt nor dpkg knows linux-image-$kernel"
	offers "linux-image-$kernel" 6.1.192-2
	unchanged build
	one_line_error 3 "no headers of kernel $kernel" "apt has no linux-headers-$kernel" --headers
	unchanged build --headers /nowhere
	one_line_error 2 "--headers /nowhere"
	offers "linux-headers-$kernel" 6.1.192-2
	offers linux-source-6.1 6.1.190-1 6.1.187-1
	unchanged build
	one_line_error 3 "no source of kernel $kernel" "no linux-source-6.1 of version 6.1.192-2 (it has 6.1.187-1, 6.1.190-1)" --source
	stub uname "case \${1-} in -r) echo $kernel ;; *) echo '#1 SMP Debian 6.1.190-1 (2026-09-01)' ;; esac"
	unchanged build
	one_line_error 3 "reboot first"
	unchanged build --release 6.8.0-45-generic
	one_line_error 3 "no series of patches exists for Linux 6.8" --series
	unchanged build --key none --cert none
	one_line_error 2 "--key 'none'"
	[ -z "$(find cache -type f 2>/dev/null)" ]
}

# checks WORD...: the last check says them.
checks() {
	local word
	for word in "$@"; do
		[[ $output == *"$word"* ]] || { echo "'$word' is not in: $output"; return 1; }
	done
}

@test "check: a machine that can do it, and each obstacle with its remedy" {
	offers "linux-image-$kernel" 6.1.192-2
	outer check
	[ "$status" = 0 ] || { echo "$output"; return 1; }
	checks "ok    the processor shows svm (AMD)" "ok    kernel $kernel: a series of patches exists" "ok    the kernel accepts unsigned modules"
	echo 'none integrity [confidentiality]' >"$OUTER_ROOT/sys/kernel/security/lockdown"
	process 42 qemu-system-x86 anon_inode:kvm-vm
	outer check
	[ "$status" = 0 ]
	checks "note  the kernel accepts only signed modules: kernel lockdown 'confidentiality'" "mokutil --import mok.der" \
		"build --key mok.key --cert mok.der" "VMs run on this KVM: qemu-system-x86 (42)"
	stub uname "case \${1-} in -r) echo 6.8.0-45-generic ;; *) echo '#45-Ubuntu SMP' ;; esac"
	outer check
	[ "$status" = 3 ]
	checks "no    kernel 6.8.0-45-generic" "--series" "not a kernel of the distribution"
}

@test "check: the ways to count that are open here, each with its commands" {
	[ -x "$top/build/suite-attach" ] || skip "suite-attach is not built here"
	offers "linux-image-$kernel" 6.1.192-2
	outer check
	checks "open    patch: " "sudo scripts/outer-setup load" "open    attach: " "sudo ./suite attach VM" "open    laboratory: "
	echo 'none [integrity] confidentiality' >"$OUTER_ROOT/sys/kernel/security/lockdown"
	outer check
	checks "open    copier: the kernel is locked down (integrity)" "sudo ./suite attach VM --copy"
	mkdir -p "$OUTER_ROOT/boot"
	echo '# CONFIG_BPF_SYSCALL is not set' >"$OUTER_ROOT/boot/config-$kernel"
	outer check
	checks "closed  attach: this kernel has no BPF"
	stub uname "case \${1-} in -r) echo 5.10.0-30-amd64 ;; *) echo '#1 SMP Debian' ;; esac"
	outer check
	checks "closed  patch: " "closed  attach: kernel 5.10.0-30-amd64 is older than 5.12"
	cpuinfo ''
	outer check
	checks "closed  attach: no VM can run here"
}

@test "check: without virtualization it says how to enable it, for each hypervisor" {
	offers "linux-image-$kernel" 6.1.192-2
	mkdir -p "$OUTER_ROOT/sys/class/dmi/id"
	cpuinfo hypervisor
	while IFS=/ read -r vendor product word; do
		echo "$vendor" >"$OUTER_ROOT/sys/class/dmi/id/sys_vendor"
		echo "$product" >"$OUTER_ROOT/sys/class/dmi/id/product_name"
		outer check
		[ "$status" = 3 ]
		checks "no    the processor shows no virtualization" "$word" "./suite lab"
	done <<-'TEXT'
		VMware, Inc./VMware Virtual Platform/vhv.enable
		innotek GmbH/VirtualBox/--nested-hw-virt on
		Microsoft Corporation/Virtual Machine/-ExposeVirtualizationExtensions
		Google/Google Compute Engine/--enable-nested-virtualization
		Amazon EC2/m5.large/*.metal
		QEMU/Standard PC (Q35 + ICH9, 2009)/nested=1
		Someone/Something/This hypervisor is unknown here
	TEXT
	cpuinfo nothing
	outer check
	checks "firmware" "SVM Mode"
}

@test "status names the loaded modules: none, the distribution's, ours; and VMs" {
	outer status
	checks "the distribution's (kvm_amd)" "paging    nested" "VMs       none"
	outer load --paging shadow
	process 42 qemu-system-x86 anon_inode:kvm-vm
	outer status
	checks "patched (kvm_amd), from $ours" "paging    shadow" "VMs       qemu-system-x86 (42)"
	rmmod kvm_amd
	rmmod kvm
	outer status
	checks "not loaded"
}
