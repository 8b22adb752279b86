// SPDX-License-Identifier: MIT
// Send a packet on the interface that the user named and wait until the device has it: a
// notification of the hypervisor, and an interrupt on completion.
#include <arpa/inet.h>
#include <inttypes.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "expect.h"
#include "workload.h"

/*
 * So large that the smallest possible send buffer has no room for a second one: poll() then waits
 * until the driver has given the packet back (net/core/sock.c sock_writeable, sock_wfree).
 */
#define BYTES ETH_FRAME_LEN
#define TYPE 0x88b5 /* IEEE 802 local experimental: ignored by all receivers */

struct line {
	int fd;
	unsigned char packet[BYTES];
	uint64_t sent; /* by the interface, as of setup() */
};

static uint64_t sent(const struct bench *b)
{
	char path[128];
	uint64_t n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/sys/class/net/%s/statistics/tx_packets", b->net);
	f = fopen(path, "re");
	if (!f)
		return 0;
	if (fscanf(f, "%" SCNu64, &n) != 1)
		n = 0;
	fclose(f);
	return n;
}

static int setup(struct bench *b)
{
	struct line *l = calloc(1, sizeof(*l));
	struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_protocol = htons(TYPE) };
	struct ethhdr *header;
	int least = 1;

	if (!l)
		return -ENOMEM;
	b->state = l;
	header = (void *)l->packet;
	memset(header->h_dest, 0xff, sizeof(header->h_dest));
	header->h_source[0] = 0x02;
	header->h_proto = htons(TYPE);
	l->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	address.sll_ifindex = (int)if_nametoindex(b->net);
	if (l->fd < 0 || !address.sll_ifindex ||
	    bind(l->fd, (const void *)&address, sizeof(address)) ||
	    setsockopt(l->fd, SOL_SOCKET, SO_SNDBUF, &least, sizeof(least)))
		return -errno;
	l->sent = sent(b);
	return 0;
}

static int send_often(struct bench *b, uint64_t n)
{
	const struct line *l = b->state;
	struct pollfd wait = { .fd = l->fd, .events = POLLOUT };

	for (; n; n--) {
		if (send(l->fd, l->packet, BYTES, 0) != BYTES)
			return -errno;
		if (poll(&wait, 1, -1) != 1)
			return -errno;
		b->done++;
	}
	return 0;
}

/* Others may send on the interface too, so its count may only be larger. */
static int verify(const struct bench *b, uint64_t n)
{
	const struct line *l = b->state;

	return b->done == n && sent(b) - l->sent >= n ? 0 : -ERANGE;
}

static void teardown(struct bench *b)
{
	struct line *l = b->state;

	if (!l)
		return;
	if (l->fd >= 0)
		close(l->fd);
	free(l);
	b->state = NULL;
}

static const char *supported(struct bench *b)
{
	int ret;

	if (!b->net)
		return "no interface was named: --net INTERFACE (broadcasts will be sent on it)";
	ret = setup(b);
	teardown(b);
	if (ret == -EPERM)
		return "a raw socket needs root";
	return ret ? "the interface that --net names does not exist or is not up" : NULL;
}

static const struct expectation expected[] = {
	NOTIFIES(0.8, 1.02,
		 "one per packet, but none while the device is already working: QEMU "
		 "hw/net/virtio-net.c virtio_net_handle_tx_bh. Measured 0.83 to 1.00 on SVM, "
		 "2026-11-22"),
	WAITS(1),
	{ .source = NULL },
};

WORKLOAD(net_virtio) = {
	.name = "net.virtio",
	.summary = "send a packet on the named interface and wait until it is sent",
	.op = "packet",
	.kernel_entries = 2,
	.control = "net.loopback",
	.alone = "the interface counts the packets of all senders together",
	.supported = supported,
	.setup = setup,
	.run = send_often,
	.verify = verify,
	.teardown = teardown,
	.expect = expected,
};
