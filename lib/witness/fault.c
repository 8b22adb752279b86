// SPDX-License-Identifier: MIT
#include "witness/fault.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

int fault_at(struct fault *f, int error, const char *path, size_t line, const char *format, ...)
{
	char why[256], where[32] = "";
	va_list args;

	if (f->error)
		return f->error;
	f->error = error;
	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	if (line)
		snprintf(where, sizeof(where), "line %zu: ", line);
	/* A long path must not push the cause out. */
	snprintf(f->text, sizeof(f->text), "%.200s: %s%s", path, where, why);
	return error;
}

int fault_memory(struct fault *f)
{
	if (!f->error) {
		f->error = -ENOMEM;
		snprintf(f->text, sizeof(f->text), "out of memory");
	}
	return f->error;
}
