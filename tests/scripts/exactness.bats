#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# kernel-patch/exactness with a laboratory that boots nothing: which combinations it runs, and what it makes of their witnesses.

bats_require_minimum_version 1.5.0
load ../cli/helper

top=$BATS_TEST_DIRNAME/../..

# tree: the script, a laboratory that writes the witness $witness, and two series.
tree() {
	mkdir -p tree/kernel-patch tree/scripts tree/build
	cp "$top/kernel-patch/exactness" tree/kernel-patch/
	cp "$top/scripts/lib.sh" tree/scripts/
	touch tree/kernel-patch/series-6.1 tree/kernel-patch/series-6.12
	cat >tree/suite <<-SH
		#!/bin/bash
		echo "\$*" >>"$PWD/calls"
		while [ \$# -gt 0 ]; do [ "\$1" != -o ] || out=\$2; shift; done
		[ ! -e "$PWD/fails-\${out##*/}" ] || exit 130
		mkdir -p "\$out"
		for mode in nested shadow; do cp "$PWD/witness" "\$out/witness-\$mode.json"; done
	SH
	printf '#!/bin/sh\necho %s\n' "'{\"environment\": {\"outer_kernel\": \"1.2.3\"}}'" >tree/build/suite
	chmod +x tree/suite tree/build/suite
	witness true 200000 null
}

# witness EQUAL EXITS BY-STATISTICS
witness() {
	echo "{\"equal\": $1, \"kvm_exit\": {\"svm:0x72\": $2}, \"total\":
		{\"kvm_exit\": $2, \"stat_exits\": $2, \"unentered\": 0, \"binary_stats\": $3, \"after\": 1}}" >witness
}

exactness() { try tree/kernel-patch/exactness -o out "$@"; }

@test "attach: every series and the newest kernel, 1, 2 and 4 vCPUs" {
	tree
	exactness --counters attach --vendor amd
	[ "$status" = 0 ] || { echo "$stderr"; return 1; }
	sed -nE 's/.*--counters attach --vendor amd --kernel ([^ ]+) --vcpus ([^ ]+) .*/\1 \2/p' calls >ran
	[ "$(paste -sd , ran)" = "6.1 1,6.1 2,6.1 4,6.12 1,6.12 2,6.12 4,newest 1,newest 2,newest 4" ]
	[ "$(grep -c '| every reason |' <<<"$output")" = 18 ]
}

@test "a combination that failed is named, the others are run, and the next call runs it alone" {
	tree
	touch fails-attach-amd-6.12-2
	exactness --counters attach --vendor amd
	[ "$status" = 3 ]
	[[ $stderr == *"attach-amd-6.12-2: the laboratory failed"* ]]
	[ "$(grep -c '| every reason |' <<<"$output")" = 16 ]
	rm fails-* calls
	exactness --counters attach --vendor amd
	[ "$status" = 0 ]
	[ "$(grep -c '| every reason |' <<<"$output")" = 18 ]
	grep -q -- '--kernel 6.12 --vcpus 2 ' calls
	[ "$(wc -l <calls)" = 1 ]
}

@test "a count that differs, too few exits, or a patched KVM without statistics by reason: status 1" {
	tree
	witness false 200000 null
	exactness --counters attach --vendor amd --kernel newest --vcpus 1
	[ "$status" = 1 ]
	[ "$(grep -c '| \*\*no\*\* |' <<<"$output")" = 2 ]
	witness true 99999 null
	exactness --counters attach --vendor amd --kernel newest --vcpus 2
	[ "$status" = 1 ]
	[ "$(grep -c '(too few)' <<<"$output")" = 2 ]
	witness true 200000 null
	exactness --vendor amd --kernel 6.1 --vcpus 1
	[ "$status" = 1 ]
	witness true 200000 200000
	exactness --vendor amd --kernel 6.1 --vcpus 2
	[ "$status" = 0 ]
	try tree/kernel-patch/exactness --counters both
	one_line_error 2 "'both'" --help
}
