// SPDX-License-Identifier: MIT
/*
 * pty LOG KEY LOAD COMMAND [ARGUMENT...]: run COMMAND in a pseudo-terminal of 24 by 80 and copy
 * what it sends to LOG. When the first of it has come, start LOAD (words, or ""); when LOAD has
 * ended and COMMAND has read the counters after that, type KEY. Status of COMMAND.
 */
#include <fcntl.h>
#include <pty.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Pieces of output after the end of the load: what comes first may be of a reading before it. A
 * screen is one write, three pieces at most where the buffer ends within it.
 */
#define PIECES 8

static pid_t start_load(char *words)
{
	char *word[8] = { NULL };
	pid_t pid;
	int i;

	for (i = 0; i < 7; i++)
		word[i] = strtok(i ? NULL : words, " ");
	pid = word[0] ? fork() : 0;
	if (word[0] && !pid) {
		execvp(word[0], word);
		_exit(127);
	}
	return pid;
}

struct session {
	int terminal, log;
	pid_t load;
	bool ended;
	int pieces;
};

/* One more piece of output has come. false: the log cannot be written. */
static bool follow(struct session *s, char **argv, const char *text, size_t length)
{
	if (s->load < 0)
		s->load = start_load(argv[3]);
	if (s->load > 0 && !s->ended)
		s->ended = waitpid(s->load, NULL, WNOHANG) == s->load;
	s->pieces += s->ended;
	if (s->pieces == PIECES && *argv[2] && write(s->terminal, argv[2], 1) != 1)
		return false;
	return write(s->log, text, length) == (ssize_t)length;
}

int main(int argc, char **argv)
{
	const struct winsize size = { .ws_row = 24, .ws_col = 80 };
	struct session s = { .load = -1 };
	char buffer[4096];
	pid_t command;
	int status;
	ssize_t n;

	s.log = argc > 4 ? open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0666) : -1;
	if (s.log < 0) {
		fprintf(stderr, "pty: LOG KEY LOAD COMMAND\n");
		return 2;
	}
	command = forkpty(&s.terminal, NULL, NULL, &size);
	if (!command) {
		execvp(argv[4], argv + 4);
		_exit(127);
	}
	/* EIO: the other side is closed. */
	while ((n = read(s.terminal, buffer, sizeof(buffer))) > 0)
		if (!follow(&s, argv, buffer, (size_t)n))
			return 3;
	if (command < 0 || waitpid(command, &status, 0) != command)
		return 3;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
