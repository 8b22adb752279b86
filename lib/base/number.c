// SPDX-License-Identifier: MIT
#include "base/number.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

int parse_number(const char *text, long long min, long long max, long long *value)
{
	long long number, scale = 1;
	char *end;

	if (!isdigit((unsigned char)*text) && *text != '-')
		return -EINVAL;
	errno = 0;
	number = strtoll(text, &end, 10);
	if (errno || end == text)
		return -EINVAL;
	switch (*end) {
	case 'k':
		scale = 1000;
		break;
	case 'M':
		scale = 1000000;
		break;
	case 'G':
		scale = 1000000000;
		break;
	}
	if (scale > 1)
		end++;
	if (*end || __builtin_mul_overflow(number, scale, &number) || number < min || number > max)
		return -EINVAL;
	*value = number;
	return 0;
}
