#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the program offers for completion, and that bash and zsh take it, in a terminal with a TAB.

bats_require_minimum_version 1.5.0
load helper

top=$BATS_TEST_DIRNAME/../..
offered() { "$SUITE" complete -- "$@"; }

@test "commands, workloads with their families, verbs" {
	[ "$(offered r)" = $'run\nreport' ]
	[ "$(offered run cr3.pip)" = cr3.pipe ]
	[ "$(offered run cr3 | head -n 1)" = cr3 ]
	[ "$(offered run cr3 | grep -vc '^cr3')" = 0 ]
	[ "$(offered list al)" = all ]
	[ "$(offered boot '')" = $'mark\nshow' ]
	[ "$(offered help ex)" = exec ]
	# Every workload that list shows.
	[ "$("$SUITE" list --json | jq -r '.workloads[].name' | sort)" = \
		"$(comm -12 <(offered run '' | sort) <("$SUITE" list --json | jq -r '.workloads[].name' | sort))" ]
}

@test "every option that a help text shows is offered, values where they are known" {
	for command in list run probe exec top boot report compare; do
		offered $command - | sort -u >offered
		"$SUITE" help $command | sed '1,/^$/s/[[ ]-/\n  -/g' | grep -oE '^  -[-a-z, =A-Z]*' | grep -oE -- '(^| )--?[a-z][a-z-]*' | tr -d ' ' | sort -u >shown
		[ -s shown ]
		diff shown offered || { echo "$command"; return 1; }
	done
	[ "$(offered run --color '')" = $'auto\nalways\nnever' ]
	[ "$(offered top --sort = c)" = cycles ]
	[ "$(offered top --sort=c)" = "" ]
	[ "$(offered run --progress p)" = plain ]
	[ "$(offered report '')" = :files ]
	[ "$(offered report -o '')" = :files ]
	[ "$(offered exec '')" = :commands ]
}

@test "lab's options come from its own table, without a build" {
	"$top/suite" lab help --options >table
	[ "$("$SUITE" complete --options-on-stdin -- lab run --paging '' <table)" = $'nested\nshadow\nboth' ]
	"$SUITE" complete --options-on-stdin -- lab run --v <table | grep -qx -- --vendor
	"$SUITE" complete --options-on-stdin -- lab run cr3.p <table | grep -qx cr3.pipe
	[ "$("$SUITE" complete --options-on-stdin -- lab i <table)" = images ]
}

@test "a table that is cut off, empty or no table: what it has, and no crash" {
	"$top/suite" lab help --options >table
	for size in 0 1 5 20 60 100 200; do
		head -c $size table | "$SUITE" complete --options-on-stdin -- lab run --paging n >/dev/null
	done
	head -c 5000 "$SUITE" | "$SUITE" complete --options-on-stdin -- lab run --paging n >/dev/null
}

@test "nonsense causes no error message in a shell" {
	try "$SUITE" complete -- nosuch --x
	[ "$status" = 0 ]
	[ -z "$output$stderr" ]
	try "$SUITE" complete
	one_line_error 2 complete
}

# in_shell COMMAND...: types at the prompt of an interactive shell.
in_shell() {
	touch results.json
	ln -s "$SUITE" suite
	PATH=$PWD:$PATH TERM=xterm "$BATS_TEST_DIRNAME/terminal.py" "$@" <<-SCRIPT
		expect ^READY
		key suite ru\\tcr3.p\\t
		expect suite run cr3.pipe
		key --repe\\t
		expect cr3.pipe --repeat
		key \\x15
		absent cr3.pipe
		key suite report resu\\t
		expect suite report results.json
		key \\x15
		absent results.json
		key $top/suite lab run --pagi\\tsha\\t
		expect lab run --paging shadow
		key \\x15exit\\n
		status 0
	SCRIPT
}

@test "bash" {
	cat >rc <<-RC
		PS1='READY '
		. "$top/completions/suite.bash"
	RC
	in_shell bash --noprofile --rcfile rc -i
}

@test "zsh" {
	cat >.zshrc <<-RC
		PS1='READY '
		fpath=("$(realpath "$top/completions")" \$fpath)
		autoload -Uz compinit
		compinit -u -D
	RC
	ZDOTDIR=$PWD in_shell zsh -i
}

@test "completions and manuals are installed where the shells and man look" {
	DESTDIR=$PWD cmake --install "$top/build" --prefix /usr >/dev/null
	for file in bin/suite share/bash-completion/completions/suite share/zsh/site-functions/_suite share/man/man1/suite-exec.1; do
		[ -s "usr/$file" ] || { echo "$file is missing"; return 1; }
	done
}
