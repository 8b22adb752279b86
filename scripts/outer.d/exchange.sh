# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2034
# Modules go out and others come in as one step: done, or undone, however it ends.
#
# The step runs in a process of its own in which signals are ignored. It cannot catch them: bash 5.2 runs a trap while it parses a
# command substitution, and the trap is then a syntax error. A signal to us leaves a mark instead, which the process looks for
# between two actions. An exit for whatever reason undoes what was not finished; and since nothing survives SIGKILL, what was
# loaded before is on disk while the step lasts, so that 'restore' can finish the work.

journal=$root/run/kvm-exit-suite/before
mark=$root/run/kvm-exit-suite/interrupted

# save_journal: what undo.sh remembers, a file for each variable; complete or not there at all.
save_journal() {
	local name
	rm -rf "$journal" "$journal.part" "$mark"
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
		value=$(cat "$journal/$name") || return 1
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
	local status
	("$@") &
	while :; do
		status=0
		wait "$!" || status=$?
		[ "$status" -gt 128 ] && kill -0 "$!" 2>/dev/null || return "$status"
	done
}

# exchange COMMAND...: 0; or the end of the program after one line, and nothing has changed.
exchange() {
	local status=0
	remember
	save_journal || die "$EX_ENVIRONMENT" "nothing has changed: $journal cannot be written, and what is loaded now must be noted there"
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
	{ mkdir -p "$root/run/kvm-exit-suite" && : >>"$root/run/kvm-exit-suite/lock"; } 2>/dev/null ||
		die "$EX_ENVIRONMENT" "nothing has changed: $root/run/kvm-exit-suite cannot be written, and what is loaded now must be noted there"
	exec 8>"$root/run/kvm-exit-suite/lock"
	flock -n 8 || die "$EX_ENVIRONMENT" "another call exchanges KVM's modules right now: wait until it has ended"
}

put_back_alone() {
	trap '' INT TERM HUP
	put_back_modules
}

# repair: put back what a call that was killed had taken out; false when no call was.
repair() {
	[ -d "$journal" ] || return 1
	read_journal || die "$EX_ENVIRONMENT" "$journal cannot be read: load KVM's modules by hand, or reboot"
	say "an earlier call was killed while it exchanged KVM's modules: putting them back"
	alone put_back_alone >&2 || die "$EX_ENVIRONMENT" "they could not be put back: see above; a reboot restores them"
	forget_journal
	say "KVM's modules are as they were before that call ($(kvm_loaded))"
}
