# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# reads: action modes out programs script work
# sets:  lab_status programs script
# `suite lab script` and `suite lab test-patch`: the user's programs in the outer VM, and in inner VMs that it boots.
# init.outer sources the script, which can call these (the first three are scripts/kvm-load.sh's):
#   load_kvm FOLDER       irqbypass, kvm with $kvm_parameters, kvm-amd or kvm-intel with the paging mode; from /modules, or
#                         from /stock/modules, the distribution's own (there is brd, too, a disk in memory)
#   check_mode            the modules must report that mode and these parameters, or the laboratory fails
#   unload_kvm            unload them, so that one outer VM can try several parameters
#   inner COMMAND [MORE]  boot an inner VM (MORE: for its -cpu) that runs only COMMAND; prints its output, returns its status
#   mark TEXT             a line of progress on the console
# The laboratory prints its output and exits with its status (0, 1, or 3 for any other). /out is copied to -o DIR.

# script_programs: static programs, in /bin of both VMs.
script_prepare() {
	[ "$action" = test-patch ] || return 0
	script=$top/scripts/guest/test-patch
	step "building the tests of the patch" make -C "$top/kernel-patch/tests" CC=gcc OUT="$work" ||
		die "$EX_ENVIRONMENT" "kernel-patch/tests do not build: run 'scripts/setup build' to install the compiler"
	programs=("$work/leaves" "$work/vmm" "$top/scripts/guest/test-patch.inner")
	[ ! -x "$top/build/suite-attach" ] || programs+=("$top/build/suite-attach")
}

# script_put INNER OUTER: into the two folders of the job.
script_put() {
	local inner=$1 outer=$2 module
	cp "$script" "$outer/job/script"
	mkdir -p "$outer/bin" "$outer/stock/modules"
	[ ${#programs[@]} = 0 ] || install "${programs[@]}" "$inner/bin"
	[ ${#programs[@]} = 0 ] || install "${programs[@]}" "$outer/bin"
	for module in irqbypass kvm kvm-amd kvm-intel brd; do
		put_module "$module" "$outer/stock"
	done
	mkdir -p "$inner/modules"
	put_module virtio_balloon "$inner"
}

# script_output: of all modes. TAP of the modes becomes one.
script_output() {
	local mode
	if [ "$action" = script ]; then
		for mode in "${modes[@]}"; do
			cat "$work/$mode/out/output"
		done
		return 0
	fi
	echo 'TAP version 13'
	for mode in "${modes[@]}"; do
		sed -nE "s/^((not )?ok) - /\1 - $mode: /p; /^#/p" "$work/$mode/out/output"
	done | awk '/^(not )?ok/ { sub(/ok - /, "ok " ++n " - ") } { print } END { print "1.." n }'
}

script_check() {
	local mode=$1 dir=$work/$1 status
	if ! frame_unpack "$dir/frame" "$dir/out"; then
		watch_consoles "$mode"
		return 1
	fi
	if [ -s "$dir/out/error" ]; then
		say "$mode: $(cat "$dir/out/error")"
		sed 's/^/    /' "$dir/out/output" >&2
		return 1
	fi
	status=$(cat "$dir/out/status")
	[ "$status" = 0 ] || lab_status=$EX_FINDING
	[ "$status" = 0 ] || [ "$status" = 1 ] || lab_status=$EX_ENVIRONMENT
	[ -z "$out" ] || { mkdir -p "$out/$mode" && cp -r "$dir/out/." "$out/$mode"; }
}

lab_script() {
	local mode
	lab_status=0
	watch_all || { results_failed; exit "$EX_ENVIRONMENT"; }
	for mode in "${modes[@]}"; do
		script_check "$mode" || { results_failed; exit "$EX_ENVIRONMENT"; }
		[ -z "$out" ] || results_consoles "$mode" "$out"
	done
	script_output
	exit "$lab_status"
}
