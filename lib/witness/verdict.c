// SPDX-License-Identifier: MIT
#include "witness/verdict.h"

#include <errno.h>
#include <inttypes.h>

#include "witness/histogram.h"
#include "witness/statistics.h"

/* What is read besides the ring buffer and the reading, for as long as the check takes. */
struct counted {
	struct names names;
	struct vcpus vcpus;
	struct histogram histogram, unentered;
	struct statistics of_vcpus, of_vm;
};

/* JSON's whole numbers end here. */
static void add(struct verdict *v, uint64_t *sum, uint64_t count)
{
	if (count <= INT64_MAX - *sum)
		*sum += count;
	else
		problem_is(&v->problem, "the counts add up to more than 63 bits");
}

/* Every thread in a histogram is a vCPU of an inner VM. */
static bool is_ours(struct verdict *v, const struct counted *c, const struct evidence *e,
		    const struct bucket *b)
{
	unsigned int guest = vcpus_guest(&c->vcpus, b->thread);

	if (!guest)
		problem_is(&v->problem,
			   "the tracepoint saw thread %" PRIu64 ", which is no vCPU of an inner VM",
			   b->thread);
	return guest == e->guest;
}

static void add_exits(struct verdict *v, const struct counted *c, const struct evidence *e)
{
	const struct bucket *b;
	size_t i;
	int slot;

	for (i = 0; i < c->histogram.buckets; i++) {
		b = &c->histogram.bucket[i];
		if (!is_ours(v, c, e, b))
			continue;
		add(v, &v->total.kvm_exit, b->count);
		slot = reading_slot_of(&v->reading, b->reason);
		if (slot < 0) {
			problem_is(&v->problem,
				   "the tracepoint saw exit reason %" PRIu32
				   ", for which the guest's reading has no counter",
				   b->reason);
			continue;
		}
		v->slot[slot].seen = true;
		add(v, &v->slot[slot].kvm_exit, b->count);
	}
}

static int parse_histograms(struct verdict *v, struct counted *c, const struct evidence *e,
			    struct fault *f)
{
	size_t i;
	int ret;

	c->histogram = (struct histogram){ .name = "histogram", .reasons = true };
	ret = histogram_parse(&c->histogram, &e->histogram, &v->problem, f);
	if (ret)
		return ret;
	add_exits(v, c, e);
	c->unentered = (struct histogram){ .name = "histogram of emulated states" };
	if (!e->unentered.data)
		return 0;
	ret = histogram_parse(&c->unentered, &e->unentered, &v->problem, f);
	for (i = 0; !ret && i < c->unentered.buckets; i++)
		if (is_ours(v, c, e, &c->unentered.bucket[i]))
			add(v, &v->total.unentered, c->unentered.bucket[i].count);
	return ret;
}

/* One line, or more where several VMs had this process. */
static int parse_stat(struct verdict *v, const struct text *t, struct fault *f)
{
	struct lines l = LINES_OF(t);
	uint64_t count;

	while (lines_next(&l)) {
		if (scan_number(&l.line, 10, INT64_MAX, &count) || !scan_done(&l.line) || !l.whole)
			return fault_at(f, -EINVAL, t->path, l.number,
					"is not one whole number of at most 63 bits");
		add(v, &v->total.stat_exits, count);
	}
	return 0;
}

static int parse(struct verdict *v, struct counted *c, const struct evidence *e, struct fault *f)
{
	const struct ring_context context = { &v->reading, &c->names, &c->vcpus, e->guest };
	int ret;

	ret = reading_parse(&v->reading, &e->reading, f);
	if (!ret)
		ret = names_parse(&c->names, &e->format, v->reading.vendor, &v->problem, f);
	if (!ret)
		ret = vcpus_parse(&c->vcpus, e->cpus, e->guests, f);
	if (!ret)
		ret = parse_histograms(v, c, e, f);
	if (!ret)
		ret = parse_stat(v, &e->stat, f);
	if (!ret)
		ret = statistics_parse(&c->of_vcpus, &e->vcpu_stats, f);
	if (!ret)
		ret = statistics_parse(&c->of_vm, &e->vm_stats, f);
	if (!ret)
		ret = ring_parse(&v->ring, &e->trace, &context, &v->problem, f);
	return ret;
}

static void check_totals(struct verdict *v, const struct counted *c)
{
	const struct totals *t = &v->total;

	if (!v->ring.marked)
		problem_is(&v->problem, "the ring buffer does not begin with the marker");
	histogram_check_dropped(&c->histogram, &v->problem);
	if (t->unentered && t->kvm_exit + t->unentered != t->stat_exits)
		problem_is(&v->problem,
			   "kvm_exit saw %" PRIu64 " exits and %" PRIu64
			   " emulated states, stat.exits %" PRIu64,
			   t->kvm_exit, t->unentered, t->stat_exits);
	else if (t->kvm_exit + t->unentered != t->stat_exits)
		problem_is(&v->problem, "kvm_exit saw %" PRIu64 " exits, stat.exits %" PRIu64,
			   t->kvm_exit, t->stat_exits);
}

