# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2034
# reads: kvm_loaded root
# Unload modules and load others in one step, which is done or undone, however it ends.
#
# The step runs in a process of its own in which signals are ignored. It cannot catch them: bash 5.2 runs a trap while it parses a
# command substitution, and the trap is then a syntax error. A signal to us leaves a mark instead, which the process checks
# between two actions. Any exit undoes an unfinished step; and since nothing survives SIGKILL, the previous state is on disk
# during the step, so that 'restore' can finish the work.

journal=$root/run/kvm-exit-suite/before
mark=$root/run/kvm-exit-suite/interrupted

# save_journal: what undo.sh remembers, a file for each variable; the folder is complete or does not exist.
save_journal() {
	local name
	for name in "$journal" "$journal.part" "$mark"; do
		[ ! -e "$name" ] || rm -rf "$name"
	done
	mkdir -p "$journal.part" || return 1
	for name in loaded vendor folder kvm own besides; do
		local -n value=was_$name
		printf '%s\n' "$value" >"$journal.part/$name" || return 1
	done
	mv "$journal.part" "$journal"
}

read_journal() {
	local name
	for name in loaded vendor folder kvm own besides; do
		local -n value=was_$name
		value=$(<"$journal/$name") || return 1
	done
}

forget_journal() { rm -rf "$journal"; }

# between: called between two actions.
between() { [ ! -e "$mark" ] || fail "interrupted"; }

finish() {
	local status=$?
	[ "$touched" = no ] || ! put_back || forget_journal
	exit "$status"
}

step_alone() {
	trap '' INT TERM HUP
	trap finish EXIT
	touched=yes
	"$@"
	between
	forget_journal
	touched=no
}

# alone COMMAND...: in a process of its own, and its status. A signal ends wait, not the process.
alone() {
	local status again
	("$@") &
	while :; do
		status=0
		wait "$!" || status=$?
		[ "$status" -gt 128 ] || return "$status"
		! kill -0 "$!" 2>/dev/null || continue
		# It ended just after the signal that ended wait: its own status can still be had.
		again=0
		wait "$!" || again=$?
		[ "$again" = 127 ] || status=$again
		return "$status"
	done
}

# exchange COMMAND...: 0, or ends the program with one line after nothing has changed.
exchange() {
	local status=0
	remember
	save_journal || die "$EX_ENVIRONMENT" "nothing has changed: $journal cannot be written, which must record the loaded modules"
	trap ': >"$mark"' INT TERM HUP
	alone step_alone "$@" || status=$?
	trap - INT TERM HUP
	[ "$status" != 0 ] || return 0
	[ -d "$journal" ] || [ ! -e "$mark" ] || status=$EX_INTERRUPTED
	[ "$status" -le 128 ] || [ "$status" = "$EX_INTERRUPTED" ] || {
		say "the exchange of KVM's modules was killed: run 'scripts/outer-setup restore'"
		status=$EX_ENVIRONMENT
	}
	rm -f "$mark"
	exit "$status"
}

# one_at_a_time: two calls that exchange modules would undo each other's work.
one_at_a_time() {
	local other
	{ { [ -d "$root/run/kvm-exit-suite" ] || mkdir -p "$root/run/kvm-exit-suite"; } && : >>"$root/run/kvm-exit-suite/lock"; } 2>/dev/null ||
		die "$EX_ENVIRONMENT" "nothing has changed: $root/run/kvm-exit-suite cannot be written, which must record the loaded modules"
	if have flock; then
		exec 8>"$root/run/kvm-exit-suite/lock"
		flock -n 8 && return 0
	else
		other=$(cat "$root/run/kvm-exit-suite/lock")
		if [ -z "$other" ] || [ ! -d "/proc/$other" ]; then
			echo "$$" >"$root/run/kvm-exit-suite/lock"
			return 0
		fi
	fi
	die "$EX_ENVIRONMENT" "another call exchanges KVM's modules right now: wait until it has ended"
}

put_back_alone() {
	trap '' INT TERM HUP
	put_back_modules
}

# repair: reload what a killed call had unloaded; false if no call was killed.
repair() {
	[ -d "$journal" ] || return 1
	read_journal || die "$EX_ENVIRONMENT" "$journal cannot be read: load KVM's modules by hand, or reboot"
	say "an earlier call was killed while it exchanged KVM's modules: putting them back"
	alone put_back_alone >&2 || die "$EX_ENVIRONMENT" "they could not be put back: see above; a reboot restores them"
	forget_journal
	kvm_look
	say "KVM's modules are as they were before that call ($kvm_loaded)"
}
