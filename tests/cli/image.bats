#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Description: what a fork of this program copies does not grow with the program, nor with what a run holds.
bats_require_minimum_version 1.5.0
load helper

# Code, data, and the first two pages of the heap, where glibc has what the thread pointer points to.
@test "the program and the start of its heap need one page table" {
	first=$(readelf -lW "$SUITE" | awk '$1 == "LOAD" { print $3; exit }')
	last=$(readelf -lW "$SUITE" | awk '$1 == "LOAD" { at = $3; size = $6 } END { print at, size }')
	read -r at size <<<"$last"
	((first % (2 << 20) == 0))
	((at + size + 3 * 4096 <= first + (2 << 20)))
}

# Only the heap's pages with the thread pointer may go to children; 'dc' is MADV_DONTFORK (proc(5), VmFlags).
@test "in a window that forks, children get none of the harness's memory" {
	for name in fork.exit fork.exec fork.storm; do
		"$SUITE" run "$name" --time 60 --repeat 1 --progress none >/dev/null 2>&1 &
		pid=$!
		until cat "/proc/$pid/smaps" >smaps && grep -q '^VmFlags.* dc' smaps; do kill -0 "$pid"; done
		awk '/^[0-9a-f]+-/ { heap = /\[heap\]/ } heap && /^Size:/ { size = $2 } heap && /^VmFlags/ { if (/ dc/) out++; else copied += size }
			END { print out " mappings are kept, " copied " KiB are copied"; exit !(out == 1 && copied <= 8) }' smaps
		kill -INT "$pid" || true
		wait "$pid" || true
	done
}
