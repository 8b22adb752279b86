// SPDX-License-Identifier: MIT
#include <curses.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "text/format.h"
#include "top/view.h"

#define HEAD 5 /* lines above the table, including its heading */

static const char keys[] =
	"q quit  p pause  s sort  r reverse  / filter  v vCPUs  + - interval  h help";

static const char *const help[] = {
	"q         quit",
	"p, space  pause: nothing is read; the next reading covers the whole pause",
	"s         sort by rate, total, cycles of the interval, name",
	"r         reverse the order",
	"/         filter: part of a name, class or key (cpuid, page-fault, svm:0x72);",
	"          Enter keeps it, Escape clears it",
	"v         a column per vCPU: reads the counters on each, at the same cost again",
	"+ -       longer, shorter interval",
	"up, down  scroll",
	"",
	"exits/s, total  of the whole VM, in the last interval and since the start,",
	"                without the CPUID exits of the readings themselves",
	"cycles/exit     of the host's TSC, in the last interval",
	"",
	"The readings' own exits are known exactly and shown in the second line. The",
	"cost of drawing and waking up is counted: over a serial console each byte is",
	"at least one I/O exit.",
	NULL
};

static int paint(const struct view *v, int pair)
{
	return v->coloured ? COLOR_PAIR(pair) : 0;
}

static void put(int y, int attributes, const char *text)
{
	attron(attributes);
	mvaddnstr(y, 0, text, COLS);
	attroff(attributes);
}

static void draw_head(const struct view *v, const struct top_rows *all)
{
	const struct top *t = v->t;
	char line[256], a[FORMAT], b[FORMAT], spark[4 * TOP_HISTORY];
	int width = COLS - 1 < TOP_HISTORY ? COLS - 1 : TOP_HISTORY;

	snprintf(line, sizeof(line), "suite top: %s, %s paging, %d CPU%s, every %g s, by %s%s%s",
		 exitprobe_vendor_name(t->probe->vendor), exitprobe_paging_name(t->probe->paging),
		 t->vcpus, t->vcpus == 1 ? "" : "s", v->s->interval, top_orders[v->s->order].name,
		 v->reverse ? " reversed" : "", v->paused ? ", PAUSED" : "");
	put(0, A_BOLD | (v->paused ? paint(v, VIEW_WARN) : 0), line);
	snprintf(line, sizeof(line),
		 "%s exits/s, %s in %.0f s; readings: %" PRIu64 " exits, %" PRIu64
		 " in all, subtracted",
		 format_number(round(all->rate), a), format_number((double)all->total, b),
		 t->at - t->begun, t->own, t->own_total);
	put(1, 0, line);
	top_spark(t, EXITPROBE_SLOTS, width, v->utf8, spark, sizeof(spark));
	put(2, paint(v, VIEW_ACCENT), spark);
}

/* Cells of the history, between the number columns and the right edge. */
static int spark_width(int used)
{
	int left = COLS - used - 1;

	return left < 0 ? 0 : left < TOP_HISTORY ? left : TOP_HISTORY;
}

static void draw_row(const struct view *v, int y, const struct top_row *row, uint64_t all)
{
	char line[192], name[FORMAT], rate[FORMAT], total[FORMAT], cycles[FORMAT] = "-";
	char spark[4 * TOP_HISTORY];

	if (v->t->probe->cycles && row->delta)
		format_number(round((double)row->busy / (double)row->delta), cycles);
	snprintf(name, sizeof(name), "%.20s", row->name);
	snprintf(line, sizeof(line), "%-20s %10s %15s %6.2f %11s  ", name,
		 format_number(round(row->rate), rate), format_number((double)row->total, total),
		 all ? 100.0 * (double)row->delta / (double)all : 0.0, cycles);
	put(y, row->delta ? 0 : A_DIM, line);
	top_spark(v->t, row->slot, spark_width((int)strlen(line)), v->utf8, spark, sizeof(spark));
	attron(paint(v, VIEW_ACCENT));
	if ((int)strlen(line) < COLS)
		addstr(spark);
	attroff(paint(v, VIEW_ACCENT));
}

static void draw_vcpu_row(const struct view *v, int y, const struct top_row *row)
{
	const struct top *t = v->t;
	char line[1024], name[FORMAT], number[FORMAT];
	int i, length;

	snprintf(name, sizeof(name), "%.20s", row->name);
	length = snprintf(line, sizeof(line), "%-20s %10s", name,
			  format_number(round(row->rate), number));
	for (i = 0; i < t->vcpus && length < COLS && length + 16 < (int)sizeof(line); i++)
		length += snprintf(
			line + length, sizeof(line) - (size_t)length, " %9s",
			format_number(round((double)t->vcpu[i].delta[row->slot] / t->seconds),
				      number));
	put(y, row->delta ? 0 : A_DIM, line);
}

static void draw_heading(const struct view *v)
{
	char line[1024];
	int i, length;

	length = snprintf(line, sizeof(line), "%-20s %10s", "REASON", "EXITS/S");
	if (!v->t->per_vcpu)
		length += snprintf(line + length, sizeof(line) - (size_t)length,
				   " %15s %6s %11s  HISTORY", "TOTAL", "%", "CYCLES/EXIT");
	for (i = 0; v->t->per_vcpu && i < v->t->vcpus && length + 16 < (int)sizeof(line); i++)
		length += snprintf(line + length, sizeof(line) - (size_t)length, " %6s%3d", "CPU",
				   v->t->vcpu[i].cpu);
	for (; length < COLS && length + 1 < (int)sizeof(line); length++)
		line[length] = ' ';
	line[length] = 0;
	put(HEAD - 1, A_REVERSE, line);
}

static void draw_table(struct view *v, const struct top_rows *rows)
{
	size_t room = LINES > HEAD + 1 ? (size_t)(LINES - HEAD - 1) : 0, i;
	size_t last = rows->rows > room ? rows->rows - room : 0;

	if (v->first > last)
		v->first = last;
	draw_heading(v);
	for (i = 0; i < room && v->first + i < rows->rows; i++) {
		if (v->t->per_vcpu)
			draw_vcpu_row(v, HEAD + (int)i, &rows->row[v->first + i]);
		else
			draw_row(v, HEAD + (int)i, &rows->row[v->first + i], rows->delta);
	}
	if (!rows->rows)
		put(HEAD, 0, *v->filter ? "no reason matches the filter" : "no exits yet");
}

static void draw_foot(const struct view *v)
{
	char line[128];

	if (v->editing || *v->filter)
		snprintf(line, sizeof(line), "filter: %s%s", v->filter, v->editing ? "_" : "");
	else
		snprintf(line, sizeof(line), "%s", v->notice ? v->notice : keys);
	put(LINES - 1, v->editing ? A_BOLD : A_DIM, line);
}

static void draw_help(void)
{
	int i;

	for (i = 0; i < LINES && help[i]; i++)
		put(i, 0, help[i]);
}

void view_draw(struct view *v)
{
	struct top_rows rows;

	erase();
	if (v->help) {
		draw_help();
	} else {
		top_rows(&rows, v->t, &v->t->vm, v->s->order, v->reverse, v->filter);
		draw_head(v, &rows);
		draw_table(v, &rows);
		draw_foot(v);
	}
	refresh();
}
