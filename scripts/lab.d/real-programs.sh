# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2034
# reads: workloads
# sets:  real_image real_jobs real_modules workloads
# stress-ng and fio for the inner VM, if a workload needs them: this machine's own, with their libraries, on a disk of the outer
# VM that the inner one mounts. In the initramfs they would take memory of both VMs and minutes of Bochs' BIOS.

real_programs=(stress-ng fio)
# The driver of the disk that QEMU's machine and Bochs both have.
real_modules=(scsi_common scsi_mod libata ata_piix sd_mod)

# real_asked_for: whether a workload runs one of them.
real_asked_for() {
	local workload program
	for workload in "${workloads[@]}"; do
		for program in "${real_programs[@]}"; do
			[[ $workload != "$program" && $workload != "$program".* ]] || return 0
		done
	done
	return 1
}

real_inputs() {
	local program
	for program in "${real_programs[@]}"; do
		command -v "$program"
		libraries_of "$(command -v "$program")"
	done | sort -u
}

# Ext4, which the kernel has built in. Both emulators need whole cylinders of 16 heads and 63 sectors.
build_real_image() {
	local into=${*: -1} inputs kib track=504
	mapfile -t inputs < <(real_inputs)
	put "${inputs[@]}" "$into/root"
	kib=$(du -sk --apparent-size "$into/root" | cut -f 1)
	kib=$(((kib * 11 / 10 + 4096 + track - 1) / track * track))
	PATH=$PATH:/usr/sbin:/sbin mke2fs -q -t ext4 -O ^has_journal -m 0 -L suite-programs -E root_owner=0:0 -d "$into/root" "$into/disk" "${kib}k"
	rm -r "$into/root"
}

# real_prepare: sets real_image, empty if no workload needs it, and changes the paths of job files to those in the inner VM.
real_prepare() {
	local inputs dir i
	real_image='' real_jobs=()
	real_asked_for || return 0
	"$top/scripts/setup" programs
	mapfile -t inputs < <(real_inputs)
	dir=$cache/programs/$({
		cat "$top/scripts/lab.d/real-programs.sh"
		stat -L -c '%n %s %Y' "${inputs[@]}"
	} | sha256sum | cut -c1-12)
	[ -d "$dir" ] || step "making the disk with ${real_programs[*]}" once "$dir" build_real_image ||
		die "$EX_ENVIRONMENT" "the disk with ${real_programs[*]} cannot be made: free 150 MB of disk space for $cache"
	real_image=$dir/disk
	for i in "${!workloads[@]}"; do
		[[ ${workloads[i]} == fio.*.fio ]] || continue
		real_jobs+=("${workloads[i]#fio.}")
		workloads[i]=fio./job/$(basename "${workloads[i]#fio.}")
	done
}

# real_put INNER OUTER: into the two folders of the job.
real_put() {
	[ -n "${real_image-}" ] || return 0
	[ ${#real_jobs[@]} = 0 ] || cp "${real_jobs[@]}" "$1/job/"
	: >"$2/job/programs"
}
