#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# suite list, run and help on a machine without exit counters, as most users meet it first.
# Cost: 1 core, 23 s

bats_require_minimum_version 1.5.0
load helper

counters() { "$SUITE" probe >/dev/null 2>&1; }

# The least that can be measured, where only what is done counts. --time is for spin, which has no number of operations.
least=(--repeat 1 --time 0.001 --progress none)

@test "help names every command and exits 0" {
	try "$SUITE" help
	[ "$status" = 0 ]
	for command in list run probe report compare help; do
		[[ $output == *"$command"* ]]
	done
	[ -z "$stderr" ]
}

@test "no command is a usage error" {
	try "$SUITE"
	[ "$status" = 2 ]
}

@test "unknown command: one line, status 2" {
	try "$SUITE" rnu
	one_line_error 2 rnu "suite help"
}

@test "list names the workloads with their operation" {
	try "$SUITE" list
	[ "$status" = 0 ]
	for name in null spin cpuid.leaf0 cpuid.sweep rdtsc syscall ud2 hypercall pause pagefault.anon pagefault.cow \
		madvise.single mprotect.toggle munmap cr3.pipe cr3.thread fork.exit vfork clone.thread io.pio \
		io.blk.read io.blk.write io.fsync io.uring io.serial net.virtio net.loopback timer.sleep timer.busy; do
		[[ $output == *"$name"* ]] || { echo "$name is missing"; return 1; }
	done
}

@test "list --json is the documented shape" {
	"$SUITE" list --json >list.json
	jq -e '.workloads | length >= 10 and all(.[]; has("name") and has("family") and has("summary") and has("op")
		and (.supported | type == "boolean") and has("reason") and (.parameters | type == "array")
		and (if .supported then .reason == null else (.reason | length > 0) end))
		and any(.[]; .name == "cr3.pipe" and .family == "cr3" and .op == "round trip")' list.json
}

@test "list -v and --json show the parameters with their ranges" {
	"$SUITE" list -v pagefault.anon | grep -q -- '--set pagefault.anon.pages=32768 .*(64 to 16777216 pages)'
	"$SUITE" list --json pagefault.anon >list.json
	jq -e '.workloads[0].parameters[] | select(.name == "pages")
		| .default == 32768 and .min == 64 and .max > .default and .unit == "pages" and (.text | length > 5)' list.json
}

@test "--set changes what a workload does, and the file says so" {
	"$SUITE" run pagefault.anon --set pagefault.anon.pages=64 --ops 100 "${least[@]}" -o r.json
	jq -e '.workloads[] | select(.name == "pagefault.anon")
		| .parameters.pages == 64 and ([.samples[].ops] | max) == 64' r.json
}

@test "--set with several values: a variant for each instead of the workload" {
	"$SUITE" run madvise cr3.thread --set madvise.bulk.pages=2,33,34 --ops 10 "${least[@]}" -o r.json
	jq -e '[.workloads[].name | select(startswith("madvise.bulk@") or . == "madvise.bulk")]
			== ["madvise.bulk@pages=2", "madvise.bulk@pages=33", "madvise.bulk@pages=34"]
		and ([.workloads[] | select(.name == "madvise.bulk@pages=34") | .parameters.pages, .family] == [34, "madvise"])' r.json
	try "$SUITE" run madvise.bulk --set madvise.bulk.pages=2,2
	one_line_error 2 madvise.bulk.pages=2,2 twice
	try "$SUITE" run syscall --set madvise.bulk.pages=2,3
	one_line_error 2 madvise.bulk
}

@test "the layout of memory is the same in every run" {
	"$SUITE" run null --ops 10 "${least[@]}" -o r.json
	setarch -R "$SUITE" run null --ops 10 "${least[@]}" -o without.json
	[ "$(jq -r .environment.layout r.json without.json)" = $'fixed\nfixed' ]
}

@test "--set: one line for a parameter or a value that does not exist, or a workload that is not run" {
	try "$SUITE" run pagefault.anon --set pagefault.anon.pags=1
	one_line_error 2 pagefault.anon.pags pagefault.anon.pages
	try "$SUITE" run pagefault.anon --set pagefault.anon.pages=many
	one_line_error 2 pagefault.anon.pages many "64 to"
	try "$SUITE" run syscall --set pagefault.anon.pages=64
	one_line_error 2 pagefault.anon "not among"
}

@test "list of a family shows only it" {
	"$SUITE" list cr3 --json >list.json
	jq -e '([.workloads[].family] | unique == ["cr3"]) and ([.workloads[].name] | contains(["cr3.pipe", "cr3.thread"]))' list.json
}

@test "run without counters: time only, one line says why, no exit field, status 0" {
	counters && skip "this machine has exit counters"
	try "$SUITE" run pagefault --repeat 3 --time 0.002 -o r.json --progress none
	[ "$status" = 0 ]
	[ "$(grep -c 'exits are not available' <<<"$stderr")" = 1 ]
	[[ $output == *pagefault.anon* ]]
	jq -e '.complete and .probe.backend == "none" and (.probe.why | length > 10)
		and ([.. | objects | has("exits") or has("busy")] | any | not)' r.json
	"$SUITE" report r.json --json >report.json
	jq -e '.workloads[] | select(.name == "pagefault.anon") | .ns_per_op.est > 0 and (has("per_op") | not)' report.json
}

