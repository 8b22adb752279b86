// SPDX-License-Identifier: MIT
/* The terminal: ncurses, its keys, and when to read the counters again. */
#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "top/view.h"

/* A static program has only the locales built into the C library. */
static bool speaks_utf8(void)
{
	const char *name = getenv("LC_ALL");

	if (!name || !*name)
		name = getenv("LC_CTYPE");
	if (!name || !*name)
		name = getenv("LANG");
	if (!name || !(strcasestr(name, "utf-8") || strcasestr(name, "utf8")))
		return false;
	if (!setlocale(LC_CTYPE, ""))
		setlocale(LC_CTYPE, "C.UTF-8");
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

/* A terminal without a description (no terminfo in the inner VM, an unknown name) is taken for
 * ECMA-48. */
static SCREEN *open_terminal(void)
{
	const char *name = getenv("TERM");
	SCREEN *screen = name && *name ? newterm(NULL, stdout, stdin) : NULL;

	if (screen)
		return screen;
	setenv("TERMINFO", top_terminfo, 1);
	return newterm(TOP_TERM, stdout, stdin);
}

static int begin(struct view *v, SCREEN **screen)
{
	v->utf8 = speaks_utf8();
	*screen = open_terminal();
	if (!*screen)
		return -ENOTTY;
	cbreak();
	noecho();
	keypad(stdscr, TRUE);
	set_escdelay(50);
	curs_set(0);
	if (v->s->colour && has_colors()) {
		start_color();
		use_default_colors();
		init_pair(VIEW_ACCENT, COLOR_CYAN, -1);
		init_pair(VIEW_WARN, COLOR_YELLOW, -1);
		v->coloured = true;
	}
	return 0;
}

static void edit_filter(struct view *v, int key)
{
	size_t length = strlen(v->filter);

	if (key == '\n' || key == '\r' || key == KEY_ENTER) {
		v->editing = false;
	} else if (key == 27) {
		v->editing = false;
		v->filter[0] = 0;
	} else if (key == KEY_BACKSPACE || key == 127 || key == '\b') {
		if (length)
			v->filter[length - 1] = 0;
	} else if (key >= ' ' && key < 127 && length + 1 < sizeof(v->filter)) {
		v->filter[length] = (char)key;
		v->filter[length + 1] = 0;
	}
}

static void change_interval(struct view *v, double factor)
{
	double next = v->s->interval * factor;

	if (next >= TOP_SHORTEST && next <= TOP_LONGEST)
		v->s->interval = next;
}

static void toggle_vcpus(struct view *v)
{
	if (exitprobe_counts_vcpu(v->t->probe))
		v->t->per_vcpu = !v->t->per_vcpu;
	else
		v->notice = "these counters exist only for all vCPUs together";
}

static void press(struct view *v, int key)
{
	v->notice = NULL;
	if (v->editing) {
		edit_filter(v, key);
		return;
	}
	/* Any key closes the help. */
	if (v->help) {
		v->help = false;
		return;
	}
	switch (key) {
	case 'q':
		v->quit = true;
		break;
	case 'p':
	case ' ':
		v->paused = !v->paused;
		break;
	case 's':
		v->s->order = (v->s->order + 1) % TOP_ORDERS;
		break;
	case 'r':
		v->reverse = !v->reverse;
		break;
	case '/':
		v->editing = true;
		break;
	case 'v':
		toggle_vcpus(v);
		break;
	case '+':
		change_interval(v, 2);
		break;
	case '-':
		change_interval(v, 0.5);
		break;
	case KEY_DOWN:
		v->first++;
		break;
	case KEY_UP:
		v->first -= v->first > 0;
		break;
	case 'h':
	case '?':
		v->help = true;
		break;
	}
}

/* Handle keys until the next reading is due: 0, or -errno if the terminal is gone. */
static int wait_and_serve(struct view *v)
{
	double due, left;
	int key;

	while (!v->quit && !interrupted) {
		due = v->t->at + v->s->interval;
		left = due - clock_seconds();
		if (left <= 0 && !v->paused)
			return 0;
		/* While paused nothing is due; wait a second at most, so that a signal is
		 * noticed. */
		timeout(v->paused || left > 1 ? 1000 : (int)(left * 1000) + 1);
		key = getch();
		if (key == ERR) {
			if (!isatty(STDIN_FILENO))
				return -EIO;
			continue;
		}
		press(v, key);
		view_draw(v);
	}
	return 0;
}

int top_screen(struct top *t, struct top_settings *s)
{
	struct view v = { .t = t, .s = s };
	SCREEN *screen = NULL;
	uint64_t i;
	int ret;

	snprintf(v.filter, sizeof(v.filter), "%s", s->filter);
	ret = begin(&v, &screen);
	if (ret)
		return ret;
	view_draw(&v);
	for (i = 0; !ret && (!s->count || i < s->count); i++) {
		ret = wait_and_serve(&v);
		if (v.quit || interrupted)
			break;
		if (!ret)
			ret = top_look(t);
		if (!ret)
			view_draw(&v);
	}
	endwin();
	delscreen(screen);
	return ret;
}
