// SPDX-License-Identifier: MIT
#include "compare/comparison.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "result/utf8.h"

static const char *file_name(const struct estimate *e, char *text, size_t size)
{
	return utf8_printable(e->result->path ? e->result->path : "a file", text, size);
}

/* The paging mode of the side's first file; the warnings name sides with several modes. */
static void put_paging(const struct estimate *e, char *text, size_t size)
{
	const struct result *r = e->result;
	char source[64], value[64];

	if (r->paging == EXITPROBE_PAGING_UNKNOWN && e->fingerprint != EXITPROBE_LOOKS_UNDECIDED)
		snprintf(text, size, "%s paging (from: its counts)",
			 compare_label_of(e, "paging", value));
	else
		snprintf(text, size, "%s paging (from: %s)", exitprobe_paging_name(r->paging),
			 utf8_printable(r->paging_source ? r->paging_source : "not recorded",
					source, sizeof(source)));
}

static void side_line(const struct compare_group *g, char *text, size_t size)
{
	const struct estimate *e = g->file[0];
	char first[160], last[160], name[64] = "", paging[160], how[64];

	put_paging(e, paging, sizeof(paging));
	if (e->result->dump)
		snprintf(how, sizeof(how), "a listing");
	else if (compare_is_dump(e))
		snprintf(how, sizeof(how), "counts since the VM started");
	else
		snprintf(how, sizeof(how), "%u repeats%s", e->result->repeat,
			 e->result->complete ? "" : ", not completed");
	if (g->name)
		snprintf(name, sizeof(name), "%.60s: ", g->name);
	if (g->files == 1)
		snprintf(text, size, "%s%s: %s, %s", name, file_name(e, first, sizeof(first)),
			 paging, how);
	else
		snprintf(text, size, "%s%zu files, %s to %s: %s, %s each", name, g->files,
			 file_name(e, first, sizeof(first)),
			 file_name(g->file[g->files - 1], last, sizeof(last)), paging, how);
}

static void axis_line(const struct compare *c, char *text, size_t size)
{
	if (c->axis)
		snprintf(text, size, "what differs: %s, %s in A and %s in B", c->axis->name,
			 c->axis->a, c->axis->b);
	else if (!c->labels)
		snprintf(text, size, "no recorded fact differs");
}

static void interval_heading(const struct compare *c, char *text, size_t size)
{
	char share[FORMAT];

	/* The same in all rows but those of interrupted runs. */
	if (c->rows && c->row->shift.coverage > 0)
		snprintf(text, size, "interval (%s)",
			 format_percent(c->row->shift.coverage, share));
	else
		snprintf(text, size, "interval");
}

enum kind { UNCHANGED, ONLY_A, ONLY_B };

static bool is_kind(const struct compare_row *row, enum kind kind)
{
	if (row->all)
		return false;
	switch (kind) {
	case ONLY_A:
		return row->a.exits && !row->b.exits;
	case ONLY_B:
		return !row->a.exits && row->b.exits;
	default:
		return row->a.exits && fabs(compare_size(row)) < COMPARE_TIME;
	}
}

static void name_kind(const struct emitter *s, const struct comparison_pair *p, enum kind kind,
		      const char *label)
{
	char text[512];
	size_t i, length = 0;

	for (i = 0; i < p->c->rows; i++) {
		if (!is_kind(p->row[i].row, kind) || length + 40 > sizeof(text))
			continue;
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s",
					   length ? ", " : "", p->row[i].what);
	}
	if (length)
		emit_line(s, "%s: %s", label, text);
}

static void total_lines(const struct comparison_pair *p, const struct emitter *s)
{
	const struct compare_row *all = p->c->row;
	char a[FORMAT], b[FORMAT], ratio[FORMAT] = "no ratio, A may be 0";

	if (!p->c->rows || !all->all)
		return;
	if (!isnan(all->ratio))
		snprintf(ratio, sizeof(ratio), all->ratio < 10 ? "x%.3g" : "x%.1f", all->ratio);
	emit_line(s, "%s exits in A, %s in B: %s", format_number(all->a.value.interval.est, a),
		  format_number(all->b.value.interval.est, b), ratio);
	name_kind(s, p, UNCHANGED, "unchanged (within 2 %)");
	name_kind(s, p, ONLY_A, "only in A");
	name_kind(s, p, ONLY_B, "only in B");
}

