# SPDX-License-Identifier: MIT
# The names in lower case that bash scripts give a value to: by NAME=, or by a command that takes names. Prints "assigned FILE
# NAME", with tabs.
function assigned(name) { print "assigned\t" FILENAME "\t" name }
/^[ \t]*#/ { next }
{
	line = $0
	while (match(line, /(^|[ \t;({&|])(local|declare|readonly|mapfile|read|for|printf -v) /)) {
		line = substr(line, RSTART + RLENGTH)
		rest = line
		gsub(/"[^"]*"|\$[A-Za-z0-9_{}#]*/, "", rest)
		sub(/( in |[;<)]).*/, "", rest)
		n = split(rest, word, /[ \t]+/)
		for (i = 1; i <= n; i++)
			if (match(word[i], /^[a-z][A-Za-z0-9_]*/)) assigned(substr(word[i], 1, RLENGTH))
	}
	line = $0
	while (match(line, /(^|[ \t;({&|!])[a-z][A-Za-z0-9_]*(\[[^]]*\])?\+?=/)) {
		name = substr(line, RSTART, RLENGTH)
		line = substr(line, RSTART + RLENGTH)
		gsub(/^[ \t;({&|!]|(\[.*)?\+?=$/, "", name)
		assigned(name)
	}
}
