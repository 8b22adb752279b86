/* SPDX-License-Identifier: MIT */
/* JSON as the reports write it: what is unknown is null. */
#ifndef JSON_VALUE_H
#define JSON_VALUE_H

#include "result/json.h"
#include "stats/stats.h"

/* Ten digits: more than any estimate has. */
#define JSON_VALUE_FLAGS (JSON_INDENT(1) | JSON_REAL_PRECISION(10))

json_t *json_number(double x);
/* est, lo, hi, coverage and n, times a scale. */
void json_set_interval(json_t *object, const struct stats_interval *i, double scale);

#endif
