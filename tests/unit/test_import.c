// SPDX-License-Identifier: MIT
/* Description: random listings are read as they were made, or refused; never wrong with success. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "import/import.h"

#define CASES 10000
#define MOST 8

static uint64_t state = 88172645463325252u;

static uint32_t random_below(uint32_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 32) % n;
}

/* R: the reason, N: its name, C: the count; another letter stands for itself, but for \n. */
static const char *const forms[] = {
	"exit number= {R}, number_of_exits ={C}",
	"CPUID(0x4FFFFFFD), exit number {R} exits={C}",
	"KVM exit {R} ({N}): {C}",
	"Exit {R}: {C}",
	"reason {R} -> {C}",
	"Exit Type: {R} ({N}) - Count: {C}",
	"Exit {R} ({N}) occurred {C} times",
	"Exit_Reason : {R} , ExitCount : {C}",
	"Exit number {R} and number of exits: {C} and number of cycles: 32310345774",
	"{R} {C}",
	"{R}: {C}",
	"{R}\t{N}\t{C}",
	"{R};{N};{C}",
	"{R} | {C}",
	"{N} {C}",
	"@exits[{R}]: {C}",
	"kvm_exit({N})   {C}   17",
	"GIVEN EXIT NUMBER = {R}\nEXITS = {C}",
	"EXITS = {C}\nGIVEN EXIT NUMBER = {R}",
	"| {R} | {N} | {C} |",
	"- Exit {R} ({N}) \xe2\x80\x93 {C} exits (45%)",
	"**3. Exit {R} ({N}): {C} exits**",
	"{N} (Exit Number: {R}): {C} exits",
	"{C} exits of exit number {R}",
	"{N} {C} 35.40% 0.04% 0.45us 9554.94us 3.00us ( +- 41.94% )",
	/* Not read, or with doubt: an error is right, a wrong count is not. */
	"{R} {C} 99",
	"{C} {R}",
	"{R},{C}",
	"time for exit number {R} = 99, exits = {C}",
	"exit {R} took 5 us, count {C}",
	"{R}. {C}",
	"exit reason {R} at address 4096: {C}",
	"| {R} | {C} | 77 |",
};

static const char *const prefixes[] = {
	"",
	"",
	"[ 7985.796846] ",
	"<6>[ 7985.8] ",
	"  ",
	"> ",
	"Nov 27 00:38:11 host kernel: ",
	"2026-11-27T00:38:11.123+01:00 host kernel: ",
	"[Fri Nov 27 00:38:11 2026] ",
	"kern  :info  : [ 12.5] ",
	"Nov 27 00:38:11 host kernel: [ 12.5] ",
	"\x1b[32m[ 12.5]\x1b[0m ",
};

static const char *const separators[] = {
	"",  "", "", ",", "'", "_", "\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x89", "\xe2\x80\x99",
	".", " "
};

static const char *const noise[] = {
	"",
	"Linux version 5.11.0-49-generic (buildd@host)",
	"usb 1-1: new device number of 4",
	"Total time spent processing all exits = 30553290010",
	"time spent for exit number 10 = 412300014",
	"exit reason number = 35 not defined by SDM",
	"=====================================",
	"CPU 0:",
	"Memory: 2064256K/8388608K available",
	"# ./kvmexit.py 6",
	"Total Number of Cycle Completed during Exit: 10055375136",
	"cycles: 99",
};

static const char *const ends[] = { "\n", "\n", "\r\n", " \n", "\r" };

#define PICK(list) list[random_below(sizeof(list) / sizeof(*(list)))]

static void put_count(FILE *out, uint64_t count, const char *separator)
{
	char digits[24];
	size_t n = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, count), i;

	for (i = 0; i < n; i++)
		fprintf(out, "%s%c", i && (n - i) % 3 == 0 ? separator : "", digits[i]);
}

static void put_form(FILE *out, const char *form, const struct exitprobe_reason *reason,
		     uint64_t count, const char *separator, const char *prefix, const char *end)
{
	fputs(prefix, out);
	for (; *form; form++)
		if (!strncmp(form, "{R}", 3) || !strncmp(form, "{N}", 3) ||
		    !strncmp(form, "{C}", 3)) {
			if (form[1] == 'R')
				fprintf(out, "%" PRIu32, reason->code);
			else if (form[1] == 'N')
				fputs(reason->name, out);
			else
				put_count(out, count, separator);
			form += 2;
		} else if (*form == '\n') {
			fprintf(out, "%s%s", end, prefix);
		} else {
			fputc(*form, out);
		}
	fputs(end, out);
}

struct truth {
	const struct exitprobe_reason *reason[MOST];
	uint64_t count[MOST];
	size_t n;
};

static char *make(struct truth *t, size_t *size)
{
	static const uint32_t below[] = { 10, 100, 1000, 100000, 4000000000u };
	unsigned int defined;
	const struct exitprobe_reason *list = exitprobe_reasons(EXITPROBE_VMX, &defined);
	const char *form = PICK(forms), *prefix = PICK(prefixes), *separator = PICK(separators),
		   *end = PICK(ends);
	unsigned int at = random_below(20);
	char *text;
	FILE *out = open_memstream(&text, size);

	assert_non_null(out);
	if (!random_below(8))
		fputs("\xef\xbb\xbf", out);
	t->n = 1 + random_below(MOST);
	for (size_t i = 0; i < t->n; i++) {
		if (!random_below(4))
			fprintf(out, "%s%s%s", prefix, PICK(noise), end);
		if (!random_below(12))
			form = PICK(forms);
		t->reason[i] = &list[at];
		t->count[i] = random_below(PICK(below));
		/* Which column is which can be seen only if a count is no reason. */
		if (!strcmp(form, "{C} {R}"))
			t->count[i] += 1000;
		put_form(out, form, t->reason[i], t->count[i], separator, prefix, end);
		at += 1 + random_below(6);
	}
	assert_int_equal(fclose(out), 0);
	return text;
}

static bool right(const struct dump *l, const struct truth *t)
{
	uint64_t sum = 0, read = 0;
	size_t i;

	for (i = 0; i < t->n; i++) {
		sum += t->count[i];
		if (dump_last(l, t->reason[i]->code) != t->count[i])
			return false;
	}
	for (i = 0; i < l->counters; i++)
		read += l->counter[i].last;
	return read == sum && !l->total.readings;
}

static void random_listings(void **unused)
{
	size_t i, accepted = 0, wrong = 0, size;

	(void)unused;
	for (i = 0; i < CASES; i++) {
		char message[512] = "", *text, *kept;
		struct truth t;
		struct dump l = { .path = "made",
				  .vendor = EXITPROBE_VMX,
				  .layout = EXITPROBE_COURSE_A,
				  .message = message,
				  .size = sizeof(message) };

		text = make(&t, &size);
		kept = strdup(text);
		if (!dump_read_text(&l, text, size)) {
			accepted++;
			if (!right(&l, &t) && wrong++ < 10)
				print_message("wrong:\n%s\n", kept);
		} else if (getenv("IMPORT_REFUSED") && i < 400) {
			print_message("%s\n", message);
		}
		dump_free(&l);
		free(kept);
		free(text);
	}
	print_message("%zu of %d listings read, %zu wrong\n", accepted, CASES, wrong);
	assert_int_equal(wrong, 0);
	assert_in_range(accepted, CASES / 4, CASES);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(random_listings) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
