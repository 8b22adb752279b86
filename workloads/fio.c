// SPDX-License-Identifier: MIT
// fio on the disk that the user named, or with the user's job file, for n I/Os. How many it did is
// read from its JSON.
#include <ctype.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kit/disk.h"
#include "kit/external.h"
#include "workload.h"

#define FAMILY "fio."
#define REPORT "fio.json"
#define JOB_MAX (64 * 1024)
/* More than any I/O count: fio wraps around in its range until number_ios ends it. */
#define ENDLESS "1t"

static const unsigned int least[] = { 3, 0 }; /* the first whose JSON has the form read here */

/* A user's job file, as written. */
struct job_file {
	struct job_file *next;
	struct workload w;
	char path[256], name[64];
	char *text;
	bool needs_disk, timed;
};

static struct job_file *job_files;

static const struct job_file *job_file(const struct bench *b)
{
	const struct job_file *j = job_files;

	while (j && strcmp(j->name, b->workload->name) != 0)
		j = j->next;
	return j;
}

static bool is_option(const char *line, const char *option)
{
	size_t length = strlen(option);

	line += strspn(line, " \t");
	return !strncasecmp(line, option, length) &&
	       (strchr("= \t\r\n", line[length]) || !line[length]);
}

/* Limits that end a job: our number of I/Os instead of the file's, and the disk if it names no
 * file. */
static void put_limits(FILE *out, const char *disk, uint64_t n)
{
	fprintf(out, "\nnumber_ios=%" PRIu64 "\nio_size=" ENDLESS "\n", n);
	if (disk)
		fprintf(out, "filename=%s\n", disk);
}

/*
 * Copy the job file with our limits at the end of every job, where later lines win, and with the
 * disk for jobs that name no file. Returns whether any job needs the disk; with out NULL it copies
 * nothing.
 */
static bool limit(const char *line, const char *disk, uint64_t n, FILE *out)
{
	bool global = false, job = false, named = false, all_named = false, needs = false;
	const char *next;

	for (;; line = next) {
		next = line + strcspn(line, "\n");
		next += *next == '\n';
		if (!*line || line[strspn(line, " \t")] == '[') {
			if (job && out)
				put_limits(out, named || all_named ? NULL : disk, n);
			needs |= job && !named && !all_named;
			global = !strncmp(line + strspn(line, " \t"), "[global]", 8);
			job = !global;
			named = false;
		}
		if (!*line)
			return needs;
		if (is_option(line, "filename") || is_option(line, "directory"))
			*(global ? &all_named : &named) = true;
		if (out)
			fwrite(line, 1, (size_t)(next - line), out);
	}
}

static char *limited(const struct job_file *j, const struct bench *b, uint64_t n)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	limit(j->text, b->disk, n, out);
	return fclose(out) ? free(text), NULL : text;
}

static int run_job_file(struct bench *b, uint64_t n)
{
	const char *const argv[] = {
		"fio", "--output-format=json", "--output=" REPORT, "--eta=never", "job.fio", NULL
	};
	char *text = limited(job_file(b), b, n);
	int ret = text ? external_write(b, "job.fio", text) : -ENOMEM;

	free(text);
	return ret ? ret : external_run(b, argv);
}

static int run_alone(struct bench *b, uint64_t n, const char *rw, const char *how, const char *size)
{
	char file[128], ios[48], pattern[32];
	const char *const argv[] = { "fio",
				     "--name=suite",
				     file,
				     pattern,
				     how,
				     size,
				     "--bs=4k",
				     "--ioengine=psync",
				     ios,
				     "--io_size=" ENDLESS,
				     "--output-format=json",
				     "--output=" REPORT,
				     "--eta=never",
				     NULL };

	snprintf(file, sizeof(file), "--filename=%s", b->disk);
	snprintf(pattern, sizeof(pattern), "--rw=%s", rw);
	snprintf(ios, sizeof(ios), "--number_ios=%" PRIu64, n);
	return external_run(b, argv);
}

static int run_randread(struct bench *b, uint64_t n)
{
	return run_alone(b, n, "randread", "--direct=1", "--norandommap");
}

static int run_randwrite(struct bench *b, uint64_t n)
{
	return run_alone(b, n, "randwrite", "--direct=1", "--norandommap");
}

/* Small enough to stay in the page cache, as in io.fsync. */
static int run_fsync(struct bench *b, uint64_t n)
{
	return run_alone(b, n, "write", "--fsync=1", "--size=128k");
}

/* Reads, writes and trims of one job; -1 if fio's output lacks them. */
static int64_t ios(const json_t *job)
{
	static const char *const kinds[] = { "read", "write", "trim" };
	int64_t sum = 0, n;
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const json_t *count = json_object_get(json_object_get(job, kinds[i]), "total_ios");

		n = json_integer_value(count);
		if (!json_is_integer(count) || n < 0 || __builtin_add_overflow(sum, n, &sum))
			return -1;
	}
	return sum;
}