@test "run --require-exits without counters: status 3 and no file" {
	counters && skip "this machine has exit counters"
	try "$SUITE" run pagefault --require-exits -o r.json
	one_line_error 3 "exit counters"
	[ ! -e r.json ]
}

@test "a result file is valid against the published schema" {
	"$SUITE" run all "${least[@]}" --seed 7 -o r.json
	/usr/bin/python3 - "$BATS_TEST_DIRNAME/../../docs/result.schema.json" r.json <<-'PYTHON'
		import json, sys, jsonschema
		schema, result = (json.load(open(name)) for name in sys.argv[1:3])
		jsonschema.validate(result, schema)
	PYTHON
}

@test "the same seed gives the same order, another seed another" {
	for run in one:1 same:1 other:2; do
		"$SUITE" run null cpuid madvise mprotect munmap pagefault syscall ud2 clone vfork --repeat 3 --ops 2 --time 0.001 \
			--seed "${run#*:}" -o "${run%:*}.json" --progress none >/dev/null
	done
	jq -c '[.workloads[] | select(.name != "spin") as $w | $w.samples[]? | {o: .order, n: $w.name, ops}] | sort_by(.o)' \
		one.json same.json other.json >orders
	mapfile -t orders <orders
	[ ${#orders[0]} -gt 2000 ]
	[ "${orders[0]}" = "${orders[1]}" ]
	[ "${orders[0]}" != "${orders[2]}" ]
}

@test "one repeat is one block: every workload once before any runs again" {
	quick cr3.pipe cr3.thread syscall ud2 -o r.json
	jq -e '([.workloads[] as $w | $w.samples[] | {o: .order, r: .repeat}] | sort_by(.o) | [.[].r] | . == sort)
		and ([.workloads[] | select(.status == "done")] | length >= 6
			and all(.[]; [.samples[].repeat] | group_by(.) | map(length) == [4, 4, 4]))' r.json
}

@test "samples do the operations 1, 2, 4, 8 times the smallest" {
	# The background is a rate: ten operations of spin are ten microseconds, in which one tick is a multitude.
	"$SUITE" run syscall --ops 10 --repeat 1 -o r.json --progress none
	jq -e '[.workloads[] | {(.name): [.samples[].ops] | sort}] | add | .syscall == [10, 20, 40, 80] and (.spin | min > 1000)' r.json
}

@test "page faults are those that the kernel accounted for" {
	"$SUITE" run pagefault.anon --ops 100 --repeat 2 --time 0.001 -o r.json --progress none
	jq -e '.workloads[] | select(.name == "pagefault.anon") | .samples | length == 8
		and all(.[]; .minor_faults >= .ops and .minor_faults <= .ops + 16)' r.json
}

@test "sizes that are rounded stay within what the workload can do at once" {
	"$SUITE" run fork.storm --set fork.storm.children=100 --ops 100 "${least[@]}" -o r.json
	jq -e '.workloads[] | select(.name == "fork.storm") | .status == "done" and ([.samples[].ops] | sort == [8, 16, 32, 64])' r.json
}

# A page that the harness writes for each operation is one more that a fork leaves to be copied: 7 faults in place of 6.
@test "the harness adds no page to those copied by a fork" {
	"$SUITE" run fork.exit --ops 10 "${least[@]}" -o r.json
	jq -r '.workloads[] | select(.name == "fork.exit") | .samples[] | select(.ops == 80) | .minor_faults / .ops | round' r.json >suite.txt
	"${SUITE%/*}/tests/bench/bare" fork.exit 80 1 | awk '{ printf "%.0f\n", $2 }' | uniq >bare.txt
	grep -qx '[0-9]*' bare.txt
	diff suite.txt bare.txt
}

@test "unknown workload: one line, status 2, no file" {
	try "$SUITE" run pagefalt -o r.json
	one_line_error 2 pagefalt "suite list"
	[ ! -e r.json ]
}

@test "no workload: status 2" {
	try "$SUITE" run
	one_line_error 2 "which workload"
}

@test "bad numbers: one line that names the option and the value" {
	for bad in "--repeat x" "--repeat 0" "--repeat -1" "--repeat 5x" "--time zero" "--time 0" "--ops 0" \
		"--cpu 99999" "--seed abc" "--precision 0" "--budget soon" "--warmup -1" "--timeout nan" "--color maybe" "--progress no"; do
		# shellcheck disable=SC2086
		try "$SUITE" run null $bad
		one_line_error 2 "${bad%% *}" "${bad##* }" || { echo "for $bad"; return 1; }
	done
}

@test "unknown option and option without value: one line, status 2" {
	try "$SUITE" run null --frobnicate
	one_line_error 2 "--frobnicate" "suite help run"
	try "$SUITE" run null --repeat
	one_line_error 2 "--repeat"
}

@test "results folder not writable: one line, status 3, before anything runs" {
	try "$SUITE" run null -o /nonexistent/folder/r.json
	one_line_error 3 "/nonexistent/folder"
	try "$SUITE" run null -o /proc/r.json
	one_line_error 3 "/proc"
}

@test "SIGINT leaves a valid partial file, no child and status 130" {
	"$SUITE" run cr3.pipe fork.exit --repeat 1000 --time 0.01 -o r.json --progress plain >out.txt 2>err.txt &
	pid=$!
	# The first repeat is over once there is a line of a later one.
	until grep -qE 'repeat ([2-9]|[1-9][0-9])' err.txt; do
		kill -0 "$pid"
	done
	kill -INT "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" = 130 ]
	jq -e '.complete == false and ([.workloads[].samples | length] | add > 0)' r.json
	run pgrep -P "$pid"
	[ -z "$output" ]
	[ "$(find . -name "*r.json*" | wc -l)" = 1 ]
	"$SUITE" report r.json | grep -qi 'partial\|incomplete\|interrupted'
}

@test "an old result survives a run that is stopped with SIGKILL" {
	quick null -o r.json
	cp r.json old.json
	"$SUITE" run null --repeat 10000 -o r.json --progress plain >/dev/null 2>err.txt &
	pid=$!
	until grep -qE 'repeat ([2-9]|[1-9][0-9])' err.txt; do
		kill -0 "$pid"
	done
	kill -KILL "$pid"
	wait "$pid" || true
	cmp r.json old.json
}

@test "without -o the result goes to results/, and a line names the file" {
	try "$SUITE" run null --repeat 1 --time 0.002
	[ "$status" = 0 ]
	[[ $stderr == *results/run-*.json* ]]
	[ "$(find results -type f | wc -l)" = 1 ]
}

@test "-o - writes the document to standard output and nothing else there" {
	"$SUITE" run null --repeat 1 --time 0.002 -o - 2>/dev/null | jq -e '.schema.id == "kvm-exit-suite/result"'
}

@test "--aa compares the halves of one run, on exits and times, and prints the result" {
	counters && skip "this machine has exit counters"
	try "$SUITE" run syscall --aa --repeat 3 --time 0.002 -o r.json --progress none
	[ "$status" = 0 ] # three against three can prove no difference
	[[ $output == *"the first half of the repeats against the second"* ]]
	[[ $stderr == *"compare as equal in all 3 rows"* ]]
	jq -e '.plan.repeat == 6 and all(.workloads[]; .samples | length == 24)' r.json
}

@test "--vcpus: the work is done on each CPU at once, and the file says what each did" {
	[ "$(nproc)" -ge 2 ] || skip "this machine has one CPU"
	"$SUITE" run pagefault.anon fork cr3 --vcpus 2 --ops 2 "${least[@]}" --warmup 0 \
		--set fork.storm.children=8 --set cr3.ring16.spaces=5 --set cr3.dirty16.spaces=5 -o r.json >/dev/null
	jq -e '.environment.vcpus_at_once == "2" and all(.workloads[]; .status == "done")
		and (.workloads[] | select(.name == "pagefault.anon") | ([.samples[].ops] | unique) == [4, 8, 16, 32]
			and all(.samples[]; .minor_faults >= .ops and (.vcpus | length) == 2 and ([.vcpus[].cpu] | unique | length) == 2))' r.json
	/usr/bin/python3 "$BATS_TEST_DIRNAME/../data/validate" r.json
	try "$SUITE" run null --vcpus 999
	one_line_error 2 "--vcpus 999"
}

@test "--vcpus: a share that fails fails the workload, and a workload that cannot be shared is skipped" {
	[ "$(nproc)" -ge 2 ] || skip "this machine has one CPU"
	try "$SUITE" run net.virtio --vcpus 2 "${least[@]}" -o r.json
	[ "$status" = 4 ]
	jq -e '.workloads[] | select(.name == "net.virtio") | .status == "skipped" and (.reason | test("interface"))' r.json
}

@test "nothing is written to a device that was not named" {
	try "$SUITE" run io.blk io.fsync io.uring io.serial net.virtio "${least[@]}" -o r.json
	[ "$status" = 4 ]
	jq -e '[.workloads[] | select(.status == "skipped")] | length == 6 and all(.[]; .reason | test("was named: --(disk|serial|net)"))' r.json
	touch no-disk
	try "$SUITE" run io.blk.write --disk no-disk "${least[@]}" -o r.json
	[ "$status" = 4 ]
	jq -e '.workloads[] | select(.name == "io.blk.write") | .reason | test("not a block device")' r.json
	[ ! -s no-disk ]
}

@test "labels of the caller are recorded" {
	"$SUITE" run null --repeat 1 --time 0.002 --fact accelerator=test-rig -o r.json
	jq -e '.environment.accelerator == "test-rig"' r.json
	try "$SUITE" run null --fact nonsense
	one_line_error 2 nonsense
}

@test "the binary is static" {
	[[ $SUITE == *sanitize* ]] && skip "not this build"
	run file -L "$SUITE"
	[[ $output == *"statically linked"* || $output == *"static-pie linked"* ]]
}
