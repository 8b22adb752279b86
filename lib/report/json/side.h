/* SPDX-License-Identifier: MIT */
/* Parts of the JSON report that concern a whole side, or all sides. */
#ifndef JSON_SIDE_H
#define JSON_SIDE_H

#include <jansson.h>

#include "estimate/sides.h"
#include "summary/summary.h"

/* calibration, counters, handling and witness of one side. */
void json_set_side(json_t *object, const struct side *side);
json_t *json_summary(const struct summary *s);
json_t *json_total(const struct per_op_total *t);

#endif
