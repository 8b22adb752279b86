# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2154 # options and functions are init.outer's
# scripts/outer-setup in the outer VM, a machine with a stock kernel of the distribution; prints TAP. Beside this script come
# a static bash and the project's scripts, as a tar archive; the distribution's modules are put where they are on a machine.

export HOME=/root SUITE=/bin/suite PATH=/tree:$PATH
count=0 failed=0

result() {
	count=$((count + 1))
	[ "$1" = 0 ] && echo "ok $count - $2" && return
	echo "not ok $count - $2"
	sed 's/^/# /' /run/stdout /run/stderr
	failed=1
}

outer() {
	mark "outer-setup $*"
	bash-static /tree/scripts/outer-setup "$@" >/run/stdout 2>/run/stderr
	outer_status=$?
}

# Every module, who uses it, every parameter. Busybox' lsmod has the taint flags in its first line, which nothing takes back.
loaded() {
	lsmod | tail -n +2 | sort
	grep -r . /sys/module/kvm/parameters /sys/module/kvm_amd/parameters 2>/dev/null | sort
}

# unchanged TEXT STATUS WORDS COMMAND...: it fails with STATUS and WORDS, and everything is as it was.
unchanged() {
	text=$1 expected=$2 words=$3
	shift 3
	before=$(loaded)
	outer "$@"
	echo "$before" >/run/before
	loaded | diff /run/before - >>/run/stdout
	[ "$outer_status" = "$expected" ] && grep -qF -- "$words" /run/stderr && [ "$(loaded)" = "$before" ]
	result $? "unchanged: $text"
}

is() { [ "$(cat "/sys/module/$1/parameters/$2")" = "$3" ]; }
patched() { [ -e /sys/module/kvm/parameters/exit_stats ]; }

# fake_cpuinfo SED: what /proc/cpuinfo says from now on, to this VM's programs.
fake_cpuinfo() {
	sed "$1" /proc/cpuinfo >/run/cpuinfo
	mount --bind /run/cpuinfo /proc/cpuinfo
}

