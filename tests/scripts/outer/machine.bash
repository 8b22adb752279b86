# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# A machine for outer-setup: a folder as its root, and stubs for the programs that ask or change the real one.

top=${BATS_TEST_DIRNAME%/*/*}
kernel=6.1.0-56-amd64

# outer ARGUMENT...: sets what `run --separate-stderr` does, with a fraction of its processes.
outer() {
	status=0
	"$top/scripts/outer-setup" "$@" >said.out 2>said.err || status=$?
	IFS= read -rd '' output <said.out || output=${output%$'\n'}
	IFS= read -rd '' stderr <said.err || stderr=${stderr%$'\n'}
	mapfile -t stderr_lines <said.err
}

# stub NAME BODY: for a POSIX shell.
stub() { printf '#!/bin/sh\n%s\n' "$2" >"bin/$1" && chmod +x "bin/$1"; }

# ko FILE NAME [LINE...]
ko() {
	printf '%s\0' "name=$2" "vermagic=$kernel SMP preempt mod_unload modversions " "depends=" | tr '\0' '\n' >"$1"
	[ $# = 2 ] || printf '%s\n' "${@:3}" >>"$1"
}

cpuinfo() { printf 'processor\t: 0\nflags\t\t: fpu %s lm\n' "$1" >"$OUTER_ROOT/proc/cpuinfo"; }

# machine_here: the machine in this folder.
machine_here() {
	export OUTER_ROOT=$PWD/root XDG_CACHE_HOME=$PWD/cache
	stock=$OUTER_ROOT/lib/modules/$kernel/kernel
	ours=$XDG_CACHE_HOME/kvm-exit-suite/outer/$kernel
	PATH=$PWD/bin:$PATH
}

# machine_make: Debian 12 with an AMD processor, its stock KVM loaded, and modules of ours in $ours.
machine_make() {
	local name
	machine_here
	mkdir -p bin "$stock" "$ours" "$OUTER_ROOT"/{proc,run,sys/module/module/parameters,sys/kernel/security}
	cpuinfo 'svm npt hypervisor'
	echo '[none] integrity confidentiality' >"$OUTER_ROOT/sys/kernel/security/lockdown"
	echo N >"$OUTER_ROOT/sys/module/module/parameters/sig_enforce"
	stub uname "case \${1-} in -r) echo $kernel ;; -v) echo '#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-01)' ;; *) exec /usr/bin/uname \"\$@\" ;; esac"
	stub id 'echo 0'
	for name in insmod modprobe rmmod; do
		ln -s "$top/tests/scripts/outer/insmod" "bin/$name"
	done
	ko "$stock/irqbypass.ko" irqbypass
	ko "$stock/kvm.ko" kvm default=halt_poll_ns=200000
	ko "$stock/kvm-amd.ko" kvm_amd default=npt=1 default=avic=0
	ko "$stock/kvm-intel.ko" kvm_intel default=ept=1 default=vpid=1
	ko "$ours/kvm.ko" kvm default=halt_poll_ns=200000 default=exit_stats=0 default=exit_stats_hist=0 default=exit_stats_layout=a \
		parmtype={exit_stats:bool,exit_stats_hist:bool,halt_poll_ns:uint} parm=exit_stats_layout:layout
	ko "$ours/kvm-amd.ko" kvm_amd default=npt=1 default=avic=0
	ko "$ours/kvm-intel.ko" kvm_intel default=ept=1 default=vpid=1
	modprobe kvm_amd
}

# process PID NAME TARGET: one that has a file open.
process() {
	mkdir -p "$OUTER_ROOT/proc/$1/fd"
	echo "$2" >"$OUTER_ROOT/proc/$1/comm"
	ln -s "$3" "$OUTER_ROOT/proc/$1/fd/11"
}

# look: which modules are loaded, with which values. Sets loaded.
look() {
	local file line
	shopt -s globstar
	loaded=''
	for file in "$OUTER_ROOT"/sys/module/**; do
		line=''
		[ ! -f "$file" ] || read -r line <"$file" || true
		loaded+=$file:$line$'\n'
	done
}

parameter() {
	local line
	read -r line <"$OUTER_ROOT/sys/module/$1/parameters/$2" && echo "$line"
}

# as_before BEFORE: nothing has changed since look set that.
as_before() {
	look
	[ "$loaded" = "$1" ] || { diff <(echo "$1") <(echo "$loaded"); return 1; }
}

# unchanged COMMAND...: it fails, and every module has the values that it had.
unchanged() {
	look
	local before=$loaded
	outer "$@"
	[ "$status" != 0 ] || { echo "it has not failed: $output"; return 1; }
	as_before "$before" || { echo "$stderr"; return 1; }
}

kvm_is() { if [ -e "$OUTER_ROOT/sys/module/kvm/parameters/exit_stats" ]; then echo patched; else echo stock; fi; }

# says WORD...: the last command's first line on stderr has them, and the rest is of putting back.
says() {
	local word
	for word in "$@"; do
		# shellcheck disable=SC2154 # set by bats' run
		[[ ${stderr_lines[0]} == *"$word"* ]] || { echo "'$word' is not in: $stderr"; return 1; }
	done
}
