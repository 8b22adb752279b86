// SPDX-License-Identifier: MIT
#include "witness/evidence.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A ring buffer of 1 MiB is some 6 MB of text; nothing else is nearly as large. */
#define LARGEST ((size_t)256 << 20)

static int append(struct text *t, size_t *room, FILE *in)
{
	char *grown;

	/* One byte is kept for the NUL at the end. */
	if (t->size + 1 >= *room) {
		*room = *room ? 2 * *room : 1 << 14;
		if (*room > LARGEST)
			return -EFBIG;
		grown = realloc(t->data, *room);
		if (!grown)
			return -ENOMEM;
		t->data = grown;
	}
	errno = 0;
	t->size += fread(t->data + t->size, 1, *room - t->size - 1, in);
	t->data[t->size] = 0;
	if (!ferror(in))
		return 0;
	return errno ? -errno : -EIO;
}

static int slurp(struct text *t)
{
	FILE *in = fopen(t->path, "re");
	size_t room = 0;
	int ret = 0;

	if (!in)
		return -errno;
	while (!ret && !feof(in))
		ret = append(t, &room, in);
	fclose(in);
	return ret;
}

enum need {
	NEEDED,
	OPTIONAL, /* absent or empty: data is NULL */
};

/* folder/name, or folder/guestN/name. */
static int read_file(struct text *t, const char *folder, unsigned int guest, const char *name,
		     enum need need, struct fault *f)
{
	int ret;

	ret = guest == 1 ? asprintf(&t->path, "%s/%s", folder, name)
			 : asprintf(&t->path, "%s/guest%u/%s", folder, guest, name);
	if (ret < 0) {
		t->path = NULL;
		return fault_memory(f);
	}
	ret = slurp(t);
	if (need == OPTIONAL && (ret == -ENOENT || (!ret && !t->size))) {
		free(t->data);
		t->data = NULL;
		return 0;
	}
	if (ret)
		return fault_at(f, ret, t->path, 0,
				"cannot be read: %s: the counts cannot be compared without it",
				strerror(-ret));
	if (!t->size)
		return fault_at(f, -ENODATA, t->path, 0,
				"is empty: the counts cannot be compared without it");
	return 0;
}

/* As many as have a folder; the first one's is the outer VM's. */
static unsigned int count_guests(const char *folder)
{
	unsigned int guests = 1;
	char *path;
	int found;

	do {
		if (asprintf(&path, "%s/guest%u", folder, guests + 1) < 0)
			return guests;
		found = !access(path, F_OK);
		free(path);
		guests += found ? 1 : 0;
	} while (found);
	return guests;
}

static int read_own(struct evidence *e, const char *folder, struct fault *f)
{
	const struct {
		struct text *text;
		const char *name;
		enum need need;
	} files[] = {
		{ &e->reading, "guest", NEEDED },
		{ &e->format, "evidence/format", NEEDED },
		{ &e->histogram, "evidence/histogram", NEEDED },
		{ &e->stat, "evidence/stat-exits", NEEDED },
		{ &e->trace, "evidence/trace", NEEDED },
		{ &e->vcpu_stats, "evidence/stats-vcpu.json", OPTIONAL },
		{ &e->vm_stats, "evidence/stats-vm.json", OPTIONAL },
		{ &e->unentered, "evidence/unentered", OPTIONAL },
	};
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < sizeof(files) / sizeof(files[0]); i++)
		ret = read_file(files[i].text, folder, e->guest, files[i].name, files[i].need, f);
	return ret;
}

int evidence_read(struct evidence *e, const char *folder, unsigned int guest, struct fault *f)
{
	unsigned int i;
	int ret;

	*e = (struct evidence){ .guest = guest, .guests = count_guests(folder) };
	if (guest > e->guests)
		return fault_at(f, -ENOENT, folder, 0, "has no guest%u: it holds %u inner VM%s",
				guest, e->guests, e->guests == 1 ? "" : "s");
	ret = read_own(e, folder, f);
	if (ret)
		return ret;
	e->cpus = calloc(e->guests, sizeof(*e->cpus));
	if (!e->cpus)
		return fault_memory(f);
	for (i = 0; !ret && i < e->guests; i++)
		ret = read_file(&e->cpus[i], folder, i + 1, "evidence/cpus.json", NEEDED, f);
	return ret;
}

static void text_free(struct text *t)
{
	free(t->path);
	free(t->data);
}

void evidence_free(struct evidence *e)
{
	unsigned int i;

	text_free(&e->reading);
	text_free(&e->format);
	text_free(&e->histogram);
	text_free(&e->stat);
	text_free(&e->trace);
	text_free(&e->vcpu_stats);
	text_free(&e->vm_stats);
	text_free(&e->unentered);
	for (i = 0; e->cpus && i < e->guests; i++)
		text_free(&e->cpus[i]);
	free(e->cpus);
	*e = (struct evidence){ 0 };
}
