# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2154 # options and functions are init.outer's
# The inner VMs of an outer VM, numbered from 1: started together, measured at the same time, read one after the other.
#
# Each has a QEMU with a disk, a network, a console and two virtio-serial ports of its own; its files are in /run/guestN. It
# writes "N ready" before it measures and "N finished" when it has its result, and waits for one line after each. The end of
# its QEMU is reported in the same pipe, /run/events, so that waiting for one guest also notices the others.
#
# A guest repeats the same work until all have their results, so each is measured next to busy neighbours from its first sample
# to its last. Then all are paused except the one that makes its last reading: the ring buffer, which does not distinguish VMs,
# then contains only that one. The histogram has lines per thread, and all other counts are per VM.

# The devices that workloads may write to: a disk in memory, a network without other hosts, a serial line that leads nowhere.
# User networking without IPv6 sends nothing on its own and accepts packets for any host; a hub with one port accepts none.
scratch_devices() {
	truncate -s 64M "$1/scratch"
	echo "-drive file=$1/scratch,format=raw,if=none,id=scratch,cache=writeback" \
		"-device virtio-blk-pci,drive=scratch,serial=suite-scratch" \
		"-netdev user,id=scratch,ipv6=off,restrict=on -device virtio-net-pci,netdev=scratch,romfile=,mac=02:00:00:00:00:01" \
		"-serial null"
}

# The disk with stress-ng and fio, if a workload needs them. Its driver probes for it in the background.
programs_disk() {
	[ -e /job/programs ] || return 0
	for module_of_disk in scsi_common scsi_mod libata ata_piix sd_mod; do
		[ ! -e "/modules/$module_of_disk.ko" ] || insmod "/modules/$module_of_disk.ko" || fail "$module_of_disk.ko does not load"
	done
	tries=0
	until [ -b /dev/sda ]; do
		tries=$((tries + 1))
		[ "$tries" -lt 600 ] || fail "the disk with stress-ng and fio does not appear"
		usleep 100000
	done
}

programs_options() {
	[ ! -e /job/programs ] || echo "-drive file=/dev/sda,format=raw,readonly=on,if=none,id=programs" \
		"-device virtio-blk-pci,drive=programs,serial=suite-programs"
}

# guest_out GUEST: the folder for its files; the first guest has the one that a single guest would have.
guest_out() { [ "$1" = 1 ] && echo /out || echo "/out/guest$1"; }

# The fourth serial port carries the console of the first guest, as it does for a single one.
guest_console() {
	if [ "$shell" = yes ]; then
		echo stdio,signal=off
	elif [ "$1" = 1 ]; then
		stty -F /dev/ttyS3 raw -echo 115200
		echo serial,path=/dev/ttyS3
	else
		echo "file,path=$(guest_out "$1")/console.log"
	fi
}

# talk GUEST: connect its QMP to descriptors 3 and 4.
talk() { exec 3<>"/run/guest$1/qmp.in" 4<>"/run/guest$1/qmp.out"; }

# The memory of the exit pages: a device's, no RAM of the guest. Paused until somebody counts, so that no exit is missed.
pages_options() {
	[ "$counters" = patch ] || echo "-S -object memory-backend-file,id=pages,share=on,mem-path=$1/exit-pages,size=64K" \
		"-device ivshmem-plain,memdev=pages"
}

# attach GUEST: count its exits, from its first one on.
attach() {
	[ "$counters" != patch ] || return 0
	talk "$1"
	await return || fail "$(name_guest "$1") ended before it ran: see its console"
	mark "attaching to $(name_guest "$1")"
	# Our own modules have no BTF, which times need.
	timed=--time
	[ "$counters" = attach ] || timed=''
	# shellcheck disable=SC2086 # nothing, or an option
	suite-attach "$(cat "/run/guest$1/pid")" $timed --json >"$(guest_out "$1")/attach.json" 2>"/run/guest$1/attach.log" &
	until grep -qs 'counting exits' "/run/guest$1/attach.log"; do
		kill -0 $! 2>/dev/null || kill -0 $! 2>/dev/null || fail "attach: $(cat "/run/guest$1/attach.log")"
		usleep 50000
	done
	echo '{"execute":"cont"}' >&3
}

start_guest() {
	guest=$1 dir=/run/guest$1
	mkdir -p "$dir" "$(guest_out "$1")"
	rm -f "$dir/results.tar"
	[ -p /run/events ] || mkfifo /run/events
	exec 5<>/run/events
	for pipe in qmp.in qmp.out control.in; do
		[ -p "$dir/$pipe" ] || mkfifo "$dir/$pipe"
	done
	ln -sf /run/events "$dir/control.out"
	talk "$guest"
	(
		status=0
		# shellcheck disable=SC2046,SC2086 # lists of options
		qemu-system-x86_64 -accel kvm -cpu "host$inner_cpu" -M pc,memory-backend=ram -m "$memory" -smp "$vcpus" -nodefaults -no-user-config \
			-object "memory-backend-ram,id=ram,size=${memory}M,prealloc=on" -display none -no-reboot -action panic=pause \
			-kernel /inner/vmlinuz -initrd /run/inner.cpio -pidfile "$dir/pid" \
			-append "console=ttyS0 quiet panic=-1 $inner_append lab.shell=$shell lab.paging=$paging lab.guest=$guest lab.guests=$guests $(grep -o 'lab.boot=[0-9]*' /proc/cmdline)${inner_command:+ lab.command=\"$inner_command\"}" \
			-chardev "$(guest_console "$guest"),id=console" -serial chardev:console $(scratch_devices "$dir") $(programs_options) $(pages_options "$dir") \
			-device pvpanic-pci -device virtio-serial-pci \
			-chardev "file,id=results,path=$dir/results.tar" -device virtserialport,chardev=results,name=results \
			-chardev "pipe,id=control,path=$dir/control" -device virtserialport,chardev=control,name=control \
			-chardev "pipe,id=qmp,path=$dir/qmp" -mon chardev=qmp,mode=control 3>&- 4>&- 5>&- || status=$?
		echo "$guest ended $status" >/run/events
		echo "\"LAB_INNER_ENDED\" $status" >"$dir/qmp.out"
	) </dev/console &
	echo '{"execute":"qmp_capabilities"}' >&3
}

