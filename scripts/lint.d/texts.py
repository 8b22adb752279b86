# SPDX-License-Identifier: MIT
"""What the lints of this folder read: documents whole, of sources the comments, line by line."""
import io
import os
import re
import subprocess
import sys
import tokenize

DOCUMENTS = (".md", ".scd")
C = (".c", ".h")
# Recorded results, foreign licences, and patches, whose text is the kernel's.
FOREIGN = re.compile(r"^(LICENSES/|tests/data/|docs/.*\.(json|png)$|kernel-patch/(series-|.*\.patch$))")


def top():
	return os.path.normpath(os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", ".."))


def listed(tree, *options):
	done = subprocess.run(["git", "-C", tree, "ls-files", "-z", *options], check=True, capture_output=True, text=True)
	return [path for path in done.stdout.split("\0") if path and os.path.isfile(os.path.join(tree, path))]


def texts(tree):
	"""Every text of the tree that is ours, new files included: (path, its lines)."""
	for path in sorted(set(listed(tree, "-co", "--exclude-standard"))):
		if FOREIGN.match(path):
			continue
		try:
			with open(os.path.join(tree, path), encoding="utf-8") as file:
				yield path, file.read().split("\n")
		except UnicodeDecodeError:
			continue


def kind(path, lines):
	"""document, c, python, shell (also CMake, awk, bats: all that has # comments), or None."""
	if path.endswith(DOCUMENTS):
		return "document"
	if path.endswith(C):
		return "c"
	if path.endswith(".py") or (lines[0].startswith("#!") and "python" in lines[0]):
		return "python"
	if lines[0].startswith("#!") or path.endswith((".sh", ".bash", ".bats", ".awk", "CMakeLists.txt", "Makefile")):
		return "shell"
	return None


def c_comments(lines):
	"""(line number, text) of comments; not strings that hold // or /*."""
	text = "\n".join(lines)
	pattern = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|//[^\n]*|/\*.*?\*/', re.S)
	for found in pattern.finditer(text):
		if found[0].startswith("/"):
			first = text.count("\n", 0, found.start()) + 1
			yield from enumerate(found[0].split("\n"), first)


def python_comments(lines):
	"""Comments and strings of several lines, which are documentation."""
	for token in tokenize.generate_tokens(io.StringIO("\n".join(lines) + "\n").readline):
		if token.type == tokenize.COMMENT or (token.type == tokenize.STRING and "\n" in token.string):
			yield from enumerate(token.string.split("\n"), token.start[0])


def shell_comments(lines):
	for number, line in enumerate(lines, 1):
		found = re.search(r"(?:^|\s)#(?!!)(.*)", line)
		if found:
			yield number, found[1]


def prose(path, lines):
	"""(line number, text) of what is written for people: a document, or the comments of a source."""
	what = kind(path, lines)
	if what == "document":
		return enumerate(lines, 1)
	reader = {"c": c_comments, "python": python_comments, "shell": shell_comments}.get(what)
	return reader(lines) if reader else ()


def main(findings, usage):
	"""Runs a lint: prints what FINDINGS(tree) yields; 1 when that is anything."""
	if len(sys.argv) > 2 or sys.argv[1:2] in (["-h"], ["--help"]):
		print(usage.strip())
		return 0 if len(sys.argv) == 2 else 2
	found = list(findings(sys.argv[1] if len(sys.argv) == 2 else top()))
	for line in found:
		print(line)
	return 1 if found else 0