/* The statistics were read while the VM was paused, so nothing came after them. */
static void check_binary(struct verdict *v, const struct counted *c)
{
	const struct slot *slot;
	struct compared *seen;
	unsigned int i;
	uint64_t vm;

	for (i = 0; i < v->reading.slots; i++) {
		slot = &v->reading.slot[i];
		seen = &v->slot[i];
		vm = c->of_vm.count[slot->number];
		seen->binary = c->of_vcpus.count[slot->number];
		if (seen->binary != seen->kvm_exit)
			problem_is(&v->problem,
				   "%s: KVM_GET_STATS_FD shows %" PRIu64
				   " exits, the tracepoint %" PRIu64,
				   slot->key, seen->binary, seen->kvm_exit);
		if (vm != seen->binary)
			problem_is(&v->problem,
				   "%s: KVM_GET_STATS_FD shows %" PRIu64
				   " exits for the VM, %" PRIu64 " for its vCPUs",
				   slot->key, vm, seen->binary);
		add(v, &v->total.binary_stats, seen->binary);
	}
	for (i = 0; i < EXITPROBE_SLOTS; i++)
		if (v->reading.by_number[i] < 0 && (c->of_vcpus.count[i] || c->of_vm.count[i]))
			problem_is(&v->problem,
				   "KVM_GET_STATS_FD shows exits in slot %u, which the guest's "
				   "reading does not have",
				   i);
}

bool verdict_shows(const struct verdict *v, unsigned int slot)
{
	return v->slot[slot].seen || v->reading.slot[slot].count;
}

/* Which exits came after the counter of their reason was read. */
static void count_ring(struct verdict *v)
{
	const struct ring *ring = &v->ring;
	struct compared *c;
	size_t before, i;

	for (i = 0; i < ring->exits; i++) {
		if (ring->exit[i] < 0)
			continue;
		c = &v->slot[ring->exit[i]];
		c->ringed++;
		before = ring_before(ring, v->reading.slot[ring->exit[i]].number);
		if (before != RING_NEVER && i >= before)
			c->after++;
	}
}

static void check_slots(struct verdict *v)
{
	const struct slot *slot;
	const struct compared *c;
	unsigned int i;

	count_ring(v);
	for (i = 0; i < v->reading.slots; i++) {
		slot = &v->reading.slot[i];
		c = &v->slot[i];
		if (verdict_shows(v, i)) {
			if (ring_before(&v->ring, slot->number) == RING_NEVER)
				problem_is(&v->problem, "the ring buffer holds no reading of %s",
					   slot->key);
			if (slot->count > c->kvm_exit || c->kvm_exit - slot->count != c->after)
				v->equal = false;
			add(v, &v->total.guest, slot->count);
			add(v, &v->total.after, c->after);
		}
		if (c->ringed > c->kvm_exit)
			problem_is(&v->problem,
				   "the ring buffer has %" PRIu64
				   " exits of %s, the histogram %" PRIu64,
				   c->ringed, slot->key, c->kvm_exit);
	}
}

static void judge(struct verdict *v, const struct counted *c, const struct evidence *e)
{
	v->equal = true;
	v->binary_stats = c->of_vcpus.shown;
	check_totals(v, c);
	if (c->of_vcpus.shown)
		check_binary(v, c);
	else if (c->of_vm.shown)
		problem_is(&v->problem, "KVM_GET_STATS_FD shows exits by reason for the VM, and "
					"not for its vCPUs");
	check_slots(v);
	histogram_check_totals(&c->histogram, &v->problem);
	if (e->unentered.data) {
		histogram_check_dropped(&c->unentered, &v->problem);
		histogram_check_totals(&c->unentered, &v->problem);
	}
	ring_check_count(&v->ring, &v->problem);
	if (v->problem.text[0])
		v->equal = false;
}

int verdict_make(struct verdict *v, const struct evidence *e, struct fault *f)
{
	struct counted c = { 0 };
	int ret;

	*v = (struct verdict){ 0 };
	ret = parse(v, &c, e, f);
	if (!ret)
		judge(v, &c, e);
	names_free(&c.names);
	vcpus_free(&c.vcpus);
	histogram_free(&c.histogram);
	histogram_free(&c.unentered);
	return ret;
}

void verdict_free(struct verdict *v)
{
	ring_free(&v->ring);
}
