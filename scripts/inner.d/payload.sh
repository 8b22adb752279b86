# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# reads: suite work
# sets:
# The files for a guest: the static program, the scripts of the original exercise, and the files that record a boot. One tar
# archive of files only, so that no folder of the guest changes its owner or mode; all ways of installing unpack the same one.

payload_put() {
	local mode=$1 from=$2 to=$3
	install -D -m "$mode" "$from" "$work/payload/$to"
}

# payload_make: $work/payload.tar for a guest with systemd, $work/plain.tar for another one.
payload_make() {
	local files=(usr/local/bin/suite usr/local/bin/ffd.sh usr/local/bin/ffc.sh usr/local/libexec/kvm-exit-suite/suite-boot-init)
	local units=(etc/systemd/system/suite-boot-ready.service etc/systemd/system/multi-user.target.wants/suite-boot-ready.service)
	payload_put 755 "$suite" "${files[0]}"
	payload_put 755 "$top/scripts/ffd.sh" "${files[1]}"
	payload_put 755 "$top/scripts/ffc.sh" "${files[2]}"
	payload_put 755 "$top/scripts/boot/suite-boot-init" "${files[3]}"
	payload_put 644 "$top/scripts/boot/suite-boot-ready.service" "${units[0]}"
	mkdir -p "$work/payload/${units[1]%/*}"
	ln -s ../suite-boot-ready.service "$work/payload/${units[1]}"
	tar -c -f "$work/plain.tar" -C "$work/payload" --owner=0 --group=0 --numeric-owner "${files[@]}"
	tar -c -f "$work/payload.tar" -C "$work/payload" --owner=0 --group=0 --numeric-owner "${files[@]}" "${units[@]}"
}

# payload_after SYSTEMD: prints what remains to be done in the guest.
payload_after() {
	if [ "$1" = yes ]; then
		cat <<-'TEXT'
			Its next boot is recorded up to the login prompt; 'suite boot show' there prints it. To mark the start of init, too, add
			init=/usr/local/libexec/kvm-exit-suite/suite-boot-init to its kernel's command line (Debian: GRUB_CMDLINE_LINUX in
			/etc/default/grub, then update-grub).
		TEXT
	else
		cat <<-'TEXT'
			It has no systemd: for a busybox init, add the two lines of scripts/boot/inittab; with another init, run
			'suite boot mark ready' at the end of its boot.
		TEXT
	fi
	echo "In the VM, run: suite probe; suite run pagefault; suite selftest. docs/real-machines.md has the next steps."
}
