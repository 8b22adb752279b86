/* SPDX-License-Identifier: MIT */
/* Numbers as people read them. All fill `text`, of FORMAT bytes, and return it. */
#ifndef FORMAT_H
#define FORMAT_H

#include "stats/stats.h"

#define FORMAT 64

/* "1.98..2.02", or "" when there is no interval. */
const char *format_interval(const struct stats_interval *i, char *text);
/* Any number to about four digits, thousands separated: "12,345", "3.1", "0.0042". */
const char *format_number(double x, char *text);
/* A whole number with its thousands separated: "12,345". */
const char *format_thousands(double x, char *text);
/* Duration: "12.3 ns", "4.56 us". */
const char *format_ns(double ns, char *text);
/* "93.8 %" */
const char *format_percent(double share, char *text);

#endif
