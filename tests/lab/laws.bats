#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Laws of KVM that one number does not show: a parameter is swept, and the exits follow.
# Cost: 1 core, 150 s

bats_require_minimum_version 1.5.0
load helper

setup_file() {
	LAB_READERS=none lab_once madvise.bulk pagefault.anon pagefault.fill cr3.ring4 --repeat 3 --seed 6 -- --ops 20 \
		--set madvise.bulk.pages=1,16,32,33,34,64 --set pagefault.anon.stride=1,64,512 \
		--set pagefault.fill.stride=1,2,4,8,16 --set cr3.ring4.spaces=2,3,5,9
}

@test "every variant ran, with the expected exits in both modes" {
	for mode in nested shadow; do
		"$suite" report --json "$results/$mode.json" >report.json
		jq -e '[.workloads[] | select(.name | contains("@"))] | length == 18' report.json
		jq -e '[.workloads[] | select(.status != "done" or any(.per_op[]; .verdict == "unexpected")) | .name] == []' report.json
	done
}

@test "two page faults a page, and one more for each new table" {
	est_between shadow pagefault.anon@stride=1 page-fault 1.99 2.02
	est_between shadow pagefault.anon@stride=64 page-fault 2.115 2.14
	est_between shadow pagefault.anon@stride=512 page-fault 2.98 3.02
}

@test "a fill is eight pages: the fewer of them are used, the more fills, until each page has its own" {
	est_between shadow pagefault.fill@stride=1 page-fault 0.119 0.131
	est_between shadow pagefault.fill@stride=2 page-fault 0.238 0.262
	est_between shadow pagefault.fill@stride=4 page-fault 0.476 0.524
	est_between shadow pagefault.fill@stride=8 page-fault 0.952 1.048
	est_between shadow pagefault.fill@stride=16 page-fault 0.952 1.048
}

@test "33 pages are flushed one by one, 34 by one write of CR3" {
	for pages in 1 16 32 33; do
		est_between shadow madvise.bulk@pages=$pages invlpg "$((pages - 1)).97" "$pages.03"
		est_between shadow madvise.bulk@pages=$pages cr-access -0.05 0.05
	done
	for pages in 34 64; do
		est_between shadow madvise.bulk@pages=$pages invlpg -0.05 0.05
		est_between shadow madvise.bulk@pages=$pages cr-access 1.97 2.03
	done
}

@test "a ring of n processes writes CR3 n times, however many roots KVM keeps" {
	for spaces in 2 3 5 9; do
		est_between shadow cr3.ring4@spaces=$spaces cr-access "$((spaces - 1)).97" "$spaces.1"
	done
}
