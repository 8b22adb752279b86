/* SPDX-License-Identifier: MIT */
/* Numbers as people read them. All fill `text`, of FORMAT bytes, and return it. */
#ifndef FORMAT_H
#define FORMAT_H

#include "estimate/estimate.h"

#define FORMAT 64

/* An estimate of exits per op: "2", "0.125 ~1/8", "0 (<0.0002)", "69.1"; "-" when there is none. */
const char *format_exits(const struct estimate_value *v, uint64_t exits, char *text);
/* "1.98..2.02", or "" when there is no interval. */
const char *format_interval(const struct stats_interval *i, char *text);
/* The band: "2", "1.98..2.02", "0", "20 or more"; "" when nothing is known. */
const char *format_band(const struct estimate_class *c, char *text);
/* Any number to about four digits, thousands separated: "12,345", "3.1", "0.0042". */
const char *format_number(double x, char *text);
/* Duration: "12.3 ns", "4.56 us". */
const char *format_ns(double ns, char *text);
/* "93.8 %" */
const char *format_percent(double share, char *text);

#endif
