// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

static const char *pick(const char *const *names, unsigned int n, unsigned int i, const char *none)
{
	return i < n && names[i] ? names[i] : none;
}

#define PICK(names, i, none) \
	pick(names, sizeof(names) / sizeof((names)[0]), (unsigned int)(i), none)

const char *exitprobe_class_name(enum exitprobe_class group)
{
#define CLASS_NAME(id, name) [EXITPROBE_##id] = name,
	static const char *const names[] = { EXITPROBE_EACH_CLASS(CLASS_NAME) };
#undef CLASS_NAME

	return PICK(names, group, NULL);
}

const char *exitprobe_vendor_name(enum exitprobe_vendor vendor)
{
	static const char *const names[] = { [EXITPROBE_VMX] = "vmx", [EXITPROBE_SVM] = "svm" };

	return PICK(names, vendor, "unknown");
}

const char *exitprobe_paging_name(enum exitprobe_paging paging)
{
	static const char *const names[] = {
		[EXITPROBE_NESTED] = "nested",
		[EXITPROBE_SHADOW] = "shadow",
	};

	return PICK(names, paging, "unknown");
}

const char *exitprobe_backend_name(enum exitprobe_backend backend)
{
	static const char *const names[] = {
		[EXITPROBE_LEAVES] = "leaves",     [EXITPROBE_COURSE_A] = "course-a",
		[EXITPROBE_COURSE_B] = "course-b", [EXITPROBE_COURSE_C] = "course-c",
		[EXITPROBE_PAGE] = "page",
	};

	return PICK(names, backend, "none");
}

const char *exitprobe_fingerprint_name(enum exitprobe_fingerprint fingerprint)
{
	static const char *const names[] = {
		[EXITPROBE_LOOKS_NESTED] = "nested",
		[EXITPROBE_LOOKS_SHADOW] = "shadow",
		[EXITPROBE_LOOKS_MIXED] = "mixed",
	};

	return PICK(names, fingerprint, "undecided");
}

/* Numbers as each manual writes them: the SDM in decimal, the APM in hexadecimal. */
const char *exitprobe_key(enum exitprobe_vendor vendor, uint32_t code, char *buf)
{
	const char *name = exitprobe_vendor_name(vendor);

	if (code == EXITPROBE_CODE_OTHER)
		snprintf(buf, 24, "%s:other", name);
	else if (vendor == EXITPROBE_SVM)
		snprintf(buf, 24, "%s:0x%x", name, (unsigned int)code);
	else
		snprintf(buf, 24, "%s:%u", name, (unsigned int)code);
	return buf;
}

static int digit_value(char c, unsigned int base)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (base == 16 && c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (base == 16 && c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Not strtoul(): it accepts signs, blanks, overflow and octal. */
static int parse_code(const char *text, uint32_t *code)
{
	unsigned int base = 10;
	uint64_t value = 0;
	int digit;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		text += 2;
	}
	if (!*text)
		return -EINVAL;
	for (; *text; text++) {
		digit = digit_value(*text, base);
		if (digit < 0)
			return -EINVAL;
		value = value * base + (unsigned int)digit;
		if (value > UINT32_MAX)
			return -EINVAL;
	}
	*code = (uint32_t)value;
	return 0;
}

int exitprobe_parse_key(const char *key, enum exitprobe_vendor *vendor, uint32_t *code)
{
	enum exitprobe_vendor found;
	uint32_t number = EXITPROBE_CODE_OTHER;

	if (!strncmp(key, "vmx:", 4))
		found = EXITPROBE_VMX;
	else if (!strncmp(key, "svm:", 4))
		found = EXITPROBE_SVM;
	else
		return -EINVAL;
	if (strcmp(key + 4, "other") && parse_code(key + 4, &number))
		return -EINVAL;
	*vendor = found;
	*code = number;
	return 0;
}