static void summary(const struct compare *c, char *text, size_t size)
{
	size_t i, exits = 0, times = 0, counts = 0;

	for (i = 0; i < c->rows; i++) {
		if (c->row[i].verdict != COMPARE_DIFFERS)
			continue;
		exits += c->row[i].workload && c->row[i].family != COMPARE_TIMES;
		times += c->row[i].family == COMPARE_TIMES;
		counts += c->row[i].family == COMPARE_COUNTS;
	}
	if (c->rows && c->row->family == COMPARE_COUNTS)
		snprintf(text, size, "%zu reasons differ (q <= %g, by at least %g %%).", counts,
			 COMPARE_LEVEL, 100 * COMPARE_TIME);
	else
		snprintf(text, size,
			 "%zu classes of exits and %zu times differ (q <= %g, by at least %g "
			 "exits/op or %g %%).",
			 exits, times, COMPARE_LEVEL, COMPARE_EXITS, 100 * COMPARE_TIME);
}

/* Rows of a workload stand together, those of counts last. */
static void make_sections(struct comparison_pair *p)
{
	const struct compare_row *row, *last = NULL;
	struct comparison_section *s = NULL;
	size_t i, visible = 0;

	for (i = 0; i < p->c->rows; i++) {
		row = p->row[i].row;
		p->sampled |= row->sampled;
		if (!compare_visible(row)) {
			p->hidden++;
			continue;
		}
		p->visible[visible++] = &p->row[i];
		if (!last || row->workload != last->workload) {
			s = &p->section[p->sections++];
			s->workload = compare_subject(row);
			s->op = row->workload ? row->workload->w->op : NULL;
			s->row = &p->visible[visible - 1];
			snprintf(s->n, sizeof(s->n), "n = %zu and %zu%s", row->a.value.interval.n,
				 row->b.value.interval.n,
				 p->c->unit == COMPARE_FILES ? " files" : "");
		}
		s->rows++;
		last = row;
	}
}

static int make_pair(struct comparison_pair *p, const struct compare *c)
{
	const struct emitter totals = { emit_keep, &p->totals };
	size_t i;

	p->c = c;
	p->row = calloc(c->rows + 1, sizeof(*p->row));
	p->visible = calloc(c->rows + 1, sizeof(*p->visible));
	p->section = calloc(c->rows + 1, sizeof(*p->section));
	if (!p->row || !p->visible || !p->section)
		return -ENOMEM;
	side_line(&c->a, p->side[0], sizeof(p->side[0]));
	side_line(&c->b, p->side[1], sizeof(p->side[1]));
	axis_line(c, p->axis, sizeof(p->axis));
	p->emulator[0] = compare_emulator(&c->a);
	p->emulator[1] = compare_emulator(&c->b);
	p->counts = c->rows && c->row->family == COMPARE_COUNTS;
	interval_heading(c, p->interval, sizeof(p->interval));
	for (i = 0; i < c->rows; i++)
		compare_cells(c, &c->row[i], &p->row[i]);
	make_sections(p);
	total_lines(p, &totals);
	summary(c, p->summary, sizeof(p->summary));
	compare_warnings(c, emit_keep, &p->warnings);
	compare_untrusted(c, p->untrusted, sizeof(p->untrusted));
	return p->totals.failed || p->warnings.failed ? -ENOMEM : 0;
}

int comparison_make(struct comparison *all, const struct compare *c, size_t n,
		    const struct emit_list *findings)
{
	size_t i;
	int ret = 0;

	*all = (struct comparison){ calloc(n + 1, sizeof(*all->pair)), n, findings };
	if (!all->pair)
		return -ENOMEM;
	for (i = 0; i < n && !ret; i++)
		ret = make_pair(&all->pair[i], &c[i]);
	return ret;
}

void comparison_free(struct comparison *all)
{
	struct comparison_pair *p;

	for (p = all->pair; p && p < all->pair + all->pairs; p++) {
		emit_list_free(&p->totals);
		emit_list_free(&p->warnings);
		free(p->row);
		free(p->visible);
		free(p->section);
	}
	free(all->pair);
	*all = (struct comparison){ 0 };
}
