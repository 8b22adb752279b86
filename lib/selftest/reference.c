// SPDX-License-Identifier: MIT
#include "selftest/reference.h"

#include <cpuid.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void instruction(uint32_t leaf, uint32_t index, uint32_t regs[4])
{
	__cpuid_count(leaf, index, regs[0], regs[1], regs[2], regs[3]);
}

/* stdout of the child goes to *out, its stderr nowhere. */
static int start(const struct reference *r, char *const argv[], pid_t *child, int *out)
{
	posix_spawn_file_actions_t actions;
	extern char **environ;
	int pipe_fd[2], ret;

	if (pipe2(pipe_fd, O_CLOEXEC))
		return -errno;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pipe_fd[1], STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	ret = posix_spawnp(child, r->program, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(pipe_fd[1]);
	if (ret) {
		close(pipe_fd[0]);
		return -ret;
	}
	*out = pipe_fd[0];
	return 0;
}

/* "   0x4fffff00 0x00: eax=0x4fffffff ebx=0x454d564b ecx=0x53746978 edx=0x73746174" */
static int parse(FILE *f, uint32_t leaf, uint32_t regs[4])
{
	char line[256];
	uint32_t read;
	int ret = -EPROTO;

	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line,
			   " 0x%" SCNx32 " 0x%*x: eax=0x%" SCNx32 " ebx=0x%" SCNx32
			   " ecx=0x%" SCNx32 " edx=0x%" SCNx32,
			   &read, &regs[0], &regs[1], &regs[2], &regs[3]) == 5 &&
		    read == leaf)
			ret = 0;
	}
	return ret;
}

int reference_read(const struct reference *r, uint32_t leaf, uint32_t index, uint32_t regs[4])
{
	char leaf_text[16], index_text[16];
	/* posix_spawn() takes strings that it could change, though it does not. */
	char one[] = "-1", raw[] = "-r", leaf_option[] = "-l", index_option[] = "-s";
	char *argv[] = { (char *)r->program, one,          raw,        leaf_option,
			 leaf_text,          index_option, index_text, NULL };
	int ret, out = -1, status = 0;
	pid_t child;
	FILE *f;

	snprintf(leaf_text, sizeof(leaf_text), "0x%" PRIx32, leaf);
	snprintf(index_text, sizeof(index_text), "0x%" PRIx32, index);
	ret = start(r, argv, &child, &out);
	if (ret)
		return ret;
	f = fdopen(out, "r");
	ret = f ? parse(f, leaf, regs) : -errno;
	if (f)
		fclose(f);
	else
		close(out);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (!WIFEXITED(status) || WEXITSTATUS(status) == 127)
		return -ENOENT;
	return ret;
}

int reference_open(struct reference *r, const char *program, char *why, size_t size)
{
	uint32_t regs[4];
	int ret;

	r->program = program;
	ret = reference_read(r, 0, 0, regs);
	if (ret == -EPROTO)
		snprintf(why, size, "%s does not answer as Debian's cpuid(1) does", program);
	else if (ret)
		snprintf(why, size, "%s cannot be run: %s; Debian's package is 'cpuid'", program,
			 strerror(-ret));
	return ret;
}

uint32_t reference_course_leaf(enum exitprobe_backend layout)
{
	return layout == EXITPROBE_COURSE_A ? 0x4ffffffd : 0x4ffffffe;
}
