// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output.h"

static const char *remedy(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return "make the folder first, or name another file with -o";
	case EISDIR:
		return "name a file in it with -o";
	case ENOSPC:
	case EDQUOT:
		return "free some space, or name a file elsewhere with -o";
	case ENOMEM:
		return "end other programs and try again";
	default:
		return "name a file in a folder that you may write to with -o";
	}
}

int output_explain(const char *path, int error, char *message, size_t size)
{
	snprintf(message, size, "cannot write '%s': %s: %s", path, strerror(-error),
		 remedy(-error));
	return error;
}

/* A device, a pipe or a socket is written in place, not replaced. */
static int open_in_place(struct output *o, const char *path)
{
	o->file = fopen(path, "we");
	return o->file ? 0 : -errno;
}

static mode_t default_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

static int open_beside(struct output *o, const char *path, mode_t mode)
{
	int fd;

	/* Keep a link; replace its target. */
	o->path = realpath(path, NULL);
	if (!o->path && errno == ENOENT)
		o->path = strdup(path);
	if (!o->path)
		return -errno;
	if (asprintf(&o->temporary, "%s.part-XXXXXX", o->path) < 0) {
		o->temporary = NULL;
		return -ENOMEM;
	}
	fd = mkostemp(o->temporary, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	fchmod(fd, mode);
	o->file = fdopen(fd, "w");
	if (o->file)
		return 0;
	close(fd);
	unlink(o->temporary);
	return -ENOMEM;
}

int output_open(struct output *o, const char *path, char *message, size_t size)
{
	mode_t mode = default_mode();
	struct stat st;
	int ret;

	*o = (struct output){ 0 };
	if (!strcmp(path, "-")) {
		o->file = stdout;
		return 0;
	}
	if (!*path) {
		ret = -ENOENT;
	} else if (stat(path, &st)) {
		ret = open_beside(o, path, mode);
	} else if (S_ISDIR(st.st_mode)) {
		ret = -EISDIR;
	} else if (!S_ISREG(st.st_mode)) {
		ret = open_in_place(o, path);
	} else if (access(path, W_OK)) {
		ret = -errno; /* a writable folder does not permit replacing a protected file */
	} else {
		ret = open_beside(o, path, st.st_mode & 0777);
	}
	if (!ret)
		return 0;
	free(o->path);
	free(o->temporary);
	*o = (struct output){ 0 };
	return output_explain(path, ret, message, size);
}

void output_abandon(struct output *o)
{
	if (o->file && o->file != stdout)
		fclose(o->file);
	if (o->temporary)
		unlink(o->temporary);
	free(o->path);
	free(o->temporary);
	*o = (struct output){ 0 };
}

/* Sync the folder too, for the name. Not every file system supports it; the data are safe
 * already. */
static void sync_folder(const char *path)
{
	char *copy = strdup(path);
	int fd = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(copy);
}

static int finish(struct output *o)
{
	int ret = 0;

	if (fflush(o->file) || ferror(o->file))
		ret = errno ? -errno : -EIO;
	if (o->file == stdout)
		return ret;
	if (!ret && o->temporary && fsync(fileno(o->file)))
		ret = -errno;
	if (fclose(o->file) && !ret)
		ret = -errno;
	o->file = NULL;
	if (ret || !o->temporary)
		return ret;
	if (rename(o->temporary, o->path))
		return -errno;
	sync_folder(o->path);
	free(o->temporary);
	o->temporary = NULL;
	return 0;
}

int output_commit(struct output *o, const char *path, char *message, size_t size)
{
	int ret = finish(o);

	output_abandon(o);
	return ret ? output_explain(path, ret, message, size) : 0;
}

int output_possible(const char *path, char *message, size_t size)
{
	struct output o;
	struct stat st;
	int ret;

	/* Do not open a pipe: it would wake its reader. */
	if (!stat(path, &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return access(path, W_OK) ? output_explain(path, -errno, message, size) : 0;
	ret = output_open(&o, path, message, size);
	if (!ret)
		output_abandon(&o);
	return ret;
}

bool output_same(const char *path, const char *other)
{
	struct stat a, b;

	return strcmp(path, "-") && strcmp(other, "-") && !stat(path, &a) && !stat(other, &b) &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}
