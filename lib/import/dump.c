// SPDX-License-Identifier: MIT
#include "import/import.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* PowerShell's > and Notepad write UTF-16. */
static void check_encoding(struct dump *l, const char *text, size_t size)
{
	bool marked = size > 1 && (!memcmp(text, "\xff\xfe", 2) || !memcmp(text, "\xfe\xff", 2));

	l->lines = 1;
	if (marked)
		dump_fail(l, "the file is UTF-16: convert it with iconv -f UTF-16 -t UTF-8");
	else if (size && memchr(text, 0, size))
		dump_fail(l, "the file holds bytes of 0, which no text has: if it is UTF-16, "
			     "convert it with iconv -f UTF-16 -t UTF-8");
	l->lines = 0;
}

static int read_lines(struct dump *l, char *text, size_t size)
{
	struct dump_lines *state = dump_lines_new();
	char *end = text + size, *next;

	if (!state)
		return -ENOMEM;
	for (; text < end && !l->error; text = next) {
		next = text + strcspn(text, "\r\n");
		if (next < end) {
			next += next[0] == '\r' && next[1] == '\n';
			*next = 0;
			if (next > text && next[-1] == '\r')
				next[-1] = 0;
			next++;
		}
		l->lines++;
		dump_line(l, state, text);
	}
	if (!l->error)
		dump_end(l, state);
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

int dump_read_text(struct dump *l, char *text, size_t size)
{
	l->seconds = -1;
	check_encoding(l, text, size);
	if (!l->error)
		read_lines(l, text, size);
	if (l->error)
		return l->error;
	if (!l->counters)
		dump_fail(l, "the end, and no line gave the exits of a reason: lines like "
			     "'exit number= 48, number_of_exits =890534' or what cpuid -l "
			     "0x4ffffffd -s N prints are read");
	dump_whole(l);
	if (!l->error)
		check_vendor(l);
	return l->error;
}

int dump_read(struct dump *l, FILE *in)
{
	char *text = NULL, *larger;
	size_t room = 1 << 16, size = 0;

	do {
		room *= 2;
		larger = realloc(text, room);
		if (!larger) {
			free(text);
			return -ENOMEM;
		}
		text = larger;
		size += fread(text + size, 1, room - 1 - size, in);
	} while (size == room - 1);
	text[size] = 0;
	if (ferror(in))
		l->error = -EIO;
	else
		dump_read_text(l, text, size);
	free(text);
	return l->error;
}

void dump_free(struct dump *l)
{
	free(l->counter);
	l->counter = NULL;
	l->counters = 0;
}
