#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Result files are what docs/result.schema.json says.

bats_require_minimum_version 1.5.0
load helper

data=$BATS_TEST_DIRNAME/../data

validate() {
	/usr/bin/python3 -c 'import jsonschema' 2>/dev/null || skip "python3-jsonschema is not installed (scripts/setup)"
	/usr/bin/python3 "$data/validate" "$@"
}

@test "the test data are valid, and equal to the generator's" {
	validate "$data"/*.json
	mkdir copy
	cp "$data/generate" copy/
	copy/generate
	for file in copy/*.json; do
		cmp "$file" "$data/${file##*/}"
	done
}

@test "the file of run is valid" {
	quick null rdtsc -o run.json >/dev/null
	validate run.json
}

@test "the schema refuses what the reader refuses" {
	validate "$data/nested.json"
	sed 's/"backend":"leaves"/"backend":"none"/' "$data/nested.json" >exits-from-nowhere.json
	sed '0,/"ops":/s//"ops":-/' "$data/nested.json" >negative.json
	sed 's/svm:0x72/cpuid/' "$data/nested.json" >key.json
	sed 's/"version":"1.2"/"version":"2.0"/' "$data/nested.json" >version.json
	for file in exits-from-nowhere negative key version; do
		run /usr/bin/python3 "$data/validate" "$file.json"
		[ "$status" = 1 ]
		try "$SUITE" report "$file.json"
		one_line_error 2 "$file.json"
	done
}
