# SPDX-License-Identifier: MIT
# What is wrong with pieces, from facts about them, "KIND PIECE NAME" with tabs, read twice: all have to be known first. Kinds:
# reads and sets of the headers, shellcheck's 2154 and 2034, expanded and assigned, quotes; everywhere and somewhere, of no piece.
function wrong(text) { print $2 ": " $3 " " text }
function is(kind) { return (kind, $2, $3) in fact }
function known(kind) { return (kind, $3) in common }
function used() { return is("2154") || is("expanded") }

BEGIN { FS = "\t" }
NR == FNR {
	fact[$1, $2, $3] = 1
	if ($1 == "everywhere" || $1 == "somewhere") common[$1, $3] = 1
	next
}
$1 == "quotes" { print $2 ": its quotes are not understood" }
$1 == "2154" || $1 == "expanded" && !is("2154") {
	if (!known("everywhere") && !is("assigned") && !is("reads")) wrong("is used, and the header's 'reads:' does not name it")
}
$1 == "2034" && !is("sets") { wrong("is set for others, and the header's 'sets:' does not name it") }
$1 == "reads" && !used() { wrong("is in 'reads:', and nothing here uses it") }
$1 == "reads" && !known("somewhere") { wrong("is in 'reads:', and no script or piece sets it") }
$1 == "sets" && !is("assigned") { wrong("is in 'sets:', and nothing here sets it") }
