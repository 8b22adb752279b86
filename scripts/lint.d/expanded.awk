# SPDX-License-Identifier: MIT
# The names in lower case that bash scripts expand, $name and ${name}: in words and double quotes, not in single quotes, comments
# and quoted here-documents. Prints "expanded FILE NAME", with tabs; "quotes FILE" of one whose quotes are not understood.

# What the parser is in: w words, d double quotes, s single quotes, b braces of an expansion, p parentheses.
function top() { return substr(stack, length(stack)) }
function push(state) { stack = stack state }
function pop() { if (length(stack) > 1) stack = substr(stack, 1, length(stack) - 1) }

function expanded(name) { print "expanded\t" file "\t" name }

# Behind a '$' at place i of the line: says the name; returns the place of the last character that it took.
function expansion(i,   rest) {
	rest = substr(line, i + 1)
	if (rest ~ /^\(/) {
		push("p")
		return i + 1
	}
	if (rest ~ /^'/ && top() != "d") {
		push("s")
		return i + 1
	}
	if (rest ~ /^\{/) {
		push("b")
		sub(/^\{[!#]?/, "", rest)
		if (match(rest, /^[a-z][a-zA-Z0-9_]*/)) expanded(substr(rest, 1, RLENGTH))
		return i + 1
	}
	if (match(rest, /^[a-z][a-zA-Z0-9_]*/)) {
		expanded(substr(rest, 1, RLENGTH))
		return i + RLENGTH
	}
	return i
}

function character(i,   c, state) {
	c = substr(line, i, 1)
	state = top()
	if (state == "s") {
		if (c == "'") pop()
	} else if (c == "\\") return i + 1
	else if (c == "$") return expansion(i)
	else if (c == "\"") {
		if (state == "d") pop()
		else push("d")
	} else if (state == "d") return i
	else if (c == "'") push("s")
	else if (state == "b") {
		if (c == "}") pop()
	} else if (c == "#" && (i == 1 || substr(line, i - 1, 1) ~ /[ \t;(]/)) return length(line)
	else if (c == "(") push("p")
	else if (c == ")" && state == "p") pop()
	return i
}

function file_ends() { if (file != "" && (stack != "w" || here != "")) print "quotes\t" file "\t" }

FNR == 1 {
	file_ends()
	file = FILENAME
	stack = "w"
	here = ""
}
here != "" {
	line = $0
	end = line
	sub(/^\t+/, "", end)
	if (end == here) here = ""
	else if (!quoted)
		for (i = 1; i <= length(line); i++)
			if (substr(line, i, 1) == "$" && substr(line, i - 1, 1) != "\\") {
				before = stack
				i = expansion(i)
				stack = before
			}
	next
}
{
	line = $0
	for (i = 1; i <= length(line); i++) i = character(i)
	if (top() !~ /[sd]/ && match(line, /<<-?'?[A-Z]+'?/)) {
		here = substr(line, RSTART, RLENGTH)
		quoted = here ~ /'/
		gsub(/[<'-]/, "", here)
	}
}
END { file_ends() }
