// SPDX-License-Identifier: MIT
/* Labels of this guest: facts that decide what its exits cost, each one line of text from the
 * kernel's own source. */
#include <cpuid.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "guest/guest.h"

#define SYS "/sys/devices/system/"

/* First line of a file without the newline; false if it cannot be read. */
static bool first_line(const char *path, char *line, size_t size)
{
	FILE *f = fopen(path, "re");
	bool ok;

	if (!f)
		return false;
	ok = fgets(line, (int)size, f) != NULL;
	fclose(f);
	if (ok)
		line[strcspn(line, "\n")] = 0;
	return ok;
}

/* The bracketed choice of "always [madvise] never". */
static void bracketed(char *line)
{
	char *open = strchr(line, '['), *close = strchr(line, ']');

	if (!open || !close)
		return;
	*close = 0;
	memmove(line, open + 1, strlen(open + 1) + 1);
}

/* Value of "key : value" in /proc/cpuinfo, first processor. */
static bool cpuinfo(const char *key, char *value, size_t size)
{
	FILE *f = fopen("/proc/cpuinfo", "re");
	char line[4096], *colon;
	bool found = false;

	if (!f)
		return false;
	while (!found && fgets(line, sizeof(line), f)) {
		colon = strchr(line, ':');
		if (!colon || strncmp(line, key, strlen(key)) ||
		    strspn(line + strlen(key), " \t") + strlen(key) != (size_t)(colon - line))
			continue;
		snprintf(value, size, "%s", colon[1] ? colon + 2 : "");
		value[strcspn(value, "\n")] = 0;
		found = true;
	}
	fclose(f);
	return found;
}

static const char *pti(void)
{
	char line[256];

	if (!first_line(SYS "cpu/vulnerabilities/meltdown", line, sizeof(line)))
		return "unknown";
	return strstr(line, "PTI") ? "on" : "off";
}

static const char *has_flag(const char *flags, const char *flag)
{
	const char *at = strstr(flags, flag);
	size_t length = strlen(flag);

	while (at && !((at == flags || at[-1] == ' ') && (at[length] == ' ' || !at[length])))
		at = strstr(at + 1, flag);
	return at ? "on" : "off";
}

/* Whether the kernel flushes with INVPCID: arch/x86/mm/init.c setup_pcid. */
static const char *invpcid(const char *flags)
{
	if (!*flags)
		return "unknown";
	return !strcmp(has_flag(flags, "pcid"), "on") ? has_flag(flags, "invpcid") : "off";
}

/* An emulator that executes us directly identifies itself; what runs our hypervisor only the caller
 * can know. */
static const char *accelerator(const struct exitprobe *p)
{
	if (!p->hypervisor_bit)
		return "none";
	return strcmp(p->hypervisor, "TCGTCGTCGTCG") ? "unknown" : "qemu-tcg";
}

static int add_default(struct result *r, const char *name, const char *value)
{
	return result_label(r, name) ? 0 : result_add_label(r, name, "%s", value);
}

/* Who counts, and where that can be read. */
static int describe_page(struct result *r, const struct exitprobe *p)
{
	char at[80];
	int ret;

	if (p->backend != EXITPROBE_PAGE)
		return 0;
	if (p->copied)
		snprintf(at, sizeof(at), "%s, copied every %u us", p->page_at, p->copy_us);
	else
		snprintf(at, sizeof(at), "%s", p->page_at);
	ret = add_default(r, "host_kernel", p->host_kernel);
	return ret ? ret : add_default(r, "counters_at", at);
}

int environment_describe(struct result *r, const struct exitprobe *p)
{
	static const char clock[] = SYS "clocksource/clocksource0/current_clocksource";
	char line[256], flags[4096] = "";
	struct utsname name;
	int ret;

	uname(&name);
	ret = add_default(r, "guest_kernel", name.release);
	if (!ret && cpuinfo("model name", line, sizeof(line)))
		ret = add_default(r, "cpu_model", line);
	snprintf(line, sizeof(line), "%ld", sysconf(_SC_NPROCESSORS_ONLN));
	if (!ret)
		ret = add_default(r, "cpus", line);
	snprintf(line, sizeof(line), "%lld",
		 (long long)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE) / 1024);
	if (!ret)
		ret = add_default(r, "memory_kib", line);
	if (!ret)
		ret = add_default(r, "clocksource",
				  first_line(clock, line, sizeof(line)) ? line : "unknown");
	if (first_line("/sys/kernel/mm/transparent_hugepage/enabled", line, sizeof(line)))
		bracketed(line);
	else
		strcpy(line, "unknown");
	if (!ret)
		ret = add_default(r, "thp", line);
	if (!ret)
		ret = add_default(r, "pti", pti());
	if (!ret)
		ret = add_default(r, "layout", layout());
	cpuinfo("flags", flags, sizeof(flags));
	if (!ret)
		ret = add_default(r, "x2apic", has_flag(flags, "x2apic"));
	if (!ret)
		ret = add_default(r, "invpcid", invpcid(flags));
	if (!ret)
		ret = add_default(r, "hypervisor", p->hypervisor_bit ? p->hypervisor : "none");
	if (!ret)
		ret = add_default(r, "accelerator", accelerator(p));
	return ret ? ret : describe_page(r, p);
}
