// SPDX-License-Identifier: MIT
#include "witness/vcpus.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "witness/answer.h"

static int add_guest(struct vcpus *v, const struct text *t, struct value *list, unsigned int guest,
		     struct fault *f)
{
	struct value *cpu, *thread;
	struct vcpu *grown;

	grown = reallocarray(v->vcpu, v->count + list->count, sizeof(*grown));
	if (!grown)
		return fault_memory(f);
	v->vcpu = grown;
	for (cpu = value_first(list); cpu; cpu = cpu->next) {
		thread = cpu->type == VALUE_OBJECT ? value_get(cpu, "thread-id") : NULL;
		if (!thread || thread->type != VALUE_WHOLE || thread->whole < 1)
			return fault_at(f, -EINVAL, t->path, 0,
					"names a vCPU without the number of its thread");
		v->vcpu[v->count++] = (struct vcpu){ (uint64_t)thread->whole, guest };
	}
	return 0;
}

static int parse_guest(struct vcpus *v, const struct text *t, unsigned int guest, struct fault *f)
{
	struct answer answer;
	struct value *list;
	int ret;

	ret = answer_parse(&answer, t, f);
	if (!ret) {
		list = answer_return(&answer);
		if (list && list->count)
			ret = add_guest(v, t, list, guest, f);
		else
			ret = fault_at(f, -EINVAL, t->path, 0, "names no vCPU");
	}
	answer_free(&answer);
	return ret;
}

static int compare_threads(const void *a, const void *b)
{
	const struct vcpu *x = a, *y = b;

	return x->thread < y->thread ? -1 : x->thread > y->thread;
}

int vcpus_parse(struct vcpus *v, const struct text *answers, unsigned int guests, struct fault *f)
{
	unsigned int i;
	size_t k;
	int ret;

	*v = (struct vcpus){ 0 };
	for (i = 0; i < guests; i++) {
		ret = parse_guest(v, &answers[i], i + 1, f);
		if (ret)
			return ret;
	}
	qsort(v->vcpu, v->count, sizeof(*v->vcpu), compare_threads);
	for (k = 1; k < v->count; k++)
		if (v->vcpu[k].thread == v->vcpu[k - 1].thread)
			return fault_at(f, -EEXIST, answers[v->vcpu[k].guest - 1].path, 0,
					"thread %" PRIu64 " is named for two vCPUs",
					v->vcpu[k].thread);
	return 0;
}

unsigned int vcpus_guest(const struct vcpus *v, uint64_t thread)
{
	const struct vcpu key = { .thread = thread }, *found;

	found = bsearch(&key, v->vcpu, v->count, sizeof(key), compare_threads);
	return found ? found->guest : 0;
}

void vcpus_free(struct vcpus *v)
{
	free(v->vcpu);
	*v = (struct vcpus){ 0 };
}
