// SPDX-License-Identifier: MIT
#include "import/words.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* To read one more manner of writing, add its words here, or a form in lines.c. */
static const struct {
	const char *word;
	enum role role;
} vocabulary[] = {
	{ "exit", ROLE_EXIT },         { "vmexit", ROLE_EXIT },        { "exits", ROLE_EXITS },
	{ "vmexits", ROLE_EXITS },     { "reason", ROLE_REASON },      { "number", ROLE_NUMBER },
	{ "no", ROLE_NUMBER },         { "num", ROLE_NUMBER },         { "nr", ROLE_NUMBER },
	{ "type", ROLE_NUMBER },       { "id", ROLE_NUMBER },          { "code", ROLE_NUMBER },
	{ "count", ROLE_COUNT },       { "counts", ROLE_COUNT },       { "counter", ROLE_COUNT },
	{ "frequency", ROLE_COUNT },   { "times", ROLE_COUNT },        { "hits", ROLE_COUNT },
	{ "occurrences", ROLE_COUNT }, { "occurred", ROLE_COUNT },     { "happened", ROLE_COUNT },
	{ "samples", ROLE_COUNT },     { "total", ROLE_TOTAL },        { "sum", ROLE_TOTAL },
	{ "overall", ROLE_TOTAL },     { "all", ROLE_TOTAL },          { "time", ROLE_TIME },
	{ "tsc", ROLE_TIME },          { "duration", ROLE_TIME },      { "latency", ROLE_TIME },
	{ "average", ROLE_TIME },      { "avg", ROLE_TIME },           { "eax", ROLE_REGISTER },
	{ "ebx", ROLE_REGISTER },      { "ecx", ROLE_REGISTER },       { "edx", ROLE_REGISTER },
	{ "rax", ROLE_REGISTER },      { "rbx", ROLE_REGISTER },       { "rcx", ROLE_REGISTER },
	{ "rdx", ROLE_REGISTER },      { "pid", ROLE_OTHER },          { "tid", ROLE_OTHER },
	{ "leaf", ROLE_OTHER },        { "line", ROLE_OTHER },         { "cpus", ROLE_OTHER },
	{ "cpu", ROLE_CPU },           { "vcpu", ROLE_CPU },           { "after", ROLE_AFTER },
	{ "not", ROLE_NOT },           { "invalid", ROLE_NOT },        { "undefined", ROLE_NOT },
	{ "unsupported", ROLE_NOT },   { "disabled", ROLE_NOT },       { "stat", ROLE_HEADING },
	{ "stats", ROLE_HEADING },     { "statistics", ROLE_HEADING }, { "dump", ROLE_HEADING },
	{ "summary", ROLE_HEADING },   { "of", ROLE_FILLER },          { "the", ROLE_FILLER },
	{ "for", ROLE_FILLER },        { "and", ROLE_FILLER },         { "is", ROLE_FILLER },
	{ "was", ROLE_FILLER },        { "are", ROLE_FILLER },         { "were", ROLE_FILLER },
	{ "has", ROLE_FILLER },        { "had", ROLE_FILLER },         { "a", ROLE_FILLER },
	{ "name", ROLE_FILLER },       { "kvm", ROLE_FILLER },         { "vm", ROLE_FILLER },
	{ "vmx", ROLE_FILLER },        { "svm", ROLE_FILLER },         { "unknown", ROLE_FILLER },
	{ "info", ROLE_FILLER },       { "types", ROLE_FILLER },       { "reasons", ROLE_FILLER },
};

/* Names that are not those of the vendor's table. */
static const struct {
	enum exitprobe_vendor vendor;
	const char *name;
	uint32_t code;
} aliases[] = {
	{ EXITPROBE_VMX, "EXCEPTION", 0 },        { EXITPROBE_VMX, "PENDING_INTERRUPT", 7 },
	{ EXITPROBE_VMX, "RDMSR", 31 },           { EXITPROBE_VMX, "WRMSR", 32 },
	{ EXITPROBE_VMX, "I/O_INSTRUCTION", 30 }, { EXITPROBE_VMX, "EPT_MISCONFIGURATION", 49 },
	{ EXITPROBE_SVM, "INTERRUPT", 0x60 },     { EXITPROBE_SVM, "IO", 0x7b },
};

static bool same(const char *word, const char *at, size_t length)
{
	return (*word | 0x20) == (*at | 0x20) && strlen(word) == length &&
	       !strncasecmp(word, at, length);
}

/* Is this a word of a reason's name, as EPT and VIOLATION are? */
static bool of_a_name(enum exitprobe_vendor vendor, const char *at, size_t length)
{
	unsigned int n, i;
	const struct exitprobe_reason *list = exitprobe_reasons(vendor, &n);
	const char *part;
	size_t size;

	for (i = 0; i < n; i++)
		for (part = list[i].name; *part; part += size + (part[size] == '_')) {
			size = strcspn(part, "_");
			if (size == length && (*part | 0x20) == (*at | 0x20) &&
			    !strncasecmp(part, at, length))
				return true;
		}
	return false;
}

enum role word_role(enum exitprobe_vendor vendor, const char *at, size_t length)
{
	size_t i;

	for (i = 0; i < sizeof(vocabulary) / sizeof(*vocabulary); i++)
		if (same(vocabulary[i].word, at, length))
			return vocabulary[i].role;
	if (token_time_unit(at, length) && length > 1)
		return ROLE_TIME;
	return of_a_name(vendor, at, length) ? ROLE_FILLER : ROLE_UNKNOWN;
}

size_t word_part(const char *at, size_t length)
{
	size_t n = 0;

	while (n < length && at[n] != '_' &&
	       !(n && islower((unsigned char)at[n - 1]) && isupper((unsigned char)at[n])))
		n++;
	return n;
}

const struct exitprobe_reason *word_reason(enum exitprobe_vendor vendor, const struct token *t)
{
	static const char prefix[] = "EXIT_REASON_";
	const char *at = t->at;
	size_t length = t->length, i;
	const struct exitprobe_reason *list;
	unsigned int n;

	if (length > strlen(prefix) && !strncasecmp(at, prefix, strlen(prefix))) {
		at += strlen(prefix);
		length -= strlen(prefix);
	}
	list = exitprobe_reasons(vendor, &n);
	for (i = 0; i < n; i++)
		if (same(list[i].name, at, length))
			return &list[i];
	for (i = 0; i < sizeof(aliases) / sizeof(*aliases); i++)
		if (aliases[i].vendor == vendor && same(aliases[i].name, at, length))
			return exitprobe_reason(vendor, aliases[i].code);
	return NULL;
}
