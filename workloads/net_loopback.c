// SPDX-License-Identifier: MIT
// UDP to ourselves: all of the network stack, but no device. The control of net.virtio.
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "expect.h"
#include "kit/verify.h"
#include "workload.h"

#define BYTES 1500

struct pair {
	int from, to;
	struct sockaddr_in address;
};

static int setup(struct bench *b)
{
	struct pair *p = calloc(1, sizeof(*p));
	socklen_t length = sizeof(p->address);

	if (!p)
		return -ENOMEM;
	b->state = p;
	p->from = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	p->to = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	p->address.sin_family = AF_INET;
	p->address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (p->from < 0 || p->to < 0 || bind(p->to, (void *)&p->address, sizeof(p->address)) ||
	    getsockname(p->to, (void *)&p->address, &length))
		return -errno;
	return 0;
}

static const char *supported(struct bench *b)
{
	bool works = !setup(b);
	struct pair *p = b->state;
	char byte = 0;

	works = works && sendto(p->from, &byte, 1, MSG_DONTWAIT, (void *)&p->address,
				sizeof(p->address)) == 1;
	b->workload->teardown(b);
	return works ? NULL : "the loopback interface is not up: ip link set lo up";
}

static int send_and_receive(struct bench *b, uint64_t n)
{
	const struct pair *p = b->state;
	char packet[BYTES] = { 0 };

	for (; n; n--) {
		if (sendto(p->from, packet, sizeof(packet), 0, (const void *)&p->address,
			   sizeof(p->address)) != BYTES)
			return -errno;
		if (recv(p->to, packet, sizeof(packet), 0) != BYTES)
			return errno ? -errno : -EIO;
		b->done++;
	}
	return 0;
}

static void teardown(struct bench *b)
{
	struct pair *p = b->state;

	if (!p)
		return;
	if (p->from >= 0)
		close(p->from);
	if (p->to >= 0)
		close(p->to);
	free(p);
	b->state = NULL;
}

static const struct expectation expected[] = {
	{ 0, IO, BETWEEN(0, 0.01), .source = "net/loopback.c: no device" },
	{ .source = NULL },
};

WORKLOAD(net_loopback) = {
	.name = "net.loopback",
	.summary = "send a UDP packet to ourselves and receive it (control)",
	.op = "packet",
	.kernel_entries = 2,
	.supported = supported,
	.setup = setup,
	.run = send_and_receive,
	.verify = workload_verify_count,
	.teardown = teardown,
	.expect = expected,
};