start_guests() {
	cat /inner/base.cpio /job/inner.cpio >/run/inner.cpio
	for number in $(seq "$guests"); do
		start_guest "$number"
	done
	for number in $(seq "$guests"); do
		attach "$number"
	done
}

# name_guest GUEST: its name in messages.
name_guest() { [ "$guests" = 1 ] && echo "the inner VM" || echo "guest $1 of $guests"; }

# await EVENT: from the guest of talk; false when it ended instead.
await() {
	while read -r line <&4; do
		case $line in
		*"\"$1\""*) return 0 ;;
		*'"LAB_INNER_ENDED"'*) return 1 ;;
		esac
	done
}

# ask COMMAND: prints QMP's answer, one line.
ask() {
	echo "$1" >&3
	while read -r line <&4; do
		case $line in
		'{"return"'* | '{"error"'*) echo "$line" && return ;;
		*'"LAB_INNER_ENDED"'*) return 1 ;;
		esac
	done
}

# await_all WORD: until each guest has written it.
await_all() {
	heard=0
	while [ "$heard" -lt "$guests" ]; do
		read -r number word status <&5
		case $word in
		"$1")
			heard=$((heard + 1))
			mark "guest $number of $guests: $word"
			;;
		ended) fail "guest $number of $guests ended before its last reading, QEMU with status $status: see its console" ;;
		esac
	done
}

let_go() {
	await_all ready
	for number in $(seq "$guests"); do
		talk "$number"
		await return || fail "$(name_guest "$number") ended before it measured: see its console"
	done
	for number in $(seq "$guests"); do
		echo go >"/run/guest$number/control.in"
	done
	[ -z "$end_guest" ] || kill -SEGV "$(cat "/run/guest$end_guest/pid")"
}

# Every guest has its result: pause them all.
hold() {
	await_all finished
	for number in $(seq "$guests"); do
		talk "$number"
		ask '{"execute":"stop"}' >/dev/null || fail "$(name_guest "$number") ended before its last reading: see its console"
	done
}

# The statistics of KVM_GET_STATS_FD; QEMU has the file descriptors, and knows its threads.
collect_qmp() {
	for target in vm vcpu; do
		ask "{\"execute\": \"query-stats\", \"arguments\": {\"target\": \"$target\"}}" >"$1/stats-$target.json"
	done
	ask '{"execute": "query-cpus-fast"}' >"$1/cpus.json"
}

# collect GUEST: the outer VM's own counts, while the guest is paused.
collect() {
	into=$(guest_out "$1")/evidence
	mkdir "$into"
	collect_qmp "$into"
	cat "$exit_event/hist" >"$into/histogram"
	cat "$exit_event/format" >"$into/format"
	cat "$tracing/trace" >"$into/trace"
	cat /sys/kernel/debug/kvm/"$(cat "/run/guest$1/pid")"-*/exits >"$into/stat-exits"
	[ -z "$unentered" ] || cat "$tracing/events/lab/unentered/hist" >"$into/unentered"
	cat "$parameter" >"$into/parameter"
	# Clear the ring buffer for the next guest's marker; the histogram continues.
	echo 0 >"$exit_event/enable"
	echo 0 >"$cpuid_event/enable"
	echo >"$tracing/trace"
}

# read_guest GUEST: its last reading, which pauses it, and our own counts.
read_guest() {
	talk "$1"
	if [ "$guests" != 1 ]; then
		ask '{"execute":"cont"}' >/dev/null
		echo stop >"/run/guest$1/control.in"
	fi
	# Not GUEST_PANICKED, which QEMU sends while other vCPUs may still run.
	await STOP || fail "$(name_guest "$1") ended before its last reading: see its console"
	case $(ask '{"execute":"query-status"}') in
	*internal-error*) fail "KVM could not go on with $(name_guest "$1"): see the outer VM's console" ;;
	esac
	[ "$1" != 1 ] || mark "comparing with the outer VM's own counts"
	collect "$1"
}

# take_files GUEST: let it send its files and end.
take_files() {
	talk "$1"
	echo '{"execute":"cont"}' >&3
	await LAB_INNER_ENDED
	[ -s "/run/guest$1/results.tar" ] || fail "$(name_guest "$1") sent no results: see its console"
	tar -x -f "/run/guest$1/results.tar" -C "$(guest_out "$1")" || fail "the files that $(name_guest "$1") sent are not a tar archive"
}

run_guests() {
	start_guests
	if [ "$guests" != 1 ]; then
		let_go
		hold
	fi
	for number in $(seq "$guests"); do
		read_guest "$number"
	done
	for number in $(seq "$guests"); do
		take_files "$number"
	done
}

# inner COMMAND [MORE]: scripts/lab.d/script.sh
inner() {
	inner_command=$1 inner_cpu=${2-}
	mark "inner VM: $1"
	rm -rf /run/inner
	start_guests
	await LAB_INNER_ENDED
	mkdir /run/inner
	tar -x -f /run/guest1/results.tar -C /run/inner || fail "the inner VM sent nothing: see its console"
	cat /run/inner/output
	return "$(cat /run/inner/status)"
}
