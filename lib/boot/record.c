// SPDX-License-Identifier: MIT
/* One mark more in a file of marks. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "boot/boot.h"
#include "guest/guest.h"

static int check_name(const char *name, char *message, size_t size)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";

	if (*name && strlen(name) <= 40 && !name[strspn(name, good)])
		return 0;
	snprintf(message, size, "mark '%.60s' is not 1 to 40 lower-case letters, digits, - and _",
		 name);
	return -EINVAL;
}

/* What another boot has left stays, next to the new file. */
static int put_aside(struct boot_record *q, char *message, size_t size)
{
	snprintf(q->moved, sizeof(q->moved), "%s.old", q->file);
	if (!rename(q->file, q->moved))
		return 0;
	snprintf(message, size, "%s was recorded in another boot and cannot be moved: %s", q->file,
		 strerror(errno));
	return -EIO;
}

/* The file so far, when there is one and it is of this boot; *found says so. */
static int read_old(struct boot_record *q, struct result *old, const struct boot_reading *b,
		    bool *found, char *message, size_t size)
{
	if (access(q->file, F_OK))
		return 0;
	if (result_read(old, q->file, message, size))
		return -EINVAL;
	*found = boot_same(old, b);
	return *found ? 0 : put_aside(q, message, size);
}

static int fill(struct result *r, const struct boot_record *q, const struct result *old,
		const struct boot_reading *b, char *message, size_t size)
{
	char started[32];
	size_t i;
	int ret = 0;

	environment_now(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ");
	r->started = strdup(started);
	r->tool_version = strdup(SUITE_VERSION);
	for (i = 0; i < q->labels->labels && !ret; i++)
		ret = result_add_label(r, q->labels->label[i].name, "%s",
				       q->labels->label[i].value);
	if (!ret)
		ret = boot_mark(r, old, b, q->name);
	if (ret == -ERANGE)
		snprintf(message, size,
			 "the counters ran backwards since the last mark in %s; has the VM been "
			 "moved?",
			 q->file);
	return ret;
}

static int write_mark(const struct boot_record *q, const struct result *old,
		      const struct boot_reading *b, char *message, size_t size)
{
	struct result r = { .major = RESULT_MAJOR, .minor = RESULT_MINOR };
	char full[64];
	int ret;

	snprintf(full, sizeof(full), BOOT_PREFIX "%s", q->name);
	if (old && result_find(old, full)) {
		snprintf(message, size, "%s has a mark '%s' of this boot: choose another name",
			 q->file, q->name);
		return -EINVAL;
	}
	ret = fill(&r, q, old, b, message, size);
	if (!ret && result_write(&r, q->file, message, size))
		ret = -EIO;
	result_free(&r);
	return ret;
}

int boot_record(struct boot_record *q, char *message, size_t size)
{
	struct result old = { 0 };
	struct boot_reading b;
	bool found = false;
	int ret;

	*q->moved = 0;
	ret = check_name(q->name, message, size);
	if (ret)
		return ret;
	/* First of all the reading: what follows costs exits too. */
	if (boot_read(&b)) {
		snprintf(message, size, "no exit counters: %s", b.probe.why);
		return -ENODEV;
	}
	ret = read_old(q, &old, &b, &found, message, size);
	if (ret)
		*q->moved = 0;
	else
		ret = write_mark(q, found ? &old : NULL, &b, message, size);
	result_free(&old);
	return ret;
}
