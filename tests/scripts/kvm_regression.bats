#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What a CI job sees of scripts/kvm-regression, with a laboratory that has its results already: a tree is a folder with
# nested.json and shadow.json, and with a file `status` if its run ends otherwise than with 0.

bats_require_minimum_version 1.5.0
load ../cli/helper

top=$BATS_TEST_DIRNAME/../..
data=$BATS_TEST_DIRNAME/../data

setup_file() {
	SUITE=$(readlink -f "${SUITE:-$top/build/suite}")
	cd "$BATS_FILE_TMPDIR" || return 1
	mkdir -p 'a folder/scripts' same more
	cp "$top/scripts/kvm-regression" "$top/scripts/lib.sh" 'a folder/scripts/'
	cat >'a folder/suite' <<STUB
#!/usr/bin/env bash
[ "\$1" = lab ] || exec "$SUITE" "\$@"
STUB
	cat >>'a folder/suite' <<'STUB'
echo "$*" >>calls
tree=same
while [ $# -gt 0 ]; do
	case $1 in
	-o) out=$2 ;;
	--linux) tree=$2 ;;
	esac
	shift
done
mkdir -p "$out"
cp "$tree"/*.json "$out"
exit "$(cat "$tree/status" 2>/dev/null || echo 0)"
STUB
	chmod +x 'a folder/suite'
	cp "$data/nested.json" "$data/shadow.json" same/
	cp "$data/nested.json" more/
	# With this change, a CR3 write in ten comes twice.
	jq -c '.workloads[].samples[].exits |= with_entries(if .key == "svm:0x13" then .value |= (. * 1.1 | floor) else . end)' \
		"$data/shadow.json" >more/shadow.json
}

setup() { cp -r "$BATS_FILE_TMPDIR"/. "$BATS_TEST_TMPDIR" && cd "$BATS_TEST_TMPDIR"; }

regression() { try 'a folder/scripts/kvm-regression' "$@"; }

@test "usage errors: one line, status 2" {
	for bad in "" same "same more --frobnicate" "same more -o" "same more --fail-on"; do
		# shellcheck disable=SC2086
		regression $bad
		one_line_error 2 "see --help" || { echo "for '$bad'"; return 1; }
	done
}

@test "the same KVM twice: nothing differs, status 0, both comparisons exist" {
	regression same same -o 'the runs'
	[ "$status" = 0 ] || { echo "$stderr"; return 1; }
	[[ $output == *"nested paging"*"shadow paging"* ]]
	for mode in nested shadow; do
		[ -s "the runs/$mode.txt" ] && [ -s "the runs/base/$mode.json" ] && [ -s "the runs/change/$mode.json" ]
	done
}

@test "both sides run the same workloads with the same seed and options" {
	regression - same cr3.pipe cpuid --repeat 9 -o runs -- --ops 10
	[ "$status" = 0 ] || { echo "$stderr"; return 1; }
	[ "$(wc -l <calls)" = 2 ]
	diff <(sed -n 1p calls | sed 's/base/X/') <(sed -n 2p calls | sed 's/ --linux same//; s/change/X/')
	grep -qE '^lab run cr3.pipe cpuid --linux same --seed [0-9]+ -o runs/change --repeat 9 -- --ops 10$' calls
}

@test "a change that costs exits breaks the default rule, in the affected mode" {
	regression same more -o runs
	[ "$status" = 1 ] || { echo "$output$stderr"; return 1; }
	grep -q "^FAIL cr3.pipe, cr-access: .*'\*:exits>1%'" runs/shadow.txt
	[ "$(grep -c ^FAIL runs/nested.txt)" = 0 ]
	regression same more -o runs2 --paging nested
	[ "$status" = 0 ]
	[ ! -e runs2/shadow.txt ]
}

@test "a user's rule replaces the default" {
	regression same more -o runs --fail-on 'cr3.*:exits>20%'
	[ "$status" = 0 ] || { echo "$output$stderr"; return 1; }
	regression same more -o runs --fail-on 'cr3.*:exits>20%' --fail-on 'cr3.pipe:cr-access>0.1'
	[ "$status" = 1 ]
	regression same more -o runs --fail-on nonsense
	[ "$status" = 2 ]
}

@test "an expectation broken by the change does not fail, a laboratory that fails does" {
	echo 5 >same/status
	regression - same -o runs
	[ "$status" = 0 ] || { echo "$output$stderr"; return 1; }
	echo 3 >same/status
	regression - same -o runs
	[ "$status" = 3 ]
	[ -z "$output" ]
}
