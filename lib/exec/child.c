// SPDX-License-Identifier: MIT
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "exec/exec.h"

/* SIGCHLD wakes us; the others would end us and leave the command running. */
static const int waited[] = { SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT };
#define WAITED (sizeof(waited) / sizeof(*waited))

static void waited_set(sigset_t *set)
{
	size_t i;

	sigemptyset(set);
	for (i = 0; i < WAITED; i++)
		sigaddset(set, waited[i]);
}

void exec_block_signals(void)
{
	sigset_t set;

	/* If our parent left SIGCHLD ignored, the kernel would discard our children's status. */
	signal(SIGCHLD, SIG_DFL);
	waited_set(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

void exec_poll_signals(void)
{
	const struct timespec now = { 0 };
	siginfo_t info;
	sigset_t set;

	waited_set(&set);
	while (sigtimedwait(&set, &info, &now) > 0)
		if (info.si_signo != SIGCHLD)
			interrupted = info.si_signo;
}

/* The shell's status: 127 for a command that does not exist, 126 for one that cannot run. */
static void become(int line, char **argv)
{
	int error;

	execvp(argv[0], argv);
	error = errno;
	if (write(line, &error, sizeof(error)) < 0)
		_exit(126);
	_exit(error == ENOENT ? 127 : 126);
}

/* Never returns. */
static void child(int line, char **argv)
{
	sigset_t set;
	char byte = 0;

	waited_set(&set);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	if (write(line, &byte, 1) == 1 && read(line, &byte, 1) == 1 && argv)
		become(line, argv);
	_exit(0);
}

int exec_start(struct exec_child *c, char **argv)
{
	int line[2], ret;
	char byte;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line))
		return -errno;
	c->pid = fork();
	if (!c->pid) {
		close(line[0]);
		child(line[1], argv);
	}
	ret = c->pid < 0 ? -errno : 0;
	close(line[1]);
	c->line = line[0];
	if (!ret && read(c->line, &byte, 1) != 1)
		ret = -ECHILD;
	if (!ret)
		return 0;
	if (c->pid > 0)
		waitpid(c->pid, NULL, 0);
	close(c->line);
	return ret;
}

/* Pass on a signal from another process. One from the terminal has reached the command already,
 * which is in our process group. */
static void pass_on(const struct exec_child *c, const siginfo_t *info)
{
	if (info->si_signo == SIGCHLD)
		return;
	interrupted = info->si_signo;
	if (info->si_code <= 0 && info->si_pid != c->pid)
		kill(c->pid, info->si_signo);
}

int exec_finish(struct exec_child *c, int *status, struct rusage *usage)
{
	int error = 0;
	siginfo_t info;
	sigset_t set;
	pid_t pid;

	waited_set(&set);
	if (write(c->line, "", 1) != 1)
		kill(c->pid, SIGKILL);
	while (!(pid = wait4(c->pid, status, WNOHANG, usage)))
		if (sigwaitinfo(&set, &info) > 0)
			pass_on(c, &info);
	if (pid < 0)
		error = errno;
	else if (read(c->line, &error, sizeof(error)) != sizeof(error))
		error = 0;
	close(c->line);
	return error;
}

int exec_status(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