/* The sum over all jobs; on failure b->why says what is wrong. */
static int add_jobs(struct bench *b, const json_t *document)
{
	const json_t *jobs = json_object_get(document, "jobs"), *job;
	size_t i;
	int64_t n;

	b->done = 0;
	json_array_foreach(jobs, i, job)
	{
		n = ios(job);
		if (n < 0 || n > INT64_MAX - (int64_t)b->done) {
			snprintf(b->why, sizeof(b->why), "fio's JSON has no total_ios for job %zu",
				 i + 1);
			return -ERANGE;
		}
		b->done += (uint64_t)n;
	}
	if (b->done)
		return 0;
	snprintf(b->why, sizeof(b->why), "fio's JSON reports no I/O");
	return -ERANGE;
}

static int account(struct bench *b)
{
	char *text = external_read(b, REPORT), *begin = text;
	json_t *document;
	json_error_t error;
	int ret = -ERANGE;

	/* Notes may precede the JSON. */
	while (begin && *begin && *begin != '{') {
		begin += strcspn(begin, "\n");
		begin += *begin == '\n';
	}
	document = begin && *begin ? json_loads(begin, JSON_DISABLE_EOF_CHECK, &error) : NULL;
	if (document)
		ret = add_jobs(b, document);
	else if (begin && *begin)
		snprintf(b->why, sizeof(b->why), "fio's output is not valid JSON at line %d",
			 error.line);
	else
		snprintf(b->why, sizeof(b->why), "fio wrote no JSON");
	json_decref(document);
	free(text);
	return ret;
}

static const char *supported(struct bench *b)
{
	const char *why = external_unusable(b, "fio", least);

	return why ? why : disk_unusable(b);
}

static const char *supported_job(struct bench *b)
{
	const struct job_file *j = job_file(b);
	const char *why = external_unusable(b, "fio", least);

	if (why)
		return why;
	if (j->timed)
		return "the job file is time_based, but the suite measures a fixed amount of work: "
		       "remove time_based";
	return j->needs_disk ? disk_unusable(b) : NULL;
}

/* The job file may also name the disk: filename=${SUITE_DISK}. */
static int setup(struct bench *b)
{
	if (b->disk)
		setenv("SUITE_DISK", b->disk, 1);
	return external_setup(b);
}

#define FIO(text, what, like)                                                                    \
	.summary = text, .op = what, .control = like,                                            \
	.alone = "one disk cannot be used by several at once", .program = "fio", .setup = setup, \
	.account = account, .teardown = external_teardown

WORKLOAD(fio_randread) = { .name = FAMILY "randread",
			   FIO("fio: read 4 KiB at random past the page cache, one at a time",
			       "I/O", "io.blk.read"),
			   .supported = supported,
			   .run = run_randread };
WORKLOAD(fio_randwrite) = { .name = FAMILY "randwrite",
			    FIO("fio: write 4 KiB at random past the page cache, one at a time",
				"I/O", "io.blk.write"),
			    .supported = supported,
			    .run = run_randwrite };
WORKLOAD(fio_fsync) = { .name = FAMILY "fsync",
			FIO("fio: write 4 KiB through the page cache, and fsync", "I/O",
			    "io.fsync"),
			.supported = supported,
			.run = run_fsync };

static char *read_job(const char *path)
{
	FILE *in = fopen(path, "re");
	char *text = in ? calloc(1, JOB_MAX + 1) : NULL;

	if (text && (fread(text, 1, JOB_MAX, in) == JOB_MAX || ferror(in) || !*text)) {
		free(text);
		text = NULL;
	}
	if (in)
		fclose(in);
	return text;
}

static void look(struct job_file *j)
{
	const char *line;

	j->needs_disk = limit(j->text, NULL, 0, NULL);
	for (line = j->text; *line; line += *line == '\n') {
		j->timed |= is_option(line, "time_based");
		line += strcspn(line, "\n");
	}
}

/* A job file by path; the workload is named after the file alone, so the name is the same wherever
 * it lies. */
static const struct workload *make(const char *variant)
{
	static const struct workload made = { FIO("fio: a job file", "I/O", NULL),
					      .supported = supported_job, .run = run_job_file };
	const char *base = strrchr(variant, '/') ? strrchr(variant, '/') + 1 : variant;
	size_t length = strlen(variant);
	struct job_file *j;

	if (length < 5 || strcmp(variant + length - 4, ".fio") != 0 || length >= sizeof(j->path))
		return NULL;
	for (j = job_files; j; j = j->next)
		if (!strcmp(j->name + strlen(FAMILY), base))
			return strcmp(j->path, variant) ? NULL : &j->w;
	j = calloc(1, sizeof(*j));
	if (!j || !(j->text = read_job(variant))) {
		free(j);
		return NULL;
	}
	strcpy(j->path, variant);
	snprintf(j->name, sizeof(j->name), FAMILY "%.50s", base);
	look(j);
	j->w = made;
	j->w.name = j->name;
	j->next = job_files;
	job_files = j;
	return &j->w;
}

WORKLOAD_FAMILY(fio) = { .name = "fio", .make = make };
