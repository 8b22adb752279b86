# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2029
# reads: host ssh_options work
# sets:
# Install into a running guest over ssh: one connection carries the archive, another runs the guest's probe.

# remote COMMAND: as root there.
remote() { ssh "${ssh_options[@]}" "$host" "$ssh_root sh -c $(printf %q "$1")"; }

ssh_check() {
	local said uid
	have ssh || die "$EX_ENVIRONMENT" "ssh is missing: install openssh-client"
	said=$(ssh "${ssh_options[@]}" "$host" 'uname -m; id -u' 2>"$work/said") ||
		die "$EX_ENVIRONMENT" "cannot log in to $host: $(tail -n 1 "$work/said" | tr -d '\r'); 'ssh ${ssh_options[*]} $host' must work without a password"
	uid=${said##*$'\n'}
	[ "${said%%$'\n'*}" = x86_64 ] || die "$EX_ENVIRONMENT" "$host is ${said%%$'\n'*}: the program is for x86_64"
	ssh_root=''
	[ "$uid" = 0 ] && return
	ssh_root='sudo -n'
	ssh "${ssh_options[@]}" "$host" 'sudo -n true' 2>/dev/null ||
		die "$EX_ENVIRONMENT" "$host: the user is not root and has no sudo without a password: give --ssh root@HOST, or allow sudo"
}

install_ssh() {
	local systemd=no tar=plain probe
	ssh_check
	payload_make
	! remote 'test -d /run/systemd/system' || { systemd=yes && tar=payload; }
	remote 'tar -x -f - -C / --no-same-owner' <"$work/$tar.tar" 2>"$work/said" ||
		die "$EX_ENVIRONMENT" "$host: the files could not be written: $(tail -n 1 "$work/said")"
	[ "$systemd" = no ] || remote 'systemctl daemon-reload' ||
		die "$EX_ENVIRONMENT" "$host: its systemd did not accept suite-boot-ready.service: see its journal"
	say "the suite is in $host"
	probe=$(remote '/usr/local/bin/suite probe 2>&1 | head -n 1') || true
	say "its probe reports: ${probe:-the program does not run there}"
	[ -n "$probe" ] || exit "$EX_ENVIRONMENT"
	payload_after "$systemd" >&2
}
