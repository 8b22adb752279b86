# SPDX-License-Identifier: GPL-2.0-only
# Two tables in markdown from the lines of load.c; each cell is a file CELL.first.

FNR == 1 {
	cell = FILENAME
	sub(/\..*/, "", cell)
	cells[++n] = cell
	reading = 0
}

{
	key = $1 " " $2
	value[cell, key] = $4
	exits[$1] = $3
	reading = reading || $1 == "signature"
	if (n == 1 && !reading)
		loads[++nr_loads] = $1
	if (reading && !($1 in seen)) {
		seen[$1] = 1
		reads[++nr_reads] = $1
	}
}

function exits_of(load) { return load == "mix" ? 6 : 1 }

function row(load,   line, i, per, base) {
	base = value[cells[1], load " 1"] / exits_of(load)
	line = sprintf("| %s | %d | %.1f |", load, exits[load], base)
	for (i = 2; i <= n; i++) {
		per = value[cells[i], load " 1"] / exits_of(load)
		line = line sprintf(" %+.1f |", per - base)
	}
	print line
}

function header(text, from,   line, rule, i) {
	line = text; rule = "|"
	for (i = from; i <= n; i++)
		line = line " " cells[i] " |"
	print line
	gsub(/[^|]+/, " --- ", line)
	print line
}

function reading_row(cell, read,   line, v) {
	line = sprintf("| %s | %s |", cell, read)
	for (v = 1; v <= 8; v *= 2)
		line = line sprintf(" %+.1f |", value[cell, read " " v] - value[cell, "cpuid 1"])
	print line
}

END {
	header("| load | exits | " cells[1] " |", 2)
	for (i = 1; i <= nr_loads; i++)
		if (loads[i] != "nothing")
			row(loads[i])
	if (!nr_reads)
		exit
	print ""
	print "| cell | leaf | 1 vCPU | 2 | 4 | 8 |"
	print "| --- | --- | --- | --- | --- | --- |"
	for (c = 1; c <= n; c++)
		if (cells[c] != "stock" && cells[c] != "off")
			for (i = 1; i <= nr_reads; i++)
				if (cells[c] != "atomic" || reads[i] ~ /^course/)
					reading_row(cells[c], reads[i])
}
