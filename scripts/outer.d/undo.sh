# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2034
# reads: state sys
# sets:  touched
# The previous modules and the values of their parameters, so that a failure leaves the system as it was.

was_loaded=none was_vendor='' was_folder='' was_kvm='' was_own='' was_besides=''

# parameters_of MODULE: NAME=VALUE of those that can be read, one per line.
parameters_of() {
	local file value
	for file in "$sys/module/$1/parameters"/*; do
		value=$(cat "$file" 2>/dev/null) || continue
		echo "${file##*/}=$value"
	done
}

# The modules that ours depend on; those that a failed call has loaded are unloaded.
besides() {
	local one
	for one in irqbypass ccp; do
		[ ! -e "$sys/module/$one/refcnt" ] || echo "$one"
	done
}

remember() {
	was_loaded=$(kvm_loaded) was_vendor=$(kvm_vendor_module) was_kvm=$(parameters_of kvm) was_besides=$(besides)
	[ -z "$was_vendor" ] || was_own=$(parameters_of "$was_vendor")
	[ "$was_loaded" != patched ] || was_folder=$(cat "$state" 2>/dev/null || true)
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

# differing MODULE WAS: the lines of WAS, NAME=VALUE, that no longer hold.
differing() { grep -vxF -f <(parameters_of "$1") <<<"$2" | grep . || true; }

# insert_all KVM OWN: with these parameters, one per line.
insert_all() {
	local first=() second=()
	mapfile -t first < <(grep . <<<"$1")
	mapfile -t second < <(grep . <<<"$2")
	insert kvm "${first[@]}" || return 1
	[ -z "$was_vendor" ] || insert "$was_vendor" "${second[@]}"
}

remove_besides() {
	local one
	for one in $(besides); do
		[[ $'\n'$was_besides$'\n' == *$'\n'$one$'\n'* ]] || rmmod "$one" 2>/dev/null || true
	done
}

# kvm.ko is in use, so it was never unloaded: only the vendor's module may be missing.
put_back_vendor() {
	local own=()
	[ "$(kvm_loaded)" = "$was_loaded" ] && [ -z "$(differing kvm "$was_kvm")" ] && [ -n "$was_vendor" ] || return 1
	[ -e "$sys/module/$was_vendor" ] || insert "$was_vendor" || return 1
	mapfile -t own < <(differing "$was_vendor" "$was_own")
	[ ${#own[@]} -gt 0 ] || return 0
	rmmod "$was_vendor" && insert "$was_vendor" "${own[@]}" && [ -z "$(differing "$was_vendor" "$was_own")" ]
}

# First with defaults: some parameters report another form of value than they accept. Then with those that differ.
put_back_modules() {
	local kvm changed=''
	if ! remove_all; then
		put_back_vendor && return 0
		return 1
	fi
	remove_besides
	[ "$was_loaded" != none ] || return 0
	insert_all '' '' || return 1
	kvm=$(differing kvm "$was_kvm")
	[ -z "$was_vendor" ] || changed=$(differing "$was_vendor" "$was_own")
	[ -n "$kvm$changed" ] || return 0
	remove_all && insert_all "$kvm" "$changed" || return 1
	[ -z "$(differing kvm "$was_kvm")" ] && { [ -z "$was_vendor" ] || [ -z "$(differing "$was_vendor" "$was_own")" ]; }
}

# put_back: false when it could not be done.
put_back() {
	touched=no
	if put_back_modules >&2; then
		say "nothing has changed: KVM's modules are as they were ($(kvm_loaded))"
		return 0 # without it, a trap of EXIT returns the status of the exit
	fi
	say "KVM's modules could not be put back as they were: 'scripts/outer-setup status' shows what is loaded;" \
		"'scripts/outer-setup restore' tries again, and a reboot restores them"
	return 1
}
