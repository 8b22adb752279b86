// SPDX-License-Identifier: MIT
/*
 * An external program in a window: it runs in its own process group and folder, and its output goes
 * into a file there. No process is left behind, however the window ends.
 */
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kit/external.h"
#include "kit/external_process.h"
#include "workload.h"

#define OUTPUT_MAX (16 * 1024) /* bytes of a program's output that the result keeps */
#define FILE_MAX (1024 * 1024) /* bytes of a report that we read */
#define GRACE 2000             /* milliseconds between SIGTERM and SIGKILL */
#define SAID "words"

struct external {
	char dir[64];
	pid_t pid; /* and process group; 0: none */
};

/* Never returns. Exits as a shell does for a command that does not exist. */
static void become(const char *dir, int out, const char *const *argv)
{
	pid_t parent = getppid();

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || (dir && chdir(dir)))
		_exit(126);
	if (dup2(out, 1) < 0 || dup2(out, 2) < 0 || dup2(open("/dev/null", O_RDONLY), 0) < 0)
		_exit(126);
	setenv("LC_ALL", "C", 1);
	execvp(argv[0], (char *const *)argv);
	_exit(errno == ENOENT ? 127 : 126);
}

int external_start(const char *dir, int out, const char *const *argv)
{
	pid_t pid = fork();

	if (!pid)
		become(dir, out, argv);
	if (pid > 0)
		setpgid(pid, pid); /* both call it: neither waits for the other */
	return pid < 0 ? -errno : pid;
}

/* SIGTERM lets a program free its kernel objects (shared memory, queues). */
void external_end(int pid)
{
	int fd, status;

	if (pid <= 0)
		return;
	kill(-pid, SIGTERM);
	fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (fd >= 0) {
		struct pollfd p = { .fd = fd, .events = POLLIN };

		poll(&p, 1, GRACE);
		close(fd);
	}
	kill(-pid, SIGKILL);
	kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
}

int external_setup(struct bench *b)
{
	const char *tmp = getenv("TMPDIR");
	struct external *f = calloc(1, sizeof(*f));

	if (!f)
		return -ENOMEM;
	if (!tmp || *tmp != '/' || strlen(tmp) > sizeof(f->dir) - sizeof("/suite.XXXXXX"))
		tmp = "/tmp";
	snprintf(f->dir, sizeof(f->dir), "%s/suite.XXXXXX", tmp);
	if (mkdtemp(f->dir)) {
		b->state = f;
		return 0;
	}
	snprintf(b->why, sizeof(b->why),
		 "cannot make a folder in %s: %s; set TMPDIR to one that you may write to", tmp,
		 strerror(errno));
	free(f);
	return -EIO;
}

int external_write(const struct bench *b, const char *name, const char *text)
{
	const struct external *f = b->state;
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", f->dir, name);
	out = fopen(path, "we");
	if (!out)
		return -errno;
	fputs(text, out);
	return fclose(out) ? -errno : 0;
}

/* tail: read the end, where a program says why it gives up. */
static char *read_file(const char *path, size_t max, bool tail)
{
	FILE *in = fopen(path, "re");
	char *text = in ? malloc(max + 1) : NULL;
	long size;
	size_t n;

	if (text) {
		if (tail && !fseek(in, 0, SEEK_END) && (size = ftell(in)) >= 0)
			fseek(in, size > (long)max ? size - (long)max : 0, SEEK_SET);
		n = fread(text, 1, max, in);
		text[n] = 0;
	}
	if (in)
		fclose(in);
	return text;
}

/* The last line of its output explains a failure. */
static void explain(struct bench *b, const char *program, int status)
{
	const struct external *f = b->state;
	char path[128], *text, *line = NULL, *next, *save = NULL;
	const char *how = WIFSIGNALED(status) ? "by signal" : "with status";
	int number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);

	snprintf(path, sizeof(path), "%s/" SAID, f->dir);
	text = read_file(path, OUTPUT_MAX, true);
	for (next = text ? strtok_r(text, "\n", &save) : NULL; next;
	     next = strtok_r(NULL, "\n", &save))
		line = next;
	snprintf(b->why, sizeof(b->why), "%s ended %s %d%s%.100s", program, how, number,
		 line ? ": " : "", line ? line : "");
	free(text);
}

static void note_command(struct bench *b, const char *const *argv)
{
	size_t size = 1, i;

	free(b->command);
	for (i = 0; argv[i]; i++)
		size += strlen(argv[i]) + 1;
	b->command = calloc(1, size);
	for (i = 0; b->command && argv[i]; i++) {
		strcat(b->command, i ? " " : "");
		strcat(b->command, argv[i]);
	}
}

int external_run(struct bench *b, const char *const *argv)
{
	struct external *f = b->state;
	int out, status = 0, ret;
	siginfo_t info;
	char path[128];

	note_command(b, argv);
	snprintf(path, sizeof(path), "%s/" SAID, f->dir);
	out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (out < 0)
		return -errno;
	ret = external_start(f->dir, out, argv);
	close(out);
	if (ret < 0)
		return ret;
	f->pid = ret;
	/* EINTR: we are to end; teardown() ends the program. */
	if (waitid(P_PID, (id_t)f->pid, &info, WEXITED | WNOWAIT))
		return -errno;
	kill(-f->pid, SIGKILL); /* processes it left behind; the pid is still reserved */
	waitpid(f->pid, &status, 0);
	f->pid = 0;
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	explain(b, argv[0], status);
	return -ECHILD;
}

char *external_read(struct bench *b, const char *name)
{
	const struct external *f = b->state;
	char path[128], *text, *said;

	snprintf(path, sizeof(path), "%s/" SAID, f->dir);
	said = read_file(path, OUTPUT_MAX / 2, false);
	snprintf(path, sizeof(path), "%s/%s", f->dir, name);
	text = read_file(path, FILE_MAX, false);
	free(b->output);
	b->output = NULL;
	if (asprintf(&b->output, "%s%.*s", said ? said : "",
		     (int)(OUTPUT_MAX - (said ? strlen(said) : 0)), text ? text : "") < 0)
		b->output = NULL;
	free(said);
	return text;
}

static int take_away(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	remove(path);
	return 0;
}

void external_teardown(struct bench *b)
{
	struct external *f = b->state;

	if (!f)
		return;
	external_end(f->pid);
	nftw(f->dir, take_away, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	free(f);
	b->state = NULL;
}
