# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# reads: disk work
# sets:
# Install into the root file system of a disk image whose VM is off: with guestfish, which needs no root and knows every
# format, or else by mounting it as root: raw images with a loop device, others with qemu-nbd.

disk_loop='' disk_nbd='' disk_mount=''

# Whatever happens, no device stays attached.
disk_clean() {
	[ -z "$disk_mount" ] || umount "$disk_mount" 2>/dev/null || true
	[ -z "$disk_loop" ] || losetup -d "$disk_loop" || true
	[ -z "$disk_nbd" ] || qemu-nbd -q -d "$disk_nbd" >/dev/null || true
	disk_mount='' disk_loop='' disk_nbd=''
}

# disk_format FILE: raw, qcow2, vmdk, vdi... by QEMU's tool, or without it by the magic number.
disk_format() {
	local begin
	if have qemu-img; then
		LC_ALL=C qemu-img info -U "$1" 2>/dev/null | sed -n 's/^file format: //p'
		return
	fi
	begin=$(head -c 4 "$1" | tr -d '\0')
	case $begin in
	QFI*) echo qcow2 ;;
	KDMV) echo vmdk ;;
	*) echo raw ;;
	esac
}

# A running VM would not notice, or not survive, a change to its disk. QEMU locks the images that it has open.
disk_check() {
	local said
	[ -f "$disk" ] || die "$EX_USAGE" "--disk $disk is not a file: give the disk image of a VM that is off"
	[ -w "$disk" ] || die "$EX_ENVIRONMENT" "--disk $disk is not writable: change its mode, or use sudo"
	have qemu-img || return 0
	said=$(LC_ALL=C qemu-img info "$disk" 2>&1) || case $said in
	*lock*) die "$EX_ENVIRONMENT" "--disk $disk is in use by a running VM: shut it down first" ;;
	*) die "$EX_USAGE" "--disk $disk cannot be read as a disk image: ${said##*: }" ;;
	esac
}

disk_guestfish() {
	local systemd=no tar=plain
	guestfish --ro -a "$disk" -i is-dir /etc/systemd/system >"$work/systemd" 2>"$work/said" ||
		die "$EX_ENVIRONMENT" "guestfish finds no system in $disk: $(tail -n 1 "$work/said")"
	! grep -qx true "$work/systemd" || { systemd=yes && tar=payload; }
	guestfish --rw -a "$disk" -i tar-in "$work/$tar.tar" / 2>"$work/said" ||
		die "$EX_ENVIRONMENT" "guestfish cannot write to $disk: $(tail -n 1 "$work/said")"
	disk_systemd=$systemd
}

# disk_attach FORMAT: qemu-nbd shows an image that is not raw as a device. Sets disk_nbd, which disk_clean detaches.
disk_attach() {
	local device
	have qemu-nbd || die "$EX_ENVIRONMENT" "$disk is of format $1: install libguestfs-tools, or qemu-utils"
	[ -e /dev/nbd0 ] || modprobe nbd max_part=16 2>/dev/null ||
		die "$EX_ENVIRONMENT" "$disk is of format $1, and this kernel has no nbd: install libguestfs-tools, or convert the image" \
			"with 'qemu-img convert -O raw'"
	for device in /dev/nbd{0..15}; do
		[ "$(cat "/sys/block/${device##*/}/size" 2>/dev/null)" = 0 ] || continue
		qemu-nbd -q -c "$device" -f "$1" "$disk" 2>"$work/said" || continue
		disk_nbd=$device
		! have udevadm || udevadm settle || true
		return
	done
	die "$EX_ENVIRONMENT" "no free /dev/nbd for $disk: $(tail -n 1 "$work/said" 2>/dev/null || echo 'all are in use')"
}

# disk_parts DISK: offset and length in bytes of the whole disk, then of each partition; length 0 extends to the end.
disk_parts() {
	echo 0 0
	partx -g -b -o START,SIZE "$1" 2>/dev/null | awk '{ print $1 * 512, $2 }'
}

# disk_find_root DISK: mounts the partition, or the whole disk, with a system. By offset, as not every /dev has partitions.
disk_find_root() {
	local offset length
	mkdir -p "$work/mount"
	while read -r offset length; do
		disk_loop=$(losetup -f --show -o "$offset" --sizelimit "$length" "$1" 2>"$work/said") ||
			die "$EX_ENVIRONMENT" "no loop device for $disk: $(tail -n 1 "$work/said")"
		if mount -o nosuid,nodev "$disk_loop" "$work/mount" 2>/dev/null; then
			disk_mount=$work/mount
			if [ -e "$disk_mount/sbin/init" ] || [ -L "$disk_mount/sbin/init" ] || [ -e "$disk_mount/etc/os-release" ]; then
				return 0
			fi
			umount "$disk_mount"
			disk_mount=''
		fi
		losetup -d "$disk_loop"
		disk_loop=''
	done < <(disk_parts "$1")
	die "$EX_ENVIRONMENT" "no mountable partition of $disk contains a system (LVM, encryption?): install it over ssh" \
		"with --ssh, or with libguestfs-tools"
}

disk_by_mount() {
	local tar=plain format
	[ "$(id -u)" = 0 ] || die "$EX_ENVIRONMENT" "mounting an image needs root: use sudo, or install libguestfs-tools, which needs none"
	format=$(disk_format "$disk")
	[ "$format" = raw ] || disk_attach "$format"
	disk_find_root "${disk_nbd:-$disk}"
	disk_systemd=no
	[ ! -d "$disk_mount/etc/systemd/system" ] || { disk_systemd=yes && tar=payload; }
	tar -x -f "$work/$tar.tar" -C "$disk_mount" 2>"$work/said" ||
		die "$EX_ENVIRONMENT" "$disk cannot be written: $(head -n 1 "$work/said")"
	umount "$disk_mount" || die "$EX_ENVIRONMENT" "$disk could not be unmounted: is its disk full?"
	disk_mount=''
}

install_disk() {
	disk_check
	payload_make
	if have guestfish; then
		disk_guestfish
	else
		disk_by_mount
	fi
	say "the suite is in $disk"
	payload_after "$disk_systemd" >&2
}
