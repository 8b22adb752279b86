#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# scripts/inner-vm install: into a disk image, with guestfish or mounted, and over ssh into a system that is a folder.
# Cost: 1 core, 15 s

bats_require_minimum_version 1.5.0
load ../cli/helper

top=${BATS_TEST_DIRNAME%/*/*}

setup_file() {
	ssh-keygen -q -t ed25519 -N '' -f "$BATS_FILE_TMPDIR/host_key"
	ssh-keygen -q -t ed25519 -N '' -f "$BATS_FILE_TMPDIR/key"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	mkdir bin
	PATH=$PWD/bin:$PATH
	export SUITE=$PWD/suite TMPDIR=$PWD/tmp
	mkdir tmp
	printf '#!/bin/sh\necho "suite: no exit counters here"\n' >suite
	chmod +x suite
}

teardown() { [ ! -s sshd.pid ] || kill "$(cat sshd.pid)"; }

# inner ARGUMENT...: sets what `run --separate-stderr` does, with a fraction of its processes.
inner() {
	status=0
	"$top/scripts/inner-vm" "$@" >said.out 2>said.err 3>&- || status=$?
	IFS= read -rd '' output <said.out || output=${output%$'\n'}
	IFS= read -rd '' stderr <said.err || stderr=${stderr%$'\n'}
	mapfile -t stderr_lines <said.err
}

# succeeded: and nothing is left of the working folder, nor of a device.
succeeded() {
	[ "$status" = 0 ] || { echo "status $status: $stderr"; return 1; }
	[ -z "$(ls -A tmp)" ]
	[ -z "$(losetup -j disk.img 2>/dev/null)" ]
}

# system DIR: of a guest, as far as is looked at.
system() {
	mkdir -p "$1"/{etc/systemd/system,sbin,tmp}
	ln -s /lib/systemd/systemd "$1/sbin/init"
	chmod 750 "$1/etc"
}

# image FILE: a disk with one ext4 file system that holds the folder `system`.
image() {
	truncate -s 16M "$1"
	mke2fs -q -t ext4 -d system "$1"
}

# in_image FILE COMMAND: debugfs looks into it without mounting.
in_image() { debugfs -R "$2" "$1" 2>/dev/null; }

stub() { printf '#!/usr/bin/env bash\n%s\n' "$2" >"bin/$1" && chmod +x "bin/$1"; }

@test "help fits 120 columns; the manual has the same options" { script_documented inner-vm; }

@test "usage errors: one line, status 2" {
	for bad in "" nonsense install "install --disk" "install --disk a --ssh b" "install --ssh -oProxyCommand=x" "install x" \
		"install --disk /nowhere" "install --vcpus 2" "boot --disk a" "boot --vcpus 0" "boot --memory x" "boot --image /nowhere" \
		"boot --" "boot --frobnicate x"; do
		# shellcheck disable=SC2086
		inner $bad
		one_line_error 2 || { echo "for '$bad'"; return 1; }
	done
}

@test "install --disk: a raw image, mounted; it has every file, and folders keep their modes" {
	system system
	image disk.img
	inner install --disk disk.img
	succeeded
	in_image disk.img 'cat /usr/local/bin/suite' | cmp - suite
	in_image disk.img 'cat /usr/local/bin/ffd.sh' | cmp - "$top/scripts/ffd.sh"
	in_image disk.img 'cat /usr/local/libexec/kvm-exit-suite/suite-boot-init' | cmp - "$top/scripts/boot/suite-boot-init"
	in_image disk.img 'stat /usr/local/bin/suite' | grep -q 'Mode:  0755'
	in_image disk.img 'stat /usr/local/bin/suite' | grep -q 'User:     0'
	in_image disk.img 'stat /etc' | grep -q 'Mode:  0750'
	in_image disk.img 'stat /etc/systemd/system/multi-user.target.wants/suite-boot-ready.service' | grep -q '"../suite-boot-ready.service"'
	e2fsck -fn disk.img
	[[ $stderr == *"the suite is in disk.img"*"suite boot show"* ]]
}

@test "install --disk: the partition with the system, of several" {
	system system
	image root.img
	truncate -s 16M other.img
	mke2fs -q -t ext4 other.img
	truncate -s 64M disk.img
	printf 'label: gpt\nstart=2048, size=32768\nstart=40960, size=32768\n' | sfdisk -q disk.img
	dd if=other.img of=disk.img bs=512 seek=2048 conv=notrunc status=none
	dd if=root.img of=disk.img bs=512 seek=40960 conv=notrunc status=none
	inner install --disk disk.img
	succeeded
	dd if=disk.img of=root.img bs=512 skip=40960 count=32768 status=none
	in_image root.img 'cat /usr/local/bin/suite' | cmp - suite
	dd if=disk.img of=other.img bs=512 skip=2048 count=32768 status=none
	[ -z "$(in_image other.img 'cat /usr/local/bin/suite')" ]
}

@test "install --disk: a system without systemd gets no unit, but instructions" {
	system system
	rm -r system/etc/systemd
	image disk.img
	inner install --disk disk.img
	succeeded
	[[ $stderr == *"no systemd"*"scripts/boot/inittab"* ]]
	[ -z "$(in_image disk.img 'ls /etc/systemd')" ]
	in_image disk.img 'cat /usr/local/bin/suite' | cmp - suite
}

@test "install --disk: no system, no image, no space, no nbd: one line, status 3, nothing stays attached" {
	mkdir system
	image disk.img
	before=$(sha256sum <suite)
	inner install --disk disk.img
	one_line_error 3 "no mountable partition of disk.img" "--ssh"
	[ -z "$(losetup -j disk.img)" ]
	head -c 4M /dev/urandom >noise.img
	inner install --disk noise.img
	one_line_error 3 "no mountable partition of noise.img"
	system full
	rm -r system
	mv full system
	truncate -s 1M system/fill
	truncate -s 2M disk2.img
	mke2fs -q -t ext4 -N 64 -d system disk2.img
	head -c 8M /dev/zero >>suite
	inner install --disk disk2.img
	one_line_error 3 "disk2.img cannot be written" usr/local/bin/suite
	[ -z "$(losetup -j disk2.img)" ]
	stub qemu-img 'echo "file format: qcow2"'
	stub qemu-nbd 'exit 1'
	stub modprobe 'exit 1'
	[ -e /dev/nbd0 ] || {
		inner install --disk disk.img
		one_line_error 3 "no nbd" libguestfs-tools "qemu-img convert -O raw"
	}
	stub qemu-img 'echo "qemu-img: Could not open: Failed to get shared \"write\" lock" >&2; exit 1'
	inner install --disk disk.img
	one_line_error 3 "in use by a running VM"
}

@test "install --disk: guestfish, if installed, needs no root and gets the same archive" {
	system system
	echo nothing >disk.img
	stub id 'echo 1000'
	stub guestfish "case \$* in *is-dir*) echo true ;; *tar-in*) cp \"\${@: -2:1}\" $PWD/archive ; echo \"\$*\" >$PWD/said ;; esac"
	stub qemu-img 'echo "file format: qcow2"'
	inner install --disk disk.img
	succeeded
	grep -q -- '--rw -a disk.img -i tar-in .* /$' said
	tar -t -f archive | grep -qx etc/systemd/system/multi-user.target.wants/suite-boot-ready.service
	[ -z "$(tar -t -f archive | grep '/$')" ]
	stub guestfish 'echo "guestfish: no operating system was found on this disk" >&2; exit 1'
	inner install --disk disk.img
	one_line_error 3 "guestfish finds no system" "no operating system"
}

# guest: sshd on a port of its own; whoever comes in is in a folder with busybox as its system.
guest() {
	system guest
	mkdir -p guest/{bin,usr/local,run/systemd/system,proc}
	cp "$(command -v busybox)" guest/bin/
	for applet in sh tar test id uname head mkdir; do
		ln -s busybox "guest/bin/$applet"
	done
	printf '#!/bin/sh\necho "systemctl $*" >>/tmp/systemctl\n' >guest/bin/systemctl
	chmod +x guest/bin/systemctl
	cp "$BATS_FILE_TMPDIR"/{host_key,key,key.pub} .
	mkdir -p /run/sshd
	stub enter "exec \$(cat $PWD/how) chroot --userspec \$(cat $PWD/user) $PWD/guest /bin/sh -c \"PATH=/bin; \$SSH_ORIGINAL_COMMAND\""
	echo 0:0 >user
	: >how
	port=$((20000 + RANDOM % 20000))
	# With another home, as the user's shell reads its .bashrc for every command.
	cat >sshd_config <<-CONFIG
		SetEnv HOME=$PWD
		ListenAddress 127.0.0.1
		Port $port
		HostKey $PWD/host_key
		PidFile $PWD/sshd.pid
		AuthorizedKeysFile $PWD/key.pub
		StrictModes no
		UsePAM no
		PermitRootLogin yes
		ForceCommand $PWD/bin/enter
	CONFIG
	/usr/sbin/sshd -D -f sshd_config -E sshd.log 3>&- &
	sshd=$!
	options=(--ssh-option "Port=$port" --ssh-option "IdentityFile=$PWD/key" --ssh-option StrictHostKeyChecking=no
		--ssh-option "UserKnownHostsFile=$PWD/known" --ssh-option LogLevel=ERROR
		# The default is hard for quantum computers, and work for this one.
		--ssh-option KexAlgorithms=curve25519-sha256)
	until [ -s sshd.pid ]; do
		kill -0 "$sshd" || { cat sshd.log; return 1; }
		sleep 0.05 # leaves it the processor
	done
}

@test "install --ssh: into a running system, whose probe then reports" {
	guest
	inner install --ssh root@127.0.0.1 "${options[@]}"
	succeeded
	cmp guest/usr/local/bin/suite suite
	cmp guest/etc/systemd/system/suite-boot-ready.service "$top/scripts/boot/suite-boot-ready.service"
	[ -L guest/etc/systemd/system/multi-user.target.wants/suite-boot-ready.service ]
	[ "$(stat -c %a guest/etc)" = 750 ]
	grep -qx 'systemctl daemon-reload' guest/tmp/systemctl
	[[ $stderr == *"the suite is in root@127.0.0.1"*"its probe reports: suite: no exit counters here"* ]]
}

@test "install --ssh: no login, no sudo, another processor: one line, status 3" {
	guest
	inner install --ssh root@127.0.0.1 --ssh-option Port=1
	one_line_error 3 "cannot log in to root@127.0.0.1" "refused"
	echo 1000:1000 >user
	inner install --ssh root@127.0.0.1 "${options[@]}"
	one_line_error 3 "no sudo without a password"
	echo linux32 >how
	inner install --ssh root@127.0.0.1 "${options[@]}"
	one_line_error 3 i686 x86_64
	[ ! -e guest/usr/local/bin ]
}
