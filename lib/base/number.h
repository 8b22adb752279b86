/* SPDX-License-Identifier: MIT */
/* Numbers on a command line. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

/* Whole number in [min, max], decimal, with an optional k, M or G (1000s). 0 or -EINVAL, *value
 * untouched then. */
int parse_number(const char *text, long long min, long long max, long long *value);

#endif
