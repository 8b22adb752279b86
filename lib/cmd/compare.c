// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/compare_options.h"
#include "compare/files.h"
#include "compare/rules.h"
#include "report/compare_formats.h"
#include "result/output.h"

static const char usage[] =
	"usage: suite compare FILE FILE... [OPTION...]\n"
	"       suite compare FILE... -- FILE... [-- FILE...] [OPTION...]\n"
	"       suite compare --side NAME=FILE,FILE... --side NAME=FILE... [OPTION...]\n\n"
	"Two sides and more, each of one or more result files: exits and time per\n"
	"operation, the difference to the first side, and how sure it is. More than two\n"
	"files without sides are grouped by what differs (paging, vendor, kernel...).\n"
	"Listings that 'suite import' read are compared by exits since the VM started.\n\n"
	"  --axis NAME     the difference that is meant (paging, vendor, kernel, pti...);\n"
	"                  default: paging, else vendor, else the only one. Every other\n"
	"                  difference is warned about\n"
	"  --unit U        what is drawn at random: file (boots; as soon as a side has\n"
	"                  several files) or repeat\n"
	"  --fail-on RULE  status 1 when RULE is broken: 'pagefault.*:exits>5%',\n"
	"                  'cr3:cr-access>0.1', 'syscall:time>10%'; may be repeated\n"
	"  --json, --csv, --markdown, --format text|json|csv|md\n"
	"  -o OUT          write there; .json, .csv and .md choose the form\n"
	"  --color WHEN    auto, always or never\n";

/* All that is read and computed; one comparison fewer than sides. */
struct session {
	struct compare_files files;
	const struct estimate **member; /* of all sides, one after the other */
	struct compare_group *group;
	struct compare *compare;
	size_t comparisons;
	struct emit_list findings;
};

/* What a part of the comparison returned, as an exit status. */
static int status_of(int ret, const char *message)
{
	if (ret == -EINVAL)
		return complain(EXIT_USAGE, "compare: %s", message);
	return ret ? complain(EXIT_ENVIRONMENT, "compare: %s",
			      ret == -ENOMEM ? "out of memory" : strerror(-ret))
		   : EXIT_DONE;
}

static int make_groups(struct session *m, const struct compare_operands *in)
{
	size_t i, j, n = 0;

	m->member = calloc(in->files + 1, sizeof(*m->member));
	m->group = calloc(in->operands + 1, sizeof(*m->group));
	m->compare = calloc(in->operands + 1, sizeof(*m->compare));
	if (!m->member || !m->group || !m->compare)
		return status_of(-ENOMEM, NULL);
	for (i = 0; i < in->operands; i++) {
		m->group[i] = (struct compare_group){ in->operand[i].name, m->member + n,
						      in->operand[i].files };
		for (j = 0; j < in->operand[i].files; j++)
			m->member[n++] = &m->files.estimate[in->operand[i].at[j]];
	}
	return EXIT_DONE;
}

static const char *first_path(const struct compare_group *g)
{
	return g->file[0]->result->path;
}

static int compare_all(struct session *m, const struct compare_options *o)
{
	struct compare *c;
	size_t i;
	int ret;

	for (i = 1; i < o->in.operands; i++) {
		c = &m->compare[i - 1];
		m->comparisons = i;
		ret = compare_groups(c, &m->group[0], &m->group[i], o->in.axis, o->unit);
		if (ret == -ENOENT)
			return complain(
				EXIT_USAGE,
				"compare: --axis %s: %s and %s do not differ in that; leave "
				"it out to see what differs",
				o->in.axis, first_path(&m->group[0]), first_path(&m->group[i]));
		if (ret)
			return complain(EXIT_ENVIRONMENT, "compare: %s", strerror(-ret));
		if (!c->rows)
			return complain(EXIT_USAGE,
					"compare: %s and %s have no measured workload in common",
					first_path(&m->group[0]), first_path(&m->group[i]));
	}
	return EXIT_DONE;
}

static int render(const struct session *m, const struct compare_options *o, FILE *out)
{
	const struct compare_format *format = &compare_formats[o->form - FORM_TEXT];
	struct comparison all;
	int ret = comparison_make(&all, m->compare, m->comparisons, &m->findings);

	if (!ret)
		ret = format->write(&all, out, colour_wanted(out, o->color));
	comparison_free(&all);
	return ret;
}

static int show(const struct session *m, const struct compare_options *o)
{
	char message[512];
	struct output out;
	size_t i;
	int ret;

	if (output_open(&out, o->output, message, sizeof(message)))
		return complain(EXIT_ENVIRONMENT, "compare: %s", message);
	ret = render(m, o, out.file);
	if (ret) {
		output_abandon(&out);
		return complain(EXIT_ENVIRONMENT, "compare: %s", strerror(-ret));
	}
	if (output_commit(&out, o->output, message, sizeof(message)))
		return complain(EXIT_ENVIRONMENT, "compare: %s", message);
	for (i = 0; i < m->findings.lines; i++)
		complain(EXIT_FINDING, "compare: %s", m->findings.line[i]);
	return m->findings.lines ? EXIT_FINDING : EXIT_DONE;
}

static int read_files(struct session *m, struct compare_options *o)
{
	char message[640];
	int status = status_of(compare_rules_check(o->rule, o->rules, message, sizeof(message)),
			       message);

	if (!status)
		status = status_of(compare_files_read(&m->files, &o->in, message, sizeof(message)),
				   message);
	if (status)
		return status;
	snprintf(message, sizeof(message),
		 "--axis %s: the files do not differ in that; leave it out to see what differs",
		 o->in.axis);
	status = compare_files_group(&m->files, &o->in);
	return status_of(status == -ENOENT ? -EINVAL : status, message);
}

static int hold_rules(struct session *m, const struct compare_options *o)
{
	char message[640];

	return status_of(compare_rules(&m->findings, o->rule, o->rules, m->compare, m->comparisons,
				       message, sizeof(message)),
			 message);
}

static int run(struct compare_options *o)
{
	struct session m = { 0 };
	size_t i;
	int status = read_files(&m, o);

	if (!status)
		status = make_groups(&m, &o->in);
	if (!status)
		status = compare_all(&m, o);
	if (!status)
		status = hold_rules(&m, o);
	if (!status)
		status = show(&m, o);
	for (i = 0; i < m.comparisons; i++)
		compare_free(&m.compare[i]);
	emit_list_free(&m.findings);
	compare_files_free(&m.files);
	free(m.compare);
	free(m.group);
	free(m.member);
	return status;
}

int cmd_compare(int argc, char **argv)
{
	struct compare_options o;
	int status = compare_options_parse(&o, argc, argv);

	if (!status)
		status = run(&o);
	compare_options_free(&o);
	if (status >= 0)
		return status;
	fputs(usage, stdout);
	return EXIT_DONE;
}
