// SPDX-License-Identifier: MIT
/* Lines of other tools that words alone would misread. */
#include <inttypes.h>
#include <string.h>

#include "import/grammar.h"
#include "import/words.h"

/* What gives totals, and no reasons. */
static const struct {
	const char *needle, *tool;
} totals[] = {
	{ "vcpu.0.exits", "virsh domstats" },
	{ "exits.sum=", "virsh domstats" },
	{ "\"provider\": \"kvm\"", "QEMU's query-stats" },
	{ "\"provider\":\"kvm\"", "QEMU's query-stats" },
	{ "provider: kvm", "QEMU's info stats" },
	{ "\"name\": \"exits\"", "QEMU's query-stats" },
};

static bool totals_only(struct dump *l, struct dump_lines *s, const char *text)
{
	size_t i;

	if (!strncmp(text, "Domain: '", 9))
		s->totals_of = "virsh domstats";
	if (s->totals_of && !strncmp(s->totals_of, "virsh", 5) &&
	    (!strncmp(text, "Domain:", 7) || !strncmp(text, "vcpu.", 5))) {
		dump_skip(l, "a total of virsh domstats");
		return true;
	}
	for (i = 0; i < sizeof(totals) / sizeof(*totals); i++)
		if (strstr(text, totals[i].needle)) {
			s->totals_of = totals[i].tool;
			dump_skip(l, "a total without reasons");
			return true;
		}
	return false;
}

/* ftrace, trace-cmd and perf script: "task-12 [005] 22018.775584: kvm_exit: reason HLT rip ..." */
static bool traced(struct dump *l, struct dump_lines *s, const char *text)
{
	const struct tokens *t = &s->tokens;
	const struct exitprobe_reason *reason = NULL;
	const char *at = strstr(text, "kvm_exit:");
	size_t i;

	if (strstr(text, "EVENTS LOST") || strstr(text, " events lost")) {
		dump_fail(l, "events were lost: exits of the trace are missing; take it again with "
			     "a larger buffer");
		return true;
	}
	if (!at) {
		at = strstr(text, ": kvm_");
		if (!at || !at[6 + strcspn(at + 6, ": ")] || at[6 + strcspn(at + 6, ": ")] != ':')
			return false;
		dump_skip(l, "another event");
		return true;
	}
	for (i = 0; i + 1 < t->n && !reason; i++)
		if (t->list[i].at > at && token_is(&t->list[i], "reason"))
			reason = word_reason(l->vendor, &t->list[i + 1]);
	if (!reason)
		dump_fail(l, "kvm_exit without a reason's name that %s has: is --vendor right?",
			  exitprobe_vendor_name(l->vendor));
	else
		dump_add(l, "an event", reason->code, 1);
	return true;
}

/* kvm_stat: "kvm_exit(CPUID)   2160   21", all so far and in the last second. */
static bool kvm_stat(struct dump *l, struct dump_lines *s)
{
	const struct tokens *t = &s->tokens;
	const struct exitprobe_reason *reason;
	size_t i = 1;

	if (t->list[0].kind != TOKEN_WORD || t->list[0].length < 5 ||
	    strncmp(t->list[0].at, "kvm_", 4))
		return false;
	if (token_sign(t, 1, "(") && token_sign(t, 3, ")"))
		i = 4;
	if (i >= t->n || t->list[i].kind != TOKEN_NUMBER)
		return false;
	if (!token_is(&t->list[0], "kvm_exit")) {
		dump_skip(l, "another event");
		return true;
	}
	if (t->n - i > 2 || t->list[i].decimal || t->list[i].time) {
		dump_fail(l, "not what kvm_stat prints, a count and one of the last second");
		return true;
	}
	reason = i == 4 ? word_reason(l->vendor, &t->list[2]) : NULL;
	if (i == 1)
		dump_total(l, t->list[i].value);
	else if (t->list[2].kind == TOKEN_NUMBER)
		line_count(l, s, "kvm_stat", t->list[2].value, t->list[i].value);
	else if (reason)
		line_count(l, s, "kvm_stat", reason->code, t->list[i].value);
	else
		dump_fail(l, "no reason of %s has the name %.*s: is --vendor right?",
			  exitprobe_vendor_name(l->vendor),
			  t->list[2].length > 40 ? 40 : (int)t->list[2].length, t->list[2].at);
	return true;
}

static void map_entry(struct dump *l, struct dump_lines *s)
{
	const struct token *k = s->tokens.list;
	const struct exitprobe_reason *reason = word_reason(l->vendor, &k[3]);
	char name[sizeof(s->map)];

	snprintf(name, sizeof(name), "%.*s", (int)(k[1].length < 30 ? k[1].length : 30), k[1].at);
	if (*s->map && strcmp(name, s->map))
		dump_fail(l, "two maps of counts, @%s and @%s: leave one of them", s->map, name);
	memcpy(s->map, name, sizeof(name));
	if (k[3].kind == TOKEN_NUMBER)
		line_count(l, s, "bpftrace", k[3].value, k[6].value);
	else if (reason)
		line_count(l, s, "bpftrace", reason->code, k[6].value);
	else
		dump_fail(l, "@%s has a key that is no reason of %s", name,
			  exitprobe_vendor_name(l->vendor));
}

/* bpftrace: "@exits[10]: 2160" */
static bool map(struct dump *l, struct dump_lines *s)
{
	const struct tokens *t = &s->tokens;
	size_t at, size;
	bool time = false;

	if (!token_sign(t, 0, "@") || t->n < 2)
		return false;
	for (at = 0; at < t->list[1].length; at += size + 1) {
		size = word_part(t->list[1].at + at, t->list[1].length - at);
		time = time || word_role(l->vendor, t->list[1].at + at, size) == ROLE_TIME;
	}
	if (time)
		dump_skip_time(l);
	else if (t->n == 7 && token_sign(t, 2, "[") && token_sign(t, 4, "]") &&
		 token_sign(t, 5, ":") && t->list[6].kind == TOKEN_NUMBER && !t->list[6].decimal &&
		 !t->list[6].time)
		map_entry(l, s);
	else if (t->n == 4 && token_sign(t, 2, ":") && token_is(&t->list[1], "total"))
		dump_total(l, t->list[3].value);
	else
		dump_fail(l, "a map of bpftrace that is not @NAME[REASON]: COUNT");
	return true;
}

/* A command that was copied along with what it printed. */
static bool command(struct dump *l, const char *text)
{
	if (strncmp(text, "$ ", 2) && strncmp(text, "# ./", 4) && strncmp(text, "# /", 3) &&
	    !strstr(text, ":~$ ") && !strstr(text, ":~# ") && !strstr(text, "cpuid -") &&
	    strncmp(text, "Attaching ", 10))
		return false;
	dump_skip(l, "a command");
	return true;
}

bool tools_line(struct dump *l, struct dump_lines *s, const char *text)
{
	return totals_only(l, s, text) || traced(l, s, text) || kvm_stat(l, s) || map(l, s) ||
	       command(l, text);
}
