// SPDX-License-Identifier: MIT
#include "attach/vms.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Up to size bytes of /proc/PID/NAME, with a zero after them; the number of bytes, 0 for none. */
static size_t proc_read(pid_t pid, const char *name, char *text, size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? 0 : read(fd, text, size - 1);
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	return n > 0 ? (size_t)n : 0;
}

/* QEMU's "-name guest=a,debug-threads=on" and "-name a"; a value that begins with another key names
 * nothing. */
static bool name_of_argument(const char *value, char *name, size_t size)
{
	const char *at = strstr(value, "guest=");
	size_t n;

	if (at && (at == value || at[-1] == ','))
		value = at + strlen("guest=");
	n = strcspn(value, ",");
	if (!n || memchr(value, '=', n))
		return false;
	snprintf(name, size, "%.*s", (int)n, value);
	return true;
}

static void name_vm(struct vm *vm)
{
	char arguments[16384];
	size_t n = proc_read(vm->pid, "cmdline", arguments, sizeof(arguments));
	const char *at = arguments, *end = arguments + n;

	for (; at < end; at += strlen(at) + 1)
		if (!strcmp(at, "-name") && at + sizeof("-name") < end &&
		    name_of_argument(at + sizeof("-name"), vm->name, sizeof(vm->name)))
			return;
	proc_read(vm->pid, "comm", vm->name, sizeof(vm->name));
	vm->name[strcspn(vm->name, "\n")] = '\0';
}

/* What a descriptor is, by the text of its link. */
static void take_descriptor(struct vm *vm, const char *link)
{
	static const char machine[] = "anon_inode:kvm-vm", vcpu[] = "anon_inode:kvm-vcpu:";
	unsigned int id;
	char *end;

	if (!strcmp(link, machine)) {
		vm->vms++;
	} else if (!strncmp(link, vcpu, strlen(vcpu))) {
		id = (unsigned int)strtoul(link + strlen(vcpu), &end, 10);
		if (*end)
			return;
		vm->vcpus++;
		if (id > vm->last_id)
			vm->last_id = id;
	}
}

/* 0, or a negative errno: the process is gone, or may not be looked at. */
static int examine(pid_t pid, struct vm *vm)
{
	char path[320], link[128];
	struct dirent *entry;
	ssize_t n;
	DIR *dir;

	*vm = (struct vm){ .pid = pid };
	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	dir = opendir(path);
	if (!dir)
		return -errno;
	while ((entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%d/fd/%s", pid, entry->d_name);
		n = readlink(path, link, sizeof(link) - 1);
		if (n <= 0)
			continue;
		link[n] = '\0';
		take_descriptor(vm, link);
	}
	closedir(dir);
	if (vm->vms)
		name_vm(vm);
	return 0;
}

static int add(struct vm **list, size_t *n, const struct vm *vm)
{
	struct vm *more = realloc(*list, (*n + 1) * sizeof(**list));

	if (!more)
		return -ENOMEM;
	*list = more;
	more[(*n)++] = *vm;
	return 0;
}

static int by_pid(const void *a, const void *b)
{
	return ((const struct vm *)a)->pid - ((const struct vm *)b)->pid;
}

int vms_find(struct vm **list, size_t *n, size_t *hidden)
{
	struct dirent *entry;
	struct vm vm;
	DIR *proc = opendir("/proc");
	int ret = 0;

	*list = NULL;
	*n = *hidden = 0;
	if (!proc)
		return -errno;
	while (!ret && (entry = readdir(proc))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		ret = examine(atoi(entry->d_name), &vm);
		if (ret == -EACCES || ret == -EPERM)
			++*hidden;
		ret = ret || !vm.vms ? 0 : add(list, n, &vm);
	}
	closedir(proc);
	if (ret) {
		free(*list);
		*list = NULL;
		*n = 0;
	} else if (*n) {
		qsort(*list, *n, sizeof(**list), by_pid);
	}
	return ret;
}

int vms_choose(const struct vm *list, size_t n, const char *which, size_t *chosen)
{
	char *end;
	long pid = strtol(which, &end, 10);
	size_t i, found = 0;

	for (i = 0; i < n; i++) {
		if (*which && !*end && list[i].pid == pid) {
			*chosen = i;
			return 0;
		}
		if (!strcmp(list[i].name, which)) {
			*chosen = i;
			found++;
		}
	}
	return found == 1 ? 0 : found ? -EEXIST : -ENOENT;
}
