// SPDX-License-Identifier: MIT
/* Values of parameters that are not at their defaults. */
#include <errno.h>
#include <stdlib.h>

#include "catalog/catalog.h"
#include "workload.h"

void parameter_values(const struct workload *w, const struct setting *list, size_t n,
		      int64_t *value)
{
	size_t i;

	workload_defaults(w, value);
	for (i = 0; i < n; i++)
		if (list[i].workload == w && !list[i].variant)
			value[list[i].parameter] = list[i].value;
}

int setting_add(struct setting **list, size_t *n, struct setting s)
{
	struct setting *more = reallocarray(*list, *n + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	more[(*n)++] = s;
	*list = more;
	return 0;
}
