# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# reads: has kernel_release running sys top users vms why
# sets:
# Can this machine do it at all? If not, says what to do.

able=yes

# finding ok|no|note TEXT [MORE]: MORE is the remedy or the consequence.
finding() {
	[ "$1" != no ] || able=no
	printf '%-5s %s\n' "$1" "$2"
	[ $# -lt 3 ] || echo "      ${3//$'\n'/$'\n'      }"
}

# How to enable nested virtualization on the host of a VM, from each vendor's documentation.
advise_nesting() {
	case $1 in
	'') cat <<-'TEXT' ;;
		Enable it in the firmware (BIOS, UEFI): "Intel Virtualization Technology" / "VT-x", or "SVM Mode" / "AMD-V".
	TEXT
	vmware) cat <<-'TEXT' ;;
		With the VM off: Settings > Processors > "Virtualize Intel VT-x/EPT or AMD-V/RVI", or vhv.enable = "TRUE" in its
		.vmx file. On a Windows host, Hyper-V and memory integrity (core isolation) have to be off.
	TEXT
	virtualbox) cat <<-'TEXT' ;;
		With the VM off, on the host: VBoxManage modifyvm NAME --nested-hw-virt on
		(Settings > System > Processor > "Enable Nested VT-x/AMD-V"). If it is grey, the host's Hyper-V is on, or VirtualBox is older than 6.1.
	TEXT
	hyperv) cat <<-'TEXT' ;;
		With the VM off, in PowerShell on the host: Set-VMProcessor -VMName NAME -ExposeVirtualizationExtensions $true
	TEXT
	azure) cat <<-'TEXT' ;;
		Use a size whose documentation says "nested virtualization supported" (Dv3, Ev3 and later; with the security type Standard).
	TEXT
	google) cat <<-'TEXT' ;;
		Create the instance with --enable-nested-virtualization, in a machine series that supports it (Intel: N1, N2, C2, C3...).
	TEXT
	ec2) cat <<-'TEXT' ;;
		Use an instance type *.metal, or one whose documentation says that it supports nested virtualization.
	TEXT
	kvm) cat <<-'TEXT' ;;
		On the host: modprobe -r kvm_intel; modprobe kvm_intel nested=1 (AMD: kvm_amd), and the VM with -cpu host
		(libvirt: <cpu mode='host-passthrough'/>).
	TEXT
	*) cat <<-'TEXT' ;;
		This hypervisor is unknown here: look for "nested virtualization" in its documentation.
	TEXT
	esac
	echo "Without it: './suite lab' emulates the whole experiment on any machine."
}

check_virtualization() {
	local has on shows=svm name=AMD nested=NPT
	cpu_vendor
	on=$(hypervisor)
	[ "$has" != intel ] || shows=vmx name=Intel nested=EPT
	if [ -n "$has" ]; then
		finding ok "the processor shows $shows ($name)${on:+; this is a VM ($on) that may run VMs}"
		cpu_nests "$has" || finding note "... but no nested paging ($nested)" "Only --paging shadow can be measured here."
	else
		finding no "the processor shows no virtualization; this is ${on:-not a VM}${on:+ (a VM)}" "$(advise_nesting "$on")"
	fi
}

check_kernel() {
	local running installed series
	running=$kernel_release series=$(release_series "$running" || true)
	if kernel_known "$series"; then
		finding ok "kernel $running: a series of patches exists for $series"
	else
		finding no "kernel $running: patches exist only for $(kernels_text and)" \
			"Debian 12 and 13 have these. For another kernel, such as Ubuntu's, 'scripts/outer-setup build --series
kernel-patch/series-$(kernels | tail -n 1)' tries them and names the first hunk that does not apply."
	fi
	installed=$(release_version "$running")
	running_version
	if [ -z "$installed" ]; then
		finding no "this is not a kernel of the distribution: its source is unknown" \
			"Boot the distribution's kernel, whose source apt has (linux-source-*)."
	elif [ -n "$running" ] && [ "$running" != "$installed" ]; then
		finding no "the running kernel is of package version $running, but $installed is installed" "Reboot."
	fi
	if kvm_built_in; then
		finding no "KVM is built into this kernel" "Boot a kernel that has KVM as modules, like Debian's and Ubuntu's."
	fi
}

