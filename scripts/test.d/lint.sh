# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2034
# What can be said of the sources without building them.
# reads: jobs
# sets:  lint_checks

# NAME, the function lint_NAME, and what it shows when it holds.
lint_checks=(
	'format C sources are formatted (clang-format)'
	'shell shell scripts are clean (shellcheck)'
	'cppcheck C sources are clean (cppcheck)'
	'spdx every source file has its licence (SPDX)'
	'manuals manual pages build (scdoc)'
)
# Each program of scripts/lint.d is one more check, which takes the tree; what it holds is in its third line.
for file in "$top"/scripts/lint.d/*; do
	[ ! -f "$file" ] || [ ! -x "$file" ] || lint_checks+=("${file##*/} $(sed -nE '3s/^("""|# *)//p' "$file")")
done

c_files() { git -C "$top" ls-files -co --exclude-standard '*.c' '*.h' | grep -v '^kernel-patch/'; }

# Shell scripts by their first line; one process for all files, as each costs more than the reading.
shell_files() {
	git -C "$top" ls-files -co --exclude-standard -z -- suite .ci scripts kernel-patch completions |
		(cd "$top" && xargs -0 awk 'FNR == 1 { script = /^#!.*[\/ ](ba)?sh( |$)/ }
			FNR <= 3 && (script && FNR == 1 || /shellcheck shell=/) { print FILENAME; nextfile }
			FNR > 3 { nextfile }') | sort -u
}

# lint_program NAME
lint_program() { "$top/scripts/lint.d/$1" "$top"; }

lint_format() { (cd "$top" && c_files | xargs clang-format --dry-run -Werror); }

lint_shell() { (cd "$top" && shell_files | xargs -P "$jobs" -n 8 shellcheck -x); }

lint_cppcheck() {
	(cd "$top" && cppcheck --quiet --enable=warning,portability,performance --inline-suppr --std=c11 -j "$jobs" \
		--error-exitcode=1 --suppress=missingInclude -D_GNU_SOURCE -D'SUITE_VERSION=""' \
		-Ilib -Iprobe -i lib/attach/attach.bpf.c lib probe workloads)
}

lint_spdx() {
	local missing
	missing=$({ c_files; shell_files; git -C "$top" ls-files -co --exclude-standard '*CMakeLists.txt' '*.bats'; } |
		(cd "$top" && xargs awk 'FNR == 1 { if (file) print file; file = FILENAME }
			FNR <= 5 && /SPDX-License-Identifier:/ { file = ""; nextfile }
			FNR > 5 { nextfile }
			END { if (file) print file }'))
	[ -n "$missing" ] || return 0
	awk '{ print $0 ": no SPDX line in its first five lines" }' <<<"$missing"
	return 1
}

lint_manuals() {
	local manual
	for manual in "$top"/docs/*.scd; do
		scdoc <"$manual" >/dev/null || { echo "$manual: scdoc refuses it"; return 1; }
	done
}
