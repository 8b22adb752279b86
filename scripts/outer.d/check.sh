# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# reads:
# sets:
# Can this machine do it at all? In words, with what to do where it cannot.

able=yes

# finding ok|no|note TEXT [MORE]: MORE has the remedy or what follows from it.
finding() {
	[ "$1" != no ] || able=no
	printf '%-5s %s\n' "$1" "$2"
	[ $# -lt 3 ] || echo "      ${3//$'\n'/$'\n'      }"
}

# How to pass virtualization on to a VM, on the machine that runs it. What each vendor's own documentation says.
advise_nesting() {
	case $1 in
	'') cat <<-'TEXT' ;;
		Switch it on in the firmware (BIOS, UEFI): "Intel Virtualization Technology" / "VT-x", or "SVM Mode" / "AMD-V".
	TEXT
	vmware) cat <<-'TEXT' ;;
		With the VM off: Settings > Processors > "Virtualize Intel VT-x/EPT or AMD-V/RVI", or vhv.enable = "TRUE" in its
		.vmx file. On a Windows host, Hyper-V and memory integrity (core isolation) have to be off.
	TEXT
	virtualbox) cat <<-'TEXT' ;;
		With the VM off, on the host: VBoxManage modifyvm NAME --nested-hw-virt on
		(Settings > System > Processor > "Enable Nested VT-x/AMD-V"). Grey: the host's Hyper-V is on, or VirtualBox is older than 6.1.
	TEXT
	hyperv) cat <<-'TEXT' ;;
		With the VM off, in PowerShell on the host: Set-VMProcessor -VMName NAME -ExposeVirtualizationExtensions $true
	TEXT
	azure) cat <<-'TEXT' ;;
		Take a size whose documentation says "nested virtualization supported" (Dv3, Ev3 and later; with the security type Standard).
	TEXT
	google) cat <<-'TEXT' ;;
		Create the instance with --enable-nested-virtualization, of a machine series that has it (Intel: N1, N2, C2, C3...).
	TEXT
	ec2) cat <<-'TEXT' ;;
		Take an instance type *.metal, or one whose documentation says that it supports nested virtualization.
	TEXT
	kvm) cat <<-'TEXT' ;;
		On the host: modprobe -r kvm_intel; modprobe kvm_intel nested=1 (AMD: kvm_amd), and the VM with -cpu host
		(libvirt: <cpu mode='host-passthrough'/>).
	TEXT
	*) cat <<-'TEXT' ;;
		This hypervisor is not one that we know: look for "nested virtualization" in its documentation.
	TEXT
	esac
	echo "Without it: './suite lab' emulates the whole experiment on any machine."
}

check_virtualization() {
	local has on
	has=$(cpu_vendor)
	on=$(hypervisor)
	if [ -n "$has" ]; then
		finding ok "the processor shows $([ "$has" = intel ] && echo 'vmx (Intel)' || echo 'svm (AMD)')${on:+; this is a VM ($on) that may run VMs}"
		cpu_nests "$has" || finding note "... but no nested paging ($([ "$has" = intel ] && echo EPT || echo NPT))" \
			"Only --paging shadow can be measured here."
	else
		finding no "the processor shows no virtualization; this is ${on:-no VM}${on:+ (a VM)}" "$(advise_nesting "$on")"
	fi
}

check_kernel() {
	local running installed series
	running=$(uname -r) series=$(release_series "$running" || true)
	if kernel_known "$series"; then
		finding ok "kernel $running: there is a series of patches for $series"
	else
		finding no "kernel $running: there are patches for $(kernels_text and) only" \
			"Debian 12 and 13 have these. For another kernel, such as Ubuntu's, 'scripts/outer-setup build --series
kernel-patch/series-$(kernels | tail -n 1)' tries them and names the first hunk that does not fit."
	fi
	installed=$(release_version "$running")
	running=$(uname -v | sed -nE 's/.* Debian ([^ ]+) .*/\1/p')
	if [ -z "$installed" ]; then
		finding no "this is no kernel of the distribution: its source is unknown" \
			"Boot the distribution's kernel, of which apt has the source (linux-source-*)."
	elif [ -n "$running" ] && [ "$running" != "$installed" ]; then
		finding no "the running kernel is of package version $running, installed is $installed" "Reboot."
	fi
	if kvm_built_in; then
		finding no "KVM is built into this kernel" "Boot a kernel that has it as modules, as Debian's and Ubuntu's have."
	fi
}

# Where the keys are that the machine's owner has enrolled, or how to make one.
advise_signing() {
	cat <<-'TEXT'
		Either switch Secure Boot off in the firmware (in a VM: in its settings), or sign the modules with a key of yours:
		  openssl req -new -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=kvm-exit-suite/ \
		          -outform DER -keyout mok.key -out mok.der
		  sudo mokutil --import mok.der      (asks for a password; reboot, "Enroll MOK", the same password)
		  scripts/outer-setup build --key mok.key --cert mok.der
		A key that DKMS uses is enrolled already: /var/lib/dkms/mok.key and mok.pub, on Ubuntu /var/lib/shim-signed/mok/MOK.priv and MOK.der.
	TEXT
}

check_signatures() {
	local why
	why=$(signatures_wanted)
	if [ -z "$why" ]; then
		finding ok "the kernel takes modules without a signature (Secure Boot $(secure_boot))"
	else
		finding note "the kernel takes signed modules only: $why; Secure Boot $(secure_boot)" "$(advise_signing)"
	fi
}

# A build needs what it downloads (200 MB), unpacks (1.2 GB with a kernel image that is not installed) and keeps.
check_room() {
	local dir=$cache free
	while [ ! -d "$dir" ]; do
		dir=$(dirname "$dir")
	done
	free=$(df -Pk "$dir" | awk 'NR == 2 { print int($4 / 1024) }')
	if [ "$free" -ge 2048 ]; then
		finding ok "room for a build: $free MB free for $cache"
	else
		finding no "room for a build: only $free MB free for $cache, it takes 2048" "Make room, or set XDG_CACHE_HOME to a larger disk."
	fi
}

check_packages() {
	local missing
	if missing=$("$top/scripts/setup" --check outer 2>&1); then
		finding ok "the packages that a build takes are installed"
	else
		finding note "packages for a build: ${missing#*: }" "Run 'sudo scripts/setup outer', or build on another machine: see --modules."
	fi
}

check_use() {
	local users
	users=$(running_vms)
	[ -z "$users" ] || finding note "VMs run on this KVM: $users" "Shut them down before 'load'."
	users=$(kvm_users)
	[ -z "$users" ] || finding note "KVM is in use by $users" "End or unload that before 'load'."
}

check_machine() {
	check_virtualization
	check_kernel
	check_signatures
	check_room
	check_packages
	check_use
	[ "$able" = yes ] || exit "$EX_ENVIRONMENT"
}
