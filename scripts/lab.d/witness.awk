# SPDX-License-Identifier: MIT
# The outer VM's own counts beside the last reading of one inner VM, number `guest_number` of them, as JSON. Input, in this order:
#   part=guest      lines "SLOT KEY COUNT": the last reading (lib/cmd/witness.c)
#   part=format     tracefs format of kvm_exit: the names by which the ring buffer prints reasons
#   part=threads    lines "GUEST THREAD": the vCPUs of all inner VMs
#   part=histogram  tracefs histogram of kvm_exit by common_pid and exit_reason: every exit of all inner VMs until this one paused
#   part=stat       debugfs `exits` of the VM: the same total, counted elsewhere in KVM
#   part=binary     lines "SLOT COUNT": what KVM_GET_STATS_FD of every vCPU shows, summed; nothing if it shows no reasons
#   part=vm         the same as it shows for the VM
#   part=unentered  (VMX) tracefs histogram of what stat.exits counts without an entry: guest state that KVM had to emulate
#   part=trace      ring buffer of kvm_exit and kvm_cpuid from the marker to the pause
#
# A counter was read by one CPUID exit, which it includes if it is CPUID's. What came after it of that reason is in the ring
# buffer. A slot that was zero has no read of its own: the bitmap leaf that said so stands for it.

function number(text,   i, value, digit) {
	if (text !~ /^0x/) return text + 0
	value = 0
	text = tolower(substr(text, 3))
	for (i = 1; i <= length(text); i++) {
		digit = index("0123456789abcdef", substr(text, i, 1))
		value = value * 16 + digit - 1
	}
	return value
}

# Exit codes as the counters key them: the basic reason on VMX, the whole code on SVM.
function key_of(code,   key) {
	key = vendor == "vmx" ? "vmx:" code % 65536 : sprintf("svm:0x%x", code)
	return key in slot ? key : vendor ":other"
}

