# SPDX-License-Identifier: MIT
"""What the checks of this folder share: which room a file is in, what enters what, and circles."""
import os
import re

# A room, what it is for, and the rooms it may enter. A file's own room and the standard library go without saying.
# A room is a folder or one header; the longest path wins. Each room enters only rooms above it, so no circle is possible.
ROOMS = [
	("probe/exitprobe.h", "the probe library's public header", ""),
	("probe/page.h", "the exit page, byte by byte: what host and guest share", ""),
	("probe", "libexitprobe: detects and reads the counters", "exitprobe.h page.h"),
	("lib/workload.h", "the contract between a workload and the engine", ""),
	("lib/expect.h", "expected exits of a workload: bands and units", "exitprobe.h"),
	("lib/base", "interruption, numbers, options, messages, pinning", ""),
	("lib/kit", "what a workload may call", "workload.h base"),
	("workloads", "one mechanism per file", "workload.h expect.h kit"),
	("lib/stats", "arithmetic on arrays", ""),
	("lib/result", "the result file, in memory and on disk", "exitprobe.h"),
	("lib/reading", "one reading of all counters, as text or JSON", "exitprobe.h base"),
	("lib/witness", "the outer VM's evidence against the guest's last reading", "exitprobe.h base result"),
	("lib/selftest", "the counters against a known number of CPUIDs", "exitprobe.h"),
	("lib/guest", "facts about this machine", "exitprobe.h result"),
	("lib/text", "numbers, colours, clean text, JSON values", "stats result"),
	("lib/catalog", "which workloads, which values, which bands", "workload.h expect.h base result"),
	("lib/complete", "candidates for the shell's completion", "workload.h catalog"),
	("lib/run", "plan, window, sample, trial, engine", "exitprobe.h workload.h kit base stats result catalog"),
	("lib/estimate", "samples become exits per op and verdicts", "exitprobe.h stats result text"),
	("lib/import", "dumps of other tools become result files", "exitprobe.h result text estimate"),
	("lib/compare", "sides become rows and cells; rules", "result text estimate"),
	("lib/summary", "what the numbers say, in sentences; warnings", "text estimate"),
	("lib/report", "what all renderers share, and the tables of formats", "base result estimate compare summary"),
	("lib/report/text", "a report or comparison as text", "result text estimate summary report"),
	("lib/report/html", "a report as a page", "text estimate summary report"),
	("lib/report/json", "a report or comparison as JSON", "text estimate summary report"),
	("lib/report/table", "CSV, Markdown, gnuplot, OpenMetrics", "result text estimate summary report"),
	("lib/exec", "measures any command", "workload.h base catalog result text run estimate"),
	("lib/boot", "measures a boot, mark by mark", "result text guest run"),
	("lib/top", "exits per second, live", "exitprobe.h base text"),
	("lib/attach", "the host's side of the exit pages, a program of its own", "exitprobe.h page.h base"),
	("lib/cmd", "one file a command: options in, status out", "exitprobe.h workload.h base result reading import witness"
	 " selftest guest catalog complete run compare report exec boot top attach"),
	("lib/main.c", "the program", "cmd"),
]
FOLDERS = ("lib", "probe", "workloads")
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')


def short(path):
	"""The name of a room in the list: without lib/ and probe/ where a header is meant."""
	return re.sub(r"^(lib/|probe/(?=\w+\.h))", "", path)


NAMES = [short(path) for path, _, _ in ROOMS]
MAY = {short(path): set(may.split()) for path, _, may in ROOMS}


def room_of(path):
	"""The room of a file, or None: lib/x.c is in none, nor is a folder that the list does not have."""
	best = None
	for room, _, _ in ROOMS:
		if (path == room or path.startswith(room + "/")) and (best is None or len(room) > len(best)):
			best = room
	return short(best) if best else None


def order():
	"""Complaints about the list itself: a room that enters one below it or one that is not there."""
	for index, name in enumerate(NAMES):
		for other in sorted(MAY[name]):
			if other not in NAMES[:index]:
				yield f"tests/house/tree.py: {name} may enter {other}, which is not above it in the list"


def sources(top):
	"""All C files of the rooms, as paths from TOP."""
	for folder in FOLDERS:
		for at, folders, files in os.walk(os.path.join(top, folder)):
			folders.sort()
			for file in sorted(files):
				if file.endswith((".c", ".h")):
					yield os.path.relpath(os.path.join(at, file), top)


def includes(top, path):
	"""(line, name as written, path from TOP or None) of each #include "..."."""
	with open(os.path.join(top, path), encoding="utf-8") as text:
		for number, line in enumerate(text, 1):
			found = INCLUDE.match(line)
			if found:
				yield number, found[1], resolve(top, path, found[1])


def resolve(top, path, name):
	"""As the compiler does: the file's own folder, then -Ilib and -Iprobe."""
	for folder in (os.path.dirname(path), "lib", "probe"):
		candidate = os.path.normpath(os.path.join(folder, name))
		if os.path.isfile(os.path.join(top, candidate)):
			return candidate
	return None


def circles(edges):
	"""Tarjan's strongly connected components of {from: {to}}, those of more than one node, sorted."""
	index, low, stack, found = {}, {}, [], []

	def visit(node):
		index[node] = low[node] = len(index)
		stack.append(node)
		for other in sorted(edges.get(node, ())):
			if other not in index:
				visit(other)
				low[node] = min(low[node], low[other])
			elif other in stack:
				low[node] = min(low[node], index[other])
		if low[node] == index[node]:
			at = stack.index(node)
			if len(stack) - at > 1:
				found.append(sorted(stack[at:]))
			del stack[at:]

	for node in sorted(edges):
		if node not in index:
			visit(node)
	return sorted(found)