# Where enrolled keys are, or how to make one.
advise_signing() {
	cat <<-'TEXT'
		Either disable Secure Boot in the firmware (in a VM: in its settings), or sign the modules with your own key:
		  openssl req -new -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=kvm-exit-suite/ \
		          -outform DER -keyout mok.key -out mok.der
		  sudo mokutil --import mok.der      (asks for a password; reboot, "Enroll MOK", the same password)
		  scripts/outer-setup build --key mok.key --cert mok.der
		DKMS's key is already enrolled: /var/lib/dkms/mok.key and mok.pub, on Ubuntu /var/lib/shim-signed/mok/MOK.priv and MOK.der.
	TEXT
}

check_signatures() {
	local why
	signatures_wanted
	if [ -z "$why" ]; then
		finding ok "the kernel accepts unsigned modules (Secure Boot $(secure_boot))"
	else
		finding note "the kernel accepts only signed modules: $why; Secure Boot $(secure_boot)" "$(advise_signing)"
	fi
}

# A build downloads 200 MB, unpacks 1.2 GB (with a kernel image that is not installed) and keeps its modules.
check_room() {
	local dir=$cache free
	while [ ! -d "$dir" ]; do
		dir=${dir%/*}
	done
	free=$(df -m --output=avail "${dir:-/}")
	free=${free##*[[:space:]]}
	if [ "$free" -ge 2048 ]; then
		finding ok "disk space for a build: $free MB free for $cache"
	else
		finding no "disk space for a build: only $free MB free for $cache, 2048 are needed" "Free some space, or set XDG_CACHE_HOME to a larger disk."
	fi
}

check_packages() {
	local missing
	if missing=$("$top/scripts/setup" --check outer 2>&1); then
		finding ok "the packages for a build are installed"
	else
		finding note "packages for a build: ${missing#*: }" "Run 'sudo scripts/setup outer', or build on another machine: see --modules."
	fi
}

check_use() {
	kvm_users
	[ -z "$vms" ] || finding note "VMs run on this KVM: $vms" "Shut them down before 'load'."
	[ -z "$users" ] || finding note "KVM is in use by $users" "End or unload them before 'load'."
}

# The ways to count here, each with its commands.
# way open|closed NAME TEXT [COMMANDS]
way() {
	printf '%-6s  %s: %s\n' "$1" "$2" "$3"
	[ "$1" = closed ] || printf '        %s\n' "${@:4}"
}

way_patch() {
	if [ "$able" = yes ]; then
		way open patch "counters in CPUID leaves: cycles, histograms, 36 instructions an exit" \
			"scripts/outer-setup build" "sudo scripts/outer-setup load" "in the VM: suite run pagefault"
	else
		way closed patch "what is marked 'no' above"
	fi
}

# Sets why: empty, or why no program can count KVM's exits.
attach_obstacle() {
	local has
	why=''
	cpu_vendor
	if [ -z "$has" ]; then
		why='no VM can run here'
	elif ! kernel_at_least 5.12; then
		why="kernel $kernel_release is older than 5.12, whose event kvm_exit has no vCPU"
	elif [ ! -x "$top/build/suite-attach" ]; then
		why="build/suite-attach is not built: run 'scripts/setup build', then ./suite help"
	elif ! kernel_config CONFIG_BPF_SYSCALL; then
		why='this kernel has no BPF'
	elif ! kernel_config CONFIG_KPROBES; then
		why='this kernel has no kprobes'
	fi
}

way_attach() {
	local why line start="start the VM with an ivshmem device (docs/attach.md), or with a monitor for --qmp"
	attach_obstacle
	if [ -n "$why" ]; then
		way closed attach "$why"
		return
	fi
	first_line "$sys/kernel/security/lockdown"
	if [[ $line =~ \[(integrity|confidentiality)\] ]]; then
		way open copier "the kernel is locked down (${BASH_REMATCH[1]}), so 'suite attach' has to copy: counts are late by a pass" \
			"$start" "sudo ./suite attach VM --copy" "in the VM: suite run pagefault"
	else
		way open attach "this KVM as it is, about 480 instructions an exit" \
			"$start" "sudo ./suite attach VM" "in the VM: suite run pagefault"
	fi
}

check_ways() {
	echo
	way_patch
	way_attach
	way open laboratory "everything in emulation; times are not real" "./suite lab run pagefault"
}

check_machine() {
	check_virtualization
	check_kernel
	check_signatures
	check_room
	check_packages
	check_use
	check_ways
	[ "$able" = yes ] || exit "$EX_ENVIRONMENT"
}
