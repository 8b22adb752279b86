# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2034
# reads: kvm_loaded kvm_own state sys
# sets:  touched
# The previous modules and the values of their parameters, so that a failure leaves the system as it was.

was_loaded=none was_vendor='' was_folder='' was_kvm='' was_own='' was_besides=''

# parameters_of MODULE: NAME=VALUE of those that can be read, one per line. Sets parameters.
parameters_of() {
	local file value
	parameters=''
	for file in "$sys/module/$1/parameters"/*; do
		{ IFS= read -r value <"$file"; } 2>/dev/null || continue
		parameters+=${parameters:+$'\n'}${file##*/}=$value
	done
}

# The modules that ours depend on; those that a failed call has loaded are unloaded. Sets besides, one per line.
find_besides() {
	local one
	besides=''
	for one in irqbypass ccp; do
		[ ! -e "$sys/module/$one/refcnt" ] || besides+=${besides:+$'\n'}$one
	done
}

remember() {
	kvm_look
	parameters_of kvm
	find_besides
	was_loaded=$kvm_loaded was_vendor=$kvm_own was_kvm=$parameters was_besides=$besides was_own='' was_folder=''
	[ -z "$was_vendor" ] || { parameters_of "$was_vendor" && was_own=$parameters; }
	[ "$was_loaded" != patched ] || { first_line "$state" && was_folder=$line; }
}

# insert MODULE [NAME=VALUE...]: load the previous module, the distribution's or ours.
insert() {
	local name=$1
	shift
	if [ "$was_loaded" = stock ]; then
		modprobe "$name" "$@"
	else
		insmod "$was_folder/${name//_/-}.ko" "$@"
	fi
}

remove_all() {
	local one
	for one in kvm_intel kvm_amd kvm; do
		[ ! -e "$sys/module/$one" ] || rmmod "$one" || return 1
	done
}

# differing MODULE WAS: the lines of WAS, NAME=VALUE, that no longer hold. Sets the array differing; true if there are some.
differing() {
	local line
	differing=()
	parameters_of "$1"
	while IFS= read -r line; do
		[ -z "$line" ] || [[ $'\n'$parameters$'\n' == *$'\n'"$line"$'\n'* ]] || differing+=("$line")
	done <<<"$2"
	[ ${#differing[@]} -gt 0 ]
}

# own_differs: the same of the vendor's module, if one was loaded.
own_differs() {
	differing=()
	[ -n "$was_vendor" ] && differing "$was_vendor" "$was_own"
}

remove_besides() {
	local one
	find_besides
	for one in $besides; do
		[[ $'\n'$was_besides$'\n' == *$'\n'$one$'\n'* ]] || rmmod "$one" 2>/dev/null || true
	done
}

# kvm.ko is in use, so it was never unloaded: only the vendor's module may be missing.
put_back_vendor() {
	kvm_is "$was_loaded" && ! differing kvm "$was_kvm" && [ -n "$was_vendor" ] || return 1
	[ -e "$sys/module/$was_vendor" ] || insert "$was_vendor" || return 1
	own_differs || return 0
	rmmod "$was_vendor" && insert "$was_vendor" "${differing[@]}" && ! own_differs
}

# First with defaults: some parameters report another form of value than they accept. Then with those that differ.
put_back_modules() {
	local kvm=()
	if ! remove_all; then
		put_back_vendor && return 0
		return 1
	fi
	remove_besides
	[ "$was_loaded" != none ] || return 0
	insert kvm && { [ -z "$was_vendor" ] || insert "$was_vendor"; } || return 1
	differing kvm "$was_kvm" || true
	kvm=("${differing[@]}")
	own_differs || [ ${#kvm[@]} -gt 0 ] || return 0
	remove_all && insert kvm "${kvm[@]}" || return 1
	[ -z "$was_vendor" ] || insert "$was_vendor" "${differing[@]}" || return 1
	! differing kvm "$was_kvm" && ! own_differs
}

# put_back: false when it could not be done.
put_back() {
	touched=no
	if put_back_modules >&2; then
		kvm_look
		say "nothing has changed: KVM's modules are as they were ($kvm_loaded)"
		return 0 # without it, a trap of EXIT returns the status of the exit
	fi
	say "KVM's modules could not be put back as they were: 'scripts/outer-setup status' shows what is loaded;" \
		"'scripts/outer-setup restore' tries again, and a reboot restores them"
	return 1
}