machine() {
	ln -s /proc/self/fd /dev/fd
	mkdir -p "/tree" "/lib/modules/$(uname -r)/kernel/kvm" /tmp
	tar -x -f /bin/tree.tar -C /tree
	cp /stock/modules/*.ko "/lib/modules/$(uname -r)/kernel/kvm"
	depmod -a
	modprobe kvm_amd npt=0 nested=0
	mount -t securityfs none /sys/kernel/security
}

# start_vm [-S]: with -S its vCPU does not run, which takes no time from the commands under test.
start_vm() {
	qemu-system-x86_64 -accel kvm -cpu host -nodefaults -no-user-config -display none -m 64 "$@" &
	vm=$!
	until ls -l /proc/$vm/fd 2>/dev/null | grep -q kvm-vcpu; do
		usleep 50000
	done
}

end() {
	kill "$1"
	wait "$1"
}

before_anything() {
	unchanged "no modules have been built" 3 "no modules have been built for $(uname -r)" load
	unchanged "the wrong vendor" 3 "--vendor intel: this processor has virtualization of amd" load --vendor intel --modules /modules
	unchanged "a parameter that the module has not" 3 "no parameter 'nonsense'" load --modules /modules --param nonsense=1
	fake_cpuinfo 's/ svm / /g'
	unchanged "no nested virtualization" 3 "neither vmx nor svm" load --modules /modules
	umount /proc/cpuinfo
	start_vm -S
	unchanged "a VM runs" 3 "VMs run on this KVM: qemu-system" load --modules /modules
	kill -0 "$vm"
	result $? "... and that VM still does"
	end "$vm"
	sleep 1000 3<>/dev/kvm &
	holder=$!
	until ls -l /proc/$holder/fd | grep -q /dev/kvm; do
		usleep 50000
	done
	unchanged "the module is in use" 3 "KVM is in use by" load --modules /modules
	end "$holder"
}

# What was loaded here is the distribution's, with parameters that are not the defaults.
undone() {
	unchanged "kvm.ko does not load" 3 "kvm.ko does not load" load --modules /modules --param exit_stats_layout=z
	dmesg | grep -q 'exit_stats_layout=z is unknown'
	result $? "... and it was the module itself that refused"
	fake_cpuinfo 's/ svm / vmx /g; s/ npt / ept /g'
	unchanged "the vendor's module does not load" 3 "kvm-intel.ko does not load" load --modules /modules
	umount /proc/cpuinfo
	LAB_LOAD_PAGING=shadow unchanged "the module says another mode" 3 \
		"asked for nested paging, but kvm-amd says npt=N" load --modules /modules
	is kvm_amd npt N && is kvm_amd nested 0 && ! patched
	result $? "after all that, the distribution's KVM has the parameters that it was loaded with"
}

loading() {
	outer load --modules /modules --param exit_stats_layout=b
	[ "$outer_status" = 0 ] && patched && is kvm_amd npt Y && is kvm exit_stats Y && is kvm exit_stats_layout b &&
		grep -q '^paging    nested$' /run/stdout && grep -q '^counters  on, histograms on, layout b$' /run/stdout
	result $? "load: patched, nested paging, counters on"
	outer load --modules /modules --paging shadow
	[ "$outer_status" = 0 ] && patched && is kvm_amd npt N && is kvm exit_stats_layout a && grep -q '^paging    shadow$' /run/stdout
	result $? "load again: patched, shadow paging, other parameters"
	mark "inner-vm boot"
	bash-static /tree/scripts/inner-vm boot --image /inner --memory 128 -o /run/from -- \
		"suite probe --json >/out/probe.json; suite probe | head -n 1; exit 7" >/run/stdout 2>/run/stderr
	[ $? = 7 ] && grep -q . /run/stdout && grep -q '"paging": *"shadow"' /run/from/probe.json
	result $? "inner-vm boot: an inner VM sees the counters, and shadow paging"
	[ -z "$(ls -d /tmp/inner-vm.* 2>/dev/null)" ]
	result $? "inner-vm boot leaves nothing"
	start_vm -S
	unchanged "restore while a VM runs" 3 "VMs run on this KVM: qemu-system" restore
	end "$vm"
	mv /lib/modules /lib/away
	unchanged "the distribution's modules are not there, ours are put back" 3 "kvm_amd does not load" restore
	mv /lib/away /lib/modules
}

restoring() {
	outer restore
	[ "$outer_status" = 0 ] && ! patched && is kvm_amd npt Y && grep -q "^KVM       the distribution's (kvm_amd)$" /run/stdout
	result $? "restore: the distribution's modules, as at boot"
	start_vm
	end "$vm"
	result 0 "... and a VM runs on them"
	outer restore
	[ "$outer_status" = 0 ] && grep -q 'nothing to do' /run/stderr && ! patched
	result $? "restore again: nothing to do"
}

# Lockdown and enforcement cannot be taken back: last.
locked() {
	mkdir /run/signed
	for ko in kvm kvm-amd irqbypass; do
		{ cat "/modules/$ko.ko" && printf 'no signature%s\n' '~Module signature appended~'; } >"/run/signed/$ko.ko"
	done
	outer load --modules /modules
	echo 1 >/sys/module/module/parameters/sig_enforce
	outer restore
	[ "$outer_status" = 0 ] && ! patched
	result $? "signatures enforced: the distribution's modules, which are signed, come back"
	unchanged "signatures are enforced" 3 "only signed modules (module.sig_enforce=Y" load --modules /modules
	echo integrity >/sys/kernel/security/lockdown
	unchanged "Secure Boot's lockdown" 3 "only signed modules (kernel lockdown 'integrity'" load --modules /modules
	unchanged "a signature that the kernel does not take" 3 "kvm.ko does not load" load --modules /run/signed
	outer check
	grep -q "only signed modules: kernel lockdown 'integrity'" /run/stdout && grep -q mokutil /run/stdout
	result $? "check says how to sign"
}

machine
before_anything
undone
loading
restoring
locked
! dmesg | grep -E 'WARNING|BUG|Oops|general protection'
result $? "no complaint of the kernel"
echo "1..$count"
# shellcheck disable=SC2317 # it is sourced
return $failed
