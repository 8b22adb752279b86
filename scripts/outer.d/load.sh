# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2034
# reads: action has kernel_release kvm_own kvm_parameters module modules paging root sys users vendor vms vpid why
# sets:  state touched vendor vendor_parameters
# Load our modules, read back their state, restore the previous ones. Everything that can be checked is checked first: a call
# that cannot succeed unloads nothing. A later failure is undone (exchange.sh).

state=$root/run/kvm-exit-suite/modules
touched=no

fail() {
	say "$*"
	exit "$EX_ENVIRONMENT"
}

need_root() { [ "$(id -u)" = 0 ] || die "$EX_ENVIRONMENT" "only root can load modules: run 'sudo scripts/outer-setup $action'"; }

declare -A ko_info

# ko_says FIELD FILE: a field of a module, as modinfo would print it, which may not be installed. Sets the array words: one for
# each time that the module has the field.
ko_says() {
	local line
	words=()
	while IFS= read -r line; do
		[[ $line != "$1="* ]] || words+=("${line#*=}")
	done <<<"${ko_info[$2]}"
}

# ko_read FILE: once, as it takes seconds in an emulated machine.
ko_read() {
	ko_info[$1]=$(tr -s '\0' '\n' <"$1" | LC_ALL=C sed -nE '/^(vermagic|depends|parm|parmtype)=/p')
}

# ko_parameters FILE: their names. Some have no description, others no type. Sets words.
ko_parameters() {
	local described
	ko_says parm "$1"
	described=("${words[@]%%:*}")
	ko_says parmtype "$1"
	words=("${described[@]}" "${words[@]%%:*}")
}

ko_signed() { [ "$(tail -c 28 "$1" | head -c 27)" = '~Module signature appended~' ]; }

# refuse_while_used: a running VM uses KVM's code, so that the modules cannot be unloaded; do not try.
refuse_while_used() {
	local one line
	! kvm_built_in || fail "KVM is built into this kernel, so it cannot be replaced: boot a kernel of Debian or Ubuntu with KVM as modules"
	kvm_users
	[ -z "$vms" ] || fail "VMs run on this KVM: $vms; shut them down first"
	[ -z "$users" ] || fail "KVM is in use by $users; end or unload that first"
	for one in kvm_intel kvm_amd; do
		first_line "$sys/module/$one/refcnt"
		[ "${line:-0}" = 0 ] ||
			fail "$one is in use by something that /proc does not show, such as a VM in a container: end it first"
	done
}

check_processor() {
	local has
	cpu_vendor
	[ -n "$has" ] || fail "this processor has no virtualization (neither vmx nor svm): 'scripts/outer-setup check' says where to" \
		"switch it on"
	[ -n "$vendor" ] || vendor=$has
	[ "$vendor" = "$has" ] || fail "--vendor $vendor: this processor has virtualization of ${has/intel/Intel (vmx)}: leave out --vendor"
	[ "$paging" = shadow ] || cpu_nests "$vendor" ||
		fail "this processor has no nested paging (no $([ "$vendor" = intel ] && echo ept || echo npt)): use --paging shadow"
	if [ -n "$vpid" ]; then
		[ "$vendor" = intel ] || die "$EX_USAGE" "--vpid is Intel's; an AMD processor always tags its TLB (ASID)"
		vendor_parameters=vpid=1
		[ "$vpid" = on ] || vendor_parameters=vpid=0
	fi
}

# The folder, and whether this kernel can and will load its modules.
check_modules() {
	local file name why words release=$kernel_release
	[ -n "$modules" ] || modules=$(modules_built "$release")
	[ -n "$modules" ] || fail "no modules have been built for $release: run 'scripts/outer-setup build', which needs no root"
	kvm_choose
	signatures_wanted
	for file in kvm "$module"; do
		[ -f "$modules/$file.ko" ] || fail "no $file.ko in $modules: build again, or name another folder with --modules"
		ko_read "$modules/$file.ko"
		ko_says vermagic "$modules/$file.ko"
		name=${words[0]-}
		[ "${name%% *}" = "$release" ] ||
			fail "$modules/$file.ko is for kernel ${name%% *}, and this is $release: run 'scripts/outer-setup build'"
		[ -z "$why" ] || ko_signed "$modules/$file.ko" ||
			fail "this kernel accepts only signed modules ($why; Secure Boot $(secure_boot)), and $modules/$file.ko is not:" \
				"'scripts/outer-setup check' says how to sign, or switch Secure Boot off"
	done
	ko_parameters "$modules/kvm.ko"
	for name in $kvm_parameters; do
		[[ " ${words[*]} " == *" ${name%%=*} "* ]] ||
			fail "$modules/kvm.ko has no parameter '${name%%=*}': it has $(printf '%s\n' "${words[@]}" | sort -u | paste -sd ' ')"
	done
}

# The distribution's modules that ours depend on (irqbypass, on many kernels ccp).
load_dependencies() {
	local one words needed
	ko_says depends "$modules/kvm.ko" && needed=${words[*]}
	ko_says depends "$modules/$module.ko" && needed+=,${words[*]}
	for one in ${needed//,/ }; do
		[ "$one" != kvm ] || continue
		[ ! -e "$sys/module/${one//-/_}" ] || continue
		said=$(modprobe "$one" 2>&1) || { [ "$one" = irqbypass ] && [ -e "$modules/irqbypass.ko" ] && continue; } ||
			fail "$one, which KVM needs, does not load: ${said##*: }"
	done
}

exchange_for_ours() {
	unload_kvm
	between
	load_dependencies
	between
	load_kvm "$modules"
	check_mode
	between
	echo "$modules" >"$state"
}

load_modules() {
	need_root
	check_processor
	check_modules
	refuse_while_used
	one_at_a_time
	repair || true
	exchange exchange_for_ours
	say "the patched KVM is loaded until the next boot, or until 'scripts/outer-setup restore'"
	show_status
}

exchange_for_stock() {
	local vendor_module
	kvm_look
	vendor_module=${kvm_own:-kvm}
	unload_kvm
	between
	said=$(modprobe "$vendor_module" 2>&1) || fail "the distribution's $vendor_module does not load: ${said##*: }"
	kvm_is stock || fail "modprobe has loaded the patched modules again: remove them from /lib/modules, then run 'scripts/outer-setup restore'"
	between
	rm -f "$state"
}

restore_modules() {
	local repaired=no
	need_root
	refuse_while_used
	one_at_a_time
	! repair || repaired=yes
	if ! kvm_is patched; then
		[ "$repaired" = yes ] || say "nothing to do: the patched KVM is not loaded"
		return 0
	fi
	exchange exchange_for_stock
	show_status
}
