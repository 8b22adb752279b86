# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# The outer VM's own counts against the guest's last reading.

# witness_json OUT MODE: JSON on stdout from what the outer VM sent in the folder OUT.
witness_json() {
	local out=$1 mode=$2 evidence=$1/evidence file
	for file in "$out/guest" "$evidence"/{format,histogram,stat-exits,trace}; do
		if [ ! -s "$file" ]; then
			say "$mode: the outer VM sent no ${file##*/}: its counts cannot be compared"
			return 1
		fi
	done
	awk -v paging="$mode" -f "$top/scripts/lab.d/witness.awk" \
		part=guest "$out/guest" part=format "$evidence/format" part=histogram "$evidence/histogram" \
		part=stat "$evidence/stat-exits" part=trace "$evidence/trace" | jq .
}

# witness_summary: one line per mode; status 1 when a count is not what the outer VM counted.
witness_summary() {
	local mode file status=0
	for mode in "${modes[@]}"; do
		file=$out/witness-$mode.json
		if [ "$(jq .equal "$file")" = true ]; then
			say "$mode: $(jq -r '"all \(.total.kvm_exit) exits that the outer VM counted are in the guest'\''s counters," +
				" reason by reason (\(.total.after) of them came after the last reading)"' "$file")"
			continue
		fi
		status=1
		say "$mode: the guest's counters differ from the outer VM's: $(jq -r '.problem // (. as $w | [.kvm_exit, .guest | keys[]]
			| unique | map(select(($w.kvm_exit[.] // 0) != ($w.guest[.] // 0) + ($w.after[.] // 0))
			| "\(.) \($w.kvm_exit[.] // 0) is not \($w.guest[.] // 0) + \($w.after[.] // 0)") | join("; "))' "$file"); see $file"
	done
	return "$status"
}
