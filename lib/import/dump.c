// SPDX-License-Identifier: MIT
#include "import/import.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

static int read_lines(struct dump *l, FILE *in, bool columns)
{
	struct dump_lines *state = dump_lines_new();
	size_t room = 0, length;
	char *text = NULL;
	ssize_t got;

	if (!state)
		return -ENOMEM;
	while (!l->error && (got = getline(&text, &room, in)) >= 0) {
		length = (size_t)got;
		while (length && (text[length - 1] == '\n' || text[length - 1] == '\r'))
			text[--length] = 0;
		l->lines++;
		dump_line(l, state, text, columns);
	}
	if (!l->error && ferror(in))
		l->error = -EIO;
	if (!l->error)
		dump_end(l, state);
	free(text);
	dump_lines_free(state);
	return l->error;
}

/* Whoever read these counters in a guest executed CPUID, which exits on both vendors. */
static void check_vendor(struct dump *l)
{
	const uint32_t vmx_cpuid = 10, svm_cpuid = 0x72;
	bool vmx = l->vendor == EXITPROBE_VMX;

	if (!dump_last(l, vmx ? vmx_cpuid : svm_cpuid) && dump_last(l, vmx ? svm_cpuid : vmx_cpuid))
		dump_fail(l,
			  "no exit of CPUID as %s counts it (%s), but of %s (%s): say --vendor "
			  "%s",
			  vmx ? "vmx" : "svm", vmx ? "10" : "0x72", vmx ? "svm" : "vmx",
			  vmx ? "0x72" : "10", vmx ? "svm" : "vmx");
}

int dump_read(struct dump *l, FILE *in)
{
	int ret = read_lines(l, in, false);

	if (!ret && !l->counters && !fseek(in, 0, SEEK_SET)) {
		l->lines = l->left_out = l->cycles = 0;
		l->total = (struct dump_counter){ 0 };
		ret = read_lines(l, in, true);
	}
	if (ret)
		return ret;
	if (!l->counters)
		dump_fail(l, "the end, and no line gave the exits of a reason: lines like "
			     "'exit number= 48, number_of_exits =890534' or what cpuid -l "
			     "0x4ffffffd -s N prints are read");
	else
		check_vendor(l);
	return l->error;
}

void dump_free(struct dump *l)
{
	free(l->counter);
	l->counter = NULL;
	l->counters = 0;
}
