// SPDX-License-Identifier: MIT
#include "compare/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int make_groups(struct compare_session *m, const struct compare_operands *in)
{
	size_t i, j, n = 0;

	m->member = calloc(in->files + 1, sizeof(*m->member));
	m->group = calloc(in->operands + 1, sizeof(*m->group));
	m->compare = calloc(in->operands + 1, sizeof(*m->compare));
	if (!m->member || !m->group || !m->compare)
		return -ENOMEM;
	for (i = 0; i < in->operands; i++) {
		m->group[i] = (struct compare_group){ in->operand[i].name, m->member + n,
						      in->operand[i].files };
		for (j = 0; j < in->operand[i].files; j++)
			m->member[n++] = &m->files.estimate[in->operand[i].at[j]];
	}
	return 0;
}

static const char *first_path(const struct compare_group *g)
{
	return g->file[0]->result->path;
}

/* Side i against the first one. */
static int compare_side(struct compare_session *m, size_t i, const char *axis,
			enum compare_unit unit, char *message, size_t size)
{
	struct compare *c = &m->compare[i - 1];
	const char *a = first_path(&m->group[0]), *b = first_path(&m->group[i]);
	int ret = compare_groups(c, &m->group[0], &m->group[i], axis, unit);

	m->comparisons = i;
	if (ret == -ENOENT)
		snprintf(message, size,
			 "--axis %s: %s and %s do not differ in that; leave it out to see what "
			 "differs",
			 axis, a, b);
	else if (ret)
		snprintf(message, size, "%s", strerror(-ret));
	else if (!c->rows)
		snprintf(message, size, "%s and %s have no measured workload in common", a, b);
	return ret == -ENOENT || (!ret && !c->rows) ? -EINVAL : ret;
}

static int group_files(struct compare_session *m, struct compare_operands *in, char *message,
		       size_t size)
{
	int ret = compare_files_group(&m->files, in);

	if (ret != -ENOENT)
		return ret;
	snprintf(message, size,
		 "--axis %s: the files do not differ in that; leave it out to see what differs",
		 in->axis);
	return -EINVAL;
}

int compare_session(struct compare_session *m, struct compare_operands *in, enum compare_unit unit,
		    const char *const *rule, size_t rules, char *message, size_t size)
{
	size_t i;
	int ret;

	*m = (struct compare_session){ .comparisons = 0 };
	ret = compare_rules_check(rule, rules, message, size);
	if (!ret)
		ret = compare_files_read(&m->files, in, message, size);
	if (!ret)
		ret = group_files(m, in, message, size);
	if (!ret)
		ret = make_groups(m, in);
	for (i = 1; i < in->operands && !ret; i++)
		ret = compare_side(m, i, in->axis, unit, message, size);
	if (!ret)
		ret = compare_rules(&m->findings, rule, rules, m->compare, m->comparisons, message,
				    size);
	return ret;
}

void compare_session_free(struct compare_session *m)
{
	size_t i;

	for (i = 0; i < m->comparisons; i++)
		compare_free(&m->compare[i]);
	emit_list_free(&m->findings);
	compare_files_free(&m->files);
	free(m->compare);
	free(m->group);
	free(m->member);
}
