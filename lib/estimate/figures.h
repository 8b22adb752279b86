/* SPDX-License-Identifier: MIT */
/* Estimates as people read them. All fill `text`, of FORMAT bytes, and return it. */
#ifndef ESTIMATE_FIGURES_H
#define ESTIMATE_FIGURES_H

#include "estimate/estimate.h"
#include "text/format.h"

/* An estimate of exits per op: "2", "0.125 ~1/8", "0 (<0.0002)", "69.1"; "-" when there is none. */
const char *format_exits(const struct estimate_value *v, uint64_t exits, char *text);
/* The band: "2", "1.98..2.02", "0", "20 or more"; "" when nothing is known. */
const char *format_band(const struct estimate_class *c, char *text);

#endif
