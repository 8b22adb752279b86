// SPDX-License-Identifier: MIT
/* What an external program says about itself: its version, and what it supports. */
#include <ctype.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kit/external.h"
#include "kit/external_process.h"
#include "workload.h"

#define SAYS_MAX (64 * 1024)
#define PATIENCE 120000 /* milliseconds: an emulated guest reads libraries from disk */

/* The output of `program argument`, bounded, to free(); NULL with errno: ENOENT if it does not
 * exist. */
static char *ask(const char *program, const char *argument)
{
	const char *const argv[] = { program, argument, NULL };
	int fd = memfd_create("words", MFD_CLOEXEC), pid, error = 0, status = 0;
	char *text = calloc(1, SAYS_MAX + 1);
	struct pollfd p = { .events = POLLIN };

	pid = fd < 0 || !text ? -ENOMEM : external_start(NULL, fd, argv);
	p.fd = pid > 0 ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;
	if (pid < 0)
		error = -pid;
	else if (poll(&p, 1, PATIENCE) != 1 || waitpid(pid, &status, WNOHANG) != pid)
		error = ETIMEDOUT;
	else if (!WIFEXITED(status) || WEXITSTATUS(status) == 126)
		error = ENOEXEC;
	else if (WEXITSTATUS(status) == 127 || pread(fd, text, SAYS_MAX, 0) < 0)
		error = ENOENT;
	if (error == ETIMEDOUT)
		external_end(pid);
	if (p.fd >= 0)
		close(p.fd);
	if (fd >= 0)
		close(fd);
	if (!error)
		return text;
	free(text);
	errno = error;
	return NULL;
}

/* One answer per program: it is the same for the whole run. */
struct version {
	const char *program;
	char name[64]; /* "fio 3.33"; empty: not installed, or no version known */
	unsigned int number[2];
	char why[160];
};

static void learn(struct version *v, const char *program)
{
	char *said = ask(program, "--version"), *at = said;

	v->program = program;
	/* "fio-3.33", "stress-ng, version 0.15.06 (gcc ...": the first number with a full stop. */
	for (; at && *at; at++)
		if (isdigit((unsigned char)*at) && (at == said || !strchr("0123456789.", at[-1])) &&
		    sscanf(at, "%5u.%5u", &v->number[0], &v->number[1]) == 2)
			break;
	if (at && *at)
		snprintf(v->name, sizeof(v->name), "%s %.*s", program,
			 (int)strspn(at, "0123456789."), at);
	else if (said)
		snprintf(v->why, sizeof(v->why), "'%s --version' prints no version number",
			 program);
	else if (errno != ENOENT)
		snprintf(v->why, sizeof(v->why), "'%s --version' failed: %s", program,
			 strerror(errno));
	else
		snprintf(v->why, sizeof(v->why),
			 "%s is not installed: no such program in PATH (Debian: apt-get install "
			 "%s)",
			 program, program);
	free(said);
}

const char *external_unusable(struct bench *b, const char *program, const unsigned int least[2])
{
	static struct version versions[4];
	struct version *v = versions;

	while (v->program && strcmp(v->program, program) != 0 && v < versions + 3)
		v++;
	if (!v->program)
		learn(v, program);
	if (!*v->name)
		return v->why;
	b->mechanism = v->name;
	if (v->number[0] > least[0] || (v->number[0] == least[0] && v->number[1] >= least[1]))
		return NULL;
	snprintf(b->why, sizeof(b->why), "%s is too old: install version %u.%u or later", v->name,
		 least[0], least[1]);
	return b->why;
}

bool external_knows(const char *program, const char *argument, const char *word)
{
	char *said = ask(program, argument), *save = NULL, *one;
	bool found = false;

	for (one = said ? strtok_r(said, " \t\r\n", &save) : NULL; one && !found;
	     one = strtok_r(NULL, " \t\r\n", &save))
		found = !strcmp(one, word);
	free(said);
	return found;
}