# { 0x040 + 14, "PF excp" }: the tables of VMX and SVM are two branches of one expression.
function read_names(text,   at, part, code, sum, n, i) {
	at = index(text, "REC->isa == 1")
	text = substr(text, at)
	at = index(text, ") : __print_symbolic(")
	text = vendor == "vmx" ? substr(text, 1, at) : substr(text, at)
	while (match(text, /\{ [^{}"]*, "[^"]*" \}/)) {
		part = substr(text, RSTART + 2, RLENGTH - 4)
		text = substr(text, RSTART + RLENGTH)
		code = part
		sub(/,.*/, "", code)
		sub(/^[^"]*"/, "", part)
		sub(/"$/, "", part)
		n = split(code, term, / \+ /)
		sum = 0
		for (i = 1; i <= n; i++) sum += number(term[i])
		code_of[part] = sum
	}
}

function problem_is(text) { if (problem == "") problem = text }

function read_exit(line,   reason) {
	reason = line
	sub(/.* reason /, "", reason)
	sub(/ rip 0x.*/, "", reason)
	if (!(reason in code_of) && reason !~ /^0x/)
		problem_is("the ring buffer names a reason that its format does not: " reason)
	event[++exits] = key_of(reason in code_of ? code_of[reason] : number(reason))
}

function read_cpuid(line,   word) {
	sub(/.*: func /, "", line)
	split(line, word, " ")
	if (word[1] == "4fffffee") marked = 1
	if (word[1] == "4fffff04") bitmap[number("0x" word[3])] = exits
	if (word[1] == "4fffff02") answered[number("0x" word[3])] = exits
}

# Exits of this reason behind its reading; what they were goes to explained[].
function count_after(key,   from, i, n, last, list) {
	if (slot[key] in answered) from = answered[slot[key]]
	else if (int(slot[key] / 128) in bitmap) from = bitmap[int(slot[key] / 128)]
	else {
		problem_is("the ring buffer holds no reading of " key)
		return 0
	}
	for (i = from + 1; i <= exits; i++)
		if (event[i] == key) {
			n++
			if (i == exits) last = "the write to the pvpanic device, which paused the VM"
			else list = list (list == "" ? "" : ", ") i
		}
	if (list != "") {
		explained[key] = "came after this counter was read and before the pause: exit " list " of " exits " since the marker"
		if (last != "") explained[key] = explained[key] ", and " last
	} else explained[key] = last
	return n + 0
}

# The statistics were read while the VM was paused, so nothing came after them.
function check_binary(key,   seen) {
	seen = key in kvm_exit ? kvm_exit[key] : 0
	by_binary[key] = binary[slot[key]] + 0
	if (by_binary[key] != seen)
		problem_is(key ": KVM_GET_STATS_FD shows " by_binary[key] " exits, the tracepoint " seen)
	if (vm[slot[key]] + 0 != by_binary[key])
		problem_is(key ": KVM_GET_STATS_FD shows " vm[slot[key]] + 0 " exits for the VM, " by_binary[key] " for its vCPUs")
	binary_total += by_binary[key]
}

# A line of a histogram, by the thread that was there: every one is a vCPU of an inner VM.
function is_ours(   thread) {
	thread = $0
	sub(/.*common_pid: */, "", thread)
	thread += 0
	if (!(thread in owner)) problem_is("the tracepoint saw thread " thread ", which is no vCPU of an inner VM")
	return owner[thread] == guest_number
}

function object(name, values, zero,   i, key, separator) {
	printf "  \"%s\": {", name
	for (i = 0; i < keys; i++) {
		key = order[i]
		if (!(key in kvm_exit) && guest[key] == 0) continue
		if (!zero && values[key] + 0 == 0) continue
		printf "%s\n    \"%s\": %.0f", separator, key, values[key]
		separator = ","
	}
	printf "\n  },\n"
}

part == "guest" {
	slot[$2] = $1
	guest[$2] = $3
	order[keys++] = $2
	if (vendor == "") vendor = substr($2, 1, 3)
}
part == "format" && /^print fmt:/ { read_names($0) }
part == "threads" { owner[$2] = $1 }
part == "histogram" && /^{ .*exit_reason:/ {
	if (!is_ours()) next
	count = $NF
	sub(/.*exit_reason: */, "")
	kvm_exit[key_of($1 + 0)] += count
	total += count
}
part == "histogram" && /Dropped:/ { dropped = $2 + 0; seen_dropped = 1 }
part == "stat" { stat += $1 }
part == "binary" { binary[$1] += $2; binaries++ }
part == "vm" { vm[$1] += $2 }
part == "unentered" && /^{ .*common_pid:/ && is_ours() { unentered += $NF }
part == "trace" && /entries-in-buffer/ {
	sub(/.*written: */, "")
	split($1, entries, "/")
	if (entries[1] != entries[2]) problem_is("the ring buffer has lost events: " $1)
}
part == "trace" && / kvm_cpuid: / { read_cpuid($0) }
part == "trace" && / kvm_exit: / { read_exit($0) }

END {
	if (!marked) problem_is("the ring buffer does not begin with the marker")
	if (!seen_dropped || dropped) problem_is("the histogram dropped " dropped " reasons")
	if (total + unentered != stat)
		problem_is("kvm_exit saw " total " exits" (unentered ? " beside " unentered " emulated states" : "") ", stat.exits " stat)
	equal = "true"
	for (i = 0; i < keys; i++) {
		key = order[i]
		if (binaries) check_binary(key)
		if (key in kvm_exit || guest[key] > 0) {
			after[key] = count_after(key)
			if (kvm_exit[key] + 0 != guest[key] + after[key]) equal = "false"
			guest_total += guest[key]
			after_total += after[key]
		}
	}
	if (problem != "") equal = "false"
	printf "{\n  \"vendor\": \"%s\",\n  \"paging\": \"%s\",\n", vendor, paging
	object("kvm_exit", kvm_exit, 1)
	object("guest", guest, 1)
	if (binaries) object("binary_stats", by_binary, 1)
	object("after", after, 0)
	printf "  \"explained\": {"
	for (i = 0; i < keys; i++)
		if (explained[order[i]] != "") {
			printf "%s\n    \"%s\": \"%s\"", separator, order[i], explained[order[i]]
			separator = ","
		}
	printf "\n  },\n  \"total\": {\"kvm_exit\": %.0f, \"stat_exits\": %.0f, \"unentered\": %.0f, \"binary_stats\": %s, ",
		total, stat, unentered, binaries ? sprintf("%.0f", binary_total) : "null"
	printf "\"guest\": %.0f, \"after\": %.0f},\n", guest_total, after_total
	printf "  \"problem\": %s,\n  \"equal\": %s\n}\n", problem == "" ? "null" : "\"" problem "\"", equal
}
