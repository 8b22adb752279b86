# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# reads: counters guests inner_append kernel kvm_parameters layouts linux memory real_modules script shell suite suite_arguments
#   switched_off vcpus vendor
# sets:  image_dir initrd modules_dir vmlinuz
# The images: one initramfs for the outer VM, cached by its content, with the inner VM's kernel and initramfs inside.
# The parts that change often (the suite, the scripts, the options of a run) are in a second, small cpio after it, which the
# kernel unpacks over the first. Nothing here needs root.

qemu_data=(/usr/share/qemu/linuxboot_dma.bin /usr/share/qemu/kvmvapic.bin /usr/share/seabios/bios-256k.bin)
inner_modules=(virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_console
	virtio_blk failover net_failover virtio_net msr)

# libraries_of PROGRAM: the shared libraries it needs, loader included.
libraries_of() { ldd "$1" | sed -nE 's/^(.*=> )?[[:space:]]*(\/[^ ]+) \(0x.*/\2/p'; }

# image_inputs: the machine's own files in the image.
image_inputs() {
	local program
	for program in qemu-system-x86_64 cpuid; do
		command -v "$program"
		libraries_of "$(command -v "$program")"
	done
	command -v busybox
	printf '%s\n' "${qemu_data[@]}"
}

pack() { (cd "$1" && find . -print0 | LC_ALL=C sort -z | cpio --null -o -H newc -R 0:0 --quiet); }

# put FILE... ROOT: copy each under its path on this machine, as a separate file.
put() {
	local root=${*: -1} file
	for file in "${@:1:$#-1}"; do
		install -D "$(readlink -f "$file")" "$root$file"
	done
}

put_busybox() {
	local root=$1 applet
	mkdir -p "$root"/{bin,proc,sys,dev,run,out,tmp,modules}
	install "$(command -v busybox)" "$root/bin/busybox"
	for applet in $(busybox --list); do
		[ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
	done
}

# put_module NAME ROOT: a stock module of the kernel, decompressed.
put_module() {
	local file
	file=$(find -L "$modules_dir/modules" -name "$1.ko*" -print -quit)
	case $file in
	'') return 0 ;; # built in, or not in this version; what is really missing shows when it is used
	*.xz) xz -dc "$file" >"$2/modules/$1.ko" ;;
	*.zst) zstd -qdc "$file" >"$2/modules/$1.ko" ;;
	*) cp "$file" "$2/modules/$1.ko" ;;
	esac
}

# image_inner ROOT: the inner VM's files, except the suite and its init.
image_inner() {
	local module libraries
	put_busybox "$1"
	mapfile -t libraries < <(libraries_of "$(command -v cpuid)")
	put "${libraries[@]}" "$1"
	install "$(command -v cpuid)" "$1/bin/cpuid"
	for module in "${inner_modules[@]}"; do
		put_module "$module" "$1"
	done
}

# image_kvm ROOT: our modules, or the distribution's.
image_kvm() {
	local module
	if [ "$counters" != attach ]; then
		cp "$modules_dir"/*.ko "$1/modules/"
		return
	fi
	for module in irqbypass kvm kvm-amd kvm-intel; do
		put_module "$module" "$1"
	done
}

build_image() {
	local into=${*: -1} program libraries
	image_inner "$into/inner"
	put_busybox "$into/outer"
	program=$(command -v qemu-system-x86_64)
	mapfile -t libraries < <(libraries_of "$program")
	put "$program" "${libraries[@]}" "${qemu_data[@]}" "$into/outer"
	image_kvm "$into/outer"
	for module in "${real_modules[@]}"; do
		put_module "$module" "$into/outer"
	done
	mkdir "$into/outer/inner"
	cp -L "$modules_dir/vmlinuz" "$into/outer/inner/vmlinuz"
	pack "$into/inner" >"$into/outer/inner/base.cpio"
	pack "$into/outer" >"$into/base.cpio"
	cp -L "$modules_dir/vmlinuz" "$into/vmlinuz"
	rm -r "$into/inner" "$into/outer"
}

# images_make: modules and base image. Sets modules_dir, image_dir and vmlinuz.
images_make() {
	local inputs
	if [ "$counters" = attach ]; then
		modules_dir=$("$top/scripts/kvm-stock" --kernel "$kernel") || exit "$?"
	else
		modules_dir=$("$top/scripts/kvm-build" --kernel "$kernel" ${linux:+--linux "$linux"}) || exit "$?"
	fi
	mapfile -t inputs < <(image_inputs)
	image_dir=$cache/image/$({
		echo "$modules_dir"
		cat "$top/scripts/lab.d/images.sh"
		echo "$counters ${real_modules[*]}"
		stat -L -c '%n %s %Y' "${inputs[@]}"
	} | sha256sum | cut -c1-12)
	[ -d "$image_dir" ] || step "making the image of the outer VM" once "$image_dir" build_image
	# 75 MB each: remove those that were not used for a week.
	touch "$image_dir"
	find "$cache/image" -mindepth 1 -maxdepth 1 -type d -mtime +7 -exec rm -rf {} +
	# shellcheck disable=SC2034 # read by the emulators
	vmlinuz=$image_dir/vmlinuz
}

# job_options: the options that init.outer sources.
job_options() {
	printf '%s=%s\n' vendor "$vendor" vcpus "$vcpus" memory "$memory" shell "$shell" load "${LAB_LOAD_PAGING-}" \
		unentered "$(witness_unentered)" counters "$counters" switched_off "$switched_off" guests "$guests" end_guest "${LAB_END_GUEST-}"
	echo "kvm_parameters='${kvm_parameters[*]}' layouts='${layouts//,/ }' inner_append='$inner_append'"
}

# job_make DIR: the second cpio, and with the base image the initrd of this run. Sets initrd.
job_make() {
	local dir=$1 inner=$1/job-inner outer=$1/job-outer
	mkdir -p "$inner/bin" "$inner/job" "$outer/job"
	install "$suite" "$top/scripts/ffd.sh" "$top/scripts/ffc.sh" "$inner/bin"
	install "$top/scripts/guest/init.inner" "$inner/init"
	if [ -n "$script" ]; then
		script_put "$inner" "$outer"
	else
		printf '%s\n' "${suite_arguments[@]}" >"$inner/job/arguments"
		echo "${LAB_READERS-all}" >"$inner/job/readers"
	fi
	real_put "$inner" "$outer"
	install "$top/scripts/guest/init.outer" "$outer/init"
	install "$top/scripts/kvm-load.sh" "$top/scripts/guest/guests.sh" "$outer/job"
	if [ "$counters" != patch ]; then
		mkdir "$outer/bin"
		install "$top/build/suite-attach" "$outer/bin"
	fi
	job_options >"$outer/job/options"
	pack "$inner" >"$outer/job/inner.cpio"
	initrd=$dir/initrd
	{
		cat "$image_dir/base.cpio"
		pack "$outer"
	} >"$initrd"
	rm -r "$inner" "$outer"
}
