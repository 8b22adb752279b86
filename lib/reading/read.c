// SPDX-License-Identifier: MIT
/* One reading of all counters, as `suite probe` asks for it. */
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpu.h"
#include "reading/reading.h"

struct refusal {
	char *message;
	size_t size;
};

__attribute__((format(printf, 3, 4))) static int refuse(const struct refusal *to, int error,
							const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(to->message, to->size, format, arguments);
	va_end(arguments);
	return error;
}

/* The answer is of the vCPU that asks: it must be the same one for every question. */
static int stay_on_this_cpu(void)
{
	const int cpu = sched_getcpu();

	return cpu < 0 ? -errno : cpu_pin(cpu);
}

static int check(const struct probe_request *q, const struct refusal *to)
{
	const struct probe_format *form = &probe_formats[q->form];

	if (q->histograms && !form->histograms)
		return refuse(to, -EINVAL, "--hist goes with text and --json, not with %s",
			      form->choice.name);
	if (q->histograms && q->this_vcpu)
		return refuse(to, -EINVAL,
			      "histograms cover all vCPUs; leave out --vcpu or --hist");
	return 0;
}

static const char *without_time(const struct exitprobe *p)
{
	return p->backend == EXITPROBE_PAGE ? " (the host's 'suite attach' has no --time)" : "";
}

/* Do these counters have what is asked for? */
static int check_probe(const struct exitprobe *p, const struct probe_request *q,
		       const struct refusal *to)
{
	const char *backend = exitprobe_backend_name(p->backend);

	if (probe_formats[q->form].cycles && !p->cycles)
		return refuse(to, -ENOTSUP, "%s has no cycles per reason%s; use --format=ffd",
			      backend, without_time(p));
	if (q->this_vcpu && !exitprobe_counts_vcpu(p))
		return refuse(to, -ENOTSUP, "%s counts all vCPUs together; leave out --vcpu",
			      backend);
	if (q->wall && (!exitprobe_counts_vcpu(p) || !p->cycles))
		return refuse(to, -ENOTSUP, "%s has no wall cycles%s; leave out --wall", backend,
			      without_time(p));
	if (q->histograms && !p->histograms)
		return refuse(to, -ENOTSUP,
			      "this hypervisor keeps no histograms: load its kvm module with "
			      "exit_stats_hist=1, or leave out --hist");
	return 0;
}

static int read_histograms(struct probe_reading *r, const struct refusal *to)
{
	r->histogram = calloc(EXITPROBE_SLOTS, sizeof(*r->histogram));
	if (!r->histogram)
		return -ENOMEM;
	if (probe_histograms(&r->list, r->histogram, &r->later))
		return refuse(to, -EIO, "the histograms cannot be read: has the VM been moved?");
	return 0;
}

int probe_read(struct probe_reading *r, const struct probe_request *q, char *message, size_t size)
{
	const struct refusal to = { message, size };
	unsigned int flags = 0;
	int ret;

	r->histogram = NULL;
	r->later = 0;
	ret = check(q, &to);
	if (ret)
		return ret;
	ret = q->this_vcpu ? stay_on_this_cpu() : 0;
	if (ret)
		return refuse(&to, -EIO, "--vcpu: cannot stay on this CPU: %s", strerror(-ret));
	if (exitprobe_open(&r->probe, NULL))
		return refuse(&to, -ENODEV, "no exit counters: %s", r->probe.why);
	ret = check_probe(&r->probe, q, &to);
	if (ret)
		return ret;
	flags |= q->this_vcpu ? EXITPROBE_THIS_VCPU : 0;
	flags |= q->wall ? EXITPROBE_WALL : 0;
	ret = exitprobe_snapshot(&r->probe, flags, &r->snapshot);
	if (ret)
		return refuse(&to, -EIO, "the counters cannot be read: %s; has the VM been moved?",
			      strerror(-ret));
	probe_list(&r->list, &r->probe, &r->snapshot, q->all);
	return q->histograms ? read_histograms(r, &to) : 0;
}

void probe_reading_free(struct probe_reading *r)
{
	free(r->histogram);
}

void probe_tell_cost(const struct probe_reading *r, FILE *out)
{
	const struct exitprobe_snapshot *s = &r->snapshot;
	const struct exitprobe *p = &r->probe;
	char key[24];

	exitprobe_key(p->vendor, exitprobe_slot_code(p, s->cpuid_slot), key);
	fprintf(out,
		"suite: probe: %" PRIu32 " exits of %s are this program's own: %" PRIu32
		" by the reading, %" PRIu32 " by the detection before it\n",
		s->cost + p->open_cost, key, s->cost, p->open_cost);
	if (r->later)
		fprintf(out, "suite: probe: the histograms took %" PRIu32 " more, afterwards\n",
			r->later);
}
