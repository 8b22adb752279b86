// SPDX-License-Identifier: MIT
// Bytes on the serial line that the user named. Every byte is an OUT to the device's port, and
// every full FIFO brings an interrupt, whose handler reads the device's status.
#include <fcntl.h>
#include <linux/serial.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "expect.h"
#include "workload.h"

#define FIFO 16 /* bytes of a 16550A, filled by one interrupt: 8250_port.c serial8250_tx_chars */
#define CHUNK (16 * FIFO)

static int open_line(const struct bench *b)
{
	struct termios raw;
	int fd = open(b->serial, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (!tcgetattr(fd, &raw)) {
		cfmakeraw(&raw);
		raw.c_cflag |= CLOCAL; /* no peer needed */
		cfsetspeed(&raw, B115200);
		if (!tcsetattr(fd, TCSANOW, &raw) && !fcntl(fd, F_SETFL, 0))
			return fd;
	}
	close(fd);
	return -ENOTTY;
}

/* Bytes that the driver has written to the device since it was loaded, or a negative errno. */
static int64_t given(int fd)
{
	struct serial_icounter_struct count;

	return ioctl(fd, TIOCGICOUNT, &count) ? -errno : count.tx;
}

static const char *supported(struct bench *b)
{
	int fd;
	bool counts;

	if (!b->serial)
		return "no serial line was named: --serial DEVICE (bytes will be sent on it)";
	fd = open_line(b);
	if (fd < 0)
		return "the device that --serial names cannot be opened as a serial line";
	counts = given(fd) >= 0;
	close(fd);
	return counts ? NULL
		      : "the device that --serial names is not a serial port: it does not count "
			"its bytes";
}

struct line {
	int fd;
	int64_t given; /* at the end of setup() */
};

static int setup(struct bench *b)
{
	struct line *l = calloc(1, sizeof(*l));

	if (!l)
		return -ENOMEM;
	b->state = l;
	l->fd = open_line(b);
	l->given = l->fd < 0 ? l->fd : given(l->fd);
	return l->given < 0 ? (int)l->given : 0;
}

static int write_bytes(struct bench *b, uint64_t n)
{
	static const char bytes[CHUNK];
	const struct line *l = b->state;
	ssize_t done;

	while (n) {
		done = write(l->fd, bytes, n < CHUNK ? n : CHUNK);
		if (done <= 0)
			return done ? -errno : -EIO;
		n -= (uint64_t)done;
	}
	return tcdrain(l->fd) ? -errno : 0;
}

static int verify(const struct bench *b, uint64_t n)
{
	const struct line *l = b->state;

	/* The driver's counter is an int. */
	return (uint32_t)(given(l->fd) - l->given) == (uint32_t)n ? 0 : -ERANGE;
}

static void teardown(struct bench *b)
{
	struct line *l = b->state;

	if (!l)
		return;
	if (l->fd >= 0)
		close(l->fd);
	free(l);
}

static const struct expectation expected[] = {
	{ 0, IO, BETWEEN(1.17, 1.21),
	  .source = "8250_port.c serial8250_tx_chars: an OUT for each byte; for every 16 bytes an "
		    "interrupt, whose handler reads IIR, LSR and IIR. Measured 1.192 on SVM, "
		    "2026-11-22" },
	{ .source = NULL },
};

WORKLOAD(io_serial) = {
	.name = "io.serial",
	.summary = "send bytes on the named serial line",
	.op = "byte",
	.multiple = 4 * FIFO,
	.alone = "there is one serial line",
	.supported = supported,
	.setup = setup,
	.run = write_bytes,
	.verify = verify,
	.teardown = teardown,
	.expect = expected,
};
