// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

#include "host.h"

#define SYSLOG_ACTION_READ_ALL 3

/* Lines are: reason, name, count, busy, wall. */
static bool says(const char *text, uint32_t code, uint64_t n)
{
	unsigned long long count, busy, wall;
	char reason[16], name[32];
	const char *line;

	snprintf(reason, sizeof(reason), " %#x ", code);
	line = strstr(text, reason);
	if (!line || sscanf(line, "%*s %31s %llu %llu %llu", name, &count, &busy, &wall) != 4)
		return false;
	printf("# host:%s%s %llu, busy %llu\n", reason, name, count, busy);
	return count == n && busy && busy <= wall && strcmp(name, "unknown");
}

bool debugfs_says(int vm_fd, uint32_t code, uint64_t n)
{
	char path[64], text[8192];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/kernel/debug/kvm/%d-%d/exit_stats", getpid(), vm_fd);
	file = fopen(path, "r");
	if (!file)
		return false;
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	return says(text, code, n);
}

bool log_says(uint32_t id, uint32_t code, uint64_t n)
{
	static char log[1 << 20];
	int size = klogctl(SYSLOG_ACTION_READ_ALL, log, sizeof(log) - 1);
	const char *text;
	char title[32];

	log[size < 0 ? 0 : size] = '\0';
	snprintf(title, sizeof(title), "exits of VM %08x", id);
	text = strstr(log, title);
	return text && says(text, code, n);
}

int log_vms(char value)
{
	int fd = open("/sys/module/kvm/parameters/exit_stats_log", O_WRONLY);
	int result = fd < 0 ? fd : (int)write(fd, &value, 1);

	if (fd >= 0)
		close(fd);
	return result;
}
