#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The disk with stress-ng and fio, and what the laboratory makes of workloads that want it, without booting anything.

bats_require_minimum_version 1.5.0
load ../cli/helper

top=$BATS_TEST_DIRNAME/../..

# pieces COMMAND...: with the laboratory's functions at hand.
pieces() {
	bash -euc '. "$1/scripts/lib.sh"; . "$1/scripts/lab.d/images.sh"; . "$1/scripts/lab.d/real-programs.sh"; shift; eval "$@"' - "$top" "$@"
}

@test "only workloads that run one of the programs ask for the disk" {
	# shellcheck disable=SC2016 # for the piece
	pieces '
		for workload in stress-ng stress-ng.fork stress-ng.af-alg fio fio.fsync fio.dir/job.fio; do
			workloads=(cr3 "$workload")
			real_asked_for || { echo "$workload"; exit 1; }
		done
		for workload in all cr3.pipe fiona "*.fio" stress; do
			workloads=(cr3 "$workload")
			if real_asked_for; then echo "$workload"; exit 1; fi
		done'
}

@test "the disk holds both programs and every library that they load, and belongs to root" {
	mkdir disk
	pieces 'build_real_image "$PWD/disk"'
	[ $(($(stat -c %s disk/disk) % (16 * 63 * 512))) = 0 ]
	PATH=$PATH:/usr/sbin
	for program in stress-ng fio; do
		file=$(command -v "$program")
		echo "stat $file"
		ldd "$file" | sed -nE 's/^(.*=> )?[[:space:]]*(\/[^ ]+) \(0x.*/stat \2/p'
	done >files
	[ "$(wc -l <files)" -gt 4 ]
	debugfs -f files disk/disk 2>/dev/null | sed -n 's/^debugfs: \(stat .*\)/\1/; /^stat /h; /User: *0 *Group: *0.*Size: [1-9]/{ g; p }' >found
	diff files found
	e2fsck -fn disk/disk
}

@test "a job file is copied along, and named by its path in the inner VM" {
	mkdir -p jobs inner/job outer/job
	echo '[a]' >jobs/mine.fio
	pieces 'cache=$PWD/cache; step() { shift; "$@"; }; build_real_image() { :; }
		workloads=(stress-ng.fork fio.jobs/mine.fio); real_prepare; real_put inner outer; printf "%s\n" "${workloads[@]}" >workloads'
	[ "$(cat workloads)" = "$(printf 'stress-ng.fork\nfio./job/mine.fio')" ]
	cmp jobs/mine.fio inner/job/mine.fio
	[ -e outer/job/programs ]
}

@test "a missing job file: one line, status 2, nothing is built" {
	try "$top/suite" lab run fio.nowhere/mine.fio -o here
	one_line_error 2 fio.nowhere/mine.fio
	[ ! -e here ]
}
