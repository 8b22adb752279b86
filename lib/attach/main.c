// SPDX-License-Identifier: MIT
/* suite-attach: the host's side of the exit pages. `suite attach` becomes it. */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attach/session.h"
#include "base/interrupt.h"
#include "base/message.h"

#define FIRST_NAMESPACE 0xeffffffcu /* include/linux/proc_ns.h: PROC_PID_INIT_INO */

static int list_vms(void)
{
	struct vm *vm;
	size_t n, hidden, i;
	int ret = vms_find(&vm, &n, &hidden);

	if (ret)
		return complain(EXIT_ENVIRONMENT, "attach: /proc: %s", strerror(-ret));
	if (hidden)
		complain(0, "attach: %zu processes may not be looked at: run it as root", hidden);
	if (n)
		printf("%8s %6s  %s\n", "pid", "vCPUs", "name");
	for (i = 0; i < n; i++)
		printf("%8d %6u  %s\n", vm[i].pid, vm[i].vcpus, vm[i].name);
	free(vm);
	return n ? EXIT_DONE : complain(EXIT_SKIPPED, "attach: no VM runs on this host's KVM");
}

/* Whoever has the file can truncate it at any time: nothing can be loaded or stored behind its end.
 * With this process go its programs. */
static void on_truncated(int number)
{
	static const char line[] =
		"suite: attach: the file of the pages is shorter than its mapping, or its file "
		"system is full: make it again and start the VM again\n";

	(void)number;
	(void)!write(STDERR_FILENO, line, sizeof(line) - 1);
	_exit(EXIT_ENVIRONMENT);
}

/* 0 with *vm, or an exit status. */
static int choose(const char *which, struct vm *vm)
{
	struct vm *list;
	size_t n, hidden, i = 0;
	int ret = vms_find(&list, &n, &hidden);

	if (ret)
		return complain(EXIT_ENVIRONMENT, "attach: /proc: %s", strerror(-ret));
	ret = vms_choose(list, n, which, &i);
	if (!ret)
		*vm = list[i];
	free(list);
	if (ret == -EEXIST)
		return complain(EXIT_USAGE, "attach: more than one VM is called '%s': give its pid",
				which);
	if (ret)
		return complain(EXIT_ENVIRONMENT,
				"attach: no VM '%s' runs on this host's KVM%s; see --list", which,
				hidden ? " (root would see all)" : "");
	if (vm->vms > 1)
		return complain(EXIT_ENVIRONMENT,
				"attach: process %d has %u VMs, whose exits cannot be told apart",
				vm->pid, vm->vms);
	return 0;
}

/* A program compares with the kernel's own numbers of processes, not with a namespace's, where
 * another VM's process may have this number. */
static bool numbers_differ(void)
{
	struct stat own;

	return stat("/proc/self/ns/pid", &own) || own.st_ino != FIRST_NAMESPACE;
}

static bool has_vm(pid_t pid)
{
	size_t n, hidden, chosen;
	struct vm *list;
	char number[16];
	bool found;

	if (vms_find(&list, &n, &hidden))
		return false;
	snprintf(number, sizeof(number), "%d", pid);
	found = !vms_choose(list, n, number, &chosen);
	free(list);
	return found;
}

/* monitor: who listens at q's socket. That may be a process which started the VM, not the VM's. */
static int attach(const struct attach_settings *set, const char *which, struct qmp *q,
		  pid_t monitor)
{
	struct vm vm;
	int process, status;

	if (numbers_differ())
		return complain(
			EXIT_ENVIRONMENT,
			"attach: this is a process namespace of its own: run it on the host, or in "
			"a container that shares the host's (--pid=host)");
	status = choose(which, &vm);
	if (status)
		return status;
	if (q && monitor != vm.pid && has_vm(monitor))
		return complain(
			EXIT_USAGE,
			"attach: --qmp %s is the monitor of process %d, another VM than '%s'",
			set->qmp, monitor, which);
	process = (int)syscall(SYS_pidfd_open, vm.pid, 0);
	if (process < 0)
		return complain(EXIT_ENVIRONMENT, "attach: process %d: %s", vm.pid,
				strerror(errno));
	status = session_run(set, &vm, process, q);
	close(process);
	return status;
}

/* Over QEMU's monitor: it says which process is meant, where the user does not. */
static int attach_qmp(const struct attach_settings *set, const char *which)
{
	char message[512], number[16];
	struct qmp *q;
	pid_t pid;
	int status;

	if (qmp_open(&q, set->qmp, &pid, message, sizeof(message)))
		return complain(EXIT_ENVIRONMENT, "attach: %s", message);
	snprintf(number, sizeof(number), "%d", pid);
	status = attach(set, which ? which : number, q, pid);
	qmp_close(q);
	return status;
}

int main(int argc, char **argv)
{
	static const struct option_table table = ATTACH_TABLE;
	struct attach_settings s = { 0 };
	const char *refused;
	char message[512];
	int ret;

	ret = options_parse(&table, &s, &argc, argv, message, sizeof(message));
	if (ret == OPTIONS_HELP) {
		options_usage(&table, "suite", stdout);
		return EXIT_DONE;
	}
	if (ret)
		return complain(EXIT_USAGE, "attach: %s", message);
	refused = attach_refuses(&s, argc);
	if (refused)
		return complain(EXIT_USAGE, "attach: %s", refused);
	signals_catch();
	signal(SIGBUS, on_truncated);
	signal(SIGPIPE, SIG_IGN); /* whoever reads its lines may have ended: it counts on */
	if (s.list)
		return list_vms();
	return s.qmp ? attach_qmp(&s, argc ? argv[0] : NULL) : attach(&s, argv[0], NULL, 0);
}
