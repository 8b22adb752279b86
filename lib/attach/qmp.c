// SPDX-License-Identifier: MIT
#include "attach/qmp.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/message.h"

#define OBJECT "exit-pages"
#define DEVICE "exit-pages-device"
#define SECONDS 10u /* for an answer; another client may have the monitor */

struct qmp {
	FILE *stream;
	char path[128], error[256]; /* what QEMU said last */
};

static json_t *receive(struct qmp *q)
{
	json_error_t error;

	return json_loadf(q->stream, JSON_DISABLE_EOF_CHECK, &error);
}

/* The value of "return", or NULL with q->error. Takes the command; events in between are not for
 * us. */
static json_t *command(struct qmp *q, json_t *request)
{
	json_t *answer = NULL, *value;
	const char *text = NULL;
	int ret = request ? json_dumpf(request, q->stream, JSON_COMPACT) : -1;

	json_decref(request);
	if (!ret)
		ret = fflush(q->stream);
	snprintf(q->error, sizeof(q->error),
		 "no answer within %u s: has another client, as "
		 "libvirt, this monitor?",
		 SECONDS);
	while (!ret && (answer = receive(q))) {
		value = json_object_get(answer, "return");
		if (value) {
			json_incref(value);
			json_decref(answer);
			return value;
		}
		if (!json_unpack(answer, "{s:{s:s}}", "error", "desc", &text)) {
			snprintf(q->error, sizeof(q->error), "%s", text);
			break;
		}
		json_decref(answer);
	}
	json_decref(answer);
	return NULL;
}

static int execute(struct qmp *q, json_t *request)
{
	json_t *value = command(q, request);

	json_decref(value);
	return value ? 0 : -EPROTO;
}

static int dial(const char *path, pid_t *pid)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	const struct timeval patience = { .tv_sec = SECONDS };
	struct ucred peer;
	socklen_t size = sizeof(peer);
	int fd;

	if (strlen(path) >= sizeof(to.sun_path))
		return -ENAMETOOLONG;
	strcpy(to.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)&to, sizeof(to)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size)) {
		const int error = -errno;

		close(fd);
		return error;
	}
	*pid = peer.pid;
	return fd;
}

int qmp_open(struct qmp **qmp, const char *path, pid_t *pid, char *message, size_t size)
{
	struct qmp *q = calloc(1, sizeof(*q));
	json_t *greeting;
	bool known;
	int fd;

	*qmp = NULL;
	if (!q)
		return explain(message, size, -ENOMEM, "out of memory");
	snprintf(q->path, sizeof(q->path), "%s", path);
	fd = dial(path, pid);
	q->stream = fd < 0 ? NULL : fdopen(fd, "r+");
	if (!q->stream) {
		free(q);
		return explain(message, size, fd < 0 ? fd : -ENOMEM,
			       "--qmp %s: %s: it takes the socket of QEMU's -qmp "
			       "unix:SOCKET,server=on,wait=off",
			       path, strerror(fd < 0 ? -fd : ENOMEM));
	}
	setvbuf(q->stream, NULL, _IONBF, 0); /* reads and writes alternate */
	greeting = receive(q);
	known = json_object_get(greeting, "QMP");
	json_decref(greeting);
	if (!known || execute(q, json_pack("{s:s}", "execute", "qmp_capabilities"))) {
		explain(message, size, -EPROTO, "--qmp %s: %s", path,
			known ? q->error
			      : "it does not greet as a QMP monitor does: is it a human monitor, "
				"or has another client, as libvirt, this one?");
		qmp_close(q);
		return -EPROTO;
	}
	*qmp = q;
	return 0;
}

static int plug_at(struct qmp *q, const char *bus)
{
	json_t *arguments = json_pack("{s:s, s:s, s:s}", "driver", "ivshmem-plain", "id", DEVICE,
				      "memdev", OBJECT);

	if (bus)
		json_object_set_new(arguments, "bus", json_string(bus));
	return execute(q, json_pack("{s:s, s:o}", "execute", "device_add", "arguments", arguments));
}

/* PCI Express takes a new device at a root port only, which the machine must have been given. */
static int plug_at_port(struct qmp *q)
{
	json_t *list = command(q, json_pack("{s:s, s:{s:s}}", "execute", "qom-list", "arguments",
					    "path", "/machine/peripheral"));
	const char *name, *type;
	json_t *entry;
	size_t i;
	int ret = -ENOENT;

	json_array_foreach(list, i, entry)
	{
		if (json_unpack(entry, "{s:s, s:s}", "name", &name, "type", &type) ||
		    strcmp(type, "child<pcie-root-port>") != 0)
			continue;
		ret = plug_at(q, name);
		if (!ret)
			break;
	}
	json_decref(list);
	return ret;
}

int qmp_plug(struct qmp *q, const char *file, size_t bytes, char *message, size_t size)
{
	json_t *backend =
		json_pack("{s:s, s:s, s:s, s:I, s:b}", "qom-type", "memory-backend-file", "id",
			  OBJECT, "mem-path", file, "size", (json_int_t)bytes, "share", 1);
	char first[sizeof(q->error)];
	int ret;

	if (execute(q, json_pack("{s:s, s:o}", "execute", "object-add", "arguments", backend)))
		return explain(message, size, -EPROTO, "--qmp %s: QEMU cannot make %s: %s", q->path,
			       file, q->error);
	ret = plug_at(q, NULL);
	if (!ret)
		return 0;
	strcpy(first, q->error);
	ret = plug_at_port(q);
	if (!ret)
		return 0;
	execute(q, json_pack("{s:s, s:{s:s}}", "execute", "object-del", "arguments", "id", OBJECT));
	return explain(message, size, -EPROTO, "--qmp %s: QEMU cannot plug the device: %s%s",
		       q->path, first, ret == -ENOENT ? "" : ", and no pcie-root-port is free");
}

void qmp_close(struct qmp *q)
{
	if (!q)
		return;
	fclose(q->stream);
	free(q);
}
