# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2154,SC2034
# KVM's modules: load them in a paging mode, unload them, and read back what they say. The laboratory's outer VM (init.outer, in
# busybox) and a real machine (scripts/outer-setup, in bash) use these functions. The script that sources them
#   sets  vendor (amd or intel), paging (nested or shadow), kvm_parameters and vendor_parameters (lists of NAME=VALUE), and
#         sys, which is /sys except in tests
#   has   fail TEXT, which does not return

# kvm_choose: module, and its parameter for the paging mode. $load differs from $paging only in a test that makes the check
# fail.
kvm_choose() {
	case $vendor in
	amd) module=kvm-amd option=npt ;;
	intel) module=kvm-intel option=ept ;;
	*) fail "no vendor '$vendor'" ;;
	esac
	parameter=$sys/module/kvm_$vendor/parameters/$option
	case ${load:-$paging} in
	nested) value=1 ;;
	shadow) value=0 ;;
	*) fail "no paging mode '$paging'" ;;
	esac
}

# load_kvm FOLDER
load_kvm() {
	from=$1
	kvm_choose
	if [ ! -e "$sys/module/irqbypass" ] && [ -e "$from/irqbypass.ko" ]; then
		said=$(insmod "$from/irqbypass.ko" 2>&1) || fail "irqbypass.ko does not load: ${said##*: }"
	fi
	# shellcheck disable=SC2086 # a list of parameters
	said=$(insmod "$from/kvm.ko" $kvm_parameters 2>&1) || fail "kvm.ko does not load: ${said##*: }; the kernel log says more"
	# shellcheck disable=SC2086 # a list of parameters
	said=$(insmod "$from/$module.ko" "$option=$value" $vendor_parameters 2>&1) ||
		fail "$module.ko does not load: ${said##*: }; does this processor have virtualization of that vendor?"
}

# Never only the vendor's module: kvm.ko keeps what it has counted and the parameters that it had.
unload_kvm() {
	for one in kvm_intel kvm_amd kvm; do
		[ -e "$sys/module/$one" ] || continue
		said=$(rmmod "$one" 2>&1) || fail "$one cannot be unloaded: ${said##*: }"
	done
}

# kvm_paging: "nested" or "shadow" as the loaded module says, or "unknown". Sets loaded, and said: the module's own word.
kvm_paging() {
	said=''
	{ read -r said <"$parameter"; } 2>/dev/null || true
	case $said in
	Y | 1) loaded=nested ;;
	N | 0) loaded=shadow ;;
	*) loaded=unknown ;;
	esac
}

check_mode() {
	kvm_paging
	[ "$loaded" = "$paging" ] ||
		fail "asked for $paging paging, but $module says $option=$said ($loaded paging)"
	# shellcheck disable=SC2086 # lists
	check_parameters kvm kvm.ko $kvm_parameters
	# shellcheck disable=SC2086
	check_parameters "kvm_$vendor" "$module.ko" $vendor_parameters
}

# boolean VALUE: in the kernel's form; other values are unchanged. Sets value.
boolean() {
	case $1 in
	1 | y | Y | on) value=Y ;;
	0 | n | N | off) value=N ;;
	*) value=$1 ;;
	esac
}

# check_parameters MODULE FILE NAME=VALUE...: the module, which was loaded from FILE, must report the last requested value.
# insmod only warns of an unknown name.
check_parameters() {
	of=$1 file=$2
	shift 2
	for asked_for in "$@"; do
		name=${asked_for%%=*}
		for asked in "$@"; do
			[ "${asked%%=*}" != "$name" ] || boolean "${asked#*=}"
		done
		wanted=$value
		{ read -r said <"$sys/module/$of/parameters/$name"; } 2>/dev/null ||
			fail "this $file has no parameter '$name' that can be read back"
		boolean "$said"
		[ "$value" = "$wanted" ] || fail "asked for $name=$wanted, but $file says $name=$said"
	done
}
